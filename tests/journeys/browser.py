"""Which Chromium the journeys run in, and what they measure in it."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from playwright.sync_api import Error, Page, Response

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
             "--disable-background-networking", "--disable-sync"]  # fmt: skip
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TEXT_TYPES = ("text/", "application/json", "application/javascript", "image/svg+xml")
UNPACKED = settings.ROOT / "var" / "chromium"
PETROL = "rgb(15, 76, 82)"
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter(e => e.offsetParent && !e.closest('p, li, dd, td, th, .govuk-breadcrumbs, .govuk-error-summary')
               && e.type !== 'hidden' && !e.matches('.govuk-skip-link'))
  .map(e => [e.outerHTML.slice(0, 120), e.getBoundingClientRect()])
  .filter(([, r]) => r.height < 44 || r.width < 24)
  .map(([html, r]) => `${Math.round(r.width)}×${Math.round(r.height)} ${html}`)"""
# WCAG 1.4.12, set through the object model because the content policy refuses an added style element.
TEXT_SPACING = """() => { for (const e of document.querySelectorAll('body, body *')) {
  e.style.setProperty('line-height', '1.5', 'important');
  e.style.setProperty('letter-spacing', '.12em', 'important');
  e.style.setProperty('word-spacing', '.16em', 'important'); } }"""
UNSEEN_FOCUS = """elements => elements.filter(e => {
  e.focus();
  const marker = e.matches('.govuk-radios__input, .govuk-checkboxes__input') ? e.nextElementSibling : e;
  const shown = [getComputedStyle(marker), getComputedStyle(marker, '::before')];
  return !shown.some(s => s.boxShadow !== 'none'
    || (s.outlineStyle !== 'none' && s.outlineColor !== 'rgba(0, 0, 0, 0)'));
}).map(e => e.outerHTML.slice(0, 120))"""
OVERFLOWING = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
  [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
    && !e.closest('.mj-scroll')).slice(0, 5).map(e => e.outerHTML.slice(0, 160))"""


@dataclass(frozen=True)
class Limits:
    """What a page may cost, cold."""

    size: int
    requests: int
    elements: int


CITIZEN_LIMITS = Limits(size=20_000, requests=4, elements=400)
STAFF_LIMITS = Limits(size=120_000, requests=10, elements=2000)


def launch_options() -> dict[str, Any]:
    """Playwright's launch arguments: the system's Chromium, else the one inside the npm package."""
    system = next((path for name in SYSTEM_NAMES if (path := shutil.which(name))), None)
    if system:
        return {"executable_path": system, "args": ARGUMENTS}
    return {"executable_path": unpacked_chromium(), "args": ARGUMENTS, "env": unpacked_environment()}


def unpacked_chromium() -> str:
    """Path of the npm package's Chromium, unpacked once under var/."""
    UNPACKED.mkdir(parents=True, exist_ok=True)
    node = settings.ROOT / ".venv" / "bin" / "node"
    script = settings.ROOT / "scripts" / "unpack-chromium.mjs"
    # The package adds the shared libraries that the browser needs when it believes to be on Amazon Linux.
    environment = {**os.environ, "TMPDIR": str(UNPACKED), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x"}
    result = subprocess.run(
        [str(node) if node.exists() else "node", str(script)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.strip()


def unpacked_environment() -> dict[str, str]:
    """The unpacked libraries and fonts, before those of a machine that has none."""
    return {
        **os.environ,
        "LD_LIBRARY_PATH": str(UNPACKED / "al2023" / "lib"),
        "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf"),
    }


@cache
def axe_source() -> str:
    return (settings.ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()


def axe_violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and its best practices: rule, help and first elements."""
    # The source is evaluated by the debugger, which our content policy does not govern.
    page.evaluate(axe_source())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", AXE_TAGS)
    return [
        f"{violation['id']}: {violation['help']} — " + " | ".join(node["html"][:160] for node in violation["nodes"][:3])
        for violation in found["violations"]
    ]


@dataclass
class Traffic:
    """Requests and compressed bytes of what a page loaded."""

    requests: int = 0
    size: int = 0
    lines: list[str] = field(default_factory=list)

    def add(self, response: Response) -> None:
        size = _transferred(response)
        self.requests += 1
        self.size += size
        self.lines.append(f"{size} {response.url}")


def opened_cold(page: Page, path: str, tries: int = 3) -> Traffic:
    """What ``path`` loads. A page that leads itself on while it is weighed, as a device's does, is opened again."""
    responses: list[Response] = []

    def note(response: Response) -> None:
        responses.append(response)

    page.on("response", note)
    page.goto(path, wait_until="load")
    page.remove_listener("response", note)
    traffic = Traffic()
    try:
        for response in responses:
            traffic.add(response)
    except Error as error:
        if tries == 1 or "navigated away" not in str(error):
            raise
        return opened_cold(page, path, tries - 1)
    return traffic


def _transferred(response: Response) -> int:
    """Bytes of the body as production sends it: the test server does not compress static files."""
    if 300 <= response.status < 400:
        return 0
    body = response.body()
    is_text = response.headers.get("content-type", "").startswith(TEXT_TYPES)
    return len(gzip.compress(body, 6, mtime=0)) if is_text else len(body)


def is_styled(page: Page) -> bool:
    """Did our style sheet really apply? An unstyled page passes most other checks."""
    # A click returns when the next page begins to arrive, which is before there is anything to look at.
    page.wait_for_load_state()
    return bool(page.evaluate("getComputedStyle(document.querySelector('.mj-header')).backgroundColor") == PETROL)


def set_text_spacing(page: Page) -> None:
    """The line, letter and word spacing that WCAG says a page must bear."""
    page.evaluate(TEXT_SPACING)
