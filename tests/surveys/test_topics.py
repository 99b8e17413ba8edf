"""Known themes are found again, and where there are none it is said."""

from __future__ import annotations

from collections import Counter

import pytest

from surveys.topics import Outcome, Parameters, fold, group, stem, stop_words, tokens
from tests.surveys.samples import MATTERS, texts_with_themes, texts_without_themes


def test_known_themes_are_found_again() -> None:
    texts, matters = texts_with_themes(200)

    found = group(texts)

    assert found.outcome == Outcome.GROUPED
    assert len(found.groups) == len(MATTERS)
    for one in found.groups:
        (matter, count), *_rest = Counter(matters[index] for index, _share in one.members).most_common()
        assert count / len(one.members) > 0.9
        assert set(one.words[:5]) <= set(MATTERS[matter].split())
        assert {matters[index] for index in one.typical} == {matter}
        assert one.stability > 0.75


def test_every_text_is_in_one_group_or_in_none() -> None:
    texts, _matters = texts_with_themes(120)
    texts += ["", "sí", "[RUN] [CORREO]", "jirafa"]

    found = group(texts)

    placed = [index for one in found.groups for index, _share in one.members]
    assert sorted([*placed, *found.ungrouped]) == list(range(len(texts)))
    assert {120, 121, 122, 123} <= set(found.ungrouped)
    assert found.used == 120
    assert all(0.5 <= share <= 1 for one in found.groups for _index, share in one.members)


def test_the_same_texts_give_the_same_groups() -> None:
    texts, _matters = texts_with_themes(80)

    assert group(texts) == group(list(texts))


@pytest.mark.parametrize("is_even", [True, False])
@pytest.mark.parametrize("count", [60, 200])
def test_words_dealt_out_by_chance_have_no_groups(count: int, is_even: bool) -> None:
    found = group(texts_without_themes(count, is_even=is_even))

    assert (found.outcome, found.groups) == (Outcome.NO_CLEAR_GROUPS, ())
    assert found.ungrouped == tuple(range(count))
    assert found.stability is not None
    assert found.trials


@pytest.mark.parametrize("texts", [[], [""], ["Hola"] * 500, ["esperé horas en la fila"] * 39, ["no", "sí"] * 100])
def test_too_few_texts_or_words_are_said_to_be_too_few(texts: list[str]) -> None:
    found = group(texts)

    assert (found.outcome, found.groups, found.trials) == (Outcome.TOO_FEW, (), ())
    assert found.ungrouped == tuple(range(len(texts)))


def test_one_text_sent_many_times_makes_no_groups() -> None:
    texts = ["Me hicieron esperar tres horas de pie en la fila y la funcionaria gritó que el sistema estaba caído"] * 60

    assert group(texts).outcome != Outcome.GROUPED


def test_small_groups_are_left_out() -> None:
    texts, matters = texts_with_themes(100)

    found = group(texts, Parameters(least_members=30))

    assert all(len(one.members) >= 30 for one in found.groups)
    assert len(found.groups) < len(set(matters))


def test_progress_is_told() -> None:
    texts, _matters = texts_with_themes(80)
    told: list[tuple[int, int]] = []

    group(texts, progress=lambda done, total: told.append((done, total)))

    assert told[0][0] == 1
    assert told[-1][0] == told[-1][1]
    assert [done for done, _total in told] == sorted({done for done, _total in told})


def test_words_are_shown_as_people_wrote_them() -> None:
    texts, _matters = texts_with_themes(200)

    words = {word for one in group(texts).groups for word in one.words}

    assert {"prepotente", "cédula", "página"} <= words
    assert "cedula" not in words


# --- Words


def test_tokens_are_folded_words_that_tell_something() -> None:
    text = "No me ATENDIERON; esperé 3 horas en la fila. [RUN] Años sin solución, ¿y el pingüino?"

    assert tokens(text) == ["atendieron", "espere", "hora", "fila", "año", "solucion", "pinguino"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("esperas", "espera"),
        ("funcionarios", "funcionario"),
        ("solicitudes", "solicitud"),
        ("solucion", "solucion"),
        ("soluciones", "solucion"),
        ("papeles", "papel"),
        ("voces", "voz"),
        ("clases", "clase"),
        ("lunes", "lunes"),
        ("mes", "mes"),
        ("crisis", "crisis"),
        ("virus", "virus"),
    ],
)
def test_plurals_are_joined_and_no_more(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_folding_keeps_the_enye() -> None:
    assert fold("Año, AN\u0303O, Ñuñoa, atención") == "año, año, ñuñoa, atencion"


def test_stop_words_are_folded_data() -> None:
    words = stop_words()

    assert {"de", "que", "tambien", "señora"} <= words
    assert {word for word in words if fold(word) != word or " " in word} == set()
    assert not {"espera", "trato", "hora"} & words
