"""Who sent a complaint is forgotten: when the person asks, or when the term has passed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.files.domain import discard
from surveys.domain.checks import lock, not_now
from surveys.domain.text_copies import erase_copies
from surveys.enums import FROM_THE_PERSON, OVER_STATES
from surveys.models import Complaint, ComplaintFile, ComplaintQuerySet

# The name serves the answer and whatever follows from it; two years later it serves nothing.
NAME_KEPT = timedelta(days=730)


@transaction.atomic
def erase_sender(*, complaint: Complaint, by: Any, at: datetime) -> Complaint:
    """Erase who sent it, what the person wrote, and the files: the case, its answer and its counts stay.

    :raises NotPossibleNow: it is still open, so the answer needs what was written.
    """
    held = lock(complaint)
    if held.is_open:
        raise not_now(held)
    mark = _("[Erased at the person's request]")
    held.author = held.person = None
    held.text, held.search_text, held.about_words, held.satisfaction_comment = mark, "", "", ""
    held.save(
        by_verb=True,
        update_fields=["author", "person", "text", "search_text", "about_words", "satisfaction_comment"],
    )
    erase_copies(complaint=held, by=by, at=at)
    entries = held.entries.filter(kind__in=FROM_THE_PERSON)
    entries.exclude(text="").update(text=mark)
    sent = Q(entry__isnull=True) | Q(entry__in=entries)
    for kept in ComplaintFile.objects.filter(sent, complaint=held).select_related("file__territory"):
        file = kept.file
        kept.delete()
        discard(file=file, by=by, at=at)
    record(verb="surveys.erase_sender", object=held, by=by, at=at, territory=held.territory)
    return held


def names_due(at: datetime) -> ComplaintQuerySet:
    """Those whose sender's name has served its purpose."""
    named = Q(author__isnull=False) | Q(person__isnull=False)
    return Complaint.objects.filter(named, state__in=OVER_STATES, closed_at__lt=at - NAME_KEPT)


@transaction.atomic
def forget_names(*, at: datetime, limit: int) -> int:
    """Take the names off at most ``limit`` cases that ended long ago. Returns how many."""
    due = list(names_due(at).select_for_update(of=("self",)).select_related("territory").order_by("pk")[:limit])
    for complaint in due:
        _forget_name(complaint, at)
    return len(due)


def _forget_name(complaint: Complaint, at: datetime) -> None:
    complaint.author = complaint.person = None
    complaint.save(by_verb=True, update_fields=["author", "person"])
    record(verb="surveys.forget_name", object=complaint, by=None, at=at, territory=complaint.territory)
