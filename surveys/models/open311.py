"""Complaints by other applications (Open311): who may send, what came with one, and which texts are public."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.foundation.audit.guarded import GuardedModel
from portal.foundation.territories.models import Territory
from surveys.models.complaints import Complaint


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def active(self) -> ApiKeyQuerySet:
        return self.filter(revoked_at__isnull=True)


class ApiKey(GuardedModel):
    """Lets one application send complaints. Its secret is hashed: nobody reads it again.

    The secret is drawn at random and long, so one SHA-256 keeps it: what cannot be guessed needs no slow
    hash. ``beginning`` is its first characters, by which its holder tells one key from another. Without a
    ``territory`` it sends to any municipality. ``last_used_on`` is a day, not a moment.
    """

    name = models.CharField(_("application"), max_length=80)
    holder = models.CharField(_("organization"), max_length=120)
    email = models.EmailField(_("e-mail of whoever answers for it"))
    territory = models.ForeignKey(Territory, models.PROTECT, null=True, blank=True, related_name="+")
    hourly_limit = models.PositiveIntegerField(_("complaints an hour"), default=60)
    beginning = models.CharField(max_length=8)
    secret_hash = models.CharField(max_length=64, unique=True)
    last_used_on = models.DateField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(revoked_at__isnull=True),
                name="one_active_key_per_application",
                violation_error_message=_("This application has a key already. Revoke it first."),
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoke_reason="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoke_reason="")),
                name="revoked_key_has_person_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(hourly_limit__gte=1) & Q(hourly_limit__lte=10_000), name="hourly_limit_1_to_10000"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.revoked_at is None


class SentByApplication(GuardedModel):
    """What an application sent beside the complaint: where it was, and a link. The team reads it, nobody else."""

    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="sent_by_application")
    key = models.ForeignKey(ApiKey, models.PROTECT, related_name="sent")
    address = models.CharField(max_length=300, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    media_url = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="sent_from_a_place_on_earth",
            )
        ]

    def __str__(self) -> str:
        return self.address


class PublicTextQuerySet(models.QuerySet["PublicText"]):
    def shown(self) -> PublicTextQuerySet:
        return self.filter(withdrawn_at__isnull=True)


class PublicText(GuardedModel):
    """A complaint's text, masked and read by a person, who decided that everybody may read it.

    A text that was withdrawn is emptied; ``withdrawn_by`` is None where its sender had it erased.
    ``found`` counts what was hidden, by kind.
    """

    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="public_text")
    text = models.TextField(blank=True)
    found = models.JSONField(default=dict)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = PublicTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, text=""),
                name="withdrawn_text_is_empty",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_shown(self) -> bool:
        return self.withdrawn_at is None
