"""How many people were attended: the denominator of «per 1,000», from the register of attentions."""

from __future__ import annotations

from collections.abc import Sequence

from benefits_core.queries.statistics import count_by
from portal.foundation.indicators.registry import Period
from portal.foundation.territories.models import Territory


def services(places: Sequence[Territory], period: Period) -> dict[int, int]:
    """Territory id → attentions in the period; 0 where none is on the register. Two queries."""
    return count_by(places, period)
