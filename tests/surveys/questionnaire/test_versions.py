"""What two versions have in common."""

from __future__ import annotations

from dataclasses import replace

import pytest

from surveys.questionnaire.model import Condition, Kind, Question, Questionnaire, Role, Words
from surveys.questionnaire.versions import BREAKING, Aspect, Difference, compare, fingerprint
from tests.surveys.questionnaire.shipped import shipped

USER = shipped()["user"]


def with_changed(code: str, **changes: object) -> Questionnaire:
    questions = tuple(replace(one, **changes) if one.code == code else one for one in USER.questions)  # type: ignore[arg-type]
    return replace(USER, questions=questions)


def test_the_same_version_is_wholly_comparable() -> None:
    found = compare(USER, replace(USER, version="0.2.0"))

    assert found == Difference(comparable=frozenset(USER.by_code))
    assert found.is_empty


ITEM = USER.by_code["P02"]
CHANGES = [
    ("P02", {"text": Words("La espera", ITEM.text.en)}, Aspect.WORDING),
    ("P02", {"virtual": Words("La espera", (ITEM.virtual or Words()).en)}, Aspect.VIRTUAL_WORDING),
    ("P02", {"kind": Kind.AGREE}, Aspect.KIND),
    ("F2", {"options": USER.by_code["F2"].options[:-1]}, Aspect.OPTIONS),
    ("P02", {"when": (Condition("F1", ("web",)),)}, Aspect.CONDITION),
    ("P02", {"text": Words(ITEM.text.es, "The wait")}, Aspect.TRANSLATION),
    ("P02", {"is_required": True}, Aspect.REQUIRED),
    ("P02", {"role": Role.CONTEXT}, Aspect.ROLE),
    ("P02", {"attributes": ("A01",)}, Aspect.MEASURES),
    ("P02", {"audience": ("communal",)}, Aspect.AUDIENCE),
    ("P02", {"note": Words("Nota", "Note")}, Aspect.NOTE),
    ("F3", {"options": tuple(replace(one, ends=False) for one in USER.by_code["F3"].options)}, Aspect.OPTION_EFFECTS),
]


@pytest.mark.parametrize(("code", "changes", "aspect"), CHANGES, ids=[aspect for *_rest, aspect in CHANGES])
def test_each_change_is_named_and_some_end_a_series(code: str, changes: dict[str, object], aspect: Aspect) -> None:
    new = with_changed(code, **changes)

    found = compare(USER, new)

    assert found.changed == {code: frozenset({aspect})}
    assert (code in found.comparable) == (aspect not in BREAKING)
    same = fingerprint(USER.by_code[code]) == fingerprint(new.by_code[code])
    assert same == (aspect not in BREAKING)


def test_another_spacing_is_no_change() -> None:
    text = ITEM.text.es.replace(" ", "  ")

    assert compare(USER, with_changed("P02", text=Words(f"{text}\n", ITEM.text.en))).is_empty


def test_added_removed_and_moved() -> None:
    new_one = Question("P30", Kind.MARK, Words("Nueva", "New"), Role.SCORE)
    kept = [one for one in USER.questions if one.code not in ("P05", "P01")]
    found = compare(USER, replace(USER, questions=(*kept, USER.by_code["P01"], new_one)))

    assert (found.added, found.removed, found.moved) == (("P30",), ("P05",), frozenset({"P01"}))
    assert "P01" in found.comparable
    assert not {"P05", "P30"} & found.comparable


def test_fingerprints_tell_items_apart() -> None:
    assert len({fingerprint(question) for question in USER.questions}) == len(USER.questions)
    assert len(fingerprint(ITEM)) == 16
