"""Who of a municipality's team may look after a complaint."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from portal.foundation.people.models import RoleAssignment, User
from portal.foundation.people.roles import MUNICIPAL_ROLES, Role
from portal.foundation.territories.models import Territory, TerritoryQuerySet
from surveys.enums import ComplaintAbout
from surveys.models import Complaint

# While nobody has settled who is meant, only those above whoever may be.
_ABLE = {
    ComplaintAbout.NOBODY: MUNICIPAL_ROLES,
    ComplaintAbout.STAFF: frozenset({Role.COORDINATOR, Role.DIDECO}),
    ComplaintAbout.LEAD: frozenset({Role.DIDECO}),
}


def team(territory: Any, on: date, roles: frozenset[Role] = MUNICIPAL_ROLES) -> QuerySet[User]:
    """Active users who hold one of ``roles`` at the municipality on that day, by name."""
    held = RoleAssignment.objects.in_force(on).filter(territory=territory, role__in=roles)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "email")


def candidates(complaint: Complaint, at: datetime) -> QuerySet[User]:
    """To whom it can be assigned."""
    roles = _ABLE[ComplaintAbout(complaint.about)] if complaint.is_unsettled else MUNICIPAL_ROLES
    found = team(complaint.territory, at.astimezone(complaint.territory.zone).date(), roles)
    return found.exclude(pk=complaint.about_user_id) if complaint.about_user_id else found


def places_to_record(user: Any) -> TerritoryQuerySet:
    """The municipalities for which ``user`` may write complaints down."""
    places = user.scope.territories("pk", "path", MUNICIPAL_ROLES | {Role.CLERK})
    return Territory.objects.municipalities().filter(places)


def may_look_after(user: Any, complaint: Complaint, at: datetime) -> bool:
    return candidates(complaint, at).filter(pk=user.pk).exists()
