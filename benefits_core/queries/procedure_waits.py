"""How long people waited who came for one procedure, from the rows of the register that name it.

The monthly sums do not know the procedure, so rows are counted: those of one procedure, by an index of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, F
from django.db.models.functions import TruncMonth

from benefits_core.models import Attention, Step
from benefits_core.queries.statistics import Cell, Part, places_in
from portal.foundation.indicators.registry import Period


def parts_at(step: Step, territories: Sequence[Any], period: Period) -> list[Part]:
    """The measured waits of attentions for the step's procedure, in the channels of the step; one query.

    Each part is one municipality, month and channel; its ``service_point_id`` is 0, which is none. A step that
    names no channel attends nobody, and has none.
    """
    return _parts(step.version.procedure_id, step.channels, territories, period) if step.channels else []


def _parts(procedure: int, channels: Collection[str], territories: Sequence[Any], period: Period) -> list[Part]:
    rows = (
        Attention.objects.counted()
        .filter(
            places_in(territories),
            procedure=procedure,
            channel__in=channels,
            day__range=(period.starts_on, period.ends_on),
            wait_seconds__isnull=False,
        )
        .annotate(month=TruncMonth("day"), minute=(F("wait_seconds") + 59) / 60)
        .order_by()
        .values_list("territory_id", "territory__path", "month", "channel", "minute")
        .annotate(Count("pk"))
    )
    found: dict[tuple[Any, ...], Part] = {}
    for territory_id, path, month, channel, minute, count in rows:
        key = (territory_id, month, channel)
        part = found.setdefault(key, Part(territory_id, path, 0, month, channel, Cell()))
        part.cell.count += count
        part.cell.waits[minute] += count
    return list(found.values())
