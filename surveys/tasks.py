"""What the beat asks of this module."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from surveys.domain import drafts, rounds


@shared_task(name="surveys.purge_drafts")
def purge_drafts() -> None:
    at = timezone.now()
    while drafts.purge(at=at) == drafts.PURGED_AT_ONCE:
        continue


@shared_task(name="surveys.close_rounds")
def close_rounds() -> None:
    at = timezone.now()
    while rounds.close_due(at=at) == rounds.CLOSED_AT_ONCE:
        continue
