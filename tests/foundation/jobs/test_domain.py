"""Jobs: claimed once, committed with their effect, retried, given up, swept and purged."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction

from portal.foundation.jobs import domain
from portal.foundation.jobs.models import Job, JobState

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Clock:
    """A clock that tests set; each reading takes a second."""

    def __init__(self, now: datetime = AT) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def kind():
    """A kind of job whose handler the test registers; forgotten afterwards."""
    name = f"test.{uuid.uuid4().hex}"
    yield name
    domain.unregister(name)


@pytest.fixture
def dispatched(monkeypatch):
    """Ids that were handed to the broker, in order."""
    ids: list[uuid.UUID] = []
    monkeypatch.setattr(domain, "_dispatch", ids.append)
    return ids


def run(job: Job, clock: Clock | None = None) -> Job:
    domain.run(job_id=job.pk, now=clock or Clock())
    job.refresh_from_db()
    return job


@pytest.mark.django_db
def test_a_job_is_dispatched_when_the_caller_commits(kind, dispatched, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = domain.enqueue(kind=kind, payload={}, at=AT)
        assert dispatched == []

    assert dispatched == [job.pk]


@pytest.mark.django_db
def test_a_job_of_a_transaction_that_rolls_back_does_not_exist(kind, dispatched, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        domain.enqueue(kind=kind, payload={}, at=AT)
        raise RuntimeError

    assert dispatched == []
    assert Job.objects.count() == 0


@pytest.mark.django_db
def test_the_same_dedupe_key_gives_the_same_job(kind):
    first = domain.enqueue(kind=kind, payload={"n": 1}, at=AT, dedupe_key="once")
    second = domain.enqueue(kind=kind, payload={"n": 2}, at=AT, dedupe_key="once")

    assert second == first
    assert Job.objects.get().payload == {"n": 1}


@pytest.mark.django_db
def test_the_effect_and_the_state_are_written_together(kind):
    @domain.handler(kind)
    def effect(job):
        Job.objects.create(kind="effect", not_before=AT, created_at=AT)

    job = run(domain.enqueue(kind=kind, payload={}, at=AT))

    assert (job.state, job.attempts, job.lease, job.error) == (JobState.DONE, 1, None, "")
    assert Job.objects.filter(kind="effect").count() == 1


@pytest.mark.django_db
def test_a_failing_handler_leaves_no_effect_and_waits_longer_each_time(kind):
    @domain.handler(kind)
    def effect(job):
        Job.objects.create(kind="effect", not_before=AT, created_at=AT)
        raise ValueError("no answer")

    job = domain.enqueue(kind=kind, payload={}, at=AT, max_attempts=4)
    clock, waits = Clock(), []
    for _attempt in range(3):
        run(job, clock)
        waits.append((job.not_before - clock.now).total_seconds())
        clock.now = job.not_before

    assert (job.state, job.attempts, job.error) == (JobState.QUEUED, 3, "ValueError: no answer")
    assert all(later == 2 * earlier for earlier, later in pairwise(waits))
    assert Job.objects.filter(kind="effect").count() == 0


@pytest.mark.django_db
def test_a_job_that_keeps_failing_is_given_up_and_says_why(kind):
    told = []

    @domain.handler(kind, on_failed=lambda job, at: told.append(job.error))
    def effect(job):
        raise ValueError("no answer")

    job = run(domain.enqueue(kind=kind, payload={}, at=AT, max_attempts=1))

    assert (job.state, job.error) == (JobState.FAILED, "ValueError: no answer")
    assert told == ["ValueError: no answer"]


@pytest.mark.django_db
def test_a_job_whose_workers_keep_dying_is_given_up(kind):
    @domain.handler(kind)
    def effect(job):
        raise AssertionError("not reached")

    job = domain.enqueue(kind=kind, payload={}, at=AT, max_attempts=2)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=2, lease=uuid.uuid4(), lease_until=AT)
    run(job)

    assert (job.state, job.error) == (JobState.FAILED, "The worker ended before the work did.")


@pytest.mark.django_db
def test_a_job_without_handler_is_retried_not_lost(kind):
    job = run(domain.enqueue(kind=kind, payload={}, at=AT))

    assert job.state == JobState.QUEUED
    assert job.error.startswith("LookupError: no handler")


@pytest.mark.django_db
def test_a_job_that_is_held_done_or_not_due_is_left_alone(kind):
    calls = []
    domain.handler(kind)(calls.append)
    held = domain.enqueue(kind=kind, payload={}, at=AT)
    Job.objects.filter(pk=held.pk).update(state=JobState.RUNNING, lease_until=AT + timedelta(minutes=5))
    later = domain.enqueue(kind=kind, payload={}, at=AT, not_before=AT + timedelta(hours=1))
    done = domain.enqueue(kind=kind, payload={}, at=AT)
    Job.objects.filter(pk=done.pk).update(state=JobState.DONE)

    for job in (held, later, done):
        run(job)

    assert calls == []


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_writes_nothing(kind):
    def take_over(job):
        Job.objects.filter(pk=job.pk).update(lease=uuid.uuid4())

    @domain.handler(kind, prepare=take_over)
    def effect(job, prepared):
        Job.objects.create(kind="effect", not_before=AT, created_at=AT)

    job = run(domain.enqueue(kind=kind, payload={}, at=AT))

    assert job.state == JobState.RUNNING
    assert Job.objects.filter(kind="effect").count() == 0


@pytest.mark.django_db
def test_the_prepared_value_reaches_the_effect(kind):
    seen = []
    domain.handler(kind, prepare=lambda job: job.payload["n"] + 1)(lambda job, prepared: seen.append(prepared))

    run(domain.enqueue(kind=kind, payload={"n": 1}, at=AT))

    assert seen == [2]


@pytest.mark.django_db
def test_a_long_job_commits_chunk_by_chunk_and_resumes_where_it_was(kind):
    @domain.handler(kind)
    def effect(job):
        left = job.payload["left"]
        if left == 2 and job.attempts == 1:
            raise ConnectionError("gone")
        Job.objects.create(kind="effect", not_before=AT, created_at=AT)
        return domain.Continue({"left": left - 1}, done=4 - left, total=3) if left > 1 else None

    job = run(domain.enqueue(kind=kind, payload={"left": 3}, at=AT))
    assert (job.state, job.payload, job.progress_done, job.progress_total) == (JobState.QUEUED, {"left": 2}, 1, 3)
    run(job, Clock(job.not_before))

    assert (job.state, job.progress_done) == (JobState.DONE, 2)
    assert Job.objects.filter(kind="effect").count() == 3


@pytest.mark.django_db(transaction=True)
def test_progress_from_prepare_is_seen_while_the_job_runs(kind):
    seen = []

    def prepare(job):
        domain.report_progress(job, 3, 10)
        seen.append(Job.objects.values_list("state", "progress_done", "progress_total").get(pk=job.pk))

    domain.handler(kind, prepare=prepare)(lambda job, prepared: None)
    job = domain.enqueue(kind=kind, payload={}, at=AT, not_before=AT + timedelta(seconds=1))
    run(job, Clock(AT + timedelta(minutes=1)))

    assert seen == [(JobState.RUNNING, 3, 10)]


@pytest.mark.django_db
def test_the_sweep_dispatches_what_is_due_abandoned_or_lost_by_the_broker(kind, dispatched):
    late = AT + timedelta(hours=1)
    fresh = domain.enqueue(kind=kind, payload={}, at=late)
    future = domain.enqueue(kind=kind, payload={}, at=AT, not_before=late + timedelta(hours=1))
    postponed = domain.enqueue(kind=kind, payload={}, at=AT, not_before=AT + timedelta(minutes=5))
    lost = domain.enqueue(kind=kind, payload={}, at=AT)
    abandoned = domain.enqueue(kind=kind, payload={}, at=AT)
    Job.objects.filter(pk=abandoned.pk).update(state=JobState.RUNNING, lease_until=late)

    count = domain.sweep(at=late)
    again = domain.sweep(at=late + timedelta(seconds=10))

    assert count == 3
    assert set(dispatched[:3]) == {postponed.pk, lost.pk, abandoned.pk}
    assert fresh.pk not in dispatched
    assert future.pk not in dispatched
    # The abandoned one is offered until somebody takes it; a claim is one statement, so that is harmless.
    assert (again, dispatched[3:]) == (1, [abandoned.pk])


@pytest.mark.django_db
def test_ended_jobs_are_purged_after_their_term(kind):
    old = {"kind": kind, "not_before": AT, "created_at": AT, "finished_at": AT}
    Job.objects.create(state=JobState.DONE, **old)
    failed = Job.objects.create(state=JobState.FAILED, **old)
    waiting = Job.objects.create(state=JobState.QUEUED, kind=kind, not_before=AT, created_at=AT)

    assert domain.purge(at=AT + timedelta(days=31)) == 1
    assert set(Job.objects.all()) == {failed, waiting}


@pytest.mark.django_db
def test_a_worker_also_takes_what_else_is_due(kind):
    calls = []
    domain.handler(kind)(lambda job: calls.append(job.pk))
    due = [domain.enqueue(kind=kind, payload={}, at=AT).pk for _job in range(3)]
    domain.enqueue(kind=kind, payload={}, at=AT, not_before=AT + timedelta(hours=1))

    domain.run_due(now=Clock())
    domain.run_due(now=Clock())

    assert sorted(calls) == sorted(due)
