"""Wilson's interval against published values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.indicators.intervals import wilson, wilson_difference


@pytest.mark.parametrize(
    ("n", "denominator", "low", "high"),
    [
        # Newcombe (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # statsmodels.stats.proportion.proportion_confint(method="wilson")
        (8, 10, 0.4902, 0.9433),
        (0, 10, 0.0000, 0.2775),
        (10, 10, 0.7225, 1.0000),
    ],
)
def test_published_values(n: int, denominator: int, low: float, high: float) -> None:
    bounds = wilson(n, denominator)

    assert bounds is not None
    assert (round(bounds[0], 4), round(bounds[1], 4)) == (low, high)


def test_nothing_counted_has_no_interval() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("n", "denominator"), [(-1, 10), (11, 10), (1, 0)])
def test_impossible_counts_are_refused(n: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="cases of"):
        wilson(n, denominator)


@given(st.integers(1, 10_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_interval_holds_the_share_and_stays_within_bounds(counted: tuple[int, int]) -> None:
    n, denominator = counted
    bounds = wilson(n, denominator)

    assert bounds is not None
    assert 0 <= bounds[0] <= n / denominator + 1e-12
    assert n / denominator - 1e-12 <= bounds[1] <= 1


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        # Newcombe (1998), table II, method 10
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_published_differences(counts: tuple[int, int, int, int], low: float, high: float) -> None:
    assert tuple(round(bound, 4) for bound in wilson_difference(*counts)) == (low, high)


def test_a_share_of_nothing_has_no_difference() -> None:
    with pytest.raises(ValueError, match="nothing"):
        wilson_difference(0, 0, 1, 2)
