"""Reports that were asked for: waiting, ready or failed."""

from __future__ import annotations

import uuid
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.foundation.files.models import private_storage
from portal.foundation.territories.models import Territory


class DocumentState(models.TextChoices):
    QUEUED = "queued", _("In preparation")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Not produced")


def document_path(instance: Document, _filename: str) -> str:
    return f"documents/{instance.id.hex[:2]}/{instance.id.hex}.pdf"


class Document(models.Model):
    """One PDF of one subject in one language, of the data as it was when it was asked for.

    ``data`` is held only until the file exists; ``data_digest`` stays, so that asking again with
    the same data gives the same document.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    territory = models.ForeignKey(Territory, models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=5)
    state = models.CharField(max_length=10, choices=DocumentState.choices, default=DocumentState.QUEUED)
    data = models.JSONField(null=True)
    data_digest = models.CharField(max_length=64)
    content = models.FileField(storage=private_storage, upload_to=document_path, blank=True)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    error = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id", "language", "data_digest"],
                condition=~models.Q(state="failed"),
                name="one_document_of_the_same_data",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}:{self.subject_id}"

    @cached_property
    def subject(self) -> Any:
        """The object that the document is about; None where it is gone."""
        return apps.get_model(self.subject_type)._default_manager.filter(pk=self.subject_id).first()
