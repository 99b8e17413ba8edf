"""Forms of the themes. What is asked here; what is allowed is checked again by the verbs."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.foundation.territories.models import Territory
from portal.foundation.ui.forms import UIDateField, UIFilterForm, UIForm
from quality.models import Standard
from quality.queries.catalogue import latest_version
from surveys import sources
from surveys.domain.theme_checks import NAME_LENGTH, REASON_LENGTH
from surveys.domain.theme_naming import MOST_STANDARDS
from surveys.models import Theme, ThemeRun, ThemeText
from surveys.queries.themes import themes_to_continue

HIDE_LENGTH = 500


class StartRunForm(UIForm):
    starts_on = UIDateField(label=_("From"))
    ends_on = UIDateField(label=_("Until"), help_text=_("One year at most."))
    sources = forms.MultipleChoiceField(
        label=_("Which texts"), widget=forms.CheckboxSelectMultiple, help_text=_("Choose one or more.")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sources"].choices = [(one.key, one.label) for one in sources.all_sources()]  # type: ignore[attr-defined]
        self.fields["ends_on"].initial = today
        self.fields["starts_on"].initial = date(today.year, 1, 1)
        self.fields["sources"].initial = [one.key for one in sources.all_sources()]


class ReasonForm(UIForm):
    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": "3"}))


class ReadingForm(UIForm):
    """What the reader says of one text."""

    show_optional = False

    text = forms.IntegerField(widget=forms.HiddenInput)
    hide = forms.CharField(label=_("Words to hide"), required=False, max_length=HIDE_LENGTH)
    leave_out = forms.BooleanField(label=_("Leave this text out"), required=False)

    def phrases(self) -> tuple[str, ...]:
        """Words and short phrases, parted by commas."""
        return tuple(part.strip() for part in self.cleaned_data["hide"].split(",") if part.strip())


class ReadAgainForm(ReadingForm):
    text = None
    hide = forms.CharField(
        label=_("Words to hide"),
        required=False,
        max_length=HIDE_LENGTH,
        help_text=_("Names, nicknames, places. Part them with commas. What you hide does not come back."),
    )


class NameThemeForm(UIForm):
    """A name, up to five standards, and the theme of the last search that it goes on with."""

    name = forms.CharField(
        label=_("Name of the theme"),
        max_length=NAME_LENGTH,
        help_text=_("Short, and as a neighbor would say it. For example: They made me wait."),
    )
    standards = forms.ModelMultipleChoiceField(
        label=_("Standards that it speaks of"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Five at most. None, if it belongs to no standard."),
    )
    continues = forms.ModelChoiceField(
        label=_("Goes on with a theme of the last search"),
        queryset=None,
        required=False,
        empty_label=_("It is new"),
        help_text=_("So that both can be compared."),
    )

    def __init__(self, *args: Any, run: ThemeRun, theme: Theme | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["standards"].queryset = _standards(theme)  # type: ignore[attr-defined]
        earlier = themes_to_continue(run)
        self.fields["continues"].queryset = earlier  # type: ignore[attr-defined]
        if not earlier:
            del self.fields["continues"]

    def clean_standards(self) -> list[Standard]:
        chosen = list(self.cleaned_data["standards"])
        if len(chosen) > MOST_STANDARDS:
            raise forms.ValidationError(_("Choose five standards at most."))
        return chosen

    def clean(self) -> dict[str, Any]:
        return {"continues": None, **(super().clean() or {})}


class MergeForm(UIForm):
    into = forms.ModelChoiceField(label=_("Into which theme?"), queryset=None, empty_label=_("Choose a theme"))

    def __init__(self, *args: Any, theme: Theme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = theme.run.themes.live().exclude(pk=theme.pk).order_by("number")
        self.fields["into"].queryset = others  # type: ignore[attr-defined]


class TextsForm(UIForm):
    """Texts of a list, ticked. Their boxes stand beside each text, so the form draws only the rest."""

    texts = forms.ModelMultipleChoiceField(label=_("Texts"), queryset=None, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, texts: QuerySet[ThemeText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["texts"].queryset = texts  # type: ignore[attr-defined]
        self.fields["texts"].error_messages["required"] = _("Tick the texts that you want to move.")

    def ids(self) -> list[int]:
        return [text.pk for text in self.cleaned_data["texts"]]


class MoveForm(TextsForm):
    into = forms.ModelChoiceField(label=_("Move the ticked texts to"), queryset=None, required=False)

    def __init__(self, *args: Any, run: ThemeRun, theme: Theme | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = run.themes.live().order_by("number")
        field: Any = self.fields["into"]
        field.queryset = others if theme is None else others.exclude(pk=theme.pk)
        field.empty_label = _("Choose a theme") if theme is None else _("No theme")
        field.required = theme is None
        self.show_optional = False


class RunFilterForm(UIFilterForm):
    """What the region and the country look for among the closed searches."""

    q = forms.CharField(label=_("Municipality"), required=False, max_length=80)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    region = forms.ModelChoiceField(label=_("Region"), required=False, queryset=None, empty_label=_("All"))

    def __init__(self, *args: Any, years: list[int], regions: QuerySet[Territory] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("All")), *((year, str(year)) for year in years)]  # type: ignore[attr-defined]
        if regions is None:
            del self.fields["region"]
        else:
            self.fields["region"].queryset = regions  # type: ignore[attr-defined]


def _standards(theme: Theme | None) -> QuerySet[Standard]:
    """Of the catalogue that the theme was mapped to already, else of the latest."""
    mapped = theme.standards.first() if theme is not None and theme.pk else None
    version = mapped.version if mapped else latest_version()
    return Standard.objects.filter(version=version).order_by("number")


def suggested_standards(theme: Theme) -> list[int]:
    """Standards that many of its texts point at already (half of them or more), five at most."""
    counts: Counter[str] = Counter()
    total = 0
    for codes in theme.texts.values_list("standard_codes", flat=True):
        total += 1
        counts.update(set(codes))
    often = [code for code, count in counts.most_common(MOST_STANDARDS) if 2 * count >= total]
    return list(Standard.objects.filter(version=latest_version(), code__in=often).values_list("pk", flat=True))
