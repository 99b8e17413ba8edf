"""Reads of plans: the list, one plan's page, the public page, a region's progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from plans.enums import ActionState, CommentState, PlanState
from plans.models import Action, ActionStandard, ImprovementPlan, PlanComment
from plans.queries.gaps import HIGHEST_LEVEL, level_in_force, standards_of_year
from portal.foundation.cycles.models import CycleState, Participation
from portal.foundation.people.roles import MUNICIPAL_ROLES, Role
from portal.foundation.territories.models import Territory
from portal.foundation.territories.names import fold
from quality.enums import Series
from quality.models import LevelRecord, Standard

LATE_STATES = (ActionState.VALIDATED, ActionState.IN_PROGRESS, ActionState.REJECTED)


def overview(
    user: Any,
    today: date,
    *,
    text: str = "",
    state: str = "",
    year: int | None = None,
    region: Territory | None = None,
) -> QuerySet[ImprovementPlan]:
    """The plans that ``user`` may see, newest year first, with counts of lines: all, late, verified.

    :param text: part of the municipality's name; accents and capitals do not matter.
    """
    found = ImprovementPlan.objects.visible_to(user).exclude(state=PlanState.DISCARDED)
    if text.strip():
        found = found.filter(municipality__search_name__contains=fold(text))
    if state:
        found = found.filter(state=state)
    if year:
        found = found.filter(cycle__year=year)
    if region is not None:
        found = found.filter(municipality__region=region)
    return (
        found.select_related("municipality__region", "cycle")
        .annotate(
            line_count=Count("actions"),
            late_count=Count("actions", filter=Q(actions__state__in=LATE_STATES, actions__ends_on__lt=today)),
            verified_count=Count("actions", filter=Q(actions__state=ActionState.VERIFIED)),
            national_count=Count("actions", filter=Q(actions__depends_on_national=True)),
        )
        .order_by("-cycle__year", "municipality__search_name", "-number")
    )


def years(user: Any) -> list[int]:
    """Years in which the user sees a plan, newest first."""
    found = ImprovementPlan.objects.visible_to(user).order_by("-cycle__year").values_list("cycle__year", flat=True)
    return list(found.distinct())


def to_be_opened(user: Any, today: date, roles: frozenset[Role] = MUNICIPAL_ROLES) -> QuerySet[Participation]:
    """Places in an open year that has begun and has no plan yet, where ``user`` holds one of ``roles``.

    Annotates ``is_measured``: the self-diagnosis of that year has been submitted.
    """
    mine = user.scope.territories("municipality_id", "municipality__path", roles)
    of_place = {"municipality": OuterRef("municipality"), "cycle": OuterRef("cycle")}
    levels = LevelRecord.objects.in_force().filter(series=Series.SELF_ASSESSED, **of_place)
    return (
        Participation.objects.active()
        .filter(mine, ~Exists(ImprovementPlan.objects.filter(**of_place)), closed_at=None)
        .filter(cycle__state=CycleState.OPEN, cycle__starts_on__lte=today)
        .annotate(is_measured=Exists(levels))
        .select_related("municipality", "cycle")
        .order_by("cycle__year", "municipality__search_name")
    )


def version_at_work(municipality: Any, cycle: Any) -> ImprovementPlan | None:
    """The version of that year's plan that is written or validated now, else the one in force; None before any."""
    versions = ImprovementPlan.objects.filter(municipality=municipality, cycle=cycle)
    return versions.exclude(state__in=(PlanState.DISCARDED, PlanState.SUPERSEDED)).order_by("-number").first()


def takes_lines(municipality: Any, cycle: Any) -> bool:
    """Can lines be written in that year's plan: a draft, or a plan that has not been opened yet?"""
    plan = version_at_work(municipality, cycle)
    return plan is None or plan.state == PlanState.DRAFT


def versions(plan: ImprovementPlan) -> QuerySet[ImprovementPlan]:
    """The other versions of the same year."""
    siblings = ImprovementPlan.objects.filter(municipality=plan.municipality, cycle=plan.cycle)
    return siblings.exclude(pk=plan.pk).select_related("municipality", "cycle").order_by("-number")


@dataclass(frozen=True)
class PartLeft:
    """A standard of a line that was left open: its level in the new year (None: unknown) and the target that it had."""

    standard: Standard
    level: int | None
    series: str
    target: int

    @property
    def is_reached(self) -> bool:
        return self.level is not None and self.level >= self.target


@dataclass(frozen=True)
class LineLeft:
    """A line that an earlier year left open, with its standards as they stand in the new year's catalogue."""

    action: Action
    parts: list[PartLeft]

    @property
    def is_reached(self) -> bool:
        """Does the new year begin where the line wanted to arrive?"""
        return bool(self.parts) and all(part.is_reached for part in self.parts)

    @property
    def is_at_top(self) -> bool:
        """Is there no higher target that it could be given?"""
        return bool(self.parts) and all(part.level == HIGHEST_LEVEL for part in self.parts)


def lines_left(into: ImprovementPlan) -> list[LineLeft]:
    """The lines of earlier years' plans of the municipality, neither finished nor carried over yet; oldest first."""
    carried = Action.objects.filter(carried_from=OuterRef("pk"), plan__cycle__year__gt=OuterRef("plan__cycle__year"))
    left = (
        Action.objects.filter(
            ~Exists(carried),
            plan__municipality=into.municipality,
            plan__cycle__year__lt=into.cycle.year,
            plan__state__in=(PlanState.IN_FORCE, PlanState.CLOSED),
            state__in=(*LATE_STATES, ActionState.CARRIED_OVER),
        )
        .select_related("plan__municipality", "plan__cycle")
        .prefetch_related("standards__standard", "sources", "milestones")
        .order_by("plan__cycle__year", "number")
    )
    levels = level_in_force(into.municipality, into.cycle)
    standards = {standard.code: standard for standard in standards_of_year(into.cycle)}
    return [LineLeft(action, _parts_left(action, standards, levels)) for action in left]


