"""Every component and every kind of field, as visitors and their assistive technology meet them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import browser as browsing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GUIDE = "/estilo/?aviso=1"


def test_axe_finds_nothing(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto(GUIDE)

    axe(page)


def test_axe_finds_nothing_among_errors(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto(GUIDE)
    page.get_by_role("button", name="Enviar").click()

    axe(page)


def test_nothing_scrolls_sideways_at_320(page: Page, assert_no_horizontal_scroll: Callable[..., None]) -> None:
    page.goto(GUIDE)
    assert_no_horizontal_scroll(page)

    page.goto(GUIDE)
    page.get_by_role("button", name="Enviar").click()
    assert_no_horizontal_scroll(page)


def test_targets_are_large(page: Page, assert_large_targets: Callable[[Page], None]) -> None:
    page.goto(GUIDE)

    assert_large_targets(page)


def test_the_error_summary_takes_the_focus_and_leads_to_each_field_without_scripts(no_js: Page) -> None:
    no_js.goto("/estilo/")
    no_js.get_by_role("button", name="Enviar").click()

    expect(no_js.locator(".govuk-error-summary:focus")).to_have_count(1)
    for link in no_js.locator(".govuk-error-summary a").all():
        link.click()
        target = (link.get_attribute("href") or "#").removeprefix("#")
        expect(no_js.locator(f"[id='{target}']")).to_have_count(1)


def test_a_mended_form_is_received_without_scripts(no_js: Page) -> None:
    no_js.goto("/estilo/")
    no_js.get_by_label("Nombre completo").fill("Rosa Ñancupil")
    no_js.locator("#id_region").select_option("13")
    for box, text in enumerate(("27", "3", "1976")):
        no_js.locator(f"#id_born_on_{box}").fill(text)
    no_js.get_by_label("Nivel 1").check()
    no_js.get_by_label("Por el sitio web").check()
    no_js.get_by_label("Personas en el hogar").fill("3")
    no_js.get_by_label("¿Qué pasó?").fill("Me atendieron bien.")
    no_js.get_by_label("Antecedente").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    no_js.get_by_label("Leí las condiciones").check()
    no_js.get_by_role("button", name="Enviar").click()

    assert no_js.get_by_role("heading", level=1).inner_text() == "Recibimos su formulario"


def test_the_keyboard_goes_from_the_skip_link_to_the_content(page: Page) -> None:
    page.goto("/estilo/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"

    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "contenido"


def test_every_stop_of_the_keyboard_shows_its_focus(page: Page) -> None:
    page.goto("/estilo/")
    stops = page.locator("a:visible, button:visible, input:visible, select:visible, textarea:visible, summary:visible")

    unseen = stops.evaluate_all(browsing.UNSEEN_FOCUS)

    assert unseen == []


def test_the_language_switch_keeps_the_page(page: Page) -> None:
    page.goto("/estilo/")
    page.get_by_role("link", name="English").click()

    expect(page).to_have_url(re.compile("/en/estilo/$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_missing_page_says_so_in_the_frame(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/estilo/no-existe/")

    assert page.get_by_role("heading", level=1).inner_text() == "No encontramos esta página"
    axe(page)


def test_colours_chosen_by_the_person_leave_everything_visible(new_page: Callable[..., Page]) -> None:
    page = new_page(1280, forced_colors="active")
    page.goto("/estilo/")

    assert page.locator(".govuk-button").first.evaluate("e => getComputedStyle(e).borderTopColor") != "rgba(0, 0, 0, 0)"
