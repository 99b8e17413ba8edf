"""Brackets and groups: raw and standardized figures, and each group's own, against counting by hand."""

from __future__ import annotations

import pytest

from surveys.statistics.answered import Answered, Group, plain, stored
from surveys.statistics.estimates import Tally, top_two
from surveys.statistics.profiles import CHANNEL, by_bracket, by_group
from surveys.statistics.rounds import Asked, figures
from tests.surveys.questionnaire import shipped

MIX = {"40": 50, "50_60": 20, "70_100": 30}
QUESTIONNAIRE = shipped.shipped()["user"]


def people(count: int, **said: str) -> list[Answered]:
    return [Answered({code: (answer,) for code, answer in said.items()}, "in_person") for _number in range(count)]


def test_two_places_with_the_same_service_read_alike_with_the_same_brackets() -> None:
    def place(low: int, high: int) -> dict[str, object]:
        """Of a low bracket nine in ten are content, of the others five in ten."""
        made = people(low * 9, P01="7", P20="40") + people(low, P01="3", P20="40")
        for bracket in ("50_60", "70_100"):
            made += people(high * 5, P01="7", P20=bracket) + people(high * 5, P01="3", P20=bracket)
        found = by_bracket(QUESTIONNAIRE, Group(made, is_voluntary=False), MIX)
        assert found is not None
        return found

    poor, rich = place(20, 2), place(3, 10)

    assert poor["raw"]["value"] > rich["raw"]["value"] + 0.1  # type: ignore[index]
    for found in (poor, rich):
        assert found["standardized"]["value"] == pytest.approx(0.5 * 0.9 + 0.5 * 0.5)  # type: ignore[index]


def test_who_does_not_say_the_bracket_is_a_row_and_too_many_leave_the_raw_figure() -> None:
    said = [one for bracket in MIX for one in people(10, P01="6", P20=bracket)]
    few = Group([*said, *people(5, P01="6", P20="nr"), *people(2, P01="6")], is_voluntary=False)
    many = Group([*said, *people(20, P01="6", P20="nr")], is_voluntary=False)

    found, unknown = by_bracket(QUESTIONNAIRE, few, MIX), by_bracket(QUESTIONNAIRE, many, MIX)

    assert found and unknown
    assert (found["rows"]["nr"]["n"], found["rows"][""]["n"]) == (5, 2)
    assert found["standardized"] and found["unknown"] == pytest.approx(7 / 37)
    assert unknown["standardized"] is None and unknown["only_raw"] == "many_unknown"


def test_without_a_mix_nothing_is_standardized() -> None:
    found = by_bracket(QUESTIONNAIRE, Group(people(30, P01="6", P20="40"), is_voluntary=False), None)
    assert found and found["only_raw"] == "no_mix" and found["standardized"] is None


def test_volunteers_have_no_interval_standardized_either() -> None:
    made = [one for bracket in MIX for one in people(12, P01="6", P20=bracket)]
    found = by_bracket(QUESTIONNAIRE, Group(made, is_voluntary=True), MIX)
    assert found and found["standardized"]["low"] is None
    assert found["standardized"]["silence"] == "voluntary"


def test_groups_are_told_apart_by_channel_and_by_what_they_say_of_themselves() -> None:
    made = people(8, F1="web", P16="2", P17="R01", D5="no_puede") + people(
        12, F1="oficina", P16="7", P17="no", D5="sola"
    )

    channel, skill, preference = by_group(QUESTIONNAIRE, Group(made, is_voluntary=False))

    assert (channel["by"], skill["by"], preference["by"]) == (CHANNEL, "D5", "D6")
    # The answer says how they were served, whatever stratum they were asked in.
    assert channel["people"] == {"in_person": 12, "outreach": 0, "virtual": 8}
    assert skill["items"]["P16"]["no_puede"]["value"] == 0
    assert skill["items"]["P16"]["sola"]["value"] == 1
    assert (skill["problem"]["no_puede"]["count"], skill["problem"]["sola"]["count"]) == (8, 0)


def test_nobody_and_one_person_break_nothing() -> None:
    for made in ([], people(1, F1="web", P01="5", P20="40")):
        found = figures(QUESTIONNAIRE, made, {"in_person": Asked(10, 10)}, mix=MIX, standards={"E02": ["A02"]})
        assert found["changes"] is None
        assert (found["bracket"] is None) == (not made)


def test_a_stored_figure_is_read_as_it_was() -> None:
    for tally in (Tally.of({"6": 3, "2": 4}), Tally.of({"7": 5}), Tally()):
        made = top_two(tally)
        again = stored(plain(made))
        assert (again.value, again.n, again.interval) == (made.value, made.n, made.interval)


def test_years_of_the_same_people_give_the_same_comparison_as_statsmodels() -> None:
    from statsmodels.stats.proportion import proportions_ztest

    strata = {"in_person": Asked(5000, 500)}
    before = figures(QUESTIONNAIRE, people(60, P01="7") + people(40, P01="4"), strata)
    after = figures(QUESTIONNAIRE, people(90, P01="7") + people(30, P01="4"), strata, before=before | {"year": 2025})

    change = after["changes"]["items"]["P01"]
    assert after["changes"]["year"] == 2025
    assert change["p"] == pytest.approx(proportions_ztest([60, 90], [100, 120])[1], abs=1e-9)
    assert change["verdict"] == "up"
    assert change["before"]["n"] == 100


def test_years_weighed_otherwise_or_asked_otherwise_are_no_comparison() -> None:
    made = people(60, P01="7") + people(40, P01="4")
    one, two = {"in_person": Asked(5000, 500)}, {"in_person": Asked(5000, 500), "virtual": Asked(100, 10)}
    before = figures(QUESTIONNAIRE, made, one)

    other_channels = figures(QUESTIONNAIRE, made, two, before=before)["changes"]
    other_words = figures(QUESTIONNAIRE, made, one, before=before | {"questionnaire": "0.0.9"})["changes"]
    volunteers = [Answered(person.values, is_sampled=False) for person in made]
    by_link = figures(QUESTIONNAIRE, volunteers, one, before=before)["changes"]

    assert set(other_channels["obstacles"]) == {"channels", "weights"}
    assert other_words["obstacles"] == ["wording"]
    assert "voluntary" in by_link["obstacles"]
    assert other_channels["items"] == other_words["items"] == by_link["items"] == {}
