"""Who was in charge of a complaint, and why it happened."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.foundation.audit.guarded import GuardedModel
from quality.models import Standard
from surveys.enums import CodingRound, RootCause
from surveys.models.complaints import Complaint


class ComplaintAssignment(models.Model):
    """Somebody was in charge from one moment to another."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="assignments")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["assigned_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=models.Q(ended_at__isnull=True), name="one_person_in_charge_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.assignee_id}"


class ComplaintCoding(GuardedModel):
    """Why it happened, as one person codes it. The second coder sees nothing of the first coding.

    ``in_force`` marks the one that counts: the first, or the agreed one where the two differed.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="codings")
    round = models.PositiveSmallIntegerField(choices=CodingRound.choices)
    cause = models.CharField(_("root cause"), max_length=11, choices=RootCause.choices)
    standards = models.ManyToManyField(Standard, related_name="+", blank=True)
    note = models.TextField(_("note"), blank=True)
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    coded_at = models.DateTimeField()
    in_force = models.BooleanField(default=False)

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "round"], name="one_coding_per_round"),
            models.UniqueConstraint(
                fields=["complaint"], condition=models.Q(in_force=True), name="one_coding_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(in_force=False) | ~models.Q(round=CodingRound.SECOND),
                name="second_coding_is_a_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.cause}"
