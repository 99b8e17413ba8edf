"""The slow hash of a receipt's secret: one to issue, one to open, and one where the code is wrong.

Argon2id with the least that OWASP's Password Storage Cheat Sheet accepts: 19 MiB, two passes, one lane. An
account keeps Django's dearer parameters, because a person chooses its password. A secret here is drawn among
2⁴⁴, so a copy of the database stands at 2⁴³ hashes a receipt, and nobody at a counter waits for more.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, BasePasswordHasher
from django.utils.module_loading import import_string


class SecretHasher(Argon2PasswordHasher):
    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1


def hash_of(secret: str) -> str:
    """The hash to keep of a normalized secret, with a salt of its own."""
    hasher = _hasher()
    return hasher.encode(secret, hasher.salt())


def is_hash_of(kept: str, secret: str) -> bool:
    """Was ``kept`` made of that normalized secret? The parameters are read from the hash itself."""
    return _hasher().verify(secret, kept)


def _hasher() -> BasePasswordHasher:
    hasher: BasePasswordHasher = import_string(settings.RECEIPT_HASHER)()
    return hasher
