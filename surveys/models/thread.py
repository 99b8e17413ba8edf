"""What is said after the first text: replies, questions, answers, notes; and the files of each."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.lookups import GreaterThan
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.foundation.audit.guarded import GuardedModel
from portal.foundation.files.models import StoredFile
from surveys.enums import (
    FROM_THE_PERSON,
    INTERNAL_ENTRIES,
    OWN_ENTRY_WORDS,
    PUBLIC_ENTRIES,
    ComplaintState,
    EntryKind,
    Outcome,
)
from surveys.models.complaints import Complaint

SEEN_BY_TEAM = (EntryKind.ANSWER, EntryKind.MESSAGE, EntryKind.NOTE)


class ComplaintEntryQuerySet(models.QuerySet["ComplaintEntry"]):
    def public(self) -> ComplaintEntryQuerySet:
        """What the person who complained reads."""
        return self.filter(kind__in=PUBLIC_ENTRIES)


class ComplaintEntry(GuardedModel):
    """One contribution to the thread. ``by`` is None where it came with the receipt. Append-only."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    text = models.TextField(_("text"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = ComplaintEntryQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["complaint", "at"], name="complaint_entry_order")]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind}"

    @property
    def own_words(self) -> str | Promise:
        """What kind it is, said to the person who complained."""
        return OWN_ENTRY_WORDS.get(EntryKind(self.kind), self.get_kind_display())

    @property
    def is_internal(self) -> bool:
        return self.kind in INTERNAL_ENTRIES

    @property
    def is_from_the_person(self) -> bool:
        return self.kind in FROM_THE_PERSON


def waiting_to_be_read() -> Q:
    """Answered ones to which the person added something, and nobody of the team wrote or noted anything since."""
    entries = ComplaintEntry.objects.filter(complaint=OuterRef("pk")).order_by("-pk").values("pk")
    by_person, by_team = entries.filter(kind=EntryKind.REPLY)[:1], entries.filter(kind__in=SEEN_BY_TEAM)[:1]
    return Q(GreaterThan(Subquery(by_person), Subquery(by_team)), state=ComplaintState.ANSWERED)


class ComplaintAnswer(models.Model):
    """The parts of an answer with its reasons; ``number`` is 2 for the answer after a reopening."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="answers")
    entry = models.OneToOneField(ComplaintEntry, models.PROTECT, related_name="answer")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(_("outcome"), max_length=13, choices=Outcome.choices, blank=True)
    found = models.TextField(_("what we found"))
    action = models.TextField(_("what we do"))
    next_step = models.TextField(_("next step for the person"), blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="one_answer_per_number"),
            models.CheckConstraint(condition=~models.Q(found=""), name="answer_has_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.number}"


class ComplaintFile(models.Model):
    """A file sent with the complaint (``entry`` None) or with an entry of its thread."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="files")
    entry = models.ForeignKey(ComplaintEntry, models.PROTECT, null=True, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return str(self.file)
