"""Reading what queue machines export: encodings, separators, dates in many hands, and hostile files."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits_core.queue_files import (
    DAY_FIRST,
    MONTH_FIRST,
    Moment,
    UnreadableCell,
    UnreadableFile,
    decode,
    folded,
    is_yes,
    minutes,
    moment,
    order_of,
    rows_of_text,
    separator_of,
    table,
    text_of,
)

TABLE = "Número;Atención\nA1;Ñuñoa\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TABLE.encode(), "utf-8"),
        (TABLE.encode("utf-8-sig"), "utf-8-sig"),
        (TABLE.encode("cp1252"), "cp1252"),
        (TABLE.encode("utf-16"), "utf-16"),
        (TABLE.encode("latin-1") + b"\x81", "latin-1"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(content: bytes, encoding: str) -> None:
    text, found = decode(content)

    assert (text.rstrip("\x81"), found) == (TABLE, encoding)


@pytest.mark.parametrize(
    "content", [b"a;b\x00c", b"PK\x03\x04\x00\x00", b"\xff\xfe\x00", b"\x7fELF\x01\x02", b"\xef\xbb\xbf\xff"]
)
def test_what_no_text_holds_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        decode(content)

    assert refused.value.code == "binary"


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a;b;c\n1;2,5;3\n4;5,5;6", ";"),
        ("a,b,c\n1,2,3", ","),
        ("a\tb\n1\t2,5", "\t"),
        ('"a, b"|c\n"d, e"|f', "|"),
        ("una sola columna\nsin nada", ";"),
        ("", ";"),
    ],
)
def test_the_separator_is_the_sign_that_all_lines_share(text: str, separator: str) -> None:
    assert separator_of(text) == separator


def test_a_table_begins_at_its_headings_and_is_as_wide_as_they_are() -> None:
    text = 'Reporte de turnos\n\nNúmero;Hora;;Hora\nA1;"9:00";x;y;z\n;;;\nA2;9:05\n'

    assert list(table(rows_of_text(text, ";"))) == [
        ["Número", "Hora", "#3", "Hora #4"],
        ["A1", "9:00", "x", "y"],
        ["A2", "9:05", "", ""],
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("solo\nuna\n", "empty"),
        ("a;b\n=HYPERLINK(1);2", "formula"),
        ("a;b\n1;@SUM(A1)", "formula"),
        ("a;b\n" + ";".join("1" * 101), "wide"),
    ],
)
def test_a_file_that_is_no_table_is_refused(text: str, code: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        list(table(rows_of_text(text, ";")))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (datetime(2026, 11, 27, 9, 5, 7, 99), "2026-11-27 09:05:07"),
        (date(2026, 11, 27), "2026-11-27"),
        (time(9, 5), "09:05:00"),
        (timedelta(minutes=12, seconds=30), "0:12:30"),
        (12.0, "12"),
        (12.5, "12.5"),
        ("  a\u202e\x07  b ", "a b"),
        ("x" * 500, "x" * 200),
    ],
)
def test_cells_become_text(cell: object, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(
    "text",
    [
        "27-11-2026 09:15",
        "27/11/2026 9:15",
        "27.11.26 09:15:00",
        "2026-11-27 09:15:00",
        "2026-11-27T09:15:00Z",
        "2026/11/27 9:15 a. m.",
        "27 nov 2026 09:15",
        "27-Nov-26 9:15 AM",
        "27 de noviembre de 2026, 09:15",
        "20261127 09:15",
        "46353.385416667",
    ],
)
def test_a_moment_is_read_however_it_is_written(text: str) -> None:
    assert moment(text) == Moment(date(2026, 11, 27), time(9, 15))


def test_an_afternoon_has_twelve_hours_more() -> None:
    assert moment("1:05 p. m.") == Moment(None, time(13, 5))
    assert moment("12:05 AM") == Moment(None, time(0, 5))
    assert moment("46353") == Moment(date(2026, 11, 27), None)


@pytest.mark.parametrize(
    "text",
    ["", "ayer", "31-02-2026", "25:70", "27-11-2026 25:00", "13:00 PM", "99999999", "12345", "3/4", "27-11-2026 x"],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UnreadableCell):
        moment(text)


def test_the_order_of_days_and_months_is_told_by_a_number_over_twelve() -> None:
    assert order_of(["3/4/2026", "13/4/2026"]) == DAY_FIRST
    assert order_of(["3/4/2026", "4/13/2026"]) == MONTH_FIRST
    assert order_of(["3/4/2026"]) == DAY_FIRST
    assert moment("3/4/2026", DAY_FIRST).day == date(2026, 4, 3)
    assert moment("3/4/2026", MONTH_FIRST).day == date(2026, 3, 4)
    assert moment("11/27/2026 09:15", MONTH_FIRST) == Moment(date(2026, 11, 27), time(9, 15))


@pytest.mark.parametrize(("text", "order"), [("11/24/2026", DAY_FIRST), ("24/11/2026", MONTH_FIRST)])
def test_a_file_is_read_in_one_order(text: str, order: str) -> None:
    with pytest.raises(UnreadableCell):
        moment(text, order)


@given(st.datetimes(datetime(2016, 1, 1), datetime(2030, 1, 1)))
def test_what_is_written_is_read_again(moment_written: datetime) -> None:
    whole = moment_written.replace(microsecond=0)

    for form in ("%d-%m-%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%y %I:%M:%S %p"):
        found = moment(whole.strftime(form))
        assert found.on(None) == whole


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    for read in (moment, minutes):
        with suppress(UnreadableCell):
            read(text)
    folded(text)
    is_yes(text)


@pytest.mark.parametrize(
    ("text", "value"), [("12", 12), ("12,5", 12.5), ("12 min", 12), ("0:12:30", 12.5), ("1:00:00", 60), ("12:30", 12.5)]
)
def test_minutes_are_read(text: str, value: float) -> None:
    assert minutes(text) == value


@pytest.mark.parametrize("text", ["", "mucho", "-3", "1:2:3:4", "12345678"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UnreadableCell):
        minutes(text)


def test_words_are_compared_without_accents_case_and_signs() -> None:
    assert folded(" Nº de Trámite ") == folded("no de tramite")
    assert [is_yes(text) for text in ("Sí", "1", "PREFERENTE", "no", "")] == [True, True, True, False, False]
