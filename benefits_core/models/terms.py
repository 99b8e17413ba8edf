"""What a municipality promises in a national procedure: its own terms and places, the rest inherited."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits_core.enums import TermsState, TermUnit
from benefits_core.models.procedures import Procedure
from portal.foundation.audit.frozen import FrozenModel, FrozenQuerySet
from portal.foundation.audit.guarded import GuardedModel
from portal.foundation.territories.models import ServicePoint, Territory


class MunicipalTermsQuerySet(FrozenQuerySet):
    def visible_to(self, user: Any) -> MunicipalTermsQuerySet:
        return self.filter(user.scope.territories("territory_id", "territory__path"))

    def current(self, at_day: date) -> MunicipalTermsQuerySet:
        """In force on that day."""
        return self.filter(state__in=(TermsState.PUBLISHED, TermsState.RETIRED), starts_on__lte=at_day).filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=at_day)
        )

    def in_preparation(self) -> MunicipalTermsQuerySet:
        return self.filter(state__in=(TermsState.DRAFT, TermsState.PROPOSED))


class MunicipalTerms(GuardedModel, FrozenModel):
    """One dated edition of a municipality's own terms and service points for a national procedure.

    Terms are kept by step key, so they outlive a new version of the procedure. The communal team
    writes, the coordinator proposes, DIDECO or the regional team publishes.
    """

    frozen_fields = frozenset({"procedure_id", "territory_id", "number", "note"})

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="municipal_terms")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="municipal_terms")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=TermsState.choices, default=TermsState.DRAFT)
    service_points = models.ManyToManyField(ServicePoint, blank=True, related_name="+")
    note = models.JSONField(_("note for citizens"), default=dict)
    remarks = models.TextField(_("remarks"), blank=True)
    starts_on = models.DateField(_("starts on"), null=True)
    ends_on = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    objects = MunicipalTermsQuerySet.as_manager()

    class Meta:
        ordering = ["territory", "procedure", "-number"]
        verbose_name_plural = "municipal terms"
        constraints = [
            models.UniqueConstraint(fields=["procedure", "territory", "number"], name="one_terms_per_number"),
            models.UniqueConstraint(
                fields=["procedure", "territory"],
                condition=models.Q(state__in=("draft", "proposed")),
                name="one_terms_in_preparation",
            ),
            models.UniqueConstraint(
                fields=["procedure", "territory"],
                condition=models.Q(state="published", ends_on__isnull=True),
                name="one_open_terms_per_municipality",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("draft", "proposed"), published_at__isnull=True)
                | models.Q(
                    state__in=("published", "retired"),
                    starts_on__isnull=False,
                    published_by__isnull=False,
                    published_at__isnull=False,
                ),
                name="published_terms_have_date_and_person",
            ),
            models.CheckConstraint(
                condition=models.Q(published_by__isnull=True)
                | (~models.Q(published_by=models.F("edited_by")) & ~models.Q(published_by=models.F("proposed_by"))),
                name="terms_published_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="terms_end_after_they_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} · {self.territory} {self.number}"

    @classmethod
    def frozen_condition(cls) -> models.Q:
        return models.Q(state__in=(TermsState.PUBLISHED, TermsState.RETIRED))

    def get_absolute_url(self) -> str:
        return reverse("benefits_core:terms", args=[self.pk])


class StepTerm(GuardedModel, FrozenModel):
    """The municipality's own promise for one step of the procedure."""

    frozen_fields = frozenset({"terms_id", "step_key", "amount", "unit"})

    terms = models.ForeignKey(MunicipalTerms, models.CASCADE, related_name="step_terms")
    step_key = models.SlugField(max_length=60)
    amount = models.PositiveSmallIntegerField(_("promised term"))
    unit = models.CharField(_("unit"), max_length=14, choices=TermUnit.choices)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["terms", "step_key"], name="one_municipal_term_per_step"),
            models.CheckConstraint(condition=models.Q(amount__gte=1), name="municipal_term_is_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.step_key}: {self.amount} {self.unit}"

    @classmethod
    def frozen_condition(cls) -> models.Q:
        return models.Q(terms__state__in=(TermsState.PUBLISHED, TermsState.RETIRED))
