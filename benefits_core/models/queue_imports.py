"""Files of queue machines: how each service point's file is read, each import, and the rows that were not taken."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from benefits_core.enums import ImportState
from portal.foundation.files.models import private_storage
from portal.foundation.territories.models import ServicePoint, Territory


class ImportMapping(models.Model):
    """How the file of a service point is read, kept for the next one.

    ``columns`` is field → heading; ``matters`` and ``outcomes`` are what a cell says → matter id or
    outcome; ``date_order`` is «dmy» or «mdy».
    """

    service_point = models.OneToOneField(ServicePoint, models.PROTECT, related_name="import_mapping")
    columns = models.JSONField(default=dict)
    date_order = models.CharField(max_length=3)
    matters = models.JSONField(default=dict)
    outcomes = models.JSONField(default=dict)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.service_point_id)


def import_path(instance: AttentionImport, _filename: str) -> str:
    return f"imports/{instance.id.hex[:2]}/{instance.id.hex}"


class AttentionImportQuerySet(models.QuerySet["AttentionImport"]):
    def visible_to(self, user: Any) -> AttentionImportQuerySet:
        return self.filter(user.scope.territories("territory_id", "territory__path"))


class AttentionImport(models.Model):
    """One file on its way into the register.

    ``content`` is the file as it came until it is read, then its rows as text, one JSON list a line;
    it goes when the import ends or a month later. ``columns``, ``matters``, ``outcomes`` and
    ``date_order`` are as in :class:`ImportMapping`, for this file alone. ``values`` is field → the
    different texts of its column with their number.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="imports")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READING)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.FileField(storage=private_storage, upload_to=import_path, blank=True)
    encoding = models.CharField(max_length=12, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    header = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    columns = models.JSONField(default=dict)
    date_order = models.CharField(max_length=3, default="dmy")
    values = models.JSONField(default=dict)
    matters = models.JSONField(default=dict)
    outcomes = models.JSONField(default=dict)
    recorded = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    job_id = models.UUIDField(null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = AttentionImportQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        indexes = [models.Index(fields=["territory", "-uploaded_at"], name="import_list")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by__isnull=True)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False),
                name="undone_import_has_an_author",
                violation_error_message=_("Say who undid the import."),
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class RejectedRow(models.Model):
    """A row that was not taken: its mapped cells by field, and what is wrong with each.

    Columns that nobody mapped are not kept: they may say who the person was.
    """

    batch = models.ForeignKey(AttentionImport, models.CASCADE, related_name="rejected_rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    problems = models.JSONField()

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_rejection_per_row")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number}"
