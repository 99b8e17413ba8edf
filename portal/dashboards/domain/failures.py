"""Taking failed work up again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from portal.foundation.audit.domain import record
from portal.foundation.jobs import domain as jobs
from portal.foundation.jobs.models import Job


@transaction.atomic
def retry_job(*, job: Job, by: Any, at: datetime) -> bool:
    """Let a worker try a failed job again, with all its attempts. False where it has not failed (any more)."""
    if not jobs.retry(job_id=job.pk, at=at):
        return False
    record(verb="dashboards.retry_job", object=job, by=by, at=at, detail={"kind": job.kind})
    return True
