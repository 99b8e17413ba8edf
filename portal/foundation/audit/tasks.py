from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from portal.foundation.audit import domain, verification

logger = logging.getLogger(__name__)


@shared_task(name="audit.seal_events")
def seal_events() -> None:
    domain.seal(at=timezone.now())


@shared_task(name="audit.publish_head")
def publish_head() -> None:
    domain.publish_head(on=timezone.localdate(), at=timezone.now())


@shared_task(name="audit.verify")
def verify() -> None:
    for finding in verification.verify(at=timezone.now()):
        logger.error("Audit: %s", finding)
