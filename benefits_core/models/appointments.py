"""Agendas of service points and the appointments in them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from benefits_core.enums import ACTIVE_APPOINTMENTS, AppointmentState
from benefits_core.models.attentions import VIEWER_ROLES, Attention
from benefits_core.models.matters import Matter
from portal.foundation.audit.guarded import GuardedModel
from portal.foundation.people.identifiers import decrypt
from portal.foundation.people.models import Person
from portal.foundation.territories.models import OpeningHours, ServicePoint, Territory


class AgendaRule(models.Model):
    """Every such weekday, from one day to another: slots of so many minutes, so many persons each.

    ``online`` slots are offered to everybody; the others only the team books.
    """

    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="agenda_rules")
    weekday = models.PositiveSmallIntegerField(choices=OpeningHours.Weekday.choices)
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    slot_minutes = models.PositiveSmallIntegerField()
    capacity = models.PositiveSmallIntegerField(default=1)
    online = models.BooleanField(default=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        ordering = ["service_point", "weekday", "starts_at", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="agenda_ends_after_start",
                violation_error_message=_("The last time must come after the first one."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="agenda_rule_ends_after_start",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(
                condition=models.Q(slot_minutes__gte=5, slot_minutes__lte=240, capacity__gte=1, capacity__lte=50),
                name="agenda_slots_make_sense",
                violation_error_message=_("A slot has 5 to 240 minutes, for 1 to 50 persons."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts_at:%H:%M}-{self.ends_at:%H:%M}"


class AgendaException(models.Model):
    """A day that is not like its weekday: closed, wholly or in part, or with a stretch of its own."""

    class Kind(models.TextChoices):
        CLOSED = "closed", _("Nobody is attended")
        EXTRA = "extra", _("More slots")

    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="agenda_exceptions")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    day = models.DateField()
    starts_at = models.TimeField(null=True)
    ends_at = models.TimeField(null=True)
    slot_minutes = models.PositiveSmallIntegerField(null=True)
    capacity = models.PositiveSmallIntegerField(null=True)
    online = models.BooleanField(default=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["service_point", "day", "starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__isnull=True, ends_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
                name="agenda_exception_ends_after_start",
                violation_error_message=_("The last time must come after the first one."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="extra")
                | models.Q(
                    starts_at__isnull=False, ends_at__isnull=False, slot_minutes__isnull=False, capacity__isnull=False
                ),
                name="extra_slots_are_whole",
                violation_error_message=_("Say from when to when, how long a slot is and for how many."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, user: Any) -> AppointmentQuerySet:
        return self.filter(user.scope.territories("territory_id", "territory__path", VIEWER_ROLES))

    def active(self) -> AppointmentQuerySet:
        """Those that hold a place."""
        return self.filter(state__in=ACTIVE_APPOINTMENTS)


class Appointment(GuardedModel):
    """A time at which somebody is expected.

    ``seat`` is the person's place among those of the same time: the database refuses a second holder.
    ``name`` is encrypted and erased a month after the day; the contact lies with the receipt.
    ``attention`` is what came of it.
    """

    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="appointments")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="appointments")
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seat = models.PositiveSmallIntegerField()
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="appointments")
    preferential = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=AppointmentState.choices, default=AppointmentState.BOOKED)
    encrypted_name = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="appointments")
    moves = models.PositiveSmallIntegerField(default=0)
    form_token = models.UUIDField(null=True, unique=True)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    booked_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    attention = models.OneToOneField(Attention, models.PROTECT, null=True, related_name="appointment")
    closed_at = models.DateTimeField(null=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "seat"]
        indexes = [
            models.Index(fields=["service_point", "day"], name="appointment_day"),
            models.Index(fields=["day", "state"], name="appointment_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["service_point", "starts_at", "seat"],
                condition=models.Q(state__in=ACTIVE_APPOINTMENTS),
                name="one_person_per_seat",
                violation_error_message=_("Somebody else took that time just now."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="appointment_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="served") | models.Q(attention__isnull=False),
                name="served_appointment_has_its_attention",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.pk}"

    @property
    def name(self) -> str:
        """In clear, for whoever attends; the look is the caller's to record."""
        return decrypt(self.encrypted_name) if self.encrypted_name else ""

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_APPOINTMENTS
