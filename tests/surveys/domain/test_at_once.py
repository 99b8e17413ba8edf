"""Several people at the same moment, in threads of their own and on committed rows; and a row altered by SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import translation

from portal.foundation.audit.verification import verify
from portal.foundation.people.roles import Role
from surveys.domain import answers, assignments, coding, drafts, thread
from surveys.enums import EntryKind, RootCause
from surveys.errors import SurveysError
from surveys.models import Complaint
from tests.factories import complaints as factory
from tests.factories.complaints import NOW, TEXT, answer_content, complaint, received, worker
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> Counter[str]:
    """Run ``calls`` in as many threads that start together; counts how they ended, by name of the refusal."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> str:
        try:
            barrier.wait(timeout=10)
            with translation.override("es"):
                call()
        except SurveysError as refused:
            return type(refused).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return Counter(pool.map(run, calls))


def test_of_clerks_who_answer_at_once_one_is_sent_and_every_text_is_kept() -> None:
    made = complaint()
    clerks = [worker(made.territory) for _ in range(3)]

    ended = at_once(
        *(
            lambda clerk=clerk: answers.answer(
                complaint=made, content=answer_content(), revision=made.revision, by=clerk, at=NOW
            )
            for clerk in clerks
        )
    )

    assert ended == {"done": 1, "ComplaintConflict": 2}
    writers = made.entries.filter(kind__in=[EntryKind.ANSWER, EntryKind.UNSENT]).values_list("by", flat=True)
    assert sorted(writers) == sorted(clerk.pk for clerk in clerks)
    assert made.answers.count() == 1


def test_a_form_sent_several_times_at_once_is_one_complaint() -> None:
    municipality = MunicipalityFactory()

    ended = at_once(*[lambda: received(municipality, dedupe_key="draft:7")] * 4)

    assert ended == {"done": 4}
    assert Complaint.objects.count() == 1


def test_a_draft_sent_several_times_at_once_shows_the_same_receipt() -> None:
    municipality = MunicipalityFactory()
    key = drafts.begin(answers={"territory": municipality.pk, "kind": "complaint", "text": TEXT}, at=NOW)
    given: list[tuple[str, str]] = []

    def send() -> None:
        sent = drafts.send(key=key, at=NOW)
        given.append((sent.receipt.code, sent.secret))

    at_once(*[send] * 4)

    assert (len(given), len(set(given)), Complaint.objects.count()) == (4, 1, 1)
    assert given[0][1]


def test_a_reply_and_an_answer_at_once_lose_neither() -> None:
    made = complaint()
    clerk = worker(made.territory)

    at_once(
        lambda: thread.reply(complaint=made, text="Una cosa más", at=NOW),
        lambda: answers.answer(complaint=made, content=answer_content(), revision=made.revision, by=clerk, at=NOW),
    )

    kinds = set(made.entries.values_list("kind", flat=True))
    assert EntryKind.REPLY in kinds
    assert kinds & {EntryKind.ANSWER, EntryKind.UNSENT}


def test_put_in_charge_by_two_at_once_there_is_one() -> None:
    made = complaint()
    leads = [worker(made.territory, Role.COORDINATOR) for _ in range(2)]
    chosen = [worker(made.territory) for _ in range(2)]

    at_once(
        *(
            lambda lead=lead, to=to: assignments.assign(complaint=made, to=to, by=lead, at=NOW)
            for lead, to in zip(leads, chosen, strict=True)
        )
    )

    made.refresh_from_db()
    assert made.assignments.get(ended_at=None).assignee == made.owner


def test_coded_by_two_at_once_there_is_one_coding() -> None:
    made = factory.answered()
    coders = [worker(made.territory) for _ in range(3)]

    ended = at_once(
        *(lambda coder=coder: coding.code(complaint=made, cause=RootCause.SYSTEM, by=coder, at=NOW) for coder in coders)
    )

    assert ended == {"done": 1, "NotPossibleNow": 2}
    assert made.codings.count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE surveys_complaint SET text = 'otra cosa'",
        "UPDATE surveys_complaint SET about_user_id = NULL",
        "UPDATE surveys_complaint SET due_on = '2027-01-01'",
        "UPDATE surveys_complaint SET satisfaction = 7, rated_at = '2026-03-02 15:00:00+00:00'",
        "UPDATE surveys_complaintanswer SET found = 'otra cosa'",
    ],
)
def test_a_complaint_altered_by_sql_is_found(statement: str) -> None:
    from surveys.domain.complaints import settle_about

    made = complaint()
    settle_about(complaint=made, person=worker(made.territory), by=worker(made.territory, Role.DIDECO), at=NOW)
    factory.answered(made)
    intact = altered()

    with connection.cursor() as cursor:
        cursor.execute(statement)

    assert intact == []
    assert f"surveys.complaint:{made.pk}" in altered()


def altered() -> list[str]:
    return [str(found.where) for found in verify(at=NOW + timedelta(days=1)) if str(found.where).startswith("surveys.")]
