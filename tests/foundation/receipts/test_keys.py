"""Codes and secrets: what is drawn, and how forgivingly they are read."""

from __future__ import annotations

import re

import pytest

from portal.foundation.receipts import keys


def folded(word: str) -> str:
    return keys.normalize_secret(word)


def test_the_words_are_many_plain_and_told_apart_without_accents() -> None:
    words = keys.words()

    assert len(words) >= 2048
    assert len({folded(word) for word in words}) == len(words)
    assert [word for word in words if not re.fullmatch("[a-záéíóúüñ]{4,9}", word)] == []


def test_no_word_is_one_letter_away_from_another() -> None:
    """Said over a telephone or copied by hand, a slip must not name another word."""
    words = {folded(word) for word in keys.words()}
    letters = "abcdefghijklmnopqrstuvwxyz"

    near = [
        (word, other)
        for word in words
        for place in range(len(word))
        for other in {word[:place] + word[place + 1 :], *(word[:place] + new + word[place + 1 :] for new in letters)}
        if other != word and other in words
    ]

    assert near == []


def test_codes_leave_out_what_is_taken_for_something_else() -> None:
    codes = [keys.draw_code() for _draw in range(500)]

    assert len(set(codes)) == 500
    assert [code for code in codes if not re.fullmatch("[0-9A-HJKMNP-TV-Z]{10}", code)] == []


def test_a_secret_is_four_words_of_the_list() -> None:
    secret = keys.draw_secret().split()

    assert len(secret) == 4
    assert set(secret) <= set(keys.words())


@pytest.mark.parametrize(
    "typed", ["7K3M2 0X910", "7k3m20x910", " 7K3M2-OX9IO ", "7k3m2.oX9lo", "7K3M2 0X91O\n", "«7K3M2 0X910»"]
)
def test_a_code_is_read_as_it_was_meant(typed: str) -> None:
    assert keys.normalize_code(typed) == "7K3M20X910"


@pytest.mark.parametrize(
    "typed",
    ["canción niña búho azul", "CANCION NINA BUHO AZUL", "canción, niña, búho, azul.", "  Cancion-niña\nbúho  azul "],
)
def test_a_secret_is_read_as_it_was_meant(typed: str) -> None:
    assert keys.normalize_secret(typed) == "cancion nina buho azul"


@pytest.mark.parametrize("typed", ["", "   ", "😀" * 50, "\u202e" * 30, "a" * 100_000, "ﬁ" * 300, "\x00"])
def test_odd_input_is_read_without_harm(typed: str) -> None:
    assert len(keys.normalize_code(typed)) <= 2 * keys.LONGEST_INPUT
    assert len(keys.normalize_secret(typed)) <= 2 * keys.LONGEST_INPUT
