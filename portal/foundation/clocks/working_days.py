"""Working days: no Saturday, Sunday or holiday, counted from the next day (Ley 19.880, art. 25).

National and regional holidays come from the ``holidays`` package; days that it does not know, from
:class:`~portal.foundation.territories.models.LocalHoliday` of the territory and those it lies in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from portal.foundation.territories.queries import iso_code_of_region, local_holidays

ONE_DAY = timedelta(days=1)
SATURDAY = 5


def add_working_days(start: date, days: int, territory: Any) -> date:
    """The day on which a term of ``days`` working days that began on ``start`` ends.

    ``start`` itself is not counted: 1 December 2025 and 20 days give 31 December 2025. With 0 days it
    is ``start`` where that is a working day, else the next one. Negative ``days`` count backwards.
    """
    works = _calendar(territory)
    step = ONE_DAY if days >= 0 else -ONE_DAY
    day, left = start, abs(days)
    if left == 0:
        while not works(day):
            day += ONE_DAY
    while left:
        day += step
        left -= works(day)
    return day


def working_days_between(start: date, end: date, territory: Any) -> int:
    """Working days after ``start`` up to and including ``end``; negative where ``end`` comes first."""
    if end < start:
        return -working_days_between(end, start, territory)
    works = _calendar(territory)
    return sum(works(start + timedelta(days=count)) for count in range(1, (end - start).days + 1))


def is_working_day(day: date, territory: Any) -> bool:
    """Is ``day`` worked in ``territory``?"""
    return _calendar(territory)(day)


def _calendar(territory: Any) -> Callable[[date], bool]:
    local = local_holidays(territory)
    country = territory.path.split("/")[0]
    subdivision = iso_code_of_region(territory).partition("-")[2]

    def works(day: date) -> bool:
        if day.weekday() >= SATURDAY or day in local:
            return False
        return day not in _official_holidays(country, subdivision, day.year)

    return works


@lru_cache(maxsize=512)
def _official_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    # Imported here: the package takes long to load, and few requests count days.
    import holidays

    known = holidays.list_supported_countries().get(country, [])
    return frozenset(
        holidays.country_holidays(country, subdiv=subdivision if subdivision in known else None, years=year)
    )
