"""What waits for a person: the one shape in which every module tells its due work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise


@dataclass(frozen=True)
class WorkItem:
    """One thing to do. ``due_on`` is the last day in the territory's own zone; None has no term.

    ``key`` is stable for the same piece of work, so that a reminder of it is sent once a day.
    """

    key: str
    title: str | Promise
    detail: str | Promise
    url: str
    due_on: date | None
    territory_name: str

    def late(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today
