"""Forms of the plan. What is asked here; what is allowed is checked again by the verbs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plans.domain.actions import CONTENT_FIELDS, MAX_WHYS, ActionContent
from plans.domain.checks import LONG_TEXT, SHORT_TEXT
from plans.domain.comments import COMMENT_LENGTH
from plans.enums import ActionKind, EvidenceMoment, Judgement, PlanState, SignatureRole
from plans.models import Action, ImprovementPlan, PublicationLink
from plans.queries.gaps import standards_of_year
from plans.queries.people import possible_owners
from plans.queries.plans import LineLeft
from portal.foundation.indicators import registry as indicators
from portal.foundation.territories.models import Territory
from portal.foundation.ui.forms import ChoiceWithHint, UIDateField, UIFilterForm, UIForm
from portal.foundation.ui.translated import localized
from quality.freshness import FIRST_DAY

STANDARD_ROWS = 4
HIDDEN = frozenset({"revision", "seen", "token"})
TARGETS = [("", _("Choose a level")), (1, _("Level 1")), (2, _("Level 2")), (3, _("Level 3"))]


def long_text(label: Any, *, required: bool = True, help_text: Any = "", limit: int = LONG_TEXT) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": "4"}),
    )


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
            *((indicator.key, indicator.label) for indicator in indicators.all_indicators()),
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


class SummaryForm(UIForm):
    summary = long_text(_("Summary for citizens"), required=False, help_text=_("What the plan will change this year."))


class ProposeForm(UIForm):
    """Asks for a reason where people could not comment on the draft; else for the button alone."""

    no_comment_reason = long_text(
        _("Why were people not asked?"),
        limit=500,
        help_text=_("Who signs reads it, and it is shown on the public page of the plan."),
    )

    def __init__(self, *args: Any, plan: ImprovementPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["no_comment_reason"].error_messages["required"] = _(
            "Say why people could not comment, or open the draft to comment first."
        )
        if plan.was_open_to_comment():
            del self.fields["no_comment_reason"]


class UntilForm(UIForm):
    until = UIDateField(label=_("Last day for comments"), help_text=_("On that day people can still comment."))


class CarryOverForm(UIForm):
    """The lines that an earlier year left open. Those that have reached their targets are not ticked."""

    lines = forms.TypedMultipleChoiceField(
        label=_("Which lines do you bring?"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, left: list[LineLeft], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = [
            (line.action.pk, ChoiceWithHint(str(line.action), _line_left(line))) for line in left
        ]
        self.initial["lines"] = [line.action.pk for line in left if not line.is_reached]


def _line_left(line: LineLeft) -> str:
    if not line.parts:
        return gettext("Its standards are not in this year's catalogue.")
    known = _("%(standard)s: level %(level)s today, its target is %(target)s.")
    unknown = _("%(standard)s: not measured this year, its target is %(target)s.")
    said = [
        (unknown if part.level is None else known)
        % {"standard": part.standard.code, "level": part.level, "target": part.target}
        for part in line.parts
    ]
    if line.is_reached:
        said.append(gettext("It has reached its target. If you bring it, give it a higher one."))
    return " ".join(str(text) for text in said)


class RemarksForm(UIForm):
    remarks = long_text(_("Remarks"), help_text=_("Say what has to change before the plan can be validated."))


class ReasonForm(UIForm):
    reason = long_text(_("Reason"))


class HideForm(UIForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("For example: insults, personal data or another matter.")
    )


class AnswerForm(UIForm):
    answer = long_text(_("Answer"), limit=COMMENT_LENGTH, help_text=_("It is shown to everybody below the comment."))


class CommentForm(UIForm):
    """Anybody's comment on the draft. ``website`` is a trap: a person does not see it."""

    template_name = "plans/partials/comment_form.html"

    line = forms.ModelChoiceField(
        label=_("What is your comment about?"), queryset=None, required=False, empty_label=_("The whole plan")
    )
    text = long_text(_("Your comment"), limit=COMMENT_LENGTH, help_text=_("Please write no personal data."))
    name = forms.CharField(label=_("Name"), required=False, max_length=120)
    organization = forms.CharField(
        label=_("Neighborhood organization"), required=False, max_length=150, help_text=_("If you write for one.")
    )
    website = forms.CharField(label=_("Leave this empty"), required=False)

    def __init__(self, *args: Any, plan: ImprovementPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = plan.actions.order_by("number")

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("website"))


class SignForm(UIForm):
    """The signature; ``content_hash`` is that of the content shown on the same page."""

    needed_if = {"reason": _("you sign for the regional team")}

    role = forms.ChoiceField(label=_("You sign as"), widget=forms.RadioSelect)
    content_hash = forms.CharField(widget=forms.HiddenInput)
    agree = forms.BooleanField(label=_("I have read the plan and I validate it"))

    def __init__(self, *args: Any, grounds: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            (ground.role, ChoiceWithHint(SignatureRole(ground.role).label, ground.reason or ground.standing.label))
            for ground in grounds
        ]
        if len(grounds) == 1:
            self.initial.setdefault("role", grounds[0].role)
        if any(ground.standing == "regional" for ground in grounds):
            self.fields["reason"] = forms.CharField(
                label=_("Why the regional team signs"),
                max_length=200,
                required=all(ground.standing == "regional" for ground in grounds),
            )
            self.order_fields(["role", "reason", "content_hash", "agree"])


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


class ReportForm(UIForm):
    achievements = long_text(_("What was achieved"))
    deviations = long_text(_("Deviations from the plan"), required=False, help_text=_("What was not done, and why."))
    lessons = long_text(_("Lessons"), required=False)


class PublicationForm(UIForm):
    kind = forms.ChoiceField(
        label=_("Where it was published"), choices=PublicationLink.Kind.choices, widget=forms.RadioSelect
    )
    url = forms.URLField(
        label=_("Web address"), required=False, max_length=200, assume_scheme="https", help_text=_("If it has one.")
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=200, help_text=_("If it is not on the web."))
    published_on = UIDateField(label=_("Date"))


class PlanFilterForm(UIFilterForm):
    q = forms.CharField(label=_("Municipality"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    region = forms.ModelChoiceField(label=_("Region"), required=False, queryset=None, empty_label=_("All"))

    def __init__(self, *args: Any, years: list[int], regions: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All")), *PlanState.choices]
        self.fields["year"].choices = [("", _("All")), *((year, str(year)) for year in years)]
        self.fields["region"].queryset = regions if regions is not None else Territory.objects.none()
        if regions is None:
            del self.fields["region"]


def fingerprint(value: Any) -> str:
    """Two values with the same one say the same, whether they are stored or typed."""
    plain = getattr(value, "pk", value)
    text = "" if plain is None or plain is False else str(plain)
    return sha256("\n".join(text.strip().splitlines()).encode()).hexdigest()[:8]


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
