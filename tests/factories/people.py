"""Users with roles, and a sign-in that has passed the second factor as the real screens record it."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import factory
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from portal.foundation.people.models import Organization, RoleAssignment, User
from portal.foundation.people.roles import Role

PASSWORD = "una clave larga y propia 7"
LONG_AGO = date(2020, 1, 1)


class UserFactory(factory.django.DjangoModelFactory):
    """An active account without roles; the password is :data:`PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"persona{n}@example.cl")
    name = factory.Sequence(lambda n: f"Persona {n}")
    password = factory.django.Password(PASSWORD)


class OrganizationFactory(factory.django.DjangoModelFactory):
    """A neighborhood organization; give its ``territory``."""

    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Junta de Vecinos {n}")
    kind = Organization.Kind.NEIGHBORHOOD


class RoleAssignmentFactory(factory.django.DjangoModelFactory):
    """A role in force since long ago, without end; give ``role`` and ``territory``."""

    class Meta:
        model = RoleAssignment

    user = factory.SubFactory(UserFactory)
    starts_on = LONG_AGO


def user_with_role(role: Role, territory: Any, *, user: User | None = None, **fields: Any) -> User:
    """A user (a new one unless given) who holds ``role`` at ``territory``.

    :param fields: of the assignment: ``starts_on``, ``ends_on``, ``stand_in_for``, ``reason``.
    """
    user = user or UserFactory()
    if fields.get("stand_in_for"):
        fields.setdefault("reason", "Feriado legal")
    RoleAssignmentFactory(user=user, role=role, territory=territory, **fields)
    user.__dict__.pop("scope", None)
    return user


def with_second_factor(user: User) -> Authenticator:
    """Give ``user`` an authenticator application, unless there is one already."""
    existing = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return existing or TOTP.activate(user, generate_totp_secret()).instance


def sign_in(client: Client, user: User) -> Client:
    """Sign ``user`` in to ``client`` with password and second factor, as a completed sign-in leaves it."""
    authenticator = with_second_factor(user)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time(), "email": user.email},
        {"method": "mfa", "at": time.time(), "id": authenticator.pk, "type": authenticator.type},
    ]
    session[AUTHENTICATION_METHODS_SESSION_KEY + "_user"] = str(user.pk)
    session.save()
    return client
