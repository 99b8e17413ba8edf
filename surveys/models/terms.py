"""What each municipality sets: its terms, dated, and its templates of answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.foundation.territories.models import Territory
from surveys.enums import ComplaintKind

# Ley 18.695, art. 98: the municipality's ordinance sets the term, in no case above thirty days.
LEGAL_LIMIT_DAYS = 30
SUGGESTED_TARGET_DAYS = 10
ACKNOWLEDGE_DAYS = 1
REOPENING_DAYS = 10


class ComplaintTermsQuerySet(models.QuerySet["ComplaintTerms"]):
    def in_force(self, territory: Any, on: date) -> ComplaintTerms:
        """The terms of ``territory`` on that day: its own, else those of the country, else the law's limit."""
        country = territory.path.split("/")[0]
        found = self.filter(Q(territory=territory) | Q(territory__path=country), starts_on__lte=on)
        own_first = found.order_by(models.functions.Length("territory__path").desc(), "-starts_on")
        return own_first.select_related("territory").first() or ComplaintTerms(territory=territory, starts_on=on)

    def visible_to(self, user: Any) -> ComplaintTermsQuerySet:
        return self.filter(user.scope.territories("territory_id", "territory__path"))


class ComplaintTerms(models.Model):
    """Terms in working days from one day on; those received before keep the terms of their own day.

    ``legal_limit`` is the most that the law allowed on the day it was set.
    """

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="complaint_terms")
    starts_on = models.DateField(_("applies from"))
    answer_days = models.PositiveSmallIntegerField(_("term to answer"), default=LEGAL_LIMIT_DAYS)
    internal_days = models.PositiveSmallIntegerField(_("internal target"), default=SUGGESTED_TARGET_DAYS)
    acknowledge_days = models.PositiveSmallIntegerField(_("term to acknowledge"), default=ACKNOWLEDGE_DAYS)
    legal_limit = models.PositiveSmallIntegerField(default=LEGAL_LIMIT_DAYS)
    ordinance = models.CharField(_("ordinance"), max_length=200, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    objects = ComplaintTermsQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "starts_on"],
                name="one_set_of_terms_per_day",
                violation_error_message=_("Other terms begin on that day already."),
            ),
            models.CheckConstraint(
                condition=Q(answer_days__gte=1) & Q(answer_days__lte=F("legal_limit")),
                name="term_within_the_law",
                violation_error_message=_("The law allows 30 working days at most."),
            ),
            models.CheckConstraint(
                condition=Q(internal_days__gte=1) & Q(internal_days__lte=F("answer_days")),
                name="target_within_the_term",
                violation_error_message=_("The internal target cannot be longer than the term."),
            ),
            models.CheckConstraint(
                condition=Q(acknowledge_days__gte=1) & Q(acknowledge_days__lte=F("answer_days")),
                name="acknowledgement_within_the_term",
                violation_error_message=_("The acknowledgement cannot take longer than the answer."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.territory} {self.starts_on}: {self.answer_days}"


class AnswerTemplateQuerySet(models.QuerySet["AnswerTemplate"]):
    def usable_at(self, territory: Any) -> AnswerTemplateQuerySet:
        """The municipality's own templates in use, and those of the whole country."""
        return self.filter(Q(territory=territory) | Q(territory__isnull=True), is_active=True)

    def visible_to(self, user: Any) -> AnswerTemplateQuerySet:
        return self.filter(user.scope.territories("territory_id", "territory__path") | Q(territory__isnull=True))


class AnswerTemplate(models.Model):
    """A beginning for an answer; ``territory`` None is for the whole country."""

    territory = models.ForeignKey(Territory, models.PROTECT, null=True, related_name="answer_templates")
    title = models.CharField(_("title"), max_length=100)
    kind = models.CharField(_("for"), max_length=12, choices=ComplaintKind.choices, blank=True)
    found = models.TextField(_("what we found"), blank=True)
    action = models.TextField(_("what we do"), blank=True)
    next_step = models.TextField(_("next step for the person"), blank=True)
    is_active = models.BooleanField(default=True)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField()

    objects = AnswerTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "title"],
                condition=Q(is_active=True),
                name="one_template_per_title",
                violation_error_message=_("Another template has this title."),
            )
        ]

    def __str__(self) -> str:
        return self.title
