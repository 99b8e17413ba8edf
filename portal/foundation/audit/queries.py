"""Reads of the audit trail that other modules stand on."""

from __future__ import annotations

from django.db.models import Max

from portal.foundation.audit.models import AuditEvent


def latest_event_id(territory_code: str) -> int:
    """The newest event of a territory; 0 without any. One index look-up.

    Every write is an event, so whatever is drawn from a territory's rows may be kept under this
    number: it is drawn anew as soon as something was written there.
    """
    return AuditEvent.objects.filter(territory_code=territory_code).aggregate(latest=Max("id"))["latest"] or 0
