"""How many to ask, and what is said before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.statistics.sampling import (
    LEAST_PER_STRATUM,
    Way,
    advise,
    allocate,
    detectable_change,
    draw,
    every,
    invitations_for,
    margin_of,
    size_for,
)


@pytest.mark.parametrize(
    ("population", "size"),
    [(100, 80), (300, 169), (500, 218), (1_000, 278), (3_000, 341), (10_000, 370), (50_000, 382), (1, 1), (0, 0)],
)
def test_sizes_of_the_method(population: int, size: int) -> None:
    assert size_for(population) == size


@given(st.integers(2, 2_000_000), st.sampled_from([0.02, 0.05, 0.08, 0.1]))
def test_a_size_gives_the_margin_and_one_less_does_not(population: int, margin: float) -> None:
    size = size_for(population, margin)

    assert (margin_of(size, population) or 0) <= margin + 1e-9
    assert size == 1 or (margin_of(size - 1, population) or 0) > margin - 1e-9


def test_a_margin_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="margin"):
        size_for(100, 0)


@pytest.mark.parametrize(("answers", "points"), [(370, 9.8), (200, 13.4), (100, 18.9)])
def test_detectable_changes_of_the_method(answers: int, points: float) -> None:
    found = detectable_change(answers)

    assert found is not None
    assert round(100 * found, 1) == points


def test_nothing_can_be_detected_without_answers() -> None:
    assert (detectable_change(0), detectable_change(1), margin_of(0), margin_of(0, 100)) == (None, None, None, None)


def test_invitations_of_the_method() -> None:
    assert invitations_for(341, 0.25) == 1_364
    with pytest.raises(ValueError, match="response"):
        invitations_for(10, 0)


def test_a_large_municipality_takes_a_sample() -> None:
    advice = advise(3_000)

    assert (advice.way, advice.needed, advice.invitations, advice.expected) == (Way.SAMPLE, 341, 1_364, 341)
    assert advice.margin == pytest.approx(0.05, abs=1e-4)
    assert advice.published_margin == pytest.approx(0.0531, abs=1e-4)


def test_below_900_everybody_is_asked() -> None:
    assert all(advise(population).way in (Way.CENSUS_WIDE, Way.POOL) for population in range(1, 900))
    assert {advise(population).invitations for population in (50, 500, 899)} == {50, 500, 899}


def test_a_small_municipality_is_told_of_its_width_and_of_two_years() -> None:
    middling, small = advise(600), advise(200)

    assert (middling.way, middling.expected) == (Way.CENSUS_WIDE, 150)
    assert middling.published_margin == pytest.approx(0.0800, abs=1e-4)
    assert (small.way, small.expected, small.enough_for_results) == (Way.POOL, 50, True)
    assert small.pooled_margin == pytest.approx(0.0980, abs=1e-4)
    assert advise(80).enough_for_results is False


def test_where_all_answer_a_census_meets_its_goal() -> None:
    assert advise(600, response=0.9).way is Way.SAMPLE
    assert advise(400, response=0.99, goal=0.051).way in (Way.SAMPLE, Way.CENSUS)


def test_without_a_frame_nothing_is_advised() -> None:
    advice = advise(0)

    assert (advice.way, advice.margin, advice.published_margin, advice.change) == (Way.NOBODY, None, None, None)


@given(st.integers(1, 100_000), st.floats(0.01, 1))
def test_advice_is_possible(population: int, response: float) -> None:
    advice = advise(population, response)

    assert 0 <= advice.expected <= advice.invitations <= population
    assert advice.invitations >= min(population, advice.needed)


STRATA = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 5_000), min_size=1, max_size=9)


@given(STRATA, st.integers(0, 3_000))
def test_strata_get_their_least_and_no_more_than_their_people(populations: dict[str, int], total: int) -> None:
    sizes = allocate(populations, total)

    assert all(min(people, LEAST_PER_STRATUM) <= sizes[name] <= people for name, people in populations.items())
    least = sum(min(people, LEAST_PER_STRATUM) for people in populations.values())
    assert sum(sizes.values()) == max(least, min(total, sum(populations.values())))


def test_strata_are_proportional_where_the_least_does_not_bind() -> None:
    assert allocate({"in_person": 6_000, "outreach": 1_000, "virtual": 3_000}, 370) == {
        "in_person": 222,
        "outreach": 37,
        "virtual": 111,
    }
    assert allocate({"in_person": 9_500, "outreach": 100, "virtual": 400}, 370) == {
        "in_person": 310,
        "outreach": 30,
        "virtual": 30,
    }


def test_a_draw_can_be_checked() -> None:
    frame = [f"p{number}" for number in range(1_000)]

    once, again, other = draw(frame, 100, 7), draw(frame, 100, 7), draw(frame, 100, 8)

    assert once == again != other
    assert len(set(once)) == 100
    assert (draw(frame[:3], 10, 1), draw([], 4, 1), draw(frame, 0, 1)) == (frame[:3], [], [])


def test_exit_samples_ask_every_kth() -> None:
    assert (every(200, 30), every(5, 30), every(0, 30), every(10, 0)) == (6, 1, 1, 1)
