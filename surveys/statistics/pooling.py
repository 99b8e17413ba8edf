"""Two years joined into one figure, where one year has too few answers. Pure.

In prose: ``docs/algorithms/survey-comparison.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from surveys.statistics.comparison import Basis, Obstacle, obstacles_between
from surveys.statistics.estimates import Tally


@dataclass(frozen=True)
class Year:
    """One round's answers to an item: ``population`` people in its frame, ``total`` the sum of the weights
    of all who answered the round (not this item alone)."""

    tally: Tally
    population: int
    total: float
    basis: Basis = field(default_factory=Basis)


@dataclass(frozen=True)
class Pool:
    """The joint tally, or None with every reason against joining."""

    tally: Tally | None
    basis: Basis | None
    obstacles: tuple[Obstacle, ...] = ()


def pool(years: Sequence[Year]) -> Pool:
    """The years together, each as heavy as the people in its frame.

    Their design effect grows by the inequality of the years. A round without answers adds nothing. What
    is not comparable is not joined either; and a joint figure keeps the sources of all its years, so that
    it is never compared with one of them.
    """
    given = [year for year in years if year.total > 0 and year.population > 0]
    if not given:
        return Pool(None, None, (Obstacle.NO_ANSWERS,))
    first = given[0]
    against = [one for year in given[1:] for one in obstacles_between(first.basis, year.basis)]
    if any(year.basis.is_voluntary for year in given):
        against.append(Obstacle.VOLUNTARY)
    if against:
        return Pool(None, None, tuple(dict.fromkeys(against)))
    whole = Tally()
    for year in given:
        whole = whole + year.tally.times(year.population / year.total)
    sources = frozenset().union(*(year.basis.sources for year in given))
    basis = Basis(first.basis.wording, first.basis.channels, first.basis.weighted_by, sources)
    return Pool(whole, basis)
