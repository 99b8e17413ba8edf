"""Forms about accounts and roles. Who may choose what is decided by the rules, and again by the verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.foundation.people.domain.requests import REASON_LENGTH, TEXT_LENGTH
from portal.foundation.people.models import User
from portal.foundation.people.models.privacy import RequestKind, RequestState
from portal.foundation.people.roles import GRANTABLE, MUNICIPAL_ROLES, NATIONAL_ROLES, REGIONAL_ROLES, Role
from portal.foundation.people.rules import grantable_roles
from portal.foundation.territories.models import Territory, TerritoryLevel
from portal.foundation.ui.forms import ChoiceWithHint, UIDateField, UIFilterForm, UIForm


def places_to_grant(user: User) -> Any:
    """The territories at which ``user`` may grant some role, in the order of the official codes."""
    if user.is_superuser or user.scope.has(Role.NATIONAL_TEAM):
        found = Territory.objects.all()
    else:
        found = Territory.objects.filter(user.scope.territories("pk", "path", frozenset(GRANTABLE)))
    levels = {TerritoryLevel.COMMUNE} if grantable_roles(user) & MUNICIPAL_ROLES else set()
    levels |= {TerritoryLevel.REGION} if grantable_roles(user) & REGIONAL_ROLES else set()
    levels |= {TerritoryLevel.COUNTRY} if grantable_roles(user) & NATIONAL_ROLES else set()
    return found.filter(level__in=levels).exclude(level=TerritoryLevel.COMMUNE, has_municipality=False)


class FilterForm(UIFilterForm):
    q = forms.CharField(label=_("Name or e-mail"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("All roles")), *Role.choices]  # type: ignore[attr-defined]


class AssignForm(UIForm):
    """A role for somebody who has an account."""

    role = forms.ChoiceField(label=_("Role"))
    territory = forms.ModelChoiceField(
        label=_("Place"), queryset=Territory.objects.none(), empty_label=_("Choose a place")
    )
    starts_on = UIDateField(label=_("First day"))
    ends_on = UIDateField(label=_("Last day"), required=False, help_text=_("Leave it empty if the role has no end."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("starts_on", timezone.localdate())
        super().__init__(*args, **kwargs)
        granted = grantable_roles(user)
        self.fields["role"].choices = [(role.value, role.label) for role in Role if role in granted]  # type: ignore[attr-defined]
        places = places_to_grant(user)
        self.fields["territory"].queryset = places  # type: ignore[attr-defined]
        if len(places[:2]) == 1:  # a coordinator's only place
            self.initial.setdefault("territory", places[0].pk)


class InviteForm(AssignForm):
    """A role for somebody who may not have an account yet."""

    email = forms.EmailField(label=_("E-mail"), help_text=_("We write there, with a link to set a password."))
    name = forms.CharField(label=_("Full name"), max_length=150)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="es")
    confirmed = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ["name", "email", "language", "role", "territory", "starts_on", "ends_on"]


class ReasonForm(UIForm):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class EndRoleForm(ReasonForm):
    on = UIDateField(label=_("Last day"), help_text=_("The role is still in force on that day."))
    field_order = ["on", "reason"]


class ColleagueField(forms.ModelChoiceField):
    """Two people may have the same name: each is told with role and place."""

    def label_from_instance(self, obj: Any) -> str:
        posts = (f"{post.get_role_display()}, {post.territory}" for post in obj.posts)
        return f"{obj} ({'; '.join(posts)})"


class StandInForm(UIForm):
    stand_in = ColleagueField(
        label=_("Who stands in"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        help_text=_("Somebody who works there, or in the team above, and has an account."),
    )
    starts_on = UIDateField(label=_("First day"))
    ends_on = UIDateField(label=_("Last day"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("It is shown beside what that person signs. Write nothing about health: “absent” is enough."),
    )
    field_order = ["stand_in", "starts_on", "ends_on", "reason"]

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = candidates  # type: ignore[attr-defined]


class OwnAccountForm(UIForm):
    """The two things that one changes about oneself."""

    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language of pages and messages"), choices=settings.LANGUAGES)


class DataRequestForm(UIForm):
    """What somebody asks about the own data."""

    kind = forms.ChoiceField(
        label=_("What should we do?"),
        widget=forms.RadioSelect,
        choices=[
            (
                RequestKind.ERASURE,
                ChoiceWithHint(
                    RequestKind.ERASURE.label, _("What the law lets us erase. We tell you what stays and why.")
                ),
            ),
            (
                RequestKind.RECTIFICATION,
                ChoiceWithHint(RequestKind.RECTIFICATION.label, _("Write what is wrong and how it should be.")),
            ),
            (
                RequestKind.OBJECTION,
                ChoiceWithHint(RequestKind.OBJECTION.label, _("Write which use you do not want, and why.")),
            ),
        ],
    )
    text = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": "5"}),
        help_text=_("To erase, you may leave it empty."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") in {RequestKind.RECTIFICATION, RequestKind.OBJECTION} and not cleaned.get("text"):
            self.add_error("text", _("Write what we should do."))
        return cleaned


class DataRequestFilterForm(UIFilterForm):
    """Which requests the list shows; at first those that wait."""

    estado = forms.ChoiceField(
        label=_("State"), choices=[*RequestState.choices, ("", _("All"))], required=False, initial=RequestState.OPEN
    )
    tipo = forms.ChoiceField(label=_("Request"), choices=[("", _("All")), *RequestKind.choices], required=False)
    numero = forms.CharField(label=_("Number"), required=False, max_length=20)
    vencidas = forms.BooleanField(label=_("Only those that are late"), required=False)

    def clean_estado(self) -> str:
        # Nothing chosen yet is not «all».
        return self.cleaned_data["estado"] if "estado" in self.data else RequestState.OPEN


class AnswerRequestForm(UIForm):
    """Granted or refused, with the words that the person reads."""

    grant = forms.ChoiceField(label=_("Is it granted?"), widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("What the person reads"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": "6"}),
        help_text=_("Say what was done, or why it cannot be done, and where to complain."),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        granted = {
            RequestKind.ERASURE: _("Yes, erase what may be erased now. It cannot be undone."),
            RequestKind.RECTIFICATION: _("Yes, and it is corrected already"),
            RequestKind.OBJECTION: _("Yes, and that use has ended"),
        }
        self.fields["grant"].choices = [("yes", granted[RequestKind(kind)]), ("no", _("No"))]  # type: ignore[attr-defined]


class ExtendRequestForm(UIForm):
    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH)


class CorrectPersonForm(UIForm):
    """What is kept of a person, to put right. The number is not shown: it is written only where it is wrong."""

    given_names = forms.CharField(label=_("Given names"), max_length=120)
    family_names = forms.CharField(label=_("Family names"), max_length=120, required=False)
    birth_date = UIDateField(label=_("Date of birth"), required=False)
    run = forms.CharField(
        label=_("Right RUN"),
        required=False,
        max_length=20,
        help_text=_("Only if the one that we have is wrong."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off", "spellcheck": "false"}),
    )
