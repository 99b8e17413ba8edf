"""Change, no change that can be claimed, and what is not comparable."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from surveys.statistics.comparison import (
    Basis,
    Obstacle,
    Verdict,
    corrected,
    net_change,
    obstacles_between,
    rest_of,
    share_change,
    spread_of,
)
from surveys.statistics.estimates import NOTHING, Tally, top_two
from surveys.statistics.pooling import Year, pool
from surveys.statistics.response import against_record, late_against_early, response_rate, response_rates
from surveys.statistics.standardized import Raw, change, standardize


def said(good: int, of: int, bad: int | None = None) -> Tally:
    return Tally.of({"7": good, "5": of - good - (bad or 0), "2": bad or 0})


LAST = Basis("w1", frozenset({"office", "web"}), frozenset({"channel", "age"}), frozenset({"2025/a"}))
THIS = Basis("w1", frozenset({"office", "web"}), frozenset({"channel", "age"}), frozenset({"2026/a"}))


def test_a_change_equals_statsmodels() -> None:
    found = share_change(top_two(said(240, 370)), top_two(said(281, 365)), (LAST, THIS))

    assert found.verdict is Verdict.UP
    expected = confint_proportions_2indep(281, 365, 240, 370, method="newcomb", compare="diff")
    assert (found.interval.low, found.interval.high) == pytest.approx(expected, abs=1e-6)  # type: ignore[union-attr]
    assert found.p == pytest.approx(proportions_ztest([281, 240], [365, 370])[1], abs=1e-9)


def test_most_moves_are_noise() -> None:
    """Five points with 370 answers each year."""
    found = share_change(top_two(said(240, 370)), top_two(said(259, 370)), (LAST, THIS))

    assert found.verdict is Verdict.NO_CHANGE
    assert found.difference == pytest.approx(19 / 370)
    assert not found.is_claimed


def test_less_is_said_as_well() -> None:
    assert share_change(top_two(said(300, 370)), top_two(said(200, 370)), (LAST, THIS)).verdict is Verdict.DOWN


@pytest.mark.parametrize(
    ("second", "obstacle"),
    [
        (Basis("w2", LAST.channels, LAST.weighted_by), Obstacle.WORDING),
        (Basis("w1", frozenset({"web"}), LAST.weighted_by), Obstacle.CHANNELS),
        (Basis("w1", LAST.channels, frozenset({"age"})), Obstacle.WEIGHTS),
        (Basis("w1", LAST.channels, LAST.weighted_by, is_voluntary=True), Obstacle.VOLUNTARY),
        (Basis("w1", LAST.channels, LAST.weighted_by, LAST.sources), Obstacle.SAME_PEOPLE),
    ],
)
def test_what_was_asked_otherwise_is_not_compared(second: Basis, obstacle: Obstacle) -> None:
    figures = top_two(said(100, 370)), top_two(said(300, 370))

    found = share_change(*figures, (LAST, second))

    assert (found.verdict, found.obstacles) == (Verdict.NOT_COMPARABLE, (obstacle,))
    assert (found.difference, found.interval, found.p) == (None, None, None)


def test_a_year_without_answers_is_not_compared() -> None:
    found = share_change(NOTHING, top_two(said(30, 40)))

    assert (found.verdict, found.obstacles) == (Verdict.NOT_COMPARABLE, (Obstacle.NO_ANSWERS,))
    assert net_change(Tally(), said(30, 40)).obstacles == (Obstacle.NO_ANSWERS,)


def test_one_answer_a_year_claims_nothing() -> None:
    assert share_change(top_two(said(0, 1)), top_two(said(1, 1))).verdict is Verdict.NO_CHANGE


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_a_claim_needs_an_interval_without_zero(size: int, other: int, data: st.DataObject) -> None:
    first = top_two(said(data.draw(st.integers(0, size)), size))
    second = top_two(said(data.draw(st.integers(0, other)), other))

    found = share_change(first, second)

    if found.is_claimed:
        assert found.interval is not None
        assert not found.interval.holds(0)
        assert (found.p or 0) <= 0.05
    turned = share_change(second, first)
    assert (turned.difference or 0) == pytest.approx(-(found.difference or 0))


def test_net_changes() -> None:
    up = net_change(said(200, 370, 80), said(260, 370, 30))

    assert up.verdict is Verdict.UP
    assert up.difference == pytest.approx((230 - 120) / 370)
    assert net_change(said(200, 370, 80), said(205, 370, 78)).verdict is Verdict.NO_CHANGE
    assert net_change(said(50, 50), said(20, 50, 20)).verdict is Verdict.NO_CHANGE
    assert net_change(said(50, 50), said(20, 50, 20)).interval is None
    assert net_change(said(10, 20), said(19, 20), (LAST, LAST)).verdict is Verdict.NOT_COMPARABLE


def test_345_municipalities_in_which_nothing_changed() -> None:
    random = np.random.default_rng(11)
    before, after = random.binomial(370, 0.65, (2, 345))
    changes = {
        place: share_change(top_two(said(int(one), 370)), top_two(said(int(other), 370)))
        for place, (one, other) in enumerate(zip(before, after, strict=True))
    }

    together = corrected(changes)

    assert 5 <= sum(change.is_claimed for change in changes.values()) <= 30
    assert sum(change.is_claimed for change in together.values()) == 0
    assert all((together[place].adjusted or 0) >= (changes[place].p or 0) for place in changes)


def test_a_real_change_survives_the_correction_and_what_is_not_comparable_does_not_count() -> None:
    real = share_change(top_two(said(150, 370)), top_two(said(300, 370)))
    none = share_change(top_two(said(240, 370)), top_two(said(241, 370)))
    never = share_change(NOTHING, top_two(said(3, 4)))

    together = corrected({"real": real, "none": none, "never": never})

    assert together["real"].verdict is Verdict.UP
    assert together["real"].adjusted == pytest.approx(2 * (real.p or 0))
    assert together["never"] == never
    assert corrected({}) == {}


def test_all_obstacles_are_told() -> None:
    found = obstacles_between(LAST, Basis("w2", frozenset({"x"}), frozenset(), LAST.sources, True))

    assert found == tuple(obstacle for obstacle in Obstacle if obstacle is not Obstacle.NO_ANSWERS)


# --- Peers


def test_a_municipality_is_compared_with_the_others_alone() -> None:
    tallies = {"a": said(10, 20), "b": said(15, 20), "c": said(5, 40)}

    assert top_two(rest_of(tallies, "a")).value == pytest.approx(20 / 60)
    assert rest_of({"a": said(10, 20)}, "a").all.count == 0


def test_a_spread_needs_ten_municipalities() -> None:
    values = [0.1 * number for number in range(11)]

    found = spread_of(values)

    assert found is not None
    assert (found.count, found.first_quartile, found.median, found.third_quartile) == pytest.approx(
        (11, *np.quantile(values, [0.25, 0.5, 0.75]))
    )
    assert spread_of(values[:9]) is None
    assert spread_of([], least=0) is None


# --- Two years together


def test_two_years_weigh_as_their_people() -> None:
    found = pool([Year(said(30, 50), 1_000, 50.0, LAST), Year(said(20, 50), 3_000, 50.0, THIS)])

    assert found.tally is not None
    assert top_two(found.tally).value == pytest.approx(0.25 * 0.6 + 0.75 * 0.4)
    assert top_two(found.tally).n == 100
    assert top_two(found.tally).size == pytest.approx(80)
    assert found.basis is not None
    assert share_change(top_two(said(1, 2)), top_two(found.tally), (LAST, found.basis)).obstacles == (
        Obstacle.SAME_PEOPLE,
    )


def test_years_that_asked_otherwise_are_not_joined() -> None:
    other = Basis("w2", LAST.channels, LAST.weighted_by)

    assert pool([Year(said(1, 2), 10, 2.0, LAST), Year(said(1, 2), 10, 2.0, other)]).obstacles == (Obstacle.WORDING,)
    assert pool([]).obstacles == (Obstacle.NO_ANSWERS,)
    assert pool([Year(Tally(), 0, 0.0)]).tally is None
    alone = pool([Year(said(1, 2), 10, 2.0, LAST), Year(Tally(), 10, 0.0, other)])
    assert alone.tally is not None


# --- The same mix of brackets

MIX = {"40": 0.5, "50_60": 0.3, "70_100": 0.2}
SERVICE = {"40": 0.78, "50_60": 0.6, "70_100": 0.4}


def municipality(size: int, own: dict[str, float], service: dict[str, float] = SERVICE) -> dict[str, Tally]:
    return {bracket: said(round(size * part * service[bracket]), round(size * part)) for bracket, part in own.items()}


def test_the_same_service_reads_the_same_whatever_the_brackets() -> None:
    first = standardize(municipality(1_000, {"40": 0.7, "50_60": 0.2, "70_100": 0.1}), MIX)
    second = standardize(municipality(1_000, {"40": 0.3, "50_60": 0.3, "70_100": 0.4}), MIX)

    assert (first.raw.value, second.raw.value) == (pytest.approx(0.706), pytest.approx(0.574))
    assert first.standardized is not None
    assert second.standardized is not None
    assert first.standardized.value == pytest.approx(second.standardized.value)
    assert first.standardized.value == pytest.approx(0.5 * 0.78 + 0.3 * 0.6 + 0.2 * 0.4)
    assert first.standardized.interval is not None
    assert first.standardized.interval.holds(0.65)


def test_a_change_of_brackets_alone_is_called_composition() -> None:
    before = standardize(municipality(2_000, {"40": 0.3, "50_60": 0.3, "70_100": 0.4}), MIX)
    after = standardize(municipality(2_000, {"40": 0.7, "50_60": 0.2, "70_100": 0.1}), MIX)

    raw, standardized = change(before, after)

    assert raw.verdict is Verdict.COMPOSITION
    assert standardized is not None
    assert standardized.verdict is Verdict.NO_CHANGE


def test_a_change_of_the_service_stays_one() -> None:
    own = {"40": 0.5, "50_60": 0.3, "70_100": 0.2}
    better = {bracket: part + 0.15 for bracket, part in SERVICE.items()}

    raw, standardized = change(
        standardize(municipality(1_000, own), MIX), standardize(municipality(1_000, own, better), MIX)
    )

    assert raw.verdict is Verdict.UP
    assert standardized is not None
    assert standardized.verdict is Verdict.UP


def test_who_prefers_not_to_say_is_never_spread() -> None:
    cells = municipality(100, MIX)
    few = standardize({**cells, "nr": said(30, 30)}, MIX)
    many = standardize({**cells, "nr": said(30, 30), "ns": said(0, 30)}, MIX)

    assert few.unknown == pytest.approx(30 / 130)
    assert few.standardized == standardize(cells, MIX).standardized
    assert few.by_bracket["nr"].value == 1.0
    assert (many.standardized, many.only_raw) == (None, Raw.MANY_UNKNOWN)
    assert many.raw.n == 160


def test_small_cells_and_nothing_leave_the_raw_figure() -> None:
    small = standardize({**municipality(100, MIX), "70_100": said(5, 9)}, MIX)

    assert (small.standardized, small.only_raw) == (None, Raw.SMALL_CELL)
    assert standardize({"40": said(30, 40)}, MIX).only_raw is Raw.SMALL_CELL
    assert standardize({"40": Tally.of({"na": 9})}, MIX).only_raw is Raw.NO_ANSWERS
    assert change(small, small)[1] is None


def test_all_alike_in_every_bracket_claims_no_certainty() -> None:
    found = standardize({bracket: said(20, 20) for bracket in MIX}, MIX).standardized

    assert found is not None
    assert found.value == 1.0
    assert found.interval is not None
    assert found.interval.low < 0.95


@pytest.mark.parametrize("mix", [{}, {"40": 0.0}, {"40": 1.0, "nr": 0.5}, {"40": -1.0, "50_60": 2.0}])
def test_a_mix_that_is_none_is_refused(mix: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="mix"):
        standardize({"40": said(10, 20)}, mix)


# --- Who answered


def test_response_rates() -> None:
    found = response_rates({"web": 50}, {"web": 200, "office": 100, "outreach": 0})

    assert [found[name].value for name in ("web", "office", "outreach")] == [0.25, 0.0, None]
    with pytest.raises(ValueError, match="3 of 2"):
        response_rate(3, 2)


def test_late_answers_stand_for_those_who_never_answered() -> None:
    assert late_against_early(said(150, 200), said(60, 150)).verdict is Verdict.DOWN
    assert late_against_early(said(150, 200), Tally()).verdict is Verdict.NOT_COMPARABLE


def test_distance_from_the_record() -> None:
    found = against_record({"web": 60, "office": 40}, {"web": 300, "office": 600, "outreach": 100})

    assert found.gaps == pytest.approx({"web": 0.3, "office": -0.2, "outreach": -0.1})
    assert found.moved == pytest.approx(0.3)
    assert against_record({}, {"web": 3}).moved is None
    assert against_record({"web": 1}, {"web": 0}).gaps is None
