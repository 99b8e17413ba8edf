"""Accounts of the year: publication links, execution report, closing (milestone H13)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plans.domain.checks import (
    clean_text,
    local_day,
    lock_plan,
    move_plan,
    not_in_the_future,
    require_in_force,
)
from plans.enums import PlanState
from plans.errors import InvalidContent, Obstacles, PlansError
from plans.models import ExecutionReport, ImprovementPlan, PublicationLink
from plans.queries.execution import execution_content
from plans.queries.obstacles import closing_obstacles
from portal.foundation.audit.domain import record
from portal.foundation.cycles.domain import close_participation
from portal.foundation.cycles.queries import participation_of


@transaction.atomic
def submit_execution_report(
    *,
    plan: ImprovementPlan,
    achievements: str,
    deviations: str = "",
    lessons: str = "",
    by: Any,
    at: datetime,
) -> ExecutionReport:
    """Send the account of the year; it keeps every line as it stands now and does not change again.

    :raises PlansError: the plan is not in force, has its report already, or is being amended.
    """
    plan = lock_plan(plan)
    require_in_force(plan)
    if plan.amendments.in_preparation().exists():
        raise PlansError(_("A new version of the plan is being prepared. Finish it or give it up."))
    try:
        with transaction.atomic():
            report = ExecutionReport.objects.create(
                plan=plan,
                achievements=clean_text(achievements, label=_("What was achieved"), field="achievements"),
                deviations=clean_text(
                    deviations, label=_("Deviations from the plan"), field="deviations", required=False
                ),
                lessons=clean_text(lessons, label=_("Lessons"), field="lessons", required=False),
                content=execution_content(plan),
                submitted_by=by,
                submitted_at=at,
            )
    except IntegrityError:
        raise PlansError(_("The execution report has been sent already.")) from None
    record(verb="plans.submit_execution_report", object=report, by=by, at=at, territory=plan.municipality)
    return report


@transaction.atomic
def record_publication(
    *,
    plan: ImprovementPlan,
    kind: str,
    url: str = "",
    place: str = "",
    published_on: date,
    by: Any,
    at: datetime,
) -> PublicationLink:
    """Note where the accounts were published: an address (http or https) or a place; the same one once.

    :raises InvalidContent: neither address nor place, another kind of address, a date in the future
        or before the plan's year.
    """
    plan = lock_plan(plan)
    require_in_force(plan)
    url = clean_text(url, label=_("Address"), field="url", limit=200, required=False)
    place = clean_text(place, label=_("Place"), field="place", limit=200, required=False)
    if not url and not place:
        raise InvalidContent(_("Give the address or the place."), "url")
    if url and not url.startswith(("https://", "http://")):
        raise InvalidContent(_("The address has to begin with https:// or http://."), "url")
    if kind not in PublicationLink.Kind.values:
        raise InvalidContent(_("Choose where it was published."), "kind")
    published_on = not_in_the_future(published_on, local_day(plan, at), "published_on")
    if published_on.year < plan.cycle.year:
        raise InvalidContent(_("The accounts of a year are published in that year or later."), "published_on")
    where = {"kind": kind, "url": url, "place": place, "published_on": published_on}
    sent = plan.publications.filter(**where).first()
    if sent is not None:
        return sent
    link = PublicationLink.objects.create(plan=plan, recorded_by=by, recorded_at=at, **where)
    record(verb="plans.record_publication", object=link, by=by, at=at, territory=plan.municipality)
    return link


@transaction.atomic
def close_year(*, plan: ImprovementPlan, by: Any, at: datetime) -> ImprovementPlan:
    """Close the municipality's year: its plan, and its part in the cycle.

    :raises Obstacles: no publication link, no execution report, or lines that are still open; says which.
    """
    plan = lock_plan(plan)
    require_in_force(plan)
    missing = closing_obstacles(plan)
    if missing:
        raise Obstacles(_("The year cannot be closed yet."), missing)
    move_plan(plan, PlanState.CLOSED)
    plan.closed_by, plan.closed_at = by, at
    plan.save(update_fields=["state", "closed_by", "closed_at"])
    participation = participation_of(plan.municipality, plan.cycle)
    if participation is not None and participation.closed_at is None:
        close_participation(participation=participation, by=by, at=at)
    record(verb="plans.close_year", object=plan, by=by, at=at, territory=plan.municipality)
    return plan
