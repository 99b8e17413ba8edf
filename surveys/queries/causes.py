"""Why things happened: the causes of a quarter by standard and by step, for the review with the team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractQuarter

from benefits_core.models import Step
from portal.foundation.indicators.registry import Period
from portal.foundation.territories.models import Territory
from quality.models import Standard
from surveys.enums import RootCause
from surveys.models import Complaint, ComplaintCoding
from surveys.statistics import Quarter

# From the third time on a cause asks for a line of the plan.
REPETITIONS = 3


@dataclass(frozen=True)
class Cause:
    """A cause that touches a standard in one municipality and quarter: what an action can be offered on.

    ``reference`` names it in other modules: ``"<territory id>:<quarter>:<cause>:<standard code>"``; the
    standard's code is "-" where none was named.
    """

    territory: Territory
    quarter: Quarter
    cause: str
    standard: Standard | None
    count: int
    before: int = 0

    @property
    def label(self) -> str:
        return str(RootCause(self.cause).label)

    @property
    def reference(self) -> str:
        return f"{self.territory.pk}:{self.quarter}:{self.cause}:{self.standard.code if self.standard else '-'}"

    @property
    def is_repeated(self) -> bool:
        return self.count >= REPETITIONS


@dataclass(frozen=True)
class StepCount:
    step: Step
    cause: str
    count: int

    @property
    def label(self) -> str:
        return str(RootCause(self.cause).label)


def in_force(territory: Territory, starts_on: date, ends_on: date) -> QuerySet[ComplaintCoding]:
    """The codings that count of what was answered in those days."""
    return ComplaintCoding.objects.filter(
        in_force=True, complaint__territory=territory, complaint__answered_on__range=(starts_on, ends_on)
    )


def causes(territory: Territory, quarter: Quarter) -> list[Cause]:
    """Causes by standard, the commonest first, with the count of the quarter before; three queries."""
    now, before = _counts(territory, quarter), _counts(territory, quarter.previous)
    standards = _newest_standards(code for _cause, code in now if code)
    found = [
        Cause(territory, quarter, cause, standards.get(code) if code else None, count, before.get((cause, code), 0))
        for (cause, code), count in now.items()
    ]
    return sorted(found, key=lambda each: (-each.count, each.cause, each.standard.number if each.standard else 999))


def repeated_in_year(territory: Territory, year: int) -> list[Cause]:
    """The causes that were repeated in a quarter of that year, the newest quarter first; two queries."""
    rows = (
        in_force(territory, date(year, 1, 1), date(year, 12, 31))
        .annotate(quarter=ExtractQuarter("complaint__answered_on"))
        .order_by()
        .values_list("quarter", "cause", "standards__code")
        .annotate(count=Count("pk"))
    )
    counted = [row for row in rows if row[3] >= REPETITIONS]
    standards = _newest_standards(code for _quarter, _cause, code, _count in counted if code)
    found = [
        Cause(territory, Quarter(year, quarter), cause, standards.get(code or ""), count)
        for quarter, cause, code, count in counted
    ]
    return sorted(found, key=lambda each: (-each.quarter.number, -each.count, each.cause, each.reference))


def repeated(territories: Sequence[Territory], period: Period) -> list[str]:
    """``"<territory id>:<cause>:<standard code>"`` of every cause repeated within the period; one query."""
    rows = (
        ComplaintCoding.objects.filter(
            in_force=True,
            complaint__territory__in=[territory.pk for territory in territories],
            complaint__answered_on__range=(period.starts_on, period.ends_on),
        )
        .order_by()
        .values_list("complaint__territory", "cause", "standards__code")
        .annotate(count=Count("pk"))
    )
    return sorted(f"{place}:{cause}:{code or '-'}" for place, cause, code, count in rows if count >= REPETITIONS)


def third_repetitions(territory: Territory, period: Period) -> dict[str, date]:
    """The same keys → the day on which the third case was answered; one query."""
    rows = in_force(territory, period.starts_on, period.ends_on).order_by("complaint__answered_on", "pk")
    seen: Counter[str] = Counter()
    third: dict[str, date] = {}
    for cause, code, day in rows.values_list("cause", "standards__code", "complaint__answered_on"):
        key = f"{territory.pk}:{cause}:{code or '-'}"
        seen[key] += 1
        if seen[key] == REPETITIONS:
            third[key] = day
    return third


def cause_with(reference: str) -> Cause:
    """The cause that a reference names, as it is counted now.

    :raises LookupError: no such municipality, quarter, cause or standard.
    """
    try:
        place, quarter, cause, code = reference.split(":")
        year, number = quarter.split("-")
        territory = Territory.objects.municipalities().get(pk=int(place))
        wanted = Quarter(int(year), int(number))
        label = RootCause(cause)
    except (ValueError, Territory.DoesNotExist) as error:
        raise LookupError(reference) from error
    standard = _newest_standards([code]).get(code)
    if standard is None and code != "-":
        raise LookupError(reference)
    count = _counts(territory, wanted).get((label.value, code if standard else ""), 0)
    return Cause(territory, wanted, label.value, standard, count)


def steps(territory: Territory, quarter: Quarter) -> list[StepCount]:
    """Causes by step of a procedure, the commonest first; two queries."""
    rows = (
        in_force(territory, quarter.starts_on, quarter.ends_on)
        .filter(complaint__step__isnull=False)
        .order_by()
        .values_list("complaint__step", "cause")
        .annotate(count=Count("pk"))
    )
    counted = list(rows)
    known = Step.objects.select_related("version__procedure").in_bulk([pk for pk, _cause, _count in counted])
    found = [StepCount(known[pk], cause, count) for pk, cause, count in counted]
    return sorted(found, key=lambda each: (-each.count, each.step.pk, each.cause))


def uncoded(territory: Territory, quarter: Quarter) -> int:
    """How many of what was answered in the quarter have no cause yet."""
    answered = Complaint.objects.filter(
        territory=territory, answered_on__range=(quarter.starts_on, quarter.ends_on), coded_at__isnull=True
    )
    return answered.count()


def _counts(territory: Territory, quarter: Quarter) -> dict[tuple[str, str], int]:
    """(cause, code of the standard or "") → how many codings."""
    rows = (
        in_force(territory, quarter.starts_on, quarter.ends_on)
        .order_by()
        .values_list("cause", "standards__code")
        .annotate(count=Count("pk"))
    )
    return {(cause, code or ""): count for cause, code, count in rows}


def _newest_standards(codes: Iterable[str]) -> dict[str, Any]:
    """Code → the standard in the newest edition that has it."""
    rows = Standard.objects.filter(code__in=set(codes)).select_related("version")
    return {row.code: row for row in sorted(rows, key=lambda each: (each.version.published_on, each.version_id))}
