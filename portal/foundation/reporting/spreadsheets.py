"""Frames as spreadsheets that are safe to open: no text becomes a formula."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    import pandas as pd

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# What a spreadsheet cannot hold, and what a sheet's name may not.
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SHEET_ILLEGAL = re.compile(r"[\[\]:*?/\\']")
SHEET_NAME_LENGTH = 31
CELL_LENGTH = 32_767
WIDEST, NARROWEST = 60, 8
SAMPLE_ROWS = 200
IN_MEMORY = 2 * 1024 * 1024


def safe_cell(value: Any) -> Any:
    """``value`` as a cell may hold it.

    Text that a spreadsheet would run begins with an apostrophe; missing values are None; times lose
    their zone, because a spreadsheet has none.
    """
    if isinstance(value, str):
        text = ILLEGAL.sub("", value)
        # Spaces before the sign do not stop every program from reading a formula.
        return f"'{text}"[:CELL_LENGTH] if text.lstrip(" ").startswith(FORMULA_STARTS) else text[:CELL_LENGTH]
    if value is None or type(value).__name__ == "NAType" or value != value:
        return None
    if isinstance(value, datetime) and value.tzinfo:
        return value.replace(tzinfo=None)
    return value.item() if hasattr(value, "item") else value


def write_xlsx(target: Any, sheets: Mapping[str, pd.DataFrame]) -> None:
    """Write frames to ``target`` (a path or a binary file), a sheet each, row by row.

    The header is bold and stays in view; the index is not written. Memory does not grow with the rows.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    workbook = Workbook(write_only=True)
    for title, frame in sheets.items():
        sheet = workbook.create_sheet(SHEET_ILLEGAL.sub(" ", title)[:SHEET_NAME_LENGTH] or "1")
        sheet.freeze_panes = "A2"
        for number, width in enumerate(_widths(frame), start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        header = [WriteOnlyCell(sheet, safe_cell(str(name))) for name in frame.columns]
        for cell in header:
            cell.font = Font(bold=True)
        sheet.append(header)
        for row in frame.itertuples(index=False, name=None):
            sheet.append([safe_cell(value) for value in row])
    workbook.save(target)


def xlsx_response(filename: str, sheets: Mapping[str, pd.DataFrame], *, is_demo: bool) -> FileResponse:
    """A download named ``filename`` with one sheet for each frame.

    :param is_demo: every row says that its data are invented, however it is copied onwards.
    """
    if is_demo:
        sheets = {name: _marked(frame) for name, frame in sheets.items()}
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  closed by the response
    write_xlsx(file, sheets)
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)
    response["Cache-Control"] = "private, no-store"
    return response


def csv_response(filename: str, frame: pd.DataFrame, *, is_demo: bool) -> StreamingHttpResponse:
    """A download of ``frame`` as UTF-8 csv with byte-order mark, which spreadsheets need for accents.

    :param is_demo: every row says that its data are invented.
    """
    response = StreamingHttpResponse(
        csv_lines(_marked(frame) if is_demo else frame), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, filename)
    response["Cache-Control"] = "private, no-store"
    return response


def csv_lines(frame: pd.DataFrame) -> Iterator[str]:
    """The lines of the csv, header first; missing values are empty."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([safe_cell(str(name)) for name in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        yield writer.writerow([safe_cell(value) for value in row])


def _marked(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a first column that says on every row what the data are."""
    marked = frame.copy()
    marked.insert(0, _("Data"), _("DEMONSTRATION DATA"))
    return marked


class _Line:
    """Gives back what is written, so that each line is sent as it is made."""

    def write(self, value: str) -> str:
        return value


def _widths(frame: pd.DataFrame) -> list[int]:
    sample = frame.head(SAMPLE_ROWS)
    return [
        min(WIDEST, max(NARROWEST, len(str(name)) + 2, *(len(str(value)) + 2 for value in sample.iloc[:, position])))
        for position, name in enumerate(frame.columns)
    ]
