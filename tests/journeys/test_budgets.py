"""The frame alone leaves citizens' pages most of their budget; real pages are measured beside their journeys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.foundation.people.models import User
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_frame_costs_a_visitor_little(page: Page, budget: Callable[..., Any]) -> None:
    traffic = budget(page, "/estilo/no-existe/")

    assert traffic.size <= 13_000
    assert traffic.requests <= 3


def test_the_frame_costs_a_signed_in_person_little(
    page: Page, budget: Callable[..., Any], sign_in_browser: Callable[[Page, User], None]
) -> None:
    sign_in_browser(page, UserFactory())

    traffic = budget(page, "/estilo/", staff=True)

    assert traffic.size <= 20_000


def test_the_account_menu_opens_and_signs_out_without_scripts(
    no_js: Page, sign_in_browser: Callable[[Page, User], None]
) -> None:
    sign_in_browser(no_js, UserFactory(name="Rosa Ñancupil"))
    no_js.goto("/estilo/")

    no_js.locator("summary", has_text="Rosa").click()
    no_js.get_by_role("button", name="Salir").click()
    no_js.goto("/estilo/")

    assert no_js.get_by_role("link", name="Ingresar").count() == 1
