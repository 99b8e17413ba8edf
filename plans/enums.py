"""States of plans and actions, and which may follow which."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed for validation")
    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Replaced by a new version")
    CLOSED = "closed", _("Closed")
    DISCARDED = "discarded", _("Amendment given up")


# Returned with remarks = proposed → draft. Signed content never changes: an amendment is a new
# version, and the old one is superseded when the new one is validated. Only an amendment is given up.
PLAN_TRANSITIONS: dict[str, frozenset[str]] = {
    PlanState.DRAFT: frozenset({PlanState.PROPOSED, PlanState.DISCARDED}),
    PlanState.PROPOSED: frozenset({PlanState.DRAFT, PlanState.IN_FORCE}),
    PlanState.IN_FORCE: frozenset({PlanState.SUPERSEDED, PlanState.CLOSED}),
    PlanState.SUPERSEDED: frozenset(),
    PlanState.CLOSED: frozenset(),
    PlanState.DISCARDED: frozenset(),
}


class ActionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    VALIDATED = "validated", _("Validated")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Done, waiting for verification")
    VERIFIED = "verified", pgettext_lazy("line of the plan", "Verified")
    REJECTED = "rejected", _("Not verified")
    CARRIED_OVER = "carried_over", _("Carried over")


ACTION_TRANSITIONS: dict[str, frozenset[str]] = {
    ActionState.DRAFT: frozenset({ActionState.PROPOSED}),
    ActionState.PROPOSED: frozenset({ActionState.DRAFT, ActionState.VALIDATED}),
    ActionState.VALIDATED: frozenset({ActionState.IN_PROGRESS, ActionState.CARRIED_OVER}),
    ActionState.IN_PROGRESS: frozenset({ActionState.DONE, ActionState.CARRIED_OVER}),
    ActionState.DONE: frozenset({ActionState.VERIFIED, ActionState.REJECTED, ActionState.CARRIED_OVER}),
    ActionState.REJECTED: frozenset({ActionState.IN_PROGRESS, ActionState.CARRIED_OVER}),
    ActionState.VERIFIED: frozenset(),
    ActionState.CARRIED_OVER: frozenset(),
}


class ActionKind(models.TextChoices):
    TRANSVERSAL = "transversal", _("Transversal")
    PRIORITIZED = "prioritized", _("Prioritized improvement")
    INFRASTRUCTURE = "infrastructure", _("Infrastructure")
    TRAINING = "training", _("Training")
    PROTOCOL = "protocol", _("Protocol")


class Judgement(models.IntegerChoices):
    """Pertinence, incidence and feasibility are each judged low, medium or high, with a reason."""

    LOW = 1, _("1 · Low")
    MEDIUM = 2, _("2 · Medium")
    HIGH = 3, _("3 · High")


class SignatureRole(models.TextChoices):
    COORDINATOR = "coordinator", _("Communal coordinator")
    DIDECO = "dideco", _("DIDECO")


class Standing(models.TextChoices):
    """In what quality a person signed; anything but «own» is shown with its reason."""

    OWN = "own", _("In his or her own right")
    STAND_IN = "stand_in", _("As a stand-in")
    REGIONAL = "regional", _("Regional team, because nobody of the municipality could sign")


class EvidenceMoment(models.TextChoices):
    BEFORE = "before", _("Before")
    DURING = "during", _("During")
    AFTER = "after", _("After")


class CommentState(models.TextChoices):
    PENDING = "pending", _("Waiting for review")
    PUBLISHED = "published", _("Published")
    HIDDEN = "hidden", _("Hidden")
