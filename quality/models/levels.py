"""The two dated series of levels: what the team says of itself, and what the region verified."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models

from portal.foundation.audit.guarded import GuardedModel
from portal.foundation.cycles.models import Cycle
from portal.foundation.territories.models import Territory
from quality.enums import Series
from quality.models.catalogue import Standard


class LevelRecordQuerySet(models.QuerySet["LevelRecord"]):
    def visible_to(self, user: Any) -> LevelRecordQuerySet:
        return self.filter(user.scope.territories("municipality_id", "municipality__path"))

    def in_force(self) -> LevelRecordQuerySet:
        """The last record of each municipality, cycle, standard and series."""
        return self.filter(superseded_at__isnull=True)


class LevelRecord(GuardedModel):
    """One level of one standard from one day on. Append-only: a later record supersedes it.

    ``gap_to_met`` and ``gap_to_consolidated`` are computed by ``quality.scoring`` when the record
    is written (never typed), against the cycle's targets and the standard's catalogue version;
    None where the standard does not apply. ``source_type``/``source_id`` name what it came from
    (an assessment below, a plan's action above) without a key upward. ``is_baseline`` marks the
    municipality's first self-assessed level of a standard; where the assessment that gave it is
    corrected, the record that supersedes it is the baseline. ``remarks`` is the region's reason for a
    verified level that differs from the self-assessed one.
    """

    municipality = models.ForeignKey(Territory, models.PROTECT, related_name="level_records")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="+")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="level_records")
    series = models.CharField(max_length=10, choices=Series.choices)
    level = models.PositiveSmallIntegerField(null=True)
    gap_to_met = models.PositiveSmallIntegerField(null=True)
    gap_to_consolidated = models.PositiveSmallIntegerField(null=True)
    is_baseline = models.BooleanField(default=False)
    dated_on = models.DateField()
    source_type = models.CharField(max_length=80)
    source_id = models.CharField(max_length=64)
    remarks = models.TextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = LevelRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "cycle", "standard", "series"],
                condition=models.Q(superseded_at__isnull=True),
                name="one_level_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(level__isnull=True) | models.Q(level__lte=3), name="level_within_scale"
            ),
        ]
        indexes = [
            models.Index(fields=["cycle", "series", "superseded_at", "municipality"], name="level_heatmap"),
            models.Index(fields=["municipality", "is_baseline"], name="level_baseline"),
        ]

    @property
    def provenance(self) -> tuple[str, str, date]:
        """From what it comes, and since when."""
        return self.source_type, self.source_id, self.dated_on

    def __str__(self) -> str:
        return f"{self.municipality} {self.cycle.year} · {self.standard.code} · {self.get_series_display()}"
