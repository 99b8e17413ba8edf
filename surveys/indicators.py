"""What this module measures of complaints: whether they are answered in time, how many, and how many come back.

More complaints are not worse service: ``complaints_per_thousand`` has no direction of its own, and is
shown beside the channels and the people attended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import Indicator, Measurement, Period, Source, hides, share_of
from portal.foundation.territories.models import TerritoryLevel
from surveys.enums import OPEN_STATES, ComplaintKind, ComplaintState
from surveys.models import Complaint
from surveys.queries.figures import QUERY_VERSION
from surveys.queries.services import services
from surveys.statistics import per_thousand

RECEIVED = Source("surveys.Complaint", _("complaints and suggestions received"))
RECEIVED_AND_ATTENDED = Source(
    "surveys.Complaint · benefits_core.Attention", _("complaints received, and people attended")
)


@dataclass(frozen=True)
class Counted:
    """The counts of one municipality, or the sum of several."""

    answered: int = 0
    in_term: int = 0
    late: int = 0
    reopened: int = 0
    complaints: int = 0

    def __add__(self, other: Counted) -> Counted:
        return Counted(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def complaints_in_term(
    *, territories: Sequence[Any], period: Period, audience: str, subject: Any = None
) -> list[Measurement]:
    """Share answered within the term, in per cent, of what had to be answered by the period's end; one query."""
    counted = _counted(territories, period)
    return [_share(territory, each.in_term, each.answered + each.late, period, audience) for territory, each in counted]


def complaints_reopened(
    *, territories: Sequence[Any], period: Period, audience: str, subject: Any = None
) -> list[Measurement]:
    """Share of the answered ones that their sender reopened, in per cent; one query."""
    return [
        _share(territory, each.reopened, each.answered, period, audience)
        for territory, each in _counted(territories, period)
    ]


def complaints_per_thousand(
    *, territories: Sequence[Any], period: Period, audience: str, subject: Any = None
) -> list[Measurement]:
    """Complaints of the service for 1,000 people attended; without a value where nobody was counted."""
    served = services(territories, period)
    return [
        _rate(territory, each.complaints, served.get(territory.pk, 0), period, audience)
        for territory, each in _counted(territories, period)
    ]


def _counted(territories: Sequence[Any], period: Period) -> list[tuple[Any, Counted]]:
    """Each territory with its counts; of a region or the country, those of all below it. One query."""
    late = Q(state__in=OPEN_STATES, due_on__lte=period.ends_on, paused_on__isnull=True, answered_at__isnull=True)
    of_service = ~Q(category__counts_as_service_quality=False) & Q(kind=ComplaintKind.COMPLAINT)
    rows = (
        Complaint.objects.filter(_places(territories), received_on__range=(period.starts_on, period.ends_on))
        .order_by()
        .values_list("territory__path")
        .annotate(
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            in_time=Count("pk", filter=Q(in_term=True)),
            late=Count("pk", filter=late),
            reopened=Count("pk", filter=Q(reopened_at__isnull=False)),
            complaints=Count("pk", filter=of_service & ~Q(state=ComplaintState.WITHDRAWN)),
        )
    )
    by_path = {path: Counted(*counts) for path, *counts in rows}
    return [
        (
            territory,
            sum(
                (
                    counted
                    for path, counted in by_path.items()
                    if path == territory.path or path.startswith(f"{territory.path}/")
                ),
                Counted(),
            ),
        )
        for territory in territories
    ]


def _places(territories: Sequence[Any]) -> Q:
    if any(territory.level == TerritoryLevel.COUNTRY for territory in territories):
        return Q()
    condition = Q(territory__in=[territory.pk for territory in territories])
    for territory in territories:
        if territory.level != TerritoryLevel.COMMUNE:
            condition |= Q(territory__path__startswith=f"{territory.path}/")
    return condition


def _share(territory: Any, n: int, of: int, period: Period, audience: str) -> Measurement:
    return share_of(territory, n, of, period=period, audience=audience, source=RECEIVED, query_version=QUERY_VERSION)


def _rate(territory: Any, n: int, served: int, period: Period, audience: str) -> Measurement:
    suppressed = hides(n, audience, RECEIVED_AND_ATTENDED)
    return replace(
        _share(territory, 0, 0, period, audience),
        value=None if suppressed else per_thousand(n, served),
        n=0 if suppressed else n,
        denominator=served,
        suppressed=suppressed,
        source=RECEIVED_AND_ATTENDED,
    )


Measure = Callable[..., list[Measurement]]

INDICATORS = (
    Indicator(
        key="surveys.complaints_in_term",
        label=_("Complaints and suggestions answered in term"),
        unit="%",
        direction=1,
        measure=complaints_in_term,
        standard_codes=("E29",),
    ),
    Indicator(
        key="surveys.complaints_reopened",
        label=_("Answered complaints that their sender reopened"),
        unit="%",
        direction=-1,
        measure=complaints_reopened,
        standard_codes=("E29",),
    ),
    Indicator(
        key="surveys.complaints_per_thousand",
        label=_("Complaints for 1,000 people attended"),
        unit=_("per 1,000"),
        direction=1,
        measure=complaints_per_thousand,
        standard_codes=("E29",),
    ),
)


def register() -> None:
    for indicator in INDICATORS:
        registry.register(indicator)
