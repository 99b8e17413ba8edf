"""How every form of the site is drawn: a page writes ``{{ form }}`` and nothing else.

The renderer replaces Django's form, field and error templates, for any form (ours, allauth's). It
leaves the widgets' own templates alone, so the content editor and the administration look as they
did. Which element an error summary links to, and which classes a control carries, is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from portal.foundation.ui.dates import DateBoxes

CONTROL_CLASSES = {
    "select": "govuk-select",
    "textarea": "govuk-textarea",
    "file": "mj-file",
    "input": "govuk-input",
}


class UIBoundField(forms.BoundField):
    """A bound field that knows its kind, its error target and its control's classes."""

    @property
    def kind(self) -> str:
        """One of radios, checkboxes, checkbox, date, file, select, textarea, input."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return "checkboxes"
        if isinstance(widget, forms.RadioSelect):
            return "radios"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, DateBoxes):
            return "date"
        if isinstance(widget, forms.FileInput):
            return "file"
        if isinstance(widget, forms.Select):
            return "select"
        return "textarea" if isinstance(widget, forms.Textarea) else "input"

    @property
    def is_group(self) -> bool:
        """Several controls under one legend."""
        return self.kind in {"radios", "checkboxes", "date"}

    @property
    def error_target(self) -> str:
        """The id of the element that a link of the error summary moves to."""
        if self.kind in {"radios", "checkboxes"}:
            return self.subwidgets[0].id_for_label if self.subwidgets else str(self.auto_id)
        if self.kind == "date":
            return f"{self.auto_id}_{self._wrong_box()}"
        return self.id_for_label or str(self.auto_id)

    def _wrong_box(self) -> int:
        return next((error.params["box"] for error in self.errors.as_data() if error.params), 0)

    @property
    def is_optional(self) -> bool:
        """Does the label say «(optional)»? Only our own forms say so, and not beside one checkbox."""
        shows = getattr(self.form, "show_optional", False)
        return bool(shows and not self.field.required and self.kind != "checkbox")

    @property
    def needed_if(self) -> Any:
        """When a field that may stay empty has to be filled in; "" where it never has to."""
        return getattr(self.form, "needed_if", {}).get(self.name, "")

    @property
    def is_heading(self) -> bool:
        """Is the label the page's heading (one question a page)?"""
        return getattr(self.form, "heading_field", None) == self.name

    @property
    def heading(self) -> str:
        return str(self.label)

    @property
    def character_limit(self) -> int | None:
        """The length that a long text may have, shown as a hint because nothing counts it live."""
        return getattr(self.field, "max_length", None) if self.kind == "textarea" else None

    @property
    def described_by(self) -> str:
        """Ids of hint, limit and error, in the order in which they are read."""
        ids = [
            (self.help_text, f"{self.auto_id}_helptext"),
            (self.character_limit, f"{self.auto_id}_limit"),
            (self.errors, f"{self.auto_id}_error"),
        ]
        return " ".join(identifier for shown, identifier in ids if shown)

    @property
    def control(self) -> str:
        """The widget with the design system's classes, keeping those that the form gave."""
        own = self.field.widget.attrs.get("class", "")
        classes = [CONTROL_CLASSES.get(self.kind, ""), own, self._width_class(own), self._error_class()]
        attrs: dict[str, Any] = {"class": " ".join(name for name in classes if name)}
        if self.kind == "textarea":
            # A browser that cuts a pasted text at maxlength loses words without saying so.
            attrs |= {"maxlength": False, "rows": self.field.widget.attrs.get("rows", "6"), "cols": False}
        if described_by := self.described_by:
            attrs["aria-describedby"] = described_by
        return self.as_widget(attrs=attrs)

    def _width_class(self, own: str) -> str:
        is_number = isinstance(self.field.widget, forms.NumberInput)
        return "govuk-input--width-10" if is_number and "width" not in own else ""

    def _error_class(self) -> str:
        name = CONTROL_CLASSES.get(self.kind, "")
        return f"{name}--error" if self.errors and name.startswith("govuk") else ""

    @property
    def options(self) -> Iterator[dict[str, Any]]:
        """Each choice of a radio or checkbox group: id, name, value, label, hint, checked, disabled, has_focus.

        With ``autofocus`` on the widget the page opens at the chosen option, else at the first.
        """
        subwidgets = self.subwidgets
        focused = next((one for one in subwidgets if one.data["selected"]), next(iter(subwidgets), None))
        for subwidget in subwidgets:
            data, label = subwidget.data, subwidget.data["label"]
            yield {
                "id": subwidget.id_for_label,
                "name": data["name"],
                # As text: a template would write the number 1000 as 1.000, which is another choice.
                "value": "" if data["value"] is None else str(data["value"]),
                "label": str(label),
                "hint": getattr(label, "hint", ""),
                "checked": data["selected"],
                "disabled": bool(data["attrs"].get("disabled")),
                "has_focus": bool(data["attrs"].get("autofocus")) and subwidget is focused,
            }

    @property
    def boxes(self) -> list[dict[str, Any]]:
        """The boxes of a date: id, name, value, label, width, whether it is wrong."""
        return self.field.widget.boxes(self)


class UIRenderer(TemplatesSetting):
    """``FORM_RENDERER`` of the site."""

    form_template_name = "components/forms/form.html"
    formset_template_name = "components/forms/formset.html"
    field_template_name = "components/forms/field.html"
    bound_field_class = UIBoundField
