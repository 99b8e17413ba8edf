"""The local improvement plan (PLM) of one municipality and year, its signatures and its comments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plans.enums import CommentState, PlanState, SignatureRole, Standing
from portal.foundation.audit.frozen import FrozenModel, FrozenQuerySet
from portal.foundation.cycles.models import Cycle, CycleState
from portal.foundation.territories.models import Territory

SHORTEST_COMMENT_TERM = timedelta(days=1)


class ImprovementPlanQuerySet(FrozenQuerySet):
    def visible_to(self, user: Any) -> ImprovementPlanQuerySet:
        return self.filter(user.scope.territories("municipality_id", "municipality__path"))

    def in_force(self) -> ImprovementPlanQuerySet:
        return self.filter(state__in=(PlanState.IN_FORCE, PlanState.CLOSED))

    def in_preparation(self) -> ImprovementPlanQuerySet:
        return self.filter(state__in=(PlanState.DRAFT, PlanState.PROPOSED))

    def public(self) -> ImprovementPlanQuerySet:
        """What citizens may read: the plan in force, and the one in preparation once opened to comment."""
        return self.filter(
            models.Q(state__in=(PlanState.IN_FORCE, PlanState.CLOSED))
            | models.Q(state__in=(PlanState.DRAFT, PlanState.PROPOSED), comments_open_until__isnull=False)
        )


class ImprovementPlan(FrozenModel):
    """One version of a municipality's plan for a cycle.

    Signed content is immutable: ``content_hash`` is the SHA-256 of ``signed_content``, which is plan
    and actions as proposed; each signature repeats it. ``comments_open_until`` is the last day, in
    the municipality's own zone, on which users and neighborhood organizations may comment on the
    draft; ``comments_closed_at`` is set where the coordinator ended that term earlier.
    ``no_comment_reason`` is why a plan was proposed that people could not comment on.
    """

    frozen_fields = frozenset(
        {
            "municipality_id",
            "cycle_id",
            "number",
            "amends_id",
            "amendment_reason",
            "summary",
            "content_hash",
            "signed_content",
            "no_comment_reason",
        }
    )

    municipality = models.ForeignKey(Territory, models.PROTECT, related_name="plans")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField(default=1)
    amends = models.ForeignKey("self", models.PROTECT, null=True, related_name="amendments")
    amendment_reason = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=PlanState.choices, default=PlanState.DRAFT)
    summary = models.TextField(_("summary for citizens"), blank=True)
    comments_open_until = models.DateField(null=True, blank=True)
    comments_opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    comments_opened_at = models.DateTimeField(null=True)
    comments_closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    comments_closed_at = models.DateTimeField(null=True)
    no_comment_reason = models.TextField(_("why it was not open to comment"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)
    signed_content = models.JSONField(null=True)
    in_force_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = ImprovementPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-cycle__year", "municipality", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "cycle", "number"], name="one_plan_version"),
            models.UniqueConstraint(
                fields=["municipality", "cycle"],
                condition=models.Q(state__in=("in_force", "closed")),
                name="one_plan_in_force",
            ),
            models.UniqueConstraint(
                fields=["municipality", "cycle"],
                condition=models.Q(state__in=("draft", "proposed")),
                name="one_plan_in_preparation",
            ),
            models.CheckConstraint(
                condition=models.Q(number=1) | ~models.Q(amendment_reason=""), name="amendment_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"PLM {self.municipality} {self.cycle.year} v{self.number}"

    @classmethod
    def frozen_condition(cls) -> models.Q:
        return ~models.Q(state=PlanState.DRAFT)

    def get_absolute_url(self) -> str:
        return reverse("plans:plan", args=[self.pk])

    @property
    def publications(self) -> models.QuerySet[PublicationLink]:
        """Where the year's accounts were published, under this version of the plan or another."""
        return PublicationLink.objects.filter(plan__municipality=self.municipality_id, plan__cycle=self.cycle_id)

    @property
    def is_in_preparation(self) -> bool:
        return self.state in (PlanState.DRAFT, PlanState.PROPOSED)

    def was_open_to_comment(self) -> bool:
        """Could people comment on this version for a day at least?"""
        if self.comments_opened_at is None or self.comments_open_until is None:
            return False
        if self.comments_closed_at is not None:
            return self.comments_closed_at - self.comments_opened_at >= SHORTEST_COMMENT_TERM
        return self.comments_open_until > self.comments_opened_at.astimezone(self.municipality.zone).date()

    def takes_comments(self, today: date) -> bool:
        """May the public comment on ``today`` (a day in the municipality's zone)?"""
        return (
            self.state == PlanState.DRAFT
            and self.cycle.state == CycleState.OPEN
            and self.comments_open_until is not None
            and self.comments_closed_at is None
            and today <= self.comments_open_until
        )


