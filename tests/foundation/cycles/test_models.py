"""What a cycle is called."""

from __future__ import annotations

import pytest
from django.utils import translation

from tests.factories.cycles import CycleFactory


@pytest.mark.parametrize("name", ["Ciclo 2026", "Cycle 2026"])
def test_a_plain_name_is_said_in_the_language_of_the_reader(name: str) -> None:
    cycle = CycleFactory.build(year=2026, name=name)

    assert str(cycle) == "Ciclo 2026"
    with translation.override("en"):
        assert str(cycle) == "Cycle 2026"


@pytest.mark.parametrize("name", ["Año piloto", "Ciclo 2025"])
def test_a_name_of_its_own_is_kept(name: str) -> None:
    with translation.override("en"):
        assert str(CycleFactory.build(year=2026, name=name)) == name
