"""``{% load indicators %}``"""

from __future__ import annotations

from django import template

from portal.foundation.indicators.reading import Reading
from portal.foundation.indicators.registry import Indicator, Measurement

register = template.Library()


@register.simple_tag
def reading(indicator: Indicator, measurement: Measurement | None) -> Reading | None:
    """``{% reading indicator measurement as told %}{{ told.figure }} ({{ told.cases }})``; None of nothing."""
    return Reading(indicator, measurement) if measurement else None
