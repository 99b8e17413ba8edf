"""Reading matters, and which longest wait a place promises."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from benefits_core.enums import Channel
from benefits_core.models import HiddenMatter, Matter, WaitPromise
from portal.foundation.territories.models import Territory


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Matter id → its name in the active language."""
    return {matter.pk: str(matter) for matter in Matter.objects.filter(pk__in=list(ids))}


@dataclass(frozen=True)
class MatterRow:
    matter: Matter
    is_own: bool
    is_hidden: bool


def matter_rows(territory: Territory) -> list[MatterRow]:
    """Every matter that concerns ``territory``, in the order of its forms: its own and those of the places above."""
    hidden = set(HiddenMatter.objects.filter(territory=territory).values_list("matter_id", flat=True))
    found = Matter.objects.of_chain(territory).select_related("procedure")
    rows = [MatterRow(matter, matter.territory_id == territory.pk, matter.pk in hidden) for matter in found]
    return [row for row in rows if row.is_own or row.matter.is_active]


class Promises:
    """The promises of some places and of those above them, read once and asked many times."""

    def __init__(self, territories: Sequence[Any]) -> None:
        chains = {territory.pk: territory.chain() for territory in territories}
        paths = {path for chain in chains.values() for path in chain}
        self.by_place: dict[str, list[WaitPromise]] = {}
        found = WaitPromise.objects.filter(territory__path__in=paths).select_related("territory")
        for promise in found.order_by("-starts_on"):
            self.by_place.setdefault(promise.territory.path, []).append(promise)
        self.chains = chains

    def of(self, territory_id: int, channel: str, day: date) -> int | None:
        """The minutes promised there in ``channel`` on ``day``; None where nothing is promised."""
        promise = self.promise(territory_id, channel, day)
        return promise.minutes if promise else None

    def promise(self, territory_id: int, channel: str, day: date) -> WaitPromise | None:
        for path in reversed(self.chains[territory_id]):
            for promise in self.by_place.get(path, ()):
                if promise.channel == channel and promise.starts_on <= day:
                    return promise
        return None


@dataclass(frozen=True)
class PromiseRow:
    """What is promised in a channel: now, whose promise it is, and what comes."""

    channel: str
    label: str
    now: WaitPromise | None
    is_own: bool
    coming: list[WaitPromise]


def promise_rows(territory: Territory, today: date) -> list[PromiseRow]:
    """One row a channel."""
    promises = Promises([territory])
    own = promises.by_place.get(territory.path, [])
    rows = []
    for channel, label in Channel.choices:
        now = promises.promise(territory.pk, channel, today)
        coming = [one for one in own if one.channel == channel and one.starts_on > today]
        rows.append(PromiseRow(channel, str(label), now, bool(now and now.territory_id == territory.pk), coming[::-1]))
    return rows


def known_channels(keys: Collection[str]) -> list[str]:
    """Channel codes in their own order."""
    return [channel for channel in Channel.values if channel in keys]
