"""Shares of R² against a published example and statsmodels; the ordinal model against statsmodels."""

from __future__ import annotations

import math
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.api import OLS, WLS, add_constant
from statsmodels.miscmodels.ordinal_model import OrderedModel

from surveys.statistics.drivers import Drivers, Level, Quadrant, Why, importance, placed
from surveys.statistics.estimates import NOTHING, Tally, top_two
from surveys.statistics.ordinal import likelihood_ratio, proportional_odds

ITEMS = tuple(f"P{number:02}" for number in range(2, 14))
COMPONENTS = {"C1": ITEMS[:3], "C2": ITEMS[3:5], "C3": ITEMS[5:9], "C4": ITEMS[9:]}


def survey(people: int, items: int = 12, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Marks that hang together, of which the first item moves the overall mark most."""
    random = np.random.default_rng(seed)
    mood = random.normal(size=people)
    liked = mood[:, None] + random.normal(size=(people, items))
    heavy = liked @ np.linspace(1.0, 0.1, items) + random.normal(size=people)
    scale = np.array([-1.8, -1.2, -0.7, -0.2, 0.5, 1.4])
    return (np.digitize(heavy / heavy.std(), scale) + 1.0, np.digitize(liked / liked.std(), scale) + 1.0)


def found_in(overall: np.ndarray, marks: np.ndarray, **more: object) -> Drivers:
    return importance(overall, marks, ITEMS[: marks.shape[1]], {}, **{"resamples": 0, **more})  # type: ignore[arg-type]


def test_the_published_example_of_relaimpo() -> None:
    """Swiss fertility of 1888 (R's ``swiss``), with what relaimpo prints for lmg: Grömping, Journal of
    Statistical Software 17 (2006) 1, section 4. Three copies of each canton change no share."""
    table = np.tile(np.loadtxt(Path(__file__).parent / "swiss.csv", delimiter=",", skiprows=1), (4, 1))

    found = found_in(table[:, 0], table[:, 1:])

    assert found.explained == pytest.approx(0.7067, abs=5e-5)
    parts = [one.share * (found.explained or 0) for one in found.drivers]
    assert parts == pytest.approx([0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592], abs=1e-7)


def by_every_order(overall: np.ndarray, marks: np.ndarray, controls: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The definition: gains in R² of statsmodels' regressions, averaged over all orders of entry."""
    count = marks.shape[1]

    def r_squared(chosen: frozenset[int]) -> float:
        return float(
            WLS(overall, add_constant(np.column_stack([controls, marks[:, sorted(chosen)]])), weights).fit().rsquared
        )

    known: dict[frozenset[int], float] = {}
    gains = np.zeros(count)
    for order in permutations(range(count)):
        for place, one in enumerate(order):
            before, after = frozenset(order[:place]), frozenset(order[: place + 1])
            for each in {before, after} - known.keys():
                known[each] = r_squared(each)
            gains[one] += known[after] - known[before]
    return gains / math.factorial(count)


def test_shares_equal_regressions_in_every_order_with_controls_and_weights() -> None:
    overall, marks = survey(200, 4)
    random = np.random.default_rng(9)
    channel, bracket = random.integers(0, 3, 200), random.integers(0, 2, 200)
    weights = random.uniform(0.3, 3, 200)
    dummies = np.column_stack([channel == 1, channel == 2, bracket == 1]).astype(float)

    found = found_in(overall, marks, controls=[channel, bracket], weights=weights)

    expected = by_every_order(overall, marks, dummies, weights)
    assert [one.share for one in found.drivers] == pytest.approx(list(expected / expected.sum()), abs=1e-8)
    assert found.explained == pytest.approx(expected.sum(), abs=1e-8)
    assert found.controls == pytest.approx(WLS(overall, add_constant(dummies), weights).fit().rsquared, abs=1e-8)


def test_twelve_drivers_explain_what_the_regression_does() -> None:
    overall, marks = survey(400)

    found = importance(overall, marks, ITEMS, COMPONENTS)

    assert (found.level, found.n, found.asked) == (Level.ITEMS, 400, 400)
    assert found.explained == pytest.approx(OLS(overall, add_constant(marks)).fit().rsquared, abs=1e-8)
    assert sum(one.share for one in found.drivers) == pytest.approx(1)
    assert all(one.interval and one.interval.holds(one.share) for one in found.drivers)
    shares = [one.share for one in found.drivers]
    assert min(shares[:3]) > max(shares[-3:])


def test_the_same_round_computed_again_gives_the_same_intervals() -> None:
    overall, marks = survey(200)

    assert importance(overall, marks, ITEMS, COMPONENTS) == importance(overall, marks, ITEMS, COMPONENTS)


def test_few_answers_are_compared_by_component_and_fewer_not_at_all() -> None:
    overall, marks = survey(149)
    middling = importance(overall, marks, ITEMS, COMPONENTS)
    few = importance(overall[:59], marks[:59], ITEMS, COMPONENTS)

    assert (middling.level, [one.code for one in middling.drivers]) == (Level.COMPONENTS, ["C1", "C2", "C3", "C4"])
    assert (few.level, few.drivers, few.why, few.n) == (Level.NONE, (), Why.TOO_FEW, 59)


def test_what_does_not_apply_leads_to_components() -> None:
    overall, marks = survey(300)
    marks[:200, 1] = np.nan
    overall[:10] = np.nan

    found = importance(overall, marks, ITEMS, COMPONENTS)

    assert (found.level, found.n, found.asked) == (Level.COMPONENTS, 290, 290)


def test_nobody_everything_not_applicable_and_all_equal() -> None:
    overall, marks = survey(200)

    nobody = importance(np.empty(0), np.empty((0, 12)), ITEMS, COMPONENTS)
    nothing = importance(overall, np.full((200, 12), np.nan), ITEMS, COMPONENTS)
    alike = importance(np.full(200, 6.0), marks, ITEMS, COMPONENTS)
    same = importance(overall, np.full((200, 12), 7.0), ITEMS, COMPONENTS)

    assert (nobody.why, nothing.why) == (Why.TOO_FEW, Why.TOO_FEW)
    assert (alike.why, same.why) == (Why.NOTHING_VARIES, Why.NOTHING_VARIES)
    assert not any(one.drivers for one in (nobody, nothing, alike, same))


def test_two_items_that_say_the_same_share_alike_and_one_that_says_nothing_has_none() -> None:
    overall, marks = survey(300, 4)
    marks[:, 1] = marks[:, 0]
    marks[:, 3] = 5.0

    found = found_in(overall, marks, resamples=100)

    first, second, _third, silent = found.drivers
    assert first.share == pytest.approx(second.share, abs=1e-9)
    assert (silent.share, sum(one.share for one in found.drivers)) == (0.0, pytest.approx(1))


def test_a_control_that_says_it_all_leaves_nothing() -> None:
    overall, marks = survey(300, 3)

    found = found_in(overall, marks, controls=[overall.astype(int)])

    assert (found.why, found.controls) == (Why.NOTHING_EXPLAINED, pytest.approx(1))


@settings(max_examples=25)
@given(st.integers(0, 5_000), st.integers(1, 6))
def test_shares_are_shares(seed: int, items: int) -> None:
    random = np.random.default_rng(seed)

    found = found_in(random.integers(1, 8, 160).astype(float), random.integers(1, 8, (160, items)).astype(float))

    assert all(0 <= one.share <= 1 for one in found.drivers)
    assert not found.drivers or sum(one.share for one in found.drivers) == pytest.approx(1)


def test_quadrants_set_importance_against_performance() -> None:
    overall, marks = survey(400, 4)
    performance = {
        code: top_two(Tally.of({"7": good, "3": 100 - good}))
        for code, good in zip(ITEMS, (40, 90, 30, 95), strict=False)
    }

    found = placed(found_in(overall, marks, resamples=200), performance)

    assert [one.quadrant for one in found.drivers] == [Quadrant.IMPROVE, Quadrant.KEEP, Quadrant.WATCH, Quadrant.ENOUGH]
    assert found.drivers[0].is_clear
    assert found.drivers[3].is_clear
    bare = placed(found_in(overall, marks), {**performance, "P02": NOTHING})
    assert bare.drivers[0].quadrant is None
    assert placed(found_in(overall, marks), {}) == found_in(overall, marks)


# --- The ordinal model


def test_the_ordinal_model_equals_statsmodels() -> None:
    overall, marks = survey(400, 3)
    expected = OrderedModel(overall.astype(int), marks, distr="logit").fit(method="bfgs", disp=0, gtol=1e-9)

    found = proportional_odds(overall.astype(int), marks, ITEMS[:3])

    assert [term.slope for term in found.terms] == pytest.approx(list(expected.params[:3]), abs=1e-6)
    assert [term.error for term in found.terms] == pytest.approx(list(expected.bse[:3]), abs=1e-5)
    assert found.log_likelihood == pytest.approx(expected.llf, abs=1e-8)
    first = found.terms[0]
    assert first.odds == pytest.approx(math.exp(first.slope))
    assert first.interval.holds(first.odds)
    assert first.p < 1e-6


def test_the_bracket_has_an_odds_ratio_and_interactions_are_tested() -> None:
    overall, marks = survey(600, 1)
    low = np.random.default_rng(4).integers(0, 2, 600).astype(float)
    columns = np.column_stack([marks, low])
    plain = proportional_odds(overall.astype(int), columns, ("P02", "low"))
    crossed = proportional_odds(
        overall.astype(int), np.column_stack([columns, marks[:, 0] * low]), ("P02", "low", "P02 × low")
    )

    p = likelihood_ratio(plain, crossed)

    assert plain.terms[1].interval.holds(1.0)  # the bracket was dealt out by chance
    assert p is not None
    assert 0.001 < p <= 1
    assert likelihood_ratio(crossed, plain) is None


def test_what_cannot_be_fitted_says_why() -> None:
    marks = np.repeat([3, 6], 50)
    flat, telling = np.ones((100, 1)), np.repeat([0.0, 1.0], 50)[:, None]

    assert proportional_odds(marks[:15], telling[:15], ("a",)).why == "too_few"
    assert proportional_odds(marks, flat, ("a",)).why == "nothing_varies"
    assert proportional_odds(np.full(100, 7), telling, ("a",)).why == "nothing_varies"
    separated = proportional_odds(marks, telling, ("a",))
    assert (separated.why, separated.terms, separated.log_likelihood) == ("separated", (), None)
    assert likelihood_ratio(separated, separated) is None


def test_a_column_twice_has_no_single_answer() -> None:
    overall, marks = survey(200, 1)

    assert proportional_odds(overall.astype(int), np.hstack([marks, marks]), ("a", "b")).terms == ()
