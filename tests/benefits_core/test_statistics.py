"""Figures of waiting times, against the definition and against numpy's inverse of the distribution."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits_core.statistics import merged, quantile, within

WAITS = st.lists(st.integers(0, 300), min_size=1, max_size=200)


@given(WAITS, st.sampled_from([0.1, 0.25, 0.5, 0.9, 0.95, 1.0]))
def test_a_quantile_is_the_one_of_the_sorted_waits(waits: list[int], share: float) -> None:
    assert quantile(Counter(waits), share) == np.quantile(waits, share, method="inverted_cdf")


@given(WAITS, st.integers(0, 300))
def test_within_counts_those_who_waited_no_longer(waits: list[int], minutes: int) -> None:
    assert within(Counter(waits), minutes) == sum(wait <= minutes for wait in waits)


@given(WAITS, WAITS)
def test_merging_is_adding(one: list[int], two: list[int]) -> None:
    assert merged([Counter(one), Counter(two)]) == Counter(one + two)


def test_nobody_measured_has_no_median() -> None:
    assert quantile({}, 0.5) is None
    assert quantile({7: 0}, 0.5) is None


@pytest.mark.parametrize("share", [0, -1, 1.5])
def test_a_share_lies_between_nothing_and_all(share: float) -> None:
    with pytest.raises(ValueError, match="no share"):
        quantile({1: 1}, share)
