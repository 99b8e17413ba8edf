"""Forms of a municipality's own terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits_core.domain.terms import NOTE_LENGTH
from benefits_core.enums import TermsState, TermUnit
from benefits_core.forms.texts import TextsForm
from benefits_core.models import MunicipalTerms, Step
from benefits_core.queries.words import term_in_words
from portal.foundation.territories.models import ServicePoint
from portal.foundation.ui.forms import UIDateField, UIFilterForm, UIForm


class TermsFilterForm(UIFilterForm):
    q = forms.CharField(label=gettext_lazy("Words"), max_length=100, required=False)
    estado = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *TermsState.choices]
    )


class TermsForm(TextsForm):
    """A term for each step of the procedure in force, the service points and a note."""

    texts = {"note": (gettext_lazy("Note for citizens"), True, NOTE_LENGTH, gettext_lazy("Such as opening hours."))}

    service_points = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Where the municipality gives it"),
        queryset=ServicePoint.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, steps: Sequence[Step], points: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = steps
        self.fields["service_points"].queryset = points  # type: ignore[attr-defined]
        for step in steps:
            national = term_in_words(step.term_amount, step.term_unit)
            self.fields[f"term_{step.key}"] = forms.IntegerField(
                label=str(step),
                required=False,
                min_value=1,
                help_text=_("The national term is %(term)s.") % {"term": national}
                if national
                else _("Nothing is promised nationally."),
            )
            self.fields[f"unit_{step.key}"] = forms.ChoiceField(
                label=_("Unit of “%(step)s”") % {"step": step},
                required=False,
                choices=TermUnit.choices,
                initial=step.term_unit or TermUnit.WORKING_DAYS,
            )
        names = tuple(name for step in steps for name in (f"term_{step.key}", f"unit_{step.key}"))
        self.groups = (
            (_("Own terms; an empty one keeps the national term"), names),
            (_("Places and note"), ("service_points", "note")),
        )

    @property
    def promised(self) -> dict[str, tuple[int, str]]:
        """Step key → amount and unit, of the steps with a term."""
        return {
            step.key: (amount, self.cleaned_data[f"unit_{step.key}"])
            for step in self.steps
            if (amount := self.cleaned_data.get(f"term_{step.key}")) is not None
        }

    @classmethod
    def initial_of(cls, terms: MunicipalTerms) -> dict[str, Any]:
        initial: dict[str, Any] = cls.spread("note", terms.note) | {"revision": terms.revision}
        initial["service_points"] = list(terms.service_points.values_list("pk", flat=True))
        for term in terms.step_terms.all():
            initial |= {f"term_{term.step_key}": term.amount, f"unit_{term.step_key}": term.unit}
        return initial


class PublishTermsForm(UIForm):
    starts_on = UIDateField(label=gettext_lazy("First day in force"))
    revision = forms.IntegerField(widget=forms.HiddenInput)


class EndTermsForm(UIForm):
    ends_on = UIDateField(label=gettext_lazy("First day on which the national terms apply again"))


class RemarksForm(UIForm):
    remarks = forms.CharField(
        label=gettext_lazy("Remarks"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text=gettext_lazy("Say what has to change before you publish."),
    )
