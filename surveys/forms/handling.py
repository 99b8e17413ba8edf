"""What the team fills in about a complaint."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from benefits_core.queries.procedures import step_choices
from portal.foundation.territories.models import ServicePoint, Territory
from portal.foundation.ui.forms import ChoiceWithHint, UIFilterForm, UIForm
from portal.foundation.ui.translated import localized
from quality.models import Standard
from quality.queries.catalogue import latest_version
from surveys.enums import ComplaintChannel, ComplaintKind, ComplaintRoute, ComplaintState, Outcome, RootCause
from surveys.forms.fields import Files, LongText
from surveys.models import Complaint
from surveys.queries.complaints import TERMS, InboxFilter, categories
from surveys.queries.people import candidates, team


class InboxForm(UIFilterForm):
    """What the inbox is narrowed to; empty shows what is open."""

    q = forms.CharField(label=_("Code or words of the text"), required=False, max_length=80)
    estado = forms.ChoiceField(label=_("State"), required=False)
    clase = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *ComplaintKind.choices])
    categoria = forms.ChoiceField(label=_("Category"), required=False)
    plazo = forms.ChoiceField(label=_("Needs"), required=False, choices=[("", _("Anything")), *TERMS.items()])
    canal = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("All")), *ComplaintChannel.choices])
    punto = forms.ModelChoiceField(label=_("Place"), required=False, queryset=None, empty_label=_("All"))
    municipalidad = forms.ModelChoiceField(
        label=_("Municipality"), required=False, queryset=None, empty_label=_("All"), to_field_name="slug"
    )
    mios = forms.BooleanField(label=_("Only mine"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Territory.objects.visible_to(user).municipalities().order_by("search_name")
        self.fields["municipalidad"].queryset = places  # type: ignore[attr-defined]
        points = ServicePoint.objects.filter(territory__in=places).select_related("territory")
        self.fields["punto"].queryset = points.order_by("name")  # type: ignore[attr-defined]
        states = [("", _("Open")), ("todos", _("All")), *ComplaintState.choices]
        self.fields["estado"].choices = states  # type: ignore[attr-defined]
        self.fields["categoria"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            ("none", _("Without a category")),
            *((each.code, str(each)) for each in categories(latest_version())),
        ]
        if len({grant.territory_id for grant in user.scope.grants}) < 2 and not self._sees_many(user):
            del self.fields["municipalidad"]

    @staticmethod
    def _sees_many(user: Any) -> bool:
        return any(grant.role == "regional_team" for grant in user.scope.grants)

    def wanted(self) -> InboxFilter:
        """What was chosen; a wrong address narrows nothing."""
        chosen = self.cleaned_data if self.is_valid() else {}
        state = chosen.get("estado") or "open"
        return InboxFilter(
            text=chosen.get("q", ""),
            state="" if state == "todos" else state,
            kind=chosen.get("clase", ""),
            category=chosen.get("categoria", ""),
            channel=chosen.get("canal", ""),
            term=chosen.get("plazo", ""),
            mine=chosen.get("mios", False),
            service_point=chosen.get("punto"),
            territory=chosen.get("municipalidad"),
        )


class AssignForm(UIForm):
    to = forms.ModelChoiceField(label=_("Person in charge"), queryset=None, empty_label=_("Choose a person"))

    def __init__(self, *args: Any, complaint: Complaint, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = candidates(complaint, at)  # type: ignore[attr-defined]


class ClassifyForm(UIForm):
    kind = forms.ChoiceField(label=_("What is it?"), choices=ComplaintKind.choices, widget=forms.RadioSelect)
    category = forms.ModelChoiceField(
        label=_("What it is about"), queryset=None, empty_label=None, widget=forms.RadioSelect
    )
    step = forms.TypedChoiceField(
        label=_("Step of the procedure"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Where it happened, if it was in a procedure."),
    )
    preferential = forms.BooleanField(
        label=_("The person has a right to preferential attention"),
        required=False,
        help_text=_("Older people, people with a disability, pregnant women, carers."),
    )

    def __init__(self, *args: Any, complaint: Complaint, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = complaint.category.version if complaint.category else latest_version()
        self.fields["category"].queryset = categories(version)  # type: ignore[attr-defined]
        choices = [("", _("None, or I do not know")), *step_choices(complaint.territory, today)]
        if complaint.step is not None:
            choices.insert(1, (complaint.step.pk, str(complaint.step)))
        self.fields["step"].choices = choices  # type: ignore[attr-defined]


class SettleForm(UIForm):
    person = forms.ModelChoiceField(
        label=_("Who is it about?"),
        queryset=None,
        required=False,
        empty_label=_("Nobody of the team"),
        help_text=_("That person will not be able to read it, nor to see who sent it."),
    )

    def __init__(self, *args: Any, complaint: Complaint, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = team(complaint.territory, today)  # type: ignore[attr-defined]


class QuestionForm(UIForm):
    text = LongText(label=_("Your question"), max_length=1000, help_text=_("Ask for what you need to go on, and why."))
    files = Files()


class MessageForm(UIForm):
    text = LongText(label=_("Your message"), max_length=1000, help_text=_("The term goes on."))
    files = Files()


class NoteForm(UIForm):
    text = LongText(label=_("Note"), help_text=_("Only the team reads it."))
    files = Files()


class ReplyForPersonForm(UIForm):
    text = LongText(label=_("What the person says"), help_text=_("By telephone, by letter or at the counter."))
    files = Files()


class RouteForm(UIForm):
    route = forms.ChoiceField(
        label=_("Where does it go?"),
        widget=forms.RadioSelect,
        choices=[
            (
                ComplaintRoute.INFORMATION,
                ChoiceWithHint(ComplaintRoute.INFORMATION.label, _("Twenty working days, by its own law.")),
            ),
            (
                ComplaintRoute.RECTIFICATION,
                ChoiceWithHint(
                    ComplaintRoute.RECTIFICATION.label,
                    _("Who disagrees with the bracket asks for it with his or her name: it changes the registry."),
                ),
            ),
            (
                ComplaintRoute.MINISTRY,
                ChoiceWithHint(ComplaintRoute.MINISTRY.label, _("The website of the registry, or its call centre.")),
            ),
        ],
    )
    explanation = LongText(
        label=_("What the person has to know"),
        max_length=2000,
        help_text=_("Where to go, what to bring and how long it takes."),
    )


class AnswerForm(UIForm):
    """The answer in its parts; ``revision`` and ``seen``, the last entry, are what the writer had read."""

    outcome = forms.ChoiceField(label=_("Is the person right?"), choices=Outcome.choices, widget=forms.RadioSelect)
    found = LongText(label=_("What we found"), help_text=_("What you asked, of whom, and what happened."))
    action = LongText(label=_("What we do"), help_text=_("What changes, or why nothing does."))
    next_step = LongText(
        label=_("Next step for the person"),
        max_length=2000,
        rows=3,
        help_text=_("What he or she can do now, where and when."),
    )
    files = Files(
        help_text=_(
            "A letter, a form or a photo for the person: five at most, 20 MB each. Choose them just before you send."
        )
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if complaint.kind != ComplaintKind.COMPLAINT:
            del self.fields["outcome"]
            self.fields["next_step"].required = False


class CodingForm(UIForm):
    cause = forms.ChoiceField(label=_("Why did it happen?"), choices=RootCause.choices, widget=forms.RadioSelect)
    standards = forms.ModelMultipleChoiceField(
        label=_("Which standards does it touch?"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Five at most. Those of its category come first."),
    )
    note = LongText(label=_("Note"), required=False, max_length=1000, rows=3)

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["standards"]
        field.queryset = Standard.objects.filter(version=latest_version()).order_by("number")
        code = complaint.category.code if complaint.category else ""
        rows = sorted(field.queryset, key=lambda each: (code not in each.complaint_categories, each.number))
        field.choices = [(each.pk, f"{each.code} {localized(each.name)}") for each in rows]


class PurposeForm(UIForm):
    purpose = forms.ChoiceField(
        label=_("Why do you need to know who it is?"),
        widget=forms.RadioSelect,
        choices=[
            ("call", _("To call the person about this case")),
            ("registry", _("To change something in the person's registry")),
            ("visit", _("To prepare a visit or an appointment")),
            ("law", _("An authority asks for it by law")),
        ],
        help_text=_("We keep a record of it, which the person can see."),
    )
