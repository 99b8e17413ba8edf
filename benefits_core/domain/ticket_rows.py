"""What every verb on a number of the queue does: lock it, move its state by the table, note it down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from benefits_core.enums import TICKET_TRANSITIONS, TicketState
from benefits_core.errors import ClosedToChange
from benefits_core.models import Desk, Queue, Ticket
from portal.foundation.audit.domain import record


def fresh(ticket: Ticket) -> Ticket:
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("kind", "territory", "appointment", "matter")
    return rows.get(pk=ticket.pk)


def in_hand(by: Any) -> Ticket | None:
    return Ticket.objects.filter(clerk=by, state__in=(TicketState.CALLED, TicketState.SERVING)).first()


def move_to(ticket: Ticket, state: TicketState) -> None:
    if state not in TICKET_TRANSITIONS[ticket.state]:
        raise ClosedToChange(not_now(ticket))
    ticket.state = state


def not_now(ticket: Ticket) -> str:
    return _("%(code)s is «%(state)s», so this is not possible now.") % {
        "code": ticket.code,
        "state": ticket.get_state_display(),
    }


def send_back(ticket: Ticket) -> None:
    ticket.desk = ticket.clerk = None
    ticket.started_at = ticket.ready_at = None


def note(*, verb: str, ticket: Ticket, by: Any, at: datetime) -> None:
    record(verb=f"benefits_core.{verb}", object=ticket, by=by, at=at, territory=ticket.territory)


def note_desk(*, verb: str, desk: Desk, queue: Queue, by: Any, at: datetime) -> None:
    record(verb=f"benefits_core.{verb}", object=desk, by=by, at=at, territory=queue.territory)
