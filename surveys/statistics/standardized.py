"""The same mix of brackets for everybody: a figure that does not depend on who had which bracket. Pure.

A satisfying experience is partly tied to getting a lower bracket. Direct standardization weighs each
bracket's share by a fixed reference mix instead of the municipality's own: Rothman, Greenland and Lash,
Modern Epidemiology (2008) ch. 4. In prose: ``docs/algorithms/survey-bracket.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from surveys.statistics.comparison import Change, beside_the_mix, share_change
from surveys.statistics.estimates import NOTHING, Estimate, Tally, top_two
from surveys.statistics.intervals import wilson

LEAST_CELL = 10
MOST_UNKNOWN = 0.30
# Those who do not know or prefer not to say their bracket stay by themselves, never spread over the others.
UNKNOWN = frozenset({"ns", "nr", "nsnr"})


class Raw(StrEnum):
    """Why only the raw figure is shown."""

    NO_ANSWERS = "no_answers"
    MANY_UNKNOWN = "many_unknown"
    SMALL_CELL = "small_cell"


@dataclass(frozen=True)
class Adjusted:
    """The raw figure, the standardized one or why there is none, and each bracket by itself.

    ``unknown``: share (0-1) of the answers whose bracket is not known.
    """

    raw: Estimate
    standardized: Estimate | None
    by_bracket: dict[str, Estimate]
    unknown: float | None
    only_raw: Raw | None = None


Figure = Callable[[Tally], Estimate]


def standardize(by_bracket: Mapping[str, Tally], mix: Mapping[str, float], figure: Figure = top_two) -> Adjusted:
    """The share in each bracket, weighed by ``mix``.

    :param by_bracket: bracket (or bracket and outcome) → its answers; those of :data:`UNKNOWN` stay apart.
    :param mix: the same for all and kept with the cycle; parts above 0, of any sum.
    :raises ValueError: for a mix of nothing, or one that names an unknown bracket.
    """
    if not mix or any(part <= 0 for part in mix.values()) or UNKNOWN & mix.keys():
        raise ValueError("a reference mix has known brackets with parts above 0")
    whole = Tally()
    for tally in by_bracket.values():
        whole = whole + tally
    raw = figure(whole)
    rows = {bracket: figure(tally) for bracket, tally in by_bracket.items()}
    if raw.value is None:
        return Adjusted(NOTHING, None, rows, None, Raw.NO_ANSWERS)
    unknown = sum(tally.said.weight for bracket, tally in by_bracket.items() if bracket not in mix) / whole.said.weight
    if unknown > MOST_UNKNOWN:
        return Adjusted(raw, None, rows, unknown, Raw.MANY_UNKNOWN)
    cells = {bracket: rows.get(bracket, NOTHING) for bracket in mix}
    if any(cell.n < LEAST_CELL for cell in cells.values()):
        return Adjusted(raw, None, rows, unknown, Raw.SMALL_CELL)
    return Adjusted(raw, weighed(cells, mix), rows, unknown)


def weighed(cells: Mapping[str, Estimate], mix: Mapping[str, float]) -> Estimate:
    """Σ m p with variance Σ m² p (1 − p) / size, and Wilson's interval at the size of such a variance."""
    total = sum(mix.values())
    value = variance = uniform = 0.0
    for bracket, cell in cells.items():
        part, share = mix[bracket] / total, cell.value or 0.0
        value += part * share
        variance += part**2 * share * (1 - share) / cell.size
        uniform += part**2 / cell.size
    value = min(1.0, max(0.0, value))
    # Where no bracket varies, the size is that of equal shares in all: no interval of no width.
    size = value * (1 - value) / variance if variance > 1e-15 and 0 < value < 1 else 1 / uniform
    return Estimate(value, sum(cell.n for cell in cells.values()), size, wilson(value, size))


def change(before: Adjusted, after: Adjusted) -> tuple[Change, Change | None]:
    """The raw change, named one of composition where it vanishes standardized; and the standardized one.

    None for the second where one of the years could not be standardized.
    """
    raw = share_change(before.raw, after.raw)
    if before.standardized is None or after.standardized is None:
        return raw, None
    standardized = share_change(before.standardized, after.standardized)
    return beside_the_mix(raw, standardized), standardized
