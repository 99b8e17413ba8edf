"""Figures of complaints from rows, in SQL: the same number of queries however many there are.

The cohort is what was *received* in the period. «In term» is told of what had to be answered by now:
answered, or open past its term; what is led elsewhere or withdrawn has no answer to be late.
Categories R14 and R15 say nothing of the service's quality and are counted apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import ExtractQuarter, ExtractYear

from portal.foundation.indicators.registry import FEWEST_FOR_PERCENT, Period
from portal.foundation.territories.models import Territory, TerritoryLevel
from surveys.agreement import Agreement, agreement
from surveys.enums import (
    OPEN_STATES,
    OTHER_CATEGORY,
    CodingRound,
    ComplaintKind,
    ComplaintRoute,
    ComplaintState,
    Outcome,
)
from surveys.models import Complaint, ComplaintCoding, ComplaintQuerySet
from surveys.statistics import mean, per_thousand, quantile

QUERY_VERSION = "surveys.complaints/1"
NATIONAL_CATEGORIES = ("R14", "R15")
# Days past the term, by age: up to a week, a month, a quarter, more.
AGES = (7, 30, 90)
# Above this share «other» hides something that deserves a category of its own.
MOST_OTHERS = 0.10
LEAST_FOR_OTHERS = 20


@dataclass(frozen=True)
class Share:
    """``n`` of ``of`` in per cent. Every case of the register is counted: no interval stands around it."""

    n: int
    of: int

    @property
    def value(self) -> float | None:
        return 100 * self.n / self.of if self.of else None

    @property
    def is_few(self) -> bool:
        """Too few cases to speak of them in per cent."""
        return self.of < FEWEST_FOR_PERCENT


@dataclass(frozen=True)
class CategoryCount:
    code: str
    name: dict[str, str]
    count: int
    per_thousand: float | None


@dataclass(frozen=True)
class QuarterCount:
    """What came in during a quarter of the calendar, and how it was answered."""

    year: int
    number: int
    received: int
    in_term: Share


@dataclass(frozen=True)
class MunicipalityCount:
    territory: Territory
    received: int
    in_term: Share
    overdue: int


@dataclass(frozen=True)
class Figures:
    """Everything that the screens show of a place and a period."""

    period: Period
    received: int
    by_kind: dict[str, int]
    by_channel: dict[str, int]
    open: int
    overdue: int
    overdue_by_age: list[int]
    in_term: Share
    first_contact: Share
    reopened: Share
    founded: Share
    anonymous: Share
    median_days: int | None
    p90_days: int | None
    days: dict[int, int]
    satisfaction: dict[int, int]
    by_category: list[CategoryCount]
    without_category: int
    by_cause: dict[str, int]
    apart: dict[str, int]
    services: int
    others: Share
    quarters: list[QuarterCount] = field(default_factory=list)

    @property
    def rated(self) -> int:
        return sum(self.satisfaction.values())

    @property
    def satisfaction_mean(self) -> float | None:
        return mean(self.satisfaction)

    @property
    def complaints(self) -> int:
        """Complaints of the service, without what is counted apart."""
        return sum(each.count for each in self.by_category) + self.without_category

    @property
    def per_thousand(self) -> float | None:
        return per_thousand(self.complaints, self.services)

    @property
    def asks_for_categories(self) -> bool:
        return self.others.of >= LEAST_FOR_OTHERS and self.others.n > MOST_OTHERS * self.others.of


def year_of(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def cohort(place: Territory, period: Period) -> ComplaintQuerySet:
    """What a municipality, or all those of a region or the country, received in the period."""
    found = Complaint.objects.filter(received_on__range=(period.starts_on, period.ends_on))
    if place.level == TerritoryLevel.COMMUNE:
        return found.filter(territory=place)
    if place.level == TerritoryLevel.COUNTRY:
        return found
    return found.filter(territory__in=Territory.objects.within(place).values("pk"))


def figures(place: Territory, period: Period, today: date, *, services: int = 0) -> Figures:
    """The figures of ``place``; eight queries.

    :param services: attentions in the same place and period: the denominator of «per 1,000».
    """
    found = cohort(place, period)
    counted = found.aggregate(
        received=Count("pk"),
        open=Count("pk", filter=Q(state__in=OPEN_STATES)),
        overdue=Count("pk", filter=_late(today)),
        **{f"age_{index}": Count("pk", filter=_late(today) & _older(today, days)) for index, days in enumerate(AGES)},
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        in_term=Count("pk", filter=Q(in_term=True)),
        first_contact=Count("pk", filter=Q(answered_at__isnull=False, asked_back=False, reopened_at__isnull=True)),
        reopened=Count("pk", filter=Q(reopened_at__isnull=False)),
        judged=Count("pk", filter=~Q(outcome="")),
        founded=Count("pk", filter=Q(outcome__in=[Outcome.FOUNDED, Outcome.PARTLY])),
        anonymous=Count("pk", filter=Q(author__isnull=True, person__isnull=True)),
        led_elsewhere=Count("pk", filter=Q(route=ComplaintRoute.INFORMATION)),
    )
    by_category = _by_category(found, services)
    apart = {each.code: each.count for each in by_category if each.code in NATIONAL_CATEGORIES}
    of_service = [each for each in by_category if each.code and each.code not in NATIONAL_CATEGORIES]
    unknown = sum(each.count for each in by_category if not each.code)
    answered, overdue = counted["answered"], counted["overdue"]
    days = _histogram(found.filter(answered_at__isnull=False), "working_days")
    older = [counted[f"age_{index}"] for index in range(len(AGES))]
    return Figures(
        period=period,
        received=counted["received"],
        by_kind=_histogram(found, "kind"),
        by_channel=_histogram(found, "channel"),
        open=counted["open"],
        overdue=overdue,
        overdue_by_age=[first - second for first, second in zip([overdue, *older], [*older, 0], strict=True)],
        in_term=Share(counted["in_term"], answered + overdue - _late_again(found, today)),
        first_contact=Share(counted["first_contact"], answered),
        reopened=Share(counted["reopened"], answered),
        founded=Share(counted["founded"], counted["judged"]),
        anonymous=Share(counted["anonymous"], counted["received"]),
        median_days=quantile(days, 0.5),
        p90_days=quantile(days, 0.9),
        days=days,
        satisfaction=_histogram(found.filter(satisfaction__isnull=False), "satisfaction"),
        by_category=of_service,
        without_category=unknown,
        by_cause=_histogram(found.exclude(cause=""), "cause"),
        apart={**{code: apart.get(code, 0) for code in NATIONAL_CATEGORIES}, "information": counted["led_elsewhere"]},
        services=services,
        others=Share(
            sum(each.count for each in of_service if each.code == OTHER_CATEGORY),
            sum(each.count for each in of_service),
        ),
        quarters=_quarters(found, today),
    )


def coding_agreement(place: Territory, period: Period) -> Agreement:
    """How the two coders of the sample agree on the cause; one query."""
    second = ComplaintCoding.objects.filter(round=CodingRound.SECOND, complaint__in=cohort(place, period).values("pk"))
    pairs = second.filter(complaint__codings__round=CodingRound.FIRST).values_list("complaint__codings__cause", "cause")
    return agreement(pairs)


def years_with_complaints(place: Territory, today: date) -> list[int]:
    """The years that can be chosen, the newest first; never none."""
    found = cohort(place, Period(date.min, date.max)).annotate(year=ExtractYear("received_on"))
    return sorted({*found.order_by().values_list("year", flat=True).distinct(), today.year}, reverse=True)


def by_municipality(
    places: Sequence[Territory], period: Period, today: date
) -> list[tuple[Territory, int, Share, int]]:
    """Municipality, received, in term, overdue: a region's or the country's table; one query."""
    rows = (
        Complaint.objects.filter(
            territory__in=[place.pk for place in places], received_on__range=(period.starts_on, period.ends_on)
        )
        .order_by()
        .values("territory_id")
        .annotate(
            received=Count("pk"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            in_time=Count("pk", filter=Q(in_term=True)),
            late=Count("pk", filter=_late(today) & Q(answered_at__isnull=True)),
            overdue=Count("pk", filter=_late(today)),
        )
    )
    found = {row["territory_id"]: row for row in rows}
    return [
        MunicipalityCount(place, row["received"], Share(row["in_time"], row["answered"] + row["late"]), row["overdue"])
        for place in places
        if (row := found.get(place.pk))
    ]


def _late(today: date) -> Q:
    return Q(state__in=OPEN_STATES, due_on__lt=today, paused_on__isnull=True)


def _older(today: date, days: int) -> Q:
    return Q(due_on__lt=today - timedelta(days=days))


def _late_again(found: ComplaintQuerySet, today: date) -> int:
    """Reopened ones that are late now were answered once, and are counted by that answer."""
    return found.filter(_late(today), answered_at__isnull=False).count()


def _histogram(found: QuerySet[Any], name: str) -> dict[Any, int]:
    return dict(found.order_by().values_list(name).annotate(Count("pk")))


def _by_category(found: ComplaintQuerySet, services: int) -> list[CategoryCount]:
    """Complaints by category, the commonest first; an empty code is for those without one."""
    rows = (
        found.filter(kind=ComplaintKind.COMPLAINT)
        .exclude(state=ComplaintState.WITHDRAWN)
        .order_by()
        .values_list("category__code", "category__name")
        .annotate(count=Count("pk"))
    )
    merged: dict[str, tuple[dict[str, str], int]] = {}
    for code, name, count in rows:  # editions of the catalogue have rows of their own
        merged[code or ""] = (name or {}, count + merged.get(code or "", ({}, 0))[1])
    ordered = sorted(merged.items(), key=lambda item: (-item[1][1], item[0]))
    return [CategoryCount(code, name, count, per_thousand(count, services)) for code, (name, count) in ordered]


def _quarters(found: ComplaintQuerySet, today: date) -> list[QuarterCount]:
    rows = (
        found.annotate(year=ExtractYear("received_on"), quarter=ExtractQuarter("received_on"))
        .order_by()
        .values("year", "quarter")
        .annotate(
            received=Count("pk"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            in_time=Count("pk", filter=Q(in_term=True)),
            late=Count("pk", filter=_late(today) & Q(answered_at__isnull=True)),
        )
        .order_by(F("year"), F("quarter"))
    )
    return [
        QuarterCount(row["year"], row["quarter"], row["received"], Share(row["in_time"], row["answered"] + row["late"]))
        for row in rows
    ]
