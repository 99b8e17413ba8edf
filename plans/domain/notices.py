"""Who is told what, in the transaction of the verb that brings it about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from plans.domain.checks import local_day
from plans.models import Action, ImprovementPlan, PlanSignature
from plans.queries.people import holders, possible_owners
from plans.queries.signing import signing_of
from portal.foundation.messages.domain import NoAddress, send
from portal.foundation.people.roles import Role


def plan_proposed(plan: ImprovementPlan, *, by: Any, at: datetime) -> None:
    """To those who can sign: the municipality's validators, or the region where none of them can."""
    waiting = signing_of(plan, local_day(plan, at)).waiting
    people = {person.pk: person for missing in waiting for person in missing.candidates}
    if any(missing.by_region for missing in waiting):
        people |= {person.pk: person for person in _region(plan, at)}
    _tell(people.values(), "plan_proposed", plan, by=by, at=at, context=_of_plan(plan))


def plan_returned(plan: ImprovementPlan, remarks: str, *, by: Any, at: datetime) -> None:
    """To the whole team."""
    _tell(_team(plan, at), "plan_returned", plan, by=by, at=at, context=_of_plan(plan) | {"remarks": remarks})


def plan_signed(plan: ImprovementPlan, signature: PlanSignature, *, by: Any, at: datetime) -> None:
    """To the whole team: one signature more, or the plan in force. To the region where the next one is its own."""
    context = _of_plan(plan) | {
        "signer": str(by),
        "role": signature.get_role_display(),
        "in_force": plan.in_force_at is not None,
    }
    _tell(_team(plan, at), "plan_signed", plan, by=by, at=at, context=context)
    if any(missing.by_region for missing in signing_of(plan, local_day(plan, at)).waiting):
        _tell(_region(plan, at), "plan_proposed", plan, by=by, at=at, context=_of_plan(plan))


def action_finished(action: Action, *, by: Any, at: datetime) -> None:
    """To the regional team, which verifies."""
    _tell(_region(action.plan, at), "action_finished", action, by=by, at=at, context=_of_action(action))


def action_verified(action: Action, accepted: bool, remarks: str, *, by: Any, at: datetime) -> None:
    """To whoever is in charge of the line."""
    people = [person for person in (action.owner, action.stand_in) if person is not None]
    context = _of_action(action) | {"accepted": accepted, "remarks": remarks}
    _tell(people, "action_verified", action, by=by, at=at, context=context)


def _tell(
    people: Iterable[Any],
    template: str,
    subject: ImprovementPlan | Action,
    *,
    by: Any,
    at: datetime,
    context: dict[str, Any],
) -> None:
    for person in people:
        if person.pk == by.pk or not person.is_active:
            continue
        try:
            send(
                to=person,
                template=template,
                context=context,
                dedupe_key=f"{template}:{subject.pk}:{at.isoformat()}:{person.pk}",
                at=at,
            )
        except NoAddress:
            continue


def _team(plan: ImprovementPlan, at: datetime) -> Iterable[Any]:
    return possible_owners(plan.municipality, local_day(plan, at))


def _region(plan: ImprovementPlan, at: datetime) -> list[Any]:
    return holders(Role.REGIONAL_TEAM, at=plan.municipality.region, on=local_day(plan, at))


def _of_plan(plan: ImprovementPlan) -> dict[str, Any]:
    return {
        "municipality": plan.municipality.name,
        "year": str(plan.cycle.year),
        "path": plan.get_absolute_url(),
    }


def _of_action(action: Action) -> dict[str, Any]:
    return _of_plan(action.plan) | {"action": str(action), "path": action.get_absolute_url()}
