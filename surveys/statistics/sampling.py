"""How many to ask, what can be hoped for, and whether to ask everybody or join two years. Pure.

Sizes are of completed answers, margins are half a 95 % interval in shares (0.05 is «±5 points»), always at
the worst share, 0.5. In prose: ``docs/algorithms/survey-sample.md``.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, inf, sqrt
from typing import TypeVar

from surveys.statistics.intervals import Z_95, z_of

GOAL = 0.05
# A margin past which a municipality is advised to join two years.
WIDEST = 0.10
LEAST_PER_STRATUM = 30
USUAL_RESPONSE = 0.25
POWER = 0.80
USUAL_SHARE = 0.65

Key = TypeVar("Key", bound=Hashable)


def size_for(population: int, margin: float = GOAL, share: float = 0.5, z: float = Z_95) -> int:
    """Answers needed for ``margin`` among ``population`` people (Cochran, Sampling Techniques, 1977, 4.4).

    n = n₀ / (1 + (n₀ − 1) / N) with n₀ = z² p (1 − p) / e², rounded up; never more than N.
    """
    if population <= 0:
        return 0
    if not 0 < margin < 1:
        raise ValueError(f"a margin of {margin}")
    endless = z * z * share * (1 - share) / margin**2
    return min(population, ceil(endless / (1 + (endless - 1) / population) - 1e-9))


def margin_of(
    answers: float, population: int | None = None, share: float = 0.5, z: float = Z_95, deff: float = 1.0
) -> float | None:
    """Half the 95 % interval that ``answers`` give; None without an answer.

    :param population: of how many, for what is said of this year's users alone (0 where all answered);
        None for what is said of the service, which is how results are published.
    :param deff: design effect that weights are expected to have.
    """
    if answers <= 0:
        return None
    rest = 1.0
    if population is not None:
        rest = max(0.0, (population - answers) / (population - 1)) if population > 1 else 0.0
    return z * sqrt(deff * share * (1 - share) / answers * rest)


def invitations_for(answers: int, response: float = USUAL_RESPONSE) -> int:
    """People to invite so that ``answers`` come back when a share ``response`` (0-1] answers."""
    if not 0 < response <= 1:
        raise ValueError(f"a response of {response}")
    return ceil(answers / response - 1e-9)


def detectable_change(answers: float, share: float = USUAL_SHARE, power: float = POWER) -> float | None:
    """The least change between two years of ``answers`` each that would probably be told from chance.

    (z₀.₉₇₅ + z_power) √(2 p (1 − p) / n), as a share: with 370 answers a year and 65 % it is 9.8 points
    (Fleiss, Levin and Paik, 2003, ch. 4, equal variances). None without answers, or where it exceeds 1.
    """
    if answers <= 0:
        return None
    least = (Z_95 + z_of(2 * power - 1)) * sqrt(2 * share * (1 - share) / answers)
    return least if least <= 1 else None


# --- What to do


class Way(StrEnum):
    """What a municipality is advised to do. ``NOBODY``: there is no frame to ask from."""

    SAMPLE = "sample"
    CENSUS = "census"
    CENSUS_WIDE = "census_wide"
    POOL = "pool"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Advice:
    """What is said before a round opens.

    ``needed`` answers for the goal; ``invitations`` to send; ``expected`` answers. ``margin``: of this
    year's users, with the finite population; ``published_margin``: half the interval that will stand
    beside a share of 50 %, which speaks of the service and so is wider. ``pooled_margin``: the published
    one with a second year like this one. ``change``: what could be told from chance next year.
    ``enough_for_results``: whether :data:`LEAST_PER_STRATUM` answers can be expected at all.
    """

    way: Way
    population: int
    needed: int
    invitations: int
    expected: int
    margin: float | None
    published_margin: float | None
    pooled_margin: float | None
    change: float | None

    @property
    def enough_for_results(self) -> bool:
        return self.expected >= LEAST_PER_STRATUM


def advise(population: int, response: float = USUAL_RESPONSE, goal: float = GOAL, widest: float = WIDEST) -> Advice:
    """Sample, census, or two years together, for a frame of ``population`` people.

    A sample where enough can be invited; else everybody is. Where even then the published margin will be
    wider than the goal, that is said (``CENSUS_WIDE``); past ``widest``, joining two years is advised.
    """
    if population <= 0:
        return Advice(Way.NOBODY, 0, 0, 0, 0, None, None, None, None)
    needed = size_for(population, goal)
    invitations = min(population, invitations_for(needed, response))
    expected = int(invitations * response + 1e-9)
    published = margin_of(expected)
    return Advice(
        way=_way(invitations < population, published, goal, widest),
        population=population,
        needed=needed,
        invitations=invitations,
        expected=expected,
        margin=margin_of(expected, population),
        published_margin=published,
        pooled_margin=margin_of(2 * expected),
        change=detectable_change(expected),
    )


def _way(is_sample: bool, margin: float | None, goal: float, widest: float) -> Way:
    if is_sample:
        return Way.SAMPLE
    wide = inf if margin is None else margin
    if wide <= goal:
        return Way.CENSUS
    return Way.CENSUS_WIDE if wide <= widest else Way.POOL


# --- Strata and the draw


def allocate(populations: Mapping[str, int], total: int, least: int = LEAST_PER_STRATUM) -> dict[str, int]:
    """``total`` answers over strata in proportion to their people, with ``least`` in each that has so many.

    No stratum gets more than its people, and one with fewer than ``least`` gets them all. Where the least
    ones alone exceed ``total``, they are given all the same: what is published needs them. Remainders go to
    the largest fractions, then by name, so that the same numbers always give the same shares.
    """
    if any(people < 0 for people in populations.values()):
        raise ValueError("a stratum of fewer than no people")
    sizes = {name: min(people, least) for name, people in populations.items()}
    rest = min(total, sum(populations.values())) - sum(sizes.values())
    while rest > 0:
        open_ones = {name: people for name, people in populations.items() if sizes[name] < people}
        given = _by_share(_missing(open_ones, sizes, rest), rest)
        for name, more in given.items():
            sizes[name] += min(more, populations[name] - sizes[name])
        rest = min(total, sum(populations.values())) - sum(sizes.values())
    return sizes


def _missing(populations: Mapping[str, int], sizes: Mapping[str, int], rest: int) -> dict[str, Fraction]:
    """How far each stratum lies below its share of what is handed out; all by people where none does."""
    total = sum(populations.values())
    aim = rest + sum(sizes[name] for name in populations)
    below = {name: Fraction(aim * people, total) - sizes[name] for name, people in populations.items()}
    lacking = {name: gap for name, gap in below.items() if gap > 0}
    return lacking or {name: Fraction(people) for name, people in populations.items()}


def _by_share(weights: Mapping[str, Fraction], total: int) -> dict[str, int]:
    """``total`` in whole numbers in proportion to ``weights``, by largest remainders (Hamilton's method)."""
    whole = sum(weights.values())
    exact = {name: total * weight / whole for name, weight in weights.items()}
    given = {name: int(part) for name, part in exact.items()}
    order = sorted(exact, key=lambda name: (given[name] - exact[name], name))
    for name in order[: total - sum(given.values())]:
        given[name] += 1
    return given


def draw(frame: Sequence[Key], size: int, seed: int) -> list[Key]:
    """``size`` of ``frame`` by chance without repetition, all where there are fewer, in the frame's order.

    The same frame and seed give the same people, so that a draw can be checked.
    """
    if size >= len(frame):
        return list(frame)
    chosen = random.Random(seed).sample(range(len(frame)), max(0, size))  # noqa: S311  to be repeated, not to be secret
    return [frame[place] for place in sorted(chosen)]


def every(visitors: int, wanted: int) -> int:
    """k of an exit sample that asks every k-th person, where there is no frame; at least 1."""
    return max(1, visitors // wanted) if wanted > 0 else 1
