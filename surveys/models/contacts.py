"""Where people who may be asked can be written to: held apart, for as long as the fieldwork lasts.

Nothing here is joined to a token, let alone to a response (docs/adr/0052-survey-invitations.md).
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from portal.foundation.messages.models import Channel
from portal.foundation.people.fields import EncryptedField
from surveys.models.rounds import Round, Stratum


class SurveyMailing(models.Model):
    """Invitations, or a reminder of them, that somebody ordered at once; a job writes them.

    ``total`` is to how many contacts it was to go, ``written`` to how many it went. One at a time for a round.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="mailings")
    is_reminder = models.BooleanField(default=False)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField()
    job_id = models.UUIDField(null=True)
    total = models.PositiveIntegerField()
    written = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["round", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(finished_at__isnull=True), name="one_mailing_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SurveyContact(models.Model):
    """One address at which somebody of a stratum can be asked.

    ``lot`` is drawn at random: by it people are chosen, and with the server's key it gives the code of the
    invitation, so that who was invited by which token is written nowhere. ``wave``: how many messages were
    written to it, 0 while it waits. ``mailing``: the one that is still to write to it.
    """

    stratum = models.ForeignKey(Stratum, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=10, choices=Channel.choices)
    address = EncryptedField()
    address_index = models.CharField(max_length=64)
    language = models.CharField(max_length=5, default="es")
    lot = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    wave = models.PositiveSmallIntegerField(default=0)
    mailing = models.ForeignKey(SurveyMailing, models.SET_NULL, null=True, related_name="contacts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address_index", "stratum"], name="one_contact_of_an_address"),
        ]
        indexes = [
            models.Index(fields=["stratum", "wave", "lot"], name="contact_to_draw"),
            models.Index(fields=["mailing", "lot"], name="contact_to_write"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SurveyOptOut(models.Model):
    """Somebody who wants no more invitations: a keyed hash of the address, and nothing else."""

    address_index = models.CharField(max_length=64, unique=True)
    since = models.DateField()

    def __str__(self) -> str:
        return str(self.pk)
