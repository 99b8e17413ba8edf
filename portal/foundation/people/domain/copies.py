"""One's own data to take away: a job gathers it, a table keeps it for seven days."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from portal.foundation.audit.domain import record
from portal.foundation.jobs import domain as jobs
from portal.foundation.people import privacy
from portal.foundation.people.domain.mail import send_account_mail
from portal.foundation.people.errors import PeopleError
from portal.foundation.people.models import DataExport, User
from portal.foundation.people.models.privacy import ExportState
from portal.foundation.people.privacy import Subject
from portal.foundation.people.queries.privacy import Looked, all_looks, exports_of, in_words, subject_of

GATHER = "people.gather_copy"
KEPT = timedelta(days=7)
ROWS_AT_ONCE = 500


@transaction.atomic
def request_copy(*, by: User, language: str, at: datetime) -> DataExport:
    """Ask for a copy of everything that is held about ``by``; one that is on its way is not asked for twice."""
    # The lock makes two clicks wait for each other.
    User.objects.select_for_update().get(pk=by.pk)
    waiting = exports_of(by, at).filter(state=ExportState.QUEUED).first()
    if waiting is not None:
        return waiting
    export = DataExport(user=by, language=language, created_at=at, expires_at=at + KEPT)
    export.save(force_insert=True, by_verb=True)
    payload = {"export": str(export.pk)}
    jobs.enqueue(kind=GATHER, payload=payload, at=at, dedupe_key=f"copy:{export.pk}", max_attempts=3)
    record(verb="people.request_copy", object=export, by=by, at=at)
    return export


@transaction.atomic
def take_copy(*, export: DataExport, by: User, at: datetime) -> bytes:
    """The file, for its owner alone. :raises PeopleError: not ready, or its seven days are over."""
    if export.user_id != by.pk or export.state != ExportState.READY or export.expires_at <= at:
        raise PeopleError("not ready")
    record(verb="people.take_copy", object=export, by=by, at=at)
    return bytes(DataExport.objects.values_list("content", flat=True).get(pk=export.pk) or b"")


def file_of(subject: Subject, *, language: str, at: datetime, job: jobs.Job | None = None) -> bytes:
    """A zip with ``datos.json`` for programs and ``datos.html`` to read."""
    with translation.override(language):
        content = {
            "site": settings.SITE_URL,
            "taken_at": at,
            "subject": {"type": subject.label, "id": subject.id},
            "data": list(_gathered(subject, job)),
            "looks": [_look(look) for look in all_looks(subject)],
        }
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
            archive.writestr("datos.json", text)
            archive.writestr("datos.html", _page(content, language))
    return packed.getvalue()


def _page(content: dict[str, Any], language: str) -> str:
    """The same to read: dates and answers in words."""
    kinds = [
        {**kind, "rows": [[(kind["fields"][name], in_words(row[name])) for name in row] for row in kind["rows"]]}
        for kind in content["data"]
    ]
    return render_to_string("people/copy.html", {"copy": {**content, "data": kinds}, "language": language})


def _gathered(subject: Subject, job: jobs.Job | None) -> Iterator[dict[str, Any]]:
    """Each kind of data with its rows, some rows at a time; kinds of which nothing is held are left out."""
    kinds = privacy.kinds()
    for number, kind in enumerate(kinds, 1):
        rows = [
            {name: _plain(value) for name, value in kind.export(row).items()}
            for row in kind.of_person(subject).iterator(ROWS_AT_ONCE)
        ]
        if rows:
            yield {
                "key": kind.key,
                "label": str(kind.label),
                "purpose": str(kind.purpose),
                "basis": str(kind.basis),
                "kept": str(kind.kept),
                "fields": {name: str(text) for name, text in kind.fields.items()},
                "rows": rows,
            }
        if job is not None:
            jobs.report_progress(job, number, len(kinds))


def _look(look: Looked) -> dict[str, Any]:
    return {"at": look.at, "who": look.who, "purpose": look.purpose, "what": look.what}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str | date) else str(value)


def _gather(job: jobs.Job) -> tuple[DataExport, bytes] | None:
    export = DataExport.objects.defer("content").select_related("user__person__territory").get(pk=job.payload["export"])
    if export.state == ExportState.READY:
        return None
    return export, file_of(subject_of(export.user), language=export.language, at=job.moment, job=job)


def _record_failure(job: jobs.Job, at: datetime) -> None:
    DataExport.objects.filter(pk=job.payload["export"]).update(state=ExportState.FAILED, finished_at=at)


@jobs.handler(GATHER, prepare=_gather, on_failed=_record_failure)
def _store(job: jobs.Job, gathered: tuple[DataExport, bytes] | None) -> None:
    if gathered is None:
        return
    export, content = gathered
    export.content, export.size = content, len(content)
    export.state, export.finished_at, export.expires_at = ExportState.READY, job.moment, job.moment + KEPT
    export.save(by_verb=True)
    send_account_mail(template="data_copy_ready", user=export.user, at=job.moment)
