"""What moves the overall mark: each item's share of what all of them explain. Pure.

Shares of R² averaged over every order in which the items can enter (LMG: Lindeman, Merenda and Gold, 1980;
Grömping, Journal of Statistical Software 17 (2006) 1, the metric «lmg» of relaimpo), which is the Shapley value of
explained variance. Channel, outcome and bracket are in every one of the models and are never credited.
Relative importance is association, not cause. In prose: ``docs/algorithms/survey-drivers.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import factorial
from typing import TYPE_CHECKING

from surveys.statistics.estimates import Estimate
from surveys.statistics.intervals import Interval

if TYPE_CHECKING:
    import numpy as np

LEAST_FOR_ITEMS = 150
# Four components and the controls: some ten answers for each coefficient.
LEAST_FOR_COMPONENTS = 60
RESAMPLES = 400
# Resamples worked on at once: bounds memory at some 40 MB with 12 drivers.
AT_ONCE = 100
PEOPLE_AT_ONCE = 4_096
MOST_BLOCKS = 2_000
# Below this share of its own variance a driver says nothing that the others have not said.
SINGULAR = 1e-9


class Level(StrEnum):
    """What was compared. ``NONE``: too few answers, or nothing varies."""

    ITEMS = "items"
    COMPONENTS = "components"
    NONE = "none"


class Why(StrEnum):
    TOO_FEW = "too_few"
    NOTHING_VARIES = "nothing_varies"
    NOTHING_EXPLAINED = "nothing_explained"


class Quadrant(StrEnum):
    """Importance × performance: Martilla and James, Journal of Marketing 41 (1977) 77-79."""

    IMPROVE = "improve"
    KEEP = "keep"
    WATCH = "watch"
    ENOUGH = "enough"


@dataclass(frozen=True)
class Driver:
    """``share`` (0-1) of what the drivers explain, all of them adding up to 1; ``interval`` by resampling.

    ``quadrant`` beside the others; ``is_clear`` where the interval tells the importance from the mean one.
    """

    code: str
    share: float
    interval: Interval | None
    quadrant: Quadrant | None = None
    is_clear: bool = False


@dataclass(frozen=True)
class Drivers:
    """``n`` people with a mark in everything compared, of ``asked`` with an overall mark. ``explained`` and
    ``controls``: shares (0-1) of the overall mark's variance by drivers, and by what is never credited."""

    level: Level
    n: int
    asked: int
    explained: float | None = None
    controls: float | None = None
    drivers: tuple[Driver, ...] = field(default_factory=tuple)
    why: Why | None = None


