"""Loading the official division of a country, declaring local holidays, and keeping service points."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.territories.models import LocalHoliday, OpeningHours, ServicePoint, Territory, TerritoryLevel
from portal.foundation.territories.names import fold
from portal.foundation.territories.queries import LOCAL_HOLIDAYS_KEY

CHILE = Path(__file__).parent / "data" / "territories-cl.csv"
COLUMNS = {"level", "code", "name", "parent_code", "iso_3166_2", "has_municipality"}
DEFAULT_ZONE = "America/Santiago"
# A path below the code's own takes its zone. Aysén has kept its own clock since 2025.
ZONES = {"11": "America/Coyhaique", "12": "America/Punta_Arenas", "05201": "Pacific/Easter"}
FALLBACK_ZONES = {"America/Coyhaique": "America/Punta_Arenas"}
SLUG_PREFIXES = {TerritoryLevel.REGION: "region", TerritoryLevel.PROVINCE: "provincia"}
UPDATED_FIELDS = [
    "level",
    "name",
    "search_name",
    "slug",
    "parent",
    "region",
    "path",
    "iso_3166_2",
    "time_zone",
    "has_municipality",
]


class TerritoryError(Exception):
    """The territories cannot be changed so."""


class WrongTable(TerritoryError):
    """The table of territories is not complete or contradicts itself."""


class DayTaken(TerritoryError):
    """The day is a local holiday there already."""

    def __init__(self) -> None:
        super().__init__(_("That day is a holiday there already."))


class ServicePointRefused(TerritoryError):
    """The service point cannot be so; ``field`` names where."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Opening:
    """One stretch of a week: Monday is 0."""

    weekday: int
    opens_at: time
    closes_at: time


@dataclass(frozen=True)
class Loaded:
    """How many territories a load wrote and changed, and how many there are."""

    created: int
    changed: int
    total: int


@transaction.atomic
def load_territories(*, by: Any, at: datetime, source: Path = CHILE) -> Loaded:
    """Write the official division; run again, it changes only what the table changed.

    :param source: csv with :data:`COLUMNS`, codes unique.
    :raises WrongTable: a column or a parent is missing, or two rows have one code or one slug.
    """
    rows = _read(source)
    known = Territory.objects.in_bulk(field_name="code")
    created = changed = 0
    loaded: dict[str, Territory] = {}
    # Level by level, because a row needs its parent's key.
    for level in TerritoryLevel.values:
        new: list[Territory] = []
        different: list[Territory] = []
        for row in (row for row in rows if row["level"] == level):
            territory = known.get(row["code"]) or Territory(code=row["code"])
            before = _values(territory)
            _fill(territory, row, loaded)
            loaded[territory.code] = territory
            if territory.pk is None:
                new.append(territory)
            elif before != _values(territory):
                different.append(territory)
        Territory.objects.bulk_create(new)
        Territory.objects.bulk_update(different, UPDATED_FIELDS)
        created, changed = created + len(new), changed + len(different)
    if created or changed:
        country = next(iter(loaded.values()))
        detail = {"created": created, "changed": changed}
        record(verb="territories.load", object=country, by=by, at=at, territory=country, detail=detail)
    return Loaded(created, changed, len(rows))


@transaction.atomic
def declare_holiday(*, territory: Territory, date: date, name: str, by: Any, at: datetime) -> LocalHoliday:
    """Make ``date`` a non-working day in ``territory`` and below it.

    :raises DayTaken: where it is one already.
    """
    if LocalHoliday.objects.filter(territory=territory, date=date).exists():
        raise DayTaken
    holiday = LocalHoliday.objects.create(territory=territory, date=date, name=name)
    record(verb="territories.declare_holiday", object=holiday, by=by, at=at, territory=territory)
    transaction.on_commit(lambda: cache.delete(LOCAL_HOLIDAYS_KEY))
    return holiday


@transaction.atomic
def open_service_point(
    *, territory: Territory, name: str, kind: str, address: str = "", telephone: str = "", by: Any, at: datetime
) -> ServicePoint:
    """Add a place or channel where ``territory`` attends.

    :raises ServicePointRefused: without a name, or one of that name is there already.
    """
    point = ServicePoint(territory=territory)
    _write_service_point(point, name=name, kind=kind, address=address, telephone=telephone)
    record(verb="territories.open_service_point", object=point, by=by, at=at, territory=territory)
    return point


@transaction.atomic
def change_service_point(
    *, service_point: ServicePoint, name: str, kind: str, address: str = "", telephone: str = "", by: Any, at: datetime
) -> ServicePoint:
    """Say anew what it is called, what it is and where.

    :raises ServicePointRefused: without a name, or another one of that name is there already.
    """
    point = _locked(service_point)
    _write_service_point(point, name=name, kind=kind, address=address, telephone=telephone)
    record(verb="territories.change_service_point", object=point, by=by, at=at, territory=point.territory)
    return point


