"""Plausible levels: each municipality has its strength, each standard its difficulty. Pure."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

NOT_APPLICABLE_SHARE = 0.12
# Standards that the programme itself puts first get better sooner; buildings take longest.
DIFFICULTY = {"E20": -0.3, "E21": -0.4, "E22": -0.7, "E24": -0.5, "E27": -0.2, "E31": -0.5, "E11": 0.5, "E09": 0.3}


class LevelDraw:
    """Draws one municipality's levels year after year; the same seed gives the same history.

    :param may_not_apply: codes of the standards that some places have a reason to leave out.
    """

    def __init__(self, rng: Random, *, may_not_apply: Collection[str]) -> None:
        self.rng = rng
        self.may_not_apply = may_not_apply
        self.strength = rng.gauss(1.15, 0.4)
        self.levels: dict[str, int | None] = {}

    def year(self, codes: list[str]) -> dict[str, int | None]:
        """Levels (0-3, None where a standard does not apply) of the next year's self-diagnosis."""
        for code in codes:
            if code not in self.levels:
                self.levels[code] = self._first(code)
            else:
                self.levels[code] = self._next(self.levels[code])
        return dict(self.levels)

    def verified(self, level: int | None) -> int | None:
        """What the region finds: mostly the same, at times a level less, seldom more."""
        if level is None:
            return None
        drift = self.rng.choices((0, -1, 1), weights=(82, 15, 3))[0]
        return min(3, max(0, level + drift))

    def _first(self, code: str) -> int | None:
        if code in self.may_not_apply and self.rng.random() < NOT_APPLICABLE_SHARE:
            return None
        drawn = self.rng.gauss(self.strength + DIFFICULTY.get(code, 0.0), 0.8)
        return min(3, max(0, round(drawn)))

    def _next(self, level: int | None) -> int | None:
        if level is None:
            return None
        step = self.rng.choices((0, 1, -1), weights=(62, 32, 6))[0]
        return min(3, max(0, level + step))
