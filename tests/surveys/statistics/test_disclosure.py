"""Nobody is found in what is shown, by looking or by subtracting: attacked with linear algebra."""

from __future__ import annotations

from itertools import chain, combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from surveys.statistics.disclosure import (
    PUBLIC,
    TEAM,
    Release,
    hidden_cells,
    hidden_in_table,
    hidden_options,
    release,
    shown_among,
)


def derivable(known: np.ndarray, group: np.ndarray) -> bool:
    """Whether the count of ``group`` follows from the ``known`` sums by adding and subtracting."""
    solution = np.linalg.lstsq(known.T, group, rcond=None)[0]
    return bool(np.allclose(known.T @ solution, group, atol=1e-7))


def exposed(known: np.ndarray, people: np.ndarray, k: int) -> list[tuple[int, ...]]:
    """Every group of cells of fewer than ``k`` people whose count follows from what is shown."""
    cells = range(len(people))
    groups = chain.from_iterable(combinations(cells, size) for size in range(1, len(people) + 1))
    found = []
    for group in groups:
        places = list(group)
        if people[places].sum() < k and derivable(known, np.isin(np.arange(len(people)), places).astype(float)):
            found.append(group)
    return found


def highest(known: np.ndarray, people: np.ndarray, place: int) -> float:
    """The most people that a reader who knows the sums must think possible in that cell."""
    goal = -np.eye(len(people))[place]
    return float(-linprog(goal, A_eq=known, b_eq=known @ people, bounds=(0, None)).fun)


# --- One variable


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([40, 30], set()),
        ([], set()),
        ([40, 30, 4], {1, 2}),
        ([40, 30, 4, 5], {1, 2, 3}),
        ([40, 30, 4, 6], {2, 3}),
        ([40, 30, 0], {1, 2}),
        ([40, 0], {0, 1}),
        ([40, 30, 0, 0], {1, 2, 3}),
        ([9, 9], {0, 1}),
    ],
)
def test_cells_beside_a_total(counts: list[int], hidden: set[int]) -> None:
    assert hidden_cells(counts) == hidden


def test_an_empty_cell_looks_like_a_small_one() -> None:
    assert hidden_cells([40, 30, 0]) == hidden_cells([40, 30, 9])


@given(st.lists(st.integers(0, 25), min_size=2, max_size=7), st.sampled_from([TEAM, PUBLIC]))
def test_nothing_is_subtracted_from_a_total(counts: list[int], k: int) -> None:
    hidden = hidden_cells(counts, k)
    people = np.array(counts)

    assert all(people[place] >= k for place in range(len(counts)) if place not in hidden)
    if people.sum() >= k:
        shown = [np.eye(len(counts))[place] for place in range(len(counts)) if place not in hidden]
        assert exposed(np.vstack([np.ones(len(counts)), *shown]), people, k) == []


# --- Two variables

TABLES = st.integers(1, 3).flatmap(
    lambda rows: st.integers(1, 4).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 25), min_size=columns, max_size=columns), min_size=rows, max_size=rows
        )
    )
)


def test_a_large_table_is_shown_whole() -> None:
    assert hidden_in_table([[10, 20], [30, 40]]) == set()
    assert hidden_in_table([]) == set()


def test_one_small_cell_takes_a_rectangle_with_it() -> None:
    assert hidden_in_table([[3, 50, 12], [60, 70, 11], [80, 90, 95]]) == {(0, 0), (0, 2), (1, 0), (1, 2)}


def test_a_rectangle_too_small_to_hide_behind_is_not_taken() -> None:
    """Beside empty cells nothing could have been moved, so they protect nobody."""
    table = [[3, 0, 40], [0, 0, 30], [50, 60, 70]]

    assert hidden_in_table(table) >= {(0, 0), (0, 2), (2, 0), (2, 2)}


def test_where_no_rectangle_will_do_nothing_is_shown() -> None:
    assert hidden_in_table([[3, 40]]) == {(0, 0), (0, 1)}
    assert hidden_in_table([[3, 0], [0, 400]]) == set(product(range(2), range(2)))


# --- A publication with its filters: every table that may be asked for at once


def shown_sums(
    found: Release, axis: list[str], tables: dict[str, list[list[int]]]
) -> tuple[np.ndarray, list[tuple[str, ...]]]:
    """What is shown as sums over people told apart by every variable at once."""

    def shows(**chosen: str) -> bool:
        return found.shows(chosen, "channel")

    names = list(tables)
    cells = list(product(axis, *[[f"{name}{place}" for place in range(len(tables[name][0]))] for name in names]))
    of_axis = {one: np.array([cell[0] == one for cell in cells], float) for one in axis}
    rows = [np.ones(len(cells)), *(mine for one, mine in of_axis.items() if shows(channel=one))]
    for position, name in enumerate(names, start=1):
        for category in sorted({cell[position] for cell in cells}):
            mine = np.array([cell[position] == category for cell in cells], float)
            rows += [mine] if shows(**{name: category}) else []
            rows += [mine * of_axis[one] for one in axis if shows(channel=one, **{name: category})]
    return np.vstack(rows)


def crossed_with(axis: list[str], tables: dict[str, list[list[int]]]) -> dict[str, dict[tuple[str, str], int]]:
    return {
        name: {(axis[i], f"{name}{j}"): count for i, row in enumerate(table) for j, count in enumerate(row)}
        for name, table in tables.items()
    }


