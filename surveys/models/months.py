"""What the complaints of a municipality and a month come to, kept so that figures cost the same whatever there is."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, models, transaction
from django.db.models import F

from portal.foundation.territories.models import Territory


class ComplaintMonthQuerySet(models.QuerySet["ComplaintMonth"]):
    def touch(self, territory_id: int, day: date) -> None:
        """A complaint received on ``day`` was written: its month is counted anew when somebody asks next."""
        month = day.replace(day=1)
        known = self.filter(territory_id=territory_id, month=month)
        if known.update(changes=F("changes") + 1):
            return
        try:
            with transaction.atomic():
                self.create(territory_id=territory_id, month=month)
        except IntegrityError:
            # The month's first complaints may come at once: whoever is second finds the row.
            known.update(changes=F("changes") + 1)

    def stale(self) -> ComplaintMonthQuerySet:
        return self.exclude(counted=F("changes"))


class ComplaintMonth(models.Model):
    """The sums of a month, by name (``surveys.queries.months``), as they were at change number ``counted``."""

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+")
    month = models.DateField()
    changes = models.PositiveIntegerField(default=1)
    counted = models.PositiveIntegerField(default=0)
    sums = models.JSONField(default=dict)

    objects = ComplaintMonthQuerySet.as_manager()

    class Meta:
        ordering = ["month", "territory"]
        constraints = [models.UniqueConstraint(fields=["territory", "month"], name="one_sum_of_complaints_a_month")]

    def __str__(self) -> str:
        return f"{self.territory_id} {self.month:%Y-%m}"
