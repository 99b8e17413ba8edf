"""Who may be in charge, who may sign in what quality, and whom to tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plans.enums import SignatureRole, Standing
from portal.foundation.people.models import RoleAssignment, User
from portal.foundation.people.roles import MUNICIPAL_ROLES, Role

SIGNATURE_ROLES = {SignatureRole.COORDINATOR: Role.COORDINATOR, SignatureRole.DIDECO: Role.DIDECO}


@dataclass(frozen=True)
class SigningGround:
    """In what quality a person may sign as ``role``; ``reason`` is shown with the signature.

    A regional signature has no reason of its own: whoever signs writes it.
    """

    role: SignatureRole
    standing: Standing
    reason: str = ""


def possible_owners(municipality: Any, on: date) -> QuerySet[User]:
    """Active members of the municipality's team on that day, by name."""
    held = RoleAssignment.objects.in_force(on).filter(territory=municipality, role__in=MUNICIPAL_ROLES)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "email")


def is_possible_owner(user: Any, municipality: Any, on: date) -> bool:
    return possible_owners(municipality, on).filter(pk=user.pk).exists()


def holders(*roles: Role, at: Any, on: date) -> list[User]:
    """Active users who hold one of ``roles`` exactly at territory ``at`` on that day."""
    held = RoleAssignment.objects.in_force(on).filter(territory=at, role__in=roles)
    return list(User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("pk"))


def signing_grounds(user: Any, municipality: Any, on: date) -> list[SigningGround]:
    """Every signature that ``user`` could give for the municipality on that day, own right first."""
    assignments = list(
        RoleAssignment.objects.in_force(on)
        .filter(user=user, user__is_active=True)
        .select_related("territory", "stand_in_for")
        .order_by(F("stand_in_for_id").asc(nulls_first=True), "id")
    )
    grounds = []
    for signature_role, role in SIGNATURE_ROLES.items():
        held = next((row for row in assignments if row.role == role and row.territory_id == municipality.pk), None)
        if held is not None:
            grounds.append(_own_ground(signature_role, held))
        elif any(row.role == Role.REGIONAL_TEAM and _covers(row.territory, municipality) for row in assignments):
            grounds.append(SigningGround(signature_role, Standing.REGIONAL))
    return grounds


def is_regional(user: Any, municipality: Any, on: date) -> bool:
    """Is ``user`` in the regional team of the municipality's own region on that day?"""
    held = RoleAssignment.objects.in_force(on).filter(user=user, role=Role.REGIONAL_TEAM).select_related("territory")
    return any(_covers(assignment.territory, municipality) for assignment in held)


def _own_ground(role: SignatureRole, held: RoleAssignment) -> SigningGround:
    if held.stand_in_for is None or held.ends_on is None:
        return SigningGround(role, Standing.OWN)
    reason = _("Stands in for %(person)s until %(day)s. %(reason)s") % {
        "person": held.stand_in_for,
        "day": date_format(held.ends_on),
        "reason": held.reason,
    }
    return SigningGround(role, Standing.STAND_IN, reason.strip()[:200])


def _covers(territory: Any, municipality: Any) -> bool:
    return territory is not None and municipality.path.startswith(f"{territory.path}/")
