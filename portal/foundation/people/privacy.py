"""What is held about a person: modules declare it when they start, and every right is served from that.

In ``apps.ready``::

    privacy.register(PersonalData(key="messages.sent", label=_("Messages that we sent you"), …))
    privacy.register_retention(Retention(key="messages.texts", …))

A module declares a kind of data once, and it is shown on «my data», goes into the download, is
searched for looks, and is erased or kept with its reason when somebody asks. What nobody declared
nobody can show, so a table with personal data that is not declared here is a fault of its module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Subject:
    """Whose data it is. ``label`` and ``id`` name the row by which the person came: an account, a
    registered person, or the receipt of somebody without an account; the others are what it leads to.
    """

    label: str
    id: str
    user: Any = None
    person: Any = None
    receipt: Any = None
    territory: Any = None


@dataclass(frozen=True)
class Erasure:
    """What was done with one kind of data: rows erased, rows kept, and why those are kept."""

    erased: int = 0
    kept: int = 0
    why: Text = ""


class Erase(Protocol):
    """Erases or pseudonymises the rows of ``subject`` in the caller's transaction, and records it."""

    def __call__(self, *, subject: Subject, by: Any, at: datetime) -> Erasure: ...


@dataclass(frozen=True)
class PersonalData:
    """One kind of personal data.

    ``purpose``, ``basis`` and ``kept`` say in plain words what it is for, by which law, and until when.
    ``of_person(subject)`` gives its rows, ``export(row)`` the plain values of one, by the names of
    ``fields``, whose texts head them. Without ``erase`` nothing is erased, and ``kept_because`` says why.
    ``holds(subject, at)`` says why nothing may be erased yet; "" where it may.
    """

    key: str
    label: Text
    purpose: Text
    basis: Text
    kept: Text
    of_person: Callable[[Subject], QuerySet[Any]]
    fields: Mapping[str, Text]
    export: Callable[[Any], Mapping[str, Any]]
    erase: Erase | None = None
    kept_because: Text = ""
    holds: Callable[[Subject, datetime], Text] = lambda _subject, _at: ""
    order: int = field(default=100)


@dataclass(frozen=True)
class Retention:
    """For how long a kind of data is kept. ``due(at)`` counts what has to go; ``apply(at=, limit=)``
    erases at most ``limit`` of it, in the caller's transaction, and returns how many: less than
    ``limit`` says that nothing is left.
    """

    key: str
    label: Text
    term: Text
    basis: Text
    due: Callable[[datetime], int]
    apply: Callable[..., int]
    order: int = field(default=100)


@dataclass(frozen=True)
class SubjectKind:
    """How a subject is found again, and how it is told; ``tell`` is called in the caller's transaction."""

    label: str
    load: Callable[[str], Subject | None]
    name: Callable[[Subject], str]
    tell: Callable[..., None]


_DATA: dict[str, PersonalData] = {}
_RETENTION: dict[str, Retention] = {}
_SUBJECTS: dict[str, SubjectKind] = {}
_HOLDS: list[Callable[[Subject, datetime], Text]] = []


def register(data: PersonalData) -> None:
    """Declare a kind of data; registering another one under the same key is refused."""
    if _DATA.get(data.key, data) is not data:
        raise ValueError(f"personal data {data.key} is registered already")
    if data.erase is None and not data.kept_because:
        raise ValueError(f"personal data {data.key} neither erases nor says why it is kept")
    _DATA[data.key] = data


def register_retention(rule: Retention) -> None:
    if _RETENTION.get(rule.key, rule) is not rule:
        raise ValueError(f"retention {rule.key} is registered already")
    _RETENTION[rule.key] = rule


def register_subject(kind: SubjectKind) -> None:
    """Let people come by another kind of row than an account."""
    _SUBJECTS[kind.label] = kind


def register_hold(hold: Callable[[Subject, datetime], Text]) -> None:
    """Let a module keep a person's account and identity for as long as something of theirs is open.

    ``hold(subject, at)`` says why, in words for the person; "" where nothing is open.
    """
    if hold not in _HOLDS:
        _HOLDS.append(hold)


def held_by_modules(subject: Subject, at: datetime) -> Text:
    """The first reason by which a module keeps the person's identity; "" without one."""
    return next((why for hold in _HOLDS if (why := hold(subject, at))), "")


def unregister_hold(hold: Callable[[Subject, datetime], Text]) -> None:
    """Remove a hold (for tests)."""
    _HOLDS.remove(hold)


def unregister(key: str) -> None:
    """Remove a kind of data or a rule (for tests)."""
    _DATA.pop(key, None)
    _RETENTION.pop(key, None)


def kinds() -> list[PersonalData]:
    """Every kind of personal data, in the order in which people read it."""
    return sorted(_DATA.values(), key=lambda data: (data.order, data.key))


def kind(key: str) -> PersonalData | None:
    return _DATA.get(key)


def rules() -> list[Retention]:
    return sorted(_RETENTION.values(), key=lambda rule: (rule.order, rule.key))


def rule(key: str) -> Retention | None:
    return _RETENTION.get(key)


def subject_kind(label: str) -> SubjectKind:
    return _SUBJECTS[label]


def load(label: str, subject_id: str) -> Subject | None:
    """The subject that a row names; None where it is gone or its module was left out."""
    return _SUBJECTS[label].load(subject_id) if label in _SUBJECTS else None
