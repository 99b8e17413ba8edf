"""Secrets of the seed are hashed at a low price: 150 hashes at the full one would take half a minute."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, reset_hashers


class CheapArgon2(Argon2PasswordHasher):
    """A hash carries its own costs, so the product opens it as any other; a password is hashed anew at sign-in."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


@contextmanager
def cheap_hashing() -> Iterator[None]:
    """Within it secrets are hashed by :class:`CheapArgon2`. Everybody in the demonstration knows them anyway."""
    before = settings.PASSWORD_HASHERS, settings.RECEIPT_HASHER
    cheap = f"{CheapArgon2.__module__}.{CheapArgon2.__qualname__}"
    _use([cheap, *settings.PASSWORD_HASHERS], cheap)
    try:
        yield
    finally:
        _use(*before)


def _use(for_passwords: list[str], for_receipts: str) -> None:
    settings.PASSWORD_HASHERS, settings.RECEIPT_HASHER = for_passwords, for_receipts
    reset_hashers(setting="PASSWORD_HASHERS")
