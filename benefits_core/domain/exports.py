"""A copy of the register for a spreadsheet: asked for here, written by a job, deleted some days later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from benefits_core.models import AttentionExport
from portal.foundation.audit.domain import record
from portal.foundation.jobs import domain as jobs
from portal.foundation.territories.models import Territory

WRITE = "benefits_core.write_export"
KEPT = timedelta(days=7)


@transaction.atomic
def request_export(
    *, territory: Territory, wanted: dict[str, Any], format: str, language: str, by: Any, at: datetime
) -> AttentionExport:
    """Ask for the attentions of ``territory`` that match ``wanted``, the data of the list's filter."""
    export = AttentionExport.objects.create(
        territory=territory,
        wanted=wanted,
        format=AttentionExport.Format(format),
        language=language,
        asked_by=by,
        asked_at=at,
    )
    job = jobs.enqueue(
        kind=WRITE, payload={"export": str(export.pk)}, at=at, dedupe_key=f"export:{export.pk}", max_attempts=3
    )
    export.job_id = job.pk
    export.save(update_fields=["job_id"])
    record(verb="benefits_core.request_export", object=export, by=by, at=at, territory=territory)
    return export


@transaction.atomic
def record_download(*, export: AttentionExport, by: Any, at: datetime) -> None:
    """Note who took a copy."""
    record(verb="benefits_core.download_export", object=export, by=by, at=at, territory=export.territory)


def purge_exports(*, at: datetime) -> int:
    """Delete copies that were asked for more than a week ago, bytes and row. Returns how many."""
    old = AttentionExport.objects.filter(asked_at__lt=at - KEPT)
    count = 0
    for export in old.iterator():
        if export.content:
            export.content.delete(save=False)
        export.delete()
        count += 1
    return count
