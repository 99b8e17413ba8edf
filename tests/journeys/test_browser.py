"""A machine without a browser still runs the journeys: the npm package carries one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Playwright

from tests.journeys import browser as browsing

pytestmark = pytest.mark.browser


def test_without_a_system_browser_the_one_inside_the_npm_package_draws_text(
    playwright: Playwright, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing.shutil, "which", lambda _name: None)

    carried = playwright.chromium.launch(**browsing.launch_options())
    page = carried.new_page()
    page.set_content("<h1>Hola</h1>")

    assert page.inner_text("h1") == "Hola"  # laid out, so a font was found
    carried.close()
