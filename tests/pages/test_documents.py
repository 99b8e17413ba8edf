"""The A3 panel: always one sheet, and with the way to the rest."""

from __future__ import annotations

import base64
import io
from datetime import date
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.utils import translation

from plans.enums import SignatureRole
from portal.foundation.documents.qr import qr_svg
from portal.foundation.documents.render import render_pdf
from portal.pages.documents import (
    LONGEST_NAME,
    LONGEST_TITLE,
    MOST_FALLEN,
    MOST_IMPROVEMENTS,
    MOST_MISSING,
    MOST_RISEN,
    panel_data,
)
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.pages import site_pages
from tests.factories.plans import add_line, draft_plan, proposed_plan, sign, standard_of
from tests.factories.quality import verified_assessment
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db


def panel(**changes: Any) -> dict[str, Any]:
    """The panel of a municipality in its second verified year, with a plan of one improvement in force."""
    municipality = MunicipalityFactory(name="Ñuñoa", slug="nunoa")
    for year, level in ((2025, 0), (2026, 2)):
        cycle = CycleFactory(year=year, is_demo=True)
        verified_assessment(municipality=municipality, cycle=cycle, levels={"E01": level, "E02": 1, "E03": 3})
    draft = draft_plan(municipality=municipality, cycle=cycle)
    add_line(draft, title="Mejora 1", standards=[(standard_of(draft), 3)])  # it is at level 2 already
    plan = proposed_plan(plan=draft, lines=0)
    for role in SignatureRole:
        sign(plan, role)
    participation = municipality.participations.get(cycle=cycle)
    with translation.override("es"):
        return {**panel_data(participation, "es"), **changes}


def pages_of(data: dict[str, Any]) -> list[list[int]]:
    with translation.override("es"), pikepdf.open(io.BytesIO(render_pdf("panel.typ", data))) as pdf:
        return [[round(float(side)) for side in page.mediabox[2:]] for page in pdf.pages]


def longest(length: int) -> str:
    return ("Wamba mowol " * 9)[:length]


def test_it_is_one_sheet_even_with_as_much_as_it_may_hold() -> None:
    row = {"name": longest(LONGEST_NAME), "steps": "0 → 3"}
    full = panel(
        title=f"Municipalidad de {longest(40)}",
        subjects={
            "heading": "Por tema",
            "rows": [{"name": longest(80), "met": 3, "whole": 7, "count": "3 de 7"}] * 6,
            "note": "",
            "more": "",
        },
        doing={
            "heading": longest(30),
            "rows": [{"title": longest(LONGEST_TITLE), "state": longest(60)}] * MOST_IMPROVEMENTS,
            "note": longest(60),
            "more": "y 9 más",
        },
        changes={"heading": longest(30), "rows": [row] * (MOST_RISEN + MOST_FALLEN), "note": longest(70), "more": ""},
        missing={
            "heading": longest(30),
            "rows": [longest(LONGEST_NAME)] * MOST_MISSING,
            "note": "",
            "more": "y 20 más",
        },
    )

    assert pages_of(full) == [[1191, 842]]


def test_it_says_the_number_what_changed_and_where_to_read_the_rest() -> None:
    site_pages()

    data = panel()

    assert (data["headline"], data["headline_of"], data["since"]) == ("2", "de 3", "En 2025: 1 de 3.")
    assert data["changes"]["rows"] == [{"name": "Estándar 1", "steps": "0 → 2"}]
    assert [row["state"] for row in data["doing"]["rows"]] == ["Validada, hasta octubre de 2026"]
    assert data["missing"]["rows"] == ["Estándar 2"]
    assert data["address"] == f"{settings.SITE_URL}/municipalidades/nunoa/"
    assert data["images"] == {"qr.svg": qr_svg(data["address"])}
    assert base64.b64decode(data["images"]["qr.svg"]).startswith(b"<?xml")
    assert "traducción" not in str(data)
    assert pages_of(data) == [[1191, 842]]


def test_before_a_diagnosis_and_without_pages_it_is_a_sheet_too() -> None:
    with translation.override("es"):
        data = panel_data(ParticipationFactory(cycle=CycleFactory(starts_on=date(2026, 1, 1))), "es")

    assert (data["address"], data["images"], data["missing"]["rows"]) == ("", {}, [])
    assert pages_of(data) == [[1191, 842]]
