"""States of the quality module, and which may follow which."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

# The milestone's key in ``Cycle.windows``.
SELF_DIAGNOSIS_WINDOW = "self_diagnosis"


class Origin(models.TextChoices):
    """How far an entry of the catalogue can be trusted; shown wherever a standard is read."""

    QUOTED = "quoted", _("Quoted from the source")
    DRAFTED = "drafted", _("Drafted, not official")
    OFFICIAL = "official", _("Official")


class Transparency(models.TextChoices):
    NONE = "none", _("No")
    DIRECT = "direct", _("Direct")
    INDIRECT = "indirect", _("Indirect")


class AssessmentState(models.TextChoices):
    DRAFT = "draft", _("In progress")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned with remarks")
    SUPERSEDED = "superseded", _("Replaced by a correction")


# A returned assessment is worked on again as a draft; a submitted one is replaced only when the
# version that corrects it is submitted.
ASSESSMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    AssessmentState.DRAFT: frozenset({AssessmentState.SUBMITTED}),
    AssessmentState.SUBMITTED: frozenset({AssessmentState.RETURNED, AssessmentState.SUPERSEDED}),
    AssessmentState.RETURNED: frozenset({AssessmentState.SUPERSEDED}),
    AssessmentState.SUPERSEDED: frozenset(),
}


class AssessmentChannel(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    VIRTUAL = "virtual", _("Virtual")
    BOTH = "both", _("In person and virtual")


class NotApplicableReview(models.TextChoices):
    """The region's answer to a «not applicable»."""

    NONE = "none", _("Not asked")
    PENDING = "pending", _("Waiting for the region")
    ACCEPTED = "accepted", _("Accepted by the region")
    REFUSED = "refused", _("Refused by the region")


class Series(models.TextChoices):
    SELF_ASSESSED = "self", _("Self-assessed")
    VERIFIED = "verified", _("Verified by the region")


class AnswerState(models.TextChoices):
    """How far one standard of a self-diagnosis has come."""

    NOT_STARTED = "not_started", _("Not started")
    EVIDENCE_MISSING = "evidence_missing", _("Evidence missing")
    EVIDENCE_OLD = "evidence_old", _("Evidence too old")
    DONE = "done", _("Done")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    NOT_APPLICABLE_PENDING = "na_pending", _("Not applicable, waits for the region")
    NOT_APPLICABLE_REFUSED = "na_refused", _("Not applicable was refused: answer it")


class ProblemKind(models.TextChoices):
    """Why a self-diagnosis cannot be submitted yet."""

    NOT_ANSWERED = "not_answered", _("It has no answer.")
    EVIDENCE_MISSING = "evidence_missing", _("It needs evidence.")
    EVIDENCE_OLD = "evidence_old", _("Its evidence is too old.")
    NOT_APPLICABLE_REFUSED = "na_refused", _("The region refused «not applicable».")
    NO_PARTICIPANTS = "no_participants", _("Nobody is named as a participant.")
