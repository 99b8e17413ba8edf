"""Counters of a queue: who sits where, pauses and goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from benefits_core.domain.queue_setup import locked
from benefits_core.domain.ticket_rows import in_hand, move_to, note_desk, send_back
from benefits_core.enums import TicketState
from benefits_core.errors import ClosedToChange
from benefits_core.models import Desk, Queue, Ticket
from benefits_core.queries.queues import today_at


@transaction.atomic
def take_desk(*, desk: Desk, by: Any, at: datetime) -> Desk:
    """Sit down at a counter; the one where ``by`` sat before is free.

    :raises ClosedToChange: out of use, somebody else sits there, or ``by`` attends somebody elsewhere.
    """
    queue = locked(desk.queue)
    desk = Desk.objects.select_for_update(of=("self",)).get(pk=desk.pk)
    is_of_today = desk.opened_at is not None and today_at(queue, desk.opened_at) == today_at(queue, at)
    if not desk.is_active or (desk.clerk_id not in (None, by.pk) and is_of_today):
        raise ClosedToChange(_("Somebody else is at that counter. Choose another."))
    if Ticket.objects.filter(clerk=by, state__in=(TicketState.CALLED, TicketState.SERVING)).exclude(desk=desk).exists():
        raise ClosedToChange(_("Finish with the person whom you called first."))
    Desk.objects.filter(clerk=by).exclude(pk=desk.pk).update(clerk=None, opened_at=None, paused_at=None)
    desk.clerk, desk.opened_at, desk.paused_at = by, at, None
    try:
        with transaction.atomic():
            desk.save(update_fields=["clerk", "opened_at", "paused_at"])
    except IntegrityError as error:
        raise ClosedToChange(_("You have just sat down at another counter.")) from error
    note_desk(verb="take_desk", desk=desk, queue=queue, by=by, at=at)
    return desk


@transaction.atomic
def pause_desk(*, desk: Desk, by: Any, at: datetime) -> Desk:
    """Call nobody for a while; estimates count without this counter.

    :raises ClosedToChange: not one's own, or somebody is called or attended there.
    """
    queue, desk = own_desk(desk, by)
    _check_free(by)
    desk.paused_at = desk.paused_at or at
    desk.save(update_fields=["paused_at"])
    note_desk(verb="pause_desk", desk=desk, queue=queue, by=by, at=at)
    return desk


@transaction.atomic
def resume_desk(*, desk: Desk, by: Any, at: datetime) -> Desk:
    """Go on calling.

    :raises ClosedToChange: not one's own.
    """
    queue, desk = own_desk(desk, by)
    desk.paused_at = None
    desk.save(update_fields=["paused_at"])
    note_desk(verb="resume_desk", desk=desk, queue=queue, by=by, at=at)
    return desk


@transaction.atomic
def leave_desk(*, desk: Desk, by: Any, at: datetime) -> Desk:
    """Leave the counter to whoever comes next.

    :raises ClosedToChange: not one's own, or somebody is called or attended there.
    """
    queue, desk = own_desk(desk, by)
    _check_free(by)
    return _freed(desk, queue, "leave_desk", by, at)


@transaction.atomic
def free_desk(*, desk: Desk, by: Any, at: datetime) -> Desk:
    """Free a counter that somebody left without saying so: the coordinator's verb.

    Whoever was called there waits again, in the order of before; whom the clerk attends stays the clerk's.
    """
    queue = locked(desk.queue)
    desk = Desk.objects.get(pk=desk.pk)
    for ticket in Ticket.objects.filter(desk=desk, state=TicketState.CALLED):
        move_to(ticket, TicketState.WAITING)
        send_back(ticket)
        ticket.save(by_verb=True)
    return _freed(desk, queue, "free_desk", by, at)


def own_desk(desk: Desk, by: Any) -> tuple[Queue, Desk]:
    queue = locked(desk.queue)
    desk = Desk.objects.select_for_update(of=("self",)).prefetch_related("kinds").get(pk=desk.pk)
    if desk.clerk_id != by.pk:
        raise ClosedToChange(_("You are not at this counter any more. Choose your counter again."))
    return queue, desk


def _check_free(by: Any) -> None:
    if in_hand(by):
        raise ClosedToChange(_("Finish with the person whom you called first."))


def _freed(desk: Desk, queue: Queue, verb: str, by: Any, at: datetime) -> Desk:
    desk.clerk = desk.opened_at = desk.paused_at = None
    desk.save(update_fields=["clerk", "opened_at", "paused_at"])
    note_desk(verb=verb, desk=desk, queue=queue, by=by, at=at)
    return desk
