"""Where the free texts come from that are grouped into themes. The kinds are open: a noun registers its own.

In ``apps.ready``::

    sources.register(TextSource("surveys.complaint", _("Complaints and suggestions"), texts_of, url=page_of))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from portal.foundation.indicators.registry import Period


@dataclass(frozen=True)
class SourceText:
    """One free text as a person wrote it.

    ``reference`` names it within its source. ``standard_codes`` are those that it points at already, and
    ``step_id`` the step of a procedure that it is about. ``withheld_from`` is the user whom it is about:
    that person never reads it here either.
    """

    reference: str
    text: str
    said_on: date
    standard_codes: tuple[str, ...] = ()
    step_id: int | None = None
    withheld_from: int | None = None


@dataclass(frozen=True)
class TextSource:
    """``texts(territories, period)`` gives the texts said within the period, in constant queries.

    ``url(reference)`` is the page of the original, which asks for its own permission.
    """

    key: str
    label: str | Promise
    texts: Callable[[Sequence[Any], Period], Iterable[SourceText]]
    url: Callable[[str], str] | None = None


_SOURCES: dict[str, TextSource] = {}


def register(source: TextSource) -> None:
    """Add a source; registering another one under the same key is refused."""
    if _SOURCES.get(source.key, source) is not source:
        raise ValueError(f"text source {source.key} is registered already")
    _SOURCES[source.key] = source


def unregister(key: str) -> None:
    """Remove a source (for tests)."""
    _SOURCES.pop(key, None)


def get(key: str) -> TextSource | None:
    return _SOURCES.get(key)


def all_sources() -> list[TextSource]:
    return [source for _key, source in sorted(_SOURCES.items())]


def label_of(key: str) -> str:
    """The source's name; its key where it is no longer there."""
    source = _SOURCES.get(key)
    return str(source.label) if source else key