def _parts_left(action: Action, standards: Mapping[str, Standard], levels: Mapping[int, Any]) -> list[PartLeft]:
    found = [(standards.get(part.standard.code), part.target) for part in action.standards.all()]
    return [PartLeft(standard, *levels.get(standard.pk, (None, "")), target) for standard, target in found if standard]


def earlier_with_open_lines(plan: ImprovementPlan) -> list[ImprovementPlan]:
    """Earlier years' plans with lines that can still be brought into this one."""
    return list({line.action.plan_id: line.action.plan for line in lines_left(plan) if not line.is_at_top}.values())


def open_draft(municipality: Any, cycle: Any, today: date) -> ImprovementPlan | None:
    """The version of that year's plan on which anybody may comment today: the first one, or one that is to follow."""
    drafts = ImprovementPlan.objects.filter(municipality=municipality, cycle=cycle, state=PlanState.DRAFT)
    draft = drafts.filter(comments_open_until__gte=today).select_related("cycle").order_by("-number").first()
    return draft if draft is not None and draft.takes_comments(today) else None


def public_plan(municipality: Any, cycle: Any) -> ImprovementPlan | None:
    """The plan that citizens read: in force, or the draft that is open to comment. Three queries.

    ``plan.public_actions`` are its lines by priority, each with ``is_critical``, ``evidence_count`` and
    its ``standards`` (with ``level_before``, ``target``, ``level_after`` and the standard). Of a line
    only ``public_summary``, ``title``, dates, ``progress``, ``state`` and levels are meant for citizens.
    """
    actions = (
        Action.objects.by_priority()
        .annotate(evidence_count=Count("evidence", distinct=True))
        .prefetch_related(Prefetch("standards", ActionStandard.objects.select_related("standard")))
    )
    in_force_first = Q(state__in=(PlanState.IN_FORCE, PlanState.CLOSED))
    return (
        ImprovementPlan.objects.public()
        .filter(municipality=municipality, cycle=cycle)
        .annotate(is_in_force=in_force_first)
        .select_related("municipality", "cycle")
        .prefetch_related(Prefetch("actions", actions, to_attr="public_actions"))
        .order_by("-is_in_force", "-number")
        .first()
    )


def published_comments(plan: ImprovementPlan) -> QuerySet[PlanComment]:
    """What the public reads below the draft: comments and answers."""
    return plan.comments.filter(state=CommentState.PUBLISHED).select_related("action")


def regional_progress(territory: Territory, cycle: Any, today: date) -> list[dict[str, Any]]:
    """One row for each municipality that takes part below ``territory``; one query.

    Each row: ``municipality_id``, ``name``, ``stage``, ``plan_id`` and ``state`` (None without a plan
    in force or in preparation), ``lines``, ``verified``, ``waiting`` (for the region), ``late``,
    ``progress`` (mean of the lines' percentages; None without lines).
    """
    plans = ImprovementPlan.objects.filter(
        municipality=OuterRef("municipality"),
        cycle=OuterRef("cycle"),
        state__in=(PlanState.DRAFT, PlanState.PROPOSED, PlanState.IN_FORCE, PlanState.CLOSED),
    ).annotate(is_in_force=Q(state__in=(PlanState.IN_FORCE, PlanState.CLOSED)))
    current = plans.order_by("-is_in_force", "-number")

    def lines(condition: Q) -> Subquery:
        counted = (
            Action.objects.filter(condition, plan=OuterRef("plan_id"))
            .order_by()
            .values("plan")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return Subquery(counted)

    mean = Action.objects.filter(plan=OuterRef("plan_id")).order_by().values("plan").annotate(mean=Avg("progress"))
    return list(
        Participation.objects.active()
        .filter(Q(municipality=territory) | Q(municipality__path__startswith=f"{territory.path}/"), cycle=cycle)
        .annotate(
            name=F("municipality__name"),
            plan_id=Subquery(current.values("pk")[:1]),
            state=Subquery(current.values("state")[:1]),
        )
        .annotate(
            lines=lines(Q()),
            verified=lines(Q(state=ActionState.VERIFIED)),
            waiting=lines(Q(state=ActionState.DONE)),
            late=lines(Q(state__in=LATE_STATES, ends_on__lt=today)),
            progress=Subquery(mean.values("mean")),
        )
        .order_by("stage", "municipality__search_name")
        .values(
            "municipality_id", "name", "stage", "plan_id", "state", "lines", "verified", "waiting", "late", "progress"
        )
    )


def escalated(user: Any) -> QuerySet[Action]:
    """Lines of the open years whose cause lies on the national level, where ``user`` may see them."""
    return (
        Action.objects.visible_to(user)
        .filter(depends_on_national=True, plan__cycle__state=CycleState.OPEN)
        .exclude(plan__state__in=(PlanState.DISCARDED, PlanState.SUPERSEDED))
        .select_related("plan__municipality__region", "plan__cycle")
        .order_by("plan__municipality__region__name", "plan__municipality__name", "number")
    )
