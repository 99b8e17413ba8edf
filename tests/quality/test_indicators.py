"""Standards met, as an indicator that other modules read."""

from __future__ import annotations

from datetime import date

import pytest

from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import Period
from quality.enums import Series
from tests.factories.quality import level_record, small_catalogue
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def test_the_share_of_applicable_standards_met_is_no_sample_and_has_no_interval(django_assert_num_queries) -> None:
    first, second, third = small_catalogue().standards.all()
    place, empty = MunicipalityFactory(), MunicipalityFactory()
    level_record(municipality=place, standard=first, level=2)
    level_record(municipality=place, standard=second, level=1)
    level_record(municipality=place, standard=third, level=None)
    level_record(municipality=place, standard=second, level=3, series=Series.VERIFIED)
    indicator = registry.get("quality.standards_met")
    assert indicator is not None

    with django_assert_num_queries(1):
        measured, missing = indicator.measure(territories=[place, empty], period=YEAR, audience="staff")

    assert (measured.territory_id, measured.value, measured.n, measured.denominator) == (place.pk, 50.0, 1, 2)
    assert (measured.low, measured.high) == (None, None)
    assert (missing.value, missing.denominator) == (None, 0)


def test_the_verified_series_is_an_indicator_of_its_own() -> None:
    first, _second, _third = small_catalogue().standards.all()
    place = MunicipalityFactory()
    level_record(municipality=place, standard=first, level=1)
    level_record(municipality=place, standard=first, level=2, series=Series.VERIFIED)
    indicator = registry.get("quality.standards_met_verified")
    assert indicator is not None

    (measured,) = indicator.measure(territories=[place], period=YEAR, audience="staff")

    assert measured.value == 100.0
