"""What may be said of two figures: more, less, or that no change can be claimed. Pure.

Two rounds are compared only where they asked the same and the same people could answer. A change is
claimed where both the z-test of two shares and Newcombe's interval tell it from chance; where many
municipalities are looked at together, after Benjamini and Hochberg's correction. In prose:
``docs/algorithms/survey-comparison.md``.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import sqrt
from typing import TypeVar

from surveys.statistics.estimates import BOTTOM, TOP, Estimate, Tally, effective_size, net_variance
from surveys.statistics.intervals import Z_95, Interval, benjamini_hochberg, newcombe, two_shares, two_sided

ALPHA = 0.05
LEAST_PEERS = 10

Key = TypeVar("Key", bound=Hashable)


class Verdict(StrEnum):
    """``NO_CHANGE`` says that no change can be claimed, which is not that nothing changed.

    ``COMPOSITION``: the raw figures differ, and no longer do with the same mix of brackets in both.
    """

    UP = "up"
    DOWN = "down"
    NO_CHANGE = "no_change"
    COMPOSITION = "composition"
    NOT_COMPARABLE = "not_comparable"


class Obstacle(StrEnum):
    """Why two figures are not comparable."""

    WORDING = "wording"
    CHANNELS = "channels"
    WEIGHTS = "weights"
    VOLUNTARY = "voluntary"
    SAME_PEOPLE = "same_people"
    NO_ANSWERS = "no_answers"


@dataclass(frozen=True)
class Basis:
    """What a figure stands on.

    ``wording``: fingerprint of the question as it was asked; ``channels`` through which people were
    served; ``weighted_by`` the variables of the weights; ``sources`` the rounds and places whose answers
    are in it, such as ``"2026/13101"``: two figures that share one are not independent.
    """

    wording: str = ""
    channels: frozenset[str] = frozenset()
    weighted_by: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    is_voluntary: bool = False


# Where the caller has looked at the obstacles already.
UNTOLD = (Basis(), Basis())


@dataclass(frozen=True)
class Change:
    """The second figure minus the first.

    ``p`` as tested alone; ``adjusted`` after correction for all that are shown with it, None before. None
    of the figures is given where ``obstacles`` say why the two are not comparable.
    """

    verdict: Verdict
    difference: float | None = None
    interval: Interval | None = None
    p: float | None = None
    adjusted: float | None = None
    obstacles: tuple[Obstacle, ...] = field(default_factory=tuple)

    @property
    def is_claimed(self) -> bool:
        return self.verdict in (Verdict.UP, Verdict.DOWN)


def obstacles_between(first: Basis, second: Basis) -> tuple[Obstacle, ...]:
    """Every reason against comparing the two."""
    found = {
        Obstacle.WORDING: first.wording != second.wording,
        Obstacle.CHANNELS: first.channels != second.channels,
        Obstacle.WEIGHTS: first.weighted_by != second.weighted_by,
        Obstacle.VOLUNTARY: first.is_voluntary or second.is_voluntary,
        Obstacle.SAME_PEOPLE: bool(first.sources & second.sources),
    }
    return tuple(obstacle for obstacle, stands in found.items() if stands)


def share_change(first: Estimate, second: Estimate, bases: tuple[Basis, Basis] = UNTOLD) -> Change:
    """Change of a share from ``first`` to ``second``: z-test of two shares and Newcombe's interval, both at
    the effective sizes."""
    against = obstacles_between(*bases)
    if first.value is None or second.value is None:
        against = (*against, Obstacle.NO_ANSWERS)
    if against or first.value is None or second.value is None:
        return Change(Verdict.NOT_COMPARABLE, obstacles=against)
    interval = newcombe(second.value, second.size, first.value, first.size)
    p = two_shares(second.value, second.size, first.value, first.size)
    return _judged(second.value - first.value, interval, p)


def net_change(first: Tally, second: Tally, bases: tuple[Basis, Basis] = UNTOLD) -> Change:
    """Change of net satisfaction: normal interval with the sum of the two multinomial variances."""
    against = obstacles_between(*bases)
    figures = [_net_of(tally) for tally in (first, second)]
    if any(size <= 0 for _value, _variance, size in figures):
        against = (*against, Obstacle.NO_ANSWERS)
    if against:
        return Change(Verdict.NOT_COMPARABLE, obstacles=against)
    (before, before_variance, _), (after, after_variance, _) = figures
    if before_variance <= 0 or after_variance <= 0:
        return Change(Verdict.NO_CHANGE, after - before)
    error = sqrt(before_variance + after_variance)
    half = Z_95 * error
    interval = Interval(max(-2.0, after - before - half), min(2.0, after - before + half))
    return _judged(after - before, interval, two_sided((after - before) / error))


def _net_of(tally: Tally) -> tuple[float, float, float]:
    """Net share, its variance, effective size."""
    whole = tally.said
    size = effective_size(whole)
    if size <= 0:
        return 0.0, 0.0, 0.0
    a, b = tally.part(TOP).weight / whole.weight, tally.part(BOTTOM).weight / whole.weight
    return a - b, net_variance(a, b) / size, size


def _judged(difference: float, interval: Interval, p: float) -> Change:
    return Change(_verdict(difference, interval, p), difference, interval, p)


def _verdict(difference: float, interval: Interval | None, p: float) -> Verdict:
    if interval is None or interval.holds(0.0) or p > ALPHA:
        return Verdict.NO_CHANGE
    return Verdict.UP if difference > 0 else Verdict.DOWN


def corrected(changes: Mapping[Key, Change]) -> dict[Key, Change]:
    """The same changes judged together, as a regional or national screen shows them.

    What is not comparable was not tested, and does not count among the tests.
    """
    tested = [key for key, change in changes.items() if change.p is not None]
    adjusted = dict(zip(tested, benjamini_hochberg([changes[key].p or 0.0 for key in tested]), strict=True))
    return {
        key: _with_adjusted(change, adjusted[key]) if key in adjusted else change for key, change in changes.items()
    }


def _with_adjusted(change: Change, adjusted: float) -> Change:
    verdict = _verdict(change.difference or 0.0, change.interval, max(adjusted, change.p or 0.0))
    return replace(change, adjusted=adjusted, verdict=verdict)


def beside_the_mix(raw: Change, standardized: Change) -> Change:
    """The raw change, called one of composition where it vanishes with the same mix in both years."""
    if raw.is_claimed and standardized.verdict is Verdict.NO_CHANGE:
        return replace(raw, verdict=Verdict.COMPOSITION)
    return raw


# --- Peers


def rest_of(tallies: Mapping[Key, Tally], own: Key) -> Tally:
    """All the others together: a municipality is compared with a region that does not hold itself."""
    whole = Tally()
    for key, tally in tallies.items():
        if key != own:
            whole = whole + tally
    return whole


@dataclass(frozen=True)
class Spread:
    """How ``count`` municipalities lie, without names; least and most are not told, since each is one of them."""

    count: int
    first_quartile: float
    median: float
    third_quartile: float


def spread_of(values: Sequence[float], least: int = LEAST_PEERS) -> Spread | None:
    """Quartiles of the municipalities' figures (linear, Hyndman and Fan's definition 7); None with fewer
    than ``least``. Never a list in order: the measurement is not made to rank municipalities."""
    if len(values) < max(1, least):
        return None
    ordered = sorted(values)
    return Spread(len(ordered), *(_linear(ordered, part) for part in (0.25, 0.5, 0.75)))


def _linear(ordered: Sequence[float], part: float) -> float:
    place = part * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
