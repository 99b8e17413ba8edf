"""Calling and attending: nobody is called twice at once, and who was attended is in the register.

Every verb that calls or moves a number locks its queue first, so that two clerks of a service point
follow each other for some milliseconds.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from benefits_core.domain import appointments, attentions
from benefits_core.domain.attentions import LONGEST_MINUTES, AttentionContent
from benefits_core.domain.desks import own_desk
from benefits_core.domain.queue_setup import locked
from benefits_core.domain.ticket_rows import fresh, in_hand, move_to, not_now, note, send_back
from benefits_core.domain.tickets import tell_those_near
from benefits_core.enums import CLERK_OUTCOMES, AttentionSource, Outcome, TicketState
from benefits_core.errors import ClosedToChange, InvalidContent
from benefits_core.models import Desk, Matter, Queue, QueueKind, Ticket
from benefits_core.queries.queues import Line
from portal.foundation.people.models import Person


@transaction.atomic
def call_next(*, desk: Desk, by: Any, at: datetime) -> Ticket | None:
    """Call whose turn it is at that counter; None where nobody waits for it.

    Whoever has somebody already gets that one again: pressing twice calls once.

    :raises ClosedToChange: not one's own counter, or it is in a pause.
    """
    queue, desk = own_desk(desk, by)
    if desk.paused_at is not None:
        raise ClosedToChange(_("Your counter is in a pause."))
    if held := in_hand(by):
        return held
    line = Line(queue, at)
    ticket = line.next_for(desk)
    if ticket is None:
        return None
    # In one statement: where anything else took it meanwhile, nobody is called.
    called = Ticket.objects.filter(pk=ticket.pk, state=TicketState.WAITING).update(
        state=TicketState.CALLED,
        desk=desk,
        clerk=by,
        calls=F("calls") + 1,
        called_at=at,
        shown_at=at,
        favored=line.is_favored(ticket),
        ready_at=None,
    )
    if not called:
        raise ClosedToChange(_("Somebody else took that number just now. Call again."))
    ticket = fresh(ticket)
    note(verb="call_ticket", ticket=ticket, by=by, at=at)
    tell_those_near(queue, at)
    return ticket


@transaction.atomic
def call_again(*, ticket: Ticket, by: Any, at: datetime) -> Ticket:
    """Show and sound the number once more.

    :raises ClosedToChange: it is not called by ``by`` now.
    """
    _queue, ticket = _mine(ticket, by)
    move_to(ticket, TicketState.CALLED)
    ticket.calls, ticket.shown_at = ticket.calls + 1, at
    ticket.save(by_verb=True, update_fields=["state", "calls", "shown_at"])
    note(verb="call_ticket", ticket=ticket, by=by, at=at)
    return ticket


@transaction.atomic
def miss(*, ticket: Ticket, by: Any, at: datetime) -> Ticket:
    """The person did not come: back to wait, as often as the queue's rule says, then it is over.

    :raises ClosedToChange: it is not called by ``by`` now.
    """
    queue, ticket = _mine(ticket, by)
    if ticket.state != TicketState.CALLED:
        raise ClosedToChange(not_now(ticket))
    ticket.misses += 1
    if ticket.misses <= queue.chances:
        move_to(ticket, TicketState.WAITING)
        send_back(ticket)
        ticket.ready_at = at + timedelta(minutes=queue.back_minutes)
    else:
        _end_unserved(ticket, TicketState.NO_SHOW, by, at)
    ticket.save(by_verb=True)
    note(verb="miss_ticket", ticket=ticket, by=by, at=at)
    tell_those_near(queue, at)
    return ticket


@transaction.atomic
def withdraw(*, ticket: Ticket, by: Any, at: datetime) -> Ticket:
    """The person went away without being attended.

    :raises ClosedToChange: it is being attended, or over already.
    """
    queue = locked(ticket.queue)
    ticket = fresh(ticket)
    _end_unserved(ticket, TicketState.LEFT, by, at)
    ticket.save(by_verb=True)
    note(verb="withdraw_ticket", ticket=ticket, by=by, at=at)
    tell_those_near(queue, at)
    return ticket


# --- Attending


@transaction.atomic
def start(*, ticket: Ticket, by: Any, at: datetime) -> Ticket:
    """The person is here, and the service begins.

    :raises ClosedToChange: it is not called by ``by`` now.
    """
    _queue, ticket = _mine(ticket, by)
    move_to(ticket, TicketState.SERVING)
    ticket.started_at = at
    ticket.save(by_verb=True, update_fields=["state", "started_at"])
    note(verb="start_ticket", ticket=ticket, by=by, at=at)
    return ticket


@transaction.atomic
def finish(
    *,
    ticket: Ticket,
    outcome: str,
    matter: Matter,
    person: Person | None = None,
    by: Any,
    at: datetime,
) -> Ticket:
    """End the service, and write the attention into the register with the times that were measured.

    Pressed twice it is one attention.

    :raises ClosedToChange: it is not attended by ``by`` now.
    :raises InvalidContent: as ``attentions.record_attention``.
    """
    queue, ticket = _mine(ticket, by)
    if ticket.state == TicketState.SERVED:
        return ticket
    if outcome not in dict(CLERK_OUTCOMES):
        raise InvalidContent(_("Say how the attention ended."), "outcome")
    move_to(ticket, TicketState.SERVED)
    begun = ticket.started_at or at
    _write_attention(ticket, queue, matter=matter, outcome=outcome, ended=max(at, begun), person=person, by=by, at=at)
    note(verb="finish_ticket", ticket=ticket, by=by, at=at)
    return ticket


@transaction.atomic
def transfer(*, ticket: Ticket, kind: QueueKind, desk: Desk | None = None, by: Any, at: datetime) -> Ticket:
    """Send the person on to another kind or counter of the same queue: the arrival stays, so does the number.

    What was attended so far is not counted; the attention is written by whoever finishes it.

    :param desk: the one counter that may call it; None for every one of that kind.
    :raises ClosedToChange: it is neither called nor attended by ``by``.
    :raises InvalidContent: a kind or counter of another queue, or out of use.
    """
    queue, ticket = _mine(ticket, by)
    if kind.queue_id != queue.pk:
        raise InvalidContent(_("Choose one of the options shown."), "kind")
    if desk is not None and (desk.queue_id != queue.pk or not desk.is_active):
        raise InvalidContent(_("Choose one of the options shown."), "desk")
    if ticket.state not in (TicketState.CALLED, TicketState.SERVING):
        raise ClosedToChange(not_now(ticket))
    move_to(ticket, TicketState.WAITING)
    if ticket.kind_id != kind.pk:
        ticket.matter = None
    ticket.kind, ticket.wanted_desk, ticket.misses = kind, desk, 0
    send_back(ticket)
    ticket.save(by_verb=True)
    note(verb="transfer_ticket", ticket=ticket, by=by, at=at)
    tell_those_near(queue, at)
    return ticket


@transaction.atomic
def settle(*, ticket: Ticket, at: datetime) -> Ticket:
    """Close what is left of a day that is over; one that is closed already stays as it is.

    Who was being attended was attended: it goes into the register, with the wait that was measured,
    and without an end that nobody noted.
    """
    queue = locked(ticket.queue)
    ticket = fresh(ticket)
    if ticket.state == TicketState.SERVING:
        begun = ticket.started_at or at
        move_to(ticket, TicketState.SERVED)
        try:
            _write_attention(
                ticket,
                queue,
                matter=ticket.matter or _some_matter(ticket),
                outcome=Outcome.NOT_RECORDED,
                ended=begun,
                person=None,
                by=None,
                at=at,
            )
        except InvalidContent:
            # The service point was closed, or the matter taken away, while the person was being attended.
            ticket.state, ticket.ended_at = TicketState.CLOSED, at
            ticket.save(by_verb=True)
    elif ticket.state in (TicketState.WAITING, TicketState.CALLED):
        over = TicketState.CLOSED if ticket.state == TicketState.WAITING else TicketState.NO_SHOW
        _end_unserved(ticket, over, None, at)
        ticket.save(by_verb=True)
    else:
        return ticket
    note(verb="settle_ticket", ticket=ticket, by=None, at=at)
    return ticket


def _mine(ticket: Ticket, by: Any) -> tuple[Queue, Ticket]:
    queue = locked(ticket.queue)
    ticket = fresh(ticket)
    if ticket.clerk_id != by.pk:
        raise ClosedToChange(_("Another counter has this number now."))
    return queue, ticket


def _write_attention(
    ticket: Ticket, queue: Queue, *, matter: Matter, outcome: str, ended: datetime, person: Any, by: Any, at: datetime
) -> None:
    """The attention of a ticket: its wait from the arrival, or from the appointment's time, to the start."""
    begun = ticket.started_at or ended
    since = min(max(ticket.arrived_at, ticket.due_at) if ticket.due_at else ticket.arrived_at, begun)
    waited, served = ((late - early).total_seconds() / 60 for early, late in ((since, begun), (begun, ended)))
    point = queue.service_point
    ticket.attention = attentions.record_attention(
        content=AttentionContent(
            service_point=point,
            channel=appointments.CHANNELS[point.Kind(point.kind)],
            matter=matter,
            outcome=outcome,
            ended_at=ended,
            wait_minutes=waited if waited <= LONGEST_MINUTES else None,
            service_minutes=served if outcome != Outcome.NOT_RECORDED and served <= LONGEST_MINUTES else None,
            preferential=ticket.preferential,
            person=person,
            external_id=f"{ticket.code} {ticket.day.isoformat()}",
        ),
        source=AttentionSource.QUEUE,
        clerk=ticket.clerk,
        by=by,
        at=at,
    )
    ticket.matter, ticket.ended_at = matter, ended
    ticket.save(by_verb=True)
    if ticket.appointment is not None:
        appointments.note_served(appointment=ticket.appointment, attention=ticket.attention, by=by, at=at)


def _end_unserved(ticket: Ticket, state: TicketState, by: Any, at: datetime) -> None:
    move_to(ticket, state)
    ticket.ended_at = at
    if state == TicketState.NO_SHOW and ticket.appointment and at >= ticket.appointment.starts_at:
        with suppress(ClosedToChange):
            appointments.miss(appointment=ticket.appointment, by=by, at=at)


def _some_matter(ticket: Ticket) -> Matter:
    """What a kind stands for first of all: the best that is known where nobody said it."""
    found = ticket.kind.matters.order_by("position", "pk").first()
    assert found is not None
    return found
