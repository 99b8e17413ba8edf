"""How old a piece of evidence may be. Pure: dates in, dates out."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

# Before this day no evidence of the programme can be: a year typed wrong is told at once.
FIRST_DAY = date(2000, 1, 1)


def oldest_accepted(on: date, months: int) -> date:
    """The first day that still counts: the same day ``months`` earlier, or that month's last day.

    >>> oldest_accepted(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    index = on.year * 12 + on.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def is_fresh(dated_on: date, on: date, months: int) -> bool:
    """Is evidence of ``dated_on`` neither in the future nor older than ``months`` on the day ``on``?"""
    return oldest_accepted(on, months) <= dated_on <= on
