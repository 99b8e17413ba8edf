"""Forms of the register. What is asked here; what is allowed is checked again by the verbs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from benefits_core.domain.attentions import LONGEST_MINUTES, REASON_LENGTH, AttentionContent
from benefits_core.enums import CLERK_OUTCOMES, Channel, Outcome
from benefits_core.models import Attention, Matter
from benefits_core.queries.attentions import DEFAULT_DAYS, LONGEST_DAYS, AttentionFilter, clerks_of, matters_seen
from portal.foundation.people.identifiers import InvalidIdentifier, normalize
from portal.foundation.people.models import Person, Scheme
from portal.foundation.territories.models import ServicePoint, Territory
from portal.foundation.ui.forms import RowChoiceField, UIDateField, UIFilterForm, UIForm

IDENTIFIER_LENGTH = 20
FIRST_DAY = date(2015, 1, 1)
TIME_INPUT = {"type": "time", "class": "govuk-input--width-5"}
CHANNEL_OF_KIND = {
    ServicePoint.Kind.OFFICE: Channel.COUNTER,
    ServicePoint.Kind.OUTREACH: Channel.OUTREACH,
    ServicePoint.Kind.VIRTUAL: Channel.VIRTUAL,
    ServicePoint.Kind.TELEPHONE: Channel.TELEPHONE,
}


def minutes_field(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        max_value=LONGEST_MINUTES,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )


class MatterChoice(RowChoiceField):
    """One of the matters that the municipality offers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Matter.objects.none(), label=_("What for?"), widget=forms.RadioSelect, empty_label=None, **kwargs
        )


