"""Which questions apply, and which answers can be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire.answers import Error, asked, check
from surveys.questionnaire.model import LONGEST_TEXT, Channel
from tests.surveys.questionnaire.shipped import shipped

USER = shipped()["user"]
START = {"F1": "web", "F2": "ingreso", "F3": "m1", "P01": "6"}


def error_of(code: str, value: object) -> Error | None:
    return check(USER, {**START, code: value}).errors.get(code)


def test_a_whole_answer() -> None:
    found = check(
        USER, {**START, "P02": "7", "P03": "na", "P17": ["R06", "R01"], "P17S": "parte", "P21": " Más horas "}
    )

    assert found.is_whole
    assert found.channel is Channel.VIRTUAL
    assert found.values["P03"] == ("na",)
    assert found.values["P17"] == ("R01", "R06")  # in the question's order
    assert found.values["P21"] == ("Más horas",)
    assert found.dropped == ()


def test_what_is_required_is_asked_for_by_name() -> None:
    assert check(USER, {}).errors == dict.fromkeys(["F1", "F2", "F3", "P01"], Error.REQUIRED)
    assert check(USER, {**START, "P01": "  "}).errors == {"P01": Error.REQUIRED}


@pytest.mark.parametrize(
    ("code", "value", "error"),
    [
        ("P01", "8", Error.OFF_SCALE),
        ("P01", "0", Error.OFF_SCALE),
        ("P01", "6.5", Error.OFF_SCALE),
        ("P01", "٦", Error.OFF_SCALE),
        ("P01", 6, Error.NOT_TEXT),
        ("P01", {"6": "x"}, Error.NOT_TEXT),
        ("P01", ["6", 7], Error.NOT_TEXT),
        ("P01", ["6", "7"], Error.SEVERAL),
        ("P18", "11", Error.OFF_SCALE),
        ("F1", "fax", Error.NOT_AN_OPTION),
        ("P17", ["no", "R01"], Error.EXCLUSIVE),
        ("P17", ["R01", "R01"], Error.TWICE),
        ("P17", ["R01", "R99"], Error.NOT_AN_OPTION),
        ("P21", "x" * (LONGEST_TEXT + 1), Error.TOO_LONG),
        ("P21", ["a", "b"], Error.SEVERAL),
    ],
)
def test_each_error_stands_at_its_question(code: str, value: object, error: Error) -> None:
    assert error_of(code, value) is error


@pytest.mark.parametrize(
    ("code", "value"),
    [("P01", "1"), ("P01", "7"), ("P02", "dk"), ("P18", "0"), ("P18", "10"), ("P17", "no"), ("P21", "x" * LONGEST_TEXT),
     ("P21", ""), ("P17", []), ("P02", None)],
)  # fmt: skip
def test_each_of_these_is_fine(code: str, value: object) -> None:
    assert error_of(code, value) is None


def test_a_wrong_answer_is_not_kept() -> None:
    assert "P02" not in check(USER, {**START, "P02": "9"}).values


def test_unknown_questions_are_told_and_bounded() -> None:
    found = check(USER, {**START, "P99": "1", **{f"x{number}": "1" for number in range(500)}})

    assert found.errors["P99"] is Error.UNKNOWN_QUESTION
    assert len(found.errors) <= 20


def test_control_characters_are_left_out_of_texts_and_lines_kept() -> None:
    assert check(USER, {**START, "P21": "Hola\x00\x1b[0m\r\nadiós"}).values["P21"] == ("Hola[0m\nadiós",)


def test_whether_it_was_solved_is_asked_of_those_with_a_problem() -> None:
    def is_asked(**more: object) -> bool:
        return "P17S" in {question.code for question in asked(USER, {**START, **more})}

    assert is_asked(P17=["R01"])
    assert not is_asked(P17=["no"])
    assert not is_asked()
    assert not is_asked(P17=["R01", "no"])  # no answer yet, since it contradicts itself


def test_what_is_not_asked_any_more_is_dropped_without_a_word() -> None:
    found = check(USER, {**START, "P17": "no", "P17S": "si"})

    assert (found.is_whole, found.dropped) == (True, ("P17S",))
    assert "P17S" not in found.values
    assert check(USER, {**START, "P17": "no", "P17S": "rubbish"}).is_whole


def test_more_than_a_year_ago_ends_the_survey() -> None:
    found = check(USER, {"F1": "oficina", "F2": "otro", "F3": "mas", "P01": "1"})

    assert (found.ended, found.is_whole, found.asked) == (True, True, ("F1", "F2", "F3"))
    assert (found.values, found.dropped) == ({"F1": ("oficina",), "F2": ("otro",), "F3": ("mas",)}, ("P01",))


@pytest.mark.parametrize(
    ("value", "channel"),
    [("oficina", Channel.IN_PERSON), ("terreno", Channel.OUTREACH), ("telefono", Channel.VIRTUAL), (None, None)],
)
def test_the_channel_is_what_the_person_says(value: object, channel: Channel | None) -> None:
    assert check(USER, {"F1": value}).channel is channel


CODES = st.sampled_from([*USER.by_code, "P99", ""])
VALUES = (
    st.none() | st.integers() | st.text(max_size=4) | st.lists(st.sampled_from(["no", "R01", "1", "x"]), max_size=3)
)


@given(st.dictionaries(CODES, VALUES))
def test_every_answer_is_kept_refused_or_dropped(answers: dict[str, Any]) -> None:
    found = check(USER, answers)

    assert not set(found.values) & set(found.errors)
    assert set(found.values) <= set(found.asked)
    assert not set(found.dropped) & set(found.asked)
    again = check(USER, {code: list(value) for code, value in found.values.items()})
    assert again.values == found.values
