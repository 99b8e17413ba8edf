"""What a gateway may report."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portal.foundation.messages.models import MessageState

REPORTED = (MessageState.DELIVERED, MessageState.UNDELIVERABLE)
REFERENCE = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.(\d{1,4}))?", re.ASCII)


class DeliveryReceiptForm(forms.Form):
    """``reference`` becomes the message's id and its round."""

    reference = forms.CharField(max_length=50)
    status = forms.ChoiceField(choices=[(state.value, state.value) for state in REPORTED])
    reason = forms.RegexField(r"^[\w.:-]*\Z", max_length=100, required=False)

    def clean_reference(self) -> tuple[uuid.UUID, int]:
        found: Any = REFERENCE.fullmatch(self.cleaned_data["reference"])
        if found is None:
            raise ValidationError("reference")
        return uuid.UUID(found[1]), int(found[2] or 0)
