"""Accounts. Users sign in; persons are served; joined only by a verified identity or by a clerk."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.foundation.people.roles import ACCOUNT_VIEWER_ROLES, Role
from portal.foundation.people.scope import Grant, Scope


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: Any) -> UserQuerySet:
        """The accounts that ``user`` may see: the own one, and those with a role in the places he or she runs."""
        if user.is_superuser or user.scope.has(Role.NATIONAL_TEAM):
            return self
        places = user.scope.territories(
            "role_assignments__territory_id", "role_assignments__territory__path", ACCOUNT_VIEWER_ROLES
        )
        return self.filter(pk__in=User.objects.filter(places).values("pk")) | self.filter(pk=user.pk)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. ``is_staff`` only opens Django's admin; what a user may do comes from roles.

    An erased account keeps its number, by which what was done with it can still be told apart.
    """

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=5, default="es")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        indexes = [models.Index(fields=["name", "email"], name="user_by_name")]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        if self.erased_at:
            return gettext("Erased account %(number)s") % {"number": self.pk}
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.get_full_name()

    @cached_property
    def scope(self) -> Scope:
        """The roles in force today; one query per request."""
        held = self.role_assignments.in_force(timezone.localdate())
        rows = held.values_list("role", "territory_id", "territory__path", "stand_in_for_id")
        return Scope([Grant(Role(role), territory, path or "", stand_in) for role, territory, path, stand_in in rows])
