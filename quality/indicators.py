"""What this module measures: how many of the applicable standards a municipality meets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import Indicator, Measurement, Period, Source
from quality.enums import Series
from quality.models import LevelRecord

QUERY_VERSION = "quality.standards_met/2"
SOURCES = {
    Series.SELF_ASSESSED: Source("quality.LevelRecord", _("levels of the self-diagnosis"), is_of_people=False),
    Series.VERIFIED: Source("quality.LevelRecord", _("levels verified by the region"), is_of_people=False),
}


def standards_met(
    *, series: str, territories: Sequence[Any], period: Period, audience: str, subject: Any = None
) -> list[Measurement]:
    """Share of applicable standards met, in percent; one query.

    All of them are judged, not a sample: the number is exact and has no interval.
    The levels in force of the cycle in whose year the period ends. A municipality without any level
    gets a measurement without value: blank, never 0. Nothing is suppressed, as no persons are counted.
    """
    counted = {
        row["municipality_id"]: row
        for row in LevelRecord.objects.in_force()
        .filter(
            municipality__in=[territory.pk for territory in territories],
            cycle__year=period.ends_on.year,
            series=series,
            level__isnull=False,
        )
        .values("municipality_id")
        .annotate(total=Count("pk"), met=Count("pk", filter=Q(gap_to_met=0)), taken=Max("recorded_at"))
    }
    return [_measurement(territory.pk, counted.get(territory.pk), period, series) for territory in territories]


def _measurement(territory_id: int, row: dict[str, Any] | None, period: Period, series: str) -> Measurement:
    met, total = (row["met"], row["total"]) if row else (0, 0)
    return Measurement(
        territory_id=territory_id,
        value=100 * met / total if total else None,
        n=met,
        denominator=total,
        low=None,
        high=None,
        suppressed=False,
        period=period,
        taken_at=row["taken"] if row else datetime.combine(period.ends_on, time.min, UTC),
        source=SOURCES[Series(series)],
        query_version=QUERY_VERSION,
    )


def _of(series: Series) -> Callable[..., list[Measurement]]:
    def measure(*, territories: Sequence[Any], period: Period, audience: str, subject: Any = None) -> list[Measurement]:
        return standards_met(series=series, territories=territories, period=period, audience=audience, subject=subject)

    return measure


INDICATORS = (
    Indicator(
        key="quality.standards_met",
        label=_("Standards met, by the team's own assessment"),
        unit="%",
        direction=1,
        measure=_of(Series.SELF_ASSESSED),
    ),
    Indicator(
        key="quality.standards_met_verified",
        label=_("Standards met, verified by the region"),
        unit="%",
        direction=1,
        measure=_of(Series.VERIFIED),
    ),
)


def register() -> None:
    for indicator in INDICATORS:
        registry.register(indicator)
