"""The monthly sums of the register, kept in the transaction of whoever changes an attention.

A verb takes the row's old share out and puts its new one in. Sums are locked in one order, so that
two verbs that touch several never wait for each other in a circle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from benefits_core.models import Attention, AttentionMonth

Key = tuple[int, int, date, str, bool]  # service point, territory, month, channel, preferential


@dataclass
class Share:
    """What some attentions add to one sum; negative numbers take away."""

    count: int = 0
    waits: Counter[str] = field(default_factory=Counter)
    matters: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)


class Tally:
    """Shares gathered from rows before and after a change; ``write`` brings them into the sums."""

    def __init__(self) -> None:
        self.shares: dict[Key, Share] = {}

    def put_in(self, attentions: Iterable[Attention]) -> Tally:
        return self._add(attentions, 1)

    def take_out(self, attentions: Iterable[Attention]) -> Tally:
        return self._add(attentions, -1)

    def write(self) -> None:
        """Lock the sums and add to each its share; inside the caller's transaction."""
        rows = _locked(self.shares)
        for key, share in sorted(self.shares.items()):
            row = rows[key]
            row.count += share.count
            row.waits = _summed(row.waits, share.waits)
            row.matters = _summed(row.matters, share.matters)
            row.outcomes = _summed(row.outcomes, share.outcomes)
            row.save(update_fields=["count", "waits", "matters", "outcomes"])

    def _add(self, attentions: Iterable[Attention], sign: int) -> Tally:
        for attention in attentions:
            if attention.voided_at is not None:
                continue
            share = self.shares.setdefault(_key(attention), Share())
            share.count += sign
            share.matters[str(attention.matter_id)] += sign
            if attention.wait_minutes is not None:
                share.waits[str(attention.wait_minutes)] += sign
            if attention.outcome:
                share.outcomes[attention.outcome] += sign
        return self


@transaction.atomic
def rebuild(*, territory: Any, month: date) -> None:
    """Write the sums of one month anew from the register: after a repair by hand."""
    AttentionMonth.objects.filter(territory=territory, month=month).delete()
    Tally().put_in(_attentions_of(territory, month)).write()


def _attentions_of(territory: Any, month: date) -> Iterator[Attention]:
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    rows = Attention.objects.counted().filter(territory=territory, day__gte=month, day__lt=following)
    return rows.order_by().iterator(2000)


def _key(attention: Attention) -> Key:
    return (
        attention.service_point_id,
        attention.territory_id,
        attention.day.replace(day=1),
        attention.channel,
        attention.preferential,
    )


def _locked(keys: Collection[Key]) -> dict[Key, AttentionMonth]:
    """The sum of each key, held until the transaction ends; those that were not there begin at zero.

    Sums that are missing are made before any is held: whoever holds one and waits to make another, and the
    other way round, would wait in a circle.
    """
    missing = sorted(set(keys) - set(_found(keys, AttentionMonth.objects.all())))
    if missing:
        # A month's first attentions may come at once: whoever is second finds the row.
        AttentionMonth.objects.bulk_create([_empty(key) for key in missing], ignore_conflicts=True)
    return _found(keys, AttentionMonth.objects.select_for_update(of=("self",)))


def _found(keys: Collection[Key], sums: QuerySet[AttentionMonth]) -> dict[Key, AttentionMonth]:
    """In the order of the sums themselves, which is the same for everybody; may hold a few more than asked for."""
    if not keys:
        return {}
    points, _territories, months, channels, _preferential = map(set, zip(*keys, strict=True))
    rows = sums.filter(service_point_id__in=points, month__in=months, channel__in=channels)
    return {_key_of(row): row for row in rows.order_by("service_point_id", "month", "channel", "preferential")}


def _empty(key: Key) -> AttentionMonth:
    point, territory, month, channel, preferential = key
    return AttentionMonth(
        service_point_id=point, territory_id=territory, month=month, channel=channel, preferential=preferential
    )


def _key_of(row: AttentionMonth) -> Key:
    return row.service_point_id, row.territory_id, row.month, row.channel, row.preferential


def _summed(stored: dict[str, int], share: Counter[str]) -> dict[str, int]:
    total = Counter(stored)
    total.update(share)
    return {name: number for name, number in total.items() if number}
