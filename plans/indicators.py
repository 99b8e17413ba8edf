"""What this module measures: whether what people complain of again and again reaches a plan."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from plans.queries.causes import median_days_to_line, with_a_line
from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import Indicator

INDICATORS = (
    Indicator(
        key="surveys.causes_with_line",
        label=_("Repeated causes of complaints with a line of the plan"),
        unit="%",
        direction=1,
        measure=with_a_line,
        standard_codes=("E29", "E31"),
    ),
    Indicator(
        key="surveys.days_to_line",
        label=_("From the third repetition of a cause to a line of the plan"),
        unit=_("days"),
        direction=-1,
        measure=median_days_to_line,
        standard_codes=("E29",),
    ),
)


def register() -> None:
    for indicator in INDICATORS:
        registry.register(indicator)
