"""Reading, recording and undoing files of queue machines, in chunks and with progress."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _

from benefits_core import queue_files
from benefits_core.domain import queue_imports as verbs
from benefits_core.models import AttentionImport
from benefits_core.queries.queue_imports import Line, Reader, rows_from
from benefits_core.queue_files import UnreadableFile
from portal.foundation.jobs import domain as jobs

CHUNK = 500
MOST_ROWS = 200_000
SAMPLE = 5


@dataclass(frozen=True)
class Read:
    """What the slow part of reading left on the disk."""

    path: Path
    header: list[str]
    sample: list[list[str]]
    count: int
    encoding: str
    separator: str


# --- Reading


def _read(job: jobs.Job) -> Read | str | None:
    """The rows of the file, or why there are none; None where somebody gave it up meanwhile."""
    batch = _batch(job)
    if batch.state != "reading":
        return None
    try:
        if batch.file_name.endswith(".xlsx"):
            return _spooled(_sheet_rows(batch), "xlsx", "")
        with batch.content.open("rb") as file:
            text, encoding = queue_files.decode(file.read())
        separator = queue_files.separator_of(text)
        return _spooled(queue_files.rows_of_text(text, separator), encoding, separator)
    except UnreadableFile as refused:
        return _in_words(refused)


def _sheet_rows(batch: AttentionImport) -> Iterator[Sequence[object]]:
    from openpyxl import load_workbook

    with batch.content.open("rb") as file:
        try:
            workbook = load_workbook(file, read_only=True, keep_links=False)
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its own size is not to be trusted
        except Exception:
            # The library raises many kinds for damaged input; to the sender they are one.
            raise UnreadableFile("binary") from None
        yield from sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2)


def _spooled(rows: Any, encoding: str, separator: str) -> Read:
    """Write the rows to a file of their own, one a line, so that a chunk begins where the last one ended."""
    found = queue_files.table(rows)
    header = next(found)
    sample: list[list[str]] = []
    count = 0
    path = Path(tempfile.mkstemp(suffix=".jsonl")[1])
    with path.open("w", encoding="utf-8") as file:
        for row in found:
            count += 1
            if count > MOST_ROWS:
                path.unlink()
                raise UnreadableFile("long")
            if len(sample) < SAMPLE:
                sample.append(row)
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    if count == 0:
        path.unlink()
        raise UnreadableFile("empty")
    return Read(path, header, sample, count, encoding, separator)


def _in_words(refused: UnreadableFile) -> str:
    words = {
        "binary": _("This is not a table of text. Export it again as csv or xlsx."),
        "empty": _("The file has no rows below its headings."),
        "wide": _("Row %(row)s has too many columns.") % {"row": refused.row},
        "formula": _("Row %(row)s has a formula. Paste the sheet as values and send it again.") % {"row": refused.row},
        "long": _("The file has more than %(rows)s rows. Send it in parts.") % {"rows": MOST_ROWS},
    }
    return words[refused.code]


def _reading_failed(job: jobs.Job, at: datetime) -> None:
    verbs.refuse_file(batch=_batch(job), problem=_("We could not read the file. Export it again."), at=at)


@jobs.handler(verbs.READ, prepare=_read, on_failed=_reading_failed)
def _keep(job: jobs.Job, read: Read | str | None) -> None:
    if read is None:
        return
    if isinstance(read, str):
        verbs.refuse_file(batch=_batch(job), problem=read, at=job.moment)
        return
    with read.path.open("rb") as file:
        verbs.keep_reading(
            batch=_batch(job),
            rows=File(file),
            header=read.header,
            sample=read.sample,
            count=read.count,
            encoding=read.encoding,
            separator=read.separator,
            at=job.moment,
        )
    read.path.unlink()


# --- Recording


@dataclass(frozen=True)
class Chunk:
    lines: list[Line]
    cells: list[dict[str, str]]
    offset: int


def _next_chunk(job: jobs.Job) -> Chunk:
    """Some rows, looked at outside any transaction."""
    batch = _batch(job)
    reader = Reader(batch, job.moment)
    offset, number = job.payload.get("offset", 0), job.payload.get("number", 2)
    lines, cells = [], []
    for after, row in islice(rows_from(batch, offset), CHUNK):
        lines.append(reader.read(number, row))
        cells.append(reader.mapped(row))
        offset, number = after, number + 1
    return Chunk(lines, cells, offset)


def _recording_failed(job: jobs.Job, at: datetime) -> None:
    verbs.interrupt_import(batch=_batch(job), at=at)


@jobs.handler(verbs.RUN, prepare=_next_chunk, on_failed=_recording_failed)
def _record(job: jobs.Job, chunk: Chunk) -> jobs.Continue | None:
    batch = _batch(job)
    if not chunk.lines:
        verbs.finish_import(batch=batch, at=job.moment)
        return None
    verbs.record_chunk(batch=batch, lines=chunk.lines, cells=chunk.cells, by=batch.uploaded_by, at=job.moment)
    number = chunk.lines[-1].number + 1
    return jobs.Continue({**job.payload, "offset": chunk.offset, "number": number}, number - 2, batch.rows)


# --- Undoing


@jobs.handler(verbs.UNDO, on_failed=_recording_failed)
def _undo(job: jobs.Job) -> jobs.Continue | None:
    batch = _batch(job)
    removed = verbs.remove_chunk(batch=batch, limit=CHUNK)
    if removed == 0:
        verbs.finish_undoing(batch=batch, at=job.moment)
        return None
    done = job.payload.get("done", 0) + removed
    return jobs.Continue({**job.payload, "done": done}, done, batch.recorded)


def _batch(job: jobs.Job) -> AttentionImport:
    return AttentionImport.objects.select_related("territory", "service_point__territory", "uploaded_by").get(
        pk=job.payload["import"]
    )
