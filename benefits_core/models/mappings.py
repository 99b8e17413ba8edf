"""Where what was pinned to a step belongs once a new version has no such step."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from benefits_core.models.procedures import Procedure, ProcedureVersion, Step
from portal.foundation.audit.guarded import GuardedModel


class StepMappingQuerySet(models.QuerySet["StepMapping"]):
    def visible_to(self, user: Any) -> StepMappingQuerySet:
        return self.filter(from_step__version__procedure__in=Procedure.objects.visible_to(user))

    def active(self) -> StepMappingQuerySet:
        return self.filter(undone_at__isnull=True)


class StepMapping(GuardedModel):
    """An entry of the ledger: a step of an earlier version is this step of that version, or none any more.

    What is pinned keeps its own step; reads follow the ledger. An entry is never changed: it is undone,
    with the person and the reason, and another one is made.
    """

    from_step = models.ForeignKey(Step, models.PROTECT, related_name="mappings")
    to_version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="mappings")
    to_step = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="mapped_from")
    reason = models.TextField(_("reason"), blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.TextField(_("why it was undone"), blank=True)

    objects = StepMappingQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["from_step", "to_version"],
                condition=models.Q(undone_at__isnull=True),
                name="one_active_mapping_per_step",
            ),
            models.CheckConstraint(
                condition=models.Q(to_step__isnull=False) | ~models.Q(reason=""),
                name="no_longer_applies_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by__isnull=True, undo_reason="")
                | (models.Q(undone_at__isnull=False, undone_by__isnull=False) & ~models.Q(undo_reason="")),
                name="undone_mapping_has_person_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_step_id} → {self.to_step_id}"
