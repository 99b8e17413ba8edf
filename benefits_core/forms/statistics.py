"""Which months the statistics show, and which longest waits are promised."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from benefits_core.enums import Channel
from benefits_core.models import WaitPromise
from benefits_core.queries.statistics import months_of
from portal.foundation.indicators.registry import Period
from portal.foundation.ui.forms import UIFilterForm, UIForm

YEARS_BACK = 5
MONTHS_SHOWN = 12
LONGEST_MONTHS = 36
MONTHS_AHEAD = 12


class PeriodForm(UIFilterForm):
    """First and last month; the last twelve where nothing is chosen."""

    desde = forms.ChoiceField(label=_("From"), required=False)
    hasta = forms.ChoiceField(label=_("Until"), required=False)

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        self.today = today
        last, first = _month_of(data.get("hasta", "")), _month_of(data.get("desde", ""))
        this_month = today.replace(day=1)
        last = min(last or this_month, this_month)
        first = first or _shifted(last, 1 - MONTHS_SHOWN)
        super().__init__({"desde": f"{first:%Y-%m}", "hasta": f"{last:%Y-%m}"})
        oldest = min(first, date(today.year - YEARS_BACK, 1, 1))
        months = [(f"{month:%Y-%m}", date_format(month, "F Y")) for month in months_of(Period(oldest, today))]
        for name in ("desde", "hasta"):
            self.fields[name].choices = months[::-1]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("desde"), cleaned.get("hasta")
        if first and last and first > last:
            self.add_error("hasta", gettext("The last month cannot be before the first month."))
        return cleaned

    def period(self) -> Period:
        """Whole months, so that their sums are enough; the last three years where more were asked.

        Of the present one the days to come hold nothing yet.
        """
        first, last = (_month_of(self.data[name]) or self.today for name in ("desde", "hasta"))
        first = max(min(first, last), _shifted(last, 1 - LONGEST_MONTHS))
        return Period(first, _shifted(last, 1) - timedelta(days=1))


class PromiseForm(UIForm):
    """A longest wait from a month on."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, widget=forms.RadioSelect)
    minutes = forms.TypedChoiceField(
        label=_("Minutes at most"), choices=[(minutes, str(minutes)) for minutes in WaitPromise.MINUTES], coerce=int
    )
    starts_on = forms.ChoiceField(label=_("From"), help_text=_("The month that has begun does not change."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [_shifted(today.replace(day=1), number) for number in range(1, MONTHS_AHEAD + 1)]
        self.fields["starts_on"].choices = [(month.isoformat(), date_format(month, "DATE_FORMAT")) for month in months]

    def clean_starts_on(self) -> date:
        return date.fromisoformat(self.cleaned_data["starts_on"])


def _month_of(text: str) -> date | None:
    return date(int(text[:4]), int(text[5:]), 1) if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text) else None


def _shifted(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)
