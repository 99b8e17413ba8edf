"""Masked copies of what people wrote: they go when the original goes, and when their term has passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from portal.foundation.audit.domain import record
from surveys.enums import RunState
from surveys.models import Complaint, PublicText, SentByApplication, ThemeText

COMPLAINTS = "surveys.complaint"
# The next year's search is compared with this one; then only the counts are needed.
TEXT_KEPT = timedelta(days=730)


def copies_of(complaints: Sequence[int]) -> QuerySet[ThemeText]:
    """The masked texts of those complaints that were read to find themes; without what was erased."""
    references = [str(pk) for pk in complaints]
    return ThemeText.objects.filter(source=COMPLAINTS, reference__in=references).exclude(text="")


def erase_copies(*, complaint: Complaint, by: Any, at: datetime) -> int:
    """Erase what was copied from a complaint, in the caller's transaction. Returns how many copies.

    It stays counted in its theme; nobody reads it any more.
    """
    erased = _erase_theme_texts(copies_of([complaint.pk]))
    sent = SentByApplication.objects.filter(complaint=complaint)
    known = sent.exclude(address="", latitude__isnull=True, media_url="")
    erased += known.update(address="", latitude=None, longitude=None, media_url="")
    public = PublicText.objects.shown().filter(complaint=complaint).first()
    if public is not None:
        public.text, public.found = "", {}
        public.withdrawn_by, public.withdrawn_at = by, at
        public.save(by_verb=True)
        record(verb="surveys.erase_public_text", object=public, by=by, at=at, territory=complaint.territory)
        erased += 1
    return erased


def texts_due(at: datetime) -> QuerySet[ThemeText]:
    """Texts of searches that were closed long ago."""
    closed = ThemeText.objects.filter(run__state=RunState.CLOSED, run__closed_at__lt=at - TEXT_KEPT)
    return closed.exclude(text="")


@transaction.atomic
def forget_texts(*, at: datetime, limit: int) -> int:
    """Erase at most ``limit`` texts whose term has passed; the counts stay. Returns how many."""
    due = list(texts_due(at).order_by("pk").values_list("pk", flat=True)[:limit])
    return _erase_theme_texts(ThemeText.objects.filter(pk__in=due))


def _erase_theme_texts(texts: QuerySet[ThemeText]) -> int:
    return texts.update(text="", found={})
