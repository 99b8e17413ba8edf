"""A municipality's self-diagnosis of one cycle: 31 answers, frozen when submitted."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.foundation.audit.guarded import BareWrite, GuardedModel
from portal.foundation.cycles.models import Cycle
from portal.foundation.files.models import StoredFile
from portal.foundation.territories.models import Territory
from quality.enums import AssessmentChannel, AssessmentState, NotApplicableReview
from quality.models.catalogue import CatalogueVersion, Standard

IN_FORCE = (AssessmentState.SUBMITTED, AssessmentState.RETURNED)
REVIEW_FIELDS = frozenset({"not_applicable_review", "review_remarks", "reviewed_by", "reviewed_at"})


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: Any) -> AssessmentQuerySet:
        return self.filter(user.scope.territories("municipality_id", "municipality__path"))

    def in_force(self) -> AssessmentQuerySet:
        """The version of each municipality and cycle whose levels count: submitted or returned."""
        return self.filter(state__in=IN_FORCE)

    def current(self) -> AssessmentQuerySet:
        """The last version of each municipality and cycle, whatever its state."""
        later = Assessment.objects.filter(
            municipality=models.OuterRef("municipality"),
            cycle=models.OuterRef("cycle"),
            number__gt=models.OuterRef("number"),
        )
        return self.filter(~models.Exists(later))


class Assessment(GuardedModel):
    """One version of a self-diagnosis.

    A correction is another version (``number`` + 1) with ``correction_reason``; ``content_hash`` is
    the SHA-256 of the answers at submission. A returned version stays in force, with its levels,
    until the version that corrects it is submitted: a heatmap never loses what a team once said.
    """

    municipality = models.ForeignKey(Territory, models.PROTECT, related_name="assessments")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="assessments")
    catalogue = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="assessments")
    number = models.PositiveSmallIntegerField(default=1)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="correction")
    correction_reason = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=AssessmentState.choices, default=AssessmentState.DRAFT)
    channel = models.CharField(max_length=12, choices=AssessmentChannel.choices, default=AssessmentChannel.BOTH)
    strengths = models.TextField(blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    return_remarks = models.TextField(blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-cycle__year", "municipality", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "cycle", "number"], name="one_assessment_version"),
            models.UniqueConstraint(
                fields=["municipality", "cycle"],
                condition=models.Q(state="submitted"),
                name="one_assessment_in_force",
            ),
            models.UniqueConstraint(
                fields=["municipality", "cycle"], condition=models.Q(state="draft"), name="one_assessment_draft"
            ),
            models.CheckConstraint(
                condition=models.Q(number=1) | ~models.Q(correction_reason=""), name="correction_has_a_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | models.Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="assessment_submitted_at_with_by",
            ),
            models.CheckConstraint(
                condition=models.Q(verified_at__isnull=True, verified_by__isnull=True)
                | models.Q(verified_at__isnull=False, verified_by__isnull=False),
                name="assessment_verified_at_with_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.cycle.year} v{self.number}"

    @property
    def in_progress(self) -> bool:
        return self.state == AssessmentState.DRAFT

    @property
    def counts(self) -> bool:
        """Is this the version whose levels are in force?"""
        return self.state in IN_FORCE


def _refuse_unless_draft(assessment_id: int) -> None:
    if not Assessment.objects.filter(pk=assessment_id, state=AssessmentState.DRAFT).exists():
        raise BareWrite("a submitted self-diagnosis does not change")


class PartOfDraft(GuardedModel):
    """A row below a self-diagnosis: written and deleted only while that is in progress."""

    class Meta:
        abstract = True

    def owner_id(self) -> int:
        """The id of the self-diagnosis that this row belongs to."""
        raise NotImplementedError

    def save(self, *args: Any, **kwargs: Any) -> None:
        _refuse_unless_draft(self.owner_id())
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _refuse_unless_draft(self.owner_id())
        return super().delete(*args, **kwargs)


class AssessmentParticipant(PartOfDraft):
    """Who took part: a name and a position, as the report of the self-diagnosis must say."""

    class Kind(models.TextChoices):
        TEAM = "team", _("Team member")
        AUTHORITY = "authority", _("Authority")
        OTHER_UNIT = "other_unit", _("Another municipal unit")
        USER = "user", _("User of the service")
        NEIGHBORHOOD = "neighborhood", _("Neighborhood organization")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="participants")
    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=120, blank=True)
    kind = models.CharField(_("takes part as"), max_length=14, choices=Kind.choices, default=Kind.TEAM)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def owner_id(self) -> int:
        return self.assessment_id


class Answer(PartOfDraft):
    """The level given to one standard. ``revision`` grows with each save, so that two members who
    answer at once do not lose each other's work."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answers")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="answers")
    level = models.PositiveSmallIntegerField(null=True)
    not_applicable = models.BooleanField(default=False)
    not_applicable_reason = models.TextField(blank=True)
    not_applicable_review = models.CharField(
        max_length=10, choices=NotApplicableReview.choices, default=NotApplicableReview.NONE
    )
    review_remarks = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    notes = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["standard__number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "standard"], name="one_answer_per_standard"),
            models.CheckConstraint(
                condition=models.Q(not_applicable=True, level__isnull=True)
                | models.Q(not_applicable=False, level__gte=0, level__lte=3),
                name="answer_is_a_level_or_not_applicable",
            ),
            models.CheckConstraint(
                condition=models.Q(not_applicable=False) | ~models.Q(not_applicable_reason=""),
                name="not_applicable_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} · {self.standard.code}"

    def owner_id(self) -> int:
        return self.assessment_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The region's review of a «not applicable» is the one thing written after submission."""
        if set(kwargs.get("update_fields") or ("all",)) <= REVIEW_FIELDS:
            GuardedModel.save(self, *args, **kwargs)
        else:
            super().save(*args, **kwargs)


class AnswerEvidence(PartOfDraft):
    """A file that shows the level, with the date of what it shows (not of the upload)."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    dated_on = models.DateField()
    description = models.CharField(max_length=200)

    class Meta:
        ordering = ["-dated_on", "id"]

    def __str__(self) -> str:
        return self.description

    def owner_id(self) -> int:
        return self.answer.assessment_id
