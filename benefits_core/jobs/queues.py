"""Closing the days of queues, some numbers at a time: a worker that is killed leaves a smaller rest."""

from __future__ import annotations

from datetime import date

from benefits_core.domain import queue_days
from benefits_core.models import Queue
from portal.foundation.jobs import domain as jobs

CHUNK = 50


@jobs.handler(queue_days.CLOSE)
def _close(job: jobs.Job) -> jobs.Continue | None:
    queue = Queue.objects.select_related("service_point__territory").get(pk=job.payload["queue"])
    closed = queue_days.close_some(queue=queue, day=date.fromisoformat(job.payload["day"]), at=job.moment, limit=CHUNK)
    if closed < CHUNK:
        return None
    return jobs.Continue(job.payload, job.progress_done + closed, job.progress_done + closed + 1)
