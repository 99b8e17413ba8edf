"""Whose turn it is: priority first, nobody for ever last."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benefits_core.turns import (
    Lane,
    TurnRule,
    Waiting,
    estimated_wait,
    lane_of,
    next_turn,
    order,
    run_of,
    waits_since,
)

NOW = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULE = TurnRule(favored_turns=2, promised=30 * MINUTE, grace=10 * MINUTE)


def one(number: int, waited: int, *, priority: bool = False, due: int | None = None) -> Waiting:
    """Somebody who came ``waited`` minutes ago; ``due`` is when the appointment is, in minutes from now."""
    return Waiting(number, NOW - waited * MINUTE, priority, None if due is None else NOW + due * MINUTE)


def numbers(*waiting: Waiting, run: int = 0, rule: TurnRule = RULE) -> list[int]:
    return [each.number for each in order(waiting, rule=rule, now=NOW, run=run)]


# --- Examples


def test_priority_goes_first_and_then_by_arrival() -> None:
    assert numbers(one(1, 20), one(2, 10, priority=True), one(3, 25), one(4, 15, priority=True)) == [4, 2, 3, 1]


def test_after_two_favored_turns_goes_the_ordinary_one_that_waited_longer_than_promised() -> None:
    crowd = [one(number, 20 - number, priority=True) for number in range(1, 6)]

    assert numbers(one(9, 31), *crowd) == [1, 2, 9, 3, 4, 5]
    assert numbers(one(9, 31), *crowd, run=2) == [9, 1, 2, 3, 4, 5]
    assert numbers(one(9, 30), *crowd, run=2) == [1, 2, 3, 4, 5, 9]


def test_an_appointment_goes_from_its_time_on_as_if_it_had_come_then() -> None:
    assert numbers(one(1, 40, due=-5), one(2, 6, priority=True), one(3, 4, priority=True), one(4, 29)) == [2, 1, 3, 4]


def test_who_comes_before_the_appointment_waits_for_it_unless_nobody_else_is_there() -> None:
    assert numbers(one(1, 29, due=10), one(2, 1)) == [2, 1]
    assert numbers(one(1, 29, due=10)) == [1]


def test_who_comes_late_to_the_appointment_has_lost_its_time() -> None:
    late, in_grace = one(1, 4, due=-15), one(2, 4, due=-14)

    assert [lane_of(each, RULE, NOW) for each in (late, in_grace)] == [Lane.ORDINARY, Lane.FAVORED]
    assert [waits_since(each, RULE) for each in (late, in_grace)] == [NOW - 4 * MINUTE, NOW - 14 * MINUTE]


def test_priority_is_never_worse_off_for_an_appointment() -> None:
    assert numbers(one(1, 20, priority=True, due=30), one(2, 10, priority=True)) == [1, 2]


def test_the_run_is_counted_back_from_the_last_call() -> None:
    assert [run_of(calls) for calls in ([], [True, True, False, True], [False, True])] == [0, 2, 0]


def test_nobody_waits_so_nobody_is_next() -> None:
    assert next_turn([], rule=RULE, now=NOW, run=0) is None


@pytest.mark.parametrize("wrong", [{"favored_turns": 0}, {"promised": -MINUTE}, {"grace": -MINUTE}])
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no rule"):
        TurnRule(**wrong)


# --- Properties


@st.composite
def crowds(draw: st.DrawFn) -> list[Waiting]:
    size = draw(st.integers(0, 12))
    return [
        one(
            number,
            draw(st.integers(0, 90)),
            priority=draw(st.booleans()),
            due=draw(st.none() | st.integers(-90, 60)),
        )
        for number in range(size)
    ]


rules = st.builds(
    TurnRule,
    favored_turns=st.integers(1, 4),
    promised=st.integers(0, 60).map(lambda minutes: minutes * MINUTE),
    grace=st.integers(0, 20).map(lambda minutes: minutes * MINUTE),
)


@given(crowds(), rules, st.integers(0, 6), st.randoms(use_true_random=False))
def test_everybody_has_one_turn_and_the_order_does_not_hang_on_how_they_are_read(
    crowd: list[Waiting], rule: TurnRule, run: int, chance: Random
) -> None:
    shuffled = list(crowd)
    chance.shuffle(shuffled)

    found = order(crowd, rule=rule, now=NOW, run=run)

    assert sorted(found, key=lambda each: each.number) == crowd
    assert found == order(shuffled, rule=rule, now=NOW, run=run)
    assert next_turn(shuffled, rule=rule, now=NOW, run=run) == (found[0] if found else None)


@given(crowds(), rules, st.integers(0, 6))
def test_in_a_lane_the_longest_wait_goes_first(crowd: list[Waiting], rule: TurnRule, run: int) -> None:
    found = order(crowd, rule=rule, now=NOW, run=run)

    for lane in Lane:
        inside = [(waits_since(each, rule), each.number) for each in found if lane_of(each, rule, NOW) == lane]
        assert inside == sorted(inside)


@given(crowds(), rules, st.integers(0, 6))
def test_whoever_goes_away_changes_nobody_s_order_in_the_lane(crowd: list[Waiting], rule: TurnRule, run: int) -> None:
    """Stable: called one by one, they come in the order that was told, as long as nobody else comes."""
    told = order(crowd, rule=rule, now=NOW, run=run)
    called: list[Waiting] = []
    left = list(crowd)
    while (turn := next_turn(left, rule=rule, now=NOW, run=run)) is not None:
        called.append(turn)
        left.remove(turn)
        run = run + 1 if lane_of(turn, rule, NOW) is Lane.FAVORED else 0

    assert called == told


@given(rules, st.integers(1, 5), st.lists(st.integers(0, 3), min_size=60, max_size=60))
@settings(max_examples=40)
def test_nobody_starves_however_many_with_priority_come(rule: TurnRule, ordinary: int, arrivals: list[int]) -> None:
    """Each ordinary one is called within (k + 1) turns for each ordinary one up to it, once it waited too long."""
    left = [Waiting(number, NOW - number * MINUTE) for number in range(ordinary)]
    too_long_from: dict[int, int] = {}
    number, run, now = 100, 0, NOW
    for turn, coming in enumerate([*arrivals, *[3] * 90]):
        now += MINUTE
        for _ in range(coming):
            number += 1
            left.append(Waiting(number, now, priority=True))
        ahead = sorted((each for each in left if not each.priority), key=lambda each: (each.arrived_at, each.number))
        for place, each in enumerate(ahead):
            if now - each.arrived_at > rule.promised:
                too_long_from.setdefault(each.number, turn)
                assert turn - too_long_from[each.number] < (place + 1 + ordinary) * (rule.favored_turns + 1)
        called = next_turn(left, rule=rule, now=now, run=run)
        if called is None:
            continue
        left.remove(called)
        run = run + 1 if called.priority else 0

    assert not [each for each in left if not each.priority]


@given(rules, st.lists(st.integers(0, 3), min_size=40, max_size=40))
def test_priority_waits_for_one_ordinary_turn_in_so_many(rule: TurnRule, arrivals: list[int]) -> None:
    """Between two ordinary turns, while somebody with priority waits, there are at least k favored ones."""
    left, run, now, number = [one(number, 500) for number in range(60)], 0, NOW, 100
    for coming in arrivals:
        now += MINUTE
        left += [Waiting(number + each, now, priority=True) for each in range(coming)]
        number += coming
        waits = any(each.priority for each in left)
        called = next_turn(left, rule=rule, now=now, run=run)
        assert called is not None
        left.remove(called)
        if not called.priority:
            assert not waits or run >= rule.favored_turns
        run = run + 1 if called.priority else 0


# --- Estimates

TEN = [10 * MINUTE] * 5


@pytest.mark.parametrize(
    ("before", "counters", "busy", "minutes"),
    [(0, 2, 1, 0), (0, 1, 1, 10), (3, 1, 1, 40), (3, 2, 2, 20), (3, 2, 0, 10), (4, 3, 3, 20)],
)
def test_a_wait_is_told_in_steps_of_five_minutes(before: int, counters: int, busy: int, minutes: int) -> None:
    assert estimated_wait(before=before, services=TEN, counters=counters, busy=busy) == minutes


@pytest.mark.parametrize(
    "known",
    [
        {"services": TEN, "counters": 0},
        {"services": TEN[:2], "counters": 2},
        {"services": [timedelta(hours=3)] * 9, "counters": 2},
    ],
)
def test_what_cannot_be_known_is_not_told(known: dict[str, Any]) -> None:
    assert estimated_wait(before=3, busy=0, **known) is None


@given(
    st.integers(0, 50),
    st.integers(1, 10),
    st.lists(st.integers(1, 60).map(lambda minutes: minutes * MINUTE), min_size=3, max_size=20),
)
def test_more_people_wait_longer_and_more_counters_wait_less(
    before: int, counters: int, services: list[timedelta]
) -> None:
    def told(**changes: int) -> int:
        asked = {"before": before, "counters": counters, "busy": counters, **changes}
        found = estimated_wait(services=services, **asked)
        assert found is not None
        return found

    assert told() <= told(before=before + 1)
    assert told(counters=counters + 1, busy=counters + 1) <= told()
    assert told(busy=counters - 1) <= told()


def test_the_priority_of_a_person_never_makes_the_turn_come_later() -> None:
    crowd = [one(1, 40), one(2, 12, priority=True), one(3, 8), one(4, 3, priority=True)]
    for each in crowd:
        favored = [replace(other, priority=True) if other == each else other for other in crowd]
        assert numbers(*favored).index(each.number) <= numbers(*crowd).index(each.number)
