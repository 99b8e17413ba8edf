"""Forms of the self-diagnosis."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.foundation.cycles.models import Stage
from portal.foundation.ui.forms import ChoiceWithHint, UIDateField, UIForm
from portal.foundation.ui.levels import level_name
from portal.foundation.ui.translated import localized
from quality.domain.assessments import TEXT_LENGTH, NewEvidence
from quality.enums import AssessmentChannel, AssessmentState, NotApplicableReview
from quality.forms.cycles import CycleFilterForm
from quality.freshness import FIRST_DAY
from quality.models import Answer, AssessmentParticipant, Standard
from quality.queries.assessments import StandardTask

NOT_APPLICABLE = "na"
BLANK = ""
REMARK_LENGTH = 1000
EVIDENCE_FIELDS = ("file", "dated_on", "description")


def _long_text(rows: int = 5, **kwargs: Any) -> forms.CharField:
    return forms.CharField(max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class AnswerForm(UIForm):
    """One standard: its level, or why it does not apply, notes, and one piece of evidence.

    ``revision`` says which answer the person saw; what is not a number matches none, so a forged
    one can only lead to the page that shows both answers.
    """

    needed_if = {
        "reason": _("it does not apply"),
        "dated_on": _("you add a file"),
        "description": _("you add a file"),
    }

    level = forms.ChoiceField(label=_("Which level do you have today?"), widget=forms.RadioSelect)
    reason = _long_text(
        rows=2,
        label=_("Why does it not apply?"),
        help_text=_("The regional team will accept or refuse the reason."),
        required=False,
    )
    notes = _long_text(rows=4, label=_("Notes"), help_text=_("What you saw and what is missing."), required=False)
    file = forms.FileField(
        label=_("Add a file as evidence"),
        help_text=_("PDF, photo, document or spreadsheet of up to 20 MB. You can add more files later."),
        required=False,
    )
    dated_on = UIDateField(
        earliest=FIRST_DAY,
        label=_("Date of what the file shows"),
        help_text=_("Not the day of the upload. For example: 27 3 2026."),
        required=False,
    )
    description = forms.CharField(label=_("What does the file show?"), max_length=200, required=False)
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, standard: Standard, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [
            *(
                (str(level["value"]), ChoiceWithHint(level_title(level["value"]), localized(level["descriptor"])))
                for level in standard.levels
            ),
            (NOT_APPLICABLE, _("Does not apply")),
        ]
        self.fields["dated_on"].latest = today

    def clean_revision(self) -> int | None:
        typed = self.cleaned_data["revision"]
        if not typed:
            return None
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("level") == NOT_APPLICABLE and not cleaned.get("reason", "").strip() and "reason" in cleaned:
            self.add_error("reason", _("Say why it does not apply here."))
        self._check_evidence(cleaned)
        if self.errors and self.files.get("file") and "file" not in self.errors:
            # A browser empties the box of the file when the page comes back.
            self.add_error("file", _("Choose the file again: it could not be kept."))
        return cleaned

    def _check_evidence(self, cleaned: dict[str, Any]) -> None:
        missing = {
            "file": _("Choose the file that goes with this date and description."),
            "dated_on": _("Write the date of what the file shows."),
            "description": _("Say what the file shows."),
        }
        given = [name for name in EVIDENCE_FIELDS if cleaned.get(name)]
        if not given:
            return
        for name in EVIDENCE_FIELDS:
            if name not in given and name not in self.errors:
                self.add_error(name, missing[name])

    def answer(self) -> dict[str, Any]:
        """Keyword arguments of ``answer_standard``, the actor and the time left out."""
        cleaned = self.cleaned_data
        not_applicable = cleaned["level"] == NOT_APPLICABLE
        evidence = None
        if cleaned.get("file"):
            evidence = NewEvidence(cleaned["file"], cleaned["dated_on"], cleaned["description"])
        return {
            "level": None if not_applicable else int(cleaned["level"]),
            "not_applicable": not_applicable,
            "not_applicable_reason": cleaned["reason"] if not_applicable else "",
            "notes": cleaned["notes"],
            "revision": cleaned["revision"],
            "evidence": evidence,
        }

    @staticmethod
    def initial_of(answer: Answer | None) -> dict[str, Any]:
        """What the form shows of an answer that is there already."""
        if answer is None:
            return {}
        return {
            "level": NOT_APPLICABLE if answer.not_applicable else str(answer.level),
            "reason": answer.not_applicable_reason,
            "notes": answer.notes,
            "revision": str(answer.revision),
        }


class ContextForm(UIForm):
    """Channels and strengths."""

    channel = forms.ChoiceField(
        label=_("Which ways of attention does this self-diagnosis cover?"),
        choices=AssessmentChannel.choices,
        widget=forms.RadioSelect,
    )
    strengths = _long_text(
        label=_("What does your team do well?"), help_text=_("The report begins with it."), required=False
    )


class ParticipantForm(UIForm):
    """Somebody who took part."""

    name = forms.CharField(label=_("Name"), max_length=120)
    position = forms.CharField(label=_("Position"), max_length=120, required=False)
    kind = forms.ChoiceField(
        label=_("Takes part as"),
        choices=AssessmentParticipant.Kind.choices,
        widget=forms.RadioSelect,
        initial=AssessmentParticipant.Kind.TEAM,
    )


class SubmitForm(UIForm):
    """The last word before the answers are frozen."""

    agreed = forms.BooleanField(label=_("The answers are those of the whole team, and I submit them."))


class CorrectForm(UIForm):
    reason = _long_text(label=_("Why do you correct it?"), help_text=_("The reason stays in the history."))


class ReturnForm(UIForm):
    remarks = _long_text(
        label=_("What must the team correct?"), help_text=_("The team receives these words by e-mail.")
    )


class NotApplicableForm(UIForm):
    """The region's answer to a «not applicable»."""

    decision = forms.ChoiceField(
        label=_("Does the reason hold?"),
        choices=[
            ("accepted", ChoiceWithHint(_("Accept"), _("The standard has no level and no gap."))),
            ("refused", ChoiceWithHint(_("Refuse"), _("The standard stays blank until the team answers it."))),
        ],
        widget=forms.RadioSelect,
    )
    remarks = _long_text(label=_("Remarks"), required=False)
    needed_if = {"remarks": _("you refuse")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "refused" and not cleaned.get("remarks", "").strip() and "remarks" in cleaned:
            self.add_error("remarks", _("Say why you refuse it."))
        return cleaned


class VerifyForm(UIForm):
    """The verified level of every standard at once: ``level_<id>`` and ``remark_<id>``.

    It starts from what the region verified before, else from the self-assessed level. A standard
    may stay blank, which is not 0.
    """

    show_optional = False

    def __init__(
        self, *args: Any, tasks: Sequence[StandardTask], verified: dict[str, tuple[int | None, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tasks = [task for task in tasks if task.answer is not None]
        for task in self.tasks:
            self._add_fields(task, verified)

    def _add_fields(self, task: StandardTask, verified: dict[str, tuple[int | None, str]]) -> None:
        answer = task.answer
        choices = [(BLANK, _("Leave without verifying"))]
        choices += [(str(level["value"]), level_title(level["value"])) for level in task.standard.levels]
        if answer.not_applicable_review == NotApplicableReview.ACCEPTED:
            choices.append((NOT_APPLICABLE, _("Does not apply")))
        level, remark = verified.get(task.standard.code, (answer.level, ""))
        is_known = task.standard.code in verified or not answer.not_applicable
        accepted = answer.not_applicable_review == NotApplicableReview.ACCEPTED
        initial = (NOT_APPLICABLE if accepted else BLANK) if level is None or not is_known else str(level)
        # The code is part of each label: thirty-one fields may not share one name.
        self.fields[f"level_{task.standard.pk}"] = forms.ChoiceField(
            label=gettext("Verified level of %(code)s") % {"code": task.standard.code},
            choices=choices,
            initial=initial,
            required=False,
        )
        self.fields[f"remark_{task.standard.pk}"] = forms.CharField(
            label=gettext("Why %(code)s differs") % {"code": task.standard.code},
            max_length=REMARK_LENGTH,
            initial=remark,
            required=False,
        )

    def rows(self) -> list[tuple[StandardTask, forms.BoundField, forms.BoundField]]:
        """Each task with its two fields, for the page."""
        return [(task, self[f"level_{task.standard.pk}"], self[f"remark_{task.standard.pk}"]) for task in self.tasks]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for task in self.tasks:
            level, remark = cleaned.get(f"level_{task.standard.pk}"), cleaned.get(f"remark_{task.standard.pk}")
            differs = level not in (None, BLANK) and _as_level(level) != task.answer.level
            if differs and remark is not None and not remark.strip():
                self.add_error(
                    f"remark_{task.standard.pk}",
                    gettext("Say why the level of %(code)s differs.") % {"code": task.standard.code},
                )
        return cleaned

    def levels(self) -> dict[int, int | None]:
        """Standard id → verified level; blank ones left out."""
        chosen = {task.standard.pk: self.cleaned_data[f"level_{task.standard.pk}"] for task in self.tasks}
        return {standard_id: _as_level(level) for standard_id, level in chosen.items() if level != BLANK}

    def remarks(self) -> dict[int, str]:
        return {task.standard.pk: self.cleaned_data[f"remark_{task.standard.pk}"] for task in self.tasks}


class ListFilterForm(CycleFilterForm):
    """Filters of the municipalities' list."""

    q = forms.CharField(label=_("Municipality"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), choices=[("", _("All")), *Stage.choices], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = STATE_FILTERS  # type: ignore[attr-defined]


STATE_FILTERS = [
    ("", _("All")),
    ("none", _("Not started")),
    (AssessmentState.DRAFT.value, AssessmentState.DRAFT.label),
    (AssessmentState.SUBMITTED.value, _("Submitted, to be verified")),
    ("verified", pgettext_lazy("self-diagnosis", "Verified")),
    (AssessmentState.RETURNED.value, AssessmentState.RETURNED.label),
]


def level_title(value: int) -> str:
    return gettext("%(value)s · %(name)s") % {"value": value, "name": level_name(value)}


def _as_level(choice: str) -> int | None:
    return None if choice == NOT_APPLICABLE else int(choice)
