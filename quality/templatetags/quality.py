"""``{% load quality %}``: how this module's numbers are written."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.formats import number_format

from quality.models import LevelRecord
from quality.sources import LevelSource

register = template.Library()


@register.filter
def steps(value: float) -> str:
    """Steps of the scale: whole where they are whole (they are not, under a scheme of weights)."""
    return number_format(int(value), 0) if value == int(value) else decimals(value)


@register.filter
def decimals(value: float | None) -> str:
    """Two decimals, rounded (Django's own ``number_format`` cuts off); "" for None."""
    return "" if value is None else number_format(round(value, 2), 2)


@register.filter
def signed(change: int) -> str:
    """A change of steps with its sign: «+1», «0», «−1» (a true minus, as wide as the plus)."""
    return "0" if change == 0 else f"+{change}" if change > 0 else f"−{-change}"


@register.filter
def percent(share: float) -> str:
    """0.4375 → «44 %»."""
    return f"{number_format(round(100 * share), 0)} %"


@register.filter
def source_in(record: LevelRecord, sources: Mapping[tuple[str, str], LevelSource]) -> LevelSource | None:
    """What a level record comes from, of :func:`quality.sources.sources_of`; None where nobody can say."""
    return sources.get((record.source_type, record.source_id))
