"""How large the demonstration is: which municipalities take part, for how many years."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.foundation.cycles.models import Stage


@dataclass(frozen=True)
class Size:
    """``named`` gives the communes (by code) that take part, with this year's stage and story.

    ``drawn`` adds municipalities drawn by the seed: how many per stage.
    """

    years: int
    named: dict[str, tuple[Stage, str]]
    drawn: dict[Stage, int] = field(default_factory=dict)


# Story: how far the municipality has come this year, so that every screen has something to show.
NAMED = {
    "05501": (Stage.CONTINUITY, "executing"),  # Quillota: the plan runs, one line waits for the region
    "05401": (Stage.NEW, "diagnosing"),  # La Ligua: most standards answered
    "05602": (Stage.CONSOLIDATION, "commenting"),  # Algarrobo: its draft is open to comment
    "05801": (Stage.CONTINUITY, "proposed"),  # Quilpué: waits for two signatures
    "08106": (Stage.NEW, "submitted"),  # Lota: waits for the region
    "08111": (Stage.CONSOLIDATION, "accounting"),  # Tomé: the year can be closed
}

SMALL = Size(years=2, named=NAMED)
COUNTRY = Size(
    years=5,
    named=NAMED,
    drawn={Stage.NEW: 11, Stage.CONTINUITY: 13, Stage.CONSOLIDATION: 30},
)
SIZES = {"small": SMALL, "country": COUNTRY}
MAIN_MUNICIPALITY = "05501"
THEMES_NEIGHBOR = "05602"  # Algarrobo
# How many people answer the survey of a whole year.
SURVEYED = {"05501": 180, "05602": 170, "08111": 45}  # Quillota, Algarrobo, Tomé
# Where this year's survey has ended already, so that two years stand side by side: a large one and a small one.
SURVEYED_TWICE = frozenset({"05602", "08111"})
STORIES = ("executing", "accounting", "proposed", "submitted", "diagnosing", "commenting")
