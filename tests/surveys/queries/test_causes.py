"""The causes of a quarter, and those that are repeated."""

from __future__ import annotations

from datetime import date

import pytest

from portal.foundation.indicators.registry import Period
from surveys.enums import RootCause
from surveys.queries import causes
from surveys.statistics import Quarter
from tests.factories import complaints as factory
from tests.factories.benefits import published_step
from tests.factories.complaints import NOW, complaint
from tests.factories.quality import small_catalogue
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
FIRST = Quarter(2026, 1)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def test_causes_are_counted_by_standard_and_by_step() -> None:
    place, step = MunicipalityFactory(), published_step()
    standard = small_catalogue().standards.get(code="E01")
    for _number in range(3):
        factory.coded(complaint(place, step=step), cause=RootCause.STAFFING, standards=[standard], at=NOW)
    factory.coded(complaint(place), cause=RootCause.SYSTEM, at=NOW)
    factory.answered(complaint(place), at=NOW)
    factory.coded(complaint(MunicipalityFactory()), cause=RootCause.SYSTEM, at=NOW)

    found = causes.causes(place, FIRST)

    assert [(each.cause, each.standard, each.count, each.is_repeated) for each in found] == [
        (RootCause.STAFFING, standard, 3, True),
        (RootCause.SYSTEM, None, 1, False),
    ]
    assert [(each.step, each.cause, each.count) for each in causes.steps(place, FIRST)] == [
        (step, RootCause.STAFFING, 3)
    ]
    assert causes.uncoded(place, FIRST) == 1
    assert [each.before for each in causes.causes(place, Quarter(2026, 2))] == []


def test_a_cause_is_found_again_by_its_reference() -> None:
    place = MunicipalityFactory()
    standard = small_catalogue().standards.get(code="E01")
    factory.coded(complaint(place), cause=RootCause.STAFFING, standards=[standard], at=NOW)
    found = causes.causes(place, FIRST)[0]

    assert found.reference == f"{place.pk}:2026-1:staffing:E01"
    assert causes.cause_with(found.reference) == found


@pytest.mark.parametrize(
    "reference",
    ["", "x", "0:2026-1:staffing:-", "{pk}:2026-5:staffing:-", "{pk}:2026-1:mood:-", "{pk}:2026-1:system:E99"],
)
def test_an_invented_reference_is_unknown(reference: str) -> None:
    place = MunicipalityFactory()

    with pytest.raises(LookupError):
        causes.cause_with(reference.format(pk=place.pk))


def test_the_third_time_is_a_repetition() -> None:
    place = MunicipalityFactory()
    for _number in range(2):
        factory.coded(complaint(place), cause=RootCause.STAFFING, at=NOW)
    before = causes.repeated([place], YEAR)
    factory.coded(complaint(place), cause=RootCause.STAFFING, at=NOW)

    assert before == []
    assert causes.repeated([place], YEAR) == [f"{place.pk}:staffing:-"]
    assert causes.third_repetitions(place, YEAR) == {f"{place.pk}:staffing:-": date(2026, 3, 2)}
    assert [each.reference for each in causes.repeated_in_year(place, 2026)] == [f"{place.pk}:2026-1:staffing:-"]
