"""Weights that make those who answered resemble those who were served. Pure.

First each stratum's people over its answers; then raking, which fits the weights to one known
distribution after the other until all hold: Deming and Stephan, Annals of Mathematical Statistics 11
(1940) 427-444. Weights are trimmed, and what they cost is said: Kish's design effect and effective size
(Survey Sampling, 1965, 11.7). In prose: ``docs/algorithms/survey-weights.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from surveys.statistics.estimates import Cell, design_effect, effective_size

if TYPE_CHECKING:
    import numpy as np

LEAST_WEIGHT, MOST_WEIGHT = 0.3, 3.0
TOLERANCE = 1e-10
MOST_ROUNDS = 1000
MOST_TRIMS = 50
UNKNOWN = -1


class WeightingRefused(ValueError):
    """No weights can be given. ``code`` says why, ``margin`` and ``category`` where."""

    def __init__(self, code: str, margin: str = "", category: str = "") -> None:
        super().__init__(f"{code}: {margin} {category}".strip())
        self.code, self.margin, self.category = code, margin, category


EMPTY, NOT_IN_RECORD, NO_ANSWERS, NO_CONVERGENCE = "empty", "not_in_record", "no_answers", "no_convergence"


@dataclass(frozen=True)
class Margin:
    """One variable to rake to: ``codes`` (people,) places in ``names``, -1 where unknown; ``record`` the
    people of each category in the record of attentions (counts or shares of any sum)."""

    name: str
    names: Sequence[str]
    codes: np.ndarray
    record: Sequence[float]


@dataclass(frozen=True)
class Weights:
    """``values`` (people,) with mean 1. ``trimmed``: how many stand at a bound; ``off``: the largest
    difference (0-1) between a weighted share and its record, which trimming may leave."""

    values: np.ndarray
    trimmed: int
    off: float

    @property
    def cell(self) -> Cell:
        return Cell(len(self.values), float(self.values.sum()), float(self.values @ self.values))

    @property
    def deff(self) -> float:
        return design_effect(self.cell) or 1.0

    @property
    def size(self) -> float:
        """Effective number of answers."""
        return effective_size(self.cell)


def base_weights(strata: np.ndarray, names: Sequence[str], populations: Sequence[int]) -> np.ndarray:
    """People of a stratum over its answers, for each answer; mean 1.

    :param strata: (people,) place of each person's stratum in ``names``.
    :raises WeightingRefused: ``empty`` for a stratum with people and no answer, ``not_in_record`` for the
        opposite, ``no_answers``.
    """
    import numpy as np

    _some(strata)
    counts = np.bincount(strata, minlength=len(names))
    _refuse_empty("strata", names, counts, populations)
    per_answer = np.divide(populations, counts, out=np.zeros(len(names)), where=counts > 0)
    return _to_mean_one(per_answer[strata])


def weigh(margins: Sequence[Margin], base: np.ndarray | None = None, trim: bool = True) -> Weights:
    """Raked and trimmed weights for every person.

    Weights are trimmed to :data:`LEAST_WEIGHT`-:data:`MOST_WEIGHT` times the mean and raked again, until
    both hold; where they cannot, the bounds win and ``off`` says what that costs. Those whose category is
    unknown keep the share that they have in the base weights; the record is shared out over the others.

    :raises WeightingRefused: ``empty``, ``not_in_record``, ``no_answers`` or ``no_convergence``; nothing is
        made up for a cell that has nobody: its category must be joined with another (:func:`joined`).
    """
    people = len(margins[0].codes) if margins else len(base) if base is not None else 0
    if people == 0:
        raise WeightingRefused(NO_ANSWERS)
    import numpy as np

    start = np.ones(people) if base is None else _to_mean_one(np.asarray(base, dtype=float))
    goals = [_goal(margin, start) for margin in margins]
    values = rake(goals, start)
    trimmed = 0
    if trim:
        values, trimmed = _trimmed(goals, values)
    return Weights(values, trimmed, _off(goals, values))


Goal = tuple["np.ndarray", "np.ndarray"]


def rake(goals: Sequence[Goal], start: np.ndarray) -> np.ndarray:
    """Iterative proportional fitting.

    :param goals: for each variable the category of each person and the wanted share of each category.
    :param start: (people,) weights to begin with.
    :returns: weights with mean 1 whose weighted shares are those wanted, to :data:`TOLERANCE`.
    :raises WeightingRefused: ``no_convergence``.
    """
    values = _to_mean_one(start)
    for _round in range(MOST_ROUNDS):
        if _off(goals, values) < TOLERANCE:
            return values
        for codes, wanted in goals:
            values = values * _factors(codes, wanted, values)[codes]
    if _off(goals, values) < 1e-8:
        return values
    raise WeightingRefused(NO_CONVERGENCE)


def _factors(codes: np.ndarray, wanted: np.ndarray, values: np.ndarray) -> np.ndarray:
    import numpy as np

    reached = np.bincount(codes, values, len(wanted))
    return np.divide(wanted * len(values), reached, out=np.ones(len(wanted)), where=reached > 0)


def _trimmed(goals: Sequence[Goal], values: np.ndarray) -> tuple[np.ndarray, int]:
    """Trim and rake in turn; at the end the bounds hold, and the margins as nearly as they let them."""
    for _turn in range(MOST_TRIMS):
        bounded = _bounded(values)
        try:
            values = rake(goals, bounded)
        except WeightingRefused:
            values = bounded
            break
        if values.min() >= LEAST_WEIGHT - 1e-6 and values.max() <= MOST_WEIGHT + 1e-6:
            break
    bounded = _bounded(values)
    at_bounds = (bounded <= LEAST_WEIGHT + 1e-6) | (bounded >= MOST_WEIGHT - 1e-6)
    return bounded, int(at_bounds.sum())


def _bounded(values: np.ndarray) -> np.ndarray:
    """Cut at the bounds with mean 1: what is cut goes to those that are free, in proportion."""
    import numpy as np

    low, high = 0.0, MOST_WEIGHT / LEAST_WEIGHT * max(1.0, 1.0 / float(values.min()))
    # The mean of the cut weights grows with the factor, so halving finds the one that makes it 1.
    for _step in range(200):
        factor = (low + high) / 2
        if np.clip(values * factor, LEAST_WEIGHT, MOST_WEIGHT).mean() < 1:
            low = factor
        else:
            high = factor
    return np.clip(values * high, LEAST_WEIGHT, MOST_WEIGHT)


def _goal(margin: Margin, base: np.ndarray) -> Goal:
    """The wanted shares, with a category of their own for those who are unknown."""
    import numpy as np

    known = margin.codes != UNKNOWN
    counts = np.bincount(margin.codes[known], minlength=len(margin.names))
    _refuse_empty(margin.name, margin.names, counts, margin.record)
    record = np.asarray(margin.record, dtype=float)
    unknown = float(base[~known].sum() / base.sum())
    shares = record / record.sum() * (1 - unknown) if record.sum() > 0 else record
    codes = np.where(known, margin.codes, len(margin.names))
    return codes, np.append(shares, unknown)


def _refuse_empty(margin: str, names: Sequence[str], counts: np.ndarray, record: Sequence[float]) -> None:
    for name, count, people in zip(names, counts.tolist(), record, strict=True):
        if people > 0 and count == 0:
            raise WeightingRefused(EMPTY, margin, name)
        if people <= 0 and count > 0:
            raise WeightingRefused(NOT_IN_RECORD, margin, name)


def _off(goals: Sequence[Goal], values: np.ndarray) -> float:
    import numpy as np

    gaps = [np.abs(np.bincount(codes, values, len(wanted)) / values.sum() - wanted).max() for codes, wanted in goals]
    return float(max(gaps, default=0.0))


def _to_mean_one(values: np.ndarray) -> np.ndarray:
    import numpy as np

    if not len(values) or not np.all(np.isfinite(values) & (values > 0)):
        raise ValueError("weights must be above 0")
    return values / values.mean()


def _some(codes: np.ndarray) -> None:
    if not len(codes):
        raise WeightingRefused(NO_ANSWERS)


def joined(counts: Sequence[int], least: int) -> list[int]:
    """Neighboring categories joined until each has ``least`` answers: the new place of each old one.

    For categories with an order (age, months). From the first on; a rest too small joins the group before
    it. All in one where even together they are too few.
    """
    groups: list[list[int]] = [[]]
    for place, _count in enumerate(counts):
        groups[-1].append(place)
        if sum(counts[each] for each in groups[-1]) >= least:
            groups.append([])
    rest = groups.pop()
    if rest and groups:
        groups[-1].extend(rest)
    elif rest:
        groups.append(rest)
    places = {old: new for new, group in enumerate(groups) for old in group}
    return [places[old] for old in range(len(counts))]
