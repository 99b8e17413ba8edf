"""Workers' doors to the job table."""

from __future__ import annotations

import uuid

from celery import current_app, shared_task
from django.utils import timezone

from portal.foundation.jobs import domain


@shared_task(name="jobs.run_job")
def run_job(job_id: str) -> None:
    domain.run(job_id=uuid.UUID(job_id), now=timezone.now)
    if not current_app.conf.task_always_eager:
        domain.run_due(now=timezone.now)


@shared_task(name="jobs.sweep")
def sweep() -> None:
    domain.sweep(at=timezone.now())


@shared_task(name="jobs.purge")
def purge() -> None:
    domain.purge(at=timezone.now())
