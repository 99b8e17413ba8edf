"""A receipt: the key to one subject, in the hands of whoever sent it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.foundation.audit.guarded import GuardedModel
from portal.foundation.messages.addresses import masked
from portal.foundation.messages.models import Channel
from portal.foundation.people.identifiers import decrypt
from portal.foundation.receipts.keys import grouped
from portal.foundation.territories.models import Territory


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, user: Any) -> ReceiptQuerySet:
        """Those of the places where ``user`` works: staff find a case by its code, never by its secret."""
        return self.filter(user.scope.territories("territory_id", "territory__path"))

    def of(self, subject: models.Model) -> ReceiptQuerySet:
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))

    def with_contact_due(self, on: Any) -> ReceiptQuerySet:
        """Whose contact has to be erased on that day."""
        return self.filter(contact_delete_on__lte=on).exclude(contact="")


class Receipt(GuardedModel):
    """Code and hashed secret of one subject, which is named by type and id: any module's row may have one.

    ``contact`` is an e-mail or a telephone, encrypted, given freely, and erased on ``contact_delete_on``.
    """

    code = models.CharField(max_length=10, unique=True)
    secret_hash = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+")
    language = models.CharField(max_length=5, default="es")
    contact_channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    contact = models.TextField(blank=True)
    contact_delete_on = models.DateField(null=True, blank=True)
    contact_deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"],
                name="one_receipt_per_subject",
                violation_error_message=_("A code was given for this already."),
            ),
            models.CheckConstraint(
                condition=models.Q(contact="", contact_channel="")
                | (~models.Q(contact="") & ~models.Q(contact_channel="")),
                name="receipt_contact_has_a_channel",
                violation_error_message=_("A contact needs its kind: e-mail or text message."),
            ),
        ]
        indexes = [models.Index(fields=["contact_delete_on"], name="receipt_contact_due")]

    def __str__(self) -> str:
        return self.shown_code

    @property
    def shown_code(self) -> str:
        """The code as people copy it."""
        return grouped(self.code)

    @property
    def address(self) -> str:
        """The contact in clear, for whatever sends to it; empty where there is none."""
        return decrypt(self.contact) if self.contact else ""

    @property
    def masked_address(self) -> str:
        return masked(self.address)

    @cached_property
    def subject(self) -> Any:
        """What the receipt is about; None where it is gone."""
        return apps.get_model(self.subject_type)._default_manager.filter(pk=self.subject_id).first()
