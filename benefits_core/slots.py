"""Which appointments a day offers. Pure: rules and exceptions in, slots out.

A rule says for one day of the week from when to when people are attended, in slots of so many minutes,
and how many at once. Rules of the same day may follow each other but not overlap. An exception takes
slots away (the whole day, or a part) or adds a stretch of its own. On a day that is not worked no rule
counts; what was added for that very day still does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True)
class Stretch:
    """From when to when, in slots of ``minutes``, ``capacity`` persons each; ``online`` for everybody to book."""

    starts_at: time
    ends_at: time
    minutes: int
    capacity: int
    online: bool = True


@dataclass(frozen=True)
class Rule:
    """A stretch of every ``weekday`` (Monday is 0) from one day to another; an open end is None."""

    weekday: int
    stretch: Stretch
    first: date
    last: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.weekday == day.weekday() and self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Closed:
    """Nobody is attended from ``starts_at`` to ``ends_at`` of a day; the whole day where they are None."""

    day: date
    starts_at: time | None = None
    ends_at: time | None = None

    def takes(self, slot: Slot) -> bool:
        if self.starts_at is None or self.ends_at is None:
            return True
        return slot.starts_at < self.ends_at and self.starts_at < slot.ends_at


@dataclass(frozen=True)
class Extra:
    """A stretch of one day only."""

    day: date
    stretch: Stretch


@dataclass(frozen=True)
class Slot:
    """A time at which ``capacity`` persons are attended."""

    starts_at: time
    ends_at: time
    capacity: int
    online: bool


def slots_of(
    day: date, *, rules: Iterable[Rule], closed: Sequence[Closed], extra: Iterable[Extra], is_worked: bool
) -> list[Slot]:
    """The slots of ``day`` in their order. Two of the same time are one with the capacity of both."""
    stretches = [rule.stretch for rule in rules if is_worked and rule.holds_on(day)]
    found: dict[tuple[time, time, bool], int] = {}
    for stretch in stretches:
        for slot in cut(stretch):
            if not any(each.takes(slot) for each in closed if each.day == day):
                key = (slot.starts_at, slot.ends_at, slot.online)
                found[key] = found.get(key, 0) + slot.capacity
    for each in extra:
        if each.day == day:
            for slot in cut(each.stretch):
                key = (slot.starts_at, slot.ends_at, slot.online)
                found[key] = found.get(key, 0) + slot.capacity
    return [Slot(starts, ends, capacity, online) for (starts, ends, online), capacity in sorted(found.items())]


def cut(stretch: Stretch) -> list[Slot]:
    """A stretch in slots; what is left at its end and is shorter than a slot is not offered.

    :raises ValueError: slots of less than a minute.
    """
    if stretch.minutes < 1:
        raise ValueError(f"slots of {stretch.minutes} minutes")
    slots = []
    begins = datetime.combine(date.min, stretch.starts_at)
    end = datetime.combine(date.min, stretch.ends_at)
    length = timedelta(minutes=stretch.minutes)
    while begins + length <= end:
        slots.append(Slot(begins.time(), (begins + length).time(), stretch.capacity, stretch.online))
        begins += length
    return slots


def overlap(one: Rule, two: Rule) -> bool:
    """Do two rules ever ask for the same person at the same time?"""
    if one.weekday != two.weekday:
        return False
    share_a_day = (one.last is None or two.first <= one.last) and (two.last is None or one.first <= two.last)
    a, b = one.stretch, two.stretch
    return share_a_day and a.starts_at < b.ends_at and b.starts_at < a.ends_at
