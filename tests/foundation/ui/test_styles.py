"""The style sheets hold what the templates ask for, and stay small."""

from __future__ import annotations

import gzip
import re

import pytest
from django.conf import settings

FOLDER = settings.ROOT / "var" / "assets" / "ui"
CLASSES = re.compile(r'class="([^"]*)"')
TEMPLATE_MARKS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")
# Names of GOV.UK's markup that carry no rule.
WITHOUT_STYLE = {
    "govuk-checkboxes",
    "govuk-table__body",
    "govuk-table__caption--s",
    "govuk-table__head",
    "govuk-table__row",
}


def _style_sheet(name: str) -> str:
    path = FOLDER / name
    assert path.exists(), f"{path} is missing; run: npm run build"
    return path.read_text()


def _classes_of(name: str) -> set[str]:
    return set(re.findall(r"\.((?:govuk|mj)-[\w-]+)", _style_sheet(name)))


def test_every_class_in_the_templates_is_in_their_style_sheet() -> None:
    """The staff's, or the one of kiosks and call screens for the pages of that frame."""
    staff, device = _classes_of("staff.css"), _classes_of("device.css")
    unknown = []
    for path in sorted((settings.ROOT / "templates").rglob("*.html")):
        text = path.read_text()
        is_of_device = path.name == "device.html" or '{% extends "benefits_core/device.html" %}' in text
        known = device if is_of_device else staff
        for names in CLASSES.findall(re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.S)):
            # A mark inside a name («mj-tag--{{ tone }}») leaves a stem, which ends in a hyphen.
            for name in TEMPLATE_MARKS.sub(" ", names.replace("-{{", "- {{").replace("-{%", "- {%")).split():
                if name.startswith(("govuk-", "mj-")) and not name.endswith("-") and name not in known | WITHOUT_STYLE:
                    unknown.append(f"{path.relative_to(settings.ROOT)}: {name}")

    assert unknown == []


@pytest.mark.parametrize(("name", "limit"), [("citizen.css", 11_000), ("staff.css", 14_000), ("device.css", 7_000)])
def test_style_sheets_stay_small(name: str, limit: int) -> None:
    assert len(gzip.compress(_style_sheet(name).encode(), 9)) <= limit


@pytest.mark.parametrize("name", ["citizen.css", "staff.css", "device.css"])
def test_style_sheets_refer_to_no_other_file(name: str) -> None:
    assert "url(" not in _style_sheet(name)
    assert "@import" not in _style_sheet(name)
