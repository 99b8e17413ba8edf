"""The people of the demonstration: one sign-in per role, all with one password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from portal.demo.names import Names
from portal.foundation.people.domain.assignments import assign_role
from portal.foundation.people.domain.users import create_user
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory

PASSWORD = "demostracion-2026"  # noqa: S105  (printed on purpose: these accounts exist only in a demonstration)
DOMAIN = "demo.example"
# Any secret will do: in a demonstration (DEMO) the printed code opens every second factor.
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


@dataclass(frozen=True)
class Account:
    user: User
    is_woman: bool


@dataclass(frozen=True)
class Team:
    """A municipality and the three people who work in its programme; whoever is «encargada» is a woman."""

    municipality: Territory
    member: User
    member_is_woman: bool
    coordinator: User
    dideco: User


class Accounts:
    """Creates the accounts through the real verbs; keeps one password hash, which is slow to make."""

    def __init__(self, *, since: date, at: datetime) -> None:
        self.since = since
        self.at = at
        self.password = make_password(PASSWORD)
        self.names = Names()

    def create(self, address: str, role: Role, territory: Territory | None, *, is_woman: bool | None = None) -> Account:
        """A user ``address@demo.example`` who holds ``role`` at ``territory``, second factor included.

        :param is_woman: where the address says so («encargada»); else women and men take turns.
        """
        name = self.names.give(is_woman=self.names.count % 2 == 0 if is_woman is None else is_woman)
        user = create_user(email=f"{address}@{DOMAIN}", name=str(name), by=None, at=self.at)
        user.password = self.password
        user.save(update_fields=["password"])
        assign_role(user=user, role=role, territory=territory, starts_on=self.since, by=None, at=self.at)
        TOTP.activate(user, TOTP_SECRET)
        return Account(user, name.is_woman)

    def team(self, municipality: Territory) -> Team:
        """The three municipal roles of ``municipality``."""
        place = slugify(municipality.name)
        member = self.create(f"equipo.{place}", Role.TEAM_MEMBER, municipality)
        coordinator = self.create(f"encargada.{place}", Role.COORDINATOR, municipality, is_woman=True)
        dideco = self.create(f"dideco.{place}", Role.DIDECO, municipality)
        return Team(municipality, member.user, member.is_woman, coordinator.user, dideco.user)

    def region(self, region: Territory) -> User:
        """The regional team's account, named after the region's code."""
        return self.create(f"region{region.code}", Role.REGIONAL_TEAM, region).user

    def others(self, *, country: Territory, municipality: Territory) -> User:
        """National team, editor, and the roles that are not municipal staff; returns the national user."""
        national = self.create("nacional", Role.NATIONAL_TEAM, country)
        self.create("editora", Role.EDITOR, country, is_woman=True)
        for role, address, is_woman in (
            (Role.CITIZEN, "ciudadana", True),
            (Role.APPLICANT, "solicitante", None),
            (Role.CLERK, "ventanilla", None),
            (Role.PROVIDER, "prestador", False),
            (Role.FACILITATOR, "facilitadora", True),
        ):
            self.create(address, role, municipality, is_woman=is_woman)
        return national.user
