"""The outbox: a message is a row in the transaction of the verb that sends it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.foundation.messages.addresses import masked
from portal.foundation.people.fields import EncryptedField


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", pgettext_lazy("message", "Delivered")
    UNDELIVERABLE = "undeliverable", pgettext_lazy("message", "Could not be delivered")
    FAILED = "failed", _("Failed")


ALLOWED_TRANSITIONS: dict[str, frozenset[str]] = {
    # A report may be faster than the worker's own note.
    MessageState.QUEUED: frozenset(
        {MessageState.SENT, MessageState.DELIVERED, MessageState.UNDELIVERABLE, MessageState.FAILED}
    ),
    MessageState.SENT: frozenset({MessageState.DELIVERED, MessageState.UNDELIVERABLE}),
    # Gateways give up, and then the telephone is switched on.
    MessageState.UNDELIVERABLE: frozenset({MessageState.DELIVERED, MessageState.QUEUED}),
    MessageState.FAILED: frozenset(
        {MessageState.QUEUED, MessageState.SENT, MessageState.DELIVERED, MessageState.UNDELIVERABLE}
    ),
    MessageState.DELIVERED: frozenset(),
}


class Message(models.Model):
    """One text to one recipient. ``dedupe_key`` makes a repeated call send nothing twice.

    ``address`` is encrypted, and found through ``address_index``. ``round`` counts how often somebody
    asked to send it again after it could not be delivered. ``reason`` is the gateway's code, and
    ``reported_at`` when delivered or undeliverable became true.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="messages")
    address = EncryptedField()
    address_index = models.CharField(max_length=64, blank=True, db_index=True)
    template = models.CharField(max_length=80)
    language = models.CharField(max_length=5, default="es")
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    dedupe_key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=15, choices=MessageState.choices, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    reason = models.CharField(max_length=100, blank=True)
    gateway_id = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "created_at"], name="message_recipient"),
            models.Index(fields=["state", "created_at"], name="message_state"),
            models.Index(fields=["created_at"], name="message_created"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["delivered", "undeliverable"]) | models.Q(reported_at__isnull=False),
                name="outcome_has_its_moment",
                violation_error_message=_("A message that arrived, or cannot, says when that was known."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.masked_address}"

    @property
    def masked_address(self) -> str:
        return masked(self.address)

    @property
    def reference(self) -> str:
        """Under which a gateway knows the message: the same however often one round is handed over."""
        return f"{self.pk}.{self.round}" if self.round else str(self.pk)

    def may_become(self, state: str) -> bool:
        return state in ALLOWED_TRANSITIONS[self.state]
