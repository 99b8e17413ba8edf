"""Writing a copy of the register, in bounded memory and with progress."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils import translation

from benefits_core.domain.exports import WRITE
from benefits_core.exports.attentions import RELATED, columns
from benefits_core.models import Attention, AttentionExport
from benefits_core.queries.attentions import AttentionFilter, attentions
from portal.foundation.jobs import domain as jobs
from portal.foundation.reporting.spreadsheets import safe_cell

CHUNK = 2000
# A sheet of a spreadsheet holds 1,048,576 rows; the rest goes on in the next sheet.
ROWS_A_SHEET = 1_000_000

Rows = Iterator[list[Any]]


def _write(job: jobs.Job) -> tuple[AttentionExport, Path, int] | None:
    """The slow part, outside any transaction. The file lies beside the store until the effect keeps it."""
    export = AttentionExport.objects.select_related("territory").filter(pk=job.payload["export"]).first()
    if export is None or export.state == AttentionExport.State.READY:
        return None
    found = attentions(export.territory, AttentionFilter.from_data(export.wanted)).select_related(*RELATED)
    total = found.order_by().count()
    with translation.override(export.language):
        cells = columns(export.territory.zone)
        path = Path(tempfile.mkstemp(suffix=f".{export.format}")[1])
        writer = _write_csv if export.format == AttentionExport.Format.CSV else _write_xlsx
        rows = _rows(found, list(cells.values()), lambda done: jobs.report_progress(job, done, total))
        count = writer(path, list(cells), rows)
    return export, path, count


def _rows(found: Any, cells: list[Callable[[Attention], Any]], tell: Callable[[int], None]) -> Rows:
    for number, attention in enumerate(found.iterator(CHUNK), start=1):
        if number % CHUNK == 0:
            tell(number)
        yield [safe_cell(cell(attention)) for cell in cells]


def _write_csv(path: Path, header: list[str], rows: Rows) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _write_xlsx(path: Path, header: list[str], rows: Rows) -> int:
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    count = 0
    for row in rows:
        if count % ROWS_A_SHEET == 0:
            sheet = workbook.create_sheet(str(count // ROWS_A_SHEET + 1))
            sheet.freeze_panes = "A2"
            sheet.append(header)
        sheet.append(row)
        count += 1
    if count == 0:
        workbook.create_sheet("1").append(header)
    workbook.save(path)
    return count


def _record_failure(job: jobs.Job, at: datetime) -> None:
    AttentionExport.objects.filter(pk=job.payload["export"]).update(state=AttentionExport.State.FAILED, finished_at=at)


@jobs.handler(WRITE, prepare=_write, on_failed=_record_failure)
def _keep(job: jobs.Job, written: tuple[AttentionExport, Path, int] | None) -> None:
    if written is None:
        return
    export, path, count = written
    with path.open("rb") as file:
        export.content.save(path.name, File(file), save=False)
    export.rows, export.size = count, export.content.size
    export.state, export.finished_at = AttentionExport.State.READY, job.moment
    export.save(update_fields=["content", "rows", "size", "state", "finished_at"])
    path.unlink()
