"""Dates asked in three boxes, because nobody should fight a calendar to write a birthday."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

DAY, MONTH, YEAR = range(3)
BOX_NAMES = (_("Day"), _("Month"), _("Year"))
AUTOCOMPLETE = {"bday": ("bday-day", "bday-month", "bday-year")}


class DateBoxes(forms.MultiWidget):
    """Three text boxes named ``<name>_0`` day, ``<name>_1`` month, ``<name>_2`` year."""

    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__([forms.TextInput, forms.TextInput, forms.TextInput], attrs)

    def decompress(self, value: Any) -> list[str]:
        """Day, month and year of an initial value (a date), or three empty boxes."""
        return [str(value.day), str(value.month), str(value.year)] if isinstance(value, date) else ["", "", ""]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        """What was typed; a whole ISO date under the plain name (an API, a filter link) counts too."""
        whole = data.get(name)
        if whole:
            try:
                return self.decompress(date.fromisoformat(str(whole)))
            except ValueError:
                return [str(whole), "", ""]
        return [str(data.get(f"{name}_{box}") or "").strip() for box in range(3)]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return all(f"{name}_{box}" not in data for box in range(3)) and name not in data

    def boxes(self, field: forms.BoundField) -> list[dict[str, Any]]:
        """What the template draws, see ``UIBoundField.boxes``."""
        value = field.value()
        typed = value if isinstance(value, list) else self.decompress(value)
        wrong = {error.params["box"] for error in field.errors.as_data() if error.params}
        complete = AUTOCOMPLETE.get(self.attrs.get("autocomplete", ""), ("", "", ""))
        return [
            {
                "id": f"{field.auto_id}_{box}",
                "name": f"{field.html_name}_{box}",
                "value": typed[box],
                "label": BOX_NAMES[box],
                "width": 4 if box == YEAR else 2,
                "autocomplete": complete[box],
                "is_wrong": bool(field.errors) and (box in wrong or not wrong),
            }
            for box in range(3)
        ]


class UIDateField(forms.Field):
    """A date in three boxes; ``cleaned_data`` holds a ``datetime.date`` or None.

    Each error names what is missing or wrong and carries the box to mend, so that the error summary
    leads to it.
    """

    widget = DateBoxes
    default_error_messages = {
        "required": _("Enter a date. For example: 27 3 2026."),
        "no_day": _("Write the day too."),
        "no_month": _("Write the month too."),
        "no_year": _("Write the year too."),
        "not_numbers": _("Write the date in numbers. For example: 27 3 2026."),
        "day": _("The day is not right. That month does not have it."),
        "month": _("The month must be a number from 1 to 12."),
        "year": _("Write the year with four numbers. For example: 2026."),
        "too_early": _("The date must be %(limit)s or later."),
        "too_late": _("The date must be %(limit)s or earlier."),
    }

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.earliest = earliest
        self.latest = latest

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or value == ["", "", ""]:
            return None
        if isinstance(value, date):
            return value
        for box, code in enumerate(("no_day", "no_month", "no_year")):
            if not value[box]:
                raise self._problem(code, box)
        day, month, year = (self._number(text, box) for box, text in enumerate(value))
        if not 1 <= month <= 12:
            raise self._problem("month", MONTH)
        if not 1000 <= year <= 9999:
            raise self._problem("year", YEAR)
        try:
            return date(year, month, day)
        except ValueError:
            raise self._problem("day", DAY) from None

    def _number(self, text: str, box: int) -> int:
        if text.isascii() and text.isdigit() and len(text) <= 4:
            return int(text)
        raise self._problem("not_numbers", box)

    def _problem(self, code: str, box: int, **params: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"box": box, **params})

    def validate(self, value: date | None) -> None:
        if value is None and self.required:
            raise self._problem("required", DAY)
        if value and self.earliest and value < self.earliest:
            raise self._problem("too_early", DAY, limit=_plain(self.earliest))
        if value and self.latest and value > self.latest:
            raise self._problem("too_late", DAY, limit=_plain(self.latest))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def _plain(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
