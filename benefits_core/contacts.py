"""What counts as a person's contact with a municipality: every module makes its own known here.

In ``apps.ready``::

    contacts.register(ContactSource("surveys.complaint", _("Complaints and suggestions"), rows=…, at="received_at", …))

The history is one statement over all sources, so a page of it costs the same whatever their number. A source
therefore brings what it shows as columns of its rows, and puts them in words without asking the database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

COLUMNS = 4


@dataclass(frozen=True)
class Contact:
    """One contact as people read it; ``url`` only where whoever looks may open it."""

    at: datetime
    kind: str | Promise
    what: str
    detail: str = ""
    place: str = ""
    url: str = ""


@dataclass(frozen=True)
class ContactSource:
    """A kind of contact.

    ``rows(person, user)`` gives the person's rows that ``user`` may see; ``at`` is the field by which they are
    ordered; ``columns`` up to four lookups whose values are handed over as texts ("" where there is none).
    ``describe(pk, at, values)`` puts one row in words, in no query. ``has_receipt`` says that messages about the
    rows go to the contact of their receipts.
    """

    key: str
    label: str | Promise
    rows: Callable[[Any, Any], Any]
    at: str
    columns: Sequence[str]
    describe: Callable[[str, datetime, Sequence[str]], Contact]
    has_receipt: bool = False


_SOURCES: dict[str, ContactSource] = {}


def register(source: ContactSource) -> None:
    """:raises ValueError: another source has the key, or there are more columns than the history carries."""
    if _SOURCES.get(source.key, source) is not source:
        raise ValueError(f"contact source {source.key} is registered already")
    if len(source.columns) > COLUMNS:
        raise ValueError(f"contact source {source.key} has more than {COLUMNS} columns")
    _SOURCES[source.key] = source


def unregister(key: str) -> None:
    """Remove a source (for tests)."""
    _SOURCES.pop(key, None)


def sources() -> list[ContactSource]:
    """In the order of their keys."""
    return [source for _key, source in sorted(_SOURCES.items())]


def source(key: str) -> ContactSource:
    return _SOURCES[key]
