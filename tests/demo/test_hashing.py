"""The seed hashes cheaply, the product does not, and each opens what the other hashed."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import check_password, make_password

from portal.demo.hashing import cheap_hashing

ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"


@pytest.fixture(autouse=True)
def production_hashing(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = [ARGON2]


def test_what_the_seed_hashed_opens_in_the_product() -> None:
    with cheap_hashing():
        hashed = make_password("lluvia mesa cobre")

    assert hashed.startswith("argon2$argon2id$v=19$m=8,t=1,p=1$")
    assert check_password("lluvia mesa cobre", hashed)
    assert not check_password("lluvia mesa plata", hashed)


def test_after_the_seed_secrets_cost_what_they_should() -> None:
    with pytest.raises(RuntimeError), cheap_hashing():
        raise RuntimeError

    assert make_password("lluvia mesa cobre").startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
