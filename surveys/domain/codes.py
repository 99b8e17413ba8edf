"""Codes that follow from a key: of slips, of invitations, and of «no more messages»."""

from __future__ import annotations

from uuid import UUID

from portal.foundation.people.identifiers import blind_index
from portal.foundation.receipts.keys import ALPHABET, CODE_LENGTH


def token_hash(normalized: str) -> str:
    """Keyed, so that nobody who reads the database can try all codes."""
    return blind_index("survey-token", normalized)


def key_hash(key: str) -> str:
    """Of the key that a screen of the office holds."""
    return blind_index("survey-screen", key)


def slip_codes(form_token: UUID, count: int) -> list[str]:
    """Of slips that were made at once."""
    return [_code("survey-slip", f"{form_token}:{number}") for number in range(count)]


def invitation_code(lot: UUID) -> str:
    """Of the invitation that went to one contact. Whoever has the database and not the key cannot join the two."""
    return _code("survey-invitation", str(lot))


def opt_out_code(address: str) -> str:
    """By which the owner of an address wants no more messages; it lasts longer than the contact does."""
    return _code("survey-no-more", address.lower())


def opt_out_index(code: str) -> str:
    """Under which the wish, and the contacts of that address, are found."""
    return blind_index("survey-opt-out", code)


def _code(scheme: str, text: str) -> str:
    """Fifty keyed bits in the letters of receipts."""
    bits = int(blind_index(scheme, text), 16)
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(CODE_LENGTH))
