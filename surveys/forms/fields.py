"""Fields that several forms of this module share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.foundation.files.inspection import TYPES_BY_ENDING
from surveys.domain.checks import MAX_FILES, TEXT_LENGTH

ACCEPTED = ",".join(f".{ending}" for ending in TYPES_BY_ENDING)


class LongText(forms.CharField):
    """A text of several lines; a line end counts as one character, as its writer sees it."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", TEXT_LENGTH)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": str(rows)}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files, by default none; ``cleaned_data`` holds a list."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Files"))
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", gettext_lazy("Photos or documents, five at most. 20 MB each."))
        kwargs.setdefault("widget", _SeveralFiles(attrs={"accept": ACCEPTED}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not uploads:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > MAX_FILES:
            raise ValidationError(_("Send %(count)s files at most.") % {"count": MAX_FILES}, code="too_many")
        return [super(Files, self).clean(upload, initial) for upload in uploads]
