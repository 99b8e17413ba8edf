"""The base of every form: plain messages, three-box dates, nothing that the browser checks alone.

A page writes ``{{ form }}`` (or includes ``components/form.html``, which adds the form tag, the
CSRF token and the button).  Bind with ``Form(request.POST)`` when the method is POST:
``Form(request.POST or None)`` is unbound on an empty post and shows no error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.forms.models import ModelChoiceIterator, ModelFormMetaclass
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.foundation.ui.dates import DateBoxes, UIDateField

__all__ = [
    "ChoiceWithHint",
    "ConfirmForm",
    "DateBoxes",
    "PlainMixin",
    "RowChoiceField",
    "UIDateField",
    "UIFilterForm",
    "UIForm",
    "UIModelForm",
    "UIModelMixin",
]

REQUIRED_MESSAGES = {
    "text": _("Write an answer."),
    "choice": _("Choose an option."),
    "checkbox": _("Tick the box to go on."),
    "file": _("Choose a file."),
    "number": _("Write a number."),
}
PLAIN_MESSAGES = {
    "invalid_choice": _("Choose one of the options shown."),
    "max_length": _("Write %(limit_value)d characters or fewer. You have written %(show_value)d."),
    "min_length": _("Write %(limit_value)d characters or more. You have written %(show_value)d."),
    "max_value": _("Write a number of %(limit_value)s or less."),
    "min_value": _("Write a number of %(limit_value)s or more."),
}
FILE_MESSAGES = {
    "invalid": _("The file did not arrive. Choose it again."),
    "missing": _("The file did not arrive. Choose it again."),
    "empty": _("The file has nothing in it. Choose another."),
    "max_length": _("The name of the file is too long. Use at most %(max)d characters."),
}
INVALID_MESSAGES: list[tuple[type[forms.Field], Any]] = [
    (forms.EmailField, _("Write an e-mail address like name@example.cl.")),
    (forms.URLField, _("Write a full web address like https://example.cl.")),
    (forms.IntegerField, _("Write a whole number, with digits only.")),
    (forms.DecimalField, _("Write a number, with digits only.")),
]


@dataclass(frozen=True)
class ChoiceWithHint:
    """The label of a radio or checkbox with a line of explanation under it.

    ``choices=[("yes", ChoiceWithHint(_("Yes"), _("You can change it later")))]``
    """

    label: str | Promise
    hint: str | Promise = ""

    def __str__(self) -> str:
        return str(self.label)


class _Rows(ModelChoiceIterator):
    """The options of a field whose rows are read already."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for row in self.field.rows:
            yield self.choice(row)

    def __len__(self) -> int:
        return len(self.field.rows) + (self.field.empty_label is not None)

    def __bool__(self) -> bool:
        return self.field.empty_label is not None or bool(self.field.rows)


class RowChoiceField(forms.ModelChoiceField):
    """One of a few rows, read once: for the options, for the check, and for whoever asks for ``rows``.

    Django's own field asks the database again for each of them, and again for each page that is
    shown with an error. For lists that a page shows whole anyway.
    """

    iterator = _Rows

    @property
    def rows(self) -> list[Any]:
        if getattr(self, "_rows_of", None) is not self.queryset:
            self._rows_of, self._rows = self.queryset, list(self.queryset)
        return self._rows

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        key = str(value.pk if isinstance(value, models.Model) else value)
        for row in self.rows:
            if str(self.prepare_value(row)) == key:
                return row
        raise forms.ValidationError(
            self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value}
        )


class PlainMixin:
    """What our forms, model forms and the forms of other packages share."""

    use_required_attribute = False
    #: Says «(optional)» beside each label that is not required.
    show_optional = True
    #: Says «(needed if …)» instead: field name → when it is, as «you add a file».
    needed_if: Mapping[str, Any] = {}
    #: Name of the field whose label is the page's h1 (one question a page).
    heading_field: str | None = None
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self._speak_plainly()

    def full_clean(self) -> None:
        self._speak_plainly()  # of the fields, too, that the form added after its own start
        super().full_clean()  # type: ignore[misc]

    def _speak_plainly(self) -> None:
        for field in self.fields.values():
            _use_plain_messages(field)


class UIForm(PlainMixin, forms.Form):
    """Base of the forms that are not tied to a model."""


class ConfirmForm(UIForm):
    """Nothing to fill in: the button confirms."""


class UIFilterForm(UIForm):
    """Base of filter forms: every field may stay empty and none says so."""

    show_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # A filter often stands on the page of a form whose fields have the same names.
        kwargs.setdefault("auto_id", "filter_%s")
        super().__init__(*args, **kwargs)


def ui_formfield(field: models.Field, **kwargs: Any) -> forms.Field | None:
    """Model field → form field: dates in three boxes; everything else as Django does."""
    if type(field) is models.DateField and "widget" not in kwargs and "form_class" not in kwargs:
        kwargs["form_class"] = UIDateField
    return field.formfield(**kwargs)


class _UIModelFormMetaclass(ModelFormMetaclass):
    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> Any:
        meta = attrs.get("Meta")
        if meta is not None and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = staticmethod(ui_formfield)
        return super().__new__(mcs, name, bases, attrs, **kwargs)


class UIModelMixin(PlainMixin):
    """For model forms that already have another base."""


class UIModelForm(UIModelMixin, forms.ModelForm, metaclass=_UIModelFormMetaclass):
    """Base of the forms that edit one row. Save through the domain verb, not ``form.save()``."""


def _use_plain_messages(field: forms.Field) -> None:
    """Replace Django's stiff messages; a message that the form itself gives stays."""
    stock = _stock_messages(type(field))
    replacements = {**PLAIN_MESSAGES, "required": REQUIRED_MESSAGES[_required_kind(field)]}
    if isinstance(field, forms.FileField):
        replacements |= FILE_MESSAGES
    for kind, message in INVALID_MESSAGES:
        if isinstance(field, kind):
            replacements["invalid"] = message
            break
    for code, message in replacements.items():
        # A code without a message of the field's own is a validator's, whose words the field replaces.
        if field.error_messages.get(code) == stock.get(code):
            field.error_messages[code] = message


def _stock_messages(kind: type[forms.Field]) -> dict[str, Any]:
    stock: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("django."):
            stock.update(getattr(base, "default_error_messages", {}))
    return stock


def _required_kind(field: forms.Field) -> str:
    kinds: Iterable[tuple[Any, str]] = (
        (forms.FileField, "file"),
        (forms.BooleanField, "checkbox"),
        ((forms.ChoiceField, forms.ModelChoiceField), "choice"),
        (forms.IntegerField, "number"),
    )
    return next((name for kind, name in kinds if isinstance(field, kind)), "text")
