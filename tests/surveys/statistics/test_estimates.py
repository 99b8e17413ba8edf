"""Shares, net satisfaction and marks against statsmodels, and what is said of nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from surveys.statistics.estimates import (
    MARKS,
    NOTHING,
    Cell,
    Estimate,
    Silence,
    Tally,
    as_voluntary,
    design_effect,
    effective_size,
    effort,
    left_out,
    mean_mark,
    net,
    problems,
    recommendation,
    share,
    top_two,
)
from surveys.statistics.tallies import ABSENT, cells_of, component, tally_item

CODES = (*MARKS, "na", "dk")
TALLIES = st.dictionaries(st.sampled_from(CODES), st.integers(0, 400))


def marks(**counts: int) -> Tally:
    return Tally.of({name.removeprefix("m"): count for name, count in counts.items()})


ROUND = marks(m1=10, m2=5, m3=12, m4=23, m5=60, m6=110, m7=130, na=15, dk=5)


def test_the_headline_leaves_out_what_does_not_apply() -> None:
    found = top_two(ROUND)

    assert (found.n, found.value) == (350, 240 / 350)
    assert (found.interval.low, found.interval.high) == pytest.approx(  # type: ignore[union-attr]
        proportion_confint(240, 350, method="wilson"), abs=1e-6
    )
    assert (left_out(ROUND).value, left_out(ROUND).n) == (20 / 370, 370)


def test_net_satisfaction_and_its_multinomial_interval() -> None:
    found = net(ROUND)

    a, b = 240 / 350, 50 / 350
    half = 1.959963984540054 * math.sqrt((a + b - (a - b) ** 2) / 350)
    assert found.value == pytest.approx(a - b)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((a - b - half, a - b + half))


def test_the_net_interval_agrees_with_drawing_people_again() -> None:
    answers = np.repeat([1, -1, 0], [240, 50, 60])
    drawn = np.random.default_rng(3).choice(answers, (4_000, 350)).mean(axis=1)

    found = net(ROUND).interval

    assert found is not None
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])), abs=0.012)


def test_effort_and_recommendation() -> None:
    channel = Tally.of({"0": 5, "6": 5, "7": 10, "8": 10, "9": 30, "10": 40, "na": 9})

    assert effort(ROUND) == top_two(ROUND)
    assert (recommendation(channel).value, recommendation(channel).n) == (pytest.approx(0.6), 100)


@given(st.lists(st.tuples(st.integers(1, 7), st.floats(0.3, 3)), min_size=2, max_size=60))
def test_the_mean_equals_statsmodels(answers: list[tuple[int, float]]) -> None:
    values, weights = np.array([mark for mark, _ in answers]), np.array([weight for _, weight in answers])
    tally = tally_item(values - 1, MARKS, np.zeros(len(values), dtype=int), 1, weights)[0]
    # Weights that add up to the effective size make statsmodels' the same variance.
    size = weights.sum() ** 2 / (weights @ weights)
    expected = DescrStatsW(values, weights * size / weights.sum(), ddof=1)

    found = mean_mark(tally)

    assert found.value == pytest.approx(expected.mean)
    if found.interval is not None:
        assert (found.interval.low, found.interval.high) == pytest.approx(expected.tconfint_mean(), abs=1e-6)
    else:
        assert found.silence in (Silence.ALL_EQUAL, Silence.ONE_ANSWER)


# --- What is said of nothing, of one, of all alike

FIGURES = [top_two, net, effort, recommendation, mean_mark]


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("tally", [Tally(), Tally.of({"na": 40, "dk": 3}), Tally.of({"6": 0})])
def test_nothing_said_is_no_figure(figure: object, tally: Tally) -> None:
    assert figure(tally) == NOTHING  # type: ignore[operator]


def test_everything_not_applicable_is_told() -> None:
    assert left_out(Tally.of({"na": 40, "dk": 10})).value == 1.0
    assert left_out(Tally()) == NOTHING


def test_one_answer_is_a_figure_that_claims_little() -> None:
    one = Tally.of({"7": 1})

    assert (top_two(one).value, top_two(one).n) == (1.0, 1)
    assert top_two(one).interval is not None
    assert top_two(one).interval.low == pytest.approx(0.2065, abs=1e-4)  # type: ignore[union-attr]
    assert (net(one).value, net(one).interval, net(one).silence) == (1.0, None, Silence.ONE_ANSWER)
    assert (mean_mark(one).value, mean_mark(one).silence) == (7.0, Silence.ONE_ANSWER)


@pytest.mark.parametrize("mark", ["1", "5", "7"])
def test_all_equal_answers_claim_no_certainty(mark: str) -> None:
    alike = Tally.of({mark: 80})

    assert (net(alike).interval, net(alike).silence) == (None, Silence.ALL_EQUAL)
    assert (mean_mark(alike).interval, mean_mark(alike).value) == (None, float(mark))
    assert top_two(alike).interval is not None


@given(TALLIES)
def test_figures_are_never_nan_and_lie_within_their_intervals(counts: dict[str, int]) -> None:
    tally = Tally.of(counts)

    for found in [*(figure(tally) for figure in FIGURES), left_out(tally), share(tally, ("3", "na"))]:
        if found.value is None:
            assert (found.n, found.interval, found.silence) == (0, None, Silence.NO_ANSWERS)
            continue
        assert math.isfinite(found.value)
        assert 0 < found.size <= found.n
        assert (found.interval is None) == (found.silence is not None)
        assert found.interval is None or found.interval.holds(found.value)


def test_a_voluntary_sample_has_no_margin_of_error() -> None:
    found = as_voluntary(top_two(ROUND))

    assert (found.value, found.interval, found.silence) == (240 / 350, None, Silence.VOLUNTARY)
    assert as_voluntary(NOTHING) == NOTHING


# --- Weights


def test_unequal_weights_cost_people() -> None:
    """Kish's example of two halves, one three times as heavy: 1 + cv² = 1.25."""
    cell = Cell(200, 100 * 1 + 100 * 3, 100 * 1 + 100 * 9)

    assert design_effect(cell) == pytest.approx(1.25)
    assert effective_size(cell) == pytest.approx(160)
    assert (design_effect(Cell()), effective_size(Cell())) == (None, 0.0)


