"""Checking, encrypting and finding national identifiers.

``settings.IDENTIFIER_KEY`` is one key, or several separated by commas, newest first: the first
encrypts, all decrypt, and the last (which never changes) keys the blind index, so that equal
identifiers are still found after a key was renewed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from importlib import import_module

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

CHECKERS = {
    "cl_run": "stdnum.cl.rut",
    "es_dni": "stdnum.es.dni",
    "es_nie": "stdnum.es.nie",
    "it_cf": "stdnum.it.codicefiscale",
}
LONGEST = 40


class InvalidIdentifier(ValueError):
    """The text is not an identifier of its scheme."""


def normalize(scheme: str, text: str) -> str:
    """The one written form of an identifier, check digit verified.

    :raises InvalidIdentifier: wrong length, letters or check digit.
    """
    if scheme not in CHECKERS:
        compact = "".join(text.split()).upper()
        if not 0 < len(compact) <= LONGEST:
            raise InvalidIdentifier
        return compact
    from stdnum.exceptions import ValidationError

    try:
        return str(import_module(CHECKERS[scheme]).validate(text))
    except ValidationError as error:
        raise InvalidIdentifier from error


def encrypt(value: str) -> str:
    return _fernet().encrypt(value.encode()).decode()


def decrypt(token: str) -> str:
    return _fernet().decrypt(token.encode()).decode()


def blind_index(scheme: str, normalized: str) -> str:
    """HMAC-SHA256 (hex, 64 characters) by which an equal identifier is found without decrypting any."""
    return hmac.new(_derived(_keys()[-1], "index"), f"{scheme}:{normalized}".encode(), hashlib.sha256).hexdigest()


def _keys() -> list[str]:
    return [key.strip() for key in settings.IDENTIFIER_KEY.split(",") if key.strip()]


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, "encryption"))) for key in _keys()])


def _derived(key: str, purpose: str) -> bytes:
    return hashlib.sha256(f"mejora.identifier.{purpose}:{key}".encode()).digest()
