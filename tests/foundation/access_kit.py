"""Who may be meant, and how an expectation is written: shared by the tables of access_samples and its neighbors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portal.foundation.people.roles import MUNICIPAL_ROLES, Role
from portal.foundation.territories.models import Territory

SUPERUSER = "superuser"
VISITOR = "visitor"
SIGNED_IN: frozenset[str] = frozenset(Role) | {SUPERUSER}
EVERYBODY: frozenset[str] = SIGNED_IN | {VISITOR}
NOBODY: frozenset[str] = frozenset()

STAFF: frozenset[str] = MUNICIPAL_ROLES | {Role.REGIONAL_TEAM, Role.NATIONAL_TEAM}
SEES_ACCOUNTS = frozenset({Role.COORDINATOR, Role.DIDECO, Role.REGIONAL_TEAM, Role.NATIONAL_TEAM, SUPERUSER})
INVITES = frozenset({Role.COORDINATOR, Role.REGIONAL_TEAM, Role.NATIONAL_TEAM, SUPERUSER})
ANSWERS = frozenset({Role.TEAM_MEMBER, Role.COORDINATOR})
RUNS_TEAM_MEMBERS = frozenset({Role.COORDINATOR, Role.NATIONAL_TEAM, SUPERUSER})

WRITES: frozenset[str] = frozenset({Role.TEAM_MEMBER, Role.COORDINATOR})
LEADS: frozenset[str] = frozenset({Role.COORDINATOR})
LEADS_TEAM: frozenset[str] = frozenset({Role.COORDINATOR, Role.DIDECO})
SIGNS: frozenset[str] = frozenset({Role.COORDINATOR, Role.DIDECO, Role.REGIONAL_TEAM})
ABOVE: frozenset[str] = frozenset({Role.REGIONAL_TEAM, Role.NATIONAL_TEAM})
EDITS_PROCEDURES: frozenset[str] = frozenset({Role.NATIONAL_TEAM, Role.COORDINATOR})
PUBLISHES_OWN: frozenset[str] = frozenset({Role.DIDECO, Role.REGIONAL_TEAM})
RUNS_CYCLES: frozenset[str] = frozenset({Role.NATIONAL_TEAM})

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Sample:
    """Arguments of a URL, texts of the object that other territories must not read, and a query string."""

    kwargs: dict[str, Any]
    texts: tuple[str, ...] = ()
    query: str = ""


@dataclass(frozen=True)
class Expect:
    opens: frozenset[Any]
    sample: Callable[[Territory], Sample] | None = None
    anywhere: bool = False
    query: str = ""
