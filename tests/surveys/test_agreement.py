"""Cohen's kappa against scikit-learn, statsmodels and its own limits."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from surveys.agreement import LEAST_PAIRS, agreement

Pairs = list[tuple[str, str]]


def pairs_of(table: Sequence[Sequence[int]]) -> Pairs:
    """A square table (rows: first reader) as pairs of codes."""
    return [
        (f"R{row}", f"R{column}")
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("table", "kappa", "low", "high"),
    [
        # statsmodels 0.14, stats.inter_rater.cohens_kappa
        ([[20, 5], [10, 15]], 0.4, 0.151092290, 0.648907710),
        ([[45, 15], [25, 15]], 0.130434783, -0.062938278, 0.323807843),
        ([[25, 35], [5, 35]], 0.259259259, 0.108028964, 0.410489555),
        ([[44, 5, 1], [7, 20, 3], [9, 5, 6]], 0.491525424, 0.350158201, 0.632892646),
        ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.491525424, 0.391563702, 0.591487145),
    ],
)
def test_values_of_statsmodels(table: Sequence[Sequence[int]], kappa: float, low: float, high: float) -> None:
    found = agreement(pairs_of(table))

    assert (found.kappa, found.low, found.high) == pytest.approx((kappa, low, high), abs=1e-8)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=1, max_size=60))
def test_equals_scikit_learn(pairs: Pairs) -> None:
    found = agreement(pairs)

    if found.codes > 1:
        assert found.kappa == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)), abs=1e-9)


def test_without_pairs_nothing_is_said() -> None:
    found = agreement([])

    assert (found.pairs, found.observed, found.kappa, found.low, found.is_defined) == (0, None, None, None, False)


def test_one_code_for_everything_says_nothing_about_agreement() -> None:
    found = agreement([("R01", "R01")] * 50)

    assert (found.pairs, found.observed, found.kappa, found.low, found.high) == (50, 1.0, None, None, None)


def test_one_reader_may_use_a_single_code() -> None:
    found = agreement([("R01", "R01")] * 30 + [("R01", "R02")] * 10)

    assert (found.kappa, found.observed) == (pytest.approx(0.0), 0.75)


def test_few_pairs_have_no_interval() -> None:
    few = pairs_of([[5, 2], [2, LEAST_PAIRS - 10]])
    enough = [*few, ("R0", "R0")]

    assert (agreement(few).low, agreement(few).high) == (None, None)
    assert agreement(few).kappa is not None
    assert agreement(enough).low is not None


def test_full_agreement_claims_no_certainty() -> None:
    found = agreement(pairs_of([[30, 0], [0, 20]]))

    assert (found.kappa, found.low, found.high) == (pytest.approx(1.0), None, None)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=80))
def test_bounds_and_symmetry(pairs: list[tuple[int, int]]) -> None:
    found, turned = agreement(pairs), agreement([(second, first) for first, second in pairs])

    assert (found.kappa is None) == (turned.kappa is None)
    if found.kappa is not None:
        assert turned.kappa == pytest.approx(found.kappa, abs=1e-9)
        assert -1 - 1e-9 <= found.kappa <= 1 + 1e-9
    if found.kappa is not None and found.low is not None and found.high is not None:
        assert -1 <= found.low <= found.kappa <= found.high <= 1
