"""The kinds of document that modules can produce; registered in ``apps.ready``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


def territory_of(subject: Any) -> Any:
    """The territory of a subject that names it as the product's rows do."""
    if subject._meta.label_lower == "territories.territory":
        return subject
    return getattr(subject, "municipality", None) or getattr(subject, "territory", None)


@dataclass(frozen=True)
class DocumentKind:
    """``key`` is ``"module.report"``; ``template`` a file of ``templates/pdf``.

    ``data(subject, language)`` gives what :func:`~portal.foundation.documents.render.render_pdf`
    takes; equal data gives the same document again. ``can_read(user, subject)`` is asked at every
    look, of anonymous visitors too. ``file_name(subject)`` has no ending.
    """

    key: str
    title: str | Promise
    template: str
    data: Callable[[Any, str], dict[str, Any]]
    can_read: Callable[[Any, Any], bool]
    file_name: Callable[[Any], str] | None = None
    territory: Callable[[Any], Any] = territory_of


_KINDS: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    """Add a kind; registering another one under the same key is refused."""
    if _KINDS.get(kind.key, kind) is not kind:
        raise ValueError(f"document kind {kind.key} is registered already")
    _KINDS[kind.key] = kind


def unregister(key: str) -> None:
    """Remove a kind (for tests)."""
    _KINDS.pop(key, None)


def get(key: str) -> DocumentKind | None:
    return _KINDS.get(key)
