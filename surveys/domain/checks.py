"""Checks that the verbs of this module share: texts of bearable length, states from the table, who may."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.foundation.clocks import domain as clocks
from portal.foundation.clocks.models import Clock
from surveys import masking
from surveys.enums import COMPLAINT_TRANSITIONS
from surveys.errors import InvalidContent, NotAllowed, NotPossibleNow, WordsNotFound
from surveys.models import Complaint
from surveys.queries.terms import running_clock

TEXT_LENGTH = 4000
MAX_FILES = 5


def clean_text(value: str, *, label: Any, field: str = "", limit: int = TEXT_LENGTH, required: bool = True) -> str:
    """The text without outer spaces.

    :raises InvalidContent: empty where required, longer than ``limit`` characters, or with a NUL.
    """
    # A form's line ends count as one character, as the person sees them.
    text = (value or "").replace("\r\n", "\n").strip()
    if required and not text:
        raise InvalidContent(_("“%(label)s” is missing.") % {"label": label}, field)
    if len(text) > limit:
        raise InvalidContent(
            _("“%(label)s” has %(length)s characters. Shorten it to %(limit)s.")
            % {"label": label, "length": len(text), "limit": limit},
            field,
        )
    if "\x00" in text:
        raise InvalidContent(_("“%(label)s” holds a character that cannot be stored.") % {"label": label}, field)
    return text


def require_words(text: str, phrases: Iterable[str], number: int) -> None:
    """:raises WordsNotFound: one of the words to hide is not in ``text``, so that it would be believed hidden."""
    if unknown := masking.missing(text, phrases):
        words = _("This is not in the text: %(words)s. Write it as it stands there.")
        raise WordsNotFound(words % {"words": ", ".join(unknown)}, number)


def local_day(territory: Any, at: datetime) -> date:
    """The day of ``at`` in the municipality's own zone."""
    return at.astimezone(territory.zone).date()


def lock(complaint: Complaint) -> Complaint:
    """The stored complaint, locked until the transaction ends."""
    return (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("territory__region", "category", "owner", "about_user")
        .get(pk=complaint.pk)
    )


def lock_for_staff(complaint: Complaint, by: Any) -> Complaint:
    """The same, for somebody of the team.

    :raises NotAllowed: the complaint is about that very person.
    """
    held = lock(complaint)
    if by is not None and held.about_user_id == by.pk:
        raise NotAllowed(_("Another person looks after this complaint."))
    return held


def can_move(complaint: Complaint, state: str) -> bool:
    """Has the table a step from where it is to ``state``?"""
    return state in COMPLAINT_TRANSITIONS.get(complaint.state, frozenset())


def move(complaint: Complaint, state: str) -> None:
    """:raises NotPossibleNow: the table has no such step."""
    if not can_move(complaint, state):
        raise not_now(complaint)
    complaint.state = state


def require_open(complaint: Complaint) -> None:
    if not complaint.is_open:
        raise not_now(complaint)


def not_now(complaint: Complaint) -> NotPossibleNow:
    return NotPossibleNow(
        _("It is “%(state)s”, so this is not possible now.") % {"state": complaint.get_state_display()}
    )


def store(complaint: Complaint, *fields: str) -> None:
    """Write the named fields, and count the change, so that whoever had the page open is told."""
    complaint.revision += 1
    complaint.save(by_verb=True, update_fields=[*fields, "revision"])


def stop_clock(complaint: Complaint, kind: str, *, by: Any, at: datetime) -> Clock | None:
    """End the clock of that kind where there is one; the stopped clock says how the term ended."""
    clock = running_clock(complaint, kind)
    return clocks.stop(clock=clock, by=by, at=at) if clock else None