class AttentionForm(UIForm):
    """What the entry, the start and the correction of an attention share."""

    matter = MatterChoice()
    outcome = forms.ChoiceField(label=_("How did it end?"), choices=CLERK_OUTCOMES, widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=_("How was it?"), choices=Channel.choices, widget=forms.RadioSelect)
    service_point = RowChoiceField(label=_("Service point"), queryset=ServicePoint.objects.none(), empty_label=None)
    preferential = forms.BooleanField(label=_("Preferential attention"), required=False)
    wait_minutes = minutes_field(_("Minutes of wait"))
    service_minutes = minutes_field(_("Minutes of service"))
    identifier = forms.CharField(
        label=_("RUN of the person"),
        required=False,
        max_length=IDENTIFIER_LENGTH,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off", "spellcheck": "false"}),
    )
    ended_on = UIDateField(label=_("Day"), earliest=FIRST_DAY, required=False)
    ended_at = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=forms.TimeInput(attrs=TIME_INPUT, format="%H:%M"),
        error_messages={"invalid": _("Write a time like 15:30.")},
    )

    def __init__(self, *args: Any, place: Territory, known: Attention | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        self.known = known
        points = ServicePoint.objects.filter(territory=place)
        matters = Matter.objects.offered_in(place)
        if known is None:
            points = points.open()
        else:
            # What the attention has already can stay, though nothing new may begin there.
            points = points.open() | points.filter(pk=known.service_point_id)
            matters = matters | Matter.objects.of_chain(place).filter(pk=known.matter_id)
        self.fields["service_point"].queryset = points.order_by("name")
        self.fields["matter"].queryset = matters.order_by("position", "pk")

    def clean_identifier(self) -> str:
        typed = self.cleaned_data["identifier"].strip()
        if not typed:
            return ""
        try:
            return normalize(Scheme.CL_RUN, typed)
        except InvalidIdentifier:
            raise forms.ValidationError(gettext("This number is not valid. Check it and write it again.")) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, hour = cleaned.get("ended_on"), cleaned.get("ended_at")
        if (day is None) != (hour is None) and not {"ended_on", "ended_at"} & set(self.errors):
            self.add_error(
                "ended_at" if hour is None else "ended_on", gettext("Write both the day and the time, or neither.")
            )
        return cleaned

    def moment(self, at: datetime) -> datetime:
        """When it ended: what was written, in the municipality's own time, else now."""
        day, hour = self.cleaned_data.get("ended_on"), self.cleaned_data.get("ended_at")
        return datetime.combine(day, hour, self.place.zone) if day and hour else at

    def content(self, *, person: Person | None, at: datetime) -> AttentionContent:
        """What the verb is told."""
        cleaned = self.cleaned_data
        return AttentionContent(
            service_point=cleaned["service_point"],
            channel=cleaned["channel"],
            matter=cleaned["matter"],
            outcome=cleaned["outcome"],
            ended_at=self.moment(at),
            wait_minutes=cleaned["wait_minutes"],
            service_minutes=cleaned["service_minutes"],
            preferential=cleaned["preferential"],
            person=person,
        )


class EntryForm(AttentionForm):
    """An attention in a few keys: the first field has the focus, and Enter saves."""

    template_name = "benefits_core/partials/entry_form.html"
    show_optional = False
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["matter"].widget.attrs["autofocus"] = True
        points = self.fields["service_point"].rows
        if points and "service_point" not in self.initial:
            self.initial["service_point"] = points[0].pk
            self.initial.setdefault("channel", CHANNEL_OF_KIND[ServicePoint.Kind(points[0].kind)])
        if len(points) == 1:
            self.fields["service_point"].widget = forms.HiddenInput()

    @property
    def groups(self) -> list[list[forms.BoundField]]:
        """The visible fields in the columns of the page."""
        columns = (
            ("matter",),
            ("outcome", "preferential"),
            ("channel", "service_point", "wait_minutes", "service_minutes", "identifier"),
        )
        return [[self[name] for name in names if not self[name].is_hidden] for names in columns]

    @property
    def other_moment(self) -> list[forms.BoundField]:
        return [self["ended_on"], self["ended_at"]]

    @property
    def is_of_another_moment(self) -> bool:
        return any(field.errors or (self.is_bound and any(field.data or ())) for field in [self["ended_on"]]) or bool(
            self["ended_at"].errors or (self.is_bound and self["ended_at"].data)
        )


class StartForm(EntryForm):
    """The same page when the service begins: how it will end is not known yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("outcome", "service_minutes", "ended_on", "ended_at"):
            self.fields[name].required = False


class FinishForm(UIForm):
    """How an attention that was begun ended."""

    outcome = forms.ChoiceField(label=_("How did it end?"), choices=CLERK_OUTCOMES, widget=forms.RadioSelect)
    matter = MatterChoice()

    def __init__(self, *args: Any, attention: Attention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["outcome"].widget.attrs["autofocus"] = True
        place = attention.territory
        own = Matter.objects.of_chain(place).filter(pk=attention.matter_id)
        self.fields["matter"].queryset = (Matter.objects.offered_in(place) | own).order_by("position", "pk")


class CorrectForm(AttentionForm):
    """Everything about an attention, and why it is corrected."""

    forget_person = forms.BooleanField(label=_("Take the person out of this attention"), required=False)
    reason = forms.CharField(
        label=_("Why do you correct it?"),
        help_text=_("The reason and what stood before stay in the history."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert self.known
        self.fields["ended_on"].required = self.fields["ended_at"].required = True
        if self.known.person_id is None:
            del self.fields["forget_person"]
        else:
            self.fields["identifier"].help_text = gettext(
                "Leave it empty to keep the person that is noted. To take that person out, tick the box below."
            )
            names = [name for name in self.fields if name != "forget_person"]
            names.insert(names.index("identifier") + 1, "forget_person")
            self.order_fields(names)
        if self.known.outcome == Outcome.NOT_RECORDED:
            self.fields["outcome"].choices = Outcome.choices

    def moment(self, at: datetime) -> datetime:
        """The stored one, to the second, unless another day or time was written."""
        assert self.known and self.known.ended_at
        if {"ended_on", "ended_at"} & set(self.changed_data):
            return super().moment(at)
        return self.known.ended_at

    def content(self, *, person: Person | None, at: datetime) -> AttentionContent:
        """What the verb is told; measured seconds are kept where the minutes were not touched."""
        assert self.known
        said = super().content(person=person, at=at)
        values = dict(vars(said))
        for name in ("wait", "service"):
            seconds = getattr(self.known, f"{name}_seconds")
            if f"{name}_minutes" not in self.changed_data and seconds is not None:
                values[f"{name}_minutes"] = seconds / 60
        return AttentionContent(**values)

    @staticmethod
    def initial_of(attention: Attention) -> dict[str, Any]:
        ended = attention.ended_at and timezone.localtime(attention.ended_at, attention.territory.zone)
        return {
            "matter": attention.matter_id,
            "outcome": attention.outcome,
            "channel": attention.channel,
            "service_point": attention.service_point_id,
            "preferential": attention.preferential,
            "wait_minutes": attention.wait_minutes,
            "service_minutes": attention.service_minutes,
            "ended_on": ended.date() if ended else None,
            "ended_at": ended.time().replace(second=0, microsecond=0) if ended else None,
        }


class VoidForm(UIForm):
    reason = forms.CharField(
        label=_("Why does it not count?"),
        help_text=_("For example: it was written down twice."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )


class AttentionFilterForm(UIFilterForm):
    """Filters of the list. Without days, the last thirty; a year at most."""

    desde = UIDateField(label=_("From"), earliest=FIRST_DAY, required=False)
    hasta = UIDateField(label=_("Until"), earliest=FIRST_DAY, required=False)
    punto = forms.ModelChoiceField(
        label=_("Service point"), queryset=ServicePoint.objects.none(), required=False, empty_label=_("All")
    )
    canal = forms.ChoiceField(label=_("Channel"), choices=[("", _("All")), *Channel.choices], required=False)
    materia = forms.ModelChoiceField(
        label=_("Matter"), queryset=Matter.objects.none(), required=False, empty_label=_("All")
    )
    persona = forms.ModelChoiceField(
        label=_("Who attended"), queryset=None, required=False, empty_label=pgettext_lazy("people", "All")
    )
    resultado = forms.ChoiceField(label=_("Outcome"), choices=[("", _("All")), *Outcome.choices], required=False)
    numero = forms.CharField(
        label=_("Number"), help_text=_("Of the attention or of the ticket."), max_length=60, required=False
    )
    anuladas = forms.BooleanField(label=_("Show the void ones too"), required=False)

    def __init__(self, *args: Any, place: Territory, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["punto"].queryset = ServicePoint.objects.filter(territory=place).order_by("name")
        self.fields["materia"].queryset = matters_seen(place)
        self.fields["persona"].queryset = clerks_of(place, today - timedelta(days=LONGEST_DAYS))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("desde"), cleaned.get("hasta")
        if first and last and first > last:
            self.add_error("hasta", gettext("The last day cannot be before the first day."))
        elif first and last and (last - first).days > LONGEST_DAYS:
            self.add_error("hasta", gettext("Choose one year at most."))
        return cleaned

    def wanted(self) -> AttentionFilter:
        """The filter as asked; without days, or with wrong ones, the last thirty."""
        cleaned = self.cleaned_data if self.is_valid() else {}
        first, last = cleaned.get("desde"), cleaned.get("hasta")
        if last is None:
            last = min(first + timedelta(days=LONGEST_DAYS), self.today) if first else self.today
        last = max(last, first) if first else last
        if first is None:
            first = last - timedelta(days=DEFAULT_DAYS)

        def key(name: str) -> str:
            return str(cleaned[name].pk) if cleaned.get(name) else ""

        return AttentionFilter(
            first=first,
            last=last,
            service_point=key("punto"),
            channel=cleaned.get("canal", ""),
            matter=key("materia"),
            clerk=key("persona"),
            outcome=cleaned.get("resultado", ""),
            number=cleaned.get("numero", "").strip(),
            with_void=bool(cleaned.get("anuladas")),
        )


class DayForm(UIFilterForm):
    dia = UIDateField(label=_("Day"), earliest=FIRST_DAY, required=False)
