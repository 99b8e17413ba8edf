"""What this module measures: how long people wait, and by which ways they are attended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from benefits_core.enums import Channel
from benefits_core.models import Step
from benefits_core.queries.procedure_waits import parts_at
from benefits_core.queries.reports import judged, judged_by_place
from benefits_core.queries.statistics import QUERY_VERSION, Cell, parts
from benefits_core.statistics import merged, quantile
from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import Indicator, Measurement, Period, Source, hides, share_of

STEP = "benefits_core.step"
ATTENTIONS = Source("benefits_core.Attention", _("registered attentions"))
WAITS_AT_STEP = Source(
    "benefits_core.Attention", _("attentions for this procedure, in the channels of this step, with a measured wait")
)
WAITS = Source("benefits_core.Attention", _("registered attentions whose wait was measured"))


def waiting_time_met(
    *, territories: Sequence[Any], period: Period, audience: str, subject: Any = None
) -> list[Measurement]:
    """Share of measured waits no longer than was promised in their channel and month, in per cent.

    Waits of channels without a promise are left out. At most four queries, however many territories.

    :param subject: a :class:`Channel` narrows to it; a step, to the attentions for its procedure in its channels;
        anything else counts all.
    """
    if isinstance(subject, Step):
        waits, source = judged(parts_at(subject, territories, period), territories), WAITS_AT_STEP
    else:
        waits, source = judged_by_place(territories, period, channel=_channel(subject)), WAITS
    return [
        _share(territory, waits[territory.pk].met, waits[territory.pk].measured, period, audience, source)
        for territory in territories
    ]


def median_wait(*, territories: Sequence[Any], period: Period, audience: str, subject: Any = None) -> list[Measurement]:
    """The minutes, begun ones counted whole, that half of the people did not wait longer than; at most two queries.

    :param subject: a step narrows to the attentions for its procedure in its channels; anything else counts all.
    """
    of_step = isinstance(subject, Step)
    found = parts_at(subject, territories, period) if of_step else parts(territories, period)
    source = WAITS_AT_STEP if of_step else WAITS
    measurements = []
    for territory in territories:
        waits = merged(part.cell.waits for part in found if part.lies_in(territory))
        n = sum(waits.values())
        measured = _share(territory, n, n, period, audience, source)
        value = None if measured.suppressed else quantile(waits, 0.5)
        measurements.append(replace(measured, value=value))
    return measurements


def channel_mix(*, territories: Sequence[Any], period: Period, audience: str, subject: Any = None) -> list[Measurement]:
    """Share of attentions by one channel, in per cent; two queries, however many territories.

    :param subject: the :class:`Channel`; without one, every channel but the counter.
    """
    wanted = _channel(subject)
    cells = _cells(territories, period)
    found = []
    for territory in territories:
        by_channel = cells[territory.pk]
        total = sum(cell.count for cell in by_channel.values())
        chosen = {channel for channel in by_channel if (channel == wanted if wanted else channel != Channel.COUNTER)}
        count = sum(by_channel[channel].count for channel in chosen)
        found.append(_share(territory, count, total, period, audience, ATTENTIONS))
    return found


def outreach_share(
    *, territories: Sequence[Any], period: Period, audience: str, subject: Any = None
) -> list[Measurement]:
    """Share of attentions on the ground, in per cent."""
    return channel_mix(territories=territories, period=period, audience=audience, subject=Channel.OUTREACH)


def preferential_wait(
    *, territories: Sequence[Any], period: Period, audience: str, subject: Any = None
) -> list[Measurement]:
    """Median wait of those who are attended first, in per cent of everybody's; two queries.

    Below 100 the priority works. ``n`` counts the measured waits of those attended first, over all.
    """
    cells = _cells(territories, period)
    found = []
    for territory in territories:
        total = Cell()
        for cell in cells[territory.pk].values():
            total.add(cell)
        first = quantile(total.preferential_waits, 0.5)
        n = sum(total.preferential_waits.values())
        measured = _share(territory, n, total.measured, period, audience, WAITS)
        suppressed = measured.suppressed or hides(n, audience, WAITS)
        is_known = first is not None and total.median and not suppressed
        value = 100 * first / total.median if is_known else None
        found.append(replace(measured, value=value, suppressed=suppressed))
    return found


def _cells(territories: Sequence[Any], period: Period) -> dict[int, dict[str, Cell]]:
    """Territory id → channel → its attentions."""
    cells: dict[int, dict[str, Cell]] = {territory.pk: {} for territory in territories}
    for part in parts(territories, period):
        for territory in territories:
            if part.lies_in(territory):
                cells[territory.pk].setdefault(part.channel, Cell()).add(part.cell)
    return cells


def _channel(subject: Any) -> str:
    return str(subject) if isinstance(subject, str) and subject in Channel.values else ""


def _share(territory: Any, n: int, of: int, period: Period, audience: str, source: Source) -> Measurement:
    return share_of(territory, n, of, period=period, audience=audience, source=source, query_version=QUERY_VERSION)


INDICATORS = (
    Indicator(
        key="benefits_core.waiting_time_met",
        label=_("Waits no longer than was promised"),
        unit="%",
        direction=1,
        measure=waiting_time_met,
        standard_codes=("E02",),
        subject_types=(STEP,),
    ),
    Indicator(
        key="benefits_core.median_wait",
        label=_("Half of the people waited this long or less"),
        unit=_("minutes"),
        direction=-1,
        measure=median_wait,
        subject_types=(STEP,),
    ),
    Indicator(
        key="benefits_core.channel_mix",
        label=_("Attentions by other ways than the counter"),
        unit="%",
        direction=1,
        measure=channel_mix,
        standard_codes=("E04",),
    ),
    Indicator(
        key="benefits_core.outreach_share",
        label=_("Attentions on the ground"),
        unit="%",
        direction=1,
        measure=outreach_share,
        standard_codes=("E05",),
    ),
    Indicator(
        key="benefits_core.preferential_wait",
        label=_("Wait of those attended first, against everybody's"),
        unit="%",
        direction=-1,
        measure=preferential_wait,
        is_ratio=True,
        standard_codes=("E20",),
    ),
)


def register() -> None:
    for indicator in INDICATORS:
        registry.register(indicator)
