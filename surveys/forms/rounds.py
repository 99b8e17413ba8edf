"""Forms of the survey's rounds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.foundation.receipts.keys import CODE_LENGTH, normalize_code
from portal.foundation.ui.forms import RowChoiceField, UIDateField, UIFilterForm, UIForm
from surveys.domain.responses import MOST_AT_ONCE
from surveys.enums import RoundState


class CodeForm(UIForm):
    """The code of a slip, however it is written."""

    code = forms.CharField(
        label=_("Code of your paper"),
        max_length=40,
        help_text=_("Ten letters and numbers, such as A1B2C 3D4E5. It does not matter how you write it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "govuk-input--width-20"}),
    )

    def clean_code(self) -> str:
        code = normalize_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            raise ValidationError(_("The code has ten letters and numbers. Look at your paper again."))
        return code


class RoundFilterForm(UIFilterForm):
    """What the list is narrowed to."""

    estado = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *RoundState.choices])


class PlanForm(UIForm):
    """Which survey, where and when."""

    territory = RowChoiceField(queryset=None, label=_("Municipality"))
    instrument = RowChoiceField(queryset=None, label=_("Questionnaire"))
    opens_on = UIDateField(label=_("First day"))
    closes_on = UIDateField(label=_("Last day"))
    response = forms.IntegerField(
        label=_("Of each 100 people asked, how many will answer?"),
        min_value=5,
        max_value=100,
        help_text=_("One in four is usual. How many to ask is worked out from it."),
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )

    def __init__(self, *args: Any, places: Any, instruments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = places  # type: ignore[attr-defined]
        self.fields["instrument"].queryset = instruments  # type: ignore[attr-defined]


class RevisionForm(UIForm):
    """The round as it stood on the page."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class OpenForm(RevisionForm):
    open_link = forms.BooleanField(
        required=False,
        label=_("Let anybody answer by an open link too"),
        help_text=_("Its answers stand apart and have no margin of error: whoever wants answers."),
    )


class CallOffForm(RevisionForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": "3"}))


class SlipsForm(UIForm):
    """How many slips for which channel."""

    form_token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    stratum = RowChoiceField(queryset=None, label=_("For people served"), empty_label=None, widget=forms.RadioSelect)
    count = forms.IntegerField(
        label=_("How many slips?"),
        min_value=1,
        max_value=MOST_AT_ONCE,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )

    def __init__(self, *args: Any, strata: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stratum"].queryset = strata  # type: ignore[attr-defined]


class ScreenForm(UIForm):
    """What a screen of the office is called."""

    name = forms.CharField(label=_("Where is the screen?"), max_length=60, help_text=_("Such as “Waiting room”."))


class AssistForm(UIForm):
    """The code of the person, and what whoever reads aloud declares."""

    codigo = forms.CharField(
        label=_("Code of the person’s paper or message"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "govuk-input--width-20"}),
    )
    declara = forms.BooleanField(
        label=_("I did not serve this person, and I read the questions as they stand"),
        error_messages={"required": _("Whoever served the person cannot read them the questions.")},
    )
