"""Forms of agendas and appointments. What is asked here; what is allowed is checked again by the verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from benefits_core.domain.agendas import MINUTES, PERSONS, REASON_LENGTH
from benefits_core.domain.appointments import NAME_LENGTH
from benefits_core.forms.attentions import IDENTIFIER_LENGTH, TIME_INPUT
from benefits_core.models import Matter
from portal.foundation.people.identifiers import InvalidIdentifier, normalize
from portal.foundation.people.models import Scheme
from portal.foundation.territories.models import OpeningHours, Territory
from portal.foundation.ui.forms import ChoiceWithHint, UIDateField, UIFilterForm, UIForm

# Nothing that is typed at a kiosk is offered to whoever comes next.
BARE = {"autocomplete": "off", "spellcheck": "false"}


def time_field(label: Any, *, required: bool = True) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=required,
        widget=forms.TimeInput(attrs=TIME_INPUT, format="%H:%M"),
        error_messages={"invalid": _("Write a time like 15:30.")},
    )


class BookForm(UIForm):
    """Who comes and what for. ``website`` is a trap: a person does not see it."""

    template_name = "benefits_core/partials/book_form.html"

    matter = forms.ModelChoiceField(
        label=_("What do you come for?"), queryset=Matter.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    name = forms.CharField(label=_("Your name"), max_length=NAME_LENGTH, widget=forms.TextInput(attrs=BARE))
    contact = forms.CharField(
        label=_("E-mail or mobile telephone"),
        help_text=_("To confirm it and to remind you the day before. We erase it a month after your appointment."),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs=BARE),
    )
    preferential = forms.BooleanField(
        label=_("I need preferential attention"),
        help_text=_("If you are 60 or older, have a disability, are pregnant or care for somebody."),
        required=False,
    )
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(label=_("Leave this empty"), required=False, widget=forms.TextInput(attrs=BARE))

    def __init__(self, *args: Any, place: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].queryset = Matter.objects.offered_in(place)

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("website"))

    @property
    def shown(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name != "website"]


class ClerkBookForm(BookForm):
    """The same when a clerk books for somebody."""

    identifier = forms.CharField(
        label=_("RUN of the person"),
        required=False,
        max_length=IDENTIFIER_LENGTH,
        widget=forms.TextInput(attrs={**BARE, "class": "govuk-input--width-10"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].label = _("What for?")
        self.fields["name"].label = _("Name of the person")
        self.fields["preferential"].label = _("Preferential attention")
        self.fields["preferential"].help_text = ""

    def clean_identifier(self) -> str:
        typed = self.cleaned_data["identifier"].strip()
        if not typed:
            return ""
        try:
            return normalize(Scheme.CL_RUN, typed)
        except InvalidIdentifier:
            raise forms.ValidationError(gettext("This number is not valid. Check it and write it again.")) from None


class RuleForm(UIForm):
    """Hours in which appointments are taken, on several days of the week at once."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"), choices=OpeningHours.Weekday.choices, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    starts_at = time_field(_("From"))
    ends_at = time_field(_("Until"))
    slot_minutes = forms.IntegerField(
        label=_("Minutes for each person"), min_value=MINUTES[0], max_value=MINUTES[1], initial=20
    )
    capacity = forms.IntegerField(
        label=_("Persons at the same time"), min_value=PERSONS[0], max_value=PERSONS[1], initial=1
    )
    online = forms.TypedChoiceField(
        label=_("Who books?"),
        choices=[
            ("yes", ChoiceWithHint(_("Everybody"), _("On the web, without an account, and the team too."))),
            ("no", ChoiceWithHint(_("Only the team"), _("For example, times that are kept for urgent cases."))),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        initial="yes",
        widget=forms.RadioSelect,
    )
    starts_on = UIDateField(label=_("From the day"))


class EndRuleForm(UIForm):
    last = UIDateField(label=_("Last day"), help_text=_("What is booked after it stays in the agenda."))


class CloseDayForm(UIForm):
    day = UIDateField(label=_("Day"))
    starts_at = time_field(_("From"), required=False)
    ends_at = time_field(_("Until"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].help_text = _("Leave both times empty for the whole day.")


class ExtraForm(UIForm):
    day = UIDateField(label=_("Day"))
    starts_at = time_field(_("From"))
    ends_at = time_field(_("Until"))
    slot_minutes = forms.IntegerField(
        label=_("Minutes for each person"), min_value=MINUTES[0], max_value=MINUTES[1], initial=20
    )
    capacity = forms.IntegerField(
        label=_("Persons at the same time"), min_value=PERSONS[0], max_value=PERSONS[1], initial=1
    )
    online = forms.BooleanField(label=_("Everybody can book them on the web"), required=False, initial=True)
    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH, required=False)


class AgendaFilterForm(UIFilterForm):
    dia = UIDateField(label=_("Day"), earliest=date(2015, 1, 1), required=False)
    q = forms.CharField(
        label=_("Name or code"), help_text=_("Among the appointments of these weeks."), max_length=80, required=False
    )
