"""Forms of the procedures' editors. What is asked here; what is allowed is checked again by the verbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from benefits_core.domain.checks import LONG_TEXT, SHORT_TEXT
from benefits_core.domain.procedures import KEY_LENGTH, VersionContent
from benefits_core.domain.steps import StepContent
from benefits_core.enums import Channel, LinkKind, ProcedureKind, StepActor, TermUnit
from benefits_core.forms.texts import TextsForm, as_lines, as_texts
from benefits_core.models import ProcedureVersion, Step
from benefits_core.queries.content import VERSION_TEXTS
from portal.foundation.ui.forms import ChoiceWithHint, UIDateField, UIFilterForm, UIForm

DOCUMENTS_LENGTH = 4000


class RevisionForm(UIForm):
    """Confirms what the person had on the screen."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ProcedureFilterForm(UIFilterForm):
    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    ambito = forms.ChoiceField(
        label=_("Scope"),
        required=False,
        choices=[("", _("All")), ("nacional", _("National")), ("municipal", _("Of a municipality"))],
    )
    estado = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            ("vigente", _("In force")),
            ("borrador", _("With a draft")),
            ("por-comenzar", _("Will begin")),
            ("sin-vigencia", _("Not in force")),
        ],
    )


class NewProcedureForm(UIForm):
    name_es = forms.CharField(label=_("Name in Spanish"), max_length=SHORT_TEXT)
    name_en = forms.CharField(label=_("Name in English"), max_length=SHORT_TEXT, required=False)
    key = forms.CharField(
        label=_("Short name for addresses"),
        max_length=KEY_LENGTH,
        help_text=_("Lower-case letters without accents, digits and hyphens, such as ingreso-al-registro. It stays."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ProcedureKind.choices, initial=ProcedureKind.TRAMITE)
    territory = forms.ChoiceField(label=_("Who gives it"))

    def __init__(self, *args: Any, places: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, places)


class VersionForm(TextsForm):
    """What a version says beside its steps."""

    texts = {
        "name": (_("Name"), False, SHORT_TEXT, _("As people call it.")),
        "summary": (_("What it is for"), True, LONG_TEXT, _("Short sentences that begin with what the person wants.")),
        "audience": (_("Who can ask for it"), True, LONG_TEXT, ""),
        "result": (_("What the person gets"), True, LONG_TEXT, ""),
        "cost": (_("Cost"), False, SHORT_TEXT, _("Say also when it costs nothing.")),
        "legal_source": (_("Legal source"), True, LONG_TEXT, _("Law or decree, with its number and year.")),
        "change_note": (_("What changes"), True, LONG_TEXT, _("Against the version before; citizens read it.")),
    }
    required_texts = frozenset({"name"})
    groups = (
        (_("What people read first"), ("name", "summary", "audience", "result", "cost")),
        (_("Where it comes from"), ("legal_source", "legal_confirmed", "is_official")),
        (_("This version"), ("change_note",)),
    )

    legal_confirmed = forms.BooleanField(
        label=_("The legal source is confirmed"),
        required=False,
        help_text=_("Until then the public page says that it is to be confirmed."),
    )
    is_official = forms.BooleanField(
        label=_("The text is official"),
        required=False,
        help_text=_("Until then the public page says that it is drafted."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def content(self) -> VersionContent:
        """What was written, for the verb."""
        return VersionContent(
            **{name: self.written(name) for name in VERSION_TEXTS},
            legal_confirmed=self.cleaned_data["legal_confirmed"],
            is_official=self.cleaned_data["is_official"],
        )

    @classmethod
    def initial_of(cls, version: ProcedureVersion) -> dict[str, Any]:
        initial: dict[str, Any] = {}
        for name in VERSION_TEXTS:
            initial |= cls.spread(name, getattr(version, name))
        return initial | {
            "legal_confirmed": version.legal_confirmed,
            "is_official": version.is_official,
            "revision": version.revision,
        }


class StepForm(TextsForm):
    """One step, in groups."""

    texts = {
        "name": (_("Name of the step"), False, SHORT_TEXT, _("Begin with a verb: «Present the documents».")),
        "what": (_("What is done"), True, LONG_TEXT, _("In plain words and short sentences.")),
        "actor_name": (_("Which institution or unit"), False, SHORT_TEXT, _("Needed for another institution.")),
        "form": (_("Form"), False, SHORT_TEXT, _("The name of the form that is filled in.")),
        "letter": (_("Letter"), False, SHORT_TEXT, _("The letter or notice that the person receives.")),
        "documents": (
            _("Documents asked for"),
            True,
            DOCUMENTS_LENGTH,
            _("One on each line, in the same order in both languages."),
        ),
        "term_note": (
            _("Counted from"),
            True,
            LONG_TEXT,
            _("Such as: from the day on which the documents are complete."),
        ),
        "legal_source": (_("Legal source"), True, LONG_TEXT, ""),
    }
    required_texts = frozenset({"name"})
    groups = (
        (_("The step"), ("name", "what", "same_as")),
        (_("Who does it and where"), ("actor", "actor_name", "channels")),
        (_("What is asked and what is received"), ("documents", "form", "letter")),
        (_("The promised term"), ("term_amount", "term_unit", "term_note")),
        (_("Where it comes from"), ("legal_source",)),
    )

    actor = forms.ChoiceField(label=_("Who does it"), choices=StepActor.choices, widget=forms.RadioSelect)
    channels = forms.MultipleChoiceField(
        label=_("Where"), choices=Channel.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    term_amount = forms.IntegerField(
        label=_("Promised term"),
        required=False,
        min_value=1,
        help_text=_("A whole number. Leave it empty where the applicant does the step."),
    )
    term_unit = forms.ChoiceField(
        label=_("Unit"), required=False, choices=[("", _("No term")), *TermUnit.choices], widget=forms.RadioSelect
    )
    same_as = forms.ChoiceField(
        label=_("Is it a step of earlier versions?"),
        required=False,
        help_text=_("Then everything pinned to that step shows here."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, former: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if former:
            self.fields["same_as"].choices = [("", _("No, it is new")), *former]  # type: ignore[attr-defined]
        else:
            del self.fields["same_as"]

    @property
    def content(self) -> StepContent:
        """What was written, for the verb."""
        data = self.cleaned_data
        texts = {name: self.written(name) for name in self.texts if name != "documents"}
        return StepContent(
            **texts,
            documents=as_texts(self.written("documents")),
            actor=data["actor"],
            channels=data["channels"],
            term_amount=data["term_amount"],
            term_unit=data["term_unit"] if data["term_amount"] is not None else "",
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("term_unit") and data.get("term_amount") is None and "term_amount" not in self.errors:
            self.add_error("term_amount", _("Write how many, or choose «No term»."))
        return data

    @classmethod
    def initial_of(cls, step: Step) -> dict[str, Any]:
        initial: dict[str, Any] = {}
        for name in cls.texts:
            lines = as_lines(step.documents) if name == "documents" else getattr(step, name)
            initial |= cls.spread(name, lines)
        same = ("actor", "channels", "term_amount", "term_unit", "revision")
        return initial | {name: getattr(step, name) for name in same}

    def _row(self, name: str) -> list[forms.BoundField]:
        return [] if name == "same_as" and name not in self.fields else super()._row(name)


class LinkForm(TextsForm):
    """What follows a step."""

    texts = {
        "condition": (_("In which case"), False, 300, _("Such as: if a document is missing. Not for the usual one."))
    }
    groups = (("", ("target", "kind", "condition")),)

    target = forms.TypedChoiceField(label=_("The step that follows"), coerce=int)
    kind = forms.ChoiceField(
        label=_("When"),
        widget=forms.RadioSelect,
        choices=[
            (LinkKind.NEXT, ChoiceWithHint(_("As a rule"), _("It takes the place of the usual next step."))),
            (LinkKind.ALTERNATIVE, ChoiceWithHint(_("Only in some cases"), _("Say in which case below."))),
        ],
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, steps: Sequence[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = [("", _("Choose a step")), *((step.pk, str(step)) for step in steps)]  # type: ignore[attr-defined]


class PublishForm(UIForm):
    starts_on = UIDateField(label=_("First day in force"), help_text=_("The version before ends on that day."))
    seen = forms.CharField(widget=forms.HiddenInput)


class EndForm(UIForm):
    ends_on = UIDateField(label=_("First day on which it can no longer be asked for"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text=_("Citizens read it."),
    )


class CompareForm(UIFilterForm):
    con = forms.TypedChoiceField(label=_("Compare with"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, versions: Sequence[ProcedureVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["con"].choices = [(version.number, str(version)) for version in versions]  # type: ignore[attr-defined]


class MapForm(UIForm):
    """What a former step is now."""

    NOTHING = "none"

    to_step = forms.ChoiceField(label=_("What is it in this version?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=_("Needed where it no longer applies."),
    )

    def __init__(self, *args: Any, steps: Sequence[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(step.pk), str(step)) for step in steps]
        self.fields["to_step"].choices = [*choices, (self.NOTHING, _("It no longer applies"))]  # type: ignore[attr-defined]

    def step_id(self) -> int | None:
        chosen = self.cleaned_data["to_step"]
        return None if chosen == self.NOTHING else int(chosen)


class ReasonForm(UIForm):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": "4"}))


class ImportForm(UIForm):
    file = forms.FileField(
        label=_("File of the procedure"),
        help_text=_("JSON or YAML as downloaded here, at most 200 KB. It becomes a draft."),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.yaml,.yml"}),
    )
    territory = forms.ChoiceField(label=_("Who gives it"))

    def __init__(self, *args: Any, places: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, places)


def offer_places(form: forms.Form, places: Sequence[tuple[str, Any]]) -> None:
    """The choices of ``territory``; where there is only one, it is not asked."""
    field = form.fields["territory"]
    field.choices = places  # type: ignore[attr-defined]
    if len(places) == 1:
        field.widget, field.initial = forms.HiddenInput(), places[0][0]
