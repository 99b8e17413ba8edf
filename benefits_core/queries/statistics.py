"""Figures of the register from its monthly sums: the same cost whatever the register holds.

Whole months come from :class:`AttentionMonth`; the days of a month that a period cuts come from the
rows of those days alone. Both count what is not void.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, Sum

from benefits_core.models import Attention, AttentionMonth
from benefits_core.statistics import quantile
from portal.foundation.indicators.registry import Period
from portal.foundation.territories.models import TerritoryLevel

QUERY_VERSION = "benefits_core.attentions/1"


def count_by(territories: Sequence[Any], period: Period) -> dict[int, int]:
    """Territory id → attentions in the period, 0 where there are none; of a region or country, those below it too.

    The denominator of «per 1,000 attentions». Two queries, however many territories are asked.
    """
    whole, cut = split(period)
    places = places_in(territories)
    by_path: Counter[str] = Counter()
    if whole is not None:
        months = AttentionMonth.objects.filter(places, month__gte=whole.starts_on, month__lte=whole.ends_on)
        by_path.update(dict(months.order_by().values_list("territory__path").annotate(Sum("count"))))
    if cut:
        rows = Attention.objects.counted().filter(places).filter(_days(cut))
        by_path.update(dict(rows.order_by().values_list("territory__path").annotate(Count("pk"))))
    return {
        territory.pk: sum(count for path, count in by_path.items() if lies_in(path, territory))
        for territory in territories
    }


def lies_in(path: str, territory: Any) -> bool:
    """Is the place of ``path`` the territory itself or below it?"""
    return path == territory.path or path.startswith(f"{territory.path}/")


@dataclass
class Cell:
    """What some attentions have in common, summed; waits in minutes begun."""

    count: int = 0
    preferential: int = 0
    waits: Counter[int] = field(default_factory=Counter)
    preferential_waits: Counter[int] = field(default_factory=Counter)
    matters: Counter[int] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)

    def add(self, other: Cell) -> None:
        self.count += other.count
        self.preferential += other.preferential
        for name in ("waits", "preferential_waits", "matters", "outcomes"):
            getattr(self, name).update(getattr(other, name))

    @property
    def measured(self) -> int:
        return sum(self.waits.values())

    @property
    def median(self) -> int | None:
        return quantile(self.waits, 0.5)

    @property
    def percentile_90(self) -> int | None:
        return quantile(self.waits, 0.9)


@dataclass(frozen=True)
class Part:
    """A :class:`Cell` of one municipality, service point, month and channel."""

    territory_id: int
    territory_path: str
    service_point_id: int
    month: date
    channel: str
    cell: Cell

    def lies_in(self, territory: Any) -> bool:
        return lies_in(self.territory_path, territory)


def parts(territories: Sequence[Any], period: Period) -> list[Part]:
    """The sums of the period, each of one service point, month and channel; two queries."""
    whole, cut = split(period)
    places = places_in(territories)
    found: list[Part] = []
    if whole is not None:
        months = AttentionMonth.objects.filter(
            places, month__gte=whole.starts_on, month__lte=whole.ends_on, count__gt=0
        )
        found += [_part_of_month(*row) for row in months.order_by().values_list(*MONTH_FIELDS)]
    if cut:
        rows = Attention.objects.counted().filter(places).filter(_days(cut)).order_by()
        found += _parts_of_rows(rows.values_list(*ROW_FIELDS))
    return found


def split(period: Period) -> tuple[Period | None, list[Period]]:
    """The whole months in the middle of a period, and what is left at its ends."""
    first = period.starts_on if period.starts_on.day == 1 else _next_month(period.starts_on)
    after = period.ends_on + timedelta(days=1)
    last = after.replace(day=1) - timedelta(days=1)
    if first > last:
        return None, [period]
    cut = []
    if period.starts_on < first:
        cut.append(Period(period.starts_on, first - timedelta(days=1)))
    if last < period.ends_on:
        cut.append(Period(last + timedelta(days=1), period.ends_on))
    return Period(first, last), cut


def months_of(period: Period) -> list[date]:
    """The first day of every month that the period touches."""
    months, month = [], period.starts_on.replace(day=1)
    while month <= period.ends_on:
        months.append(month)
        month = _next_month(month)
    return months


MONTH_FIELDS = (
    "territory_id",
    "territory__path",
    "service_point_id",
    "month",
    "channel",
    "preferential",
    "count",
    "waits",
    "matters",
    "outcomes",
)
ROW_FIELDS = (
    "territory_id",
    "territory__path",
    "service_point_id",
    "day",
    "channel",
    "preferential",
    "wait_seconds",
    "matter_id",
    "outcome",
)


def _part_of_month(
    territory: int,
    path: str,
    point: int,
    month: date,
    channel: str,
    preferential: bool,
    count: int,
    waits: dict[str, int],
    matters: dict[str, int],
    outcomes: dict[str, int],
) -> Part:
    minutes = Counter({int(minute): number for minute, number in waits.items()})
    cell = Cell(
        count=count,
        preferential=count if preferential else 0,
        waits=minutes,
        preferential_waits=Counter(minutes) if preferential else Counter(),
        matters=Counter({int(matter): number for matter, number in matters.items()}),
        outcomes=Counter(outcomes),
    )
    return Part(territory, path, point, month, channel, cell)


def _parts_of_rows(rows: Any) -> Iterator[Part]:
    cells: dict[tuple[int, str, int, date, str], Cell] = {}
    for territory, path, point, day, channel, preferential, wait, matter, outcome in rows.iterator(2000):
        cell = cells.setdefault((territory, path, point, day.replace(day=1), channel), Cell())
        cell.count += 1
        cell.preferential += preferential
        cell.matters[matter] += 1
        if outcome:
            cell.outcomes[outcome] += 1
        if wait is not None:
            cell.waits[-(-wait // 60)] += 1
            if preferential:
                cell.preferential_waits[-(-wait // 60)] += 1
    for key, cell in cells.items():
        yield Part(*key, cell)


def places_in(territories: Sequence[Any]) -> Q:
    """A condition on rows of these territories, those below a region or the country included."""
    communes = [territory.pk for territory in territories if territory.level == TerritoryLevel.COMMUNE]
    places = Q(territory__in=communes)
    for territory in territories:
        if territory.level != TerritoryLevel.COMMUNE:
            places |= Q(territory__path__startswith=f"{territory.path}/")
    return places


def _days(periods: Sequence[Period]) -> Q:
    days = Q(pk__in=[])
    for period in periods:
        days |= Q(day__gte=period.starts_on, day__lte=period.ends_on)
    return days


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
