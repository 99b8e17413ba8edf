"""Roles are code; who holds one, where and when, is data (:class:`RoleAssignment`)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The programme's roles (``programme.md``, "Surfaces by role")."""

    TEAM_MEMBER = "team_member", _("Communal team member")
    COORDINATOR = "coordinator", _("Communal coordinator (Encargado Comunal)")
    DIDECO = "dideco", _("Director of Community Development (DIDECO)")
    REGIONAL_TEAM = "regional_team", _("Regional team")
    NATIONAL_TEAM = "national_team", _("National team")
    CITIZEN = "citizen", _("Citizen")
    APPLICANT = "applicant", _("Applicant")
    CLERK = "clerk", _("Assisting clerk or intermediary")
    PROVIDER = "provider", _("Service provider")
    FACILITATOR = "facilitator", _("Facilitator or expert")
    EDITOR = "editor", _("Content editor")


MUNICIPAL_ROLES = frozenset({Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO})
REGIONAL_ROLES = frozenset({Role.REGIONAL_TEAM})
NATIONAL_ROLES = frozenset({Role.NATIONAL_TEAM})
STAFF_ROLES = MUNICIPAL_ROLES | REGIONAL_ROLES | NATIONAL_ROLES
SECOND_FACTOR_ROLES = STAFF_ROLES | {Role.EDITOR, Role.CLERK, Role.PROVIDER}

# Who answers what people ask about their own data.
DATA_PROTECTION_ROLES = frozenset({Role.COORDINATOR, Role.DIDECO, Role.NATIONAL_TEAM})

# Who sees the accounts of a place, and which roles each may grant there. Nobody grants upwards.
ACCOUNT_VIEWER_ROLES = frozenset({Role.COORDINATOR, Role.DIDECO, Role.REGIONAL_TEAM, Role.NATIONAL_TEAM})
GRANTABLE: dict[Role, frozenset[Role]] = {
    Role.COORDINATOR: frozenset({Role.TEAM_MEMBER}),
    Role.REGIONAL_TEAM: frozenset({Role.COORDINATOR, Role.DIDECO}),
    Role.NATIONAL_TEAM: frozenset(Role),
}


def suits(role: Role, territory: Any) -> bool:
    """May ``role`` be held at ``territory`` (a Territory or None)?"""
    if role in MUNICIPAL_ROLES:
        return territory is not None and territory.has_municipality
    if role in REGIONAL_ROLES:
        return territory is not None and territory.level == "region"
    if role in NATIONAL_ROLES:
        return territory is not None and territory.level == "country"
    return True