@transaction.atomic
def close_service_point(*, service_point: ServicePoint, by: Any, at: datetime) -> ServicePoint:
    """Nothing new begins there; what happened there stays.

    :raises ServicePointRefused: closed already.
    """
    point = _locked(service_point)
    if not point.is_active:
        raise ServicePointRefused(_("The service point is closed already."))
    point.is_active = False
    point.save(update_fields=["is_active"])
    record(verb="territories.close_service_point", object=point, by=by, at=at, territory=point.territory)
    return point


@transaction.atomic
def reopen_service_point(*, service_point: ServicePoint, by: Any, at: datetime) -> ServicePoint:
    """Attend there again.

    :raises ServicePointRefused: open already.
    """
    point = _locked(service_point)
    if point.is_active:
        raise ServicePointRefused(_("The service point is open already."))
    point.is_active = True
    point.save(update_fields=["is_active"])
    record(verb="territories.reopen_service_point", object=point, by=by, at=at, territory=point.territory)
    return point


@transaction.atomic
def set_opening_hours(
    *, service_point: ServicePoint, openings: Iterable[Opening], by: Any, at: datetime
) -> list[OpeningHours]:
    """Replace the week of a service point by ``openings``; none means that no hours are told.

    :raises ServicePointRefused: one ends before it begins, or two of a day overlap.
    """
    point = _locked(service_point)
    week = sorted(openings, key=lambda one: (one.weekday, one.opens_at))
    if any(one.closes_at <= one.opens_at for one in week):
        raise ServicePointRefused(_("The closing time must come after the opening time."))
    if any(one.weekday == two.weekday and two.opens_at < one.closes_at for one, two in pairwise(week)):
        raise ServicePointRefused(_("Two openings of the same day overlap."))
    point.hours.all().delete()
    hours = OpeningHours.objects.bulk_create(
        OpeningHours(service_point=point, weekday=one.weekday, opens_at=one.opens_at, closes_at=one.closes_at)
        for one in week
    )
    detail = {"openings": len(hours)}
    record(verb="territories.set_opening_hours", object=point, by=by, at=at, territory=point.territory, detail=detail)
    return hours


def _locked(service_point: ServicePoint) -> ServicePoint:
    return ServicePoint.objects.select_for_update(of=("self",)).select_related("territory").get(pk=service_point.pk)


def _write_service_point(point: ServicePoint, *, name: str, kind: str, address: str, telephone: str) -> None:
    if not name.strip():
        raise ServicePointRefused(_("Write the name."), "name")
    point.name, point.kind = name.strip(), kind
    point.address, point.telephone = address.strip(), telephone.strip()
    try:
        with transaction.atomic():
            point.save()
    except IntegrityError as error:
        raise ServicePointRefused(_("The municipality has a service point of that name already."), "name") from error


def _read(source: Path) -> list[dict[str, str]]:
    with source.open(encoding="utf-8", newline="") as table:
        reader = csv.DictReader(table)
        if set(reader.fieldnames or ()) != COLUMNS:
            raise WrongTable(_("The table of territories must have these columns: %s.") % ", ".join(sorted(COLUMNS)))
        rows = list(reader)
    if {row["level"] for row in rows} - set(TerritoryLevel.values):
        raise WrongTable(_("A row of the table is neither country, region, province nor commune."))
    for what in ({row["code"] for row in rows}, {_slug(row) for row in rows}):
        if len(what) != len(rows):
            raise WrongTable(_("Two rows of the table have the same code or the same name."))
    return rows


def _values(territory: Territory) -> list[Any]:
    return [getattr(territory, f"{field}_id", None) or getattr(territory, field) for field in UPDATED_FIELDS]


def _fill(territory: Territory, row: Mapping[str, str], loaded: Mapping[str, Territory]) -> None:
    parent = loaded.get(row["parent_code"])
    if parent is None and row["level"] != TerritoryLevel.COUNTRY:
        raise WrongTable(_("The territory that «%s» belongs to is not in the table.") % row["name"])
    territory.level = row["level"]
    territory.name = row["name"]
    territory.search_name = fold(row["name"])
    territory.slug = _slug(row)
    territory.parent = parent
    territory.region = parent if parent and parent.level == TerritoryLevel.REGION else parent and parent.region
    territory.path = f"{parent.path}/{row['code']}" if parent else row["code"]
    territory.iso_3166_2 = row["iso_3166_2"]
    territory.has_municipality = row["has_municipality"] == "yes"
    territory.time_zone = _zone(row["code"], parent)


def _zone(code: str, parent: Territory | None) -> str:
    zone = ZONES.get(code) or (parent.time_zone if parent else DEFAULT_ZONE)
    # A machine with an old table of time zones does not know Coyhaique's; the clock is the same.
    return zone if _is_known(zone) else FALLBACK_ZONES[zone]


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except ZoneInfoNotFoundError:
        return False
    return True


def _slug(row: Mapping[str, str]) -> str:
    slug = slugify(row["name"])
    prefix = SLUG_PREFIXES.get(TerritoryLevel(row["level"]), "")
    return slug if not prefix or slug.startswith(f"{prefix}-") else f"{prefix}-{slug}"
