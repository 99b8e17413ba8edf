"""The end of a day at a queue: what is left is closed, and what was kept for the day is erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from benefits_core.domain.calls import settle
from benefits_core.domain.queue_setup import locked
from benefits_core.domain.ticket_rows import note_desk
from benefits_core.domain.tickets import message_key
from benefits_core.models import Desk, Queue, Ticket
from portal.foundation.jobs import domain as jobs
from portal.foundation.messages import domain as messages
from portal.foundation.messages.models import Message

CLOSE = "benefits_core.close_queue_day"


def close_past(*, at: datetime) -> int:
    """Ask for the closing of every day that is over where something is left; returns how many.

    Asking again within the hour asks for the same work, and doing it again changes nothing.
    """
    days: dict[int, date] = {}
    for queue, day, place in _left_over():
        if day < at.astimezone(place).date():
            days[queue] = max(day, days.get(queue, day))
    for queue, day in days.items():
        jobs.enqueue(
            kind=CLOSE,
            payload={"queue": queue, "day": day.isoformat()},
            at=at,
            dedupe_key=f"{CLOSE}:{queue}:{day.isoformat()}:{at:%Y%m%d%H}",
        )
    return len(days)


@transaction.atomic
def close_some(*, queue: Queue, day: date, at: datetime, limit: int) -> int:
    """Close at most ``limit`` of what is left up to ``day``; returns how many. Run again it finds less."""
    done = _settle(due_of(queue, day)[:limit], at)
    if done < limit:
        _free_desks(queue, day, at)
    return done


def due_of(queue: Queue, day: date) -> QuerySet[Ticket]:
    """What is not closed yet of a queue's days up to ``day``."""
    return Ticket.objects.filter(queue=queue, day__lte=day, settled_at__isnull=True).order_by("pk")


def due(at: datetime) -> QuerySet[Ticket]:
    """What is not closed yet of days that are over everywhere."""
    return Ticket.objects.filter(day__lt=(at - timedelta(days=1)).date(), settled_at__isnull=True).order_by("pk")


def count_due(at: datetime) -> int:
    return due(at).count()


@transaction.atomic
def forget_due(*, at: datetime, limit: int) -> int:
    """Close what the jobs did not come to; returns how many."""
    return _settle(due(at)[:limit], at)


def _settle(tickets: QuerySet[Ticket], at: datetime) -> int:
    """Close numbers, and erase telephones with their messages and why somebody had priority; that it was so stays."""
    rows = list(tickets)
    for ticket in rows:
        settle(ticket=ticket, at=at)
    keys = [message_key(ticket) for ticket in rows if ticket.encrypted_contact]
    messages.erase_texts(Message.objects.filter(dedupe_key__in=keys))
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in rows]).update(
        encrypted_contact="", priority_kind="", settled_at=at
    )
    return len(rows)


def _free_desks(queue: Queue, day: date, at: datetime) -> None:
    """Nobody sits at a counter from one day to the next."""
    queue = locked(queue)
    zone = queue.territory.zone
    for desk in Desk.objects.filter(queue=queue, opened_at__isnull=False):
        assert desk.opened_at is not None
        if desk.opened_at.astimezone(zone).date() <= day:
            desk.clerk = desk.opened_at = desk.paused_at = None
            desk.save(update_fields=["clerk", "opened_at", "paused_at"])
            note_desk(verb="free_desk", desk=desk, queue=queue, by=None, at=at)


def _left_over() -> Iterable[tuple[int, date, ZoneInfo]]:
    """Queue, day and time zone of every day that has something left to close; two queries."""
    tickets = Ticket.objects.filter(settled_at__isnull=True).order_by()
    found = set(tickets.values_list("queue_id", "day", "territory__time_zone").distinct())
    for desk in Desk.objects.filter(opened_at__isnull=False).select_related("queue__service_point__territory"):
        assert desk.opened_at is not None
        territory = desk.queue.territory
        found.add((desk.queue_id, desk.opened_at.astimezone(territory.zone).date(), territory.time_zone))
    return [(queue, day, ZoneInfo(zone)) for queue, day, zone in sorted(found)]
