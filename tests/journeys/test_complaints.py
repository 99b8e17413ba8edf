"""Somebody without a name complains and reads the answer; a clerk writes one down; the team's lists fit a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.foundation.people.domain.persons import find_or_register
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from surveys.domain.complaints import Named
from surveys.models import Complaint
from tests.factories import attentions
from tests.factories import complaints as factory
from tests.factories.benefits import published_step
from tests.factories.people import UserFactory, user_with_role
from tests.factories.territories import MunicipalityFactory, ServicePointFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "Esperé dos horas y nadie me dijo por qué."


@pytest.fixture
def place() -> Territory:
    factory.category("R09")
    made = MunicipalityFactory(name="Quillota", slug="quillota")
    ServicePointFactory(territory=made, name="Oficina central")
    return made


@pytest.fixture
def lead(place: Territory) -> User:
    return user_with_role(Role.COORDINATOR, place, user=UserFactory(name="Ana Encargada"))


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continuar").click()


def write_and_send(page: Page) -> tuple[str, str]:
    """Every question of a complaint from the start page on; the code and the words that are shown."""
    page.goto("/reclamos/?municipalidad=quillota")
    page.get_by_role("button", name="Empezar").click()
    page.get_by_role("button", name="Escribir a Quillota").click()
    answers: list[Callable[[], None]] = [
        lambda: page.get_by_label("Reclamo").check(),
        lambda: page.get_by_label("No sé").check(),
        lambda: page.get_by_label("¿Qué pasó?").fill(TEXT),
        lambda: page.get_by_label("Oficina central").check(),
        lambda: page.get_by_label("No, es sobre la atención").check(),
        lambda: page.get_by_label("No, o prefiero no decirlo").check(),
        lambda: None,
        lambda: None,
    ]
    for answer in answers:
        answer()
        go_on(page)
    expect(page.get_by_role("heading", name="Revise sus respuestas")).to_be_visible()
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_role("heading", name="Lo recibimos")).to_be_visible()
    made = Complaint.objects.get()
    text = page.get_by_role("main").inner_text()
    words = re.search(r"cuatro palabras\s+([a-zñáéíóú]+ [a-zñáéíóú]+ [a-zñáéíóú]+ [a-zñáéíóú]+)", text)
    assert words is not None, text
    return made.shown_code, words[1]


def test_somebody_without_a_name_gets_a_reasoned_answer_and_rates_it(
    no_js: Page,
    new_page: Callable[..., Page],
    lead: User,
    sign_in_browser: Callable[[Page, User], None],
    assert_no_horizontal_scroll: Callable[..., None],
) -> None:
    code, words = write_and_send(no_js)
    assert_no_horizontal_scroll(no_js)
    no_js.get_by_role("button", name="Ya lo anoté: terminar").click()
    expect(no_js.get_by_text(code)).to_have_count(0)

    desk = new_page(1280, javascript=False)
    sign_in_browser(desk, lead)
    desk.goto(reverse("surveys:inbox"))
    desk.get_by_role("link", name=code).click()
    desk.get_by_role("link", name="Responder", exact=True).click()
    desk.get_by_label("La persona tiene razón", exact=True).check()
    desk.get_by_label("Qué encontramos").fill("Ese día faltó una persona.")
    desk.get_by_role("button", name="Enviar la respuesta").click()
    expect(desk.get_by_role("alert").first).to_be_visible()
    assert Complaint.objects.get().answered_at is None  # found, and nothing of what is done: no answer yet
    desk.get_by_label("Qué hacemos").fill("Desde hoy hay reemplazo en cada turno.")
    desk.get_by_label("Qué puede hacer la persona").fill("Venga el martes a las 10: no tendrá que esperar.")
    desk.get_by_role("button", name="Ver cómo lo leerá la persona").click()
    expect(desk.get_by_text("Así la lee la persona")).to_be_visible()
    desk.get_by_role("button", name="Enviar la respuesta").click()
    expect(desk.get_by_text("La respuesta se envió")).to_be_visible()

    no_js.goto("/seguimiento/")
    no_js.get_by_label("Código").fill(code)
    no_js.get_by_label("Sus cuatro palabras").fill(words)
    no_js.get_by_role("button", name="Ver mi caso").click()
    expect(no_js.get_by_text("Desde hoy hay reemplazo en cada turno.")).to_be_visible()
    expect(no_js.get_by_text("Ana Encargada")).to_have_count(0)
    assert_no_horizontal_scroll(no_js)
    no_js.get_by_role("link", name="Poner nota a cómo le atendieron").click()
    no_js.get_by_label("7", exact=True).check()
    no_js.get_by_role("button", name="Poner nota").click()
    expect(no_js.get_by_text("7 de 7")).to_be_visible()
    assert Complaint.objects.get().satisfaction == 7


def test_each_question_is_accessible_and_costs_little(
    page: Page, place: Territory, axe: Callable[[Page], None], budget: Callable[..., Any]
) -> None:
    published_step()
    page.goto("/reclamos/")
    axe(page)
    budget(page, "/reclamos/escribir/?municipalidad=quillota")
    axe(page)
    page.get_by_role("button", name="Escribir a Quillota").click()
    for question in ("tipo", "tema", "que-paso", "donde", "tramite", "preferencia", "archivos", "contacto"):
        page.wait_for_load_state("networkidle")
        budget(page, reverse("surveys:question", args=[question]))
        axe(page)
        if question == "tipo":
            go_on(page)
            expect(page.get_by_role("alert")).to_be_visible()
            axe(page)
            page.get_by_label("Sugerencia").check()
            go_on(page)
        if question == "que-paso":
            page.get_by_label("¿Qué pasó?").fill(TEXT)
            go_on(page)
    page.wait_for_load_state("networkidle")
    budget(page, reverse("surveys:check"))
    axe(page)
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_role("heading", name="Lo recibimos")).to_be_visible()
    page.wait_for_load_state("networkidle")
    for name in ("sent", "own", "own_reply", "own_withdraw"):
        budget(page, reverse(f"surveys:{name}"))
        axe(page)
    budget(page, reverse("surveys:public_figures", args=["quillota"]))
    axe(page)


def test_the_page_of_a_step_invites_and_the_step_is_kept(no_js: Page, place: Territory) -> None:
    step = published_step()
    no_js.goto(f"{step.get_absolute_url()}?municipalidad=quillota")

    no_js.get_by_role("link", name="¿Algo salió mal en este paso?").click()
    no_js.get_by_role("button", name="Empezar").click()
    no_js.get_by_role("button", name="Escribir a Quillota").click()
    no_js.goto(reverse("surveys:question", args=["tramite"]))

    expect(no_js.get_by_label("¿En qué trámite?")).to_have_value(str(step.pk))


def test_a_clerk_writes_one_down_and_the_words_are_on_paper_alone(
    page: Page,
    place: Territory,
    sign_in_browser: Callable[[Page, User], None],
    axe: Callable[[Page], None],
    assert_no_horizontal_scroll: Callable[..., None],
) -> None:
    sign_in_browser(page, user_with_role(Role.CLERK, place))
    page.goto(reverse("surveys:record"))
    axe(page)
    page.get_by_role("button", name="Guardar y dar el comprobante").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    axe(page)

    page.get_by_label("Mesón").check()
    page.get_by_label("Reclamo").check()
    page.get_by_label("¿Qué pasó?").fill(TEXT)
    page.get_by_label("No, es sobre la atención").check()
    page.locator("[name=handed][value=si]").check()
    page.get_by_role("button", name="Guardar y dar el comprobante").click()

    expect(page.get_by_text("Están solo en el papel impreso")).to_be_visible()
    axe(page)
    assert_no_horizontal_scroll(page)
    shown = page.locator(".mj-print-only").first
    expect(shown).to_be_hidden()
    page.emulate_media(media="print")
    expect(shown).to_be_visible()


def test_the_screens_of_the_team_are_accessible_and_fit_a_phone(
    page: Page,
    place: Territory,
    lead: User,
    sign_in_browser: Callable[[Page, User], None],
    axe: Callable[[Page], None],
    budget: Callable[..., Any],
    assert_no_horizontal_scroll: Callable[..., None],
) -> None:
    opened = factory.assigned(factory.complaint(place), to=lead, by=lead)
    answered = factory.coded(factory.complaint(place))
    sign_in_browser(page, lead)
    names = ("", "assign", "classify", "settle", "lead_elsewhere", "ask", "message", "note", "reply_for", "answer")
    screens = [reverse(f"surveys:complaint{'_' if name else ''}{name}", args=[opened.pk]) for name in names]
    screens += [reverse(f"surveys:{name}", args=[answered.pk]) for name in ("complaint", "complaint_close")]
    screens += [reverse(f"surveys:{name}") for name in ("inbox", "figures", "review_list", "terms")]
    screens += [reverse("surveys:review", args=["quillota", 2026, 1])]
    for address in screens:
        budget(page, address, staff=True)
        axe(page)
        assert_no_horizontal_scroll(page)


def test_the_contacts_of_a_person_are_found_from_the_entry_of_attentions(
    page: Page,
    place: Territory,
    lead: User,
    sign_in_browser: Callable[[Page, User], None],
    axe: Callable[[Page], None],
    assert_no_horizontal_scroll: Callable[..., None],
) -> None:
    person = find_or_register(
        scheme="cl_run", value="12.345.678-5", territory=place, purpose="", by=None, at=factory.NOW
    )
    attentions.attention(municipality=place, person=person)
    factory.complaint(place, channel="counter", by=lead, named=Named("Rosa", "Mira", "12.345.678-5"))
    sign_in_browser(page, lead)
    page.goto(reverse("benefits_core:attention_record", args=["quillota"]))

    page.get_by_label("RUN de la persona").fill("12.345.678-5")
    page.get_by_role("button", name="Ver los contactos de este RUN").click()
    expect(page.get_by_label("RUN de la persona")).to_have_value("12.345.678-5")
    axe(page)
    page.get_by_label("Para llamar a la persona").check()
    page.get_by_role("button", name="Ver los contactos").click()

    expect(page.get_by_text("2 contactos")).to_be_visible()
    axe(page)
    assert_no_horizontal_scroll(page)
    page.get_by_role("button", name="Terminar y cerrar").click()
    expect(page.get_by_label("RUN de la persona")).to_have_value("")
