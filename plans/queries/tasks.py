"""What waits for a person in the plans: constant queries, whatever the number of plans."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plans import models
from plans.enums import ActionState, CommentState, PlanState
from plans.models import Action, ImprovementPlan, PlanComment, PlanReturn
from plans.queries.plans import to_be_opened
from plans.queries.signing import signings
from plans.rules import SIGNERS, WRITERS
from portal.foundation.clocks.due import WorkItem
from portal.foundation.cycles.models import CycleState, Milestone
from portal.foundation.people.roles import STAFF_ROLES, Role

# What prepares a plan ends with the year's cycle: its verbs would refuse it.
IN_OPEN_YEAR = Q(cycle__state=CycleState.OPEN)
WORKED_ON = (ActionState.VALIDATED, ActionState.IN_PROGRESS, ActionState.REJECTED)


def tasks_for(user: Any, today: date) -> list[WorkItem]:
    """Lines and milestones of the user, plans to open, propose, sign or close, comments, lines to verify."""
    return [
        *_openings(user, today),
        *_own_lines(user),
        *_own_milestones(user),
        *_drafts(user),
        *_signatures(user, today),
        *_comments(user),
        *_verifications(user),
        *_years(user, today),
    ]


def _openings(user: Any, today: date) -> Iterator[WorkItem]:
    """Once the self-diagnosis is submitted, the gaps are known and the plan can be written."""
    for place in to_be_opened(user, today, frozenset(WRITERS)):
        if place.is_measured:
            window = place.cycle.window(Milestone.IMPROVEMENT_PLAN)
            yield WorkItem(
                key=f"plans.open:{place.pk}",
                title=_("Open the improvement plan"),
                detail=_("The gaps of %(year)s are known: they become the plan's lines") % {"year": place.cycle.year},
                url=reverse("plans:start"),
                due_on=window[1] if window else None,
                territory_name=place.municipality.name,
            )


def _own_lines(user: Any) -> Iterator[WorkItem]:
    lines = Action.objects.filter(
        Q(owner=user) | Q(stand_in=user),
        _where_any(user, "plan__"),
        plan__state=PlanState.IN_FORCE,
        state__in=WORKED_ON,
    ).select_related("plan__municipality")
    for line in lines.order_by("ends_on"):
        yield WorkItem(
            key=f"plans.line:{line.pk}",
            title=_("Line %(line)s") % {"line": line},
            detail=_("%(state)s, %(progress)s %% done")
            % {"state": line.get_state_display(), "progress": line.progress},
            url=line.get_absolute_url(),
            due_on=line.ends_on,
            territory_name=line.plan.municipality.name,
        )


def _own_milestones(user: Any) -> Iterator[WorkItem]:
    milestones = models.Milestone.objects.filter(
        Q(action__owner=user) | Q(action__stand_in=user),
        _where_any(user, "action__plan__"),
        action__plan__state=PlanState.IN_FORCE,
        action__state__in=WORKED_ON,
        reached_on__isnull=True,
    ).select_related("action__plan__municipality")
    for milestone in milestones:
        yield WorkItem(
            key=f"plans.milestone:{milestone.pk}",
            title=_("Milestone: %(name)s") % {"name": milestone.name},
            detail=str(milestone.action),
            url=milestone.action.get_absolute_url(),
            due_on=milestone.due_on,
            territory_name=milestone.action.plan.municipality.name,
        )


def _drafts(user: Any) -> Iterator[WorkItem]:
    mine = _where(user, Role.COORDINATOR)
    returns = Exists(PlanReturn.objects.filter(plan=OuterRef("pk")))
    for plan in _plans(mine).filter(IN_OPEN_YEAR, state=PlanState.DRAFT).annotate(was_returned=returns):
        title = (
            _("Attend to the remarks and propose the plan again")
            if plan.was_returned
            else _("Propose the improvement plan")
        )
        key = "propose_again" if plan.was_returned else "propose"
        yield _of_plan(key, title, plan, _window_end(plan, Milestone.IMPROVEMENT_PLAN))


def _signatures(user: Any, today: date) -> Iterator[WorkItem]:
    """Those that the user can give: none of a plan that he or she wrote alone; the region's where nobody else can."""
    if not user.scope.has(*SIGNERS):
        return
    proposed = list(_plans(_where(user, *SIGNERS)).filter(IN_OPEN_YEAR, state=PlanState.PROPOSED))
    validation = signings(proposed, today) if proposed else {}
    for plan in proposed:
        accompanies = user.scope.has(Role.REGIONAL_TEAM, at=plan.municipality)
        for missing in validation[plan.pk].waiting:
            if user in missing.candidates or (missing.by_region and accompanies):
                title = _("Validate the improvement plan as %(role)s") % {"role": missing.role.label}
                url = reverse("plans:sign", args=[plan.pk])
                yield _of_plan(f"sign.{missing.role}", title, plan, _window_end(plan, Milestone.IMPROVEMENT_PLAN), url)


