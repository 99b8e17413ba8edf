"""What is done with a line: its steps, progress, evidence, end and verification."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.domain.checks import SHORT_TEXT
from plans.enums import EvidenceMoment
from plans.forms.fields import long_text
from plans.models import Action
from portal.foundation.ui.forms import ChoiceWithHint, UIDateField, UIForm
from portal.foundation.ui.translated import localized
from quality.freshness import FIRST_DAY


class MilestoneForm(UIForm):
    name = forms.CharField(label=_("Milestone"), max_length=SHORT_TEXT)
    due_on = UIDateField(label=_("Due on"))


class ReachForm(UIForm):
    reached_on = UIDateField(label=_("Reached on"))


class ProgressForm(UIForm):
    progress = forms.IntegerField(
        label=_("Progress (%)"), min_value=0, max_value=99, help_text=_("To say 100, finish the line.")
    )
    note = long_text(_("What was done"))


class EvidenceForm(UIForm):
    moment = forms.ChoiceField(label=_("What it shows"), choices=EvidenceMoment.choices, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, photo or document of up to 20 MB. Show no personal data.")
    )
    dated_on = UIDateField(label=_("Date of what it shows"), earliest=FIRST_DAY)
    description = forms.CharField(label=_("Description"), max_length=200)


class FinishForm(UIForm):
    missed_reason = long_text(_("Why is the line done without them?"))
    lesson = long_text(_("Lesson"), help_text=_("What you would do again, and what not."))
    spent = forms.DecimalField(
        label=_("Amount spent in Chilean pesos"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=0,
        localize=True,
    )

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = list(action.standards.select_related("standard"))
        for part in self.parts:
            self.fields[_level_field(part)] = _level_choice(part, _("Level now, in the team's view: %(standard)s"))
        self.order_fields(["missed_reason", *(_level_field(part) for part in self.parts)])
        missed = [milestone.name for milestone in action.milestones.filter(reached_on__isnull=True)]
        if missed:
            self.fields["missed_reason"].help_text = _(
                "Milestones not reached: %(names)s. Note first those that were reached."
            ) % {"names": "; ".join(missed)}
        else:
            del self.fields["missed_reason"]

    @property
    def levels(self) -> dict[int, int]:
        return {part.standard_id: self.cleaned_data[_level_field(part)] for part in self.parts}


class VerifyForm(UIForm):
    accepted = forms.TypedChoiceField(
        label=_("Does the evidence show the improvement?"),
        choices=[("yes", _("Yes: verified")), ("no", _("No: not verified"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    remarks = long_text(_("Remarks"), required=False)
    needed_if = {"remarks": _("it is not verified")}

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = list(action.standards.select_related("standard"))
        for part in self.parts:
            field = _level_choice(part, _("Level found: %(standard)s"))
            field.required = False
            self.fields[_level_field(part)] = field
        levels = {_level_field(part): _("it is verified") for part in self.parts}
        self.needed_if = {**self.needed_if, **levels}
        self.order_fields(["accepted", *(_level_field(part) for part in self.parts), "remarks"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for part in self.parts:
            name = _level_field(part)
            if values.get("accepted") and values.get(name) in ("", None):
                self.add_error(name, _("Choose an option."))
        if values.get("accepted") is False and not values.get("remarks"):
            self.add_error("remarks", _("Say what is missing, so that the team can go on."))
        return values

    @property
    def levels(self) -> dict[int, int]:
        return {part.standard_id: self.cleaned_data[_level_field(part)] for part in self.parts}


class EffectForm(UIForm):
    effect = long_text(_("Effect seen"), help_text=_("What changed for people, and how you know."))


def _level_field(part: Any) -> str:
    return f"level_{part.standard_id}"


def _level_choice(part: Any, label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label % {"standard": f"{part.standard.code} {localized(part.standard.name)}"},
        choices=[
            (
                level["value"],
                ChoiceWithHint(_("Level %(level)s") % {"level": level["value"]}, localized(level["descriptor"])),
            )
            for level in part.standard.levels
        ],
        coerce=int,
        widget=forms.RadioSelect,
    )
