"""Whom a survey can ask: who was served in the last twelve months, by channel, from the register."""

from __future__ import annotations

from datetime import date

from django.db.models import Sum

from benefits_core.enums import Channel as Served
from benefits_core.models import AttentionMonth
from portal.foundation.territories.models import Territory
from surveys.questionnaire.model import Channel

CHANNELS = {
    Served.COUNTER: Channel.IN_PERSON,
    Served.OUTREACH: Channel.OUTREACH,
    Served.TELEPHONE: Channel.VIRTUAL,
    Served.VIRTUAL: Channel.VIRTUAL,
}


def populations(territory: Territory, today: date) -> dict[str, int]:
    """Channel of the questionnaire → attentions of the twelve whole months before ``today``. One query.

    The register counts attentions; where it does not know the person, two of the same one are two.
    """
    begins = date(today.year - 1, today.month, 1)
    ends = date(today.year, today.month, 1)
    months = AttentionMonth.objects.filter(territory=territory, month__gte=begins, month__lt=ends)
    sums = dict(months.values_list("channel").annotate(people=Sum("count")).values_list("channel", "people"))
    found: dict[str, int] = {}
    for served, channel in CHANNELS.items():
        if sums.get(served):
            found[channel.value] = found.get(channel.value, 0) + sums[served]
    return found
