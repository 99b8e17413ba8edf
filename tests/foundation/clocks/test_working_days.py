"""Working days: weekends, national, regional and local holidays, and the examples of the law."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.foundation.clocks.working_days import add_working_days, is_working_day, working_days_between
from portal.foundation.territories.domain import declare_holiday
from tests.factories.territories import MunicipalityFactory, RegionFactory

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def municipality(db):
    return MunicipalityFactory(parent__parent=RegionFactory(code="13", iso_3166_2="CL-RM"))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2025, 12, 1), 20, date(2025, 12, 31)),  # the law's example: 8 and 25 December are holidays
        (date(2025, 12, 1), 30, date(2026, 1, 15)),
        (date(2025, 12, 24), 1, date(2025, 12, 26)),
        (date(2026, 9, 17), 1, date(2026, 9, 21)),  # 18 and 19 September, a Friday and a Saturday
        (date(2025, 9, 17), 1, date(2025, 9, 22)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), 0, date(2026, 3, 9)),
        (date(2026, 3, 9), -1, date(2026, 3, 6)),
    ],
)
def test_terms_end_on_the_right_day(municipality, start, days, end):
    assert add_working_days(start, days, municipality) == end


def test_a_regional_holiday_counts_only_in_its_region(municipality):
    arica = MunicipalityFactory(parent__parent=RegionFactory(code="15", iso_3166_2="CL-AP"))
    day = date(2024, 6, 7)  # the assault of Morro de Arica, a Friday

    assert is_working_day(day, municipality) is True
    assert is_working_day(day, arica) is False
    assert is_working_day(day, arica.region) is False
    assert is_working_day(day, arica.region.parent) is True


def test_a_local_holiday_counts_in_its_territory_and_below(municipality):
    day, neighbour = date(2026, 5, 4), MunicipalityFactory()

    declare_holiday(territory=municipality.region, date=day, name="Aniversario", by=None, at=AT)

    assert add_working_days(date(2026, 4, 30), 1, municipality) == date(2026, 5, 5)
    assert add_working_days(date(2026, 4, 30), 1, neighbour) == date(2026, 5, 4)


@given(start=st.dates(date(2024, 1, 1), date(2027, 12, 31)), days=st.integers(1, 60))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_adding_and_counting_agree(municipality, start, days):
    end = add_working_days(start, days, municipality)

    assert is_working_day(end, municipality) is True
    assert working_days_between(start, end, municipality) == days
    assert working_days_between(end, start, municipality) == -days


def test_many_terms_ask_the_database_once(municipality):
    add_working_days(AT.date(), 5, municipality)

    with CaptureQueriesContext(connection) as captured:
        for _term in range(20):
            add_working_days(AT.date(), 20, municipality)

    assert len(captured) == 0