class PlanAuthor(models.Model):
    """Whoever wrote in the plan: none of them may be its sole author and validate it too."""

    plan = models.ForeignKey(ImprovementPlan, models.CASCADE, related_name="authors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "user"], name="one_row_per_author")]

    def __str__(self) -> str:
        return str(self.user_id)


class PlanSignature(models.Model):
    """A validator's signature: second factor, hash of what was signed, and in what quality.

    It is not a qualified electronic signature, and screens and reports say so.
    """

    plan = models.ForeignKey(ImprovementPlan, models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=12, choices=SignatureRole.choices)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    standing = models.CharField(max_length=10, choices=Standing.choices)
    standing_reason = models.CharField(max_length=200, blank=True)
    content_hash = models.CharField(max_length=64)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "role"], condition=models.Q(revoked_at__isnull=True), name="one_signature_per_role"
            ),
            models.UniqueConstraint(
                fields=["plan", "signed_by"],
                condition=models.Q(revoked_at__isnull=True),
                name="two_distinct_validators",
            ),
            models.CheckConstraint(
                condition=models.Q(standing="own") | ~models.Q(standing_reason=""), name="other_standing_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.signed_by_id}"


class PlanReturn(models.Model):
    """A proposed plan sent back with remarks by a validator; its signatures so far are revoked."""

    plan = models.ForeignKey(ImprovementPlan, models.PROTECT, related_name="returns")
    remarks = models.TextField()
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    returned_at = models.DateTimeField()

    class Meta:
        ordering = ["-returned_at"]

    def __str__(self) -> str:
        return self.remarks[:60]


class PlanComment(models.Model):
    """What a user or a neighborhood organization says of the draft, and the team's answer."""

    plan = models.ForeignKey(ImprovementPlan, models.PROTECT, related_name="comments")
    action = models.ForeignKey("plans.Action", models.SET_NULL, null=True, blank=True, related_name="comments")
    name = models.CharField(_("name"), max_length=120, blank=True)
    organization = models.CharField(_("neighborhood organization"), max_length=150, blank=True)
    text = models.TextField(_("comment"), max_length=2000)
    state = models.CharField(max_length=10, choices=CommentState.choices, default=CommentState.PENDING)
    hidden_reason = models.CharField(_("reason"), max_length=200, blank=True)
    moderated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    moderated_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="hidden") | ~models.Q(hidden_reason=""), name="hidden_comment_has_a_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answer="") | models.Q(answered_by__isnull=False),
                name="comment_answered_at_with_by",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class PublicationLink(models.Model):
    """Where the year's accounts were published; the year cannot be closed without one."""

    class Kind(models.TextChoices):
        PANEL = "panel", _("Panel on the premises")
        WEBSITE = "website", _("Municipal website")
        NETWORK = "network", _("Social network")
        MEETING = "meeting", _("Public meeting")

    plan = models.ForeignKey(ImprovementPlan, models.PROTECT, related_name="publication_links")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    url = models.URLField(_("web address"), blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    published_on = models.DateField(_("date"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-published_on"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(url="") | ~models.Q(place=""), name="publication_has_a_place")
        ]

    def __str__(self) -> str:
        return self.url or self.place


class ExecutionReport(models.Model):
    """The team's account of the year: what was done, deviations and lessons. Frozen when submitted.

    ``content`` is each line as it stood that day: planned and done dates, evidence, levels, money.
    """

    plan = models.OneToOneField(ImprovementPlan, models.PROTECT, related_name="execution_report")
    achievements = models.TextField(_("what was achieved"))
    deviations = models.TextField(_("deviations from the plan"), blank=True)
    lessons = models.TextField(_("lessons"), blank=True)
    content = models.JSONField(default=dict)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.plan_id}"
