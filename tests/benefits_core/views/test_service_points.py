"""What a municipality sets for its register: service points, hours, matters, longest waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from benefits_core.models import Matter, WaitPromise
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import OpeningHours, ServicePoint
from tests.benefits_core.views.clients import signed_in, url
from tests.factories import attentions as factory
from tests.factories.territories import CountryFactory, MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_coordinator_opens_a_service_point_with_its_hours() -> None:
    place = MunicipalityFactory()
    client = signed_in(Role.COORDINATOR, place)

    added = client.post(url("service_point_add", place.slug), {"name": "Delegación", "kind": "office"})
    point = ServicePoint.objects.get()
    assert added.url == url("service_point_hours", place.slug, point.pk)
    client.post(
        added.url,
        {
            "morning_opens_0": "08:30",
            "morning_closes_0": "13:00",
            "afternoon_opens_0": "15:00",
            "afternoon_closes_0": "17:30",
        },
    )

    assert [(str(each.opens_at), str(each.closes_at)) for each in OpeningHours.objects.all()] == [
        ("08:30:00", "13:00:00"),
        ("15:00:00", "17:30:00"),
    ]
    page = client.get(url("service_points", place.slug)).content.decode()
    assert "lunes: 08:30–13:00" in page
    client.post(url("service_point_close", place.slug, point.pk))
    point.refresh_from_db()
    assert point.is_active is False


@pytest.mark.parametrize(
    "hours",
    [
        {"morning_opens_0": "08:30"},
        {"morning_opens_0": "13:00", "morning_closes_0": "08:30"},
        {"morning_opens_0": "25"},
    ],
)
def test_hours_that_are_wrong_are_told(hours: dict[str, str]) -> None:
    point = ServicePointFactory()
    client = signed_in(Role.COORDINATOR, point.territory)

    answer = client.post(url("service_point_hours", point.territory.slug, point.pk), hours)

    assert (answer.status_code, OpeningHours.objects.count()) == (200, 0)
    assert "govuk-error-summary" in answer.content.decode()


def test_the_point_of_another_municipality_is_not_found() -> None:
    own, other = ServicePointFactory(), ServicePointFactory()

    answer = signed_in(Role.COORDINATOR, own.territory).post(url("service_point_close", own.territory.slug, other.pk))

    assert answer.status_code == 404


def test_the_coordinator_runs_the_matters() -> None:
    place = MunicipalityFactory()
    national, _kept = factory.matter(name="Nacional"), factory.matter()
    client = signed_in(Role.COORDINATOR, place)

    client.post(url("matter_add", place.slug), {"name": "Ayuda social", "name_en": "Social aid"})
    client.post(url("matter_switch", place.slug, national.pk))

    own = Matter.objects.get(territory=place)
    assert own.name == {"es": "Ayuda social", "en": "Social aid"}
    assert national not in Matter.objects.offered_in(place)
    page = client.get(url("matters", place.slug)).content.decode()
    assert page.count("No ofrecerla más") == 2
    client.post(url("matter_switch", place.slug, national.pk), {"do": "offer"})
    assert national in Matter.objects.offered_in(place)
    client.post(url("matter_change", place.slug, own.pk), {"name": "Ayudas"})
    own.refresh_from_db()
    assert str(own) == "Ayudas"


def test_a_longest_wait_is_promised() -> None:
    place = MunicipalityFactory()
    client = signed_in(Role.COORDINATOR, place)

    client.post(url("wait_promise_add", place.slug), {"channel": "counter", "minutes": "20", "starts_on": "2026-04-01"})

    assert WaitPromise.objects.get().minutes == 20
    assert "20 minutos, desde el 1 de abril" in client.get(url("wait_promises", place.slug)).content.decode()


def test_the_country_s_matters_are_loaded_by_a_command(capsys: Any) -> None:
    CountryFactory()

    call_command("load_matters")

    assert Matter.objects.count() == 9
    assert "9 matters" in capsys.readouterr().out
