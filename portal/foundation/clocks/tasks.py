from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.foundation.clocks import domain


@shared_task(name="clocks.escalate")
def escalate() -> None:
    domain.escalate(at=timezone.now())
