"""The queue of a service point: its rules, kinds, counters and devices, and the numbers that people take."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from benefits_core.enums import OPEN_TICKETS, AppointmentState, DeviceKind, PriorityKind, TicketState
from benefits_core.models.appointments import Appointment
from benefits_core.models.attentions import VIEWER_ROLES, Attention
from benefits_core.models.matters import Matter
from portal.foundation.audit.guarded import GuardedModel
from portal.foundation.people.identifiers import decrypt
from portal.foundation.territories.models import ServicePoint, Territory
from portal.foundation.ui.translated import localized


class Queue(models.Model):
    """How a service point gives turns.

    ``promised_minutes`` is after how long an ordinary turn is owed; None takes the longest wait that the
    municipality promises. Whoever does not come when called goes back ``chances`` times, and is
    not called again for ``back_minutes``.
    """

    service_point = models.OneToOneField(ServicePoint, models.PROTECT, related_name="queue")
    is_open = models.BooleanField(default=True)
    in_hours = models.BooleanField(default=True)
    favored_turns = models.PositiveSmallIntegerField(default=2)
    promised_minutes = models.PositiveSmallIntegerField(null=True)
    chances = models.PositiveSmallIntegerField(default=1)
    back_minutes = models.PositiveSmallIntegerField(default=5)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(favored_turns__gte=1, favored_turns__lte=10, chances__lte=5, back_minutes__lte=60),
                name="queue_rule_makes_sense",
            )
        ]

    def __str__(self) -> str:
        return self.service_point.name

    @property
    def territory(self) -> Territory:
        return self.service_point.territory


class QueueKind(models.Model):
    """A button of the kiosk: a letter, and the matters that it stands for. ``name`` is {"es", "en"}."""

    queue = models.ForeignKey(Queue, models.PROTECT, related_name="kinds")
    letter = models.CharField(max_length=1, validators=[RegexValidator("^[A-Z]$")])
    name = models.JSONField()
    matters = models.ManyToManyField(Matter, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["queue", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "letter"],
                name="one_kind_per_letter",
                violation_error_message=_("That letter is taken already."),
            )
        ]

    def __str__(self) -> str:
        return localized(self.name)


class Desk(models.Model):
    """A counter of the queue, and who attends there now. Without ``kinds`` it calls every kind."""

    queue = models.ForeignKey(Queue, models.PROTECT, related_name="desks")
    name = models.CharField(max_length=20)
    kinds = models.ManyToManyField(QueueKind, related_name="+")
    is_active = models.BooleanField(default=True)
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["queue", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "name"],
                name="one_desk_per_name",
                violation_error_message=_("There is a counter of that name already."),
            ),
            models.UniqueConstraint(
                fields=["clerk"], condition=models.Q(clerk__isnull=False), name="one_desk_per_clerk"
            ),
            models.CheckConstraint(
                condition=models.Q(clerk__isnull=True, opened_at__isnull=True, paused_at__isnull=True)
                | models.Q(clerk__isnull=False, opened_at__isnull=False),
                name="a_desk_is_open_with_its_clerk",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DeviceLink(models.Model):
    """The key of a kiosk or of a call screen; only its hash is kept, and it ends when it is revoked."""

    queue = models.ForeignKey(Queue, models.PROTECT, related_name="links")
    kind = models.CharField(max_length=8, choices=DeviceKind.choices)
    name = models.CharField(max_length=60)
    prints = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["queue", "kind", "name", "pk"]

    def __str__(self) -> str:
        return self.name


class QueueNumber(models.Model):
    """The last number that was given on a day to a letter."""

    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+")
    day = models.DateField()
    letter = models.CharField(max_length=1)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "day", "letter"], name="one_series_per_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.letter}{self.last}"


#: May be called; whoever is attended by the agenda already is not.
WAITS = models.Q(state=TicketState.WAITING) & (
    models.Q(appointment__isnull=True) | models.Q(appointment__state=AppointmentState.ARRIVED)
)


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: Any) -> TicketQuerySet:
        return self.filter(user.scope.territories("territory_id", "territory__path", VIEWER_ROLES))

    def open(self) -> TicketQuerySet:
        """Those whose person is still here, as far as anybody knows."""
        return self.filter(state__in=OPEN_TICKETS)

    def waiting(self) -> TicketQuerySet:
        return self.filter(WAITS)

    def with_waits(self) -> TicketQuerySet:
        """``waits``: is it one of :meth:`waiting`?"""
        return self.annotate(waits=models.ExpressionWrapper(WAITS, output_field=models.BooleanField()))


class Ticket(GuardedModel):
    """A number of the day. It says nothing about who holds it.

    ``encrypted_contact`` (a mobile number) and ``priority_kind`` are erased when the day is closed, at
    ``settled_at``; that somebody had priority stays. ``due_at`` is the time of the appointment that was announced.
    ``wanted_desk`` is where it was sent on to; ``ready_at`` is until when it is not called again.
    ``favored`` is how it was called last (``benefits_core.turns``); ``shown_at`` is its last call, repeated ones too.
    """

    queue = models.ForeignKey(Queue, models.PROTECT, related_name="tickets")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+")
    day = models.DateField()
    kind = models.ForeignKey(QueueKind, models.PROTECT, related_name="tickets")
    letter = models.CharField(max_length=1)
    number = models.PositiveIntegerField()
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="+")
    preferential = models.BooleanField(default=False)
    priority_kind = models.CharField(max_length=10, choices=PriorityKind.choices, blank=True)
    arrived_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    appointment = models.OneToOneField(Appointment, models.PROTECT, null=True, related_name="ticket")
    state = models.CharField(max_length=8, choices=TicketState.choices, default=TicketState.WAITING)
    wanted_desk = models.ForeignKey(Desk, models.PROTECT, null=True, related_name="+")
    desk = models.ForeignKey(Desk, models.PROTECT, null=True, related_name="tickets")
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    calls = models.PositiveSmallIntegerField(default=0)
    misses = models.PositiveSmallIntegerField(default=0)
    favored = models.BooleanField(default=False)
    called_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attention = models.OneToOneField(Attention, models.PROTECT, null=True, related_name="ticket")
    form_token = models.UUIDField(null=True, unique=True)
    language = models.CharField(max_length=5, default="es")
    encrypted_contact = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["day", "arrived_at", "pk"]
        indexes = [
            models.Index(fields=["queue", "day", "state"], name="ticket_day"),
            models.Index(fields=["queue", "day"], condition=models.Q(settled_at__isnull=True), name="ticket_unsettled"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["queue", "day", "letter", "number"], name="one_ticket_per_number"),
            models.UniqueConstraint(
                fields=["clerk"],
                condition=models.Q(state__in=(TicketState.CALLED, TicketState.SERVING)),
                name="one_ticket_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(TicketState.CALLED, TicketState.SERVING))
                | models.Q(clerk__isnull=False, desk__isnull=False, called_at__isnull=False),
                name="a_called_ticket_has_its_counter",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=TicketState.SERVED) | models.Q(attention__isnull=False),
                name="a_served_ticket_has_its_attention",
            ),
            models.CheckConstraint(
                condition=models.Q(priority_kind="") | models.Q(preferential=True), name="a_kind_of_priority_has_it"
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True)
                | (models.Q(encrypted_contact="", priority_kind="") & ~models.Q(state__in=OPEN_TICKETS)),
                name="a_settled_ticket_is_over_and_says_nothing",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """As it is printed and called: A012."""
        return f"{self.letter}{self.number:03d}"

    @property
    def contact(self) -> str:
        """The mobile number, for whatever writes to it; "" where there is none."""
        return decrypt(self.encrypted_contact) if self.encrypted_contact else ""
