"""Today's queue at the main offices: numbers given, called, attended and waiting, up to this moment."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random

from benefits_core.domain import calls, desks, queue_days, queue_setup, tickets
from benefits_core.enums import Outcome, PriorityKind
from benefits_core.models import Desk, Matter, Queue, QueueKind
from portal.demo.attentions import Office
from portal.demo.timeline import Timeline
from portal.foundation.clocks.working_days import is_working_day

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
FIRST_ATTENDED, LAST_ATTENDED = time(9, 30), time(17, 30)


def open_queue(*, office: Office, now: datetime, rng: Random) -> int:
    """A queue at the main office, the last working day there, and today's; returns how many numbers were given.

    It gives numbers at any hour, so that the demonstration can be tried in the evening too. Outside
    office hours nobody attends: those who wait took their numbers at the kiosk.
    """
    team = office.team
    zone = team.municipality.zone
    timeline = Timeline(now.astimezone(zone).year, now)
    if not timeline.worked:
        return 0
    morning = datetime.combine(timeline.worked[-1], MORNING, zone)
    queue, kinds, desk = _set_up(office, morning.astimezone(UTC))
    _attend_some(queue, kinds, desk, office, morning, rng)
    queue_days.close_some(queue=queue, day=morning.date(), at=morning + timedelta(hours=14), limit=SERVED + WAITING)
    given = SERVED + WAITING
    local = now.astimezone(zone)
    begins = now - PACE * SERVED
    if is_working_day(local.date(), team.municipality) and FIRST_ATTENDED <= local.time() <= LAST_ATTENDED:
        _attend_some(queue, kinds, desk, office, begins, rng)
        given += SERVED
    for number in range(WAITING):
        _take(queue, kinds, now - timedelta(minutes=2 * (WAITING - number)), rng)
    return given + WAITING


def _set_up(office: Office, at: datetime) -> tuple[Queue, list[QueueKind], Desk]:
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
    kinds = [
        queue_setup.add_kind(
            queue=queue,
            letter=letter,
            name=name,
            name_en=name_en,
            matters=[offered[key] for key in keys],
            by=by,
            at=at,
        )
        for letter, name, name_en, keys in KINDS
    ]
    counters = [queue_setup.add_desk(queue=queue, name=name, by=by, at=at) for name in DESKS]
    return queue, kinds, counters[0]


def _attend_some(
    queue: Queue, kinds: list[QueueKind], desk: Desk, office: Office, begins: datetime, rng: Random
) -> None:
    """An hour at one counter: all but the last were attended, and the last one is being attended."""
    clerk, at = office.team.member, begins
    desks.take_desk(desk=desk, by=clerk, at=begins)
    for number in range(SERVED):
        _take(queue, kinds, at, rng)
        ticket = calls.call_next(desk=desk, by=clerk, at=at + timedelta(minutes=1))
        assert ticket is not None
        calls.start(ticket=ticket, by=clerk, at=at + timedelta(minutes=2))
        if number < SERVED - 1:
            outcome = rng.choice((Outcome.RESOLVED, Outcome.RESOLVED, Outcome.IN_PROCESS, Outcome.INFORMED))
            calls.finish(ticket=ticket, outcome=outcome, matter=_matter(ticket.kind, rng), by=clerk, at=at + PACE)
        at += PACE


def _take(queue: Queue, kinds: list[QueueKind], at: datetime, rng: Random) -> None:
    why = rng.choice([kind.value for kind in PriorityKind]) if rng.random() < 0.3 else ""
    tickets.issue(queue=queue, kind=rng.choice(kinds), priority_kind=why, by=None, at=at)


def _matter(kind: QueueKind, rng: Random) -> Matter:
    return rng.choice(list(kind.matters.order_by("position", "pk")))
