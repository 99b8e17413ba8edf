"""Looking up a person's contacts: by which number, and what for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from benefits_core.forms.attentions import IDENTIFIER_LENGTH
from benefits_core.queries.contacts import kinds
from portal.foundation.people.identifiers import InvalidIdentifier, normalize
from portal.foundation.people.models import Scheme
from portal.foundation.ui.forms import UIFilterForm, UIForm

# What is written down is what the person reads on «my data».
PURPOSES = {
    "attend": _("To attend the person now without asking everything again"),
    "case": _("To solve a case that the person has with us"),
    "call": _("To call the person back"),
    "check": _("To check what we noted, because the person asks"),
}


class HistorySearchForm(UIForm):
    identifier = forms.CharField(
        label=_("RUN of the person"),
        max_length=IDENTIFIER_LENGTH,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off", "spellcheck": "false"}),
    )
    purpose = forms.ChoiceField(
        label=_("What do you need it for?"),
        widget=forms.RadioSelect,
        choices=list(PURPOSES.items()),
        help_text=_("We keep a record of it, which the person can see."),
    )

    def clean_identifier(self) -> str:
        try:
            return normalize(Scheme.CL_RUN, self.cleaned_data["identifier"].strip())
        except InvalidIdentifier:
            raise forms.ValidationError(gettext("This number is not valid. Check it and write it again.")) from None


class HistoryFilterForm(UIFilterForm):
    tipo = forms.ChoiceField(label=_("Kind of contact"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tipo"].choices = [("", _("All")), *kinds()]  # type: ignore[attr-defined]

    @property
    def kind(self) -> str:
        return self.cleaned_data["tipo"] if self.is_valid() else ""
