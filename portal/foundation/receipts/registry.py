"""Where an opened receipt leads: modules register their kinds of subject in ``apps.ready``.

::

    registry.register("surveys.complaint", url=page_of, name=_("Complaint"))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class ReceiptSubject:
    """``url(subject)`` is the page for its sender; ``name`` what a person calls the kind of subject."""

    label: str
    url: Callable[[Any], str]
    name: str | Promise = ""


_SUBJECTS: dict[str, ReceiptSubject] = {}


def register(subject_label: str, *, url: Callable[[Any], str], name: str | Promise = "") -> None:
    """Let receipts of ``subject_label`` (``"application.model"``) lead to ``url(subject)``."""
    _SUBJECTS[subject_label.lower()] = ReceiptSubject(subject_label.lower(), url, name)


def unregister(subject_label: str) -> None:
    """Remove a kind of subject (for tests)."""
    _SUBJECTS.pop(subject_label.lower(), None)


def get(subject_label: str) -> ReceiptSubject | None:
    return _SUBJECTS.get(subject_label.lower())
