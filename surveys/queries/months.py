"""Complaints summed by municipality and month: counted from the rows once, and again only where some were written.

A sum is a number under a name: ``received``, or ``kind:complaint`` for the parts of something. What is late
depends on the day, so the sums hold how many of the open ones are due on each day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from portal.foundation.indicators.registry import Period
from portal.foundation.territories.models import Territory, TerritoryLevel
from surveys.enums import OPEN_STATES, CodingRound, ComplaintKind, ComplaintRoute, ComplaintState, Outcome
from surveys.models import Complaint, ComplaintCoding, ComplaintMonth

FIELDS = (
    "territory_id",
    "received_on",
    "kind",
    "channel",
    "state",
    "category__code",
    "cause",
    "answered_at",
    "working_days",
    "in_term",
    "asked_back",
    "reopened_at",
    "outcome",
    "author_id",
    "person_id",
    "route",
    "satisfaction",
    "due_on",
    "paused_on",
)
CHUNK = 2_000


@dataclass(frozen=True)
class Month:
    """The sums of one municipality and month."""

    territory_id: int
    month: date
    sums: Counter[str]

    @property
    def quarter(self) -> tuple[int, int]:
        return self.month.year, (self.month.month + 2) // 3

    def late(self, today: date, days: int = 0, *, name: str = "due") -> int:
        """How many open ones are past their term for more than so many days; ``due_again``: answered once."""
        limit = (today - timedelta(days=days)).isoformat()
        return sum(count for day, count in parts(self.sums, name).items() if day < limit)


def parts(sums: Counter[str], name: str) -> dict[str, int]:
    """``kind:complaint`` 3 → {"complaint": 3}."""
    return {key.partition(":")[2]: count for key, count in sums.items() if key.startswith(f"{name}:") and count}


def total(months: Iterable[Month]) -> Counter[str]:
    found: Counter[str] = Counter()
    for month in months:
        found.update(month.sums)
    return found


def lies_in(place: Territory) -> Q:
    """Rows of a municipality, or of all those of a region or the country."""
    if place.level == TerritoryLevel.COMMUNE:
        return Q(territory=place)
    if place.level == TerritoryLevel.COUNTRY:
        return Q()
    return Q(territory__in=Territory.objects.within(place).values("pk"))


def months(where: Q, period: Period) -> list[Month]:
    """The months of the period that have complaints; one query, and three where some were written meanwhile.

    :param period: whole months.
    """
    rows = ComplaintMonth.objects.filter(where, month__range=(period.starts_on, period.ends_on))
    found = list(rows.order_by("month", "territory_id"))
    if stale := [row for row in found if row.counted != row.changes]:
        _count(stale)
    return [Month(row.territory_id, row.month, Counter(row.sums)) for row in found]


def years(where: Q) -> list[int]:
    """The years that have complaints; one query."""
    found = ComplaintMonth.objects.filter(where).order_by().values_list("month__year", flat=True)
    return list(found.distinct())


def _count(stale: Sequence[ComplaintMonth]) -> None:
    """Sum these months from their rows, and keep the sums unless another complaint was written meanwhile."""
    places = {row.territory_id for row in stale}
    ends_on = max(row.month for row in stale) + timedelta(days=31)
    span = Q(received_on__range=(min(row.month for row in stale), ends_on), territory__in=places)
    sums: defaultdict[tuple[int, date], Counter[str]] = defaultdict(Counter)
    complaints = Complaint.objects.filter(span).order_by().values_list(*FIELDS)
    for values in complaints.iterator(CHUNK):
        row = dict(zip(FIELDS, values, strict=True))
        sums[row["territory_id"], row["received_on"].replace(day=1)].update(_names(row))
    second = ComplaintCoding.objects.filter(round=CodingRound.SECOND, complaint__codings__round=CodingRound.FIRST)
    of_span = second.filter(complaint__in=Complaint.objects.filter(span).values("pk")).order_by()
    pairs = of_span.values_list(
        "complaint__territory_id", "complaint__received_on", "complaint__codings__cause", "cause"
    )
    for territory, day, first_cause, second_cause in pairs:
        sums[territory, day.replace(day=1)][f"pair:{first_cause}|{second_cause}"] += 1
    with transaction.atomic():
        for month in stale:
            month.sums = dict(sums[month.territory_id, month.month])
            unchanged = ComplaintMonth.objects.filter(pk=month.pk, changes=month.changes)
            unchanged.update(sums=month.sums, counted=month.changes)


def _names(row: dict[str, Any]) -> Iterator[str]:
    """Under which names a complaint counts."""
    yield "received"
    yield f"kind:{row['kind']}"
    yield f"channel:{row['channel']}"
    yield from (name for name, counts in _traits(row).items() if counts)
    if row["kind"] == ComplaintKind.COMPLAINT and row["state"] != ComplaintState.WITHDRAWN:
        yield f"category:{row['category__code'] or ''}"
    if row["cause"]:
        yield f"cause:{row['cause']}"
    if row["satisfaction"] is not None:
        yield f"satisfaction:{row['satisfaction']}"
    if row["answered_at"] is not None:
        yield f"days:{row['working_days']}"
    was_late = row["due_on"] is not None and row["paused_on"] is not None and row["due_on"] < row["paused_on"]
    if row["state"] in OPEN_STATES and row["due_on"] is not None and (row["paused_on"] is None or was_late):
        yield f"due:{row['due_on'].isoformat()}"
        if row["answered_at"] is not None:
            yield f"due_again:{row['due_on'].isoformat()}"


def _traits(row: dict[str, Any]) -> dict[str, bool]:
    is_answered = row["answered_at"] is not None
    return {
        "open": row["state"] in OPEN_STATES,
        "answered": is_answered,
        "in_term": bool(row["in_term"]),
        "first_contact": is_answered and not row["asked_back"] and row["reopened_at"] is None,
        "reopened": row["reopened_at"] is not None,
        "judged": bool(row["outcome"]),
        "founded": row["outcome"] in (Outcome.FOUNDED, Outcome.PARTLY),
        "anonymous": row["author_id"] is None and row["person_id"] is None,
        "led_late": row["state"] == ComplaintState.ROUTED and row["in_term"] is False and not is_answered,
        "led_elsewhere": row["route"] == ComplaintRoute.INFORMATION,
    }
