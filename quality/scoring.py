"""Levels to gaps, and gaps to their reduction. Pure: numbers in, numbers out.

Rules of the catalogue (``meta.gap``): gap = max(0, target − level); a standard that does not apply
has no gap; nothing is imputed. Reduction = (Σ before − Σ after) / Σ before over the standards
applicable in both measurements; gross closed and gross reopened are shown apart, since a net figure
hides regressions; undefined, not 100 %, where there was no gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


def gap(level: int | None, target: int) -> int | None:
    """Steps missing to ``target``; None where ``level`` is None (not applicable or not answered)."""
    return None if level is None else max(0, target - level)


@dataclass(frozen=True)
class Reduction:
    """Change between two measurements, in steps of the scale, over the ``compared`` standards."""

    compared: int
    not_compared: tuple[str, ...]
    before: float
    after: float
    closed: float
    reopened: float
    met_before: int
    met_after: int

    @property
    def net(self) -> float:
        return self.closed - self.reopened

    @property
    def share(self) -> float | None:
        """Net reduction as a share of the gap before (0-1, may be negative); None without a gap."""
        return None if self.before == 0 else (self.before - self.after) / self.before


def reduction(
    before: Mapping[str, int | None],
    after: Mapping[str, int | None],
    target: int,
    weights: Mapping[str, float] | None = None,
) -> Reduction:
    """Compare two measurements of the same standards.

    :param before: standard code → level, None where not applicable.
    :param after: the same, later.
    :param weights: standard code → weight of the cycle's named scheme; 1 where absent.
    """
    weights = weights or {}
    codes = sorted(set(before) | set(after))
    comparable = [code for code in codes if before.get(code) is not None and after.get(code) is not None]
    gaps = [
        (weights.get(code, 1.0), gap(before[code], target) or 0, gap(after[code], target) or 0) for code in comparable
    ]
    return Reduction(
        compared=len(comparable),
        not_compared=tuple(code for code in codes if code not in comparable),
        before=sum(weight * old for weight, old, _new in gaps),
        after=sum(weight * new for weight, _old, new in gaps),
        closed=sum(weight * max(0, old - new) for weight, old, new in gaps),
        reopened=sum(weight * max(0, new - old) for weight, old, new in gaps),
        met_before=sum(old == 0 for _weight, old, _new in gaps),
        met_after=sum(new == 0 for _weight, _old, new in gaps),
    )


def mean_level(levels: Iterable[int | None]) -> float | None:
    """Mean of the applicable levels (0-3) of a component's or an attribute's standards; None without any."""
    applicable = [level for level in levels if level is not None]
    return sum(applicable) / len(applicable) if applicable else None
