"""What is computed from counts. Pure: counts in, numbers out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from surveys.statistics.disclosure import hidden_cells

# A smaller cell could point at a person, so the public does not see it.
SMALLEST_PUBLIC_CELL = 5
PER = 1000


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year; ``number`` goes from 1 to 4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 4:
            raise ValueError(f"a year has no quarter {self.number}")

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month + 2) // 3)

    @property
    def starts_on(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends_on(self) -> date:
        following = self.following
        return following.starts_on - timedelta(days=1)

    @property
    def following(self) -> Quarter:
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def previous(self) -> Quarter:
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"


def quantile(counts: Mapping[int, int], share: float) -> int | None:
    """The least value that at least ``share`` (0-1) of the cases do not exceed; None without cases.

    :param counts: value → number of cases. This is the inverse of the empirical distribution
        (definition 1 of Hyndman and Fan, The American Statistician 50, 1996), so it is always a
        value that occurred: «half were answered in 6 days or less».
    """
    total = sum(counts.values())
    if total == 0:
        return None
    wanted = max(1, ceil(share * total - 1e-9))
    reached = 0
    for value in sorted(counts):
        reached += counts[value]
        if reached >= wanted:
            return value
    raise AssertionError("the counts add up to their total")


def mean(counts: Mapping[int, int]) -> float | None:
    """Mean of the values, each as often as counted; None without cases."""
    total = sum(counts.values())
    return sum(value * count for value, count in counts.items()) / total if total else None


def per_thousand(cases: int, services: int) -> float | None:
    """Cases per 1,000 services; None where no service was counted."""
    return PER * cases / services if services > 0 else None


def suppressed(cells: Mapping[str, int], smallest: int = SMALLEST_PUBLIC_CELL) -> dict[str, int | None]:
    """The cells that the public may read beside their total.

    None where a cell has fewer than ``smallest`` cases, and where it has to hide with such a one: see
    :func:`surveys.statistics.disclosure.hidden_cells`. An empty cell hides too; leave out what is not listed.
    """
    hidden = hidden_cells(list(cells.values()), smallest)
    return {name: None if place in hidden else count for place, (name, count) in enumerate(cells.items())}
