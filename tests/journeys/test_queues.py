"""From the kiosk to the register: a number without scripts, the call screen, the clerk's keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from benefits_core.domain import calls, queue_setup
from benefits_core.domain.matters import load_matters
from benefits_core.models import Attention, Matter, Queue, Ticket
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from tests.factories import attentions as factory
from tests.factories import queues as made
from tests.factories.people import user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory, ServicePointFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def queue() -> Queue:
    load_matters(territory=CountryFactory(), by=None, at=factory.NOW)
    place = MunicipalityFactory(name="Quillota", slug="quillota")
    found = queue_setup.open_queue(
        service_point=ServicePointFactory(territory=place, name="Oficina central"), by=None, at=factory.NOW
    )
    found = queue_setup.set_rule(
        queue=found,
        is_open=True,
        in_hours=False,
        favored_turns=2,
        promised_minutes=None,
        chances=1,
        back_minutes=5,
        by=None,
        at=factory.NOW,
    )
    matters = list(Matter.objects.order_by("position"))
    made.kind(found, "A", matters=matters[:5], name="Registro Social de Hogares")
    made.kind(found, "B", matters=matters[5:], name="Cartola, tramo y otras consultas")
    made.desk(found)
    return found


def connect(page: Page, queue: Queue, kind: str) -> None:
    """Open the device's address, as the coordinator does once."""
    page.goto(f"/turnos/abrir/{made.link(queue, kind)[1]}/")


def test_a_person_takes_a_number_without_scripts(
    no_js: Page, queue: Queue, assert_no_horizontal_scroll: Callable[..., None]
) -> None:
    connect(no_js, queue, "kiosk")
    assert_no_horizontal_scroll(no_js)
    no_js.get_by_role("link", name="Registro Social de Hogares").click()
    assert_no_horizontal_scroll(no_js)
    no_js.get_by_text("Avísenme al celular").click()
    no_js.get_by_label("Teléfono celular").fill("123")
    no_js.get_by_role("button", name="Tengo 60 años o más").click()
    expect(no_js.get_by_text("Escriba un celular").first).to_be_visible()
    no_js.get_by_label("Teléfono celular").fill("9 8765 4321")
    no_js.get_by_role("button", name="Tengo 60 años o más").click()

    expect(no_js.get_by_role("heading", name="Su número A001")).to_be_visible()
    expect(no_js.get_by_role("button", name="Imprimir")).to_be_hidden()
    assert_no_horizontal_scroll(no_js)
    no_js.get_by_role("link", name="Listo").click()
    expect(no_js.get_by_role("heading", name="¿Para qué viene?")).to_be_visible()
    assert Ticket.objects.get().preferential


def test_the_pages_of_devices_are_light_and_clear(
    page: Page,
    queue: Queue,
    axe: Callable[[Page], None],
    budget: Callable[..., Any],
    assert_large_targets: Callable[[Page], None],
) -> None:
    connect(page, queue, "kiosk")
    connect(page, queue, "display")
    ticket = made.called(queue, at=timezone.now())
    made.ticket(queue, at=timezone.now())
    for path in (
        "/turnos/totem/",
        f"/turnos/totem/{ticket.kind_id}/",
        "/turnos/totem/hora/",
        f"/turnos/totem/numero/{ticket.pk}/",
        "/turnos/pantalla/",
    ):
        budget(page, path)
        axe(page)
        assert_large_targets(page)


def test_the_call_screen_changes_in_place_and_says_so(page: Page, queue: Queue) -> None:
    connect(page, queue, "display")
    expect(page.get_by_text("Todavía no se llama a nadie")).to_be_visible()
    page.evaluate("document.querySelector('[data-live]').dataset.kept = 'yes'")

    ticket = made.called(queue, at=timezone.now())

    expect(page.locator(".mj-board__code")).to_have_text("A001", timeout=15_000)
    expect(page.get_by_role("status")).to_have_text("Número A001, módulo 1")
    assert page.evaluate("document.querySelector('[data-live]').dataset.kept") == "yes"
    assert ticket.code in page.title()


def test_the_call_screen_asks_again_without_scripts(no_js: Page, queue: Queue) -> None:
    connect(no_js, queue, "display")
    made.called(queue, at=timezone.now())

    expect(no_js.locator(".mj-board__code")).to_have_text("A001", timeout=15_000)


def test_a_clerk_calls_attends_and_finishes_with_the_keyboard(
    page: Page,
    queue: Queue,
    sign_in_browser: Callable[[Page, User], None],
    axe: Callable[[Page], None],
    assert_no_horizontal_scroll: Callable[..., None],
) -> None:
    clerk = user_with_role(Role.TEAM_MEMBER, queue.territory)
    made.ticket(queue, at=timezone.now(), priority_kind="older")
    sign_in_browser(page, clerk)
    page.goto("/atenciones/quillota/modulo/")
    axe(page)
    page.get_by_role("button", name="Módulo 1").click()
    expect(page.get_by_role("button", name="Llamar al siguiente")).to_be_focused()
    axe(page)

    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="A001")).to_be_visible()
    expect(page.get_by_role("button", name="Atender")).to_be_focused()
    axe(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Terminar y registrar")).to_be_visible()
    axe(page)
    assert_no_horizontal_scroll(page)
    for key in ("2", "1", "Enter"):
        page.keyboard.press(key)

    expect(page.get_by_text("A001 quedó atendido")).to_be_visible()
    attention = Attention.objects.get()
    assert (attention.source, attention.preferential, attention.recorded_by) == ("queue", True, clerk)
    assert Ticket.objects.get().attention == attention
    page.goto(f"/atenciones/numero/{attention.pk}/")
    expect(page.get_by_text("Fila de esta plataforma")).to_be_visible()


def test_the_coordinator_s_pages_are_clear(
    page: Page,
    queue: Queue,
    sign_in_browser: Callable[[Page, User], None],
    axe: Callable[[Page], None],
    assert_no_horizontal_scroll: Callable[..., None],
) -> None:
    called = made.called(queue, at=timezone.now())
    calls.miss(ticket=called, by=called.clerk, at=timezone.now())
    made.ticket(queue, at=timezone.now(), priority_kind="carer")
    sign_in_browser(page, user_with_role(Role.COORDINATOR, queue.territory))

    for path in ("fila/", f"fila/{queue.pk}/", f"fila/{queue.pk}/dias/", f"fila/{queue.pk}/equipos/nuevo/"):
        page.goto(f"/atenciones/quillota/{path}")
        axe(page)
        assert_no_horizontal_scroll(page)
    page.get_by_label("Nombre").fill("Entrada")
    page.get_by_role("button", name="Crear la dirección").click()
    axe(page)
    expect(page.get_by_text("/turnos/abrir/")).to_be_visible()
