"""Files of queue machines: uploaded, read, mapped, recorded in chunks, and undone while nothing leans on them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from benefits_core.domain.attentions import AttentionContent, record_many
from benefits_core.domain.tallies import Tally
from benefits_core.enums import IMPORT_TRANSITIONS, AttentionSource, Channel, ImportState, Outcome
from benefits_core.errors import ClosedToChange, InvalidContent
from benefits_core.models import (
    Attention,
    AttentionChange,
    AttentionImport,
    ImportMapping,
    Matter,
    RejectedRow,
)
from benefits_core.queries.queue_imports import (
    FIELDS,
    Line,
    guessed_columns,
    guessed_matters,
    guessed_order,
    guessed_outcomes,
    mapping_of,
    values_of,
)
from portal.foundation.audit.domain import record
from portal.foundation.files import inspection
from portal.foundation.files.inspection import FileRefused
from portal.foundation.jobs import domain as jobs
from portal.foundation.territories.models import ServicePoint

READ, RUN, UNDO = (f"benefits_core.{verb}_import" for verb in ("read", "run", "undo"))
ENDINGS = {"csv", "txt", "xlsx"}
KEPT = timedelta(days=30)
CHANNELS = {
    ServicePoint.Kind.OFFICE: Channel.COUNTER,
    ServicePoint.Kind.OUTREACH: Channel.OUTREACH,
    ServicePoint.Kind.VIRTUAL: Channel.VIRTUAL,
    ServicePoint.Kind.TELEPHONE: Channel.TELEPHONE,
}


@transaction.atomic
def upload_file(*, service_point: ServicePoint, upload: UploadedFile, by: Any, at: datetime) -> AttentionImport:
    """Take a file in; a job reads it.

    :raises FileRefused: neither csv nor xlsx, too large, or an xlsx that holds programs or a bomb.
    """
    name = inspection.clean_name(upload.name or "")
    ending = name.rpartition(".")[2]
    if ending not in ENDINGS:
        raise FileRefused(_("Send the file of the queue machine as csv or xlsx."))
    inspection.check_size(upload.size or 0)
    if ending == "xlsx":
        inspection.inspect(cast("Any", upload.file), name)
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    batch = AttentionImport(
        service_point=service_point,
        territory=service_point.territory,
        file_name=name,
        sha256=digest.hexdigest(),
        uploaded_by=by,
        uploaded_at=at,
    )
    upload.seek(0)
    batch.content.save(name, upload, save=False)
    batch.save(force_insert=True)
    _enqueue(READ, batch, at)
    detail = {"sha256": batch.sha256, "size": upload.size}
    record(verb="benefits_core.upload_import", object=batch, by=by, at=at, territory=batch.territory, detail=detail)
    return batch


@transaction.atomic
def keep_reading(
    *,
    batch: AttentionImport,
    rows: File[bytes],
    header: Sequence[str],
    sample: Sequence[Sequence[str]],
    count: int,
    encoding: str,
    separator: str,
    by: Any = None,
    at: datetime,
) -> AttentionImport:
    """Keep what the job read: the rows instead of the file, and what the columns seem to be."""
    batch = _locked(batch)
    _move(batch, ImportState.READ)
    batch.content.delete(save=False)
    batch.content.save("rows", rows, save=False)
    batch.header, batch.sample, batch.rows = list(header), [list(row) for row in sample], count
    batch.encoding, batch.separator = encoding, separator
    known = mapping_of(batch.service_point)
    fits = known is not None and set(known.columns.values()) <= set(batch.header)
    batch.columns = dict(known.columns) if known and fits else guessed_columns(batch.header)
    batch.date_order = known.date_order if known and fits else guessed_order(batch, batch.columns)
    batch.save()
    detail = {"rows": count, "columns": len(batch.header)}
    record(verb="benefits_core.read_import", object=batch, by=by, at=at, territory=batch.territory, detail=detail)
    return batch


@transaction.atomic
def refuse_file(*, batch: AttentionImport, problem: str, by: Any = None, at: datetime) -> AttentionImport:
    """The job could not read it; the words say why."""
    batch = _locked(batch)
    _move(batch, ImportState.REFUSED)
    batch.problem, batch.finished_at = problem[:300], at
    batch.content.delete(save=False)
    batch.save()
    record(verb="benefits_core.refuse_import", object=batch, by=by, at=at, territory=batch.territory)
    return batch


@transaction.atomic
def choose_columns(
    *, batch: AttentionImport, columns: Mapping[str, str], date_order: str, by: Any, at: datetime
) -> AttentionImport:
    """Say which column holds what. The values of matter and outcome are asked next.

    :param columns: field of :data:`FIELDS` → heading.
    :raises InvalidContent: no number, no time, one column for two fields, or a heading that is not there.
    """
    batch = _locked(batch)
    _move(batch, ImportState.READ)
    chosen = {name: column for name, column in columns.items() if column}
    if set(chosen) - set(FIELDS) or set(chosen.values()) - set(batch.header):
        raise InvalidContent(_("Choose one of the options shown."))
    if "number" not in chosen:
        raise InvalidContent(_("Choose the column of the number: by it no row is recorded twice."), "number")
    if not {"arrived_at", "called_at"} & set(chosen):
        raise InvalidContent(_("Choose the column of the arrival, or that of the call."), "arrived_at")
    for name, column in chosen.items():
        if list(chosen.values()).count(column) > 1:
            raise InvalidContent(_("Two fields cannot be read from one column."), name)
    if date_order not in ("dmy", "mdy"):
        raise InvalidContent(_("Choose one of the options shown."), "date_order")
    batch.columns, batch.date_order = chosen, date_order
    batch.values = values_of(batch, chosen)
    known = mapping_of(batch.service_point)
    texts = batch.values.get("matter", {"": batch.rows})
    offered = set(Matter.objects.offered_in(batch.territory).values_list("pk", flat=True))
    earlier = {text: pk for text, pk in (known.matters if known else {}).items() if text in texts and pk in offered}
    batch.matters = {**guessed_matters(texts, batch.territory), **earlier}
    outcomes = batch.values.get("outcome", {})
    told = {text: code for text, code in (known.outcomes if known else {}).items() if text in outcomes}
    batch.outcomes = {**guessed_outcomes(outcomes), **told}
    batch.save()
    record(verb="benefits_core.map_import", object=batch, by=by, at=at, territory=batch.territory)
    return batch


@transaction.atomic
def choose_values(
    *,
    batch: AttentionImport,
    matters: Mapping[str, Matter],
    outcomes: Mapping[str, str],
    by: Any,
    at: datetime,
) -> AttentionImport:
    """Say which matter and outcome each text means; kept for the next file of this service point.

    :param matters: text of the column → matter; the text "" where the file has no such column.
    :raises InvalidContent: an outcome that is not known.
    """
    batch = _locked(batch)
    _move(batch, ImportState.CHECKED)
    if set(outcomes.values()) - set(Outcome.values):
        raise InvalidContent(_("Choose one of the options shown."))
    batch.matters = {text: matter.pk for text, matter in matters.items()}
    batch.outcomes = dict(outcomes)
    batch.save()
    known = mapping_of(batch.service_point)
    ImportMapping.objects.update_or_create(
        service_point=batch.service_point,
        defaults={
            "columns": batch.columns,
            "date_order": batch.date_order,
            "matters": {**(known.matters if known else {}), **batch.matters},
            "outcomes": {**(known.outcomes if known else {}), **batch.outcomes},
            "saved_by": by,
            "saved_at": at,
        },
    )
    record(verb="benefits_core.map_import", object=batch, by=by, at=at, territory=batch.territory)
    return batch


@transaction.atomic
def run_import(*, batch: AttentionImport, by: Any, at: datetime) -> AttentionImport:
    """Record the rows, in a job. What was interrupted goes on: rows that are there are passed over."""
    batch = _locked(batch)
    _move(batch, ImportState.RUNNING)
    if not batch.content:
        raise ClosedToChange(_("The file was deleted after a month. Upload it again."))
    RejectedRow.objects.filter(batch=batch).delete()
    batch.recorded = batch.attentions.count()
    batch.repeated = batch.rejected = 0
    batch.save()
    _enqueue(RUN, batch, at)
    record(verb="benefits_core.run_import", object=batch, by=by, at=at, territory=batch.territory)
    return batch


@transaction.atomic
def record_chunk(
    *, batch: AttentionImport, lines: Sequence[Line], cells: Sequence[Mapping[str, str]], by: Any, at: datetime
) -> AttentionImport:
    """Write some rows: the good ones that are not there yet as attentions, the bad ones with what is wrong.

    :param cells: the mapped cells of each line, kept for those that are rejected.
    """
    batch = _locked(batch)
    matters = Matter.objects.in_bulk({line.read.matter_id for line in lines if line.read})
    good = [line.read for line in lines if line.read]
    numbers = [row.external_id for row in good]
    there = set(
        Attention.objects.filter(service_point=batch.service_point, external_id__in=numbers).values_list(
            "external_id", flat=True
        )
    )
    contents = []
    for row in good:
        if row.external_id in there:
            continue
        there.add(row.external_id)
        contents.append(
            AttentionContent(
                service_point=batch.service_point,
                channel=CHANNELS[ServicePoint.Kind(batch.service_point.kind)],
                matter=matters[row.matter_id],
                outcome=row.outcome,
                ended_at=min(row.ended_at, at),
                wait_minutes=row.wait_minutes,
                service_minutes=row.service_minutes,
                preferential=row.preferential,
                external_id=row.external_id,
                arrived_at=row.arrived_at,
            )
        )
    if contents:
        record_many(
            territory=batch.territory, contents=contents, source=AttentionSource.IMPORT, batch=batch, by=by, at=at
        )
    rejected = [
        RejectedRow(
            batch=batch,
            number=line.number,
            cells=dict(own),
            problems=[{"field": each.field, "text": each.text} for each in line.problems],
        )
        for line, own in zip(lines, cells, strict=True)
        if line.read is None
    ]
    RejectedRow.objects.bulk_create(rejected)
    batch.recorded += len(contents)
    batch.repeated += len(good) - len(contents)
    batch.rejected += len(rejected)
    batch.save(update_fields=["recorded", "repeated", "rejected"])
    return batch


@transaction.atomic
def finish_import(*, batch: AttentionImport, by: Any = None, at: datetime) -> AttentionImport:
    """Every row was looked at: the file goes."""
    batch = _locked(batch)
    _move(batch, ImportState.DONE)
    batch.finished_at = at
    batch.content.delete(save=False)
    batch.save()
    detail = {name: getattr(batch, name) for name in ("recorded", "repeated", "rejected")}
    record(verb="benefits_core.finish_import", object=batch, by=by, at=at, territory=batch.territory, detail=detail)
    return batch


@transaction.atomic
def interrupt_import(*, batch: AttentionImport, by: Any = None, at: datetime) -> AttentionImport:
    """The job gave up: what was recorded stays until somebody goes on or undoes it."""
    batch = _locked(batch)
    _move(batch, ImportState.FAILED)
    batch.save(update_fields=["state"])
    record(verb="benefits_core.interrupt_import", object=batch, by=by, at=at, territory=batch.territory)
    return batch


@transaction.atomic
def undo_import(*, batch: AttentionImport, by: Any, at: datetime) -> AttentionImport:
    """Take every attention of the file out of the register, in a job.

    :raises ClosedToChange: one of them was corrected or declared void, or something else points at it.
    """
    batch = _locked(batch)
    _move(batch, ImportState.UNDOING)
    if is_used(batch):
        raise ClosedToChange(
            _("Some of its attentions were corrected or are used already. Declare void those that are wrong.")
        )
    batch.undone_by, batch.undone_at = by, at
    batch.save()
    _enqueue(UNDO, batch, at)
    record(verb="benefits_core.undo_import", object=batch, by=by, at=at, territory=batch.territory)
    return batch


@transaction.atomic
def remove_chunk(*, batch: AttentionImport, limit: int) -> int:
    """Delete at most ``limit`` attentions of an import that is being undone; returns how many."""
    rows = list(batch.attentions.order_by("pk")[:limit])
    Tally().take_out(rows).write()
    Attention.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


@transaction.atomic
def finish_undoing(*, batch: AttentionImport, by: Any = None, at: datetime) -> AttentionImport:
    """Nothing of the file is left in the register."""
    batch = _locked(batch)
    _move(batch, ImportState.UNDONE)
    batch.finished_at = at
    batch.rejected_rows.all().delete()
    if batch.content:
        batch.content.delete(save=False)
    batch.save()
    record(verb="benefits_core.finish_undoing", object=batch, by=by, at=at, territory=batch.territory)
    return batch


@transaction.atomic
def discard_import(*, batch: AttentionImport, by: Any, at: datetime) -> AttentionImport:
    """Give a file up before any of it was recorded."""
    batch = _locked(batch)
    _move(batch, ImportState.DISCARDED)
    batch.finished_at = at
    batch.content.delete(save=False)
    batch.save()
    record(verb="benefits_core.discard_import", object=batch, by=by, at=at, territory=batch.territory)
    return batch


def is_used(batch: AttentionImport) -> bool:
    """Does anything lean on an attention of this file: a correction, a reason, or a row of another table?"""
    if batch.attentions.filter(voided_at__isnull=False).exists():
        return True
    if AttentionChange.objects.filter(attention__batch=batch).exists():
        return True
    for relation in Attention._meta.related_objects:
        if relation.related_model is not AttentionChange:
            pointing = relation.related_model._base_manager.filter(**{f"{relation.field.name}__batch": batch})
            if pointing.exists():
                return True
    return False


def count_due(at: datetime) -> int:
    """How many files and rejected rows have to go."""
    old = AttentionImport.objects.filter(uploaded_at__lt=at - KEPT)
    return _old_files(at).count() + RejectedRow.objects.filter(batch__in=old).count()


@transaction.atomic
def purge_imports(*, at: datetime, limit: int) -> int:
    """Forget at most ``limit`` files and rejected rows a month after they came; returns how many.

    The import's own numbers stay.
    """
    old = AttentionImport.objects.filter(uploaded_at__lt=at - KEPT)
    rows = list(RejectedRow.objects.filter(batch__in=old).order_by("pk").values_list("pk", flat=True)[:limit])
    RejectedRow.objects.filter(pk__in=rows).delete()
    files = list(_old_files(at).order_by("uploaded_at")[: limit - len(rows)])
    for batch in files:
        batch.content.delete(save=False)
        batch.sample, batch.values = [], {}
        batch.save(update_fields=["content", "sample", "values"])
    return len(rows) + len(files)


def _old_files(at: datetime) -> QuerySet[AttentionImport]:
    old = AttentionImport.objects.filter(uploaded_at__lt=at - KEPT).exclude(content="")
    return old.exclude(state__in=[ImportState.RUNNING, ImportState.UNDOING])


def _enqueue(kind: str, batch: AttentionImport, at: datetime) -> None:
    key = f"{kind}:{batch.pk}:{at.isoformat()}"
    job = jobs.enqueue(kind=kind, payload={"import": str(batch.pk)}, at=at, dedupe_key=key, max_attempts=3)
    batch.job_id = job.pk
    batch.save(update_fields=["job_id"])


def _locked(batch: AttentionImport) -> AttentionImport:
    rows = AttentionImport.objects.select_for_update(of=("self",))
    return rows.select_related("territory", "service_point__territory").get(pk=batch.pk)


def _move(batch: AttentionImport, state: ImportState) -> None:
    if state not in IMPORT_TRANSITIONS[batch.state]:
        raise ClosedToChange(
            _("The file is «%(state)s», so this is not possible now.") % {"state": batch.get_state_display()}
        )
    batch.state = state
