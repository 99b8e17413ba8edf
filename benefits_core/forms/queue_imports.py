"""Forms of files of queue machines: the file, its columns, what its values mean."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from benefits_core.enums import Outcome
from benefits_core.models import AttentionImport, Matter
from benefits_core.queries.queue_imports import FIELDS
from benefits_core.queue_files import DAY_FIRST, MONTH_FIRST
from portal.foundation.territories.models import ServicePoint, Territory
from portal.foundation.ui.forms import ChoiceWithHint, UIForm

NO_COLUMN = [("", pgettext_lazy("column", "None"))]
HINTS = {
    "number": _("By it a file sent twice records nothing twice."),
    "day": _("Only where the hours come without their day."),
    "arrived_at": _("When the ticket was given."),
}


class UploadForm(UIForm):
    service_point = forms.ModelChoiceField(
        label=_("Service point"), queryset=ServicePoint.objects.none(), empty_label=_("Choose one")
    )
    file = forms.FileField(
        label=_("File of the queue machine"), help_text=_("csv or xlsx of up to 20 MB, with headings in its first row.")
    )

    def __init__(self, *args: Any, place: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = ServicePoint.objects.open().filter(territory=place).order_by("name")
        self.fields["service_point"].queryset = points
        only = list(points[:2])
        if len(only) == 1:
            self.initial["service_point"] = only[0].pk


class ColumnsForm(UIForm):
    """Which column holds what, beside the first rows of the file."""

    show_optional = False

    def __init__(self, *args: Any, batch: AttentionImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [*NO_COLUMN, *((heading, heading) for heading in batch.header)]
        for name, label in FIELDS.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=False,
                initial=batch.columns.get(name, ""),
                help_text=HINTS.get(name, ""),
            )
        self.fields["date_order"] = forms.ChoiceField(
            label=_("How are dates written?"),
            choices=[
                (DAY_FIRST, ChoiceWithHint(_("The day first"), _("3/4/2026 is the 3rd of April"))),
                (MONTH_FIRST, ChoiceWithHint(_("The month first"), _("3/4/2026 is the 4th of March"))),
            ],
            widget=forms.RadioSelect,
            initial=batch.date_order,
        )

    def columns(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in FIELDS}


class ValuesForm(UIForm):
    """What each text of the columns of matter and outcome means: ``matter_<n>`` and ``outcome_<n>``."""

    show_optional = False

    def __init__(self, *args: Any, batch: AttentionImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = {
            "matter": list(batch.values.get("matter", {"": batch.rows})),
            "outcome": list(batch.values.get("outcome", {})),
        }
        counts = {"matter": batch.values.get("matter", {}), "outcome": batch.values.get("outcome", {})}
        offered = Matter.objects.offered_in(batch.territory)
        for number, text in enumerate(self.texts["matter"]):
            label = _heading(text, counts["matter"].get(text)) if counts["matter"] else gettext("Matter of every row")
            self.fields[f"matter_{number}"] = forms.ModelChoiceField(
                label=label, queryset=offered, initial=batch.matters.get(text), empty_label=_("Choose one")
            )
        for number, text in enumerate(self.texts["outcome"]):
            self.fields[f"outcome_{number}"] = forms.ChoiceField(
                label=_heading(text, counts["outcome"].get(text)),
                choices=Outcome.choices,
                initial=batch.outcomes.get(text, Outcome.NOT_RECORDED),
            )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The two lists with their headings, for the page."""
        titles = {"matter": gettext("What each matter of the file is"), "outcome": gettext("What each outcome is")}
        return [
            (titles[name], [self[f"{name}_{number}"] for number in range(len(texts))])
            for name, texts in self.texts.items()
            if texts
        ]

    def matters(self) -> dict[str, Matter]:
        return {text: self.cleaned_data[f"matter_{number}"] for number, text in enumerate(self.texts["matter"])}

    def outcomes(self) -> dict[str, str]:
        return {text: self.cleaned_data[f"outcome_{number}"] for number, text in enumerate(self.texts["outcome"])}


def _heading(text: str, count: int | None) -> str:
    said = f"«{text}»" if text else gettext("Empty cells")
    if count is None:
        return said
    return ngettext("%(text)s, %(count)s time", "%(text)s, %(count)s times", count) % {"text": said, "count": count}
