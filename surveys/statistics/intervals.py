"""Intervals and tests of shares, with sizes that need not be whole: an effective size rarely is.

Shares are 0-1. ``size`` is the effective number of answers (n / Kish's design effect, see
:mod:`surveys.statistics.weighting`); without weights it is the number of answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
# Two-sided 95 % quantile of the normal distribution.
Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Interval:
    """A 95 % interval, in the unit of its figure."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


def z_of(confidence: float) -> float:
    """Two-sided quantile of the normal distribution: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(share: float, size: float, z: float = Z_95) -> Interval:
    """Score interval of a share: Wilson, JASA 22 (1927) 209-212.

    :raises ValueError: for a share outside 0-1 or a size that is not above 0.
    """
    _checked(share, size)
    scale = 1 + z * z / size
    middle = (share + z * z / (2 * size)) / scale
    half = z * sqrt(share * (1 - share) / size + z * z / (4 * size * size)) / scale
    # Rounding must not put the share itself outside.
    return Interval(max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share)))


def newcombe(share: float, size: float, other: float, other_size: float, z: float = Z_95) -> Interval:
    """Interval of the difference of two independent shares, the first minus the second (-1 to 1).

    Built of the two score intervals: Newcombe, Statistics in Medicine 17 (1998) 873-890 (his method 10).
    """
    first, second = wilson(share, size, z), wilson(other, other_size, z)
    below = sqrt((share - first.low) ** 2 + (second.high - other) ** 2)
    above = sqrt((first.high - share) ** 2 + (other - second.low) ** 2)
    return Interval(share - other - below, share - other + above)


def two_shares(share: float, size: float, other: float, other_size: float) -> float:
    """Two-sided p value of the z-test of equal shares, variance pooled (Fleiss, Levin and Paik,
    Statistical Methods for Rates and Proportions, 2003, ch. 3). 1 where both are 0 or both are 1."""
    _checked(share, size)
    _checked(other, other_size)
    pooled = (share * size + other * other_size) / (size + other_size)
    variance = pooled * (1 - pooled) * (1 / size + 1 / other_size)
    if variance <= 0:
        return 1.0
    return two_sided((share - other) / sqrt(variance))


def two_sided(z: float) -> float:
    """Two-sided p value of a value of the standard normal distribution."""
    return erfc(abs(z) / sqrt(2))


def benjamini_hochberg(p_values: list[float]) -> list[float]:
    """p values adjusted so that at most a share of the claims is false: Benjamini and Hochberg,
    Journal of the Royal Statistical Society B 57 (1995) 289-300, in the order given.

    Among 345 municipalities in which nothing changed, some 17 would be told of a change at 5 %.
    """
    total = len(p_values)
    adjusted = [1.0] * total
    least = 1.0
    for rank, place in reversed(list(enumerate(sorted(range(total), key=p_values.__getitem__), start=1))):
        least = min(least, p_values[place] * total / rank)
        adjusted[place] = least
    return adjusted


def _checked(share: float, size: float) -> None:
    if not 0 <= share <= 1:
        raise ValueError(f"{share} is not a share")
    if not size > 0:
        raise ValueError(f"{size} answers")
