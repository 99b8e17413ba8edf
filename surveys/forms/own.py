"""What a person writes about the own case, once it is sent."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.foundation.ui.forms import UIForm
from surveys.domain.answers import COMMENT_LENGTH
from surveys.forms.fields import Files, LongText


class ReplyForm(UIForm):
    text = LongText(
        label=_("What do you want to add?"),
        help_text=_("It goes to whoever looks after your case."),
        error_messages={"required": _("Write what you want to add.")},
    )
    files = Files(label=_("Photos or documents"))


class RateForm(UIForm):
    satisfaction = forms.TypedChoiceField(
        label=_("How were you treated in this case?"),
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("From 1, very badly, to 7, very well. It is about how it was handled, whatever was decided."),
        choices=[(grade, str(grade)) for grade in range(1, 8)],
    )
    comment = LongText(label=_("Why?"), required=False, max_length=COMMENT_LENGTH, rows=3)


class ReopenForm(UIForm):
    reason = LongText(
        label=_("Why do you not agree?"),
        help_text=_("Say what is missing or what is not so. It can be reopened once."),
        error_messages={"required": _("Write why you do not agree.")},
    )


class WithdrawForm(UIForm):
    reason = LongText(label=_("Why do you take it back?"), required=False, max_length=1000, rows=3)
