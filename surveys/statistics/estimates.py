"""What was said: shares, net satisfaction and marks, each with its number of answers and its interval. Pure.

Marks go from 1 to 7. Shares are 0-1, net figures -1 to 1. «Does not apply» and «don't know» stay out of
every figure and are told apart (:func:`left_out`). In prose: ``docs/algorithms/survey-scores.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import reduce
from math import sqrt

from surveys.statistics.intervals import CONFIDENCE, Z_95, Interval, wilson

NOT_APPLICABLE, DONT_KNOW = "na", "dk"
OUTSIDE = frozenset({NOT_APPLICABLE, DONT_KNOW})
MARKS = tuple(str(mark) for mark in range(1, 8))
TOP, BOTTOM = ("6", "7"), ("1", "2", "3", "4")
PROMOTERS, DETRACTORS = ("9", "10"), tuple(str(mark) for mark in range(7))


class Silence(StrEnum):
    """Why a figure, or its interval, is not given."""

    NO_ANSWERS = "no_answers"
    ONE_ANSWER = "one_answer"
    ALL_EQUAL = "all_equal"
    VOLUNTARY = "voluntary"


@dataclass(frozen=True)
class Estimate:
    """One figure.

    ``value`` is None without answers. ``n`` people who answered, ``size`` the effective number (n / Kish's
    design effect). ``interval`` is None where ``silence`` says why: with no answers, with a single one,
    where all are equal and the formula would claim a certainty that nobody has, and where whoever wanted
    answered (a voluntary sample has no margin of error).
    """

    value: float | None
    n: int
    size: float
    interval: Interval | None
    silence: Silence | None = None

    @property
    def is_said(self) -> bool:
        return self.value is not None


NOTHING = Estimate(None, 0, 0.0, None, Silence.NO_ANSWERS)


def as_voluntary(estimate: Estimate) -> Estimate:
    """The figure of an open link: whoever wanted answered, so there is no margin of error to print."""
    return estimate if estimate.value is None else replace(estimate, interval=None, silence=Silence.VOLUNTARY)


# --- Tallies


@dataclass(frozen=True)
class Cell:
    """Answers alike: how many people, the sum of their weights and of the squares of their weights."""

    count: int = 0
    weight: float = 0.0
    square: float = 0.0

    def __add__(self, other: Cell) -> Cell:
        return Cell(self.count + other.count, self.weight + other.weight, self.square + other.square)

    def times(self, factor: float) -> Cell:
        """The same people with each weight multiplied."""
        return Cell(self.count, self.weight * factor, self.square * factor * factor)


@dataclass(frozen=True)
class Tally:
    """The answers of one group to one item, by code: ``"1"`` to ``"7"``, ``"na"``, ``"dk"``, or an option's."""

    cells: Mapping[str, Cell] = field(default_factory=dict)

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Tally:
        """Without weights: each answer weighs 1."""
        return cls({code: Cell(count, float(count), float(count)) for code, count in counts.items()})

    def part(self, codes: Collection[str]) -> Cell:
        return reduce(Cell.__add__, (cell for code, cell in self.cells.items() if code in codes), Cell())

    @property
    def said(self) -> Cell:
        """What counts: all but «does not apply» and «don't know»."""
        return self.part([code for code in self.cells if code not in OUTSIDE])

    @property
    def all(self) -> Cell:
        return self.part(list(self.cells))

    def __add__(self, other: Tally) -> Tally:
        codes = [*self.cells, *(code for code in other.cells if code not in self.cells)]
        return Tally({code: self.cells.get(code, Cell()) + other.cells.get(code, Cell()) for code in codes})

    def times(self, factor: float) -> Tally:
        return Tally({code: cell.times(factor) for code, cell in self.cells.items()})


def effective_size(cell: Cell) -> float:
    """(Σw)² / Σw²: Kish, Survey Sampling (1965) 11.7. Never more than the number of people."""
    return min(float(cell.count), cell.weight**2 / cell.square) if cell.square > 0 else 0.0


def design_effect(cell: Cell) -> float | None:
    """n Σw² / (Σw)², 1 with equal weights; None without answers."""
    size = effective_size(cell)
    return cell.count / size if size > 0 else None


# --- Figures


def share(tally: Tally, codes: Collection[str], z: float = Z_95) -> Estimate:
    """Share of ``codes`` among what was said, with Wilson's interval at the effective size."""
    return _share_of(tally.part([code for code in codes if code not in OUTSIDE]), tally.said, z)


