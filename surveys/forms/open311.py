"""Forms of the interface for other applications."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.foundation.territories.models import Territory
from portal.foundation.ui.forms import UIForm
from surveys.forms.themes import HIDE_LENGTH


class ApiKeyForm(UIForm):
    name = forms.CharField(label=_("Application"), max_length=80, help_text=_("As its users call it."))
    holder = forms.CharField(label=_("Organization that answers for it"), max_length=120)
    email = forms.EmailField(label=_("Its e-mail"), help_text=_("To write to, if something goes wrong."))
    territory = forms.ModelChoiceField(
        label=_("Where it may send"), queryset=None, required=False, empty_label=_("To every municipality")
    )
    hourly_limit = forms.IntegerField(label=_("Complaints in one hour, at most"), min_value=1, max_value=10_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = Territory.objects.municipalities().order_by("search_name")  # type: ignore[attr-defined]
        self.fields["hourly_limit"].initial = 60


class PublicTextForm(UIForm):
    hide = forms.CharField(
        label=_("Words to hide"),
        required=False,
        max_length=HIDE_LENGTH,
        help_text=_("Names, nicknames, places. Part them with commas."),
    )
    is_read = forms.BooleanField(label=_("I have read it: it names nobody, and nobody can be recognized"))

    def phrases(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.cleaned_data["hide"].split(",") if part.strip())
