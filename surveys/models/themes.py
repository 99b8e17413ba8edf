"""A search for themes in what people wrote: the run, its masked texts, and the themes that a person named."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits_core.models import Step
from portal.foundation.audit.frozen import FrozenModel, FrozenQuerySet
from portal.foundation.audit.guarded import GuardedModel
from portal.foundation.indicators.registry import Period
from portal.foundation.territories.models import Territory
from quality.models import Standard
from surveys.enums import ENDED_RUNS, LIVE_THEMES, RunState, TextDecision, ThemeState
from surveys.topics import Outcome

OUTCOMES = [
    (Outcome.GROUPED.value, _("Groups were found")),
    (Outcome.TOO_FEW.value, _("There are too few texts")),
    (Outcome.NO_CLEAR_GROUPS.value, _("There are no clear groups")),
]


class ThemeRunQuerySet(FrozenQuerySet):
    def visible_to(self, user: Any) -> ThemeRunQuerySet:
        return self.filter(user.scope.territories("municipality_id", "municipality__path"))

    def open(self) -> ThemeRunQuerySet:
        return self.exclude(state__in=ENDED_RUNS)

    def closed(self) -> ThemeRunQuerySet:
        return self.filter(state=RunState.CLOSED)


class ThemeRun(GuardedModel, FrozenModel):
    """One search: which texts of a municipality, of which days, with which settings, and what came of it.

    ``sources`` are keys of text sources; ``parameters``, ``versions`` and ``trials`` say how the groups were
    made, so that they can be made again. ``summary`` is what was counted when it was closed: it never
    changes afterwards, and it holds no text. ``failed_work`` is the job that gave up (collect or group).
    """

    frozen_fields = frozenset(
        {"municipality_id", "starts_on", "ends_on", "sources", "parameters", "versions", "outcome", "summary"}
    )

    municipality = models.ForeignKey(Territory, models.PROTECT, related_name="theme_runs")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    sources = models.JSONField(default=list)
    parameters = models.JSONField(default=dict)
    versions = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.COLLECTING)
    job_id = models.UUIDField(null=True)
    works = models.PositiveSmallIntegerField(default=0)
    failed_work = models.CharField(max_length=10, blank=True)
    outcome = models.CharField(max_length=16, choices=OUTCOMES, blank=True)
    trials = models.JSONField(default=dict)
    summary = models.JSONField(null=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="following")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    collected_at = models.DateTimeField(null=True)
    grouped_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    discarded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    discarded_at = models.DateTimeField(null=True)
    discard_reason = models.TextField(blank=True)

    objects = ThemeRunQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"],
                condition=~Q(state__in=("closed", "discarded")),
                name="one_open_theme_run",
                violation_error_message=_("A search for themes is open already. Close or discard it first."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="theme_run_ends_after_it_starts",
                violation_error_message=_("The last day comes before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(closed_by__isnull=False, closed_at__isnull=False, summary__isnull=False),
                name="closed_theme_run_has_its_summary",
            ),
            models.CheckConstraint(
                condition=~Q(state="discarded")
                | (Q(discarded_by__isnull=False, discarded_at__isnull=False) & ~Q(discard_reason="")),
                name="discarded_theme_run_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state", "-ends_on"], name="theme_run_latest")]

    def __str__(self) -> str:
        return f"{self.municipality} {self.starts_on}/{self.ends_on}"

    @classmethod
    def frozen_condition(cls) -> Q:
        return Q(state=RunState.CLOSED)

    def get_absolute_url(self) -> str:
        return reverse("surveys:theme_run", args=[self.pk])

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)

    @property
    def is_working(self) -> bool:
        """Does a job work on it now?"""
        return self.state in (RunState.COLLECTING, RunState.GROUPING)

    @property
    def is_over(self) -> bool:
        return self.state in ENDED_RUNS


class ThemeQuerySet(models.QuerySet["Theme"]):
    def visible_to(self, user: Any) -> ThemeQuerySet:
        return self.filter(run__in=ThemeRun.objects.visible_to(user))

    def live(self) -> ThemeQuerySet:
        """Proposed or named: not merged, split or rejected."""
        return self.filter(state__in=LIVE_THEMES)

    def accepted(self) -> ThemeQuerySet:
        return self.filter(state=ThemeState.ACCEPTED)


class Theme(GuardedModel):
    """A group of texts. The machine proposes its ``words``; a person gives its name and its standards.

    ``stability`` says how well the group held (0-1), None where a person made it. ``continues`` is the
    theme of an earlier run that this one goes on with, so that both can be compared.
    """

    run = models.ForeignKey(ThemeRun, models.CASCADE, related_name="themes")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=ThemeState.choices, default=ThemeState.PROPOSED)
    words = models.JSONField(default=list)
    typical = models.JSONField(default=list)
    stability = models.FloatField(null=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    standards = models.ManyToManyField(Standard, related_name="themes")
    continues = models.ForeignKey("self", models.SET_NULL, null=True, related_name="continued_by")
    merged_into = models.ForeignKey("self", models.CASCADE, null=True, related_name="merged")
    split_from = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="one_theme_per_number"),
            models.UniqueConstraint(
                fields=["run", "name"],
                condition=Q(state="accepted"),
                name="one_theme_per_name",
                violation_error_message=_("Another theme has this name."),
            ),
            models.CheckConstraint(condition=~Q(state="accepted") | ~Q(name=""), name="accepted_theme_has_a_name"),
            models.CheckConstraint(condition=~Q(state="rejected") | ~Q(reason=""), name="rejected_theme_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="merged_theme_says_into_which",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="theme_decided_at_with_by",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Group %(number)s") % {"number": self.number})

    def get_absolute_url(self) -> str:
        return reverse("surveys:theme", args=[self.pk])

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_THEMES


class ThemeTextQuerySet(models.QuerySet["ThemeText"]):
    def readable_by(self, user: Any) -> ThemeTextQuerySet:
        """What ``user`` may read of a run that he or she reads: nothing that is about that very person."""
        return self.exclude(withheld_from=user.pk)


class ThemeText(GuardedModel):
    """One masked text of a run. The original stays where it came from: ``source`` and ``reference`` name it.

    ``found`` counts what was masked, by kind. ``weight`` is the share of the text that lies in its group
    (0-1), None where a person put it there.
    """

    run = models.ForeignKey(ThemeRun, models.CASCADE, related_name="texts")
    source = models.CharField(max_length=60)
    reference = models.CharField(max_length=64)
    said_on = models.DateField()
    text = models.TextField()
    found = models.JSONField(default=dict)
    standard_codes = models.JSONField(default=list)
    step = models.ForeignKey(Step, models.PROTECT, null=True, related_name="+")
    withheld_from = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=8, choices=TextDecision.choices, default=TextDecision.PENDING)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, related_name="texts")
    weight = models.FloatField(null=True)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    moved_at = models.DateTimeField(null=True)

    objects = ThemeTextQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "source", "reference"], name="one_text_per_reference"),
            models.CheckConstraint(
                condition=Q(decision="pending", read_by__isnull=True, read_at__isnull=True)
                | (~Q(decision="pending") & Q(read_by__isnull=False, read_at__isnull=False)),
                name="theme_text_read_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(theme__isnull=True) | Q(decision="read"), name="only_read_texts_have_a_theme"
            ),
        ]
        indexes = [
            models.Index(fields=["run", "decision", "id"], name="theme_text_to_read"),
            models.Index(fields=["theme", "-weight", "id"], name="theme_text_of_theme"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
