"""What the beat starts: procedures that end, old copies, reminders, queues."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from benefits_core.domain import appointments, exports, procedures, queue_days, terms


@shared_task(name="benefits_core.retire_ended")
def retire_ended() -> None:
    at = timezone.now()
    procedures.retire_ended(at=at)
    terms.retire_ended_terms(at=at)


@shared_task(name="benefits_core.purge_exports")
def purge_exports() -> None:
    exports.purge_exports(at=timezone.now())


@shared_task(name="benefits_core.remind_appointments")
def remind_appointments() -> None:
    appointments.remind_tomorrow(at=timezone.now())


@shared_task(name="benefits_core.close_queues")
def close_queues() -> None:
    queue_days.close_past(at=timezone.now())
