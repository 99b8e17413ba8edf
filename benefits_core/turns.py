"""Whose turn it is, and how long that takes. Pure; the rule in prose is docs/algorithms/turns.md.

Three lanes. *Favored*: whoever has priority by law, and whoever came in time for an appointment whose
time has come. *Ordinary*: everybody else. *Early*: whoever came before the time of an appointment.
Within a lane the one who waits the longest goes first. The favored go before the ordinary, until
``favored_turns`` of them were called in a row while an ordinary one has waited longer than promised:
that one goes next. So nobody is passed over for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from math import ceil

# Fewer services than this tell nothing; what is longer than this was a clerk who forgot to finish.
FEWEST_SERVICES = 3
LONGEST_SERVICE = timedelta(hours=2)
ROUNDED_TO = 5


class Lane(Enum):
    FAVORED = "favored"
    ORDINARY = "ordinary"
    EARLY = "early"


@dataclass(frozen=True)
class Waiting:
    """Somebody who waits. ``number`` tells apart those who came at the same moment, the lower first.

    ``due_at`` is the time of an appointment; None for whoever came without one.
    """

    number: int
    arrived_at: datetime
    priority: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True)
class TurnRule:
    """What a service point decides.

    ``favored_turns``: so many favored turns in a row, at most, before an ordinary one that waited
    longer than ``promised``. ``grace``: whoever comes later than that to an appointment has lost its time.
    """

    favored_turns: int = 2
    promised: timedelta = timedelta(minutes=30)
    grace: timedelta = timedelta(minutes=10)

    def __post_init__(self) -> None:
        if self.favored_turns < 1 or self.promised < timedelta(0) or self.grace < timedelta(0):
            raise ValueError(f"no rule of turns: {self}")


def lane_of(one: Waiting, rule: TurnRule, now: datetime) -> Lane:
    """Where somebody stands at ``now``."""
    if one.priority:
        return Lane.FAVORED
    if one.due_at is None or one.arrived_at > one.due_at + rule.grace:
        return Lane.ORDINARY
    return Lane.FAVORED if one.due_at <= now else Lane.EARLY


def waits_since(one: Waiting, rule: TurnRule) -> datetime:
    """From when on somebody's wait counts: the appointment's time where it was kept, else the arrival.

    Whoever has priority besides an appointment is never worse off for it.
    """
    if one.due_at is None or one.arrived_at > one.due_at + rule.grace:
        return one.arrived_at
    return min(one.arrived_at, one.due_at) if one.priority else one.due_at


def next_turn(waiting: Iterable[Waiting], *, rule: TurnRule, now: datetime, run: int) -> Waiting | None:
    """Whose turn it is; None where nobody waits.

    :param run: how many favored turns in a row were called last.
    """
    return next(iter(order(waiting, rule=rule, now=now, run=run)), None)


def order(waiting: Iterable[Waiting], *, rule: TurnRule, now: datetime, run: int) -> list[Waiting]:
    """Everybody in the order of their turns, as things stand at ``now``; each once, whatever order they come in."""
    lanes: dict[Lane, list[Waiting]] = {lane: [] for lane in Lane}
    for one in waiting:
        lanes[lane_of(one, rule, now)].append(one)
    for lane in lanes.values():
        # The newest first, so that the one whose turn it is is popped from the end.
        lane.sort(key=lambda one: (waits_since(one, rule), one.number), reverse=True)
    favored, ordinary = lanes[Lane.FAVORED], lanes[Lane.ORDINARY]
    found: list[Waiting] = []
    while favored or ordinary:
        is_owed = bool(ordinary) and run >= rule.favored_turns and now - ordinary[-1].arrived_at > rule.promised
        if favored and not is_owed:
            found.append(favored.pop())
            run += 1
        else:
            found.append(ordinary.pop())
            run = 0
    return [*found, *reversed(lanes[Lane.EARLY])]


def run_of(calls: Iterable[bool]) -> int:
    """How many favored turns in a row were called last.

    :param calls: was each call a favored one? The last call first.
    """
    run = 0
    for was_favored in calls:
        if not was_favored:
            break
        run += 1
    return run


def estimated_wait(*, before: int, services: Sequence[timedelta], counters: int, busy: int) -> int | None:
    """Minutes until the turn of whoever has ``before`` persons before; None where it cannot be known.

    :param services: how long the last services took; those too long to be true are left out.
    :param counters: how many attend now; :param busy: how many of them attend somebody at the moment.

    Each free counter takes one at once. After that a counter gets free every mean service divided by
    the number of counters. Rounded up to five minutes: the figure promises no more than it knows.
    """
    told = [service for service in services if timedelta(0) < service <= LONGEST_SERVICE]
    if counters < 1 or len(told) < FEWEST_SERVICES:
        return None
    free = max(0, counters - busy)
    rounds = before - free + 1
    if rounds <= 0:
        return 0
    mean = sum(told, timedelta(0)) / len(told)
    minutes = mean.total_seconds() / 60 * rounds / counters
    return ceil(minutes / ROUNDED_TO) * ROUNDED_TO
