"""How measurements are told: full counts, samples, few cases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.translation import override

from portal.foundation.indicators.reading import Reading
from portal.foundation.indicators.registry import Indicator, Measurement, Period, Source, share_of

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
REGISTER = Source("app.Row", "atenciones anotadas")
ROWS = Source("app.Level", "niveles", is_of_people=False)
SURVEY = Source("app.Answer", "encuesta de agosto", is_sample=True)
PLACE = SimpleNamespace(pk=1)


def told(n: int, of: int, source: Source = REGISTER, *, audience: str = "public", **changes: Any) -> Reading:
    measurement = share_of(PLACE, n, of, period=YEAR, audience=audience, source=source, query_version="1")
    return Reading(Indicator("test.share", "Prueba", "%", 1, lambda **_: [], **changes), measurement)


@pytest.fixture(autouse=True)
def spanish() -> Any:
    with override("es"):
        yield


def test_a_full_count_has_no_interval_and_says_that_all_were_counted() -> None:
    reading = told(331, 1408)

    assert (reading.figure, reading.cases, reading.interval) == ("24 %", "331 de 1.408", "")
    assert reading.basis == "Se contaron todos los casos: atenciones anotadas."


def test_a_sample_says_what_it_leaves_open() -> None:
    reading = told(331, 1408, SURVEY)

    assert reading.interval == (
        "No se preguntó a todas las personas: el número real está, lo más seguro, entre 21 % y 26 %."
    )
    assert reading.basis == "Se preguntó a una parte: encuesta de agosto."


def test_an_interval_around_a_full_count_is_refused() -> None:
    with pytest.raises(ValueError, match="full count"):
        Measurement(1, 24.0, 331, 1408, 21.0, 26.0, False, YEAR, datetime(2026, 1, 1, tzinfo=UTC), REGISTER, "1")


@pytest.mark.parametrize(
    ("n", "of", "source", "audience", "figure"),
    [
        (0, 1, ROWS, "public", "0 de 1"),
        (12, 19, ROWS, "public", "12 de 19"),
        (12, 20, ROWS, "public", "60 %"),
        (1, 13, REGISTER, "team", "1 de 13"),
        (1, 13, REGISTER, "public", "Hay muy pocos casos para mostrar un número"),
        (0, 0, REGISTER, "public", "Sin medición todavía"),
    ],
)
def test_few_cases_are_counted_or_hidden_and_never_a_percentage(
    n: int, of: int, source: Source, audience: str, figure: str
) -> None:
    reading = told(n, of, source, audience=audience)

    assert (reading.figure, reading.cases == "") == (figure, figure != "60 %")


def test_what_is_no_share_says_how_many_cases_it_stands_on() -> None:
    assert told(5, 25, ROWS, is_ratio=True).cases == "5 casos"
    assert told(1, 1, ROWS, is_ratio=True).cases == "1 caso"
