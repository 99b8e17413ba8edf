"""Intervals of shares. Pure: counts in, bounds out."""

from __future__ import annotations

from math import sqrt

# Two-sided 95 % quantile of the normal distribution.
Z_95 = 1.959963984540054


def wilson(n: int, denominator: int, z: float = Z_95) -> tuple[float, float] | None:
    """Score interval of the share ``n / denominator`` (0-1); None where nothing was counted.

    It stays within 0 and 1 and holds its coverage with few cases and at shares near 0 or 1, where
    the usual ± interval fails: Wilson, JASA 22 (1927) 209-212; compared with others in Newcombe,
    Statistics in Medicine 17 (1998) 857-872 (his method 3).

    :raises ValueError: where ``n`` is not between 0 and ``denominator``.
    """
    if not 0 <= n <= denominator:
        raise ValueError(f"{n} cases of {denominator}")
    if denominator == 0:
        return None
    share = n / denominator
    shrunk = share + z * z / (2 * denominator)
    half = z * sqrt(share * (1 - share) / denominator + z * z / (4 * denominator**2))
    scale = 1 + z * z / denominator
    return max(0.0, (shrunk - half) / scale), min(1.0, (shrunk + half) / scale)


def wilson_difference(
    n: int, denominator: int, other_n: int, other_denominator: int, z: float = Z_95
) -> tuple[float, float]:
    """Interval of the difference of two independent shares, the first minus the second (-1 to 1).

    Built of the two score intervals: Newcombe, Statistics in Medicine 17 (1998) 873-890 (his method 10).
    An interval that holds 0 lets nobody claim a change.

    :raises ValueError: where a denominator is 0, or a count lies outside it.
    """
    first, second = wilson(n, denominator, z), wilson(other_n, other_denominator, z)
    if first is None or second is None:
        raise ValueError("a share of nothing")
    share, other = n / denominator, other_n / other_denominator
    below = sqrt((share - first[0]) ** 2 + (second[1] - other) ** 2)
    above = sqrt((first[1] - share) ** 2 + (other - second[0]) ** 2)
    return share - other - below, share - other + above
