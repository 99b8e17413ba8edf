"""Writing a line of the plan, by several members at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from plans.domain.actions import CONTENT_FIELDS, MAX_WHYS, ActionContent
from plans.domain.checks import SHORT_TEXT
from plans.enums import ActionKind, Judgement
from plans.forms.fields import long_text
from plans.models import Action, ImprovementPlan
from plans.queries.gaps import standards_of_year
from plans.queries.people import possible_owners
from portal.foundation.indicators import registry as indicators
from portal.foundation.ui.forms import UIDateField, UIForm
from portal.foundation.ui.translated import localized

STANDARD_ROWS = 4
HIDDEN = frozenset({"revision", "seen", "token"})
TARGETS = [("", _("Choose a level")), (1, _("Level 1")), (2, _("Level 2")), (3, _("Level 3"))]


def judgement(label: Any, question: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, help_text=question, choices=Judgement.choices, coerce=int, widget=forms.RadioSelect
    )


def reason(question: Any) -> forms.CharField:
    return long_text(question)


class LineForm(UIForm):
    """One line of the plan, in groups (``programme.md``, "Fields of a PLM line")."""

    template_name = "plans/partials/line_form.html"
    groups = (
        (_("The problem and its cause"), ("title", "kind", "problem", "why_", "root_cause")),
        (_("The improvement and its standards"), ("improvement", "standard_")),
        (
            _("Three judgements"),
            (
                "pertinence",
                "pertinence_reason",
                "incidence",
                "incidence_reason",
                "feasibility",
                "feasibility_reason",
            ),
        ),
        (_("Who and when"), ("owner", "stand_in", "starts_on", "ends_on")),
        (_("What it needs"), ("resources", "amount", "funding_source")),
        (
            _("How it will be measured"),
            ("indicator_key", "indicator", "baseline", "goal", "data_source", "effect_check_on"),
        ),
        (_("Risks and dependencies"), ("risk", "depends_on_national", "dependency")),
        (_("In plain words"), ("public_summary",)),
    )

    needed_if = {
        "indicator": _("you choose none of the list"),
        "baseline": _("you choose no indicator of the list"),
        "dependency": _("it depends on the national level"),
    }

    title = forms.CharField(
        label=_("The improvement in a few words"), max_length=SHORT_TEXT, help_text=_("Its name in the plan.")
    )
    kind = forms.ChoiceField(label=_("Type"), choices=ActionKind.choices, initial=ActionKind.PRIORITIZED)
    problem = long_text(
        _("The problem in one sentence"), help_text=_("What happens, to whom and how often. Not the solution.")
    )
    root_cause = long_text(_("Root cause"), help_text=_("The last answer: what has to change so that it stops."))
    improvement = long_text(_("What will be done"))
    pertinence = judgement(_("Pertinence"), _("How much does it answer what people need?"))
    pertinence_reason = reason(_("Why that pertinence?"))
    incidence = judgement(_("Incidence"), _("How much will the service change?"))
    incidence_reason = reason(_("Why that incidence?"))
    feasibility = judgement(_("Feasibility"), _("Can the team do it this year with what it has?"))
    feasibility_reason = reason(_("Why that feasibility?"))
    owner = forms.ModelChoiceField(label=_("Person in charge"), queryset=None, empty_label=_("Choose a person"))
    stand_in = forms.ModelChoiceField(
        label=_("Stand-in"),
        queryset=None,
        required=False,
        empty_label=_("Nobody"),
        help_text=_("Who goes on when that person is away."),
    )
    starts_on = UIDateField(label=_("Starts on"))
    ends_on = UIDateField(label=_("Ends on"))
    resources = long_text(_("Resources"), required=False, help_text=_("People, materials, places."))
    amount = forms.DecimalField(
        label=_("Amount in Chilean pesos"), required=False, min_value=0, max_digits=12, decimal_places=0, localize=True
    )
    funding_source = forms.CharField(label=_("Funding source"), required=False, max_length=150)
    indicator_key = forms.ChoiceField(
        label=_("Indicator that the platform measures"),
        required=False,
        help_text=_("Its baseline is measured when you save, and does not change afterwards."),
    )
    indicator = forms.CharField(
        label=_("Another indicator"),
        required=False,
        max_length=200,
        help_text=_("Only where none of the list serves."),
    )
    baseline = forms.CharField(
        label=_("Baseline"), required=False, max_length=100, help_text=_("The number today, with its unit.")
    )
    goal = forms.CharField(label=_("Goal"), max_length=100, help_text=_("The number to reach, with its unit."))
    data_source = forms.CharField(label=_("Where the data come from"), max_length=150)
    effect_check_on = UIDateField(
        label=_("Check the effect on"), required=False, help_text=_("Some months after the end.")
    )
    risk = long_text(_("Risk"), required=False, help_text=_("What could keep it from being done."))
    depends_on_national = forms.BooleanField(
        label=_("It depends on the national level"),
        required=False,
        help_text=_("The municipality cannot mend the cause alone. The national team will see this line."),
    )
    dependency = long_text(_("On whom or on what it depends"), required=False)
    public_summary = long_text(
        _("Summary for citizens"),
        limit=1000,
        help_text=_("Two or three short sentences: what will be better and from when."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.JSONField(widget=forms.HiddenInput, required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def __init__(self, *args: Any, plan: ImprovementPlan, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        team = possible_owners(plan.municipality, today)
        self.fields["owner"].queryset = self.fields["stand_in"].queryset = team
        self.fields["indicator_key"].choices = [
            ("", _("None of these")),
            *((indicator.key, indicator.label) for indicator in indicators.of_territories()),
        ]
        self._add_whys()
        self._add_standards()

    def grouped(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """The fields under their legends, in order; the template draws each as a fieldset."""
        for legend, names in self.groups:
            yield (
                legend,
                [self[name] for wanted in names for name in self.fields if self._belongs(name, wanted)],
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("indicator_key"):
            for name in ("indicator", "baseline"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("Write an answer, or choose an indicator of the list."))
        if values.get("starts_on") and values.get("ends_on") and values["ends_on"] < values["starts_on"]:
            self.add_error("ends_on", _("The end cannot be before the start."))
        self._clean_standards(values)
        return values

    @property
    def content(self) -> ActionContent:
        """What was written, for the verb."""
        values = {name: self.cleaned_data[name] for name in CONTENT_FIELDS if name in self.cleaned_data}
        values["whys"] = tuple(self.cleaned_data[name] for name in self.fields if name.startswith("why_"))
        return ActionContent(**values)

    @property
    def standards(self) -> list[tuple[Any, int]]:
        """The standards chosen, with their targets."""
        pairs = [
            (self.cleaned_data[f"standard_{row}"], self.cleaned_data[f"standard_{row}_target"]) for row in self.rows
        ]
        return [(standard, int(target)) for standard, target in pairs if standard]

    def target_field(self, standard: Any) -> str:
        """The name of the field that holds the target of that standard."""
        row = next(row for row in self.rows if self.cleaned_data[f"standard_{row}"] == standard)
        return f"standard_{row}_target"

    def merged(self, stored: Action) -> dict[str, Any]:
        """What another member stored meanwhile, with what this person changed in its place."""
        initial = self.initial_of(stored)
        seen = self.cleaned_data["seen"] if isinstance(self.cleaned_data["seen"], dict) else {}
        own = {name: value for name, value in self.cleaned_data.items() if name not in HIDDEN}
        return initial | {
            name: getattr(value, "pk", value)
            for name, value in own.items()
            if fingerprint(value) != seen.get(name, fingerprint(None))
        }

    @staticmethod
    def initial_of(action: Action) -> dict[str, Any]:
        """What the form starts with for a line that is stored; ``seen`` tells later what was changed on it."""
        initial = LineForm._stored(action)
        return initial | {
            "revision": action.revision,
            "seen": {name: fingerprint(value) for name, value in initial.items()},
        }

    @staticmethod
    def _stored(action: Action) -> dict[str, Any]:
        initial = {name: getattr(action, name) for name in CONTENT_FIELDS if name != "whys"}
        initial |= {"owner": action.owner_id, "stand_in": action.stand_in_id}
        if action.amount is not None:
            initial["amount"] = int(action.amount)  # the form asks for whole pesos
        initial |= {f"why_{row}": why for row, why in enumerate(action.whys, start=1)}
        for row, part in enumerate(action.standards.all(), start=1):
            initial |= {f"standard_{row}": part.standard_id, f"standard_{row}_target": part.target}
        return initial

    def _belongs(self, name: str, wanted: str) -> bool:
        return name == wanted or (wanted.endswith("_") and name.startswith(wanted))

    def _add_whys(self) -> None:
        for row in range(1, MAX_WHYS + 1):
            self.fields[f"why_{row}"] = forms.CharField(
                label=_("Why does it happen?") if row == 1 else _("And why is that? (%(number)s)") % {"number": row},
                required=False,
                max_length=500,
                help_text=_("Ask why of each answer, up to five times, until you reach what can be changed.")
                if row == 1
                else "",
            )

    def _add_standards(self) -> None:
        standards = standards_of_year(self.plan.cycle)
        choices = [(standard.pk, f"{standard.code} {localized(standard.name)}") for standard in standards]
        found = {standard.pk: standard for standard in standards}
        # A line written elsewhere may have more standards than the page offers.
        self.rows = range(1, max(STANDARD_ROWS, sum(name.endswith("_target") for name in self.initial)) + 1)
        for row in self.rows:
            self.fields[f"standard_{row}"] = forms.TypedChoiceField(
                label=_("Standard that it improves")
                if row == 1
                else _("Another standard (%(number)s)") % {"number": row},
                choices=[("", _("Choose a standard")), *choices],
                required=row == 1,
                coerce=lambda value: found[int(value)],
                empty_value=None,
            )
            self.fields[f"standard_{row}_target"] = forms.ChoiceField(
                label=_("Target level"), choices=TARGETS, required=row == 1
            )
        targets = {f"standard_{row}_target": _("you choose a standard above") for row in self.rows}
        self.needed_if = {**self.needed_if, **targets}

    def _clean_standards(self, values: dict[str, Any]) -> None:
        seen = set()
        for row in self.rows:
            standard, target = values.get(f"standard_{row}"), values.get(f"standard_{row}_target")
            if standard and not target and f"standard_{row}_target" not in self.errors:
                self.add_error(f"standard_{row}_target", _("Choose the level to reach."))
            if standard and standard.pk in seen:
                self.add_error(f"standard_{row}", _("A standard is there twice."))
            if standard:
                seen.add(standard.pk)


def fingerprint(value: Any) -> str:
    """Two values with the same one say the same, whether they are stored or typed."""
    plain = getattr(value, "pk", value)
    text = "" if plain is None or plain is False else str(plain)
    return sha256("\n".join(text.strip().splitlines()).encode()).hexdigest()[:8]
