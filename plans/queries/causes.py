"""Repeated causes of complaints as a source of plan lines, and how many of them have one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plans.models import ActionSource
from plans.sources import SourceChoice, SourceDraft
from portal.foundation.indicators.registry import Measurement, Period, Source
from portal.foundation.territories.models import TerritoryLevel
from portal.foundation.ui.translated import localized
from quality.models import Standard
from surveys.queries import causes as reads
from surveys.queries.causes import Cause
from surveys.statistics import quantile

KEY = "surveys.cause"
QUERY_VERSION = "plans.causes_with_line/1"
SOURCE = Source(
    "surveys.ComplaintCoding · plans.ActionSource",
    gettext_lazy("repeated causes of complaints, and lines of the plan"),
    is_of_people=False,
)


def cause_choices(municipality: Any, cycle: Any) -> list[SourceChoice]:
    """The causes that were repeated in a quarter of the cycle's year or the one before, the newest first."""
    found = [cause for year in (cycle.year, cycle.year - 1) for cause in reads.repeated_in_year(municipality, year)]
    return [SourceChoice(cause.reference, _label(cause)) for cause in found]


def describe_cause(reference: str) -> str:
    return _label(reads.cause_with(reference))


def cause_standards(reference: str) -> list[Standard]:
    cause = reads.cause_with(reference)
    return [cause.standard] if cause.standard else []


def cause_draft(reference: str) -> SourceDraft:
    """The standard that it touches, to be met, and the count as the problem's start."""
    cause = reads.cause_with(reference)
    problem = ngettext(
        "%(count)s complaint of quarter %(number)s of %(year)s has this cause: %(cause)s.",
        "%(count)s complaints of quarter %(number)s of %(year)s have this cause: %(cause)s.",
        cause.count,
    ) % {
        "count": cause.count,
        "number": cause.quarter.number,
        "year": cause.quarter.year,
        "cause": cause.label.lower(),
    }
    standards = [(cause.standard, 2)] if cause.standard else []
    return SourceDraft(
        title=localized(cause.standard.name) if cause.standard else cause.label, problem=problem, standards=standards
    )


def with_a_line(*, territories: Sequence[Any], period: Period, audience: str, subject: Any = None) -> list[Measurement]:
    """Share of the repeated causes of the period that a line of a plan answers, in per cent.

    A line drawn from the same cause and standard in any quarter counts. Three queries.
    """
    places = [territory for territory in territories if territory.level == TerritoryLevel.COMMUNE]
    repeated = reads.repeated(places, period)
    answered = {_without_quarter(reference) for reference in _references()}
    return [
        _measurement(territory, [key for key in repeated if _lies_in(key, territory)], answered, period)
        for territory in territories
    ]


def days_to_line(municipality: Any, period: Period) -> list[int]:
    """Days from the third repetition of each cause of the period to the first line that answers it.

    Without the causes that no line answers; two queries.
    """
    third = reads.third_repetitions(municipality, period)
    first_line: dict[str, date] = {}
    rows = ActionSource.objects.filter(kind=KEY, action__plan__municipality=municipality)
    for reference, at in rows.order_by("-action__created_at").values_list("reference", "action__created_at"):
        first_line[_without_quarter(reference)] = at.astimezone(municipality.zone).date()
    return sorted(max(0, (first_line[key] - day).days) for key, day in third.items() if key in first_line)


def median_days_to_line(
    *, territories: Sequence[Any], period: Period, audience: str, subject: Any = None
) -> list[Measurement]:
    """Median of :func:`days_to_line`; two queries for each territory, so it is asked of one at a time."""
    found = []
    for territory in territories:
        days = days_to_line(territory, period) if territory.level == TerritoryLevel.COMMUNE else []
        made = _measurement(territory, [], set(), period)
        found.append(replace(made, value=quantile(Counter(days), 0.5), n=len(days), denominator=len(days)))
    return found


def _references() -> list[str]:
    return list(ActionSource.objects.filter(kind=KEY).values_list("reference", flat=True).distinct())


def _without_quarter(reference: str) -> str:
    place, _quarter, cause, code = reference.split(":")
    return f"{place}:{cause}:{code}"


def _lies_in(key: str, territory: Any) -> bool:
    return key.split(":", 1)[0] == str(territory.pk)


def _measurement(territory: Any, repeated: list[str], answered: set[str], period: Period) -> Measurement:
    n = sum(key in answered for key in repeated)
    return Measurement(
        territory_id=territory.pk,
        value=100 * n / len(repeated) if repeated else None,
        n=n,
        denominator=len(repeated),
        low=None,
        high=None,
        suppressed=False,
        period=period,
        taken_at=datetime.combine(period.ends_on, time.min, UTC),
        source=SOURCE,
        query_version=QUERY_VERSION,
    )


def _label(cause: Cause) -> str:
    standard = f"{cause.standard.code} {localized(cause.standard.name)}" if cause.standard else _("no standard")
    return _("%(cause)s, %(standard)s: %(count)s in quarter %(number)s of %(year)s") % {
        "cause": cause.label,
        "standard": standard,
        "count": cause.count,
        "number": cause.quarter.number,
        "year": cause.quarter.year,
    }
