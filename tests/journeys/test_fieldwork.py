"""The survey's fieldwork: invited from a list, answered on a screen of the office, read from papers by two people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from surveys.domain import screens
from surveys.models import Round, RoundResponse, SurveyContact
from tests.factories import contacts as contact_factory
from tests.factories import rounds as factory
from tests.factories.people import user_with_role
from tests.factories.territories import MunicipalityFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = 20


@pytest.fixture
def round() -> Round:
    return factory.opened(MunicipalityFactory(name="Quillota", slug="quillota"), at=timezone.now())


def answer_page(page: Page) -> None:
    """The first option of every question, and on with it."""
    radios = page.locator("main input[type=radio]")
    seen: set[str] = set()
    for number in range(radios.count()):
        name = str(radios.nth(number).get_attribute("name"))
        if name not in seen:
            seen.add(name)
            radios.nth(number).check(force=True)
    if page.locator("main input[type=checkbox]").count():
        page.locator("main input[type=checkbox]").first.check(force=True)
    page.locator("main form button.govuk-button").first.click()


def test_whoever_comes_by_answers_on_a_screen_without_scripts(
    no_js: Page, round: Round, assert_no_horizontal_scroll: Callable[..., None]
) -> None:
    _screen, key = screens.add_screen(round=round, name="Sala de espera", by=None, at=timezone.now())
    no_js.goto(f"/encuesta/pantalla/abrir/{key}/")
    expect(no_js.get_by_role("heading", name="¿Cómo le atendieron?")).to_be_visible()
    assert_no_horizontal_scroll(no_js)
    no_js.get_by_role("button", name="Empezar", exact=True).click()
    for _number in range(PAGES):
        if no_js.url.endswith("/gracias/"):
            break
        answer_page(no_js)

    expect(no_js.get_by_role("heading", name="Gracias: recibimos sus respuestas")).to_be_visible()
    assert_no_horizontal_scroll(no_js)
    no_js.get_by_role("link", name="Listo").click()
    expect(no_js.get_by_role("heading", name="¿Cómo le atendieron?")).to_be_visible()
    assert RoundResponse.objects.get().mode == "kiosk"


def test_a_list_is_sent_and_its_people_are_invited(
    page: Page,
    round: Round,
    sign_in_browser: Callable[[Page, User], None],
    axe: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    sign_in_browser(page, user_with_role(Role.COORDINATOR, round.territory))
    (tmp_path / "vecinos.csv").write_bytes(contact_factory.listed(3) + b"\nnadie;presencial\n")

    page.goto(round.get_absolute_url())
    page.get_by_role("link", name="Invitaciones").click()
    page.get_by_role("link", name="Agregar una lista de contactos").click()
    page.get_by_label("Lista de contactos").set_input_files(tmp_path / "vecinos.csv")
    page.get_by_role("button", name="Agregar").click()
    expect(page.get_by_role("heading", name="Se agregaron 3 contactos")).to_be_visible()
    expect(page.get_by_text("No es un celular ni un correo.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Volver a las invitaciones").click()
    page.get_by_role("link", name="Enviar las invitaciones").click()
    expect(page.get_by_text("3 personas, elegidas por sorteo")).to_be_visible()
    page.get_by_role("button", name="Enviar ahora").click()

    expect(page.get_by_text("invitaciones, 3 mensajes")).to_be_visible(timeout=30_000)
    axe(page)
    assert SurveyContact.objects.filter(wave=1).count() == 3


def test_a_paper_is_typed_by_two_people_and_decided_upon(
    new_page: Callable[..., Page],
    viewport_width: int,
    round: Round,
    sign_in_browser: Callable[[Page, User], None],
    axe: Callable[[Page], None],
) -> None:
    code = factory.token(round)
    for person, overall in (("first", "6"), ("second", "2")):
        page = new_page(viewport_width)
        sign_in_browser(page, user_with_role(Role.CLERK, round.territory))
        page.goto("/encuestas/ayudar/")
        page.get_by_role("link", name="Digitar papeles de Quillota").click()
        page.get_by_label("Código del papel").fill(code)
        page.keyboard.press("Enter")
        page.locator("[name=F1]").focus()
        for typed in ["1", "1", "1", overall]:
            page.keyboard.type(typed)
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        if person == "first":
            expect(page.get_by_text("Guardado. La segunda vez lo digita otra persona.")).to_be_visible()
    expect(page.get_by_role("heading", name="¿Cuál es como dice el papel?")).to_be_visible()
    axe(page)
    page.get_by_label("Segunda lectura: 2").check(force=True)
    page.get_by_role("button", name="Guardar las respuestas").click()

    expect(page.get_by_text("Las respuestas quedan guardadas.")).to_be_visible()
    axe(page)
    assert RoundResponse.objects.get().mode == "paper"
