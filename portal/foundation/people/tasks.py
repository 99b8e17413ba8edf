"""The beat's door: every night what has served its purpose is erased."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.foundation.people.domain.retention import apply_all


@shared_task(name="people.apply_retention")
def apply_retention() -> None:
    apply_all(on=timezone.localdate(), at=timezone.now())
