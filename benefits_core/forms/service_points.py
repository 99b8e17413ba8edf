"""Forms of service points, their hours, and matters."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from benefits_core.domain.matters import NAME_LENGTH
from benefits_core.models import Matter, Procedure
from portal.foundation.territories.domain import Opening
from portal.foundation.territories.models import OpeningHours, ServicePoint, Territory
from portal.foundation.ui.forms import UIForm

SHIFT_NAMES = {"morning": _("first shift"), "afternoon": _("second shift")}
TIME_ATTRIBUTES = {"type": "time", "class": "govuk-input--width-5"}


class ServicePointForm(UIForm):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As people know it."))
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=ServicePoint.Kind.choices,
        widget=forms.RadioSelect,
        initial=ServicePoint.Kind.OFFICE,
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    telephone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )

    @staticmethod
    def initial_of(point: ServicePoint) -> dict[str, Any]:
        return {name: getattr(point, name) for name in ("name", "kind", "address", "telephone")}


class HoursForm(UIForm):
    """A week: each day one or two stretches, such as the morning and the afternoon."""

    template_name = "benefits_core/partials/hours_form.html"
    show_optional = False

    def __init__(self, *args: Any, hours: list[OpeningHours], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: dict[int, list[OpeningHours]] = {}
        for each in hours:
            known.setdefault(each.weekday, []).append(each)
        for day, label in OpeningHours.Weekday.choices:
            for number, shift in enumerate(SHIFT_NAMES):
                stored = known.get(day, [])[number : number + 1]
                for end, what in (("opens", _("opens")), ("closes", _("closes"))):
                    self.fields[f"{shift}_{end}_{day}"] = forms.TimeField(
                        label=gettext("%(day)s, %(shift)s: %(what)s")
                        % {"day": label, "shift": SHIFT_NAMES[shift], "what": what},
                        required=False,
                        initial=getattr(stored[0], f"{end}_at").strftime("%H:%M") if stored else None,
                        widget=forms.TimeInput(attrs=TIME_ATTRIBUTES, format="%H:%M"),
                        error_messages={"invalid": _("Write a time like 15:30.")},
                    )

    def days(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each weekday with its four boxes, for the page."""
        return [
            (str(label), [self[f"{shift}_{end}_{day}"] for shift in SHIFT_NAMES for end in ("opens", "closes")])
            for day, label in OpeningHours.Weekday.choices
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for day in OpeningHours.Weekday.values:
            for shift in SHIFT_NAMES:
                opens, closes = (cleaned.get(f"{shift}_{end}_{day}") for end in ("opens", "closes"))
                if (opens is None) != (closes is None):
                    empty = f"{shift}_{'opens' if opens is None else 'closes'}_{day}"
                    if empty not in self.errors:
                        self.add_error(empty, gettext("Write this time too, or leave both empty."))
                elif opens and closes <= opens:
                    self.add_error(f"{shift}_closes_{day}", gettext("It must close after it opens."))
        return cleaned

    def openings(self) -> list[Opening]:
        found = []
        for day in OpeningHours.Weekday.values:
            for shift in SHIFT_NAMES:
                opens: time | None = self.cleaned_data[f"{shift}_opens_{day}"]
                closes: time | None = self.cleaned_data[f"{shift}_closes_{day}"]
                if opens and closes:
                    found.append(Opening(day, opens, closes))
        return found


class MatterForm(UIForm):
    name = forms.CharField(
        label=_("Name in Spanish"), max_length=NAME_LENGTH, help_text=_("A few words: it is one line of a form.")
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=NAME_LENGTH, required=False)
    procedure = forms.ModelChoiceField(
        label=_("Procedure that it belongs to"),
        queryset=Procedure.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("Each attention about this matter is then counted there too."),
    )

    def __init__(self, *args: Any, territory: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = territory if territory.has_municipality else None
        self.fields["procedure"].queryset = Procedure.objects.for_territory(own)

    @staticmethod
    def initial_of(matter: Matter) -> dict[str, Any]:
        return {
            "name": matter.name.get("es", ""),
            "name_en": matter.name.get("en", ""),
            "procedure": matter.procedure_id,
        }
