"""A term that runs over a subject of any module: paused, resumed, stopped, escalated."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from portal.foundation.territories.models import Territory


class ClockQuerySet(models.QuerySet["Clock"]):
    def running(self) -> ClockQuerySet:
        return self.filter(stopped_on__isnull=True, paused_on__isnull=True)

    def overdue(self, today: date) -> ClockQuerySet:
        return self.running().filter(due_on__lt=today)

    def to_escalate(self, today: date) -> ClockQuerySet:
        """Running clocks whose next step has come."""
        return self.running().filter(next_step_on__lte=today)

    def of(self, subject: models.Model) -> ClockQuerySet:
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))

    def visible_to(self, user: Any) -> ClockQuerySet:
        return self.filter(user.scope.territories("territory_id", "territory__path"))


class Clock(models.Model):
    """``term_days`` working days from ``started_on``; days in pauses do not count.

    ``steps`` are the working days before (negative) or after the due day on which somebody is told;
    ``step`` says how many have passed, ``next_step_on`` when the next one comes. All days are those
    of the territory's own zone. The subject is named by type and id, because modules above have it.
    """

    kind = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+")
    term_days = models.PositiveSmallIntegerField()
    started_on = models.DateField()
    due_on = models.DateField()
    paused_on = models.DateField(null=True)
    stopped_on = models.DateField(null=True)
    steps = models.JSONField(default=list)
    step = models.PositiveSmallIntegerField(default=0)
    next_step_on = models.DateField(null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"],
                condition=models.Q(stopped_on__isnull=True),
                name="one_clock_of_a_kind_runs",
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("started_on")), name="clock_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(stopped_on__isnull=True) | models.Q(paused_on__isnull=True),
                name="stopped_clock_is_not_paused",
            ),
        ]
        indexes = [models.Index(fields=["next_step_on"], name="clock_next_step")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}:{self.subject_id}"


class Pause(models.Model):
    """Days in which a clock stood still, and why."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="pauses")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=models.Q(ends_on__isnull=True), name="one_open_pause_per_clock"
            )
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.starts_on}"
