"""The plan as a whole: summary, comments, proposal, signature, accounts, and finding one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plans.domain.comments import COMMENT_LENGTH
from plans.enums import PlanState, SignatureRole
from plans.forms.fields import long_text
from plans.models import ImprovementPlan, PublicationLink
from plans.queries.plans import LineLeft
from portal.foundation.territories.models import Territory
from portal.foundation.ui.forms import ChoiceWithHint, UIDateField, UIFilterForm, UIForm


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
