"""Today's queue at the main office: numbers given, called, attended and waiting, up to this moment."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random

from benefits_core.domain import calls, desks, queue_days, queue_setup, tickets
from benefits_core.enums import Outcome, PriorityKind
from benefits_core.models import Matter, Queue, QueueKind
from benefits_core.queries.queues import kinds_of
from portal.demo.attentions import Office
from portal.demo.timeline import Timeline
from portal.foundation.people.models import User

# Letter, Spanish and English name, and the matters behind each button.
KINDS = (
    ("A", "Registro Social de Hogares", "Social Registry of Households", ("ingreso", "actualizacion", "integrantes")),
    ("B", "Corregir o completar datos", "Correct or complete data", ("rectificacion", "complemento", "domicilio")),
    (
        "C",
        "Cartola, estado y otras consultas",
        "Certificate, status and other questions",
        ("estado", "cartola", "otra"),
    ),
)
DESKS = ("1", "2")
SERVED, WAITING = 6, 5
PACE = timedelta(minutes=9)
MORNING = time(9, 30)
CLOSED_AT_ONCE = 500


def open_queue(*, office: Office, now: datetime, rng: Random) -> None:
    """A queue at the main office, the last working day there, and today's.

    It gives numbers at any hour, and somebody attends at any hour: whoever starts the demonstration in the
    evening or on a Sunday sees a queue at work. Every page says that the data are a demonstration.
    """
    zone = office.team.municipality.zone
    timeline = Timeline(now.astimezone(zone).year, now)
    if not timeline.worked:
        return
    morning = datetime.combine(timeline.worked[-1], MORNING, zone)
    queue = _set_up(office, morning.astimezone(UTC))
    _attend_some(queue, office.team.member, morning, PACE, rng)
    queue_days.close_some(queue=queue, day=morning.date(), at=morning + timedelta(hours=14), limit=SERVED)
    lay_today(queue=queue, clerk=office.team.member, now=now, rng=rng)


def lay_today(*, queue: Queue, clerk: User, now: datetime, rng: Random) -> None:
    """Numbers of today up to ``now``: some were attended, one is being attended, some wait."""
    local = now.astimezone(queue.territory.zone)
    midnight = datetime.combine(local.date(), time.min, local.tzinfo)
    # A little after midnight all of it fits into the minutes that the day has had.
    pace = min(PACE, (now - midnight) / (SERVED + 1))
    _attend_some(queue, clerk, now - pace * SERVED, pace, rng)
    for number in range(WAITING):
        _take(queue, now - pace * (WAITING - number) / WAITING, rng)


def renew(*, now: datetime, rng: Random) -> bool:
    """Lay today's queue where the demonstration was built on an earlier day; says whether it did.

    The clerk is who attended there last. What was left of the days before is closed first, as every night.
    """
    queue = Queue.objects.select_related("service_point__territory").order_by("pk").first()
    if queue is None:
        return False
    day = now.astimezone(queue.territory.zone).date()
    last = queue.tickets.filter(clerk__isnull=False).order_by("-day", "-called_at", "-pk").first()
    if last is None or queue.tickets.filter(day__gte=day).exists():
        return False
    while queue_days.close_some(queue=queue, day=day - timedelta(days=1), at=now, limit=CLOSED_AT_ONCE):
        pass
    lay_today(queue=queue, clerk=last.clerk, now=now, rng=rng)
    return True


def _set_up(office: Office, at: datetime) -> Queue:
    """The rule, the buttons and the counters, as the coordinator wants them."""
    by = office.team.coordinator
    queue = queue_setup.open_queue(service_point=office.points[0], by=by, at=at)
    queue = queue_setup.set_rule(
        queue=queue,
        is_open=True,
        in_hours=False,
        favored_turns=2,
        promised_minutes=None,
        chances=1,
        back_minutes=5,
        by=by,
        at=at,
    )
    offered = {matter.key: matter for matter in office.matters}
    for letter, name, name_en, keys in KINDS:
        matters = [offered[key] for key in keys]
        queue_setup.add_kind(queue=queue, letter=letter, name=name, name_en=name_en, matters=matters, by=by, at=at)
    for name in DESKS:
        queue_setup.add_desk(queue=queue, name=name, by=by, at=at)
    return queue


def _attend_some(queue: Queue, clerk: User, begins: datetime, pace: timedelta, rng: Random) -> None:
    """An hour at one counter: all but the last were attended, and the last one is being attended."""
    at, desk = begins, queue.desks.filter(is_active=True).order_by("name")[0]
    desks.take_desk(desk=desk, by=clerk, at=begins)
    for number in range(SERVED):
        _take(queue, at, rng)
        ticket = calls.call_next(desk=desk, by=clerk, at=at + pace / 9)
        assert ticket is not None
        calls.start(ticket=ticket, by=clerk, at=at + pace * 2 / 9)
        if number < SERVED - 1:
            outcome = rng.choice((Outcome.RESOLVED, Outcome.RESOLVED, Outcome.IN_PROCESS, Outcome.INFORMED))
            calls.finish(ticket=ticket, outcome=outcome, matter=_matter(ticket.kind, rng), by=clerk, at=at + pace)
        at += pace


def _take(queue: Queue, at: datetime, rng: Random) -> None:
    why = rng.choice([kind.value for kind in PriorityKind]) if rng.random() < 0.3 else ""
    tickets.issue(queue=queue, kind=rng.choice(list(kinds_of(queue))), priority_kind=why, by=None, at=at)


def _matter(kind: QueueKind, rng: Random) -> Matter:
    return rng.choice(list(kind.matters.order_by("position", "pk")))
