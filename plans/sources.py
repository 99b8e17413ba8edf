"""What a plan line can be drawn from. The kinds are open: a module registers its own.

Gaps are registered here; needs, complaints and proposals register theirs in their ``apps.ready``
or, where they lie below this module, through ``plans.apps``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from quality.models import Standard


@dataclass(frozen=True)
class SourceChoice:
    """One thing that a line may answer: its key within its kind, and its words."""

    reference: str
    label: str


@dataclass(frozen=True)
class SourceDraft:
    """What is known already of a line drawn from a source, to start the form with."""

    title: str = ""
    problem: str = ""
    standards: list[tuple[Standard, int]] = field(default_factory=list)


@dataclass(frozen=True)
class SourceKind:
    """A kind of source.

    ``choices(municipality, cycle)`` lists what may be answered now; ``describe(reference)`` gives its
    words (raises ``LookupError`` when unknown); ``standards(reference)`` the standards that it points
    at; ``draft(reference)`` what a line drawn from it starts with; ``current(reference)`` the reference
    that stands in its place today, where a later one replaced it.
    """

    key: str
    label: str | Promise
    choices: Callable[[Any, Any], list[SourceChoice]]
    describe: Callable[[str], str]
    standards: Callable[[str], list[Standard]]
    draft: Callable[[str], SourceDraft] = lambda reference: SourceDraft()
    current: Callable[[str], str] = lambda reference: reference


_KINDS: dict[str, SourceKind] = {}


def register(kind: SourceKind) -> None:
    """Add a kind of source; registering another one under the same key is refused."""
    if _KINDS.get(kind.key, kind) is not kind:
        raise ValueError(f"source {kind.key} is registered already")
    _KINDS[kind.key] = kind


def unregister(key: str) -> None:
    """Remove a kind (for tests)."""
    _KINDS.pop(key, None)


def get(key: str) -> SourceKind | None:
    return _KINDS.get(key)


def all_kinds() -> list[SourceKind]:
    return [kind for _key, kind in sorted(_KINDS.items())]


def choices(municipality: Any, cycle: Any) -> dict[SourceKind, list[SourceChoice]]:
    """Everything that a line of this municipality and cycle may answer, by kind."""
    return {kind: kind.choices(municipality, cycle) for kind in all_kinds()}
