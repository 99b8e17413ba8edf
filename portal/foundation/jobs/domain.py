"""Durable background work: nothing is lost, and no effect is committed twice.

The row is written in the caller's transaction. A worker claims it with a lease, does the slow part
(``prepare``: rendering, sending) outside any transaction, then writes the effect and marks the row
in **one** transaction that first checks that the lease is still its own. A worker that is killed
leaves either no effect or a finished row; the sweep gives an expired lease to another worker.
"""

from __future__ import annotations

import logging
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from portal.foundation.jobs.models import Job, JobState

logger = logging.getLogger(__name__)

FIRST_RETRY = timedelta(seconds=15)
LONGEST_RETRY = timedelta(hours=1)
ERROR_LENGTH = 2000
SWEEP_SIZE = 500
DUE_AT_ONCE = 50
KEEP_DONE = timedelta(days=30)
KEEP_FAILED = timedelta(days=180)


class LeaseLost(Exception):
    """Another worker took the job over, so this worker's effect is rolled back."""


@dataclass(frozen=True)
class Continue:
    """What a handler returns to commit this chunk and to be called again with another payload."""

    payload: dict[str, Any]
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Handler:
    """``effect(job)``, or ``effect(job, prepared)`` where there is a ``prepare(job)``."""

    effect: Callable[..., Any]
    prepare: Callable[[Job], Any] | None = None
    on_failed: Callable[[Job, datetime], None] | None = None


_HANDLERS: dict[str, Handler] = {}


