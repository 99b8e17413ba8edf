"""A citizen books, moves and cancels an appointment on a phone without scripts; a clerk works through the day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from benefits_core.domain import agendas
from benefits_core.domain.matters import load_matters
from benefits_core.models import Appointment
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import ServicePoint
from tests.factories import attentions as factory
from tests.factories.people import user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory, ServicePointFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def point() -> ServicePoint:
    load_matters(territory=CountryFactory(), by=None, at=factory.NOW)
    place = MunicipalityFactory(name="Quillota", slug="quillota")
    return factory.agenda(point=ServicePointFactory(territory=place, name="Oficina central"), capacity=2)


def test_a_citizen_books_moves_and_cancels_without_scripts(
    no_js: Page, point: ServicePoint, assert_no_horizontal_scroll: Callable[..., None]
) -> None:
    no_js.goto("/hora/")
    no_js.get_by_label("Nombre de la municipalidad").fill("quillo")
    no_js.get_by_role("button", name="Buscar").click()
    no_js.get_by_role("link", name="Quillota").click()
    assert_no_horizontal_scroll(no_js)
    no_js.get_by_role("link", name="09:20").click()
    no_js.get_by_label("Actualización de datos").check()
    no_js.get_by_label("Su nombre").fill("Rosa Ñancupil")
    no_js.get_by_role("button", name="Reservar la hora").click()
    expect(no_js.get_by_role("heading", name="Su hora está reservada")).to_be_visible()
    words = no_js.locator(".mj-figure").inner_text()
    assert len(words.split()) == 4

    no_js.get_by_role("link", name="Verla, cambiarla o anularla").click()
    no_js.get_by_role("link", name="Cambiarla a otra hora").click()
    no_js.get_by_role("button", name="11:40").click()
    expect(no_js.get_by_text("Su hora quedó cambiada")).to_be_visible()
    no_js.get_by_role("link", name="Anularla").click()
    no_js.get_by_role("button", name="Anular la hora").click()
    expect(no_js.get_by_text("Su hora quedó anulada")).to_be_visible()

    made = Appointment.objects.get()
    assert (made.state, made.moves) == ("cancelled", 1)


def test_the_pages_of_a_citizen_are_light_and_clear(
    page: Page,
    point: ServicePoint,
    axe: Callable[[Page], None],
    budget: Callable[..., Any],
    assert_large_targets: Callable[[Page], None],
) -> None:
    budget(page, "/hora/")
    axe(page)
    budget(page, "/hora/en/quillota/")
    axe(page)
    assert_large_targets(page)
    page.get_by_role("link", name=re.compile("09:")).first.click()
    page.wait_for_load_state()
    axe(page)
    page.get_by_role("button", name="Reservar la hora").click()
    expect(page.get_by_role("link", name="Su nombre: escriba una respuesta.")).to_be_visible()
    axe(page)


def test_a_clerk_works_through_the_day(
    page: Page,
    point: ServicePoint,
    sign_in_browser: Callable[[Page, User], None],
    axe: Callable[[Page], None],
    assert_no_horizontal_scroll: Callable[..., None],
) -> None:
    clerk = user_with_role(Role.TEAM_MEMBER, point.territory)
    now = timezone.localtime(timezone=point.territory.zone)
    agendas.add_slots(
        service_point=point,
        day=now.date(),
        starts_at=time(max(now.hour - 1, 0)),
        ends_at=time(23, 59),
        slot_minutes=60,
        capacity=1,
        online=True,
        by=None,
        at=timezone.now(),
    )
    sign_in_browser(page, clerk)
    page.goto("/atenciones/quillota/agenda/")
    page.get_by_role("link", name=re.compile("Dar hora")).first.click()
    page.get_by_label("Cartola o tramo").check()
    page.get_by_label("Nombre de la persona").fill("Juan Pérez")
    page.get_by_role("button", name="Reservar la hora").click()
    axe(page)
    page.get_by_role("link", name="Volver a la agenda").click()
    axe(page)
    assert_no_horizontal_scroll(page)
    page.get_by_role("button", name="Llegó Juan Pérez", exact=True).click()
    page.get_by_role("button", name="Atender").click()

    expect(page.get_by_text("Usted está atendiendo")).to_be_visible()
    assert Appointment.objects.get().state == "served"
