from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.foundation.files import domain


@shared_task(name="files.purge_orphans")
def purge_orphans() -> None:
    domain.purge_orphans(at=timezone.now())
