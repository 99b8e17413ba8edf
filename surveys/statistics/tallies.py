"""From answers to tallies, for all groups and items at once: half a million people in seconds. Pure.

``codes``: whole numbers, people × items; ``-1`` where the item was not asked or not answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from surveys.statistics.estimates import NOTHING, Cell, Estimate, Silence, Tally, effective_size
from surveys.statistics.intervals import Z_95, wilson

if TYPE_CHECKING:
    import numpy as np

ABSENT = -1


def tally_item(
    codes: np.ndarray, names: Sequence[str], groups: np.ndarray, group_count: int, weights: np.ndarray | None = None
) -> list[Tally]:
    """The tally of one item in each group.

    :param codes: (people,) place of each answer in ``names``, :data:`ABSENT` without one.
    :param groups: (people,) number of each person's group, :data:`ABSENT` for nobody's.
    :param weights: (people,) weights above 0; None where each weighs 1.
    :returns: ``group_count`` tallies; a group without answers has an empty cell for each name.
    :raises ValueError: for a code, group or weight that cannot be.
    """
    import numpy as np

    width = len(names)
    _check(codes, width, "code")
    _check(groups, group_count, "group")
    kept = (codes != ABSENT) & (groups != ABSENT)
    places = groups[kept].astype(np.int64) * width + codes[kept]
    size = group_count * width
    counts = np.bincount(places, minlength=size).reshape(group_count, width)
    if weights is None:
        sums = squares = counts.astype(float)
    else:
        taken = np.asarray(weights, dtype=float)[kept]
        if not np.all(np.isfinite(taken) & (taken > 0)):
            raise ValueError("a weight that is not above 0")
        sums = np.bincount(places, taken, size).reshape(group_count, width)
        squares = np.bincount(places, taken * taken, size).reshape(group_count, width)
    rows = zip(counts.tolist(), sums.tolist(), squares.tolist(), strict=True)
    return [Tally(dict(zip(names, map(Cell, *row), strict=True))) for row in rows]


def cells_of(chosen: np.ndarray, names: Sequence[str], weights: np.ndarray | None = None) -> dict[str, Cell]:
    """The people who chose each option of a question with several answers.

    :param chosen: (people × options) of booleans.
    """
    import numpy as np

    flags = np.asarray(chosen, dtype=bool)
    each = np.ones(len(flags)) if weights is None else np.asarray(weights, dtype=float)
    counts, sums, squares = flags.sum(axis=0), each @ flags, (each * each) @ flags
    rows = zip(names, counts.tolist(), sums.tolist(), squares.tolist(), strict=True)
    return {name: Cell(int(count), total, square) for name, count, total, square in rows}


def component(top: np.ndarray, weights: np.ndarray | None = None, z: float = Z_95) -> Estimate:
    """Score of a component or attribute: the unweighted mean of its items' shares of 6-7.

    One person answers several of its items, so the items are no independent samples: the variance is
    linearized over people (Taylor; Särndal, Swensson and Wretman, Model Assisted Survey Sampling, 1992,
    5.5), and Wilson's interval stands at the size that a single share of such variance would have, which
    is given as ``size``. An item that nobody answered is left out of the mean.

    :param top: (people × items) 1 for 6-7, 0 for another mark, NaN without a mark.
    :returns: ``n`` counts the people with a mark in any of the items.
    """
    import numpy as np

    answered = ~np.isnan(top)
    each = np.ones(len(top)) if weights is None else np.asarray(weights, dtype=float)
    totals = each @ answered
    used = totals > 0
    if not used.any():
        return NOTHING
    answered, values, totals = answered[:, used], np.where(answered, top, 0.0)[:, used], totals[used]
    shares = (each @ values) / totals
    value = float(np.clip(shares.mean(), 0, 1))
    people = int(answered.any(axis=1).sum())
    if people == 1:
        return Estimate(value, 1, 1.0, None, Silence.ONE_ANSWER)
    parts = each * (answered * (values - shares) / totals).mean(axis=1)
    variance = float(parts @ parts) * people / (people - 1)
    size = _size(value, variance, people, answered, each)
    return Estimate(value, people, size, wilson(value, size, z))


def _size(value: float, variance: float, people: int, answered: np.ndarray, weights: np.ndarray) -> float:
    """Size of a single share with that variance; where none varies, that of the people who answered."""
    if variance > 1e-15:
        return value * (1 - value) / variance
    taken = weights[answered.any(axis=1)]
    return effective_size(Cell(people, float(taken.sum()), float(taken @ taken)))


def _check(values: np.ndarray, bound: int, what: str) -> None:
    if len(values) and not (int(values.min()) >= ABSENT and int(values.max()) < bound):
        raise ValueError(f"a {what} outside 0-{bound - 1}")
