"""What the beat starts for the first screens."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.dashboards.domain import reminders


@shared_task(name="dashboards.remind")
def remind() -> None:
    reminders.remind_everybody(on=timezone.localdate(), at=timezone.now())
