"""The measured numbers that stand beside a standard."""

from __future__ import annotations

from dataclasses import dataclass

from portal.foundation.cycles.models import Cycle
from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import Indicator, Measurement, Period
from portal.foundation.territories.models import Territory
from quality.models import Standard


@dataclass(frozen=True)
class StandardIndicator:
    """An indicator of a standard with its measurement, None where nothing was measured."""

    indicator: Indicator
    measurement: Measurement | None


def beside(standard: Standard, municipality: Territory, cycle: Cycle) -> list[StandardIndicator]:
    """What the modules measured of ``standard`` in the municipality during the cycle, for its own team."""
    period = Period(cycle.starts_on, cycle.ends_on)
    return [
        StandardIndicator(indicator, _first(indicator, standard, municipality, period))
        for indicator in registry.for_standard(standard.code, standard.indicator_keys)
    ]


def _first(indicator: Indicator, standard: Standard, municipality: Territory, period: Period) -> Measurement | None:
    measured = indicator.measure(territories=[municipality], period=period, audience="team", subject=standard)
    return next((item for item in measured if item.value is not None), None)
