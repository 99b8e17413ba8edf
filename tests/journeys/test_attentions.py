"""A clerk records attentions by the keyboard alone, with and without scripts; the figures fit a phone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from benefits_core.domain.matters import load_matters
from benefits_core.models import Attention
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from tests.factories import attentions as factory
from tests.factories.people import user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory, ServicePointFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECONDS = 10


@pytest.fixture
def clerk() -> User:
    load_matters(territory=CountryFactory(), by=None, at=factory.NOW)
    place = MunicipalityFactory(name="Quillota", slug="quillota")
    ServicePointFactory(territory=place, name="Oficina central")
    ServicePointFactory(territory=place, name="Delegación")
    return user_with_role(Role.TEAM_MEMBER, place)


def test_an_attention_takes_few_keys_and_the_next_begins_at_once(
    page: Page, clerk: User, sign_in_browser: Callable[[Page, User], None], axe: Callable[[Page], None]
) -> None:
    sign_in_browser(page, clerk)
    page.goto("/atenciones/")
    axe(page)
    expect(page.get_by_label("Ingreso al registro")).to_be_focused()

    started = time.monotonic()
    for matter in ("2", "8"):
        page.keyboard.press(matter)
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Quedó registrada la atención")).to_be_visible()
        expect(page.get_by_label("Ingreso al registro")).to_be_focused()
    elapsed = (time.monotonic() - started) / 2

    made = Attention.objects.order_by("pk").values_list("matter__key", "outcome", "channel")
    assert list(made) == [("actualizacion", "resolved", "counter"), ("cartola", "resolved", "counter")]
    assert elapsed < SECONDS


def test_the_keyboard_is_enough_without_scripts(
    no_js: Page, clerk: User, sign_in_browser: Callable[[Page, User], None]
) -> None:
    sign_in_browser(no_js, clerk)
    no_js.goto("/atenciones/")
    expect(no_js.get_by_label("Ingreso al registro")).to_be_focused()

    started = time.monotonic()
    for key in ("ArrowDown", "ArrowDown", "Tab", "Space", "Enter"):
        no_js.keyboard.press(key)
    expect(no_js.get_by_text("Quedó registrada la atención")).to_be_visible()

    assert time.monotonic() - started < SECONDS
    assert Attention.objects.values_list("matter__key", "outcome").get() == ("rectificacion", "resolved")


def test_an_error_is_told_and_leads_to_its_field(
    page: Page, clerk: User, sign_in_browser: Callable[[Page, User], None], axe: Callable[[Page], None]
) -> None:
    sign_in_browser(page, clerk)
    page.goto("/atenciones/")

    page.get_by_label("Minutos de espera").fill("7")
    page.get_by_role("button", name="Guardar la atención").click()

    expect(page.get_by_role("link", name="¿Para qué vino? Elija una opción.")).to_be_visible()
    expect(page.get_by_label("Minutos de espera")).to_have_value("7")
    axe(page)


def test_lists_and_figures_fit_a_phone(
    page: Page,
    clerk: User,
    sign_in_browser: Callable[[Page, User], None],
    axe: Callable[[Page], None],
    budget: Callable[..., Any],
    assert_no_horizontal_scroll: Callable[..., None],
) -> None:
    place = clerk.role_assignments.get().territory
    for number in range(12):
        factory.attention(municipality=place, wait_minutes=number, by=clerk)
    sign_in_browser(page, clerk)

    for path in ("", "dia/", "estadisticas/", "puntos/", "espera/", "registrar/"):
        budget(page, f"/atenciones/quillota/{path}", staff=True)
        axe(page)
        assert_no_horizontal_scroll(page)
