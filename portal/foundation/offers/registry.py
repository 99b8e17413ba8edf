"""Actions that an upper module offers on a lower module's object, so that nobody looks up.

``plans`` offers "draw a plan line from this" on a gap; the gap's screen renders what it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Offer:
    """``subject_type`` names the kind of object, such as ``"quality.gap"``.

    ``offered(user, subjects)`` gives those of ``subjects`` on which ``user`` may act now, in as many
    queries for a page of them as for one.
    """

    key: str
    subject_type: str
    label: str | Promise
    offered: Callable[[Any, Sequence[Any]], Collection[Any]]
    url: Callable[[Any], str]


@dataclass(frozen=True)
class OfferedAction:
    label: str | Promise
    url: str


_OFFERS: dict[str, Offer] = {}


def register(offer: Offer) -> None:
    if _OFFERS.get(offer.key, offer) is not offer:
        raise ValueError(f"offer {offer.key} is registered already")
    _OFFERS[offer.key] = offer


def unregister(key: str) -> None:
    """Remove an offer (for tests)."""
    _OFFERS.pop(key, None)


def offers_for(subject_type: str, subject: Any, user: Any) -> list[OfferedAction]:
    """The actions that ``user`` may take on ``subject`` now, in the order of their keys."""
    [offers] = offers_on_each(subject_type, [subject], user)
    return offers


def offers_on_each(subject_type: str, subjects: Sequence[Any], user: Any) -> list[list[OfferedAction]]:
    """The same for each of ``subjects``, in as many queries as for one."""
    offers = [offer for _key, offer in sorted(_OFFERS.items()) if offer.subject_type == subject_type]
    chosen = [(offer, offer.offered(user, subjects)) for offer in offers]
    return [
        [OfferedAction(offer.label, offer.url(subject)) for offer, offered in chosen if subject in offered]
        for subject in subjects
    ]
