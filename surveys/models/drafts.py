"""What somebody is writing and has not sent: sealed with a key that only the browser keeps."""

from __future__ import annotations

from django.db import models

from portal.foundation.files.models import StoredFile
from surveys.models.complaints import Complaint


class ComplaintDraft(models.Model):
    """The answers so far, encrypted with the key in the writer's cookie, of which only a hash is here.

    Once it is sent, ``sealed`` holds the receipt's secret in the same way, for a few minutes: the
    page that shows it may be asked for again, and a second press of the button leads there.
    """

    key_hash = models.CharField(max_length=64, unique=True)
    sealed = models.TextField(blank=True)
    complaint = models.OneToOneField(Complaint, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.pk)


class DraftFile(models.Model):
    """A file of a complaint that is not sent yet."""

    draft = models.ForeignKey(ComplaintDraft, models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.file)
