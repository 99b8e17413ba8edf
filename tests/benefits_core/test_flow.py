"""Reach, ends, loops, and what becomes of a step through the versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits_core import flow


@pytest.mark.parametrize(
    ("links", "unreachable", "ends", "endless"),
    [
        ([(1, 2), (2, 3)], [], [3], []),
        ([(1, 2)], [3], [2, 3], []),
        ([(1, 2), (2, 3), (3, 1)], [], [], [1, 2, 3]),
        ([(1, 2), (2, 1), (2, 3)], [], [3], []),
        ([(1, 2), (2, 2), (1, 3)], [], [3], [2]),
    ],
)
def test_what_is_wrong_with_a_flow(links, unreachable, ends, endless):
    steps = [1, 2, 3]

    assert flow.unreachable(steps, links) == unreachable
    assert flow.ends(steps, links) == ends
    assert flow.endless(steps, links) == endless


def test_nothing_is_wrong_with_no_steps():
    assert (flow.unreachable([], []), flow.ends([], []), flow.endless([], [])) == ([], [], [])


numbers = st.integers(1, 8)
# A machine that is busy with other things draws slowly.


@given(st.lists(st.tuples(numbers, numbers), max_size=25))
def test_a_step_ends_or_is_endless_never_both(links):
    steps = list(range(1, 9))
    closed = set(flow.endless(steps, links))

    for step in steps:
        reaches_an_end = bool(flow.reachable(step, links) & set(flow.ends(steps, links)))
        assert reaches_an_end == (step not in closed)


def test_a_step_is_the_same_where_its_key_is():
    found = flow.lineage([{"a": 1, "b": 2}, {"a": 11, "b": 12}, {"b": 22}], {})

    assert found.heirs == {2: 22, 12: 22, 22: 22}
    assert found.orphans == {1: 11, 11: 11}
    assert sorted(found.behind(22)) == [2, 12, 22]


def test_the_ledger_says_which_step_took_the_place_of_an_orphan():
    versions = [{"a": 1, "b": 2}, {"b": 12, "c": 13}, {"c": 23}]

    found = flow.lineage(versions, {(1, 1): 13, (12, 2): None})

    assert found.heirs == {1: 23, 13: 23, 23: 23}
    assert found.ended == {2, 12}
    assert found.orphans == {}


def test_an_orphan_of_long_ago_is_placed_in_a_later_version():
    assert flow.lineage([{"a": 1}, {"b": 12}, {"b": 22}], {(1, 2): 22}).heirs == {1: 22, 12: 22, 22: 22}


def test_a_step_that_comes_back_under_its_key_is_itself_again():
    assert flow.lineage([{"a": 1}, {"b": 12}, {"a": 21}], {}).heirs == {1: 21, 21: 21}


@given(
    st.lists(st.sets(st.sampled_from("abcd"), min_size=1), min_size=1, max_size=5),
    st.dictionaries(st.tuples(st.integers(0, 19), st.integers(0, 4)), st.integers(0, 19) | st.none(), max_size=6),
)
def test_every_step_has_one_fate(keys, drawn):
    versions = [{key: place * 4 + "abcd".index(key) for key in sorted(present)} for place, present in enumerate(keys)]
    known = [set(version.values()) for version in versions]
    mapped = {
        (step, place): target
        for (step, place), target in drawn.items()
        if place < len(versions)
        and any(step in ids for ids in known[:place])
        and (target is None or target in known[place])
    }

    found = flow.lineage(versions, mapped)

    fates = [set(found.heirs), set(found.orphans), found.ended]
    assert set().union(*fates) == set().union(*known)
    assert sum(map(len, fates)) == len(set().union(*known))
    assert set(found.heirs.values()) <= known[-1]