def handler(
    kind: str,
    *,
    prepare: Callable[[Job], Any] | None = None,
    on_failed: Callable[[Job, datetime], None] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register what does the jobs of ``kind`` (``"module.verb"``).

    ``job.moment`` is the time of the work: pass it on as ``at``.

    :param prepare: runs first and outside any transaction, for slow work: other writers do not wait
        for it. It may run again after a crash, so it must be repeatable. Its result is the second
        argument of the handler.
    :param on_failed: called with the job and the time, in the transaction that gives it up.
    """

    def register(effect: Callable[..., Any]) -> Callable[..., Any]:
        if kind in _HANDLERS:
            raise ValueError(f"handler {kind} is registered already")
        _HANDLERS[kind] = Handler(effect, prepare, on_failed)
        return effect

    return register


def unregister(kind: str) -> None:
    """Remove a handler (for tests)."""
    _HANDLERS.pop(kind, None)


def enqueue(
    *,
    kind: str,
    payload: dict[str, Any],
    at: datetime,
    dedupe_key: str | None = None,
    not_before: datetime | None = None,
    max_attempts: int = 8,
) -> Job:
    """Write a job in the caller's transaction; it is handed to a worker when that commits.

    :param payload: ids and codes, as JSON.
    :param dedupe_key: a second call with the same key returns the first job.
    :param not_before: the earliest moment to run it; ``at`` when None.
    """
    if dedupe_key is not None:
        existing = Job.objects.filter(dedupe_key=dedupe_key).first()
        if existing:
            return existing
    due = not_before or at
    job = Job(
        kind=kind,
        payload=payload,
        dedupe_key=dedupe_key,
        not_before=due,
        max_attempts=max_attempts,
        created_at=at,
        dispatched_at=at if due <= at else None,
    )
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        # Somebody else wrote the same key between our look and our insert.
        if dedupe_key is None:
            raise
        return Job.objects.get(dedupe_key=dedupe_key)
    if job.dispatched_at:
        # robust: where the broker is away the caller's work stands, and the sweep dispatches later.
        transaction.on_commit(lambda: _dispatch(job.pk), robust=True)
    return job


def run(*, job_id: uuid.UUID, now: Callable[[], datetime]) -> None:
    """Claim the job and work on it until it is done, given back or failed.

    Does nothing where the job is not due, is held by another worker or has ended.

    :param now: the clock, asked again at each step because work takes time.
    """
    job = _claim(job_id, now())
    while job is not None:
        job = _work(job, now)


def run_due(*, now: Callable[[], datetime]) -> None:
    """Work on some of what is due, whoever was told to: a broker of files hands over 20 messages a second.

    Their own messages find them done, and do nothing.
    """
    due = Job.objects.filter(state=JobState.QUEUED, not_before__lte=now()).order_by("not_before")
    ids = list(due.values_list("pk", flat=True)[:DUE_AT_ONCE])
    # In different orders, so that two workers seldom reach for the same job.
    random.shuffle(ids)
    for job_id in ids:
        run(job_id=job_id, now=now)


def report_progress(job: Job, done: int, total: int) -> None:
    """Show how far the job is.

    Seen by others at once when called from ``prepare``; from the effect, when the chunk commits.
    """
    Job.objects.filter(pk=job.pk).update(progress_done=done, progress_total=total)
    job.progress_done, job.progress_total = done, total


def sweep(*, at: datetime) -> int:
    """Dispatch what is due and not on its way, and what a dead worker left. Returns how many."""
    stale = at - timedelta(seconds=settings.JOBS_REDISPATCH_SECONDS)
    due = Q(state=JobState.QUEUED, not_before__lte=at) & (Q(dispatched_at=None) | Q(dispatched_at__lte=stale))
    abandoned = Q(state=JobState.RUNNING, lease_until__lte=at)
    ids = list(Job.objects.filter(due | abandoned).order_by("not_before").values_list("pk", flat=True)[:SWEEP_SIZE])
    Job.objects.filter(pk__in=ids).update(dispatched_at=at)
    for job_id in ids:
        _dispatch(job_id)
    return len(ids)


def retry(*, job_id: uuid.UUID, at: datetime) -> bool:
    """Queue a failed job again, with all its attempts. False where it has not failed, or somebody was quicker."""
    queued = Job.objects.filter(pk=job_id, state=JobState.FAILED).update(
        state=JobState.QUEUED, attempts=0, not_before=at, dispatched_at=at, finished_at=None
    )
    if queued:
        transaction.on_commit(lambda: _dispatch(job_id), robust=True)
    return bool(queued)


def purge(*, at: datetime) -> int:
    """Delete jobs that ended long ago. Returns how many."""
    ended = Q(state=JobState.DONE, finished_at__lt=at - KEEP_DONE) | Q(
        state=JobState.FAILED, finished_at__lt=at - KEEP_FAILED
    )
    return Job.objects.filter(ended).delete()[0]


def _dispatch(job_id: uuid.UUID) -> None:
    from portal.foundation.jobs.tasks import run_job

    run_job.delay(str(job_id))


def _claim(job_id: uuid.UUID, at: datetime) -> Job | None:
    """Take the lease in one statement, so that of two workers only one gets it."""
    lease = uuid.uuid4()
    free = Q(state=JobState.QUEUED, not_before__lte=at) | Q(state=JobState.RUNNING, lease_until__lte=at)
    claimed = Job.objects.filter(free, pk=job_id).update(
        state=JobState.RUNNING, lease=lease, lease_until=_lease_end(at), attempts=F("attempts") + 1
    )
    if not claimed:
        return None
    job = Job.objects.get(pk=job_id)
    if job.attempts > job.max_attempts:
        # Workers died while they held it, time after time.
        _give_up(job, at, job.error or "The worker ended before the work did.")
        return None
    return job


def _work(job: Job, now: Callable[[], datetime]) -> Job | None:
    """One chunk. Returns the job where it goes on with the next chunk, else None."""
    try:
        result = _apply(job, now)
    except LeaseLost:
        logger.warning("Job %s was taken over by another worker", job)
        return None
    except Exception as error:
        logger.exception("Job %s failed at attempt %s", job, job.attempts)
        asked = getattr(error, "retry_after", None) or timedelta()
        _record_failure(job, now(), f"{type(error).__name__}: {error}"[:ERROR_LENGTH], asked)
        return None
    return job if isinstance(result, Continue) else None


def _apply(job: Job, now: Callable[[], datetime]) -> Any:
    if job.kind not in _HANDLERS:
        raise LookupError(f"no handler is registered for {job.kind}")
    work = _HANDLERS[job.kind]
    job.moment = now()
    arguments = [job, work.prepare(job)] if work.prepare else [job]
    with transaction.atomic():
        _hold(job)
        result = work.effect(*arguments)
        if isinstance(result, Continue):
            _go_on(job, result, now())
        else:
            _end(job, JobState.DONE, now())
        return result


def _hold(job: Job) -> None:
    """Lock the row for the effect's transaction, and check that the lease is still ours."""
    held = Job.objects.select_for_update().filter(pk=job.pk, state=JobState.RUNNING, lease=job.lease)
    if not held.exists():
        raise LeaseLost(str(job))


def _go_on(job: Job, chunk: Continue, at: datetime) -> None:
    job.payload = chunk.payload
    job.attempts = 1
    job.error = ""
    job.lease_until = _lease_end(at)
    if chunk.total:
        job.progress_done, job.progress_total = chunk.done, chunk.total
    job.save(update_fields=["payload", "attempts", "error", "lease_until", "progress_done", "progress_total"])


def _end(job: Job, state: JobState, at: datetime) -> None:
    job.state = state
    job.finished_at = at
    job.lease = job.lease_until = None
    job.save(update_fields=["state", "finished_at", "lease", "lease_until", "error"])


def _record_failure(job: Job, at: datetime, error: str, asked: timedelta) -> None:
    """Try again later; ``asked`` is how long whoever refused wants us to wait, and an hour is the longest."""
    if job.attempts >= job.max_attempts:
        _give_up(job, at, error)
        return
    wait = min(max(FIRST_RETRY * 2 ** (job.attempts - 1), asked), LONGEST_RETRY)
    Job.objects.filter(pk=job.pk, lease=job.lease).update(
        state=JobState.QUEUED, error=error, not_before=at + wait, lease=None, lease_until=None, dispatched_at=None
    )


def _give_up(job: Job, at: datetime, error: str) -> None:
    try:
        with transaction.atomic():
            _hold(job)
            job.error = error
            _end(job, JobState.FAILED, at)
            work = _HANDLERS.get(job.kind)
            if work and work.on_failed:
                work.on_failed(job, at)
    except LeaseLost:
        logger.warning("Job %s was taken over by another worker", job)


def _lease_end(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.JOBS_LEASE_SECONDS)
