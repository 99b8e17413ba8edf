"""What has changed in a municipality: the levels of one series, then and now.

The team's series and the region's are never compared with each other: the difference between two
judges would read as an improvement. Of the two, the one with more standards measured both times is
shown; the region's where they are equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.foundation.cycles.models import Cycle
from portal.foundation.ui.translated import localized
from quality.enums import Series
from quality.models import LevelRecord, Standard
from quality.scoring import Reduction, reduction

Records = Mapping[str, Mapping[int, LevelRecord]]  # series → standard id → record


@dataclass(frozen=True)
class StandardChange:
    """One standard measured in an earlier year and in this one; levels 0-3."""

    code: str
    name: str
    before: int
    now: int


@dataclass(frozen=True)
class Change:
    """What one series says of ``year`` beside its first measurements, made in ``first_years``."""

    series: str
    year: int
    first_years: Sequence[int]
    standards: Sequence[StandardChange]
    reduction: Reduction

    @property
    def is_verified(self) -> bool:
        return self.series == Series.VERIFIED

    @property
    def since(self) -> str:
        """The year or years of the first measurements: «2023», «2023-2025»."""
        first, last = min(self.first_years), max(self.first_years)
        return str(first) if first == last else f"{first}-{last}"

    @property
    def risen(self) -> list[StandardChange]:
        return [standard for standard in self.standards if standard.now > standard.before]

    @property
    def fallen(self) -> list[StandardChange]:
        return [standard for standard in self.standards if standard.now < standard.before]

    @property
    def moved(self) -> list[StandardChange]:
        return [standard for standard in self.standards if standard.now != standard.before]


def change_of(*, cycle: Cycle, standards: Mapping[int, Standard], now: Records, before: Records) -> Change | None:
    """The change of the series that compares more standards; None where nothing was measured twice.

    :param standards: by id, in the order in which they are shown.
    :param now: the records in force of ``cycle``.
    :param before: those of earlier years that they are compared with (``quality.queries.gaps.baselines_of``).
    """
    # The verified series comes first, and the first of two equal ones is the greatest.
    found = [
        _change(series, cycle, standards, now.get(series, {}), before.get(series, {}))
        for series in (Series.VERIFIED, Series.SELF_ASSESSED)
    ]
    best = max(found, key=lambda change: change.reduction.compared)
    return best if best.reduction.compared else None


def _change(
    series: str,
    cycle: Cycle,
    standards: Mapping[int, Standard],
    now: Mapping[int, LevelRecord],
    before: Mapping[int, LevelRecord],
) -> Change:
    pairs = [
        (standard, before[pk], now[pk])
        for pk, standard in standards.items()
        if pk in before and pk in now and before[pk].level is not None and now[pk].level is not None
    ]
    return Change(
        series=series,
        year=cycle.year,
        first_years=[first.cycle.year for _standard, first, _last in pairs],
        standards=[
            StandardChange(standard.code, localized(standard.name), first.level, last.level)  # type: ignore[arg-type]
            for standard, first, last in pairs
        ],
        reduction=reduction(
            {standard.code: first.level for standard, first, _last in pairs},
            {standard.code: last.level for standard, _first, last in pairs},
            cycle.met_at,
        ),
    )
