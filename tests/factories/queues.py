"""Queues of service points and numbers taken there, brought about by the real verbs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from benefits_core.domain import calls, desks, queue_setup, tickets
from benefits_core.models import Desk, DeviceLink, Matter, Queue, QueueKind, Ticket
from portal.foundation.people.models import User
from portal.foundation.territories.models import ServicePoint, Territory
from tests.factories.attentions import NOW, clerk, matter
from tests.factories.territories import ServicePointFactory


def queue(
    *, municipality: Territory | None = None, point: ServicePoint | None = None, at: datetime = NOW, **rule: Any
) -> Queue:
    """One that gives numbers at any hour, with a button «A» and a counter «1»; ``rule`` changes its rule."""
    point = point or ServicePointFactory(**({"territory": municipality} if municipality else {}))
    made = queue_setup.open_queue(service_point=point, by=None, at=at)
    said = {
        "is_open": True,
        "in_hours": False,
        "favored_turns": 2,
        "promised_minutes": 30,
        "chances": 1,
        "back_minutes": 5,
    }
    made = queue_setup.set_rule(queue=made, **{**said, **rule}, by=None, at=at)
    kind(made)
    desk(made)
    return made


def kind(of: Queue, letter: str = "A", *, matters: list[Matter] | None = None, name: str = "") -> QueueKind:
    return queue_setup.add_kind(
        queue=of, letter=letter, name=name or f"Trámite {letter}", matters=matters or [matter()], by=None, at=NOW
    )


def desk(of: Queue, name: str = "1", **fields: Any) -> Desk:
    return queue_setup.add_desk(queue=of, name=name, by=None, at=NOW, **fields)


def ticket(of: Queue, *, at: datetime = NOW, of_kind: QueueKind | None = None, **fields: Any) -> Ticket:
    """A number taken at the kiosk."""
    chosen = of_kind or of.kinds.order_by("position").first()
    assert chosen is not None
    return tickets.issue(queue=of, kind=chosen, by=None, at=at, **fields)


def open_desk(of: Queue, name: str = "1", *, by: User | None = None, at: datetime = NOW) -> Desk:
    """A counter where somebody sits."""
    found = of.desks.filter(name=name).first() or desk(of, name)
    return desks.take_desk(desk=found, by=by or clerk(of.territory), at=at)


def called(of: Queue, *, at: datetime = NOW, by: User | None = None) -> Ticket:
    """A number that was called to counter «1» just now."""
    ticket(of, at=at)
    at_desk = open_desk(of, by=by, at=at)
    found = calls.call_next(desk=at_desk, by=at_desk.clerk, at=at)
    assert found is not None
    return found


def link(of: Queue, kind: str = "kiosk", **fields: Any) -> tuple[DeviceLink, str]:
    """A device and its token."""
    said = {"name": "Entrada", "by": clerk(of.territory), "at": NOW, **fields}
    issued = queue_setup.issue_link(queue=of, kind=kind, **said)
    return issued.link, issued.token


def called_anew(of: Queue, *, at: datetime = NOW) -> Ticket:
    """One more number, called to a counter of its own."""
    ticket(of, at=at)
    ticket(of, at=at)
    at_desk = open_desk(of, f"nuevo {of.desks.count()}", at=at)
    found = calls.call_next(desk=at_desk, by=at_desk.clerk, at=at)
    assert found is not None
    return found
