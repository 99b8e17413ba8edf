"""Looking for messages that were sent, or were not."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.foundation.messages.models import Channel, MessageState
from portal.foundation.ui.forms import UIDateField, UIFilterForm


class MessageFilterForm(UIFilterForm):
    """Narrows the list of messages; every field may stay empty."""

    estado = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *MessageState.choices], required=False)
    canal = forms.ChoiceField(label=_("Channel"), choices=[("", _("All")), *Channel.choices], required=False)
    destino = forms.CharField(
        label=_("Whole e-mail or telephone"),
        required=False,
        max_length=254,
        help_text=_("Looking for one person's messages is recorded."),
    )
    desde = UIDateField(label=_("From"), required=False)
    hasta = UIDateField(label=_("To"), required=False)
