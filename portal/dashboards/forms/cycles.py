"""Forms of the programme's years and of who takes part in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal.dashboards.queries.cycles import ParticipantFilter, ReadLines, not_enrolled, read_lines
from portal.foundation.cycles.domain import SETTLED_ONCE_OPEN
from portal.foundation.cycles.models import (
    ALLOWED_STATUSES,
    Cycle,
    CycleState,
    Milestone,
    Participation,
    ParticipationStatus,
    Stage,
)
from portal.foundation.cycles.queries import Unfinished
from portal.foundation.territories.models import Territory
from portal.foundation.ui.forms import ChoiceWithHint, UIDateField, UIFilterForm, UIForm
from portal.foundation.ui.levels import level_name

STAGES = [(stage.value, stage.label) for stage in Stage if stage != Stage.GRADUATED]
LEVELS = (1, 2, 3)
REASON_LENGTH = 500
LIST_LENGTH = 60_000
LARGEST_LIST = 200 * 1024
MOST_ERRORS = 20
STAYS, GRADUATES = "stays", "graduates"


class CycleForm(UIForm):
    """The settings of a year. Once it is open, what levels are judged by is not asked any more."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    name = forms.CharField(label=_("Name of the cycle"), max_length=120)
    starts_on = UIDateField(label=_("First day"))
    ends_on = UIDateField(label=_("Last day"))
    catalogue_version = forms.ChoiceField(
        label=_("Edition of the catalogue"), help_text=_("The standards by which municipalities are assessed.")
    )
    met_at = forms.TypedChoiceField(label=_("A standard is met from level"), coerce=int)
    consolidated_at = forms.TypedChoiceField(label=_("A standard is consolidated from level"), coerce=int)
    evidence_freshness_months = forms.IntegerField(
        label=_("Months for which evidence is valid"), min_value=1, max_value=120
    )

    def __init__(
        self,
        *args: Any,
        editions: Sequence[str],
        today: date,
        cycle: Cycle | None = None,
        before: Cycle | None = None,
        brackets: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ):
        """
        :param cycle: the one that is changed; None for a new one, which takes over from ``before``.
        :param brackets: code and name of each bracket that the survey asks for, to keep the mix of.
        """
        settings = _settings_of(cycle) if cycle else _one_year_after(before) if before else _first_settings(today)
        kwargs["initial"] = {**settings, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.cycle = cycle
        self._offer("catalogue_version", [(edition, edition) for edition in editions])
        levels = [(level, f"{level}: {level_name(level)}") for level in LEVELS]
        self._offer("met_at", levels)
        self._offer("consolidated_at", levels)
        for milestone in Milestone:
            self.fields[f"{milestone}_opens"] = UIDateField(
                label=gettext("%(milestone)s: opens on") % {"milestone": milestone.label}, required=False
            )
            self.fields[f"{milestone}_closes"] = UIDateField(
                label=gettext("%(milestone)s: closes on") % {"milestone": milestone.label}, required=False
            )
        self.brackets = [code for code, _name in brackets]
        for code, name in brackets:
            self.fields[_mix_field(code)] = forms.IntegerField(
                label=gettext("Of 100 people, how many are in the bracket: %(bracket)s") % {"bracket": name},
                help_text=gettext("The mix of the country, to compare years and municipalities of other brackets."),
                min_value=1,
                max_value=98,
                required=False,
            )
        if cycle:
            del self.fields["year"]
        if cycle and cycle.state != CycleState.DRAFT:
            for name in [*SETTLED_ONCE_OPEN, *map(_mix_field, self.brackets)]:
                self.fields.pop(name, None)
            self.brackets = []

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        year = self.cycle.year if self.cycle else cleaned.get("year")
        if year and cleaned.get("starts_on") and cleaned["starts_on"].year != year:
            self._refuse("starts_on", year)
        for milestone in Milestone:
            self._check_window(f"{milestone}_opens", f"{milestone}_closes", year)
        self._check_mix()
        return cleaned

    def _check_mix(self) -> None:
        names = [_mix_field(code) for code in self.brackets]
        parts = [self.cleaned_data.get(name) for name in names]
        if not any(parts) or any(name in self.errors for name in names):
            return
        if not all(parts):
            self.add_error(names[parts.index(None)], gettext("Give a number for each bracket, or for none."))
        elif sum(part or 0 for part in parts) != 100:
            self.add_error(names[0], gettext("The brackets together must be 100."))

    def _check_window(self, first: str, last: str, year: int | None) -> None:
        opens, closes = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if bool(opens) != bool(closes):
            missing = last if opens else first
            if missing not in self.errors:
                self.add_error(missing, gettext("Give both dates, or neither."))
        elif opens and closes and closes < opens:
            self.add_error(last, gettext("It cannot close before it opens."))
        for name, day in ((first, opens), (last, closes)):
            if year and day and day.year != year and name not in self.errors:
                self._refuse(name, year)

    def _refuse(self, name: str, year: int) -> None:
        self.add_error(name, gettext("Choose a day of %(year)s.") % {"year": year})

    def settings(self) -> dict[str, Any]:
        """What ``create_cycle`` and ``change_cycle`` take."""
        cleaned = self.cleaned_data
        asked = {name: cleaned[name] for name in CycleForm.base_fields if name in cleaned}
        if self.brackets:
            parts = {code: cleaned.get(_mix_field(code)) for code in self.brackets}
            asked["reference_mix"] = {code: part for code, part in parts.items() if part}
        return {**asked, "windows": {str(milestone): _window(cleaned, milestone) for milestone in Milestone}}


def _mix_field(code: str) -> str:
    return f"mix_{code}"


def _window(cleaned: dict[str, Any], milestone: str) -> dict[str, str] | None:
    opens, closes = cleaned.get(f"{milestone}_opens"), cleaned.get(f"{milestone}_closes")
    return {"opens": f"{opens:%m-%d}", "closes": f"{closes:%m-%d}"} if opens and closes else None


def _first_settings(today: date) -> dict[str, Any]:
    year = today.year + 1
    return {
        "year": year,
        "name": gettext("Cycle %(year)s") % {"year": year},
        "starts_on": date(year, 1, 1),
        "ends_on": date(year, 12, 31),
        "met_at": Cycle._meta.get_field("met_at").default,
        "consolidated_at": Cycle._meta.get_field("consolidated_at").default,
        "evidence_freshness_months": Cycle._meta.get_field("evidence_freshness_months").default,
    }


def _one_year_after(before: Cycle) -> dict[str, Any]:
    """Windows, levels and dates recur: a new year starts from those of the last one."""
    year = before.year + 1
    moved = {
        name: _in_year(value, value.year + 1) if isinstance(value, date) else value
        for name, value in _settings_of(before).items()
    }
    return {**moved, "year": year, "name": gettext("Cycle %(year)s") % {"year": year}}


def _in_year(day: date, year: int) -> date:
    """The same day of another year; of a leap day, the one before."""
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _settings_of(cycle: Cycle) -> dict[str, Any]:
    initial = {name: getattr(cycle, name) for name in SETTLED_ONCE_OPEN | {"name"}}
    for milestone in Milestone:
        initial[f"{milestone}_opens"], initial[f"{milestone}_closes"] = cycle.window(milestone) or (None, None)
    return initial | {_mix_field(code): part for code, part in cycle.reference_mix.items()}


class CloseForm(UIForm):
    """Why now, and that what stays unfinished has been read; where nothing is unfinished it asks for neither."""

    reason = forms.CharField(
        label=_("Why is it closed now?"),
        help_text=_("It is kept, and the municipalities read it. Do not name people."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=REASON_LENGTH,
        error_messages={"required": _("Say why the cycle is closed before everything is finished.")},
    )
    is_read = forms.BooleanField(
        error_messages={"required": _("Tick the box: it says what stays unfinished.")},
    )

    def __init__(self, *args: Any, unfinished: Unfinished, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if unfinished:
            self.fields["is_read"].label = _stays_unfinished(unfinished)
        else:
            self.fields.clear()


def _stays_unfinished(unfinished: Unfinished) -> str:
    count = unfinished.places.count()
    said = []
    if count:
        text = ngettext(
            "%(count)s municipality has not closed its year",
            "%(count)s municipalities have not closed their year",
            count,
        )
        said.append(text % {"count": count})
    if unfinished.windows:
        names = ", ".join(str(milestone.label) for milestone in unfinished.windows)
        said.append(gettext("these end before their date: %(names)s") % {"names": names})
    return gettext("I know what stays unfinished: %(what)s.") % {"what": "; ".join(said)}


class ReopenForm(UIForm):
    reason = forms.CharField(
        label=_("Why is it opened again?"),
        help_text=_("It is kept in the record. Do not name people."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=REASON_LENGTH,
    )


class ParticipantFilterForm(UIFilterForm):
    """Narrows the list of municipalities of a cycle."""

    buscar = forms.CharField(label=_("Name of the municipality"), required=False, max_length=80)
    region = forms.ChoiceField(label=_("Region"), required=False)
    etapa = forms.ChoiceField(label=_("Stage"), choices=[("", _("All stages")), *Stage.choices], required=False)
    estado = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *ParticipationStatus.choices], required=False)

    def __init__(self, data: Any, *, regions: Sequence[Territory]) -> None:
        super().__init__(data)
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All regions")), *((region.code, region.name) for region in regions)]
        if len(regions) < 2:
            del self.fields["region"]

    def wanted(self) -> ParticipantFilter:
        """What is not a valid choice counts as not chosen."""
        self.is_valid()
        chosen = self.cleaned_data.get
        return ParticipantFilter(
            region=chosen("region") or "",
            stage=chosen("etapa") or "",
            status=chosen("estado") or "",
            text=chosen("buscar") or "",
        )


class EnrollForm(UIForm):
    municipality = forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Territory.objects.none(),
        empty_label=_("Choose a municipality"),
        help_text=_("Only those that do not take part yet."),
    )
    stage = forms.ChoiceField(label=_("Stage"), choices=STAGES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = not_enrolled(cycle)  # type: ignore[attr-defined]


class EnrollManyForm(UIForm):
    """A list, pasted or in a file. One wrong line and nothing of it is used."""

    lines = forms.CharField(
        label=_("Pasted list"),
        help_text=_("One municipality a line: code or name, «;» and the stage. For example: Ñuñoa;2"),
        widget=forms.Textarea(attrs={"rows": 10}),
        required=False,
    )
    file = forms.FileField(
        label=_("File with the list"), help_text=_("A text or CSV file with the same lines."), required=False
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycle = cycle
        self.read = ReadLines()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        upload, pasted = cleaned.get("file"), cleaned.get("lines") or ""
        if bool(upload) == bool(pasted):
            message = gettext("Paste the list or upload a file, not both.")
            self.add_error("lines", message if upload else gettext("Paste the list or upload a file."))
            return cleaned
        name = "file" if upload else "lines"
        text = _text_of(upload) if upload else pasted
        if text is None or len(text) > LIST_LENGTH:
            self.add_error(name, gettext("The list cannot be read. Save it as CSV and keep it under 1,000 lines."))
            return cleaned
        self._read(name, text)
        return cleaned

    def _read(self, name: str, text: str) -> None:
        self.read = read_lines(text, self.cycle)
        for error in self.read.errors[:MOST_ERRORS]:
            self.add_error(name, error)
        if len(self.read.errors) > MOST_ERRORS:
            more = len(self.read.errors) - MOST_ERRORS
            self.add_error(name, gettext("And %(more)s more lines to correct.") % {"more": more})
        if not self.read.errors and not self.read.enrollments:
            self.add_error(name, gettext("The list names no municipality."))


def _text_of(upload: Any) -> str | None:
    """The text of a file saved by any spreadsheet program; None where it is no text or too large."""
    content = upload.read(LARGEST_LIST + 1)
    if len(content) > LARGEST_LIST or b"\0" in content:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


class CopyForm(UIForm):
    third_stage = forms.ChoiceField(
        label=_("What happens to municipalities in stage 3?"),
        choices=[
            (STAYS, ChoiceWithHint(_("They stay in stage 3"), _("They take part for one more year."))),
            (GRADUATES, ChoiceWithHint(_("They graduate"), _("They are not enrolled in this cycle."))),
        ],
        widget=forms.RadioSelect,
    )


# What a person does, by the status that follows.
STEPS = {
    ParticipationStatus.ACTIVE: _("It takes part again"),
    ParticipationStatus.PAUSED: _("It pauses"),
    ParticipationStatus.WITHDRAWN: _("It withdraws"),
}


class StatusForm(UIForm):
    status = forms.ChoiceField(label=_("What happens?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept in the record. Do not name people."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=REASON_LENGTH,
    )

    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = ALLOWED_STATUSES[ParticipationStatus(participation.status)]
        field = self.fields["status"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(status.value, label) for status, label in STEPS.items() if status in allowed]
