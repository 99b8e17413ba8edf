"""Figures of complaints from the sums of their months: the same cost however many there are.

The cohort is what was *received* in the period. «In term» is told of what had to be answered by now:
answered, open past its term, or led elsewhere past it; what is led elsewhere in time or withdrawn has no
answer to be late.
Categories R14 and R15 say nothing of the service's quality and are counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from portal.foundation.indicators.registry import FEWEST_FOR_PERCENT, Period
from portal.foundation.territories.models import Territory
from quality.models import ComplaintCategory
from surveys.agreement import Agreement, agreement
from surveys.enums import OTHER_CATEGORY
from surveys.queries.months import Month, lies_in, months, parts, total, years
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


class Cohort:
    """What a municipality, or all those of a region or the country, received in the period; one query."""

    def __init__(self, where: Q, period: Period, today: date) -> None:
        self.period, self.today = period, today
        self.months = months(where, period)

    def figures(self, *, services: int = 0) -> Figures:
        """Everything that the screens show; one query for the names of the categories.

        :param services: attentions in the same place and period: the denominator of «per 1,000».
        """
        sums = total(self.months)
        by_category = _by_category(parts(sums, "category"), services)
        apart = {each.code: each.count for each in by_category if each.code in NATIONAL_CATEGORIES}
        of_service = [each for each in by_category if each.code and each.code not in NATIONAL_CATEGORIES]
        days = _numbered(sums, "days")
        late = [sum(month.late(self.today, age) for month in self.months) for age in (0, *AGES)]
        return Figures(
            period=self.period,
            received=sums["received"],
            by_kind=parts(sums, "kind"),
            by_channel=parts(sums, "channel"),
            open=sums["open"],
            overdue=late[0],
            overdue_by_age=[first - second for first, second in zip(late, [*late[1:], 0], strict=True)],
            in_term=self._in_term(self.months),
            first_contact=Share(sums["first_contact"], sums["answered"]),
            reopened=Share(sums["reopened"], sums["answered"]),
            founded=Share(sums["founded"], sums["judged"]),
            anonymous=Share(sums["anonymous"], sums["received"]),
            median_days=quantile(days, 0.5),
            p90_days=quantile(days, 0.9),
            days=days,
            satisfaction=_numbered(sums, "satisfaction"),
            by_category=of_service,
            without_category=sum(each.count for each in by_category if not each.code),
            by_cause=parts(sums, "cause"),
            apart={**{code: apart.get(code, 0) for code in NATIONAL_CATEGORIES}, "information": sums["led_elsewhere"]},
            services=services,
            others=Share(
                sum(each.count for each in of_service if each.code == OTHER_CATEGORY),
                sum(each.count for each in of_service),
            ),
            quarters=self._quarters(),
        )

    def agreement(self) -> Agreement:
        """How the two coders of the sample agree on the cause."""
        counted = parts(total(self.months), "pair")
        return agreement(tuple(pair.split("|")) for pair, count in counted.items() for _time in range(count))  # type: ignore[misc]

    def by_municipality(self, places: Sequence[Territory]) -> list[MunicipalityCount]:
        """Those of ``places`` that received any, in their order: a region's or the country's table."""
        found: dict[int, list[Month]] = {}
        for month in self.months:
            found.setdefault(month.territory_id, []).append(month)
        return [
            MunicipalityCount(
                place,
                total(own)["received"],
                self._in_term(own),
                sum(month.late(self.today) for month in own),
            )
            for place in places
            if (own := found.get(place.pk))
        ]

    def _in_term(self, some: Sequence[Month]) -> Share:
        """Reopened ones that are late now were answered once, and are counted by that answer."""
        sums = total(some)
        late = sum(month.late(self.today) - month.late(self.today, name="due_again") for month in some)
        return Share(sums["in_term"], sums["answered"] + late + sums["led_late"])

    def _quarters(self) -> list[QuarterCount]:
        found: dict[tuple[int, int], list[Month]] = {}
        for month in self.months:
            found.setdefault(month.quarter, []).append(month)
        return [
            QuarterCount(*quarter, total(own)["received"], self._in_term(own)) for quarter, own in sorted(found.items())
        ]


def cohort(place: Territory, period: Period, today: date) -> Cohort:
    return Cohort(lies_in(place), period, today)


def years_with_complaints(place: Territory, today: date) -> list[int]:
    """The years that can be chosen, the newest first; never none."""
    return sorted({*years(lies_in(place)), today.year}, reverse=True)


def _numbered(sums: Counter[str], name: str) -> dict[int, int]:
    return {int(key): count for key, count in parts(sums, name).items()}


def _by_category(counts: dict[str, int], services: int) -> list[CategoryCount]:
    """Complaints by category, the commonest first; an empty code is for those without one."""
    # Editions of the catalogue have rows of their own: the latest one names the category.
    known = ComplaintCategory.objects.filter(code__in=counts).order_by("version_id", "pk")
    names = dict(known.values_list("code", "name"))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [CategoryCount(code, names.get(code, {}), count, per_thousand(count, services)) for code, count in ordered]
