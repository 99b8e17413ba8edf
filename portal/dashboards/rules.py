"""Who opens which of the first screens."""

from __future__ import annotations

from typing import Any

from portal.foundation.people.roles import NATIONAL_ROLES, REGIONAL_ROLES, STAFF_ROLES


def reads_audit(user: Any) -> bool:
    """The record of actions is the national team's."""
    return user.scope.has(*NATIONAL_ROLES)


def reads_heatmap(user: Any) -> bool:
    """Every member of a municipal, regional or national team sees a heatmap: how much of it differs."""
    return user.scope.has(*STAFF_ROLES)


def reads_cycles(user: Any) -> bool:
    """The national team runs the programme's years; a regional team reads who takes part in its region."""
    return user.scope.has(*NATIONAL_ROLES, *REGIONAL_ROLES)


def runs_cycles(user: Any) -> bool:
    return user.scope.has(*NATIONAL_ROLES)
