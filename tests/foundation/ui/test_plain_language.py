from __future__ import annotations

import pytest
from babel.messages.pofile import read_po

from portal.foundation.ui import catalogues
from portal.foundation.ui.plain_language import Finding, advice, count_syllables, findings, inflesz

SYLLABLES = {
    "sol": 1, "pan": 1, "muy": 1, "rey": 1, "quien": 1, "casa": 2, "agua": 2, "ciudad": 2, "guerra": 2, "río": 2,
    "país": 2, "baúl": 2, "maíz": 2, "leer": 2, "búho": 2, "ayer": 2, "usted": 2, "día": 2, "oír": 2, "reunión": 2,
    "construir": 2, "pingüino": 3, "poeta": 3, "caoba": 3, "ahora": 3, "prohibido": 3, "héroe": 3, "aéreo": 4,
    "averiguáis": 4, "solicitud": 4, "vehículo": 4, "evaluación": 4, "municipalidad": 6, "autodiagnóstico": 6,
}  # fmt: skip


@pytest.mark.parametrize(("word", "syllables"), SYLLABLES.items())
def test_syllables_are_counted_as_the_academy_divides_them(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


def test_an_everyday_sentence_is_easier_than_an_office_one() -> None:
    everyday = "Si le falta un papel, le avisamos. Usted tiene diez días para traerlo."
    office = "La Administración comunicará fehacientemente la improcedencia documental debidamente fundamentada."

    assert inflesz(everyday) > 80
    assert inflesz(office) < 20


def test_nothing_to_read_is_easy() -> None:
    assert inflesz("%(count)s") == 100.0


def test_findings_name_what_to_mend() -> None:
    assert findings("Debes subsanar esto.") == [
        Finding("jargon", "«subsanar», say «corregir»"),
        Finding("familiar", "«Debes», say usted"),
    ]


def test_a_sentence_of_more_than_twenty_words_is_found() -> None:
    text = " ".join(["sol"] * 21)

    assert [finding.code for finding in findings(text)] == ["long_sentence"]


def test_advice_is_said_in_spanish() -> None:
    told = advice("En virtud de lo solicitado, debes subsanar esto. " + " ".join(["sol"] * 21) + ".")

    assert told == [
        "Una frase es muy larga. Empieza así: «sol sol sol sol sol sol…»",
        "Una palabra de oficina: «en virtud de». Más claro: «por».",
        "Una palabra de oficina: «subsanar». Más claro: «corregir».",
        "Trate a la persona de usted: «debes»",
    ]


def test_a_start_page_can_ask_for_more() -> None:
    text = "La municipalidad prepara su plan anual con las personas de la comuna y lo publica aquí."

    assert findings(text) == []
    assert [finding.code for finding in findings(text, minimum=80)] == ["hard"]


def test_every_spanish_message_is_plain() -> None:
    offenders = []
    for path in catalogues.existing_catalogues():
        with path.open("rb") as source:
            messages = [message for message in read_po(source) if message.id and message.string]
        for message in messages:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            offenders += [
                f"{path.parents[2]}: {finding.detail}: {text}" for text in texts for finding in findings(text)
            ]

    assert offenders == []
