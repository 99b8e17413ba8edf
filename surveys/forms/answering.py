"""One page of a questionnaire as a form; what was answered on the others travels along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.foundation.ui.forms import UIForm
from surveys.forms.fields import LongText
from surveys.questionnaire.answers import Error
from surveys.questionnaire.model import (
    DONT_KNOW,
    LONGEST_TEXT,
    NOT_APPLICABLE,
    SCALES,
    Channel,
    Kind,
    Question,
    Words,
)

MESSAGES = {
    Error.REQUIRED: _("Choose an option."),
    Error.NOT_AN_OPTION: _("Choose one of the options shown."),
    Error.OFF_SCALE: _("Choose one of the marks shown."),
    Error.SEVERAL: _("Choose one option only."),
    Error.TWICE: _("Choose each option once."),
    Error.EXCLUSIVE: _("“None” cannot go together with others. Leave one or the other."),
    Error.TOO_LONG: _("The text is too long. Shorten it to %(limit)s characters.") % {"limit": LONGEST_TEXT},
}
OUTSIDE = {NOT_APPLICABLE: _("Does not apply"), DONT_KNOW: _("I do not know")}
_CLASSES = {Kind.RECOMMEND: "mj-scale mj-scale--11", Kind.MARK: "mj-scale", Kind.AGREE: "mj-scale"}


def said(words: Words | None) -> str:
    """In the reader's language; Spanish where there is no other."""
    if words is None:
        return ""
    return words.en if get_language() == "en" and words.en else words.es


class PageForm(UIForm):
    """The questions of one page. Nothing is refused here: the questionnaire's own check is asked."""

    show_optional = False

    def __init__(self, *args: Any, questions: tuple[Question, ...], channel: Channel | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[question.code] = _field(question, channel)
        if len(questions) == 1:
            self.heading_field = questions[0].code

    def tell(self, errors: Mapping[str, Error]) -> None:
        """Show what is wrong beside its question."""
        self.full_clean()
        for code, error in errors.items():
            if code in self.fields and not self.has_error(code):
                self.add_error(code, MESSAGES.get(error, MESSAGES[Error.NOT_AN_OPTION]))


def _field(question: Question, channel: Channel | None) -> forms.Field:
    # A question's note is for whoever edits the questionnaire, not for whoever answers.
    common: dict[str, Any] = {"label": said(question.wording(channel)), "required": False}
    if question.kind is Kind.TEXT:
        return LongText(max_length=LONGEST_TEXT, **common)
    choices = [(code, option_label(question, code)) for code in question.codes]
    if question.kind is Kind.MULTI:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    widget = forms.RadioSelect(attrs={"class": _CLASSES[question.kind]} if question.kind in SCALES else {})
    return forms.ChoiceField(choices=choices, widget=widget, **common)


def option_label(question: Question, code: str) -> Any:
    """What stands beside one option, in the reader's language."""
    option = question.option(code)
    return said(option.label) if option else OUTSIDE.get(code, code)
