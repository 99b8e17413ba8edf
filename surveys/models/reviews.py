"""The quarter's causes, looked at with the team, and what was agreed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.foundation.territories.models import Territory
from surveys.enums import RootCause


class QuarterlyReviewQuerySet(models.QuerySet["QuarterlyReview"]):
    def visible_to(self, user: Any) -> QuarterlyReviewQuerySet:
        return self.filter(user.scope.territories("territory_id", "territory__path"))


class QuarterlyReview(models.Model):
    """One meeting about one quarter of one municipality."""

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="complaint_reviews")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    held_on = models.DateField(_("held on"))
    participants = models.TextField(_("who took part"))
    notes = models.TextField(_("what was talked about"), blank=True)
    revision = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = QuarterlyReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(fields=["territory", "year", "quarter"], name="one_review_per_quarter"),
            models.CheckConstraint(condition=models.Q(quarter__gte=1, quarter__lte=4), name="a_year_has_four_quarters"),
        ]

    def __str__(self) -> str:
        return f"{self.territory} {self.year}/{self.quarter}"

    def get_absolute_url(self) -> str:
        return reverse("surveys:review", args=[self.territory.slug, self.year, self.quarter])


class ReviewAgreement(models.Model):
    """What will be done about a cause, by whom and by when."""

    review = models.ForeignKey(QuarterlyReview, models.PROTECT, related_name="agreements")
    cause = models.CharField(_("root cause"), max_length=11, choices=RootCause.choices, blank=True)
    text = models.CharField(_("agreement"), max_length=500)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(_("by"), null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
