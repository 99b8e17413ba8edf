"""Browsers of people who are signed in."""

from __future__ import annotations

from typing import Any

from django.test import Client

from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from tests.factories.people import sign_in, user_with_role


def signed_in(role: Role, territory: Territory, **fields: Any) -> Client:
    """A client of a new user who holds ``role`` at ``territory``."""
    return sign_in(Client(), user_with_role(role, territory, **fields))
