"""What is computed from counts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.statistics import Quarter, mean, per_thousand, quantile, suppressed

COUNTS = st.dictionaries(st.integers(0, 60), st.integers(0, 50), max_size=20)


@pytest.mark.parametrize(
    ("counts", "share", "value"),
    [
        ({}, 0.5, None),
        ({3: 0}, 0.5, None),
        ({3: 1}, 0.9, 3),
        ({1: 5, 2: 5}, 0.5, 1),
        ({1: 4, 2: 6}, 0.5, 2),
        (dict.fromkeys(range(1, 11), 1), 0.9, 9),
    ],
)
def test_a_quantile_is_a_value_that_occurred(counts: dict[int, int], share: float, value: int | None) -> None:
    assert quantile(counts, share) == value


@given(COUNTS, st.floats(0.01, 1))
def test_enough_cases_do_not_exceed_a_quantile(counts: dict[int, int], share: float) -> None:
    value, total = quantile(counts, share), sum(counts.values())

    if value is not None:
        assert sum(count for each, count in counts.items() if each <= value) >= share * total - 1e-6
        assert counts[value] > 0


def test_means_and_rates_of_nothing_are_nothing() -> None:
    assert (mean({}), mean({7: 1, 5: 1})) == (None, 6)
    assert (per_thousand(3, 0), per_thousand(3, 1500)) == (None, 2)


def test_small_cells_are_hidden_and_cannot_be_worked_out() -> None:
    assert suppressed({"a": 3, "b": 20, "c": 9, "d": 0}) == {"a": None, "b": 20, "c": None, "d": None}
    assert suppressed({"a": 1, "b": 1, "c": 9, "d": 20}) == {"a": None, "b": None, "c": None, "d": 20}
    assert suppressed({"a": 3, "b": 4, "c": 9}) == {"a": None, "b": None, "c": 9}
    assert suppressed({"a": 5, "b": 6}) == {"a": 5, "b": 6}


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 30), max_size=8))
def test_no_small_cell_is_ever_shown(cells: dict[str, int]) -> None:
    shown = suppressed(cells)

    assert all(count is None or count >= 5 for count in shown.values())
    hidden = [cells[name] for name, count in shown.items() if count is None]
    assert not hidden or len(hidden) == len(cells) or (len(hidden) > 1 and sum(hidden) >= 5)


def test_quarters_follow_each_other() -> None:
    assert Quarter.of(date(2026, 3, 31)) == Quarter(2026, 1)
    assert (Quarter(2026, 4).starts_on, Quarter(2026, 4).ends_on) == (date(2026, 10, 1), date(2026, 12, 31))
    assert (Quarter(2026, 4).following, Quarter(2026, 1).previous) == (Quarter(2027, 1), Quarter(2025, 4))
    with pytest.raises(ValueError, match="no quarter 5"):
        Quarter(2026, 5)
