"""Spreadsheets: the numbers arrive as numbers, and no text runs."""

from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest

from portal.foundation.reporting.spreadsheets import csv_lines, csv_response, safe_cell, write_xlsx, xlsx_response

FRAME = pd.DataFrame(
    {
        "Comuna": ["Ñuñoa", "=cmd|' /C calc'!A0"],
        "Nivel": [2, np.nan],
        "Desde": [date(2026, 3, 2), None],
        "=HYPERLINK(1)": [-1.5, 0],
    }
)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "\n=1"])
def test_text_that_would_run_is_neutralised(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Ñuñoa", "a=b", "", 3, -3, 2.5, True, date(2026, 1, 1)])
def test_other_values_stay_as_they_are(value):
    assert safe_cell(value) == value


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (np.nan, None),
        (pd.NA, None),
        (pd.NaT, None),
        (None, None),
        (np.int64(3), 3),
        ("a\x00b\x0b", "ab"),
        (datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 2, 12)),
    ],
)
def test_values_that_a_cell_cannot_hold_are_made_to_fit(value, held):
    assert safe_cell(value) == held


def test_a_workbook_has_a_sheet_for_each_frame():
    response = xlsx_response("niveles ñ.xlsx", {"Niveles": FRAME, "Vacía [1]/2": FRAME.head(0)}, is_demo=False)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))

    assert response["Content-Disposition"] == "attachment; filename*=utf-8''niveles%20%C3%B1.xlsx"
    assert book.sheetnames == ["Niveles", "Vacía  1  2"]
    assert list(book["Niveles"].values) == [
        ("Comuna", "Nivel", "Desde", "'=HYPERLINK(1)"),
        ("Ñuñoa", 2, datetime(2026, 3, 2), -1.5),
        ("'=cmd|' /C calc'!A0", None, None, 0),
    ]
    assert {cell.data_type for row in book["Niveles"].iter_rows() for cell in row} <= {"s", "n", "d"}
    assert (book["Niveles"].freeze_panes, book["Niveles"]["A1"].font.bold) == ("A2", True)


def test_a_csv_opens_with_its_accents_and_without_formulas():
    response = csv_response("niveles.csv", FRAME, is_demo=False)
    text = b"".join(response.streaming_content).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(text))) == [
        ["Comuna", "Nivel", "Desde", "'=HYPERLINK(1)"],
        ["Ñuñoa", "2.0", "2026-03-02", "-1.5"],
        ["'=cmd|' /C calc'!A0", "", "", "0.0"],
    ]
    assert response["Content-Disposition"] == 'attachment; filename="niveles.csv"'


def test_a_large_csv_is_sent_line_by_line():
    frame = pd.DataFrame({"n": range(300_000), "texto": "x" * 20})
    tracemalloc.start()
    count = sum(1 for _line in csv_lines(frame))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 300_001
    # The frame's columns are read as lists; the text itself (9 MB) is never held whole.
    assert peak < 60 * 1024 * 1024


def test_a_workbook_may_be_written_to_a_path(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", {"A": FRAME})

    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["A"]["A2"].value == "Ñuñoa"


def test_every_row_of_invented_data_says_so():
    table = b"".join(csv_response("datos.csv", FRAME, is_demo=True).streaming_content).decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(xlsx_response("d.xlsx", {"Uno": FRAME}, is_demo=True).getvalue()))

    assert [line[0] for line in csv.reader(io.StringIO(table))] == ["Datos", *["DATOS DE DEMOSTRACIÓN"] * 2]
    assert [row[0].value for row in book["Uno"].rows] == ["Datos", *["DATOS DE DEMOSTRACIÓN"] * 2]
    assert "Datos" not in FRAME.columns