def _comments(user: Any) -> Iterator[WorkItem]:
    pending = Q(state=CommentState.PENDING)
    unanswered = Q(state=CommentState.PUBLISHED, answered_at__isnull=True)
    leads, writes = (_where(user, role, prefix="plan__") for role in (Role.COORDINATOR, Role.TEAM_MEMBER))
    waiting = PlanComment.objects.filter((leads & (pending | unanswered)) | (writes & unanswered))
    counts = (
        waiting.filter(plan__state=PlanState.DRAFT)
        .order_by("plan", "-state")
        .values("plan", "plan__municipality__name", "state")
        .annotate(total=Count("pk"), last=Max("pk"))
    )
    for row in counts:
        if row["state"] == CommentState.PENDING:
            title = ngettext(
                "Review %(total)s comment on the plan", "Review %(total)s comments on the plan", row["total"]
            )
        else:
            title = ngettext(
                "Answer %(total)s comment on the plan", "Answer %(total)s comments on the plan", row["total"]
            )
        yield WorkItem(
            key=f"plans.comments:{row['plan']}:{row['state']}:{row['last']}",
            title=title % {"total": row["total"]},
            detail="",
            url=reverse("plans:comments", args=[row["plan"]]),
            due_on=None,
            territory_name=row["plan__municipality__name"],
        )


def _verifications(user: Any) -> Iterator[WorkItem]:
    lines = Action.objects.filter(
        _where(user, Role.REGIONAL_TEAM, prefix="plan__"), state=ActionState.DONE, plan__state=PlanState.IN_FORCE
    ).select_related("plan__municipality")
    for line in lines.order_by("done_at"):
        yield WorkItem(
            key=f"plans.verify:{line.pk}:{line.done_at}",
            title=_("Verify line %(line)s") % {"line": line},
            detail=_("The team says that it is done."),
            url=reverse("plans:action_verify", args=[line.pk]),
            due_on=None,
            territory_name=line.plan.municipality.name,
        )


def _years(user: Any, today: date) -> Iterator[WorkItem]:
    """From the accounts' window on; where the cycle names none, once its year has ended."""
    for plan in _plans(_where(user, Role.COORDINATOR)).filter(state=PlanState.IN_FORCE):
        window = plan.cycle.window(Milestone.ACCOUNTABILITY)
        opens, closes = window if window else (plan.cycle.ends_on, plan.cycle.ends_on)
        if today >= opens:
            url = reverse("plans:close", args=[plan.pk])
            yield _of_plan("close", _("Give accounts and close the year"), plan, closes, url)


def _where(user: Any, *roles: Role, prefix: str = "") -> Q:
    return user.scope.territories(f"{prefix}municipality_id", f"{prefix}municipality__path", frozenset(roles))


def _where_any(user: Any, prefix: str) -> Q:
    """Where the user holds any staff role today: whoever left the team keeps the name on the line, not the task."""
    return user.scope.territories(f"{prefix}municipality_id", f"{prefix}municipality__path", STAFF_ROLES)


def _plans(condition: Q) -> Any:
    return ImprovementPlan.objects.filter(condition).select_related("municipality", "cycle")


def _window_end(plan: ImprovementPlan, key: str) -> date | None:
    window = plan.cycle.window(key)
    return window[1] if window else None


def _of_plan(key: str, title: str, plan: ImprovementPlan, due_on: date | None, url: str = "") -> WorkItem:
    return WorkItem(
        key=f"plans.{key}:{plan.pk}",
        title=title,
        detail=str(plan),
        url=url or plan.get_absolute_url(),
        due_on=due_on,
        territory_name=plan.municipality.name,
    )
