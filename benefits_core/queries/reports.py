"""The statistics of a municipality, a region or the country, in tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from benefits_core.enums import Channel, Outcome
from benefits_core.queries.matters import Promises, names_of
from benefits_core.queries.statistics import Cell, Part, months_of, parts
from benefits_core.statistics import within
from portal.foundation.indicators.registry import Period
from portal.foundation.territories.models import ServicePoint, Territory, TerritoryLevel


@dataclass(frozen=True)
class Judged:
    """Measured waits of channels for which something is promised, and how many kept within it."""

    met: int = 0
    measured: int = 0

    @property
    def share(self) -> float | None:
        """Per cent within the promise."""
        return 100 * self.met / self.measured if self.measured else None


@dataclass(frozen=True)
class Row:
    """One line of a table; ``place`` where it is a municipality's, to lead to its own page."""

    label: str
    cell: Cell
    judged: Judged
    place: Territory | None = None


@dataclass(frozen=True)
class Table:
    """``waits`` is False where a wait belongs to no single line, as with matters."""

    key: str
    title: str
    rows: list[Row]
    waits: bool = True

    @property
    def largest(self) -> int:
        return max((row.cell.count for row in self.rows), default=0)


@dataclass(frozen=True)
class Report:
    territory: Territory
    period: Period
    total: Row
    tables: list[Table]

    @property
    def preferential(self) -> Cell:
        """Those who were attended first, to compare their wait with everybody's."""
        waits = self.total.cell.preferential_waits
        return Cell(count=self.total.cell.preferential, waits=waits)


def report(territory: Territory, period: Period) -> Report:
    """The figures of ``territory`` in the period; at most six queries, whatever the register holds."""
    found = parts([territory], period)
    is_municipality = territory.level == TerritoryLevel.COMMUNE
    places = [territory] if is_municipality else _municipalities(found)
    judge = Judge(places)
    by_month: dict[date, list[Part]] = {month: [] for month in months_of(period)}
    for part in found:
        by_month[part.month].append(part)
    channels = [(str(label), _where(found, "channel", key)) for key, label in Channel.choices]
    tables = [
        Table("months", _("By month"), [judge.row(date_format(month, "F Y"), own) for month, own in by_month.items()]),
        Table("channels", _("By channel"), [judge.row(label, own) for label, own in channels if own]),
        _by_point(judge, found) if is_municipality else _by_municipality(judge, found, places),
        _by_matter(found),
        _by_outcome(found),
    ]
    return Report(territory, period, judge.row("", found), tables)


class Judge:
    """Sums parts, and compares their waits with what was promised in each month and channel."""

    def __init__(self, places: Sequence[Territory]) -> None:
        self.promises = Promises(places)

    def row(self, label: str, found: Iterable[Part], place: Territory | None = None) -> Row:
        cell, met, measured = Cell(), 0, 0
        for part in found:
            cell.add(part.cell)
            promised = self.promises.of(part.territory_id, part.channel, part.month)
            if promised is not None:
                met += within(part.cell.waits, promised)
                measured += part.cell.measured
        return Row(label, cell, Judged(met, measured), place)


def judged_by_place(territories: Sequence[Territory], period: Period, *, channel: str = "") -> dict[int, Judged]:
    """Territory id → its waits against what its municipalities promised; at most four queries.

    :param channel: one channel; all where empty.
    """
    return judged([part for part in parts(territories, period) if not channel or part.channel == channel], territories)


def judged(found: Sequence[Part], territories: Sequence[Territory]) -> dict[int, Judged]:
    """Territory id → the waits of ``found`` that lie in it against what its municipalities promised; two queries."""
    judge = Judge(_municipalities(found))
    return {
        territory.pk: judge.row("", [part for part in found if part.lies_in(territory)]).judged
        for territory in territories
    }


def _by_point(judge: Judge, found: Sequence[Part]) -> Table:
    names = dict(
        ServicePoint.objects.filter(pk__in={part.service_point_id for part in found}).values_list("pk", "name")
    )
    rows = [judge.row(name, _where(found, "service_point_id", pk)) for pk, name in names.items()]
    return Table("points", _("By service point"), _largest_first(rows))


def _by_municipality(judge: Judge, found: Sequence[Part], places: Sequence[Territory]) -> Table:
    own: dict[int, list[Part]] = {place.pk: [] for place in places}
    for part in found:
        own[part.territory_id].append(part)
    rows = [judge.row(place.name, own[place.pk], place) for place in places]
    return Table("municipalities", _("By municipality"), rows)


def _by_matter(found: Sequence[Part]) -> Table:
    total: Counter[int] = Counter()
    for part in found:
        total.update(part.cell.matters)
    names = names_of(total)
    return Table("matters", _("By matter"), _counted(total, lambda key: names.get(key, "–")), waits=False)


def _by_outcome(found: Sequence[Part]) -> Table:
    total: Counter[str] = Counter()
    for part in found:
        total.update(part.cell.outcomes)
    labels = dict(Outcome.choices)
    return Table("outcomes", _("By outcome"), _counted(total, lambda key: str(labels.get(key, key))), waits=False)


def _counted(total: Counter[Any], name: Callable[[Any], str]) -> list[Row]:
    return _largest_first([Row(name(key), Cell(count=count), Judged()) for key, count in total.items()])


def _largest_first(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.cell.count, row.label))


def _where(found: Sequence[Part], name: str, value: Any) -> list[Part]:
    return [part for part in found if getattr(part, name) == value]


def _municipalities(found: Sequence[Part]) -> list[Territory]:
    ids = {part.territory_id for part in found}
    return list(Territory.objects.filter(pk__in=ids).order_by("search_name", "code"))
