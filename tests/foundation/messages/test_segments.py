"""Text messages are short and plain, those of the templates too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.messages import segments
from portal.foundation.ui import catalogues
from tests import source

# Two segments: what fits in one look at a telephone.
MOST_SEGMENTS = 2
# What a placeholder may grow to: a code, a name, a day; an address of the site.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|{{.*?}}")
LONGEST_VALUE = "x" * 24
TEMPLATES = [path for path in source.files(".txt") if path.name.endswith(".sms.txt") and "tests" not in path.parts]


@pytest.mark.parametrize(
    ("text", "plain", "count"),
    [
        ("Su hora es mañana a las 9", "Su hora es mañana a las 9", 1),
        ("Llegó su resolución: «aprobada»…", 'Llego su resolucion: "aprobada"...', 1),
        ("¿Podrá venir? ¡Avísenos!", "¿Podra venir? ¡Avisenos!", 1),
        ("x" * 160, "x" * 160, 1),
        ("x" * 161, "x" * 161, 2),
        ("€" * 80, "€" * 80, 1),
        ("€" * 81, "€" * 81, 2),
        ("día 😀", "dia 😀", 1),
        ("😀" * 36, "😀" * 36, 2),
    ],
)
def test_a_text_is_written_plainly_and_counted(text: str, plain: str, count: int) -> None:
    assert (segments.plain(text), segments.segments(segments.plain(text))) == (plain, count)


@given(st.text(max_size=400))
def test_plain_text_is_never_dearer_than_twice_and_stays_plain(text: str) -> None:
    plain = segments.plain(text)

    assert segments.plain(plain) == plain
    assert segments.is_gsm(plain) or not segments.is_gsm(text)


def longest_forms(path: Path) -> dict[str, str]:
    """The template's text in English and in Spanish, every value as long as values get."""
    spanish = {
        key: texts
        for catalogue in catalogues.existing_catalogues()
        for key, texts in catalogues._spanish_of(catalogue).items()
    }
    strings = dict(catalogues.strings_in(path))
    written = {"en": strings.values(), "es": [spanish.get(key, ()) for key in strings]}
    outside = re.sub(r"{%\s*blocktranslate.*?endblocktranslate\s*%}|{%.*?%}", "", path.read_text(), flags=re.S)
    return {
        language: PLACEHOLDER.sub(
            LONGEST_VALUE, " ".join([*(max(forms, key=len, default="") for forms in texts), outside])
        )
        for language, texts in written.items()
    }


@pytest.mark.parametrize("path", TEMPLATES, ids=source.shown)
def test_a_text_message_of_ours_is_plain_and_short(path: Path) -> None:
    long = {
        language: (segments.is_gsm(plain), segments.segments(plain))
        for language, text in longest_forms(path).items()
        if not segments.is_gsm(plain := segments.plain(text)) or segments.segments(plain) > MOST_SEGMENTS
    }

    assert long == {}


def test_there_are_text_messages_to_read() -> None:
    assert TEMPLATES