@given(TALLIES, st.floats(0.01, 100))
def test_the_scale_of_weights_does_not_matter(counts: dict[str, int], factor: float) -> None:
    once, scaled = top_two(Tally.of(counts)), top_two(Tally.of(counts).times(factor))

    assert (once.n, once.value, once.size) == (scaled.n, pytest.approx(scaled.value), pytest.approx(scaled.size))


def test_groups_are_told_apart_and_added_up() -> None:
    codes = np.array([6, 6, 0, ABSENT, 3, 7])
    groups = np.array([0, 1, 1, 1, 0, ABSENT])

    first, second, empty = tally_item(codes, (*MARKS, "na"), groups, 3, np.array([1.0, 2.0, 0.5, 1.0, 1.0, 1.0]))

    assert {code: cell.count for code, cell in first.cells.items() if cell.count} == {"4": 1, "7": 1}
    assert second.cells["7"] == Cell(1, 2.0, 4.0)
    assert empty.all == Cell()
    assert (first + second).said.count == 4


@pytest.mark.parametrize(
    ("code", "group", "weight"), [(8, 0, 1.0), (-2, 0, 1.0), (0, 1, 1.0), (0, 0, 0.0), (0, 0, math.nan)]
)
def test_what_cannot_be_tallied_is_refused(code: int, group: int, weight: float) -> None:
    with pytest.raises(ValueError, match=r"code|group|weight"):
        tally_item(np.array([code]), CODES[:8], np.array([group]), 1, np.array([weight]))


def test_no_people_give_empty_tallies() -> None:
    nobody = np.array([], dtype=int)

    assert tally_item(nobody, MARKS, nobody, 1)[0].all == Cell()


# --- Components


def test_a_component_is_the_unweighted_mean_of_its_items() -> None:
    top = np.array([[1, 1], [1, 0], [0, np.nan], [1, np.nan]], dtype=float)

    found = component(top)

    assert (found.value, found.n) == (pytest.approx((0.75 + 0.5) / 2), 4)


def test_a_component_of_one_item_is_that_item() -> None:
    top = np.repeat([1.0, 0.0], [70, 30])[:, None]

    found = component(top)

    assert found.value == 0.7
    assert found.size == pytest.approx(99)  # n - 1, since the variance is estimated


def test_the_interval_of_a_component_counts_people_not_answers() -> None:
    """Ten items that say the same of each person are no ten times as many people."""
    random = np.random.default_rng(5)
    one = (random.random(300) < 0.6).astype(float)
    alike, apart = np.tile(one[:, None], 10), (random.random((300, 10)) < 0.6).astype(float)

    assert component(alike).size == pytest.approx(299)
    assert component(apart).size > 2_000


def test_a_component_without_answers_or_of_one_person() -> None:
    empty = np.full((5, 3), np.nan)

    assert component(empty) == NOTHING
    assert component(np.empty((0, 2))) == NOTHING
    assert component(np.array([[1.0, np.nan, 0.0]])) == Estimate(0.5, 1, 1.0, None, Silence.ONE_ANSWER)
    assert component(np.ones((20, 3))).interval is not None


@given(st.lists(st.lists(st.sampled_from([0.0, 1.0, math.nan]), min_size=3, max_size=3), max_size=25))
def test_components_are_never_nan(rows: list[list[float]]) -> None:
    found = component(np.array(rows, dtype=float).reshape(-1, 3))

    assert found.value is None or math.isfinite(found.value)
    assert found.interval is None or found.interval.holds(found.value or 0.0)


# --- Problems


def test_incidence_of_problems() -> None:
    chosen = np.zeros((200, 2), dtype=bool)
    chosen[:30, 0] = chosen[20:40, 1] = True
    people = Tally.of({"no": 160, "some": 40})

    found = problems(people, cells_of(chosen, ("R01", "R06")), Tally.of({"yes": 10, "partly": 10, "no": 20}))

    assert found.any.value == 0.2
    assert {kind: one.value for kind, one in found.by_kind.items()} == {"R01": 0.15, "R06": 0.1}
    assert (found.solved["yes"].value, found.solved["yes"].n) == (0.25, 40)


def test_problems_nobody_answered() -> None:
    found = problems(Tally(), {"R01": Cell()}, Tally())

    assert (found.any, found.by_kind, found.solved) == (NOTHING, {"R01": NOTHING}, {})
