"""The door's form, and a field for whoever wants to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.foundation.receipts.domain import read_contact
from portal.foundation.receipts.errors import InvalidContact
from portal.foundation.receipts.keys import LONGEST_INPUT
from portal.foundation.ui.forms import UIForm

# A browser of a library keeps nothing and corrects nothing.
BARE = {"autocomplete": "off", "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class OpenForm(UIForm):
    """Code and words."""

    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST_INPUT,
        help_text=_("Ten letters and numbers. Capitals and spaces do not matter."),
        widget=forms.TextInput(attrs={**BARE, "class": "govuk-input--width-20"}),
        error_messages={"required": _("Write your code.")},
    )
    secret = forms.CharField(
        label=_("Your four words"),
        max_length=LONGEST_INPUT,
        help_text=_("In the same order. Accents and capitals do not matter."),
        widget=forms.TextInput(attrs=BARE),
        error_messages={"required": _("Write your four words.")},
    )


class ContactField(forms.CharField):
    """An optional e-mail or mobile number; the cleaned value is for ``receipts.domain.issue(contact=)``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("E-mail or mobile number"))
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", LONGEST_INPUT)
        kwargs.setdefault(
            "help_text", _("Only to tell you that there is news. We erase it 90 days after your case ends.")
        )
        kwargs.setdefault("widget", forms.TextInput(attrs=BARE))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "").strip()
        if not text:
            return ""
        try:
            return read_contact(text).address
        except InvalidContact as refused:
            raise ValidationError(str(refused)) from refused
