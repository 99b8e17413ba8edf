"""Browsers of people who are signed in, and the addresses that they ask for."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from tests.factories.people import sign_in, user_with_role


def signed_in(role: Role, territory: Territory) -> Client:
    """A client of a new user who holds ``role`` at ``territory``."""
    return sign_in(Client(), user_with_role(role, territory))


def url(name: str, *args: Any) -> str:
    return reverse(f"benefits_core:{name}", args=args)
