from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from portal.foundation.ui.forms import UIDateField, UIForm


class _DateForm(UIForm):
    day = UIDateField(label="Fecha", earliest=date(2020, 1, 1), latest=date(2026, 12, 31))


def _post(day: str, month: str, year: str) -> dict[str, str]:
    return {"day_0": day, "day_1": month, "day_2": year}


def test_three_boxes_make_a_date() -> None:
    form = _DateForm(_post(" 29", "2 ", "2024"))

    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2024, 2, 29)


def test_a_whole_iso_date_counts_too() -> None:
    form = _DateForm({"day": "2024-02-29"})

    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("boxes", "message", "target"),
    [
        (("", "", ""), "Escriba una fecha. Por ejemplo: 27 3 2026.", "id_day_0"),
        (("", "3", "2024"), "Falta el día.", "id_day_0"),
        (("1", "", "2024"), "Falta el mes.", "id_day_1"),
        (("1", "3", ""), "Falta el año.", "id_day_2"),
        (("30", "2", "2024"), "Revise el día: ese mes no lo tiene.", "id_day_0"),
        (("1", "13", "2024"), "El mes debe ser un número del 1 al 12.", "id_day_1"),
        (("1", "3", "24"), "Escriba el año con cuatro números. Por ejemplo: 2026.", "id_day_2"),
        (("uno", "3", "2024"), "Escriba la fecha en números. Por ejemplo: 27 3 2026.", "id_day_0"),
        (("1", "²", "2024"), "Escriba la fecha en números. Por ejemplo: 27 3 2026.", "id_day_1"),
        (("1", "3", "99999"), "Escriba la fecha en números. Por ejemplo: 27 3 2026.", "id_day_2"),
        (("31", "12", "2019"), "La fecha debe ser el 1 de enero de 2020 o después.", "id_day_0"),
        (("1", "1", "2027"), "La fecha debe ser el 31 de diciembre de 2026 o antes.", "id_day_0"),
    ],
)
def test_each_mistake_is_named_and_leads_to_its_box(boxes: tuple[str, str, str], message: str, target: str) -> None:
    with translation.override("es"):
        form = _DateForm(_post(*boxes))

        assert form.errors == {"day": [message]}
    assert form["day"].error_target == target


def test_what_was_typed_is_shown_again() -> None:
    form = _DateForm(_post("31", "febrero", "2024"))

    assert [box["value"] for box in form["day"].boxes] == ["31", "febrero", "2024"]
    assert [box["is_wrong"] for box in form["day"].boxes] == [False, True, False]


def test_an_initial_date_fills_the_boxes() -> None:
    form = _DateForm(initial={"day": date(2024, 2, 29)})

    assert [box["value"] for box in form["day"].boxes] == ["29", "2", "2024"]


def test_an_optional_date_may_be_empty() -> None:
    field = UIDateField(required=False)

    assert field.clean(["", "", ""]) is None


def test_the_same_date_is_no_change() -> None:
    form = _DateForm(_post("29", "2", "2024"), initial={"day": date(2024, 2, 29)})

    assert form.has_changed() is False
