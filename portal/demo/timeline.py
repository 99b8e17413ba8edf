"""When things happen in the demonstration: on working days, in office hours; past years whole, this year up to now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Santiago")
OPENS, OPEN_FOR = time(8, 45), timedelta(hours=8)
SATURDAY = 5


@dataclass(frozen=True)
class Timeline:
    """Moments of one year. A past year runs to its end; the current one, to the last working day before ``now``."""

    year: int
    now: datetime

    @property
    def is_current(self) -> bool:
        return self.year == self.now.astimezone(ZONE).year

    @property
    def starts_on(self) -> date:
        return date(self.year, 1, 1)

    @property
    def ends_on(self) -> date:
        return date(self.year, 12, 31)

    @cached_property
    def worked(self) -> list[date]:
        """The working days of the year that are over."""
        today = self.now.astimezone(ZONE).date()
        return [day for day in working_days(self.year) if day < today]

    def moment(self, share: float) -> datetime:
        """The moment at ``share`` (0-1) of the office hours that have passed; later shares never come earlier.

        In the first days of January, before any working day, everything happens now.
        """
        if not self.worked:
            return self.now
        passed = share * len(self.worked)
        index = min(int(passed), len(self.worked) - 1)
        opened = datetime.combine(self.worked[index], OPENS, tzinfo=ZONE)
        return (opened + OPEN_FOR * (passed - index)).astimezone(UTC)

    def day(self, share: float, shift: int = 0) -> date:
        """The day at ``share`` of the passed part of the year, moved by ``shift`` days within the year."""
        moved = self.moment(share).astimezone(ZONE).date() + timedelta(days=shift)
        return min(max(moved, self.starts_on), self.ends_on)


@lru_cache
def working_days(year: int) -> tuple[date, ...]:
    """The days of ``year`` that are no Saturday, Sunday or holiday of Chile."""
    import holidays

    closed = holidays.country_holidays("CL", years=year)
    every = (date(year, 1, 1) + timedelta(days=count) for count in range(366))
    return tuple(day for day in every if day.year == year and day.weekday() < SATURDAY and day not in closed)
