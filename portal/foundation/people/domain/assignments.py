"""Roles given, lent and ended. Nobody grants more than is his or hers to grant."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.people.domain.cms import synchronize_cms_groups
from portal.foundation.people.errors import PeopleError
from portal.foundation.people.models import RoleAssignment, User
from portal.foundation.people.roles import Role, suits
from portal.foundation.people.rules import can_appoint_stand_in, can_end_role, can_grant_role

LONGEST_STAND_IN = timedelta(days=366)


@transaction.atomic
def assign_role(
    *,
    user: User,
    role: Role,
    territory: Any,
    starts_on: date,
    ends_on: date | None = None,
    organization: Any = None,
    unit: Any = None,
    by: User | None,
    at: datetime,
) -> RoleAssignment:
    """Give ``role`` at ``territory`` from one day to another (both included), in the user's own right.

    :param by: None for the system itself (the seed).
    :raises PeopleError: not the actor's to grant, wrong kind of place, closed account, days in the
        wrong order, or held already in those days.
    """
    if by is not None and not can_grant_role(by, role, territory):
        raise PeopleError(_("You cannot give this role there."))
    return _save(
        RoleAssignment(
            user=user,
            role=role,
            territory=territory,
            starts_on=starts_on,
            ends_on=ends_on,
            organization=organization,
            unit=unit,
        ),
        verb="people.assign_role",
        by=by,
        at=at,
    )


@transaction.atomic
def appoint_stand_in(
    *,
    assignment: RoleAssignment,
    stand_in: User,
    starts_on: date,
    ends_on: date,
    reason: str,
    by: User | None,
    at: datetime,
) -> RoleAssignment:
    """Let ``stand_in`` act in the place of the holder of ``assignment``, from one day to another.

    :raises PeopleError: not the actor's to lend, no reason, the holder as his or her own stand-in, somebody
        who is not of the staff there or above, outside the days of the replaced role, or longer than a year.
    """
    if assignment.stand_in_for_id is not None:
        raise PeopleError(_("A stand-in cannot be replaced by another stand-in."))
    if by is not None and not can_appoint_stand_in(by, assignment):
        raise PeopleError(_("You cannot name a stand-in for this role."))
    if stand_in.pk == assignment.user_id:
        raise PeopleError(_("Nobody can stand in for himself or herself."))
    if not reason.strip():
        raise PeopleError(_("Give the reason."))
    if starts_on < assignment.starts_on or (assignment.ends_on is not None and ends_on > assignment.ends_on):
        raise PeopleError(_("The stand-in's days must lie within the days of the role."))
    if ends_on - starts_on > LONGEST_STAND_IN:
        raise PeopleError(_("A stand-in can be named for one year at most."))
    team = RoleAssignment.objects.own_right().in_force(starts_on).staff_at_or_above(assignment.territory)
    if not team.filter(user=stand_in).exists():
        raise PeopleError(_("Choose somebody who works there, or in the team above."))
    return _save(
        RoleAssignment(
            user=stand_in,
            role=assignment.role,
            territory=assignment.territory,
            organization=assignment.organization,
            unit=assignment.unit,
            starts_on=starts_on,
            ends_on=ends_on,
            stand_in_for=assignment.user,
            reason=reason.strip(),
        ),
        verb="people.appoint_stand_in",
        by=by,
        at=at,
    )


@transaction.atomic
def end_role(*, assignment: RoleAssignment, on: date, reason: str, by: User | None, at: datetime) -> None:
    """Let the role end with that day: ``on`` is the last day in force. Its stand-ins end with it.

    A role that would begin later never begins: its only day becomes its first.

    :raises PeopleError: not the actor's to end, no reason, or over already.
    """
    if by is not None and not can_end_role(by, assignment):
        raise PeopleError(_("You cannot end this role."))
    if not reason.strip():
        raise PeopleError(_("Give the reason."))
    if assignment.ends_on is not None and assignment.ends_on < on:
        raise PeopleError(_("This role is over already."))
    _end(assignment, on=on, reason=reason, by=by, at=at)
    if assignment.stand_in_for_id is None:
        stand_ins = RoleAssignment.objects.not_over(on).filter(
            stand_in_for=assignment.user, role=assignment.role, territory=assignment.territory
        )
        for stand_in in stand_ins.select_related("user", "territory"):
            _end(stand_in, on=on, reason=stand_in.reason, by=by, at=at)


def assignment_content(assignment: RoleAssignment) -> dict[str, Any]:
    """What is protected of a role: whoever gives himself one past the verbs is found."""
    return {
        "holder": [assignment.user_id, assignment.stand_in_for_id],
        "role": assignment.role,
        "place": [assignment.territory_id, assignment.organization_id, assignment.unit_id],
        "days": [assignment.starts_on, assignment.ends_on],
        "reason": assignment.reason,
    }


def _end(assignment: RoleAssignment, *, on: date, reason: str, by: User | None, at: datetime) -> None:
    if on < assignment.starts_on:
        record(
            verb="people.withdraw_role",
            object=assignment,
            by=by,
            at=at,
            territory=assignment.territory,
            detail={"deleted": True, "role": assignment.role, "user": assignment.user_id},
        )
        assignment.delete()
    else:
        assignment.ends_on, assignment.reason = on, reason.strip()
        assignment.save(update_fields=["ends_on", "reason"])
        record(
            verb="people.end_role",
            object=assignment,
            by=by,
            at=at,
            territory=assignment.territory,
            detail={"role": assignment.role, "on": on.isoformat()},
        )
    synchronize_cms_groups(user=assignment.user, on=on)


def _save(assignment: RoleAssignment, *, verb: str, by: User | None, at: datetime) -> RoleAssignment:
    role, territory = Role(assignment.role), assignment.territory
    # The lock makes two simultaneous grants of the same role to one person wait for each other.
    user = User.objects.select_for_update().get(pk=assignment.user_id)
    if not user.is_active:
        raise PeopleError(_("This account is closed."))
    if not suits(role, territory):
        raise PeopleError(_("That role cannot be held at that territory."))
    if assignment.ends_on is not None and assignment.ends_on < assignment.starts_on:
        raise PeopleError(_("The last day cannot be before the first day."))
    same = RoleAssignment.objects.filter(
        user=user, role=role, territory=territory, organization=assignment.organization
    )
    if same.overlapping(assignment.starts_on, assignment.ends_on).exists():
        raise PeopleError(_("This person already holds that role on those days."))
    assignment.save()
    synchronize_cms_groups(user=user, on=at.date())
    record(
        verb=verb,
        object=assignment,
        by=by,
        at=at,
        territory=territory,
        detail={
            "role": assignment.role,
            "user": assignment.user_id,
            "from": assignment.starts_on.isoformat(),
            "to": assignment.ends_on.isoformat() if assignment.ends_on else None,
            "stand_in_for": assignment.stand_in_for_id,
        },
    )
    return assignment
