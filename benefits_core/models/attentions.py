"""The register of attentions, what was corrected in it, and its monthly sums."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from benefits_core.enums import AttentionSource, Channel, Outcome
from benefits_core.models.matters import Matter
from benefits_core.models.procedures import Procedure
from benefits_core.models.queue_imports import AttentionImport
from portal.foundation.audit.guarded import GuardedModel
from portal.foundation.files.models import private_storage
from portal.foundation.people.models import Person
from portal.foundation.people.roles import STAFF_ROLES, Role
from portal.foundation.territories.models import ServicePoint, Territory

# Who sees a municipality's attentions: its staff, those above, and the clerks who assist there.
VIEWER_ROLES = STAFF_ROLES | {Role.CLERK}
LONGEST_SECONDS = 24 * 60 * 60


class AttentionQuerySet(models.QuerySet["Attention"]):
    def visible_to(self, user: Any) -> AttentionQuerySet:
        return self.filter(user.scope.territories("territory_id", "territory__path", VIEWER_ROLES))

    def counted(self) -> AttentionQuerySet:
        """Without those declared void."""
        return self.filter(voided_at__isnull=True)

    def open(self) -> AttentionQuerySet:
        """Begun and not finished."""
        return self.counted().filter(ended_at__isnull=True)

    def newest_first(self) -> AttentionQuerySet:
        return self.order_by("-arrived_at", "-pk")


class Attention(GuardedModel):
    """One person was served once, for one matter.

    ``arrived_at`` is when the person came; where nobody measured it, when the service began or, at
    worst, was written down. ``wait_seconds`` and ``service_seconds`` are None where they were not
    measured: such an attention counts, but not in any figure of waiting. ``day`` is the day of
    ``arrived_at`` in the municipality's own time. ``form_token`` makes a form sent twice one row;
    ``batch`` is the file that it came with.
    """

    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="attentions")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="attentions")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    day = models.DateField()
    arrived_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    wait_seconds = models.PositiveIntegerField(null=True)
    service_seconds = models.PositiveIntegerField(null=True)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="attentions")
    procedure = models.ForeignKey(Procedure, models.PROTECT, null=True, related_name="attentions")
    preferential = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="attentions")
    source = models.CharField(max_length=12, choices=AttentionSource.choices, default=AttentionSource.MANUAL)
    external_id = models.CharField(max_length=60, null=True)
    form_token = models.UUIDField(null=True, unique=True)
    batch = models.ForeignKey(AttentionImport, models.PROTECT, null=True, related_name="attentions")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField(max_length=300, blank=True)

    objects = AttentionQuerySet.as_manager()

    class Meta:
        ordering = ["-arrived_at", "-pk"]
        indexes = [
            models.Index(fields=["territory", "-arrived_at", "-id"], name="attention_list"),
            models.Index(fields=["service_point", "-arrived_at", "-id"], name="attention_point"),
            models.Index(fields=["recorded_by", "-arrived_at", "-id"], name="attention_clerk"),
            models.Index(fields=["territory", "day"], name="attention_day"),
            models.Index(
                fields=["person", "-arrived_at"], condition=models.Q(person__isnull=False), name="attention_person"
            ),
            models.Index(
                fields=["procedure", "territory", "day"],
                condition=models.Q(procedure__isnull=False),
                name="attention_procedure",
            ),
            models.Index(
                fields=["territory", "recorded_by"],
                condition=models.Q(ended_at__isnull=True, voided_at__isnull=True),
                name="attention_open",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["service_point", "external_id"],
                name="one_attention_per_external_id",
                violation_error_message=_("That number of the queue machine is in the register already."),
            ),
            models.CheckConstraint(
                condition=models.Q(started_at__isnull=True) | models.Q(started_at__gte=models.F("arrived_at")),
                name="attention_starts_after_arrival",
                violation_error_message=_("The service cannot begin before the person came."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(started_at__isnull=True, ended_at__gte=models.F("arrived_at"))
                | models.Q(ended_at__gte=models.F("started_at")),
                name="attention_ends_after_start",
                violation_error_message=_("The service cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, outcome="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(outcome="")),
                name="finished_attention_has_an_outcome",
                violation_error_message=_("Say how the attention ended."),
            ),
            models.CheckConstraint(
                condition=models.Q(wait_seconds__isnull=True) | models.Q(wait_seconds__lte=LONGEST_SECONDS),
                name="nobody_waits_longer_than_a_day",
                violation_error_message=_("Nobody waits longer than a day."),
            ),
            models.CheckConstraint(
                condition=models.Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
                | (models.Q(voided_at__isnull=False, voided_by__isnull=False) & ~models.Q(void_reason="")),
                name="void_has_author_and_reason",
                violation_error_message=_("Say why the attention does not count."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.pk}"

    @property
    def wait_minutes(self) -> int | None:
        """Minutes begun: 61 seconds are 2, so that «20 minutes at most» is told exactly."""
        return None if self.wait_seconds is None else -(-self.wait_seconds // 60)

    @property
    def service_minutes(self) -> int | None:
        return None if self.service_seconds is None else -(-self.service_seconds // 60)

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.voided_at is None


class AttentionChange(GuardedModel):
    """A correction: which fields changed from what to what, and why. Append-only.

    ``changes`` holds codes, ids and times, by field; of the person only whether one was named.
    """

    attention = models.ForeignKey(Attention, models.PROTECT, related_name="changes")
    changes = models.JSONField()
    reason = models.CharField(max_length=300)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["changed_at", "pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="attention_correction_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.attention_id} {self.changed_at:%Y-%m-%d %H:%M}"


class AttentionMonth(models.Model):
    """Sums of the attentions of one service point, month, channel and kind of priority.

    Kept by the verbs in their own transaction, so that statistics cost the same whatever the register
    holds. ``waits`` is minutes begun → number; ``matters`` is matter id → number; ``outcomes`` is
    outcome → number; ``count`` all that count, measured or not. ``month`` is its first day.
    """

    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="+")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+")
    month = models.DateField()
    channel = models.CharField(max_length=10)
    preferential = models.BooleanField()
    count = models.PositiveIntegerField(default=0)
    waits = models.JSONField(default=dict)
    matters = models.JSONField(default=dict)
    outcomes = models.JSONField(default=dict)

    class Meta:
        ordering = ["month", "service_point", "channel", "preferential"]
        constraints = [
            models.UniqueConstraint(
                fields=["service_point", "month", "channel", "preferential"], name="one_sum_of_a_month"
            )
        ]
        indexes = [models.Index(fields=["territory", "month"], name="attention_month")]

    def __str__(self) -> str:
        return f"{self.service_point_id} {self.month:%Y-%m} {self.channel}"


def export_path(instance: AttentionExport, _filename: str) -> str:
    return f"exports/{instance.id.hex[:2]}/{instance.id.hex}"


class AttentionExport(models.Model):
    """A copy of the register that somebody asked for: written by a job, kept for some days.

    ``wanted`` holds the filters as the list's address has them.
    """

    class Format(models.TextChoices):
        CSV = "csv", "csv"
        XLSX = "xlsx", "xlsx"

    class State(models.TextChoices):
        QUEUED = "queued", _("In preparation")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Not produced")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+")
    wanted = models.JSONField(default=dict)
    format = models.CharField(max_length=4, choices=Format.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    language = models.CharField(max_length=5)
    content = models.FileField(storage=private_storage, upload_to=export_path, blank=True)
    rows = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    job_id = models.UUIDField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return str(self.pk)