def importance(
    overall: np.ndarray,
    marks: np.ndarray,
    items: Sequence[str],
    components: Mapping[str, Sequence[str]],
    controls: Sequence[np.ndarray] = (),
    weights: np.ndarray | None = None,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> Drivers:
    """Drivers among the items with :data:`LEAST_FOR_ITEMS` whole answers, else among the components.

    :param overall: (people,) marks, NaN without one.
    :param marks: (people × items) marks, NaN without one. A component's mark is the mean of its items'.
    :param controls: (people,) whole numbers each, a category for each number; «don't know» is one too.
    :param seed: of the resampling, so that a round computed again gives the same figures.
    """
    import numpy as np

    asked = int((~np.isnan(overall)).sum())
    by_component, names = _component_marks(marks, items, components)
    tries = (
        (Level.ITEMS, marks, tuple(items), LEAST_FOR_ITEMS),
        (Level.COMPONENTS, by_component, names, LEAST_FOR_COMPONENTS),
    )
    whole = 0
    for level, columns, codes, least in tries:
        rows = ~np.isnan(overall) & ~np.isnan(columns).any(axis=1)
        whole = int(rows.sum())
        if whole >= least:
            each = np.ones(whole) if weights is None else np.asarray(weights, dtype=float)[rows]
            data = _Data(overall[rows], columns[rows], _dummies([one[rows] for one in controls], whole), each)
            return _compared(data, level, codes, asked, resamples, seed)
    return Drivers(Level.NONE, whole, asked, why=Why.TOO_FEW)


def _component_marks(
    marks: np.ndarray, items: Sequence[str], components: Mapping[str, Sequence[str]]
) -> tuple[np.ndarray, tuple[str, ...]]:
    import numpy as np

    columns = []
    for members in components.values():
        part = marks[:, [items.index(code) for code in members]]
        said = ~np.isnan(part)
        count = said.sum(axis=1)
        total = np.where(said, part, 0.0).sum(axis=1)
        columns.append(np.divide(total, count, out=np.full(len(marks), np.nan), where=count > 0))
    return (np.column_stack(columns) if columns else np.empty((len(marks), 0))), tuple(components)


@dataclass(frozen=True)
class _Data:
    overall: np.ndarray
    marks: np.ndarray
    controls: np.ndarray
    weights: np.ndarray


def _dummies(controls: Sequence[np.ndarray], people: int) -> np.ndarray:
    """A column of ones and, for each control, one of 0/1 for each category but the first."""
    import numpy as np

    columns = [np.ones(people)]
    for control in controls:
        columns += [(control == category).astype(float) for category in np.unique(control)[1:]]
    return np.column_stack(columns)


def _compared(data: _Data, level: Level, codes: tuple[str, ...], asked: int, resamples: int, seed: int) -> Drivers:
    import numpy as np

    n = len(data.overall)
    products, total = _products(_sums(data, np.zeros(n, dtype=np.int64), 1), np.ones((1, 1)))
    if total[0] <= SINGULAR or not codes or data.marks.std(axis=0).max() == 0:
        return Drivers(Level.NONE, n, asked, why=Why.NOTHING_VARIES)
    parts, explained, beside = _lmg(products, total)
    if explained[0] <= SINGULAR:
        return Drivers(Level.NONE, n, asked, 0.0, float(beside[0]), why=Why.NOTHING_EXPLAINED)
    shares = parts[0] / explained[0]
    bounds = _bootstrap(data, resamples, seed)
    rows = [
        Driver(code, float(share), None if bounds is None else Interval(*map(float, bounds[:, place])))
        for place, (code, share) in enumerate(zip(codes, np.clip(shares, 0, 1), strict=True))
    ]
    return Drivers(level, n, asked, float(explained[0]), float(beside[0]), tuple(rows))


@dataclass(frozen=True)
class _Sums:
    """Weighted sums of blocks of people: of the products of each two columns (blocks × pairs), and of the weights."""

    pairs: np.ndarray
    weight: np.ndarray
    width: int
    controls: int


def _sums(data: _Data, blocks: np.ndarray, count: int) -> _Sums:
    """Sums of each of ``count`` blocks; products are formed for some people at a time, so that memory stays small.

    :param blocks: (people,) number of each person's block.
    """
    import numpy as np

    columns = np.column_stack([data.controls, data.marks, data.overall])
    # Centered, so that large means cost no precision; the column of ones keeps that exact.
    columns[:, 1:] -= columns[:, 1:].mean(axis=0)
    first, second = np.triu_indices(columns.shape[1])
    pairs = np.zeros((count, len(first)))
    for begin in range(0, len(columns), PEOPLE_AT_ONCE):
        part = slice(begin, begin + PEOPLE_AT_ONCE)
        products = columns[part][:, first] * columns[part][:, second] * data.weights[part, None]
        np.add.at(pairs, blocks[part], products)
    weight = np.bincount(blocks, data.weights, count)
    return _Sums(pairs, weight, columns.shape[1], data.controls.shape[1])


def _products(sums: _Sums, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Covariances of drivers and overall mark once the controls are taken out.

    :param times: (rows × blocks) how often each block is taken.
    :returns: (rows × drivers+1 × drivers+1), the overall mark last, and its variance before.
    """
    import numpy as np

    first, second = np.triu_indices(sums.width)
    flat = (times @ sums.pairs) / (times @ sums.weight)[:, None]
    cross = np.empty((len(times), sums.width, sums.width))
    cross[:, first, second] = flat
    cross[:, second, first] = flat
    total = cross[:, -1, -1] - cross[:, 0, -1] ** 2 / cross[:, 0, 0]
    for _control in range(sums.controls):
        cross = _swept(cross)
    return cross, total


def _swept(matrix: np.ndarray) -> np.ndarray:
    """The matrix without its first row and column, and without what they explain of the others."""
    import numpy as np

    pivot = matrix[..., 0, 0]
    usable = pivot > SINGULAR
    factor = np.divide(1.0, pivot, out=np.zeros_like(pivot), where=usable)
    row = matrix[..., 0, 1:]
    return matrix[..., 1:, 1:] - row[..., :, None] * row[..., None, :] * factor[..., None, None]


def _lmg(products: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each driver's part of R² for each of the ``products``; all parts together; the controls' R²."""
    import numpy as np

    drivers = products.shape[-1] - 1
    left = _left_over(products) / total[:, None]
    sizes = np.array([number.bit_count() for number in range(2**drivers)])
    ways = np.array([factorial(size) * factorial(drivers - size - 1) / factorial(drivers) for size in range(drivers)])
    parts = np.empty((len(products), drivers))
    for place in range(drivers):
        bit = 1 << (drivers - 1 - place)
        without = np.array([number for number in range(2**drivers) if not number & bit])
        parts[:, place] = (left[:, without] - left[:, without | bit]) @ ways[sizes[without]]
    return parts, left[:, 0] - left[:, -1], np.clip(1 - left[:, 0], 0, 1)


def _left_over(products: np.ndarray) -> np.ndarray:
    """(rows × 2^drivers) variance of the overall mark that each set of drivers leaves; the first driver is the
    highest bit of a set's number. Sets grow a driver at a time: 4,096 regressions in twelve sweeps."""
    import numpy as np

    scale = np.sqrt(np.maximum(np.diagonal(products, axis1=1, axis2=2), SINGULAR))
    scale[:, -1] = 1.0
    sets = (products / (scale[:, :, None] * scale[:, None, :]))[:, None]
    while sets.shape[-1] > 1:
        both = np.stack([sets[..., 1:, 1:], _swept(sets)], axis=2)
        sets = both.reshape(len(products), -1, *both.shape[-2:])
    return sets[..., 0, 0]


def _bootstrap(data: _Data, resamples: int, seed: int) -> np.ndarray | None:
    """2.5 % and 97.5 % of each share when the people are drawn again: Efron and Tibshirani, An Introduction
    to the Bootstrap (1993) ch. 13. None where too few resamples explain anything.

    Beyond :data:`MOST_BLOCKS` people, blocks of people put together by chance are drawn instead of each person
    (random groups: Wolter, Introduction to Variance Estimation, 2007, ch. 2), which takes a tenth of the time.
    """
    import numpy as np

    n = len(data.overall)
    random = np.random.default_rng(seed)
    count = min(n, MOST_BLOCKS)
    blocks = np.arange(n) if count == n else random.permutation(n) % count
    sums = _sums(data, blocks, count)
    found = []
    for begin in range(0, resamples, AT_ONCE):
        draws = range(min(AT_ONCE, resamples - begin))
        times = np.stack([np.bincount(random.integers(0, count, count), minlength=count) for _draw in draws])
        products, total = _products(sums, times.astype(float))
        usable = total > SINGULAR
        parts, explained, _beside = _lmg(products[usable], total[usable])
        kept = explained > SINGULAR
        found.append(parts[kept] / explained[kept, None])
    shares = np.concatenate(found) if found else np.empty((0, data.marks.shape[1]))
    if len(shares) < max(20, 0.9 * resamples):
        return None
    return np.clip(np.quantile(shares, [0.025, 0.975], axis=0), 0, 1)


# --- Importance × performance


def placed(found: Drivers, performance: Mapping[str, Estimate]) -> Drivers:
    """The drivers in their quadrants: more or less important than the mean of them, doing better or worse
    than the mean of them. A driver without a performance has none."""
    values = [performance[one.code].value for one in found.drivers if one.code in performance]
    known = [value for value in values if value is not None]
    if not known:
        return found
    middle, mean = 1 / len(found.drivers), sum(known) / len(known)
    return replace(found, drivers=tuple(_placed(one, performance.get(one.code), middle, mean) for one in found.drivers))


def _placed(driver: Driver, performance: Estimate | None, middle: float, mean: float) -> Driver:
    if performance is None or performance.value is None:
        return driver
    important, good = driver.share >= middle, performance.value >= mean
    if important:
        quadrant = Quadrant.KEEP if good else Quadrant.IMPROVE
    else:
        quadrant = Quadrant.ENOUGH if good else Quadrant.WATCH
    is_clear = driver.interval is not None and not driver.interval.holds(middle)
    return replace(driver, quadrant=quadrant, is_clear=is_clear)
