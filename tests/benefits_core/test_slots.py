"""Which times a day offers."""

from __future__ import annotations

from datetime import date, time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits_core.slots import Closed, Extra, Rule, Slot, Stretch, cut, overlap, slots_of

MONDAY = date(2026, 3, 2)
MORNING = Stretch(time(9), time(10), 20, 2)
RULE = Rule(0, MORNING, date(2026, 1, 1))


def offered(day: date = MONDAY, **changes: Any) -> list[tuple[str, int]]:
    asked: dict[str, Any] = {"rules": [RULE], "closed": [], "extra": [], "is_worked": True, **changes}
    return [(f"{slot.starts_at:%H:%M}", slot.capacity) for slot in slots_of(day, **asked)]


def test_a_rule_is_cut_into_slots() -> None:
    assert offered() == [("09:00", 2), ("09:20", 2), ("09:40", 2)]
    assert cut(Stretch(time(9), time(9, 50), 20, 1)) == [
        Slot(time(9), time(9, 20), 1, True),
        Slot(time(9, 20), time(9, 40), 1, True),
    ]


def test_a_rule_holds_on_its_weekday_between_its_days() -> None:
    ended = Rule(0, MORNING, date(2026, 1, 1), date(2026, 3, 1))

    assert offered(date(2026, 3, 3)) == []
    assert offered(rules=[ended]) == []
    assert offered(date(2026, 2, 23), rules=[ended]) != []


def test_a_holiday_takes_the_rules_and_not_what_was_added() -> None:
    extra = Extra(MONDAY, Stretch(time(15), time(16), 30, 1))

    assert offered(is_worked=False) == []
    assert offered(is_worked=False, extra=[extra]) == [("15:00", 1), ("15:30", 1)]


def test_a_closed_day_or_part_of_it_takes_its_slots() -> None:
    assert offered(closed=[Closed(MONDAY)]) == []
    assert offered(closed=[Closed(date(2026, 3, 9))]) != []
    assert offered(closed=[Closed(MONDAY, time(9, 30), time(12))]) == [("09:00", 2)]


def test_slots_of_the_same_time_are_one() -> None:
    assert offered(extra=[Extra(MONDAY, MORNING)]) == [("09:00", 4), ("09:20", 4), ("09:40", 4)]


def test_rules_overlap_when_they_ask_for_the_same_time_of_the_same_day() -> None:
    after = Rule(0, Stretch(time(10), time(11), 20, 1), date(2026, 1, 1))
    other_day = Rule(1, MORNING, date(2026, 1, 1))
    before = Rule(0, MORNING, date(2025, 1, 1), date(2025, 12, 31))
    within = Rule(0, Stretch(time(9, 30), time(9, 50), 20, 1), date(2026, 6, 1))

    assert [overlap(RULE, other) for other in (after, other_day, before, within, RULE)] == [
        False,
        False,
        False,
        True,
        True,
    ]


def test_a_slot_of_no_minutes_is_refused() -> None:
    with pytest.raises(ValueError, match="0 minutes"):
        cut(Stretch(time(9), time(10), 0, 1))


@given(st.integers(0, 1380), st.integers(1, 600), st.integers(5, 240))
def test_slots_lie_within_their_stretch_one_after_the_other(start: int, length: int, minutes: int) -> None:
    end = min(start + length, 1439)
    slots = cut(Stretch(time(*divmod(start, 60)), time(*divmod(end, 60)), minutes, 1))

    edges = [(slot.starts_at, slot.ends_at) for slot in slots]
    assert all(one[1] == two[0] for one, two in pairwise(edges))
    assert len(slots) == (end - start) // minutes