@settings(max_examples=150)
@given(TABLES, st.sampled_from([TEAM, PUBLIC]))
def test_nothing_is_subtracted_across_filters(table: list[list[int]], k: int) -> None:
    axis = [f"c{place}" for place in range(len(table))]
    found = release(
        {one: sum(row) for one, row in zip(axis, table, strict=True)}, crossed_with(axis, {"age": table}), k
    )
    people = np.array([count for row in table for count in row])
    if not found.total:
        assert people.sum() < k
        return

    known = shown_sums(found, axis, {"age": table})

    assert exposed(known, people, k) == []
    small = [place for place in range(len(people)) if people[place] < k]
    assert all(highest(known, people, place) >= k - 1e-6 for place in small)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 14), min_size=8, max_size=8))
def test_nothing_is_subtracted_from_two_tables_laid_over_each_other(people: list[int]) -> None:
    """Channel by age and channel by gender, attacked with groups told apart by all three."""
    cube = np.array(people).reshape(2, 2, 2)
    axis, tables = ["c0", "c1"], {"age": cube.sum(axis=2).tolist(), "gender": cube.sum(axis=1).tolist()}
    found = release(dict(zip(axis, cube.sum(axis=(1, 2)).tolist(), strict=True)), crossed_with(axis, tables))
    if not found.total:
        return

    known = shown_sums(found, axis, tables)

    assert exposed(known, cube.ravel(), PUBLIC) == []


def test_too_few_in_all_show_nothing() -> None:
    found = release({"office": 5, "web": 4}, {})

    assert found == Release(False)
    assert not found.shows({}, "channel")


def test_a_release_answers_every_filter() -> None:
    people = {("office", "f"): 40, ("office", "m"): 30, ("web", "f"): 25, ("web", "m"): 35}
    people |= {("telephone", "f"): 10, ("telephone", "m"): 10}
    found = release({"office": 70, "web": 60, "outreach": 0, "telephone": 20}, {"gender": people})

    assert found.shows({}, "channel")
    assert found.shows({"channel": "office"}, "channel")
    assert not found.shows({"channel": "outreach"}, "channel")
    assert not found.shows({"channel": "telephone"}, "channel")  # hidden with the empty one
    assert found.shows({"gender": "f"}, "channel")
    assert found.shows({"channel": "web", "gender": "m"}, "channel")
    assert not found.shows({"channel": "telephone", "gender": "f"}, "channel")
    assert not found.shows({"gender": "f", "age": "60"}, "channel")
    assert not found.shows({"channel": "web", "gender": "m", "age": "60"}, "channel")
    assert not found.shows({"zone": "rural"}, "channel")


def test_a_table_of_other_people_is_refused() -> None:
    with pytest.raises(ValueError, match="other people"):
        release({"office": 70, "web": 60}, {"gender": {("office", "f"): 69, ("web", "f"): 60}})
    with pytest.raises(ValueError, match="other people"):
        release({"office": 70}, {"gender": {("office", "f"): 70, ("web", "f"): 60}})


def test_teams_of_fewer_than_five_stand_in_their_region_alone() -> None:
    assert shown_among({"a": 12, "b": 3, "c": 8, "d": 20}, TEAM) == {"a", "d"}
    assert shown_among({"a": 2, "b": 1}, TEAM) == set()
    assert shown_among({"a": 12, "b": 8}, TEAM) == {"a", "b"}


@pytest.mark.parametrize(("counts", "k"), [([3, -1], 5), ([3, 4], 0)])
def test_counts_that_cannot_be_are_refused(counts: list[int], k: int) -> None:
    with pytest.raises(ValueError, match="threshold"):
        hidden_cells(counts, k)


# --- Questions with several answers

# Whoever answered chose «no» alone, or one or more of the others.
CHOSEN = [("no",), *chain.from_iterable(combinations("ABC", size) for size in (1, 2, 3))]


@given(st.lists(st.integers(0, 14), min_size=len(CHOSEN), max_size=len(CHOSEN)), st.sampled_from(["AB", "ABC"]))
@settings(max_examples=150, deadline=None)
def test_no_few_people_follow_from_the_options_that_are_shown(people: list[int], others: str) -> None:
    atoms = [(one, count) for one, count in zip(CHOSEN, people, strict=True) if set(one) <= {"no", *others}]
    counts = np.array([count for _one, count in atoms])
    options = ["no", *others]
    whole = int(counts.sum())
    if whole < PUBLIC:
        return
    members = [np.array([float(option in one) for one, _count in atoms]) for option in options]
    found = hidden_options([int(each @ counts) for each in members], whole, {0})
    known = np.array([np.ones(len(atoms)), *(each for place, each in enumerate(members) if place not in found)])
    assert exposed(known, counts, PUBLIC) == []


def test_no_problem_is_not_told_where_few_had_one() -> None:
    # 95 of 98 had none: three had one.
    assert hidden_options([95, 3, 0], 98, {0}) == {0, 1, 2}
    # 30 had one; all but two of them waited too long.
    assert hidden_options([70, 28, 12], 100, {0}) == {1}
    assert hidden_options([70, 15, 12, 11], 100, {0}) == set()
