"""The answer with its reasons, and what the person does with it: rate, reopen once, or leave it closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.clocks import domain as clocks
from portal.foundation.clocks.working_days import add_working_days, working_days_between
from portal.foundation.receipts import domain as receipts
from portal.foundation.receipts.queries import receipt_of
from surveys.domain import notices
from surveys.domain.checks import clean_text, local_day, lock, lock_for_staff, move, not_now, stop_clock, store
from surveys.domain.complaints import start_answer_clock
from surveys.domain.thread import keep_files, require_few, write
from surveys.enums import ComplaintKind, ComplaintState, EntryKind, Escalation, Outcome
from surveys.errors import ComplaintConflict, InvalidContent, NotPossibleNow
from surveys.models import Complaint, ComplaintAnswer
from surveys.models.terms import REOPENING_DAYS
from surveys.queries.terms import ACKNOWLEDGE_CLOCK, ANSWER_CLOCK, REOPENING_CLOCK
from surveys.signals import complaint_closed

COMMENT_LENGTH = 500


@dataclass(frozen=True)
class AnswerContent:
    """What the person reads. ``outcome`` is asked of complaints alone; ``next_step`` may be empty."""

    found: str
    action: str
    next_step: str = ""
    outcome: str = ""

    def as_text(self) -> str:
        return "\n\n".join(part for part in (self.found, self.action, self.next_step) if part.strip())


def answer(
    *,
    complaint: Complaint,
    content: AnswerContent,
    revision: int,
    uploads: Sequence[Any] = (),
    by: Any,
    at: datetime,
) -> ComplaintAnswer:
    """Answer with reasons. The term stops; the person may rate, and reopen once.

    :param revision: the one that the writer had on the screen.
    :param uploads: files that the person reads with the answer.
    :raises ComplaintConflict: somebody did something with it since. The text is kept in the thread, for
        the team alone; for that, call it outside a transaction that the refusal would undo.
    :raises InvalidContent: no reasons, or a complaint without an outcome.
    """
    with transaction.atomic():
        held = lock_for_staff(complaint, by)
        checked = _checked(content, held)
        require_few(uploads)
        if held.revision == revision:
            return _answer(held, checked, uploads, by, at)
        unsent = write(held, EntryKind.UNSENT, checked.as_text(), by=by, at=at)
        record(verb="surveys.keep_unsent_answer", object=held, by=by, at=at, territory=held.territory)
    raise ComplaintConflict(unsent)


@transaction.atomic
def rate(*, complaint: Complaint, satisfaction: int, comment: str = "", by: Any = None, at: datetime) -> Complaint:
    """How well it was handled, from 1 to 7, by the person; writing it again replaces it.

    :raises NotPossibleNow: not answered yet.
    """
    held = lock(complaint)
    if refusal := rating_refusal(held):
        raise refusal
    if not 1 <= satisfaction <= 7:
        raise InvalidContent(_("Rate from 1 to 7."), "satisfaction")
    held.satisfaction = satisfaction
    held.satisfaction_comment = clean_text(
        comment, label=_("Comment"), field="comment", limit=COMMENT_LENGTH, required=False
    )
    held.rated_at = at
    # Nobody who is writing meanwhile has to hear of it.
    held.save(by_verb=True, update_fields=["satisfaction", "satisfaction_comment", "rated_at"])
    record(verb="surveys.rate", object=held, by=by, at=at, territory=held.territory)
    return held


def reopening_refusal(complaint: Complaint, at: datetime) -> NotPossibleNow | None:
    """Why the person cannot reopen it at ``at``; None where that is possible."""
    if complaint.reopened_at is not None:
        return NotPossibleNow(_("It was reopened once already. You can send a new complaint."))
    if complaint.state not in (ComplaintState.ANSWERED, ComplaintState.CLOSED):
        return not_now(complaint)
    if complaint.reopen_until is None or local_day(complaint.territory, at) > complaint.reopen_until:
        return NotPossibleNow(_("The term to reopen it is over. You can send a new complaint."))
    return None


def rating_refusal(complaint: Complaint) -> NotPossibleNow | None:
    """Why the person cannot rate it; None where that is possible."""
    if complaint.state in (ComplaintState.ANSWERED, ComplaintState.CLOSED):
        return None
    return NotPossibleNow(_("You can rate it once it is answered."))


@transaction.atomic
def reopen(*, complaint: Complaint, reason: str, by: Any = None, at: datetime) -> Complaint:
    """The person is not content: once, within ten working days of the answer. A new term begins.

    :raises NotPossibleNow: reopened before, or too late.
    """
    held = lock(complaint)
    text = clean_text(reason, label=_("Reason"), field="reason")
    if refusal := reopening_refusal(held, at):
        raise refusal
    move(held, ComplaintState.IN_STUDY)
    held.reopened_at, held.closed_at, held.escalation = at, None, Escalation.NONE
    stop_clock(held, REOPENING_CLOCK, by=by, at=at)
    start_answer_clock(held, by=by, at=at)
    write(held, EntryKind.REOPENED, text, by=by, at=at)
    receipt = receipt_of(held)
    if receipt is not None:
        receipts.reopen(receipt=receipt, at=at)
    told = notices.reach(held, Escalation.OWNER, at)
    store(held, "state", "reopened_at", "closed_at", "escalation", "term_days", "due_on", "paused_on", "reaches_region")
    record(verb="surveys.reopen", object=held, by=by, at=at, territory=held.territory)
    notices.tell_staff(held, told, "complaint_reopened", key=str(held.pk), by=by, at=at, due_on=held.due_on)
    return held


@transaction.atomic
def close(*, complaint: Complaint, by: Any, at: datetime) -> Complaint:
    """It is over; the contact is forgotten in 90 days. The person may still reopen within the term.

    :param by: None where the term to reopen has passed.
    :raises NotPossibleNow: not answered.
    """
    held = lock_for_staff(complaint, by)
    move(held, ComplaintState.CLOSED)
    held.closed_at = at
    stop_clock(held, REOPENING_CLOCK, by=by, at=at)
    receipt = receipt_of(held)
    if receipt is not None:
        receipts.close(receipt=receipt, at=at)
    store(held, "state", "closed_at")
    record(verb="surveys.close", object=held, by=by, at=at, territory=held.territory)
    pk = held.pk
    transaction.on_commit(lambda: complaint_closed.send(sender=Complaint, complaint_id=pk, at=at), robust=True)
    return held


def _answer(held: Complaint, content: AnswerContent, uploads: Sequence[Any], by: Any, at: datetime) -> ComplaintAnswer:
    move(held, ComplaintState.ANSWERED)
    today = local_day(held.territory, at)
    clock = stop_clock(held, ANSWER_CLOCK, by=by, at=at)
    if clock is not None:
        held.due_on = clock.due_on
    held.paused_on = None
    if held.answered_at is None:
        assert held.due_on is not None and held.term_days is not None
        held.answered_at, held.answered_on = at, today
        held.in_term = today <= held.due_on
        # Pauses moved the due day, so what is left of the term says how much of it was used.
        held.working_days = max(0, held.term_days - working_days_between(today, held.due_on, held.territory))
    if held.acknowledged_at is None:
        held.acknowledged_at = at
        stop_clock(held, ACKNOWLEDGE_CLOCK, by=by, at=at)
    held.outcome = content.outcome
    held.reopen_until = None
    if held.reopened_at is None:
        held.reopen_until = add_working_days(today, REOPENING_DAYS, held.territory)
    # Its step closes what nobody reopened.
    clocks.start(
        kind=REOPENING_CLOCK,
        subject=held,
        territory=held.territory,
        term_days=REOPENING_DAYS,
        steps=[1],
        by=by,
        at=at,
    )
    entry = write(held, EntryKind.ANSWER, content.as_text(), by=by, at=at)
    keep_files(held, entry, uploads=uploads, by=by, at=at)
    given = ComplaintAnswer.objects.create(
        complaint=held,
        entry=entry,
        number=held.answers.count() + 1,
        outcome=content.outcome,
        found=content.found,
        action=content.action,
        next_step=content.next_step,
    )
    store(
        held,
        "state",
        "due_on",
        "paused_on",
        "answered_at",
        "answered_on",
        "in_term",
        "working_days",
        "acknowledged_at",
        "outcome",
        "reopen_until",
    )
    detail = {"outcome": content.outcome, "working_days": held.working_days, "in_term": held.in_term}
    record(verb="surveys.answer", object=held, by=by, at=at, territory=held.territory, detail=detail)
    notices.tell_person(held, "complaint_answered", at=at, reopen_until=held.reopen_until)
    return given


def _checked(content: AnswerContent, complaint: Complaint) -> AnswerContent:
    needs_outcome = complaint.kind == ComplaintKind.COMPLAINT
    if needs_outcome and content.outcome not in Outcome.values:
        raise InvalidContent(_("Say whether the person is right."), "outcome")
    return AnswerContent(
        found=clean_text(content.found, label=_("What we found"), field="found"),
        action=clean_text(content.action, label=_("What we do"), field="action"),
        next_step=clean_text(content.next_step, label=_("Next step"), field="next_step", required=needs_outcome),
        outcome=content.outcome if needs_outcome else "",
    )
