"""What is said between the person and the team, and among the team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.clocks import domain as clocks
from portal.foundation.files.domain import attach
from portal.foundation.files.models import StoredFile
from surveys.domain import notices
from surveys.domain.checks import (
    MAX_FILES,
    TEXT_LENGTH,
    clean_text,
    lock,
    lock_for_staff,
    move,
    not_now,
    store,
)
from surveys.enums import OVER_STATES, ComplaintState, EntryKind, Escalation
from surveys.errors import InvalidContent
from surveys.models import Complaint, ComplaintEntry, ComplaintFile
from surveys.queries.terms import ANSWER_CLOCK, running_clock

MAX_REPLIES = 50


def write(complaint: Complaint, kind: str, text: str, *, by: Any, at: datetime) -> ComplaintEntry:
    """Append to the thread; part of the verbs, not one of them."""
    entry = ComplaintEntry(complaint=complaint, kind=kind, text=text, by=by, at=at)
    entry.save(force_insert=True, by_verb=True)
    return entry


def keep_files(
    complaint: Complaint,
    entry: ComplaintEntry | None,
    *,
    files: Sequence[StoredFile] = (),
    uploads: Sequence[Any] = (),
    by: Any,
    at: datetime,
) -> None:
    """Pin files to the complaint or an entry. They are guarded: the complaint's own screens alone hand them over.

    :raises FileRefused: one of ``uploads`` is not accepted, and then none is.
    """
    kept = [attach(upload=upload, territory=complaint.territory, by=by, at=at, guarded=True) for upload in uploads]
    for file in [*files, *kept]:
        ComplaintFile.objects.create(complaint=complaint, entry=entry, file=file, added_at=at)


def require_few(uploads: Sequence[Any]) -> None:
    """:raises InvalidContent: more files than go with one entry."""
    if len(uploads) > MAX_FILES:
        raise InvalidContent(_("Send %(count)s files at most.") % {"count": MAX_FILES}, "files")


@transaction.atomic
def ask_person(
    *, complaint: Complaint, text: str, uploads: Sequence[Any] = (), by: Any, at: datetime
) -> ComplaintEntry:
    """Ask the person for what is missing: the term stands still until the reply.

    :param uploads: what the person needs for it, such as a form; the person reads them.
    """
    held = lock_for_staff(complaint, by)
    require_few(uploads)
    question = clean_text(text, label=_("Question"), field="text")
    move(held, ComplaintState.WAITING)
    clock = running_clock(held, ANSWER_CLOCK)
    if clock is not None:
        paused = clocks.pause(clock=clock, reason=_("Waits for the person's reply"), by=by, at=at)
        held.paused_on = paused.paused_on
    held.asked_back = True
    entry = write(held, EntryKind.QUESTION, question, by=by, at=at)
    keep_files(held, entry, uploads=uploads, by=by, at=at)
    store(held, "state", "paused_on", "asked_back")
    record(verb="surveys.ask_person", object=held, by=by, at=at, territory=held.territory)
    notices.tell_person(held, "complaint_question", at=at)
    return entry


@transaction.atomic
def write_to_person(
    *, complaint: Complaint, text: str, uploads: Sequence[Any] = (), by: Any, at: datetime
) -> ComplaintEntry:
    """Tell the person something on the way, such as a visit or a delay; the term goes on.

    Of an answered case too, until it closes: the person may have added something.

    :param uploads: the person reads them.
    :raises NotPossibleNow: it is over.
    """
    held = lock_for_staff(complaint, by)
    if held.state in OVER_STATES:
        raise not_now(held)
    require_few(uploads)
    entry = write(held, EntryKind.MESSAGE, clean_text(text, label=_("Message"), field="text"), by=by, at=at)
    keep_files(held, entry, uploads=uploads, by=by, at=at)
    store(held)
    record(verb="surveys.write_to_person", object=held, by=by, at=at, territory=held.territory)
    notices.tell_person(held, "complaint_message", at=at)
    return entry


@transaction.atomic
def reply(
    *, complaint: Complaint, text: str, uploads: Sequence[Any] = (), by: Any = None, at: datetime
) -> ComplaintEntry:
    """The person adds something. Where it was asked for, the term runs again.

    :param by: None where the receipt opened it; the author who signed in; a clerk who writes it down.
    :raises NotPossibleNow: it is over.
    """
    held = lock(complaint)
    if held.state in OVER_STATES or held.entries.filter(kind=EntryKind.REPLY).count() >= MAX_REPLIES:
        raise not_now(held)
    require_few(uploads)
    words = clean_text(text, label=_("Reply"), field="text", limit=TEXT_LENGTH)
    if held.state == ComplaintState.WAITING:
        move(held, ComplaintState.IN_STUDY)
        clock = running_clock(held, ANSWER_CLOCK)
        if clock is not None and clock.paused_on:
            held.due_on = clocks.resume(clock=clock, by=by, at=at).due_on
        held.paused_on = None
    entry = write(held, EntryKind.REPLY, words, by=by, at=at)
    keep_files(held, entry, uploads=uploads, by=by, at=at)
    told = notices.reach(held, Escalation.OWNER, at)
    store(held, "state", "due_on", "paused_on", "reaches_region")
    record(verb="surveys.reply", object=held, by=by, at=at, territory=held.territory)
    notices.tell_staff(held, told, "complaint_reply", key=f"{held.pk}:{entry.pk}", by=by, at=at)
    return entry


@transaction.atomic
def add_note(*, complaint: Complaint, text: str, uploads: Sequence[Any] = (), by: Any, at: datetime) -> ComplaintEntry:
    """A note among the team; the person never reads it. It does not disturb whoever is answering."""
    held = lock_for_staff(complaint, by)
    require_few(uploads)
    entry = write(held, EntryKind.NOTE, clean_text(text, label=_("Note"), field="text"), by=by, at=at)
    keep_files(held, entry, uploads=uploads, by=by, at=at)
    record(verb="surveys.add_note", object=held, by=by, at=at, territory=held.territory)
    return entry
