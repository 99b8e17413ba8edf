"""Figures of waiting times. Pure: numbers by minute in, minutes and shares out.

Waits are kept as *minutes begun*: 0 is no wait, 1 up to sixty seconds, and so on. So «within twenty
minutes» is told exactly by the numbers up to 20, and a median is right to the minute.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

Waits = Mapping[int, int]


def merged(several: Iterable[Waits]) -> Counter[int]:
    """The sum of several counts of waits, minute by minute."""
    total: Counter[int] = Counter()
    for waits in several:
        total.update(waits)
    return total


def quantile(waits: Waits, share: float) -> int | None:
    """The shortest wait that at least ``share`` of the people did not exceed; None where nobody was measured.

    The inverse of the empirical distribution (Hyndman and Fan, The American Statistician 50 (1996)
    361-365, definition 1): always a wait that somebody had, never an average of two.

    :param share: over 0 and up to 1; 0.5 is the median, 0.9 the 90th percentile.
    :raises ValueError: for any other share.
    """
    if not 0 < share <= 1:
        raise ValueError(f"{share} is no share")
    total = sum(waits.values())
    seen = 0
    for minute in sorted(waits):
        seen += waits[minute]
        # Compared in whole people where the share times the total is one, whatever floats say.
        if seen and seen >= share * total - 1e-9:
            return minute
    return None


def within(waits: Waits, minutes: int) -> int:
    """How many waited ``minutes`` or less."""
    return sum(number for minute, number in waits.items() if minute <= minutes)
