"""A paper typed in by keyboard alone: one short field for each question, options by their number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.foundation.ui.forms import UIForm
from surveys.domain.papers import REASON_LENGTH, Reading
from surveys.forms.answering import MESSAGES, option_label, said
from surveys.forms.fields import LongText
from surveys.questionnaire.answers import Error
from surveys.questionnaire.model import DONT_KNOW, LONGEST_TEXT, NOT_APPLICABLE, SCALES, Kind, Question, Questionnaire

OUTSIDE = {"na": NOT_APPLICABLE, "n": NOT_APPLICABLE, "dk": DONT_KNOW, "ns": DONT_KNOW, "s": DONT_KNOW}
SHORT, LONG = 12, 40


class PaperCodeForm(UIForm):
    """The code of the slip that came with the paper."""

    codigo = forms.CharField(
        label=gettext_lazy("Code of the paper"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "govuk-input--width-20", "autofocus": True}),
    )


class PaperForm(UIForm):
    """The whole paper on one page; Tab goes on. ``given`` is what the questionnaire's check takes."""

    show_optional = False

    def __init__(self, *args: Any, questionnaire: Questionnaire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questionnaire = questionnaire
        for question in questionnaire.questions:
            self.fields[question.code] = _field(question)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for question in self.questionnaire.questions:
            text = cleaned.get(question.code, "")
            if text and question.kind is not Kind.TEXT:
                try:
                    cleaned[question.code] = _read(question, text)
                except ValidationError as wrong:
                    self.add_error(question.code, wrong)
        return cleaned

    @property
    def given(self) -> dict[str, Any]:
        return {code: value for code, value in self.cleaned_data.items() if value}

    def tell(self, errors: Mapping[str, Error]) -> None:
        for code, error in errors.items():
            if code in self.fields and not self.has_error(code):
                self.add_error(code, MESSAGES.get(error, MESSAGES[Error.NOT_AN_OPTION]))


class DecideForm(UIForm):
    """Both typings of each item that differs, side by side."""

    show_optional = False

    def __init__(
        self,
        *args: Any,
        questions: list[Question],
        first: Mapping[str, list[str]],
        second: Mapping[str, list[str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [question.code for question in questions]
        for question in questions:
            choices = [
                (Reading.FIRST, _("First typing: %(answer)s") % {"answer": shown(question, first.get(question.code))}),
                (
                    Reading.SECOND,
                    _("Second typing: %(answer)s") % {"answer": shown(question, second.get(question.code))},
                ),
            ]
            self.fields[question.code] = forms.ChoiceField(
                label=f"{question.code}. {said(question.text)}", choices=choices, widget=forms.RadioSelect
            )
            self.fields[f"{question.code}_reason"] = forms.CharField(
                label=_("Why, if it is not as on the paper (%(code)s)") % {"code": question.code},
                max_length=REASON_LENGTH,
                required=False,
            )

    @property
    def readings(self) -> dict[str, str]:
        return {code: self.cleaned_data[code] for code in self.codes}

    @property
    def reasons(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"{code}_reason"] for code in self.codes}


def shown(question: Question, answer: list[str] | None) -> str:
    """An answer as people read it."""
    if not answer:
        return _("nothing")
    if question.kind is Kind.TEXT:
        return answer[0]
    return ", ".join(str(option_label(question, code)) for code in answer)


def _field(question: Question) -> forms.Field:
    common: dict[str, Any] = {"label": f"{question.code}. {said(question.text)}", "required": False}
    if question.kind is Kind.TEXT:
        return LongText(rows=3, max_length=LONGEST_TEXT, **common)
    attrs = {"autocomplete": "off", "class": "govuk-input--width-4", "inputmode": "text"}
    return forms.CharField(
        max_length=LONG if question.kind is Kind.MULTI else SHORT,
        help_text=_help(question),
        widget=forms.TextInput(attrs=attrs),
        **common,
    )


def _help(question: Question) -> str:
    if question.kind in SCALES:
        marks = [code for code in SCALES[question.kind] if code.isdigit()]
        return _("%(first)s to %(last)s; n: does not apply; s: does not know") % {"first": marks[0], "last": marks[-1]}
    options = [f"{place} {said(option.label)}" for place, option in enumerate(question.options, start=1)]
    several = _("Several with a comma.") + " " if question.kind is Kind.MULTI else ""
    return several + " · ".join(options)


def _read(question: Question, text: str) -> Any:
    """The code of what was typed, or codes where there may be several.

    :raises ValidationError: it is none of the options.
    """
    plain = text.strip().lower()
    if question.kind in SCALES:
        code = OUTSIDE.get(plain, plain)
        if code not in SCALES[question.kind]:
            raise ValidationError(MESSAGES[Error.OFF_SCALE])
        return code
    typed = [part for part in re.split(r"[\s,;]+", plain) if part]
    codes = question.codes
    places = [int(part) for part in typed if part.isascii() and part.isdigit() and len(part) < 3]
    if len(places) < len(typed) or not all(1 <= place <= len(codes) for place in places):
        raise ValidationError(MESSAGES[Error.NOT_AN_OPTION])
    chosen = [codes[place - 1] for place in places]
    if question.kind is Kind.MULTI:
        return chosen
    if len(chosen) > 1:
        raise ValidationError(MESSAGES[Error.SEVERAL])
    return chosen[0]
