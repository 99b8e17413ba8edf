"""The programme's year, and each municipality's place in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.foundation.territories.models import Territory


class CycleState(models.TextChoices):
    DRAFT = "draft", _("In preparation")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


# By verb, since «open» follows both from preparing a year and from taking its closing back.
TRANSITIONS = {
    "cycles.open": (CycleState.DRAFT, CycleState.OPEN),
    "cycles.close": (CycleState.OPEN, CycleState.CLOSED),
    "cycles.reopen": (CycleState.CLOSED, CycleState.OPEN),
}
# For so long a closing can be taken back; afterwards it stands for good.
REOPENED_WITHIN = timedelta(days=30)


class Stage(models.TextChoices):
    NEW = "1", _("Stage 1: new")
    CONTINUITY = "2", _("Stage 2: continuity")
    CONSOLIDATION = "3", _("Stage 3: consolidation and sustainability")
    GRADUATED = "graduated", _("Graduated")


class ParticipationStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


ALLOWED_STATUSES = {
    ParticipationStatus.ACTIVE: {ParticipationStatus.PAUSED, ParticipationStatus.WITHDRAWN},
    ParticipationStatus.PAUSED: {ParticipationStatus.ACTIVE, ParticipationStatus.WITHDRAWN},
    ParticipationStatus.WITHDRAWN: {ParticipationStatus.ACTIVE},
}

NEXT_STAGE = {
    Stage.NEW: Stage.CONTINUITY,
    Stage.CONTINUITY: Stage.CONSOLIDATION,
    Stage.CONSOLIDATION: Stage.CONSOLIDATION,
}


class Milestone(models.TextChoices):
    """The keys of ``Cycle.windows`` that the modules ask for."""

    SELF_DIAGNOSIS = "self_diagnosis", _("Self-diagnosis")
    IMPROVEMENT_PLAN = "improvement_plan", _("Improvement plan")
    ACCOUNTABILITY = "accountability", _("Giving accounts")


class Cycle(models.Model):
    """One year of the programme. Everything that another country would set otherwise is data here.

    ``windows`` maps a milestone key to ``{"opens": "MM-DD", "closes": "MM-DD"}``;
    ``weights`` maps standard codes to a number, empty meaning one each, and is named and dated by
    ``weights_name``; ``reference_mix`` is the national mix that survey scores are standardised to.
    ``closed_at`` and ``closing_reason`` are those of the last closing, and stay when it is taken back.
    """

    year = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=CycleState.choices, default=CycleState.DRAFT)
    starts_on = models.DateField()
    ends_on = models.DateField()
    catalogue_version = models.CharField(max_length=20)
    met_at = models.PositiveSmallIntegerField(default=2)
    consolidated_at = models.PositiveSmallIntegerField(default=3)
    evidence_freshness_months = models.PositiveSmallIntegerField(default=12)
    windows = models.JSONField(default=dict)
    weights = models.JSONField(default=dict, blank=True)
    weights_name = models.CharField(max_length=120, blank=True)
    reference_mix = models.JSONField(default=dict, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)
    closing_reason = models.TextField(blank=True)
    reopened_at = models.DateTimeField(null=True)
    reopened_by_id = models.BigIntegerField(null=True)
    reopening_reason = models.TextField(blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="cycle_ends_after_start")
        ]

    def __str__(self) -> str:
        """Its name; where that is no more than «Cycle 2026», in the language of whoever reads."""
        is_plain = self.name in _plain_names(self.year)
        return str(_("Cycle %(year)s") % {"year": self.year}) if is_plain else self.name

    def has_begun(self, on: date) -> bool:
        return self.starts_on <= on

    def window(self, key: str) -> tuple[date, date] | None:
        """First and last day of a milestone's window in this cycle's year, or None where not set."""
        window = self.windows.get(key)
        if not window:
            return None
        opens, closes = (
            date(self.year, *(int(part) for part in window[end].split("-"))) for end in ("opens", "closes")
        )
        return opens, closes

    def windows_after(self, on: date) -> dict[Milestone, tuple[date, date]]:
        """The windows that run on the day ``on`` or are still to come."""
        windows = {milestone: self.window(milestone) for milestone in Milestone}
        return {milestone: window for milestone, window in windows.items() if window and window[1] >= on}

    def reopens_until(self) -> datetime | None:
        """Until when its closing can be taken back; None where it is not closed, or its day is not known."""
        if self.state != CycleState.CLOSED or self.closed_at is None:
            return None
        return self.closed_at + REOPENED_WITHIN


@lru_cache
def _plain_names(year: int) -> frozenset[str]:
    """What a cycle of that year is called in each language unless it is given a name of its own."""
    names = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names.add(str(_("Cycle %(year)s") % {"year": year}))
    return frozenset(names)


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def active(self) -> ParticipationQuerySet:
        return self.filter(status=ParticipationStatus.ACTIVE)

    def visible_to(self, user: Any) -> ParticipationQuerySet:
        return self.filter(user.scope.territories("municipality_id", "municipality__path"))


class Participation(models.Model):
    """A municipality's year in the programme: its stage, and whether its year is closed."""

    municipality = models.ForeignKey(Territory, models.PROTECT, related_name="participations")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="participations")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    status = models.CharField(max_length=10, choices=ParticipationStatus.choices, default=ParticipationStatus.ACTIVE)
    status_reason = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["cycle", "municipality"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "cycle"], name="one_participation_per_year"),
            models.CheckConstraint(
                condition=models.Q(status="active") | ~models.Q(status_reason=""),
                name="pause_or_withdrawal_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.cycle}"
