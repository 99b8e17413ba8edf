"""The seed hashes cheaply, the product does not, and each opens what the other hashed."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import check_password, make_password

from portal.demo.hashing import cheap_hashing
from portal.foundation.receipts.hashing import hash_of, is_hash_of

ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"
RECEIPTS = "portal.foundation.receipts.hashing.SecretHasher"


@pytest.fixture(autouse=True)
def production_hashing(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = [ARGON2]
    settings.RECEIPT_HASHER = RECEIPTS


def test_what_the_seed_hashed_opens_in_the_product() -> None:
    with cheap_hashing():
        hashed = make_password("lluvia mesa cobre")

    assert hashed.startswith("argon2$argon2id$v=19$m=8,t=1,p=1$")
    assert check_password("lluvia mesa cobre", hashed)
    assert not check_password("lluvia mesa plata", hashed)


def test_a_receipt_of_the_seed_opens_in_the_product() -> None:
    with cheap_hashing():
        hashed = hash_of("lluvia mesa cobre")

    assert hashed.startswith("argon2$argon2id$v=19$m=8,t=1,p=1$")
    assert is_hash_of(hashed, "lluvia mesa cobre") and not is_hash_of(hashed, "lluvia mesa plata")
    assert hash_of("lluvia mesa cobre").startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_after_the_seed_secrets_cost_what_they_should() -> None:
    with pytest.raises(RuntimeError), cheap_hashing():
        raise RuntimeError

    assert make_password("lluvia mesa cobre").startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
