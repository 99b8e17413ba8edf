"""Verbs on a signed line: begin, tell how far it is, show, finish, verify, check the effect.

Only :func:`verify_action` changes a verified level, and only the regional team calls it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from plans.domain import notices
from plans.domain.checks import (
    SENT_TWICE_WITHIN,
    check_amount,
    clean_text,
    local_day,
    lock_action,
    move_action,
    not_in_the_future,
    require_deferrable,
    require_done,
    require_in_force,
    require_takes_evidence,
    require_worked_on,
)
from plans.enums import ActionState, EvidenceMoment, PlanState
from plans.errors import InvalidContent, PlanClosedToChange, PlansError
from plans.models import Action, ActionEvidence, ActionProgress, ActionVerification, Milestone
from plans.queries.people import is_regional
from portal.foundation.audit.domain import record
from portal.foundation.files.domain import attach
from portal.foundation.files.models import StoredFile
from quality.domain.levels import append_level
from quality.enums import Series


@transaction.atomic
def start_action(*, action: Action, by: Any, at: datetime) -> Action:
    """Begin the work, or take it up again after the region did not verify it.

    :raises PlanClosedToChange: the plan is not in force, the line is not waiting to begin, or a new
        version of the plan that is being prepared has left the line out.
    """
    action = lock_action(action)
    require_in_force(action.plan)
    _require_kept_by_amendment(action)
    move_action(action, ActionState.IN_PROGRESS)
    if action.started_at is None:
        action.started_by, action.started_at = by, at
    action.save(update_fields=["state", "started_by", "started_at"])
    return _recorded("plans.start_action", action, by, at)


@transaction.atomic
def reach_milestone(*, milestone: Milestone, reached_on: date | None = None, by: Any, at: datetime) -> Milestone:
    """Note that a step has been reached, today or on an earlier day.

    :raises InvalidContent: the day is in the future.
    """
    action = lock_action(milestone.action)
    require_in_force(action.plan)
    require_worked_on(action)
    today = local_day(action.plan, at)
    milestone = action.milestones.get(pk=milestone.pk)
    if milestone.reached_on is not None:
        raise PlanClosedToChange(_("This milestone has been reached already."))
    milestone.reached_on = not_in_the_future(reached_on or today, today, "reached_on")
    milestone.reached_by = by
    milestone.save(update_fields=["reached_on", "reached_by"])
    _recorded("plans.reach_milestone", action, by, at)
    return milestone


@transaction.atomic
def report_progress(*, action: Action, progress: int, note: str, by: Any, at: datetime) -> ActionProgress:
    """Tell how far the work is (0-99 %; 100 is said by finishing) and what was done; sent twice, it is told once."""
    action = lock_action(action)
    require_in_force(action.plan)
    require_worked_on(action)
    if not 0 <= progress <= 99:
        raise InvalidContent(_("Progress goes from 0 to 99. To say 100, finish the line."), "progress")
    said = {"progress": progress, "note": clean_text(note, label=_("What was done"), field="note"), "reported_by": by}
    sent = action.reports.filter(**said, reported_at__gt=at - SENT_TWICE_WITHIN).first()
    if sent is not None:
        return sent
    report = ActionProgress.objects.create(action=action, reported_at=at, **said)
    action.progress = progress
    action.save(update_fields=["progress"])
    _recorded("plans.report_progress", action, by, at)
    return report


@transaction.atomic
def add_evidence(
    *,
    action: Action,
    file: StoredFile,
    moment: str,
    dated_on: date,
    description: str,
    by: Any,
    at: datetime,
) -> ActionEvidence:
    """Attach a file that shows the state before, during or after; the same file with the same words is there once.

    :param file: stored for the same municipality.
    :raises InvalidContent: a date in the future, an unknown moment, another municipality's file.
    """
    action = lock_action(action)
    require_takes_evidence(action)
    if moment not in EvidenceMoment.values:
        raise InvalidContent(_("Say what the file shows: before, during or after."), "moment")
    if action.plan.state == PlanState.DRAFT and moment != EvidenceMoment.BEFORE:
        raise InvalidContent(_("Before the plan is signed only the state before can be shown."), "moment")
    if file.territory_id != action.plan.municipality_id:
        raise InvalidContent(_("This file belongs to another municipality."), "file")
    shown = {
        "moment": moment,
        "dated_on": not_in_the_future(dated_on, local_day(action.plan, at), "dated_on"),
        "description": clean_text(description, label=_("Description"), field="description", limit=200),
    }
    sent = action.evidence.filter(**shown, file__sha256=file.sha256).first()
    if sent is not None:
        return sent
    evidence = ActionEvidence.objects.create(action=action, file=file, added_by=by, added_at=at, **shown)
    _recorded("plans.add_evidence", action, by, at)
    return evidence


@transaction.atomic
def upload_evidence(
    *,
    action: Action,
    upload: UploadedFile,
    moment: str,
    dated_on: date,
    description: str,
    by: Any,
    at: datetime,
) -> ActionEvidence:
    """Keep an upload and attach it, both or neither.

    :raises FileRefused: the file is not accepted. Otherwise as :func:`add_evidence`.
    """
    file = attach(upload=upload, territory=action.plan.municipality, by=by, at=at)
    return add_evidence(
        action=action, file=file, moment=moment, dated_on=dated_on, description=description, by=by, at=at
    )


@transaction.atomic
def finish_action(
    *,
    action: Action,
    claimed_levels: Mapping[int, int],
    lesson: str,
    missed_reason: str = "",
    spent: Decimal | None = None,
    by: Any,
    at: datetime,
) -> Action:
    """Say that the line is done, and at which level each of its standards is now (the team's claim).

    :param claimed_levels: standard id → level (0-3), for every standard of the line.
    :param missed_reason: why the line is done though a milestone of it was not reached; needed then only.
    :param spent: money spent, in the line's currency.
    :raises InvalidContent: a level or the lesson is missing, no evidence shows the state after, or
        milestones are open without a reason.
    """
    action = lock_action(action)
    require_in_force(action.plan)
    if not action.evidence.filter(moment=EvidenceMoment.AFTER).exists():
        raise InvalidContent(_("Add evidence of the state after before you finish the line."), "evidence")
    move_action(action, ActionState.DONE)
    _write_levels(action, claimed_levels, "claimed_level")
    check_amount(spent, action.currency, "spent")
    action.lesson = clean_text(lesson, label=_("Lesson"), field="lesson")
    is_missed = action.milestones.filter(reached_on__isnull=True).exists()
    label = _("Why the line is done without its milestones")
    reason = clean_text(missed_reason, label=label, field="missed_reason", required=is_missed)
    action.missed_reason = reason if is_missed else ""
    action.progress, action.spent = 100, spent
    action.done_by, action.done_at = by, at
    action.save(update_fields=["state", "lesson", "missed_reason", "progress", "spent", "done_by", "done_at"])
    _recorded("plans.finish_action", action, by, at)
    notices.action_finished(action, by=by, at=at)
    return action


@transaction.atomic
def verify_action(
    *,
    action: Action,
    accepted: bool,
    levels: Mapping[int, int] | None = None,
    remarks: str = "",
    by: Any,
    at: datetime,
) -> ActionVerification:
    """The regional team's verdict on a finished line.

    :param levels: when accepted, standard id → level found (0-3), for every standard of the line;
        each is appended to the verified series, with the line as its source.
    :raises PlansError: ``by`` is not in the regional team of that region.
    :raises InvalidContent: a level is missing, or a rejection has no remarks.
    """
    action = lock_action(action)
    require_in_force(action.plan)
    today = local_day(action.plan, at)
    if not is_regional(by, action.plan.municipality, today):
        raise PlansError(_("Only the regional team of this municipality's region verifies."))
    move_action(action, ActionState.VERIFIED if accepted else ActionState.REJECTED)
    remarks = clean_text(remarks, label=_("Remarks"), field="remarks", required=not accepted)
    review = ActionVerification.objects.create(
        action=action, accepted=accepted, remarks=remarks, verified_by=by, verified_at=at
    )
    if accepted:
        _write_levels(action, levels or {}, "level_after")
        for part in action.standards.select_related("standard__version"):
            append_level(
                municipality=action.plan.municipality,
                cycle=action.plan.cycle,
                standard=part.standard,
                series=Series.VERIFIED,
                level=part.level_after,
                dated_on=today,
                source=action,
                by=by,
                at=at,
            )
    action.save(update_fields=["state"])
    _recorded("plans.verify_action", action, by, at, detail={"accepted": accepted})
    notices.action_verified(action, accepted, remarks, by=by, at=at)
    return review


@transaction.atomic
def check_effect(*, action: Action, effect: str, by: Any, at: datetime) -> Action:
    """Write what the finished line brought about, as seen some time later."""
    action = lock_action(action)
    require_done(action)
    action.effect = clean_text(effect, label=_("Effect seen"), field="effect")
    action.effect_checked_by, action.effect_checked_at = by, at
    action.save(update_fields=["effect", "effect_checked_by", "effect_checked_at"])
    return _recorded("plans.check_effect", action, by, at)


@transaction.atomic
def defer_action(*, action: Action, reason: str, by: Any, at: datetime) -> Action:
    """Leave an open line for the next year, with the reason; the next plan can take it over.

    :raises PlanClosedToChange: verified already, or waiting for the region's verification.
    """
    action = lock_action(action)
    require_in_force(action.plan)
    require_deferrable(action)
    move_action(action, ActionState.CARRIED_OVER)
    action.deferral_reason = clean_text(reason, label=_("Reason"), field="reason")
    action.save(update_fields=["state", "deferral_reason"])
    return _recorded("plans.defer_action", action, by, at)


def _write_levels(action: Action, levels: Mapping[int, int], name: str) -> None:
    """One level for each of the line's standards, no more and no less."""
    parts = list(action.standards.all())
    if {part.standard_id for part in parts} != set(levels):
        raise InvalidContent(_("Give the level of each standard of the line."), "levels")
    for part in parts:
        level = levels[part.standard_id]
        if level not in range(4):
            raise InvalidContent(_("Levels go from 0 to 3."), "levels")
        setattr(part, name, level)
        part.save(update_fields=[name])


def _require_kept_by_amendment(action: Action) -> None:
    amendment = action.plan.amendments.in_preparation().first()
    if amendment is not None and not action.carried_to.filter(plan=amendment).exists():
        raise PlanClosedToChange(_("The new version that is being prepared leaves this line out."))


def _recorded(verb: str, action: Action, by: Any, at: datetime, detail: dict[str, Any] | None = None) -> Action:
    record(verb=verb, object=action, by=by, at=at, territory=action.plan.municipality, detail=detail)
    return action
