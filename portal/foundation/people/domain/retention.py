"""Applying what ``privacy`` declares: every rule once a day, some rows at a time, each run on record.

The rules of this module are here too.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import QuerySet

from portal.foundation.audit.domain import record
from portal.foundation.jobs import domain as jobs
from portal.foundation.people import limits, privacy
from portal.foundation.people.domain.erasure import ANSWERABLE_FOR, pseudonymize_account
from portal.foundation.people.models import Attempt, DataExport, DataRequest, RetentionRun, User
from portal.foundation.people.models.privacy import RunState

APPLY = "people.retention"
CHUNK = 500
REQUEST_TEXTS_KEPT = timedelta(days=2 * 365)


def apply_all(*, on: date, at: datetime) -> list[jobs.Job]:
    """Ask for every rule of the day ``on``; asking twice applies them once. One that fails stops no other."""
    return [_enqueue(rule.key, None, at, f"retention:{rule.key}:{on.isoformat()}") for rule in privacy.rules()]


@transaction.atomic
def apply_now(*, by: Any, at: datetime) -> list[jobs.Job]:
    """Apply every rule without waiting for the night."""
    return [_enqueue(rule.key, by, at, f"retention:{rule.key}:{at.isoformat()}") for rule in privacy.rules()]


def delete_some(rows: QuerySet[Any], limit: int) -> int:
    """Delete at most ``limit`` rows, and return how many: a statement that locks few rows."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    rows.model._base_manager.filter(pk__in=ids).delete()
    return len(ids)


def _enqueue(key: str, by: Any, at: datetime, dedupe_key: str) -> jobs.Job:
    payload = {"rule": key, "by": getattr(by, "pk", None), "run": None}
    return jobs.enqueue(kind=APPLY, payload=payload, at=at, dedupe_key=dedupe_key, max_attempts=3)


def _end_as_failed(job: jobs.Job, at: datetime) -> None:
    if job.payload["run"]:
        RetentionRun.objects.filter(pk=job.payload["run"]).update(state=RunState.FAILED, finished_at=at)
    else:
        # It failed at its first rows, so there is no run of it yet.
        RetentionRun.objects.create(
            rule=job.payload["rule"], state=RunState.FAILED, started_at=at, finished_at=at, by_id=job.payload["by"]
        )


@jobs.handler(APPLY, on_failed=_end_as_failed)
def _apply_chunk(job: jobs.Job) -> jobs.Continue | None:
    rule = privacy.rule(job.payload["rule"])
    if rule is None:  # its module was left out since
        return None
    run = _run_of(job)
    erased = rule.apply(at=run.started_at, limit=CHUNK)
    run.erased += erased
    if erased >= CHUNK:
        run.save(update_fields=["erased"])
        return jobs.Continue({**job.payload, "run": run.pk}, run.erased, run.erased + rule.due(run.started_at))
    run.state, run.finished_at = RunState.DONE, job.moment
    run.save(update_fields=["erased", "state", "finished_at"])
    detail = {"rule": rule.key, "erased": run.erased}
    record(verb="people.apply_retention", object=run, by=run.by, at=job.moment, detail=detail)
    return None


def _run_of(job: jobs.Job) -> RetentionRun:
    if job.payload["run"]:
        return RetentionRun.objects.select_related("by").get(pk=job.payload["run"])
    by = User.objects.filter(pk=job.payload["by"]).first() if job.payload["by"] else None
    return RetentionRun.objects.create(rule=job.payload["rule"], started_at=job.moment, by=by)


# --- The rules of this module


def _old_attempts(at: datetime) -> list[QuerySet[Any]]:
    before = at - settings.SIGN_IN_RECORDS_KEPT
    records: list[type[models.Model]] = [AccessAttempt, AccessFailureLog, AccessLog]
    counters = Attempt.objects.filter(window_starts_at__lt=at - limits.KEPT)
    return [counters, *(model._default_manager.filter(attempt_time__lt=before) for model in records)]


def attempts_due(at: datetime) -> int:
    return sum(rows.count() for rows in _old_attempts(at))


def forget_attempts(*, at: datetime, limit: int) -> int:
    """Delete counters of two days ago and records of sign-ins older than SIGN_IN_RECORDS_KEPT."""
    erased = 0
    for rows in _old_attempts(at):
        erased += delete_some(rows, limit - erased) if erased < limit else 0
    return erased


def _old_sessions(at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=at)


def sessions_due(at: datetime) -> int:
    return _old_sessions(at).count()


def forget_sessions(*, at: datetime, limit: int) -> int:
    return delete_some(_old_sessions(at), limit)


def _old_copies(at: datetime) -> QuerySet[DataExport]:
    return DataExport.objects.filter(expires_at__lte=at)


def copies_due(at: datetime) -> int:
    return _old_copies(at).count()


def forget_copies(*, at: datetime, limit: int) -> int:
    return delete_some(_old_copies(at), limit)


def old_request_texts(at: datetime) -> QuerySet[DataRequest]:
    """Requests whose texts have served their purpose."""
    return DataRequest.objects.filter(closed_at__lt=at - REQUEST_TEXTS_KEPT, texts_erased_at=None)


def request_texts_due(at: datetime) -> int:
    return old_request_texts(at).count()


def _closed_long_ago(at: datetime) -> QuerySet[User]:
    return User.objects.filter(is_active=False, erased_at=None, closed_at__lt=at - ANSWERABLE_FOR)


def closed_accounts_due(at: datetime) -> int:
    return _closed_long_ago(at).count()


def pseudonymize_closed_accounts(*, at: datetime, limit: int) -> int:
    """Take name and e-mail away from accounts that closed long ago."""
    found = list(_closed_long_ago(at).order_by("pk")[:limit])
    for user in found:
        pseudonymize_account(user=user, by=None, at=at)
    return len(found)
