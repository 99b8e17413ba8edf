"""Fixtures of the journeys in a real browser: every page is asked at 360 and 1280 pixels.

``page`` runs scripts, ``no_js`` does not; both come at both widths. ``axe``, ``budget``,
``assert_no_horizontal_scroll`` and ``sign_in_browser`` are what a journey asserts with.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from portal.foundation.people.models import User
from tests.factories.people import sign_in
from tests.journeys import browser as browsing

# Playwright's own loop makes Django believe that database calls come from asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PHONE, DESK = 360, 1280
HEIGHT = 800


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **browsing.launch_options()}


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def viewport_width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """``new_page(width, javascript=True)``: a page in a context of its own, addresses relative to the server."""
    contexts: list[BrowserContext] = []

    def make(width: int, *, javascript: bool = True, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=javascript,
            locale="es-CL",
            reduced_motion="reduce",  # colours are measured at rest
            **options,
        )
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page], viewport_width: int) -> Page:
    return new_page(viewport_width)


@pytest.fixture
def no_js(new_page: Callable[..., Page], viewport_width: int) -> Page:
    """The same page with scripts off, as every citizen's journey must work."""
    return new_page(viewport_width, javascript=False)


@pytest.fixture
def sign_in_browser(live_server: LiveServer) -> Callable[[Page, User], None]:
    """``sign_in_browser(page, user)``: password and second factor passed, without walking the screens."""

    def enter(page: Page, user: User) -> None:
        client = sign_in(Client(), user)
        page.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "domain": urlsplit(live_server.url).hostname or "localhost",
                    "path": "/",
                }
            ]
        )

    return enter


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """``axe(page)``: styled, and no violation of WCAG 2.2 AA or axe's best practices."""

    def check(page: Page) -> None:
        assert browsing.is_styled(page), "the style sheet did not apply; run: npm run build"
        assert browsing.axe_violations(page) == []

    return check


@pytest.fixture
def budget() -> Callable[..., browsing.Traffic]:
    """``budget(page, "/path/", staff=False)``: opens the page cold and holds it to the design's limits."""

    def check(page: Page, path: str, *, staff: bool = False) -> browsing.Traffic:
        traffic = browsing.opened_cold(page, path)
        limits = browsing.STAFF_LIMITS if staff else browsing.CITIZEN_LIMITS
        elements = page.locator("*").count()
        report = "\n".join(traffic.lines)
        assert traffic.size <= limits.size, f"{traffic.size} bytes, at most {limits.size}:\n{report}"
        assert traffic.requests <= limits.requests, report
        assert elements <= limits.elements, f"{elements} elements, at most {limits.elements}"
        return traffic

    return check


@pytest.fixture
def assert_no_horizontal_scroll() -> Callable[..., None]:
    """``assert_no_horizontal_scroll(page, 320)``: also with WCAG's text spacing."""

    def check(page: Page, width: int = 320) -> None:
        before = page.viewport_size
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.wait_for_load_state()
        assert page.evaluate(browsing.OVERFLOWING) == []
        browsing.set_text_spacing(page)
        assert page.evaluate(browsing.OVERFLOWING) == []
        if before:
            page.set_viewport_size(before)

    return check


@pytest.fixture
def assert_large_targets() -> Callable[[Page], None]:
    """Controls and links that stand alone are at least 44 pixels high (links inside a sentence are exempt)."""

    def check(page: Page) -> None:
        assert page.evaluate(browsing.SMALL_TARGETS) == []

    return check
