"""What this module measures of complaints: whether they are answered in time, how many, and how many come back.

More complaints are not worse service: ``complaints_per_thousand`` has no direction of its own, and is
shown beside the channels and the people attended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from benefits_core.models import Step
from benefits_core.queries.anchors import steps_behind
from benefits_core.queries.statistics import lies_in
from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import Indicator, Measurement, Period, Source, hides, share_of
from portal.foundation.territories.models import TerritoryLevel
from surveys.enums import OPEN_STATES, ComplaintKind, ComplaintState
from surveys.models import Complaint
from surveys.queries.figures import QUERY_VERSION
from surveys.queries.services import services
from surveys.statistics import per_thousand, quantile

RECEIVED = Source("surveys.Complaint", _("complaints and suggestions received"))
RECEIVED_ABOUT_STEP = Source("surveys.Complaint", _("complaints and suggestions received about this step"))
STEP = "benefits_core.step"
EVERYTHING = Q()
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
    """Share answered within the term, in per cent, of what had to be answered by the period's end; one query.

    :param subject: a step narrows to what is pinned to it and to the steps whose place it took (three queries more).
    """
    counted = _counted(territories, period, _pinned(subject))
    source = _source(subject)
    return [
        _share(territory, each.in_term, each.answered + each.late, period, audience, source)
        for territory, each in counted
    ]


def days_to_answer(
    *, territories: Sequence[Any], period: Period, audience: str, subject: Any = None
) -> list[Measurement]:
    """Working days in which half of what was received in the period and answered got its answer; one query.

    :param subject: as in :func:`complaints_in_term`.
    """
    answered = Complaint.objects.filter(_received(territories, period, _pinned(subject)), working_days__isnull=False)
    rows = list(answered.order_by().values_list("territory__path", "working_days").annotate(Count("pk")))
    found = []
    for territory in territories:
        days: Counter[int] = Counter()
        for path, working_days, count in rows:
            if lies_in(path, territory):
                days[working_days] += count
        n = sum(days.values())
        measured = _share(territory, n, n, period, audience, _source(subject))
        found.append(replace(measured, value=None if measured.suppressed else quantile(days, 0.5)))
    return found


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


def _pinned(subject: Any) -> Q:
    """What is pinned to a step, or to one of an earlier version whose place it took; everything without a step."""
    return Q(step__in=[step.pk for step in steps_behind(subject)]) if isinstance(subject, Step) else Q()


def _source(subject: Any) -> Source:
    return RECEIVED_ABOUT_STEP if isinstance(subject, Step) else RECEIVED


def _received(territories: Sequence[Any], period: Period, pinned: Q) -> Q:
    return _places(territories) & pinned & Q(received_on__range=(period.starts_on, period.ends_on))


def _counted(territories: Sequence[Any], period: Period, pinned: Q = EVERYTHING) -> list[tuple[Any, Counted]]:
    """Each territory with its counts; of a region or the country, those of all below it. One query."""
    is_running = Q(paused_on__isnull=True) | Q(due_on__lt=F("paused_on"))
    late = is_running & Q(state__in=OPEN_STATES, due_on__lte=period.ends_on, answered_at__isnull=True)
    late |= Q(state=ComplaintState.ROUTED, in_term=False, answered_at__isnull=True)
    of_service = ~Q(category__counts_as_service_quality=False) & Q(kind=ComplaintKind.COMPLAINT)
    rows = (
        Complaint.objects.filter(_received(territories, period, pinned))
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
                (counted for path, counted in by_path.items() if lies_in(path, territory)),
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


def _share(territory: Any, n: int, of: int, period: Period, audience: str, source: Source = RECEIVED) -> Measurement:
    return share_of(territory, n, of, period=period, audience=audience, source=source, query_version=QUERY_VERSION)


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
        subject_types=(STEP,),
    ),
    Indicator(
        key="surveys.days_to_answer",
        label=_("Half of the complaints and suggestions were answered in this time or less"),
        unit=_("working days"),
        direction=-1,
        measure=days_to_answer,
        subject_types=(STEP,),
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
