"""Every rule once a day, some rows at a time, with a record; one that fails stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from axes.models import AccessLog
from django.contrib.sessions.models import Session

from portal.foundation.audit.domain import seal
from portal.foundation.audit.models import AuditEvent
from portal.foundation.audit.verification import Problem, verify
from portal.foundation.jobs import domain as jobs
from portal.foundation.jobs.models import Job
from portal.foundation.messages import domain as messages
from portal.foundation.messages.models import Message
from portal.foundation.people import privacy
from portal.foundation.people.domain import copies, requests, retention
from portal.foundation.people.domain.users import deactivate_user
from portal.foundation.people.models import Attempt, DataExport, DataRequest, RetentionRun, User
from portal.foundation.people.privacy import Retention
from portal.foundation.people.queries.privacy import retention_overview, subject_of
from portal.foundation.people.roles import Role
from portal.foundation.receipts import domain as receipts
from portal.foundation.receipts.models import Receipt
from tests.factories.people import UserFactory, user_with_role
from tests.factories.receipts import issued
from tests.factories.territories import CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
LONG_AGO = AT - timedelta(days=6 * 365)


@pytest.fixture
def apply() -> Callable[..., None]:
    """Apply every rule as the beat does, at ``AT`` or later."""

    def run(at: datetime = AT) -> None:
        for job in retention.apply_all(on=at.date(), at=at):
            jobs.run(job_id=job.pk, now=lambda: at)

    return run


def runs() -> dict[str, tuple[str, int]]:
    """How the foundation's own rules ran; modules above have more."""
    return {
        run.rule: (run.state, run.erased)
        for run in RetentionRun.objects.all()
        if run.rule.startswith(("people.", "messages.", "receipts."))
    }


def test_what_has_served_its_purpose_goes_and_the_rest_stays(apply: Callable[..., None]) -> None:
    owner = UserFactory()
    for days in (1, 3):
        Attempt.objects.create(key=str(days), window_starts_at=AT - timedelta(days=days), count=1)
    for days in (10, 40):
        row = AccessLog.objects.create(username="x", user_agent="x")
        AccessLog.objects.filter(pk=row.pk).update(attempt_time=AT - timedelta(days=days))
    for days in (-1, 1):
        Session.objects.create(session_key=f"s{days}", session_data="x", expire_date=AT - timedelta(days=days))
    for days in (30, 400):
        messages.send(
            to=owner, template="reminder", context={"count": 2}, dedupe_key=str(days), at=AT - timedelta(days=days)
        )
    Message.objects.update(state="sent")
    copies.request_copy(by=owner, language="es", at=AT - timedelta(days=8))
    given = issued(contact="rosa@example.cl", at=LONG_AGO)
    receipts.notify(receipt=given.receipt, template="receipt_news", context={}, dedupe_key="n", at=AT)
    receipts.close(receipt=given.receipt, at=LONG_AGO)
    answered = requests.open_request(
        subject=subject_of(owner), kind="objection", text="No me escriban", by=owner, at=LONG_AGO
    )
    requests.answer_request(request=answered, grant=True, answer="No más", by=_national(), at=LONG_AGO)

    apply()

    expected = {
        "people.attempts": ("done", 2),
        "people.sessions": ("done", 1),
        "people.copies": ("done", 1),
        "messages.texts": ("done", 1),
        "receipts.contacts": ("done", 1),
        "people.request_texts": ("done", 1),
        "people.closed_accounts": ("done", 0),
    }
    # Modules above have rules of their own.
    assert {key: run for key, run in runs().items() if key in expected} == expected
    assert (Attempt.objects.count(), AccessLog.objects.count(), Session.objects.count()) == (1, 1, 1)
    assert DataExport.objects.count() == 0
    assert {message.dedupe_key: bool(message.body) for message in Message.objects.all()} == {
        "30": True,
        "400": False,
        f"receipt:{given.receipt.pk}:n": False,
    }
    assert Receipt.objects.get().contact == ""
    request = DataRequest.objects.get()
    assert (request.text, request.answer, request.texts_erased_at, request.outcome) == ("", "", AT, "done")
    events = AuditEvent.objects.filter(verb="people.apply_retention")
    told = {event.detail["rule"]: event.detail["erased"] for event in events}
    assert {rule: told[rule] for rule in runs()} == {rule: erased for rule, (_state, erased) in runs().items()}
    seal(at=AT)
    assert {finding.problem for finding in verify(at=AT)} <= {Problem.OBJECT_UNRECORDED}  # the factory's roles


