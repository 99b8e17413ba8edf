"""A line of the plan: what will be improved, why, by whom, until when, measured how."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plans.enums import ActionKind, ActionState, EvidenceMoment, Judgement
from plans.models.plans import ImprovementPlan
from portal.foundation.audit.frozen import FrozenModel, FrozenQuerySet
from portal.foundation.files.models import StoredFile
from quality.enums import Series
from quality.models import Standard


class ActionQuerySet(FrozenQuerySet):
    def visible_to(self, user: Any) -> ActionQuerySet:
        return self.filter(user.scope.territories("plan__municipality_id", "plan__municipality__path"))

    def open(self) -> ActionQuerySet:
        """Lines that still ask for work."""
        return self.filter(
            state__in=(ActionState.VALIDATED, ActionState.IN_PROGRESS, ActionState.DONE, ActionState.REJECTED)
        )

    def by_priority(self) -> ActionQuerySet:
        """Highest priority first; of two equal ones, the line that improves a critical standard."""
        critical = ActionStandard.objects.filter(action=models.OuterRef("pk"), standard__critical=True)
        return self.annotate(is_critical=models.Exists(critical)).order_by("-priority", "-is_critical", "number")


PLANNED_FIELDS = (
    "number",
    "kind",
    "title",
    "problem",
    "whys",
    "root_cause",
    "improvement",
    "public_summary",
    "pertinence",
    "pertinence_reason",
    "incidence",
    "incidence_reason",
    "feasibility",
    "feasibility_reason",
    "priority",
    "owner_id",
    "stand_in_id",
    "starts_on",
    "ends_on",
    "resources",
    "amount",
    "currency",
    "funding_source",
    "indicator_key",
    "indicator",
    "baseline",
    "baseline_measurement",
    "goal",
    "data_source",
    "risk",
    "depends_on_national",
    "dependency",
    "effect_check_on",
)


class Action(FrozenModel):
    """One improvement (programme.md, "Fields of a PLM line").

    ``priority`` = pertinence × incidence × feasibility (1-27), computed by the verb. ``whys`` are the
    answers to the five whys, at most five, which lead to ``root_cause``. ``depends_on_national`` marks
    a cause that the municipality cannot mend: it is escalated. Amounts are in ``currency`` (ISO 4217),
    with that currency's decimals. Where ``indicator_key`` names a registered indicator,
    ``baseline_measurement`` keeps the whole measurement frozen when the indicator was chosen.
    ``revision`` grows with each edit, so that two members who edit at once do not lose each other's work.
    ``form_token`` names the page that the line was written on: sent again, it gives the same line.
    """

    frozen_fields = frozenset(PLANNED_FIELDS)

    plan = models.ForeignKey(ImprovementPlan, models.CASCADE, related_name="actions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("type"), max_length=16, choices=ActionKind.choices, default=ActionKind.PRIORITIZED)
    title = models.CharField(_("improvement in a few words"), max_length=150)
    problem = models.TextField(_("problem in one sentence"))
    whys = models.JSONField(default=list, blank=True)
    root_cause = models.TextField(_("root cause"))
    improvement = models.TextField(_("what will be done"))
    public_summary = models.TextField(_("summary for citizens"))
    pertinence = models.PositiveSmallIntegerField(_("pertinence"), choices=Judgement.choices)
    pertinence_reason = models.TextField(_("why"))
    incidence = models.PositiveSmallIntegerField(_("incidence"), choices=Judgement.choices)
    incidence_reason = models.TextField(_("why"))
    feasibility = models.PositiveSmallIntegerField(_("feasibility"), choices=Judgement.choices)
    feasibility_reason = models.TextField(_("why"))
    priority = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="owned_actions")
    stand_in = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    resources = models.TextField(_("resources"), blank=True)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, default="CLP")
    funding_source = models.CharField(_("funding source"), max_length=150, blank=True)
    indicator_key = models.CharField(max_length=80, blank=True)
    indicator = models.CharField(_("indicator"), max_length=200)
    baseline = models.CharField(_("baseline"), max_length=100)
    baseline_measurement = models.JSONField(null=True)
    goal = models.CharField(_("goal"), max_length=100)
    data_source = models.CharField(_("data source"), max_length=150)
    risk = models.TextField(_("risk"), blank=True)
    depends_on_national = models.BooleanField(default=False)
    dependency = models.TextField(_("depends on others"), blank=True)
    state = models.CharField(max_length=14, choices=ActionState.choices, default=ActionState.DRAFT)
    progress = models.PositiveSmallIntegerField(default=0)
    lesson = models.TextField(_("lesson"), blank=True)
    missed_reason = models.TextField(_("why milestones were not reached"), blank=True)
    spent = models.DecimalField(_("amount spent"), max_digits=16, decimal_places=4, null=True, blank=True)
    effect_check_on = models.DateField(_("check the effect on"), null=True, blank=True)
    effect = models.TextField(_("effect seen"), blank=True)
    effect_checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    effect_checked_at = models.DateTimeField(null=True)
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="carried_to")
    deferral_reason = models.TextField(_("why it is carried over"), blank=True)
    revision = models.PositiveIntegerField(default=1)
    form_token = models.CharField(max_length=32, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_action_per_number"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="action_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(pertinence__range=(1, 3), incidence__range=(1, 3), feasibility__range=(1, 3)),
                name="judgements_from_one_to_three",
            ),
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="progress_is_a_percentage"),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0), name="amount_is_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(spent__isnull=True) | models.Q(spent__gte=0), name="spent_is_not_negative"
            ),
            models.UniqueConstraint(fields=["plan", "carried_from"], name="one_successor_per_plan"),
            models.UniqueConstraint(
                fields=["plan", "form_token"], condition=~models.Q(form_token=""), name="one_line_per_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @classmethod
    def frozen_condition(cls) -> models.Q:
        return ~models.Q(state=ActionState.DRAFT)

    def get_absolute_url(self) -> str:
        return reverse("plans:action", args=[self.pk])

    def is_late(self, today: date) -> bool:
        """Past its end and not finished by the team."""
        return self.ends_on < today and self.state in (
            ActionState.VALIDATED,
            ActionState.IN_PROGRESS,
            ActionState.REJECTED,
        )


class PlannedPart(FrozenModel):
    """A row that belongs to an action and is signed with it."""

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def frozen_condition(cls) -> models.Q:
        return ~models.Q(action__state=ActionState.DRAFT)


class ActionStandard(PlannedPart):
    """A standard that the action improves: level when planned, target, and level once verified.

    ``before_series`` says whether ``level_before`` was the team's own level or one the region verified.
    """

    frozen_fields = frozenset({"standard_id", "level_before", "before_series", "target"})

    action = models.ForeignKey(Action, models.CASCADE, related_name="standards")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="+")
    level_before = models.PositiveSmallIntegerField(null=True)
    before_series = models.CharField(max_length=10, choices=Series.choices, blank=True)
    target = models.PositiveSmallIntegerField()
    claimed_level = models.PositiveSmallIntegerField(null=True)
    level_after = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["standard__number"]
        constraints = [
            models.UniqueConstraint(fields=["action", "standard"], name="one_row_per_action_standard"),
            models.CheckConstraint(condition=models.Q(target__range=(1, 3)), name="target_within_scale"),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} → {self.standard_id}"


class ActionSource(PlannedPart):
    """What the action answers: a gap, a need, a complaint, a proposal. The kind is open.

    ``kind`` names a source registered in ``plans.sources``; ``reference`` is that source's own key,
    and ``label`` its words on the day it was drawn.
    """

    frozen_fields = frozenset({"kind", "reference", "label"})

    action = models.ForeignKey(Action, models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=80)
    reference = models.CharField(max_length=120)
    label = models.CharField(max_length=300)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["action", "kind", "reference"], name="one_row_per_source")]

    def __str__(self) -> str:
        return self.label


class Milestone(PlannedPart):
    """A dated step of an action."""

    frozen_fields = frozenset({"name", "due_on"})

    action = models.ForeignKey(Action, models.CASCADE, related_name="milestones")
    name = models.CharField(_("milestone"), max_length=150)
    due_on = models.DateField(_("due on"))
    reached_on = models.DateField(null=True)
    reached_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.name


class ActionEvidence(models.Model):
    """A file that shows the state before, during or after."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    moment = models.CharField(_("shows"), max_length=8, choices=EvidenceMoment.choices)
    dated_on = models.DateField(_("date"))
    description = models.CharField(_("description"), max_length=200)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["dated_on", "id"]

    def __str__(self) -> str:
        return self.description


class ActionProgress(models.Model):
    """What the team told of the work on one day: how far it is, and in its own words. Append-only."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="reports")
    progress = models.PositiveSmallIntegerField(_("progress"))
    note = models.TextField(_("what was done"))
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()

    class Meta:
        ordering = ["-reported_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="reported_progress_is_a_percentage")
        ]

    def __str__(self) -> str:
        return f"{self.action_id}: {self.progress} %"


class ActionVerification(models.Model):
    """The regional team's verdict on a finished action; one row per review."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="verifications")
    accepted = models.BooleanField()
    remarks = models.TextField(_("remarks"), blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verified_at = models.DateTimeField()

    class Meta:
        ordering = ["-verified_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted=True) | ~models.Q(remarks=""), name="rejection_has_remarks"
            )
        ]

    def __str__(self) -> str:
        return f"{self.action_id}: {self.accepted}"
