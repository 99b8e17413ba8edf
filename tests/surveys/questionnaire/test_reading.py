"""What is a questionnaire, and what is wrong with one that is not."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire.model import Channel, Condition, Kind, Role, Words
from surveys.questionnaire.reading import (
    LARGEST_FILE,
    Fault,
    Problem,
    QuestionnaireRefused,
    read,
    read_file,
    written,
)
from tests.surveys.questionnaire.shipped import FILE, catalogue, categories, shipped

TEXT = {"es": "¿Qué?", "en": "What?"}
OPTIONS = [{"value": "a", "label": TEXT}, {"value": "b", "label": TEXT}]


def mapping() -> dict[str, Any]:
    whole = {
        "meta": {"title": TEXT, "version": "1", "status": "drafted"},
        "questions": [
            {
                "code": "F1",
                "scale": "single",
                "role": "filter",
                "text": TEXT,
                "options": [dict(one) for one in OPTIONS],
            },
            {"code": "P01", "scale": "mark7", "text": TEXT, "when": [{"question": "F1", "in": ["a"]}]},
            {"code": "P02", "scale": "text", "text": TEXT},
        ],
    }
    return deepcopy(whole)


def problems_of(data: object) -> list[tuple[tuple[str | int, ...], Fault]]:
    with pytest.raises(QuestionnaireRefused) as caught:
        read(data)  # type: ignore[arg-type]
    return [(one.path, one.fault) for one in caught.value.problems]


# --- The one that comes with the product


def test_the_shipped_questionnaires_are_whole_and_say_what_they_rest_on() -> None:
    user, team = shipped()["user"], shipped()["team"]

    assert (len(user.questions), len(team.questions)) == (31, 12)
    assert (user.status, user.version, user.minutes) == ("drafted", "0.2.0", 6)
    assert "no es el cuestionario oficial" in user.status_note.es
    assert "5 personas" in team.consent.es
    assert user.questions[3].role is Role.OVERALL
    assert [one.code for one in user.drivers] == [f"P{number:02}" for number in range(2, 14)]


def test_the_shipped_items_measure_what_the_catalogue_says() -> None:
    attributes = {row["code"]: row["component"] for row in catalogue()["attributes"]}
    codes = set(shipped()["user"].by_code)

    assert all(code in attributes for one in shipped()["user"].questions for code in one.attributes)
    assert {item for row in catalogue()["standards"] for item in row["survey_items"]} <= codes  # type: ignore[attr-defined]
    assert shipped()["user"].items_by()["C4"] == ("P11", "P12", "P13")


def test_problems_are_named_as_complaints_are() -> None:
    problem = shipped()["user"].by_code["P17"]

    assert problem.options[1].label == categories()["R01"]
    assert [one.value for one in problem.options if one.is_exclusive] == ["no"]
    assert shipped()["user"].by_code["P17S"].when == (Condition("P17", ("no",), negated=True),)


def test_without_the_catalogue_the_missing_labels_are_told() -> None:
    with pytest.raises(QuestionnaireRefused) as caught:
        read_file(FILE.read_bytes())

    assert len(caught.value.problems) == 14
    assert caught.value.problems[0].path[:1] == ("user_survey",)


def test_variants_are_read_to_those_served_at_a_distance() -> None:
    waited = shipped()["user"].by_code["P02"]

    assert waited.wording(Channel.VIRTUAL).es == "El tiempo que tardaron en responderle por primera vez"
    assert waited.wording(Channel.OUTREACH) == waited.wording(None) == waited.text
    assert shipped()["user"].by_code["P03"].wording(Channel.VIRTUAL).es.startswith("La facilidad")


def test_each_team_is_asked_its_own_questions() -> None:
    team = shipped()["team"]

    assert [one.code for one in team.for_audience("regional").questions] == [
        "T01", "T02", "T04", "T06", "T07", "T08", "T10", "T11", "T12",
    ]  # fmt: skip
    assert "T11" not in team.for_audience("communal").by_code


@pytest.mark.parametrize("name", ["user", "team"])
def test_what_is_written_is_read_back(name: str) -> None:
    assert read(written(shipped()[name])) == shipped()[name]


# --- What is refused


def change(path: tuple[str | int, ...], value: object) -> Callable[[dict[str, Any]], None]:
    def changed(data: dict[str, Any]) -> None:
        where: Any = data
        for name in path[:-1]:
            where = where[name]
        where[path[-1]] = value

    return changed


QUESTION = ("questions", 0)
CASES = [
    (("meta", "version"), 7, ("meta", "version"), Fault.WRONG_TYPE),
    (("meta", "title"), {"es": "sólo"}, ("meta", "title", "en"), Fault.MISSING),
    (("meta", "status"), " ", ("meta", "status"), Fault.MISSING),
    (("meta", "minutes"), "six", ("meta", "minutes"), Fault.WRONG_TYPE),
    (("meta",), ["x"], ("meta",), Fault.WRONG_TYPE),
    (("questions",), "none", ("questions",), Fault.WRONG_TYPE),
    (("questions",), [], ("questions",), Fault.MISSING),
    ((*QUESTION, "code"), "P 1", (*QUESTION, "code"), Fault.NOT_A_CODE),
    ((*QUESTION, "scale"), "mark10", (*QUESTION, "scale"), Fault.NOT_KNOWN),
    ((*QUESTION, "role"), "boss", (*QUESTION, "role"), Fault.NOT_KNOWN),
    ((*QUESTION, "text", "es"), "x" * 1_001, (*QUESTION, "text", "es"), Fault.TOO_LONG),
    ((*QUESTION, "options"), OPTIONS[:1], (*QUESTION, "options"), Fault.NEEDS_OPTIONS),
    ((*QUESTION, "options", 1, "value"), "a", (*QUESTION, "options", 1, "value"), Fault.TWICE),
    ((*QUESTION, "options", 0, "value"), "< 18", (*QUESTION, "options", 0, "value"), Fault.NOT_A_CODE),
    ((*QUESTION, "options", 0, "exclusive"), True, (*QUESTION, "options", 0, "exclusive"), Fault.ONLY_MULTI),
    ((*QUESTION, "options", 0, "channel"), "fax", (*QUESTION, "options", 0, "channel"), Fault.NOT_KNOWN),
    ((*QUESTION, "options", 0, "label"), None, (*QUESTION, "options", 0, "label"), Fault.MISSING),
    ((*QUESTION, "options"), [*OPTIONS, "x"], (*QUESTION, "options", 2), Fault.WRONG_TYPE),
    ((*QUESTION, "driver"), True, (*QUESTION, "driver"), Fault.NOT_A_MARK),
    ((*QUESTION, "required"), "yes", (*QUESTION, "required"), Fault.WRONG_TYPE),
    ((*QUESTION, "variants"), {"radio": TEXT}, (*QUESTION, "variants"), Fault.NOT_KNOWN),
    (("questions", 1, "code"), "F1", ("questions", 1, "code"), Fault.TWICE),
    (("questions", 1, "options"), OPTIONS, ("questions", 1, "options"), Fault.HAS_OPTIONS),
    (("questions", 1, "when", 0, "question"), "P02", ("questions", 1, "when", 0, "question"), Fault.LOOKS_AHEAD),
    (("questions", 1, "when", 0, "question"), "P01", ("questions", 1, "when", 0, "question"), Fault.LOOKS_AHEAD),
    (("questions", 1, "when", 0, "in"), ["a", "z"], ("questions", 1, "when", 0, "in", 1), Fault.NOT_AN_ANSWER),
    (("questions", 1, "when", 0, "in"), [], ("questions", 1, "when", 0), Fault.CONDITION),
    (("questions", 1, "when", 0, "not_in"), ["a"], ("questions", 1, "when", 0), Fault.CONDITION),
    (("questions", 2, "scale"), None, ("questions", 2, "scale"), Fault.MISSING),
]


@pytest.mark.parametrize(("path", "value", "place", "fault"), CASES)
def test_what_is_wrong_is_told_by_its_place(
    path: tuple[str | int, ...], value: object, place: tuple[str | int, ...], fault: Fault
) -> None:
    data = mapping()
    change(path, value)(data)

    assert (place, fault) in problems_of(data)


def test_conditions_look_at_no_free_text() -> None:
    data = mapping()
    data["questions"].append({**data["questions"][1], "code": "P03", "when": [{"question": "P02", "in": ["a"]}]})

    assert problems_of(data) == [(("questions", 3, "when", 0, "in"), Fault.OF_TEXT)]


def test_everything_wrong_is_told_at_once() -> None:
    data = mapping()
    for path, value in [((*QUESTION, "scale"), "x"), (("questions", 1, "code"), ""), (("meta", "version"), None)]:
        change(path, value)(data)

    assert len(problems_of(data)) >= 3


def test_usual_roles() -> None:
    assert [one.role for one in read(mapping()).questions] == [Role.FILTER, Role.SCORE, Role.OPEN]
    assert read(mapping()).questions[1].codes == ("1", "2", "3", "4", "5", "6", "7", "na", "dk")
    assert read(mapping()).questions[2].kind is Kind.TEXT


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"- a list",
        b"",
        b"meta: {a: 1, a: 2}",
        b"a: &x [1]\nuser_survey: [*x, *x]",
        b"user_survey: !!python/object/apply:os.system [ls]",
        b"[" * 100_000,
        b"#" * (LARGEST_FILE + 1),
    ],
    ids=["encoding", "list", "empty", "twice", "aliases", "code", "deep", "large"],
)
def test_hostile_files_are_unreadable(content: bytes) -> None:
    with pytest.raises(QuestionnaireRefused) as caught:
        read_file(content)

    assert [one.fault for one in caught.value.problems] == [Fault.UNREADABLE]


def test_a_file_without_a_survey_is_told() -> None:
    with pytest.raises(QuestionnaireRefused) as caught:
        read_file(b"meta: {}")

    assert caught.value.problems == (Problem(("user_survey",), Fault.MISSING),)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["meta", "questions", "code", "scale", "text", "options", "when", "es", "label", "question", "in"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(st.dictionaries(st.sampled_from(["meta", "questions"]), ANYTHING))
def test_whatever_comes_is_refused_and_never_breaks(data: dict[str, Any]) -> None:
    assert problems_of(data)


def test_words_are_kept_without_outer_spaces() -> None:
    data = mapping()
    change((*QUESTION, "text"), {"es": "  Hola ", "en": "Hello"})(data)

    assert read(data).questions[0].text == Words("Hola", "Hello")