def _national() -> User:
    return user_with_role(Role.NATIONAL_TEAM, CountryFactory())


def test_the_same_day_applies_them_once(apply: Callable[..., None]) -> None:
    apply()
    apply()

    assert RetentionRun.objects.count() == len(privacy.rules())


def test_closed_accounts_lose_their_name_after_five_years(apply: Callable[..., None]) -> None:
    place, by = MunicipalityFactory(), _national()
    old, recent = (user_with_role(Role.TEAM_MEMBER, place, user=UserFactory(name=name)) for name in ("Ana", "Eva"))
    for user, at in ((old, LONG_AGO), (recent, AT - timedelta(days=30))):
        deactivate_user(user=user, reason="Se fue", on=at.date(), by=by, at=at)

    apply()

    assert [str(user) for user in (User.objects.get(pk=old.pk), User.objects.get(pk=recent.pk))] == [
        f"Cuenta borrada {old.pk}",
        "Eva",
    ]
    assert AuditEvent.objects.filter(verb="people.erase_account", by_user_id=None).count() == 1
    seal(at=AT)
    assert {finding.problem for finding in verify(at=AT)} <= {Problem.OBJECT_UNRECORDED}  # the factory's roles


@pytest.fixture
def rule() -> Iterator[Callable[[Callable[..., int], Callable[[datetime], int]], Retention]]:
    """Declare a rule of the test's own, and forget it afterwards."""

    def declare(apply: Callable[..., int], due: Callable[[datetime], int]) -> Retention:
        declared = Retention("test.rule", "Regla", "Un día", "Ley", due, apply)
        privacy.register_retention(declared)
        return declared

    yield declare
    privacy.unregister("test.rule")


def test_many_rows_go_some_at_a_time(rule: Any, apply: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "CHUNK", 10)
    left, chunks = [35], []

    def erase(*, at: datetime, limit: int) -> int:
        erased = min(limit, left[0])
        left[0] -= erased
        chunks.append(erased)
        return erased

    rule(erase, lambda at: left[0])
    apply()

    run = RetentionRun.objects.get(rule="test.rule")
    job = Job.objects.get(dedupe_key__startswith="retention:test.rule")
    assert chunks == [10, 10, 10, 5]
    assert (run.state, run.erased, job.state, job.progress_done) == ("done", 35, "done", 30)


def test_one_that_fails_is_shown_and_stops_no_other(rule: Any, apply: Callable[..., None]) -> None:
    def fail(*, at: datetime, limit: int) -> int:
        raise RuntimeError("lost")

    rule(fail, lambda at: 3)
    apply()
    job = Job.objects.get(dedupe_key__startswith="retention:test.rule")
    for _attempt in range(2):
        job.refresh_from_db()
        jobs.run(job_id=job.pk, now=lambda: job.not_before)

    states = {state.rule.key: state for state in retention_overview(AT)}
    assert (states["test.rule"].last.state, states["test.rule"].due) == ("failed", 3)
    assert {run.state for run in RetentionRun.objects.exclude(rule="test.rule")} == {"done"}


def test_deleting_some_takes_no_more_than_some() -> None:
    for number in range(5):
        Attempt.objects.create(key=str(number), window_starts_at=AT, count=1)

    assert [retention.delete_some(Attempt.objects.all(), 2) for _time in range(4)] == [2, 2, 1, 0]


def test_a_key_names_one_rule(rule: Any) -> None:
    rule(lambda **_given: 0, lambda at: 0)

    with pytest.raises(ValueError, match="already"):
        rule(lambda **_given: 0, lambda at: 0)


def test_the_overview_counts_the_last_year(apply: Callable[..., None]) -> None:
    RetentionRun.objects.create(
        rule="people.copies", state="done", erased=7, started_at=AT - timedelta(days=30), finished_at=AT
    )
    RetentionRun.objects.create(rule="people.copies", state="done", erased=9, started_at=LONG_AGO, finished_at=AT)
    apply()

    state = {state.rule.key: state for state in retention_overview(AT)}["people.copies"]
    assert (state.erased_in_a_year, state.last.erased, state.due) == (7, 0, 0)
    assert state.last.started_at.date() == date(2026, 3, 2)
