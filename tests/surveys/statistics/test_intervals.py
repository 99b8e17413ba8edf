"""Intervals and tests of shares against statsmodels and published examples."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

from portal.foundation.indicators import intervals as whole_numbers
from surveys.statistics.intervals import benjamini_hochberg, newcombe, two_shares, wilson

SIZES = st.floats(0.5, 100_000)
SHARES = st.floats(0, 1)


@pytest.mark.parametrize(("count", "size"), [(0, 1), (1, 1), (3, 10), (263, 370.0), (12.7, 41.3), (0, 200), (81, 263)])
def test_wilson_equals_statsmodels(count: float, size: float) -> None:
    found = wilson(count / size, size)

    assert (found.low, found.high) == pytest.approx(proportion_confint(count, size, method="wilson"), abs=1e-6)


def test_wilson_of_newcombe_1998() -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 857-872, table I: 81/263, 15/148, 0/20, 1/29."""
    found = [wilson(n / of, of) for n, of in ((81, 263), (15, 148), (0, 20), (1, 29))]

    assert [(round(one.low, 4), round(one.high, 4)) for one in found] == [
        (0.2553, 0.3662),
        (0.0624, 0.1605),
        (0.0, 0.1611),
        (0.0061, 0.1718),
    ]


@given(st.integers(1, 500), st.data())
def test_wilson_of_whole_numbers_is_that_of_the_indicators(size: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, size))

    found = wilson(count / size, size)

    assert (found.low, found.high) == pytest.approx(whole_numbers.wilson(count, size), abs=1e-12)


@given(SHARES, SIZES)
def test_wilson_holds_its_share_and_stays_a_share(share: float, size: float) -> None:
    found = wilson(share, size)

    assert 0 <= found.low <= share <= found.high <= 1
    assert found.low < found.high


@pytest.mark.parametrize(("share", "size"), [(-0.1, 5), (1.1, 5), (0.5, 0), (0.5, -2), (math.nan, 3), (0.5, math.nan)])
def test_what_is_no_share_is_refused(share: float, size: float) -> None:
    with pytest.raises(ValueError, match=r"share|answers"):
        wilson(share, size)


@pytest.mark.parametrize(
    ("n", "of", "other", "other_of"), [(56, 70, 48, 80), (9, 10, 3, 10), (10, 10, 0, 20), (140.5, 301.2, 120, 288)]
)
def test_newcombe_and_the_test_equal_statsmodels(n: float, of: float, other: float, other_of: float) -> None:
    found = newcombe(n / of, of, other / other_of, other_of)

    expected = confint_proportions_2indep(n, of, other, other_of, method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-6)
    p = proportions_ztest([n, other], [of, other_of])[1]
    assert two_shares(n / of, of, other / other_of, other_of) == pytest.approx(p, abs=1e-9)


def test_newcombe_of_newcombe_1998() -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, contrast a: 56/70 - 48/80."""
    found = newcombe(56 / 70, 70, 48 / 80, 80)

    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


@given(SHARES, SIZES, SHARES, SIZES)
def test_the_interval_of_a_difference_holds_it(share: float, size: float, other: float, other_size: float) -> None:
    found = newcombe(share, size, other, other_size)

    assert -1 - 1e-9 <= found.low <= share - other <= found.high <= 1 + 1e-9
    assert 0 <= two_shares(share, size, other, other_size) <= 1


def test_all_alike_is_no_difference() -> None:
    assert two_shares(1.0, 20, 1.0, 30) == two_shares(0.0, 20, 0.0, 30) == 1.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_corrections_equal_statsmodels(p_values: list[float]) -> None:
    assert benjamini_hochberg(p_values) == pytest.approx(list(multipletests(p_values, method="fdr_bh")[1]), abs=1e-12)


def test_no_tests_need_no_correction() -> None:
    assert benjamini_hochberg([]) == []
