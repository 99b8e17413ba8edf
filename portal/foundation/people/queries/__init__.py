"""Who holds which role: asked by signatures, reminders and screens."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from portal.foundation.people.identifiers import InvalidIdentifier, blind_index, normalize
from portal.foundation.people.models import Person, RoleAssignment, User
from portal.foundation.people.roles import MUNICIPAL_ROLES, Role


def assignments_covering(*, territory: Any, on: date, roles: frozenset[Role]) -> QuerySet[RoleAssignment]:
    """Assignments of ``roles`` in force on that day at ``territory`` or at any place above it."""
    return (
        RoleAssignment.objects.in_force(on)
        .filter(role__in=roles, territory__path__in=territory.chain(), user__is_active=True)
        .select_related("user", "territory", "stand_in_for")
        .order_by("-territory__path", F("stand_in_for_id").asc(nulls_first=True), "starts_on", "id")
    )


def holders_of(*, role: Role, territory: Any, on: date) -> QuerySet[User]:
    """Active users who hold ``role`` exactly at ``territory`` on that day, stand-ins included, by name."""
    held = RoleAssignment.objects.in_force(on).filter(role=role, territory=territory)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "email")


def holding(*, user: User, role: Role, territory: Any, on: date) -> RoleAssignment | None:
    """By which assignment ``user`` acts as ``role`` of exactly ``territory`` on that day; own right before stand-in.

    This is the answer to "who may sign as DIDECO of X on that date", and the row that the signature names.
    """
    return (
        RoleAssignment.objects.in_force(on)
        .filter(user=user, role=role, territory=territory, user__is_active=True)
        .select_related("stand_in_for", "territory")
        .order_by(F("stand_in_for_id").asc(nulls_first=True), "id")
        .first()
    )


def stand_ins_of(*, user: User, on: date) -> QuerySet[RoleAssignment]:
    """Assignments by which others stand in for ``user`` on that day, or will."""
    found = RoleAssignment.objects.not_over(on).filter(stand_in_for=user)
    return found.select_related("user", "territory", "stand_in_for").order_by("starts_on", "id")


def team_of(*, municipality: Any, on: date) -> QuerySet[RoleAssignment]:
    """The municipal team of that day: assignments with their users, by role and name."""
    return (
        RoleAssignment.objects.in_force(on)
        .filter(territory=municipality, role__in=MUNICIPAL_ROLES, user__is_active=True)
        .select_related("user", "stand_in_for")
        .order_by("role", "user__name", "id")
    )


def accounts(*, user: User, text: str = "", role: str = "", on: date) -> QuerySet[User]:
    """The accounts that ``user`` sees, filtered by part of name or e-mail and by a role not over yet, by name."""
    found = User.objects.visible_to(user)
    for word in text.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if role:
        held = RoleAssignment.objects.visible_to(user).not_over(on).filter(role=role)
        found = found.filter(pk__in=held.values("user"))
    return found.order_by("name", "email")


def person_with(*, scheme: str, value: str, user: User) -> Person | None:
    """The person with that identifier, among those whom ``user`` may see; None for a wrong number too."""
    try:
        index = blind_index(scheme, normalize(scheme, value))
    except InvalidIdentifier:
        return None
    return Person.objects.visible_to(user).filter(identifiers__scheme=scheme, identifiers__blind_index=index).first()


def roles_of(*, users: list[User], user: User, on: date) -> dict[int, list[RoleAssignment]]:
    """User id → roles not over on that day, of those that ``user`` sees; one query for the whole page."""
    found = (
        RoleAssignment.objects.visible_to(user)
        .not_over(on)
        .filter(user__in=[each.pk for each in users])
        .select_related("territory", "stand_in_for")
        .order_by("starts_on", "id")
    )
    held: dict[int, list[RoleAssignment]] = {}
    for assignment in found:
        held.setdefault(assignment.user_id, []).append(assignment)
    return held


def stand_in_candidates(*, user: User, assignment: RoleAssignment, on: date) -> QuerySet[User]:
    """Who may stand in: staff of the same place or above whom ``user`` sees or works with, with their ``posts``."""
    team = RoleAssignment.objects.own_right().not_over(on).staff_at_or_above(assignment.territory)
    colleagues = team.filter(territory=assignment.territory)
    near = Q(pk__in=User.objects.visible_to(user).values("pk")) | Q(pk__in=colleagues.values("user"))
    return (
        User.objects.filter(near, pk__in=team.values("user"), is_active=True)
        .exclude(pk=assignment.user_id)
        .prefetch_related(Prefetch("role_assignments", team.select_related("territory"), to_attr="posts"))
        .order_by("name", "email")
    )
