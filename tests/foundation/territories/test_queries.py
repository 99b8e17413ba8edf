"""The finder and a region's list."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.foundation.territories import queries
from portal.foundation.territories.domain import load_territories
from portal.foundation.territories.models import Territory

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def country(db):
    load_territories(by=None, at=AT)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("nunoa", ["Ñuñoa"]),
        ("  ÑUÑOA ", ["Ñuñoa"]),
        ("o'higgins", ["O'Higgins"]),
        ("OHIGGINS", ["O'Higgins"]),
        ("o’higgins", ["O'Higgins"]),
        ("santa cruz", ["Santa Cruz"]),
        ("pascua", ["Isla de Pascua"]),
        ("Municipalidad de Santa Cruz", ["Santa Cruz"]),
        ("ilustre municipalidad ñuñoa", ["Ñuñoa"]),
        ("comuna de los lagos", ["Los Lagos"]),
        ("antartica", []),
        ("los lagos", ["Los Lagos"]),
        ("", []),
        ("%", []),
        ("_", []),
        ("<b>", []),
        ("b; drop", []),
    ],
)
def test_a_municipality_is_found_without_accents_or_case(country, text, first):
    assert [found.name for found in queries.find_municipalities(text)] == first


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("quilota", ["Quillota"]),
        ("Valparaizo", ["Valparaíso"]),
        ("quilpe", ["Quilpué", "Queilén"]),
        ("pto montt", ["Puerto Montt"]),
        ("atlantis", []),
        ("<quilota>", []),
        ("", []),
    ],
)
def test_a_slip_of_the_finger_is_near_a_name(country, text, near):
    assert [found.name for found in queries.near_municipalities(text)] == near


def test_the_exact_name_comes_first_then_beginnings(country):
    found = [municipality.name for municipality in queries.find_municipalities("san pedro")]

    assert found == ["San Pedro", "San Pedro de Atacama", "San Pedro de la Paz"]


def test_a_region_lists_its_own_municipalities_by_name(country):
    region = Territory.objects.get(code="15")

    assert [found.name for found in queries.municipalities_of(region)] == [
        "Arica",
        "Camarones",
        "General Lagos",
        "Putre",
    ]


def test_regions_come_in_their_official_order(country):
    assert [region.code for region in queries.regions()] == [f"{number:02}" for number in range(1, 17)]
