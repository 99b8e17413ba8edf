"""What a municipality sets for its complaints."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.foundation.ui.forms import UIDateField, UIForm
from surveys.domain.terms import TITLE_LENGTH
from surveys.enums import ComplaintKind
from surveys.forms.fields import LongText


class TermsForm(UIForm):
    starts_on = UIDateField(
        label=_("From which day?"), help_text=_("What was received before keeps the terms of its day.")
    )
    answer_days = forms.IntegerField(
        label=_("Working days to answer"),
        min_value=1,
        help_text=_("What your ordinance says. The law allows 30 at most."),
    )
    internal_days = forms.IntegerField(
        label=_("Working days of the internal target"),
        min_value=1,
        help_text=_("When that day comes, whoever is in charge is told."),
    )
    acknowledge_days = forms.IntegerField(label=_("Working days to hand over the receipt of a letter"), min_value=1)
    ordinance = forms.CharField(
        label=_("Ordinance"),
        required=False,
        max_length=200,
        help_text=_("Its number and date, as citizens can find it."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].earliest = today  # type: ignore[attr-defined]


class TemplateForm(UIForm):
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH, help_text=_("Only the team sees it."))
    kind = forms.ChoiceField(
        label=_("For what?"), required=False, choices=[("", _("Anything")), *ComplaintKind.choices]
    )
    found = LongText(
        label=_("What we found"),
        required=False,
        help_text=_("Write {codigo}, {municipalidad}, {fecha} or {recibido} where that has to appear."),
    )
    action = LongText(label=_("What we do"), required=False)
    next_step = LongText(label=_("Next step for the person"), required=False, rows=3)