def top_two(tally: Tally, z: float = Z_95) -> Estimate:
    """Share of marks 6 and 7: the headline of the Chilean measurement of public services (MESU)."""
    return share(tally, TOP, z)


def net(tally: Tally, z: float = Z_95) -> Estimate:
    """Net satisfaction: share of 6-7 minus share of 1-4, the usage of Chilean market research."""
    return _net(tally, TOP, BOTTOM, z)


def effort(tally: Tally, z: float = Z_95) -> Estimate:
    """Share that agrees (6-7) that it was easy to do what they needed."""
    return share(tally, TOP, z)


def recommendation(tally: Tally, z: float = Z_95) -> Estimate:
    """Share of 9-10 minus share of 0-6 on the scale 0-10, of the channel; optional and never a target."""
    return _net(tally, PROMOTERS, DETRACTORS, z)


def left_out(tally: Tally) -> Estimate:
    """Share of «does not apply» and «don't know» among all who reached the item."""
    return _share_of(tally.part(OUTSIDE), tally.all, Z_95)


def mean_mark(tally: Tally) -> Estimate:
    """Mean mark, with Student's interval at the effective size.

    Variance of the weighted marks with divisor Σw (1 − 1/size), which without weights is n − 1.
    """
    marks = {code: cell for code, cell in tally.cells.items() if code.isdigit() and cell.weight > 0}
    whole = reduce(Cell.__add__, marks.values(), Cell())
    size = effective_size(whole)
    if size <= 0:
        return NOTHING
    mean = sum(int(code) * cell.weight for code, cell in marks.items()) / whole.weight
    spread = sum((int(code) - mean) ** 2 * cell.weight for code, cell in marks.items()) / whole.weight
    if whole.count == 1 or size <= 1:
        return Estimate(mean, whole.count, size, None, Silence.ONE_ANSWER)
    if len(marks) == 1:
        return Estimate(mean, whole.count, size, None, Silence.ALL_EQUAL)
    half = _student(size - 1) * sqrt(spread / (size - 1))
    return Estimate(mean, whole.count, size, Interval(mean - half, mean + half))


def _share_of(part: Cell, whole: Cell, z: float) -> Estimate:
    size = effective_size(whole)
    if size <= 0:
        return NOTHING
    value = min(1.0, part.weight / whole.weight)
    return Estimate(value, whole.count, size, wilson(value, size, z))


def _net(tally: Tally, for_: Sequence[str], against: Sequence[str], z: float) -> Estimate:
    """Difference of two shares of one sample: multinomial variance (a + b − (a − b)²) / n."""
    whole = tally.said
    size = effective_size(whole)
    if size <= 0:
        return NOTHING
    a, b = tally.part(for_).weight / whole.weight, tally.part(against).weight / whole.weight
    if whole.count == 1:
        return Estimate(a - b, 1, size, None, Silence.ONE_ANSWER)
    variance = net_variance(a, b) / size
    if variance <= 1e-15:
        return Estimate(a - b, whole.count, size, None, Silence.ALL_EQUAL)
    half = z * sqrt(variance)
    return Estimate(a - b, whole.count, size, Interval(max(-1.0, a - b - half), min(1.0, a - b + half)))


def net_variance(a: float, b: float) -> float:
    """Variance of one answer's +1 (share ``a``), -1 (share ``b``) or 0."""
    return max(0.0, a + b - (a - b) ** 2)


def _student(freedom: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))


# --- Problems


@dataclass(frozen=True)
class Problems:
    """How often something went wrong.

    ``any``: share with at least one problem among those who answered; ``by_kind``: share that met each
    kind, which add up to more than ``any`` since a person may meet several; ``solved``: shares of those
    with a problem who say that it was solved, partly, or not.
    """

    any: Estimate
    by_kind: dict[str, Estimate]
    solved: dict[str, Estimate]


def problems(of_people: Tally, by_kind: Mapping[str, Cell], solved: Tally, none: str = "no") -> Problems:
    """Incidence of problems.

    :param of_people: each person once, under ``none`` or any other code.
    :param by_kind: kind of problem → the people who met it, as often as they met several.
    :param solved: answers to «was it solved?», of those with a problem.
    """
    whole = of_people.said
    any_one = share(of_people, [code for code in of_people.cells if code != none])
    kinds = {kind: _share_of(cell, whole, Z_95) for kind, cell in by_kind.items()}
    return Problems(any_one, kinds, {code: share(solved, [code]) for code in solved.cells if code not in OUTSIDE})
