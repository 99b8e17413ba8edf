"""Questions, answers, ratings, one reopening, and the close."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.foundation.audit.models import AuditEvent
from portal.foundation.audit.verification import verify
from portal.foundation.clocks.models import Clock
from portal.foundation.messages.models import Message
from portal.foundation.receipts.queries import receipt_of
from surveys.domain import answers, thread
from surveys.enums import ComplaintKind, ComplaintState, EntryKind, Outcome
from surveys.errors import ComplaintConflict, InvalidContent, NotPossibleNow
from surveys.models import ComplaintEntry
from surveys.signals import complaint_closed
from tests.factories import complaints as factory
from tests.factories.complaints import NOW, answer_content, complaint, worker

pytestmark = pytest.mark.django_db


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, 15, tzinfo=UTC)


# --- Asking and replying


def test_the_term_stands_still_while_the_person_is_asked() -> None:
    made = complaint(contact="vecina@example.cl")

    thread.ask_person(complaint=made, text="¿Qué día?", by=worker(made.territory), at=day(3, 4))
    made.refresh_from_db()
    waiting = (made.state, made.paused_on)
    thread.reply(complaint=made, text="El lunes", at=day(3, 11))

    made.refresh_from_db()
    assert waiting == (ComplaintState.WAITING, date(2026, 3, 4))
    assert (made.state, made.paused_on, made.due_on) == (ComplaintState.IN_STUDY, None, date(2026, 4, 21))
    assert [entry.kind for entry in made.entries.all()] == [EntryKind.QUESTION, EntryKind.REPLY]
    assert Message.objects.filter(template="complaint_question").count() == 1


def test_a_reply_brings_its_files_and_is_told_to_whoever_is_in_charge() -> None:
    made = factory.assigned()

    entry = thread.reply(complaint=made, text="Aquí va", uploads=[SimpleUploadedFile("a.txt", b"uno")], at=NOW)

    assert entry.files.get().file.is_guarded
    assert Message.objects.get(template="complaint_reply").address == made.owner.email


def test_notes_are_the_teams_alone() -> None:
    made = complaint()

    thread.add_note(complaint=made, text="Hablé con la jefatura", by=worker(made.territory), at=NOW)
    thread.write_to_person(complaint=made, text="Vamos a visitarla", by=worker(made.territory), at=NOW)

    assert [entry.kind for entry in made.entries.public()] == [EntryKind.MESSAGE]


def test_what_is_over_takes_no_reply() -> None:
    made = factory.closed()

    with pytest.raises(NotPossibleNow):
        thread.reply(complaint=made, text="Otra cosa", at=NOW)
    with pytest.raises(NotPossibleNow):
        thread.ask_person(complaint=made, text="¿Qué día?", by=worker(made.territory), at=NOW)


# --- Answering


def test_an_answer_has_reasons_stops_the_term_and_counts_its_days() -> None:
    made = complaint(contact="vecina@example.cl")

    given = answers.answer(
        complaint=made, content=answer_content(), revision=made.revision, by=worker(made.territory), at=day(3, 16)
    )

    made.refresh_from_db()
    assert (given.number, given.outcome, made.outcome) == (1, Outcome.FOUNDED, Outcome.FOUNDED)
    assert (made.state, made.answered_on, made.working_days, made.in_term) == (
        ComplaintState.ANSWERED,
        date(2026, 3, 16),
        10,
        True,
    )
    assert made.reopen_until == date(2026, 3, 30)
    assert Message.objects.filter(template="complaint_answered").count() == 1


def test_days_of_a_pause_are_not_counted_against_the_municipality() -> None:
    made = factory.asked(at=NOW)
    thread.reply(complaint=made, text="El lunes", at=day(3, 30))

    factory.answered(made, at=day(4, 1))

    made.refresh_from_db()
    assert (made.working_days, made.in_term) == (2, True)


def test_a_late_answer_says_so() -> None:
    made = factory.answered(at=day(4, 16))

    assert (made.working_days, made.in_term) == (32, False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"found": " "}, "found"),
        ({"action": ""}, "action"),
        ({"next_step": ""}, "next_step"),
        ({"outcome": ""}, "outcome"),
    ],
)
def test_there_is_no_answer_without_reasons(changes: dict, field: str) -> None:
    made = complaint()

    with pytest.raises(InvalidContent) as refused:
        answers.answer(
            complaint=made,
            content=answer_content(**changes),
            revision=made.revision,
            by=worker(made.territory),
            at=NOW,
        )

    assert refused.value.field == field
    with pytest.raises(NotPossibleNow):
        answers.close(complaint=made, by=worker(made.territory), at=NOW)


def test_a_compliment_needs_no_outcome() -> None:
    made = complaint(kind=ComplaintKind.COMPLIMENT)

    answers.answer(
        complaint=made,
        content=answer_content(outcome="", next_step=""),
        revision=made.revision,
        by=worker(made.territory),
        at=NOW,
    )

    made.refresh_from_db()
    assert (made.state, made.outcome) == (ComplaintState.ANSWERED, "")


def test_of_two_answers_one_is_sent_and_both_texts_are_kept() -> None:
    made = complaint()
    first, second = worker(made.territory), worker(made.territory)
    read = made.revision

    answers.answer(complaint=made, content=answer_content(), revision=read, by=first, at=NOW)
    with pytest.raises(ComplaintConflict) as refused:
        answers.answer(complaint=made, content=answer_content(found="Otra versión."), revision=read, by=second, at=NOW)

    kept = ComplaintEntry.objects.get(kind=EntryKind.UNSENT)
    assert refused.value.unsent == kept
    assert (kept.by, kept.text.startswith("Otra versión.")) == (second, True)
    assert made.answers.get().found == answer_content().found
    assert kept not in made.entries.public()


def test_whoever_answers_is_told_of_a_reply_that_came_meanwhile() -> None:
    made = complaint()
    read = made.revision
    thread.reply(complaint=made, text="Una cosa más", at=NOW)

    with pytest.raises(ComplaintConflict):
        answers.answer(complaint=made, content=answer_content(), revision=read, by=worker(made.territory), at=NOW)


# --- Rating, reopening, closing


def test_the_person_rates_from_1_to_7_once_it_is_answered() -> None:
    made = complaint()
    with pytest.raises(NotPossibleNow):
        answers.rate(complaint=made, satisfaction=6, at=NOW)
    factory.answered(made)

    answers.rate(complaint=made, satisfaction=2, at=NOW)
    answers.rate(complaint=made, satisfaction=6, comment="Me llamaron", at=NOW)

    made.refresh_from_db()
    assert (made.satisfaction, made.satisfaction_comment) == (6, "Me llamaron")
    with pytest.raises(InvalidContent):
        answers.rate(complaint=made, satisfaction=8, at=NOW)


def test_it_is_reopened_once_within_ten_working_days() -> None:
    made = factory.answered(at=day(3, 16))

    answers.reopen(complaint=made, reason="No es así", at=day(3, 30))

    made.refresh_from_db()
    assert (made.state, made.due_on, made.in_term) == (ComplaintState.IN_STUDY, date(2026, 5, 13), True)
    assert Clock.objects.of(made).filter(stopped_on=None).count() == 1
    factory.answered(made, at=day(4, 1))
    made.refresh_from_db()
    assert (made.answers.count(), made.answered_on, made.reopen_until) == (2, date(2026, 3, 16), None)
    with pytest.raises(NotPossibleNow):
        answers.reopen(complaint=made, reason="Otra vez", at=day(4, 2))


def test_too_late_it_is_not_reopened() -> None:
    made = factory.answered(at=day(3, 16))

    with pytest.raises(NotPossibleNow):
        answers.reopen(complaint=made, reason="No es así", at=day(3, 31))


def test_closed_its_contact_has_ninety_days_and_reopened_it_stays() -> None:
    made = complaint(contact="vecina@example.cl")
    factory.closed(factory.answered(made), at=NOW)
    closing = receipt_of(made).contact_delete_on

    answers.reopen(complaint=made, reason="No es así", at=day(3, 3))

    assert (closing, receipt_of(made).contact_delete_on) == (date(2026, 5, 31), None)


def test_closing_is_told_to_the_modules_above(django_capture_on_commit_callbacks) -> None:
    heard = []

    def listen(sender, complaint_id, at, **_kwargs) -> None:
        heard.append((complaint_id, at))

    complaint_closed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            made = factory.closed()
    finally:
        complaint_closed.disconnect(listen)

    assert heard == [(made.pk, NOW)]


def test_every_verb_is_on_record_and_leaves_nothing_that_looks_altered() -> None:
    made = factory.coded(factory.closed(factory.answered(factory.assigned(factory.asked()))))
    answers.rate(complaint=made, satisfaction=5, at=NOW)

    verbs = set(AuditEvent.objects.filter(object_type="surveys.complaint").values_list("verb", flat=True))
    assert verbs >= {"surveys.receive", "surveys.ask_person", "surveys.assign", "surveys.answer", "surveys.close"}
    findings = [found for found in verify(at=NOW + timedelta(days=1)) if found.where.startswith("surveys.")]
    assert findings == []
