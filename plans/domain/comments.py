"""What users and neighborhood organizations say of the draft, and what the team answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plans.domain.checks import SENT_TWICE_WITHIN, clean_text, local_day, lock_plan, require_draft
from plans.enums import CommentState, PlanState
from plans.errors import CommentRefused, InvalidContent, PlanClosedToChange
from plans.models import Action, ImprovementPlan, PlanComment
from portal.foundation.audit.domain import record

COMMENT_LENGTH = 2000
NAMES_KEPT = timedelta(days=2 * 365)


@transaction.atomic
def open_comments(*, plan: ImprovementPlan, until: date, by: Any, at: datetime) -> ImprovementPlan:
    """Show the draft to the public and take comments until that day, included; a later call moves the day.

    :raises InvalidContent: the day has passed or lies after the year, or the draft has no line yet.
    """
    plan = lock_plan(plan)
    require_draft(plan)
    if until < local_day(plan, at):
        raise InvalidContent(_("The last day for comments cannot have passed."), "until")
    if until > plan.cycle.ends_on:
        raise InvalidContent(_("Comments end with the plan's year at the latest."), "until")
    if not plan.actions.exists():
        raise InvalidContent(_("Write one line at least before you ask for comments."), "until")
    if not plan.takes_comments(local_day(plan, at)):  # else only its last day moves
        plan.comments_opened_by, plan.comments_opened_at = by, at
    plan.comments_open_until = until
    plan.comments_closed_by = plan.comments_closed_at = None
    plan.save(
        update_fields=[
            "comments_open_until",
            "comments_opened_by",
            "comments_opened_at",
            "comments_closed_by",
            "comments_closed_at",
        ]
    )
    record(verb="plans.open_comments", object=plan, by=by, at=at, territory=plan.municipality)
    return plan


@transaction.atomic
def close_comments(*, plan: ImprovementPlan, by: Any, at: datetime) -> ImprovementPlan:
    """End the term before its day."""
    plan = lock_plan(plan)
    if not plan.takes_comments(local_day(plan, at)):
        raise PlanClosedToChange(_("The draft is not open to comment."))
    plan.comments_closed_by, plan.comments_closed_at = by, at
    plan.save(update_fields=["comments_closed_by", "comments_closed_at"])
    record(verb="plans.close_comments", object=plan, by=by, at=at, territory=plan.municipality)
    return plan


@transaction.atomic
def comment(
    *,
    plan: ImprovementPlan,
    action: Action | None = None,
    name: str = "",
    organization: str = "",
    text: str,
    by: Any = None,
    at: datetime,
) -> PlanComment:
    """Take a comment from anybody; it waits for review. Name and organization are voluntary.

    The same comment sent twice within ten minutes is kept once.

    :param by: None, since nobody signs in to comment.
    :raises CommentRefused: the term is over, or the line is not in this plan.
    """
    plan = lock_plan(plan)
    if not plan.takes_comments(local_day(plan, at)):
        raise CommentRefused(_("This plan does not take comments any more."))
    if action is not None and action.plan_id != plan.pk:
        raise CommentRefused(_("This line is not in this plan."))
    content = {
        "action": action,
        "name": clean_text(name, label=_("Name"), field="name", limit=120, required=False),
        "organization": clean_text(
            organization, label=_("Neighborhood organization"), field="organization", limit=150, required=False
        ),
        "text": clean_text(text, label=_("Comment"), field="text", limit=COMMENT_LENGTH),
    }
    sent_already = plan.comments.filter(**content, created_at__gt=at - SENT_TWICE_WITHIN).first()
    if sent_already is not None:
        return sent_already
    written = PlanComment.objects.create(plan=plan, created_at=at, **content)
    record(verb="plans.comment", object=written, by=by, at=at, territory=plan.municipality)
    return written


@transaction.atomic
def publish_comment(*, comment: PlanComment, by: Any, at: datetime) -> PlanComment:
    """Show a comment on the public page."""
    comment = _lock(comment)
    _require_before_signature(comment)
    comment.state, comment.hidden_reason = CommentState.PUBLISHED, ""
    return _moderated("plans.publish_comment", comment, by, at)


@transaction.atomic
def hide_comment(*, comment: PlanComment, reason: str, by: Any, at: datetime) -> PlanComment:
    """Keep a comment from the public page, with the reason (insults, personal data, another matter)."""
    comment = _lock(comment)
    comment.hidden_reason = clean_text(reason, label=_("Reason"), field="reason", limit=200)
    comment.state = CommentState.HIDDEN
    return _moderated("plans.hide_comment", comment, by, at)


@transaction.atomic
def answer_comment(*, comment: PlanComment, answer: str, by: Any, at: datetime) -> PlanComment:
    """Answer a published comment; the answer is public.

    :raises PlanClosedToChange: the comment is not published, or the plan is signed already.
    """
    comment = _lock(comment)
    if comment.state != CommentState.PUBLISHED:
        raise PlanClosedToChange(_("Publish the comment before you answer it."))
    _require_before_signature(comment)
    comment.answer = clean_text(answer, label=_("Answer"), field="answer", limit=COMMENT_LENGTH)
    comment.answered_by, comment.answered_at = by, at
    comment.save(update_fields=["answer", "answered_by", "answered_at"])
    record(verb="plans.answer_comment", object=comment, by=by, at=at, territory=comment.plan.municipality)
    return comment


def old_names(at: datetime) -> QuerySet[PlanComment]:
    """Comments whose writers' names have served their purpose; what they said stays."""
    return PlanComment.objects.filter(created_at__lt=at - NAMES_KEPT).exclude(name="", organization="")


def forget_names(*, at: datetime, limit: int) -> int:
    """Take name and organization away from at most ``limit`` comments of two years ago; returns how many."""
    found = list(old_names(at).select_related("plan__municipality").order_by("pk")[:limit])
    for comment in found:
        _forget_name(comment, at)
    return len(found)


def _forget_name(comment: PlanComment, at: datetime) -> None:
    comment.name = comment.organization = ""
    comment.save(update_fields=["name", "organization"])
    record(verb="plans.forget_name", object=comment, by=None, at=at, territory=comment.plan.municipality)


def _moderated(verb: str, comment: PlanComment, by: Any, at: datetime) -> PlanComment:
    comment.moderated_by, comment.moderated_at = by, at
    comment.save(update_fields=["state", "hidden_reason", "moderated_by", "moderated_at"])
    record(verb=verb, object=comment, by=by, at=at, territory=comment.plan.municipality)
    return comment


def _require_before_signature(comment: PlanComment) -> None:
    if comment.plan.state != PlanState.DRAFT:
        raise PlanClosedToChange(_("The plan has been proposed, so its comments do not change."))


def _lock(comment: PlanComment) -> PlanComment:
    plan = lock_plan(comment.plan)
    stored = PlanComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    stored.plan = plan
    return stored
