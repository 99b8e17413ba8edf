"""Raking against ipfn and weightipy, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
import weightipy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ipfn.ipfn import ipfn

from surveys.statistics.estimates import Cell
from surveys.statistics.weighting import (
    LEAST_WEIGHT,
    MOST_WEIGHT,
    UNKNOWN,
    Margin,
    WeightingRefused,
    base_weights,
    joined,
    weigh,
)

CHANNEL, AGE, GENDER = ("office", "outreach", "web"), ("18_29", "30_44", "45_59", "60"), ("f", "m")
RECORD = {
    "channel": [5_000.0, 1_200.0, 3_800.0],
    "age": [1_500.0, 2_900.0, 2_600.0, 3_000.0],
    "gender": [6_100.0, 3_900.0],
}
NAMES = {"channel": CHANNEL, "age": AGE, "gender": GENDER}


def people(count: int = 400, seed: int = 2) -> pd.DataFrame:
    """Answers that resemble the record badly: the young are missing, women answer more."""
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "channel": random.choice(3, count, p=[0.62, 0.08, 0.30]),
            "age": random.choice(4, count, p=[0.09, 0.22, 0.30, 0.39]),
            "gender": random.choice(2, count, p=[0.72, 0.28]),
        }
    )


def margins(answers: pd.DataFrame) -> list[Margin]:
    return [Margin(name, NAMES[name], answers[name].to_numpy(), RECORD[name]) for name in RECORD]


def shares(codes: np.ndarray, weights: np.ndarray, width: int) -> np.ndarray:
    return np.bincount(codes, weights, width) / weights.sum()


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_raking_equals_ipfn() -> None:
    answers = people()
    frame = answers.assign(total=1.0)
    goals = [
        pd.Series(
            np.array(RECORD[name]) / sum(RECORD[name]) * len(answers), index=pd.RangeIndex(len(NAMES[name]), name=name)
        )
        for name in RECORD
    ]
    fitted = ipfn(frame, goals, [[name] for name in RECORD], convergence_rate=1e-12, rate_tolerance=0).iteration()

    found = weigh(margins(answers), trim=False)

    assert found.values == pytest.approx(fitted["total"].to_numpy(), abs=1e-6)


def test_raking_and_its_effective_size_equal_weightipy() -> None:
    answers = people()
    wanted = {
        name: {code: 100 * part / sum(parts) for code, part in enumerate(parts)} for name, parts in RECORD.items()
    }
    scheme = weightipy.scheme_from_dict(wanted, rim_params={"convcrit": 1e-13, "max_iterations": 5_000})
    weighted = weightipy.weight_dataframe(answers, scheme, weight_column="weight")

    found = weigh(margins(answers), trim=False)

    expected = weighted["weight"].to_numpy()
    assert found.values == pytest.approx(expected / expected.mean(), abs=1e-6)
    assert 100 * found.size / len(answers) == pytest.approx(
        weightipy.weighting_efficiency(weighted["weight"]), abs=1e-6
    )


def test_weighted_shares_are_those_of_the_record() -> None:
    answers = people()

    raw, found = weigh(margins(answers), trim=False), weigh(margins(answers))

    for name, parts in RECORD.items():
        reached = shares(answers[name].to_numpy(), found.values, len(parts))
        assert reached == pytest.approx(np.array(parts) / sum(parts), abs=1e-6)
    assert (raw.trimmed, raw.off) == (0, pytest.approx(0, abs=1e-9))
    assert raw.values.max() > MOST_WEIGHT
    assert found.trimmed > 0
    assert found.deff < raw.deff
    assert found.values.mean() == pytest.approx(1)
    assert found.deff == pytest.approx(1 + found.values.var())


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(60, 400))
def test_weights_sum_to_the_people_and_keep_their_bounds(seed: int, count: int) -> None:
    answers = people(count, seed)
    assume(all(answers[name].nunique() == len(NAMES[name]) for name in RECORD))

    found = weigh(margins(answers))

    assert found.values.sum() == pytest.approx(count)
    assert found.values.min() >= LEAST_WEIGHT - 1e-6
    assert found.values.max() <= MOST_WEIGHT + 1e-6
    assert found.deff >= 1 - 1e-9
    assert found.size <= count + 1e-9
    assert found.trimmed > 0 or found.off < 1e-6


def test_trimming_says_what_it_costs() -> None:
    """One person in a hundred stands for a third of the record: at most 3 of 100 can be reached."""
    codes = np.array([0] * 99 + [1])

    found = weigh([Margin("channel", ("web", "office"), codes, [2.0, 1.0])])

    assert found.values[-1] == pytest.approx(3.0)
    assert found.values.sum() == pytest.approx(100)
    assert found.off == pytest.approx(1 / 3 - 0.03)
    assert found.trimmed == 1


def test_strata_weigh_as_their_people() -> None:
    strata = np.repeat([0, 1, 2], [60, 30, 30])

    found = base_weights(strata, CHANNEL, [6_000, 3_000, 6_000])

    assert found.mean() == pytest.approx(1)
    assert found[[0, 60, 90]] == pytest.approx(np.array([100, 100, 200]) / 125)


def test_a_base_is_kept_where_there_is_nothing_to_rake_to() -> None:
    base = np.array([1.0, 3.0])

    assert weigh([], base).values == pytest.approx([0.5, 1.5])


def test_who_does_not_say_the_age_keeps_a_share() -> None:
    codes = np.array([0] * 60 + [1] * 20 + [UNKNOWN] * 20)

    found = weigh([Margin("age", ("young", "old"), codes, [1.0, 1.0])])

    assert shares(codes + 1, found.values, 3) == pytest.approx([0.2, 0.4, 0.4])


def test_nobody_with_an_age_leaves_the_weights() -> None:
    codes = np.full(10, UNKNOWN)

    assert weigh([Margin("age", ("young", "old"), codes, [0.0, 0.0])]).values == pytest.approx(np.ones(10))


def refused(margin: Sequence[Margin], base: np.ndarray | None = None) -> WeightingRefused:
    with pytest.raises(WeightingRefused) as caught:
        weigh(margin, base)
    return caught.value


def test_an_empty_cell_is_refused_by_name() -> None:
    error = refused([Margin("age", AGE, np.array([0, 1, 3, 3]), RECORD["age"])])

    assert (error.code, error.margin, error.category) == ("empty", "age", "45_59")


def test_answers_that_the_record_knows_nothing_of_are_refused() -> None:
    error = refused([Margin("gender", ("f", "m", "o"), np.array([0, 1, 2]), [10.0, 9.0, 0.0])])

    assert (error.code, error.category) == ("not_in_record", "o")


def test_no_answers_are_refused() -> None:
    assert refused([]).code == "no_answers"
    assert refused([Margin("age", AGE, np.array([], dtype=int), RECORD["age"])]).code == "no_answers"
    with pytest.raises(WeightingRefused, match="no_answers"):
        base_weights(np.array([], dtype=int), CHANNEL, [1, 1, 1])


def test_margins_that_contradict_each_other_are_refused() -> None:
    """The same people under two names, wanted in two shares."""
    codes = np.array([0, 0, 1, 1])

    error = refused([Margin("one", ("a", "b"), codes, [1, 1]), Margin("two", ("a", "b"), codes, [1, 3])])

    assert error.code == "no_convergence"


def test_an_empty_stratum_is_refused_by_name() -> None:
    with pytest.raises(WeightingRefused, match="empty: strata outreach"):
        base_weights(np.array([0, 2]), CHANNEL, [10, 5, 10])


def test_a_weight_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        weigh([Margin("gender", GENDER, np.array([0, 1]), [1, 1])], np.array([1.0, 0.0]))


def test_one_answer_weighs_one() -> None:
    found = weigh([Margin("channel", ("web",), np.array([0]), [500.0])])

    assert (found.values.tolist(), found.deff, found.size) == ([1.0], 1.0, 1.0)
    assert found.cell == Cell(1, 1.0, 1.0)


@pytest.mark.parametrize(
    ("counts", "places"),
    [
        ([5, 40, 50], [0, 0, 1]),
        ([40, 50, 5], [0, 1, 1]),
        ([3, 3, 3], [0, 0, 0]),
        ([40, 40], [0, 1]),
        ([0, 0, 40, 2, 31], [0, 0, 0, 1, 1]),
        ([], []),
    ],
)
def test_small_neighbors_are_joined(counts: list[int], places: list[int]) -> None:
    assert joined(counts, 30) == places
