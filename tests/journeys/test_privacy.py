"""Without an account: code and words, the own data, and nothing left on the library's computer. With one: my data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.foundation.audit.domain import record_look
from portal.foundation.people.models import DataRequest, User
from portal.foundation.people.roles import Role
from portal.foundation.receipts import domain
from portal.foundation.receipts.models import Receipt
from tests.factories.people import UserFactory, user_with_role
from tests.factories.receipts import NOW, issued
from tests.factories.territories import MunicipalityFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_somebody_without_an_account_opens_reads_erases_and_closes(
    no_js: Page, assert_no_horizontal_scroll: Callable[[Page, int], None]
) -> None:
    given = issued(contact="rosa@example.cl")
    domain.notify(receipt=given.receipt, template="receipt_news", context={}, dedupe_key="news", at=NOW)
    page = no_js
    page.goto("/seguimiento/")
    assert_no_horizontal_scroll(page, 320)

    page.get_by_label("Código").fill(given.receipt.code.lower())
    page.get_by_label("Sus cuatro palabras").fill("uno dos tres cuatro")
    page.get_by_role("button", name="Ver mi caso").click()
    expect(page.get_by_role("alert")).to_contain_text("no coinciden")
    assert page.get_by_label("Código").input_value() == given.receipt.code.lower()

    page.get_by_label("Sus cuatro palabras").fill(given.secret.upper())
    page.get_by_role("button", name="Ver mi caso").click()
    page.get_by_role("link", name="Ver mis datos").click()
    expect(page.get_by_text("rosa@example.cl").first).to_be_visible()
    assert_no_horizontal_scroll(page, 320)

    page.get_by_role("link", name="Borrar mi contacto").click()
    page.get_by_role("button", name="Borrarlo").click()
    expect(page.get_by_text("Borramos su contacto")).to_be_visible()
    assert Receipt.objects.get().contact == ""

    page.get_by_role("button", name="Cerrar en este equipo").click()
    page.go_back()
    expect(page.get_by_text(given.receipt.shown_code)).to_have_count(0)


def test_the_pages_of_a_receipt_are_light_and_accessible(
    page: Page, axe: Callable[[Page], None], budget: Callable[..., Any], assert_large_targets: Callable[[Page], None]
) -> None:
    given = issued(contact="rosa@example.cl")
    for address in ("/seguimiento/", "/datos-personales/"):
        budget(page, address)
        axe(page)
        assert_large_targets(page)
    page.goto("/seguimiento/")
    page.get_by_label("Código").fill(given.receipt.code)
    page.get_by_label("Sus cuatro palabras").fill(given.secret)
    page.get_by_role("button", name="Ver mi caso").click()
    page.wait_for_load_state("networkidle")

    for name in ("show", "own_data", "ask", "forget_contact"):
        budget(page, reverse(f"receipts:{name}"))
        axe(page)


def test_a_signed_in_person_sees_who_looked_and_asks_to_erase(
    no_js: Page,
    sign_in_browser: Callable[[Page, User], None],
    assert_no_horizontal_scroll: Callable[[Page, int], None],
) -> None:
    place = MunicipalityFactory(name="Quirihue")
    rosa = user_with_role(Role.CITIZEN, place, user=UserFactory(name="Rosa Mira"))
    looker = user_with_role(Role.DIDECO, place, user=UserFactory(name="Ana Dideco"))
    record_look(by=looker, object=rosa, purpose="Para revisar la cuenta", at=NOW)
    page = no_js
    sign_in_browser(page, rosa)

    page.goto("/mis-datos/")
    assert_no_horizontal_scroll(page, 320)
    page.get_by_role("link", name="Ver quién, cuándo y para qué").click()
    expect(page.get_by_text("Quirihue")).to_be_visible()
    expect(page.get_by_text("Ana Dideco")).to_have_count(0)
    assert_no_horizontal_scroll(page, 320)

    page.goto("/mis-datos/")
    page.get_by_role("button", name="Pedir algo sobre mis datos").click()
    page.get_by_label("Borrar mis datos").check()
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_text("Espera respuesta")).to_be_visible()
    assert DataRequest.objects.get().subject_id == str(rosa.pk)


def test_the_pages_about_data_are_accessible(
    page: Page, axe: Callable[[Page], None], sign_in_browser: Callable[[Page, User], None]
) -> None:
    place = MunicipalityFactory()
    dideco = user_with_role(Role.DIDECO, place)
    sign_in_browser(page, dideco)

    for name in ("overview", "looks", "own_request_open", "request_list"):
        page.goto(reverse(f"privacy:{name}"))
        axe(page)
    page.goto(reverse("privacy:held", args=["people.account"]))
    axe(page)
