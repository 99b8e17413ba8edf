"""What a user may see: computed once per user object from the assignments in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from portal.foundation.people.roles import STAFF_ROLES, Role

# Country, region, province, commune: nothing lies below a commune.
COMMUNE_DEPTH = 3


@dataclass(frozen=True)
class Grant:
    """One role in force at one territory; ``stand_in_for_id`` is the replaced user, if any."""

    role: Role
    territory_id: int | None
    territory_path: str
    stand_in_for_id: int | None = None

    @property
    def path(self) -> str:
        """As a territory has it, so that a grant can be asked about where a territory can."""
        return self.territory_path


class Scope:
    """The grants of one user, asked by querysets (``territories``) and rules (``has``)."""

    def __init__(self, grants: list[Grant]) -> None:
        self.grants = grants

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def has(self, *roles: Role, at: Any = None) -> bool:
        """Does the user hold one of ``roles`` over territory ``at`` (anywhere, when None)?"""
        return bool(self.matching(*roles, at=at))

    def matching(self, *roles: Role, at: Any = None) -> list[Grant]:
        """The grants of ``roles`` that cover territory ``at``."""
        return [grant for grant in self.grants if grant.role in roles and (at is None or _covers(grant, at))]

    def territories(self, pk_field: str, path_field: str, roles: frozenset[Role] = STAFF_ROLES) -> Q:
        """A condition on rows whose territory lies in the user's staff grants.

        :param pk_field: lookup to the territory's id; :param path_field: lookup to its path.
        """
        held = [grant for grant in self.grants if grant.role in roles and grant.territory_id is not None]
        ids = sorted({grant.territory_id for grant in held if grant.territory_id is not None})
        # One place is asked for as one, so that an index can give the rows in order.
        condition = Q(**{pk_field: ids[0]}) if len(ids) == 1 else Q(**{f"{pk_field}__in": ids})
        for path in sorted({grant.territory_path for grant in held}):
            if path.count("/") < COMMUNE_DEPTH:
                condition |= Q(**{f"{path_field}__startswith": f"{path}/"})
        return condition


def _covers(grant: Grant, territory: Any) -> bool:
    return bool(grant.territory_path) and (
        territory.path == grant.territory_path or territory.path.startswith(f"{grant.territory_path}/")
    )
