"""What people ask about their data, what they took away, and what was erased by its term."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.foundation.audit.guarded import GuardedModel
from portal.foundation.people.fields import EncryptedField
from portal.foundation.people.models.users import User
from portal.foundation.people.roles import DATA_PROTECTION_ROLES, NATIONAL_ROLES
from portal.foundation.territories.models import Territory


class RequestKind(models.TextChoices):
    ERASURE = "erasure", _("Erase my data")
    RECTIFICATION = "rectification", _("Correct my data")
    OBJECTION = "objection", _("Stop using my data for something")


class RequestChannel(models.TextChoices):
    OWN = "own", _("On this site")
    COUNTER = "counter", _("At the counter")


class RequestState(models.TextChoices):
    OPEN = "open", pgettext_lazy("request", "Waits for an answer")
    ANSWERED = "answered", pgettext_lazy("request", "Answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")


class RequestOutcome(models.TextChoices):
    DONE = "done", pgettext_lazy("request", "Done")
    PARTLY = "partly", pgettext_lazy("request", "Done in part")
    REFUSED = "refused", pgettext_lazy("request", "Not done")


ALLOWED_TRANSITIONS: dict[str, frozenset[str]] = {
    RequestState.OPEN: frozenset({RequestState.ANSWERED, RequestState.WITHDRAWN}),
    RequestState.ANSWERED: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
}


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def visible_to(self, user: Any) -> DataRequestQuerySet:
        """The national team answers every request; a municipality those of its own people and cases."""
        if user.is_superuser or user.scope.has(*NATIONAL_ROLES):
            return self
        return self.filter(user.scope.territories("territory_id", "territory__path", DATA_PROTECTION_ROLES))

    def about(self, label: str, subject_id: str) -> DataRequestQuerySet:
        return self.filter(subject_type=label, subject_id=subject_id)

    def open(self) -> DataRequestQuerySet:
        return self.filter(state=RequestState.OPEN)

    def overdue(self, on: date) -> DataRequestQuerySet:
        return self.open().filter(due_on__lt=on)


class DataRequest(GuardedModel):
    """A person asks for something about the own data; the answer has a term in calendar days.

    ``results`` are the rows of an erasure: kind of data, erased, kept, and why kept.
    """

    kind = models.CharField(max_length=15, choices=RequestKind.choices)
    channel = models.CharField(max_length=10, choices=RequestChannel.choices, default=RequestChannel.OWN)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    outcome = models.CharField(max_length=10, choices=RequestOutcome.choices, blank=True)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    territory = models.ForeignKey(Territory, models.PROTECT, null=True, blank=True, related_name="+")
    text = EncryptedField(blank=True)
    due_on = models.DateField()
    extended_at = models.DateTimeField(null=True, blank=True)
    extension_reason = models.CharField(max_length=300, blank=True)
    answer = EncryptedField(blank=True)
    results = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    texts_erased_at = models.DateTimeField(null=True, blank=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="data_request_subject"),
            models.Index(fields=["state", "due_on"], name="data_request_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind"],
                condition=models.Q(state="open"),
                name="one_open_request_of_a_kind",
                violation_error_message=_("You asked for this already, and it waits for an answer."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at__isnull=True)
                | models.Q(~models.Q(state="open"), closed_at__isnull=False),
                name="closed_request_says_when",
                violation_error_message=_("A request that was closed says when."),
            ),
            models.CheckConstraint(
                condition=(models.Q(state="answered") & ~models.Q(outcome=""))
                | (~models.Q(state="answered") & models.Q(outcome="")),
                name="answered_request_has_an_outcome",
                violation_error_message=_("An answered request has an outcome."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """By which people name it."""
        return f"DP-{self.pk:06}"

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.OPEN


class ExportState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("download", "In preparation")
    READY = "ready", pgettext_lazy("download", "Ready")
    FAILED = "failed", pgettext_lazy("download", "Not produced")


class DataExport(GuardedModel):
    """A copy of somebody's data to take away, kept until ``expires_at`` in the database itself: it is
    made anew whenever it is asked for, and leaves nothing behind in a folder or a backup of one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    language = models.CharField(max_length=5)
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.QUEUED)
    content = models.BinaryField(null=True)
    size = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.pk)


class RunState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("run", "Running")
    DONE = "done", pgettext_lazy("run", "Done")
    FAILED = "failed", pgettext_lazy("run", "Failed")


class RetentionRun(models.Model):
    """One rule applied once: what it erased, and when."""

    rule = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.RUNNING)
    erased = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["rule", "-started_at"], name="retention_run_rule")]

    def __str__(self) -> str:
        return f"{self.rule} {self.started_at:%Y-%m-%d}"
