"""What is missing before a plan may be proposed, and before a year may be closed."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plans.enums import ActionState, CommentState
from plans.errors import Obstacle
from plans.models import ActionStandard, ExecutionReport, ImprovementPlan
from plans.queries.gaps import has_self_diagnosis, level_in_force

_UNFINISHED = (ActionState.VALIDATED, ActionState.IN_PROGRESS, ActionState.DONE)


def proposal_obstacles(plan: ImprovementPlan, today: date) -> list[Obstacle]:
    """What keeps the draft from being proposed; empty when nothing does.

    :param today: the day in the municipality's own zone.
    """
    missing = []
    if not has_self_diagnosis(plan.municipality, plan.cycle):
        missing.append(Obstacle(_("The self-diagnosis of this year has not been submitted.")))
    missing += _line_obstacles(plan)
    missing += _comment_obstacles(plan, today)
    return missing


def closing_obstacles(plan: ImprovementPlan) -> list[Obstacle]:
    """What keeps the year from being closed; empty when nothing does."""
    missing = []
    if not plan.publications.exists():
        missing.append(
            Obstacle(
                _("Record where the year's accounts were published."),
                reverse("plans:publication_add", args=[plan.pk]),
            )
        )
    if not ExecutionReport.objects.filter(plan=plan).exists():
        missing.append(Obstacle(_("Send the execution report."), reverse("plans:report", args=[plan.pk])))
    for action in plan.actions.filter(state__in=_UNFINISHED):
        text = (
            _("Line %(line)s waits for the region's verification.")
            if action.state == ActionState.DONE
            else _("Finish line %(line)s, or leave it for the next year.")
        )
        missing.append(Obstacle(text % {"line": action}, action.get_absolute_url()))
    amendment = plan.amendments.in_preparation().first()
    if amendment is not None:
        missing.append(
            Obstacle(_("A new version of the plan is being prepared. Finish it or give it up."), _url(amendment))
        )
    return missing


def _line_obstacles(plan: ImprovementPlan) -> list[Obstacle]:
    if not plan.actions.exists():
        return [Obstacle(_("The plan has no line yet."), _url(plan))]
    missing = [
        Obstacle(_("Line %(line)s improves no standard.") % {"line": action}, action.get_absolute_url())
        for action in plan.actions.filter(standards__isnull=True)
    ]
    missing += [
        Obstacle(
            _("Line %(line)s: %(standard)s is at level %(level)s already. Set a target above it, or take the line out.")
            % {"line": part.action, "standard": part.standard.code, "level": level},
            part.action.get_absolute_url(),
        )
        for part, level in _not_above(plan)
    ]
    outside = Q(milestones__due_on__lt=F("starts_on")) | Q(milestones__due_on__gt=F("ends_on"))
    missing += [
        Obstacle(_("A milestone of line %(line)s lies outside its dates.") % {"line": action}, _url(action))
        for action in plan.actions.filter(outside).distinct()
    ]
    return missing


def _not_above(plan: ImprovementPlan) -> list[tuple[ActionStandard, int]]:
    """Standards that a line would not raise, with their level. What a signed version had stays as it was signed."""
    parts = ActionStandard.objects.filter(action__plan=plan).select_related("action", "standard")
    if plan.amends_id:
        parts = parts.exclude(action__carried_from__plan=plan.amends_id)
    levels = level_in_force(plan.municipality, plan.cycle)
    found = []
    for part in parts.order_by("action__number", "standard__number"):
        level = part.level_before if part.level_before is not None else levels.get(part.standard_id, (None, ""))[0]
        if level is not None and level >= part.target:
            found.append((part, level))
    return found


def _comment_obstacles(plan: ImprovementPlan, today: date) -> list[Obstacle]:
    if plan.takes_comments(today):
        text = _("The draft is open to comment until %(day)s. Wait for that day, or close the comments before.")
        return [Obstacle(text % {"day": date_format(plan.comments_open_until)}, _comments_url(plan))]
    missing = []
    waiting = plan.comments.filter(state=CommentState.PENDING).count()
    if waiting:
        missing.append(Obstacle(_("Comments not reviewed yet: %(count)s.") % {"count": waiting}, _comments_url(plan)))
    unanswered = plan.comments.filter(state=CommentState.PUBLISHED, answered_at__isnull=True).count()
    if unanswered:
        missing.append(
            Obstacle(_("Published comments without an answer: %(count)s.") % {"count": unanswered}, _comments_url(plan))
        )
    return missing


def _url(row: object) -> str:
    return row.get_absolute_url()  # type: ignore[attr-defined]


def _comments_url(plan: ImprovementPlan) -> str:
    return reverse("plans:comments", args=[plan.pk])
