"""Do two readers code alike? Cohen's kappa, unweighted, with its interval. Pure: pairs in, numbers out.

Kappa is the agreement beyond what chance would give: (observed − expected) / (1 − expected), where
expected follows from how often each reader uses each code: Cohen, Educational and Psychological
Measurement 20 (1960) 37-46. The interval uses the standard error for large samples of Fleiss, Cohen and
Everitt, Psychological Bulletin 72 (1969) 323-327. In prose: ``docs/algorithms/agreement.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import sqrt

# Two-sided 95 % quantile of the normal distribution.
Z_95 = 1.959963984540054
# With fewer pairs the standard error, which is one for large samples, says more than is known.
LEAST_PAIRS = 20


@dataclass(frozen=True)
class Agreement:
    """How two readers agree on the same items.

    ``observed`` and ``expected`` are shares (0-1), None without pairs. ``kappa`` is None without pairs,
    and where both readers gave one and the same code to everything: nothing could tell agreement from
    chance. ``low`` and ``high``, the 95 % interval, are None besides with fewer than
    :data:`LEAST_PAIRS` pairs, and where the standard error is 0 (full agreement), since a width of
    nothing would claim a certainty that nobody has.
    """

    pairs: int
    codes: int
    observed: float | None
    expected: float | None
    kappa: float | None
    low: float | None
    high: float | None

    @property
    def is_defined(self) -> bool:
        return self.kappa is not None

    @property
    def is_few(self) -> bool:
        """Too few pairs to tell a kappa of them: one pair that differs gives 0, as if none ever agreed."""
        return self.pairs < LEAST_PAIRS

    @property
    def alike(self) -> int:
        """How many both gave the same code."""
        return round(self.pairs * (self.observed or 0))


def agreement(pairs: Iterable[tuple[Hashable, Hashable]], z: float = Z_95) -> Agreement:
    """Cohen's kappa of ``pairs``: the code of the first reader and of the second, for each item.

    Codes are names, not amounts: two that differ, differ fully. Items that only one reader coded are
    the caller's to leave out.
    """
    table = Counter(pairs)
    total = sum(table.values())
    if not total:
        return Agreement(0, 0, None, None, None, None, None)
    first = _marginal(table, 0, total)
    second = _marginal(table, 1, total)
    codes = set(first) | set(second)
    observed = sum(table[code, code] for code in codes) / total
    expected = sum(first.get(code, 0.0) * second.get(code, 0.0) for code in codes)
    if len(codes) == 1:
        return Agreement(total, 1, observed, 1.0, None, None, None)
    kappa = (observed - expected) / (1 - expected)
    error = _standard_error(table, total, first, second, observed, expected)
    if total < LEAST_PAIRS or error < 1e-9:
        return Agreement(total, len(codes), observed, expected, kappa, None, None)
    low, high = max(-1.0, kappa - z * error), min(1.0, kappa + z * error)
    return Agreement(total, len(codes), observed, expected, kappa, low, high)


def _marginal(table: Counter[tuple[Hashable, Hashable]], reader: int, total: int) -> dict[Hashable, float]:
    """How often that reader used each code, as shares."""
    counts: Counter[Hashable] = Counter()
    for pair, count in table.items():
        counts[pair[reader]] += count
    return {code: count / total for code, count in counts.items()}


def _standard_error(
    table: Counter[tuple[Hashable, Hashable]],
    total: int,
    first: dict[Hashable, float],
    second: dict[Hashable, float],
    observed: float,
    expected: float,
) -> float:
    """Equation 13 of Fleiss, Cohen and Everitt (1969) with weights 1 on the diagonal and 0 elsewhere."""
    agreeing = disagreeing = 0.0
    for (one, other), count in table.items():
        share = count / total
        if one == other:
            both = first.get(one, 0.0) + second.get(one, 0.0)
            agreeing += share * ((1 - expected) - both * (1 - observed)) ** 2
        else:
            both = first.get(other, 0.0) + second.get(one, 0.0)
            disagreeing += share * both**2 * (1 - observed) ** 2
    spread = agreeing + disagreeing - (observed * expected - 2 * expected + observed) ** 2
    return sqrt(max(0.0, spread) / total) / (1 - expected) ** 2
