"""Numbers of the day: nobody gets the number of another, and a button pressed twice gives one."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from benefits_core.domain import appointments
from benefits_core.domain.queue_setup import locked
from benefits_core.domain.ticket_rows import note
from benefits_core.enums import AppointmentState, PriorityKind
from benefits_core.errors import ClosedToChange, InvalidContent
from benefits_core.models import Appointment, Matter, Queue, QueueKind, QueueNumber, Ticket
from benefits_core.queries.queues import Line, gives_numbers, today_at
from portal.foundation.messages import domain as messages
from portal.foundation.messages.addresses import InvalidAddress, normalize_telephone
from portal.foundation.messages.models import Channel as MessageChannel
from portal.foundation.people.identifiers import encrypt
from portal.foundation.receipts.keys import normalize_code
from portal.foundation.receipts.models import Receipt

# Whoever wants to be told is told when so many turns are left.
TURNS_BEFORE = 3


@transaction.atomic
def issue(
    *,
    queue: Queue,
    kind: QueueKind,
    priority_kind: str = "",
    contact: str = "",
    form_token: UUID | None = None,
    by: Any,
    at: datetime,
) -> Ticket:
    """Give the next number of that kind. The same form sent twice gives one.

    :param contact: a mobile number, to be told that the turn is near; voluntary, kept until the day ends.
    :param by: the clerk who takes a number for somebody; None at the kiosk.
    :raises InvalidContent: a kind that is not offered, no such priority, or no mobile number.
    :raises ClosedToChange: no numbers are given now.
    """
    if form_token and (sent := Ticket.objects.filter(form_token=form_token).first()):
        return sent
    if not gives_numbers(queue, at):
        raise ClosedToChange(_("No numbers are given now."))
    if kind.queue_id != queue.pk or not kind.is_active:
        raise InvalidContent(_("Choose one of the options shown."), "kind")
    if priority_kind and priority_kind not in PriorityKind.values:
        raise InvalidContent(_("Choose one of the options shown."), "priority_kind")
    ticket = Ticket(
        queue=queue,
        territory=queue.territory,
        kind=kind,
        preferential=bool(priority_kind),
        priority_kind=priority_kind,
        arrived_at=at,
        form_token=form_token,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        encrypted_contact=_contact(contact),
    )
    try:
        _number(ticket, at)
    except IntegrityError:
        # The button pressed twice: the other request wrote the token first, and its number stands.
        return Ticket.objects.get(form_token=form_token)
    note(verb="issue_ticket", ticket=ticket, by=by, at=at)
    tell_those_near(queue, at)
    return ticket


@transaction.atomic
def announce(*, queue: Queue, code: str, by: Any, at: datetime) -> Ticket:
    """Give a number to whoever comes for an appointment of today at this service point.

    :param code: the code of the appointment's receipt. Announced again it gives the same number.
    :raises InvalidContent: none of today here has that code; the same words whatever is wrong.
    :raises ClosedToChange: no numbers are given now.
    """
    if not gives_numbers(queue, at):
        raise ClosedToChange(_("No numbers are given now."))
    label = Appointment._meta.label_lower
    receipt = Receipt.objects.filter(code=normalize_code(code), subject_type=label).first()
    here = Appointment.objects.filter(service_point=queue.service_point, day=today_at(queue, at))
    appointment = here.filter(pk=receipt.subject_id).first() if receipt else None
    unknown = InvalidContent(_("We do not find that appointment for today. Check the code, or take a number."), "code")
    if appointment is None:
        raise unknown
    try:
        ticket = welcome(appointment=appointment, by=by, at=at)
    except ClosedToChange as refused:
        raise unknown from refused
    if ticket is None:
        raise unknown
    return ticket


@transaction.atomic
def welcome(*, appointment: Appointment, by: Any, at: datetime) -> Ticket | None:
    """Note that somebody came for an appointment, and give the number of its turn.

    None where the service point gives no numbers: then the agenda alone knows that the person is here.

    :raises ClosedToChange: another day, or over already.
    """
    if held := Ticket.objects.filter(appointment=appointment).first():
        return held
    queue = Queue.objects.filter(service_point=appointment.service_point_id).first()
    kind = _kind_for(queue, appointment.matter) if queue else None
    if appointment.state != AppointmentState.ARRIVED:
        appointment = appointments.arrive(appointment=appointment, by=by, at=at)
    if queue is None or kind is None or not queue.is_open:
        return None
    queue = locked(queue)
    ticket = Ticket(
        queue=queue,
        territory=queue.territory,
        kind=kind,
        matter=appointment.matter,
        preferential=appointment.preferential,
        arrived_at=at,
        due_at=appointment.starts_at,
        appointment=appointment,
    )
    try:
        _number(ticket, at)
    except IntegrityError:
        return Ticket.objects.get(appointment=appointment)
    note(verb="issue_ticket", ticket=ticket, by=by, at=at)
    return ticket


def tell_those_near(queue: Queue, at: datetime) -> None:
    """Write to those who asked for it and have :data:`TURNS_BEFORE` turns or fewer before theirs; once each."""
    asked = Ticket.objects.waiting().filter(queue=queue, day=today_at(queue, at), told_at__isnull=True)
    if not asked.exclude(encrypted_contact="").exists():
        return
    line = Line(queue, at)
    for ticket in line.ordered:
        if ticket.told_at or not ticket.encrypted_contact:
            continue
        before = line.before(ticket)
        if before > TURNS_BEFORE:
            continue
        with translation.override(ticket.language), suppress(messages.NoAddress):
            messages.send(
                to=ticket.contact,
                channel=MessageChannel.SMS,
                template="turn_near",
                context={"code": ticket.code, "count": before, "point": queue.service_point.name},
                dedupe_key=message_key(ticket),
                at=at,
            )
        Ticket.objects.filter(pk=ticket.pk).update(told_at=at)


def message_key(ticket: Ticket) -> str:
    """By which the one message about a ticket is found, to be erased with the contact."""
    return f"turn:{ticket.pk}:near"


def _number(ticket: Ticket, at: datetime) -> None:
    """Write the ticket with the next number of its letter; the row of the series is locked until we commit.

    :raises IntegrityError: the form token or the appointment has its ticket already; no number is spent.
    """
    ticket.day, ticket.letter = today_at(ticket.queue, at), ticket.kind.letter
    identity: dict[str, Any] = {"queue": ticket.queue, "day": ticket.day, "letter": ticket.letter}
    series = QueueNumber.objects.filter(**identity)
    with transaction.atomic():
        if not series.update(last=F("last") + 1):
            # The first of the day may come at once: whoever is second finds the row.
            with suppress(IntegrityError), transaction.atomic():
                QueueNumber.objects.create(**identity)
            series.update(last=F("last") + 1)
        ticket.number = series.get().last
        ticket.save(by_verb=True, force_insert=True)


def _kind_for(queue: Queue, matter: Matter) -> QueueKind | None:
    """The button that stands for a matter, else the first one."""
    offered = QueueKind.objects.filter(queue=queue, is_active=True).order_by("position", "pk")
    return offered.filter(matters=matter).first() or offered.first()


def _contact(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return encrypt(normalize_telephone(text))
    except InvalidAddress as refused:
        raise InvalidContent(_("Write a mobile number like +56 9 8765 4321."), "contact") from refused
