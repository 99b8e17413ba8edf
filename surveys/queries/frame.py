"""Whom a survey can ask: who was served in the last twelve months, by channel, from the register."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Sum

from benefits_core.enums import Channel as Served
from benefits_core.models import Attention, AttentionMonth
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


def known_contacts(territory: Territory, today: date) -> Iterator[tuple[str, str, str]]:
    """(e-mail, channel of the questionnaire, language) of each person of the twelve whole months before ``today``
    who has an account of their own, by the channel of their last attention. One query.

    The register itself keeps no contact: who came without an account is reached by a slip, or by a file.
    """
    begins = date(today.year - 1, today.month, 1)
    served = (
        Attention.objects.counted()
        .filter(territory=territory, day__gte=begins, day__lt=date(today.year, today.month, 1))
        .filter(person__user__is_active=True, person__erased_at=None)
        .exclude(person__user__email="")
        .order_by("person", "-arrived_at", "-pk")
    )
    seen: set[int] = set()
    rows = served.values_list("person_id", "person__user__email", "channel", "person__user__language")
    for person, email, channel, language in rows.iterator(chunk_size=2_000):
        if person not in seen:
            seen.add(person)
            yield email, CHANNELS[Served(channel)].value, language
