"""Where and when a municipality attends."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from portal.foundation.territories import domain
from portal.foundation.territories.domain import Opening, ServicePointRefused
from portal.foundation.territories.models import ServicePoint
from tests.factories.territories import MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
MORNING = Opening(0, time(8, 30), time(13))


def test_a_service_point_is_opened_changed_closed_and_opened_again() -> None:
    place = MunicipalityFactory()
    point = domain.open_service_point(territory=place, name=" Oficina ", kind="office", by=None, at=NOW)

    changed = domain.change_service_point(
        service_point=point, name="Oficina central", kind="office", address="Calle 1", by=None, at=NOW
    )
    closed = domain.close_service_point(service_point=point, by=None, at=NOW)

    assert (point.name, changed.name, changed.address) == ("Oficina", "Oficina central", "Calle 1")
    assert (closed.is_active, list(ServicePoint.objects.open())) == (False, [])
    with pytest.raises(ServicePointRefused):
        domain.close_service_point(service_point=point, by=None, at=NOW)
    assert domain.reopen_service_point(service_point=point, by=None, at=NOW).is_active is True
    with pytest.raises(ServicePointRefused):
        domain.reopen_service_point(service_point=point, by=None, at=NOW)


@pytest.mark.parametrize("name", ["", "  ", "Oficina"])
def test_a_name_is_needed_and_is_one_point_s(name: str) -> None:
    place = MunicipalityFactory()
    ServicePointFactory(territory=place, name="Oficina")

    with pytest.raises(ServicePointRefused) as refused:
        domain.open_service_point(territory=place, name=name, kind="office", by=None, at=NOW)

    assert refused.value.field == "name"


def test_hours_replace_the_week() -> None:
    point = ServicePointFactory()
    domain.set_opening_hours(service_point=point, openings=[MORNING], by=None, at=NOW)

    domain.set_opening_hours(
        service_point=point, openings=[Opening(1, time(15), time(18)), Opening(1, time(9), time(13))], by=None, at=NOW
    )

    assert [(each.weekday, each.opens_at.hour) for each in point.hours.all()] == [(1, 9), (1, 15)]


@pytest.mark.parametrize(
    "openings",
    [[Opening(0, time(13), time(8))], [MORNING, Opening(0, time(12), time(17))], [Opening(0, time(8), time(8))]],
)
def test_hours_that_cross_are_refused(openings: list[Opening]) -> None:
    point = ServicePointFactory()

    with pytest.raises(ServicePointRefused):
        domain.set_opening_hours(service_point=point, openings=openings, by=None, at=NOW)

    assert point.hours.count() == 0
