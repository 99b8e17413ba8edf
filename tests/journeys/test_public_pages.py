"""What anybody reads without an account, on real data: the whole catalogue, two years of levels, a plan in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.demo.country import DemoCountry
from portal.demo.sizes import MAIN_MUNICIPALITY, Size
from portal.foundation.audit.domain import seal
from portal.foundation.cycles.models import Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
PHONE, DESK = 360, 1280
QUILLOTA = "/municipalidades/quillota/"
PAGES = (
    "/",
    "/en/",
    "/que-es/",
    "/como-leer/",
    "/accesibilidad-y-privacidad/",
    "/noticias/",
    "/municipalidades/",
    "/municipalidades/?q=san",
    "/municipalidades/?q=zzzz",
    "/municipalidades/?region=05",
    QUILLOTA,
    "/en/municipalities/quillota/",
    f"{QUILLOTA}?year=2025",
    f"{QUILLOTA}niveles/",
    f"{QUILLOTA}plan/",
    f"{QUILLOTA}panel/",
    "/municipalidades/vina-del-mar/",
    "/estandares/",
    "/estandares/E01/",
    "/auditoria/",
    "/cuenta/ingresar/",
    "/no-existe/",
)


@pytest.fixture
def country(db: None) -> Iterator[None]:
    """One municipality that carries its plan out, with the year before it."""
    size = Size(years=2, named={MAIN_MUNICIPALITY: (Stage.CONTINUITY, "executing")})
    DemoCountry(size=size, seed=7, now=NOW, tell=lambda _text: None).build()
    seal(at=NOW)
    yield


@pytest.mark.usefixtures("country")
def test_every_public_page_is_light_accessible_and_fits(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    budget: Callable[..., Any],
    assert_no_horizontal_scroll: Callable[..., None],
    assert_large_targets: Callable[[Page], None],
) -> None:
    for width, path in product((PHONE, DESK), PAGES):
        page = new_page(width)  # a context of its own: nothing is cached
        budget(page, path)
        axe(page)
        assert_large_targets(page)
        assert_no_horizontal_scroll(page)
        page.context.close()


@pytest.mark.usefixtures("country")
def test_a_neighbor_finds_the_municipality_and_reads_its_year_by_keyboard_without_scripts(
    new_page: Callable[..., Page],
) -> None:
    page = new_page(PHONE, javascript=False)
    page.goto("/")

    page.keyboard.press("Tab")
    expect(page.locator(".govuk-skip-link")).to_be_focused()
    page.get_by_label("Nombre de su municipalidad").focus()
    page.keyboard.type("quillóta")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{QUILLOTA}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Municipalidad de Quillota")
    for heading in ("Qué falta", "Qué se está haciendo", "Qué ha cambiado", "De dónde salen estos números"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.get_by_text("DATOS DE DEMOSTRACIÓN")).to_be_visible()
    page.get_by_role("link", name="El nivel de cada estándar").click()
    expect(page.get_by_role("row")).to_have_count(32)
    expect(page.get_by_text("Autodiagnóstico", exact=False).first).to_be_visible()


@pytest.mark.usefixtures("country")
def test_the_panel_is_printed_and_prepared_without_an_account_or_scripts(new_page: Callable[..., Page]) -> None:
    page = new_page(PHONE, javascript=False)
    page.goto(f"{QUILLOTA}panel/")
    prepare = page.get_by_role("button", name="Preparar la lámina A3")

    page.emulate_media(media="print")
    expect(prepare).to_be_hidden()
    expect(page.get_by_role("heading", name="Qué se está haciendo")).to_be_visible()
    expect(page.get_by_text("DATOS DE DEMOSTRACIÓN")).to_be_visible()
    page.emulate_media(media="screen")
    prepare.click()
    with page.expect_download() as prepared:
        page.get_by_role("main").get_by_role("link").first.click()

    assert prepared.value.suggested_filename == "panel-quillota-2026.pdf"
    assert prepared.value.path().read_bytes()[:5] == b"%PDF-"
