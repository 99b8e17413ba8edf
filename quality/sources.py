"""What a level record comes from, in words. The kinds are open: an upper module makes its own known.

``quality`` registers self-diagnoses; ``plans`` registers its verified improvements.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class LevelSource:
    """What people call it, such as «Self-diagnosis 2026, version 1», and its page for those who may read it."""

    label: str
    url: str


Describe = Callable[[Collection[str]], Mapping[str, LevelSource]]

_KINDS: dict[str, Describe] = {}


def register(source_type: str, describe: Describe) -> None:
    """Make a kind known: ``describe(ids)`` gives the words of those that exist, from one query."""
    if _KINDS.get(source_type, describe) is not describe:
        raise ValueError(f"level source {source_type} is registered already")
    _KINDS[source_type] = describe


def unregister(source_type: str) -> None:
    """Remove a kind (for tests)."""
    _KINDS.pop(source_type, None)


def sources_of(records: Iterable[Any]) -> dict[tuple[str, str], LevelSource]:
    """(``source_type``, ``source_id``) of the records → what it is; one query for each kind among them.

    What nobody registered is left out: its number means nothing to a reader.
    """
    wanted: dict[str, set[str]] = {}
    for record in records:
        wanted.setdefault(record.source_type, set()).add(record.source_id)
    return {
        (source_type, source_id): source
        for source_type, ids in wanted.items()
        if source_type in _KINDS
        for source_id, source in _KINDS[source_type](ids).items()
    }
