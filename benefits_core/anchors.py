"""What is pinned to a step: upper modules make themselves known here, so that nobody looks up.

A module whose rows have a foreign key to ``benefits_core.Step`` (PROTECT) registers one source in its
``apps.ready``::

    anchors.register(AnchorSource("surveys.complaint", _("Complaints"), counts=…, items=…))

The step's page then shows its counts to everybody (few are hidden) and its items to staff, and the page of
orphans lists what is pinned to steps that a new version does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise

# A smaller count could point at a person, so the public reads «fewer than five».
SMALLEST_PUBLIC_COUNT = 5


@dataclass(frozen=True)
class AnchoredItem:
    """One pinned thing, as its own module calls it; ``url`` only where the user may open it."""

    label: str
    at: datetime
    state: str = ""
    url: str = ""


class Counts(Protocol):
    def __call__(self, steps: Sequence[Any], *, territory: Any = None) -> Mapping[int, int]:
        """Step id → how many are pinned to it, in one query; of ``territory`` and below only, where given."""


class Items(Protocol):
    def __call__(self, steps: Sequence[Any], user: Any, *, limit: int) -> Sequence[AnchoredItem]:
        """The newest pinned to any of ``steps`` that ``user`` may see, in constant queries.

        ``steps`` is the step and its forerunners in earlier versions, so that what was pinned to an
        old version shows under the step that took its place.
        """


@dataclass(frozen=True)
class Invitation:
    """What anybody may do from a step's page, such as «Complain or suggest about this step»."""

    label: str | Promise
    url: str


@dataclass(frozen=True)
class AnchorSource:
    """A kind of thing that is pinned to steps.

    ``invite(step, territory)`` gives the public's way to pin one (None where there is none; the
    territory may be None). ``remapped(from_step, to_step)`` is told after a step was mapped or the mapping
    undone (``to_step`` None where it belongs nowhere); only a module that keeps a copy of the place needs it.
    """

    key: str
    label: str | Promise
    counts: Counts
    items: Items
    invite: Callable[[Any, Any], Invitation | None] | None = None
    remapped: Callable[[Any, Any], None] | None = None


_SOURCES: dict[str, AnchorSource] = {}


def register(source: AnchorSource) -> None:
    if _SOURCES.get(source.key, source) is not source:
        raise ValueError(f"anchor source {source.key} is registered already")
    _SOURCES[source.key] = source


def unregister(key: str) -> None:
    """Remove a source (for tests)."""
    _SOURCES.pop(key, None)


def sources() -> list[AnchorSource]:
    """In the order of their keys."""
    return [source for _key, source in sorted(_SOURCES.items())]
