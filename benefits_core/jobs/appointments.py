"""Reminding those who are expected on the next working day, some at a time."""

from __future__ import annotations

from datetime import timedelta

from benefits_core.domain import appointments as verbs
from benefits_core.models import Appointment
from portal.foundation.jobs import domain as jobs

CHUNK = 50
# The working day before a long week of holidays is still found.
LOOK_AHEAD = timedelta(days=14)


@jobs.handler(verbs.REMIND)
def _remind(job: jobs.Job) -> jobs.Continue | None:
    today = job.moment.date()
    expected = Appointment.objects.filter(
        state="booked", day__gte=today, day__lte=today + LOOK_AHEAD, pk__gt=job.payload["after"]
    )
    rows = list(expected.select_related("territory", "service_point__territory").order_by("pk")[:CHUNK])
    for appointment in rows:
        if verbs.is_due_for_reminder(appointment, job.moment):
            verbs.remind(appointment=appointment, at=job.moment)
    if not rows:
        return None
    return jobs.Continue({"after": rows[-1].pk}, job.progress_done + len(rows), job.progress_done + expected.count())
