"""An agenda in every municipality, and who is expected in the next days."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import islice
from random import Random

from benefits_core.domain import agendas, appointments
from benefits_core.queries.appointments import days_to_book
from portal.demo.attentions import Office

NAMES = (
    "Rosa Ñancupil",
    "Luis Painemal",
    "Carmen Soto",
    "José Huenchullán",
    "María Olivares",
    "Pedro Aguilera",
    "Ana Quilodrán",
    "Hugo Tapia",
)
CONTACT = "vecina@demo.example"
DAYS, FEW, MANY = 3, 2, 6


def open_agenda(*, office: Office, since: datetime) -> None:
    """The main office attends by appointment in the mornings, the telephone desk on two afternoons."""
    first: date = since.astimezone(office.team.municipality.zone).date()
    main, _rural, telephone = office.points[:3]
    for point, weekdays, begins, ends, persons in (
        (main, range(5), time(9), time(12), 2),
        (telephone, (1, 3), time(12), time(13, 30), 1),
    ):
        agendas.add_rules(
            service_point=point,
            weekdays=list(weekdays),
            starts_at=begins,
            ends_at=ends,
            slot_minutes=20 if point == main else 15,
            capacity=persons,
            online=True,
            starts_on=first,
            by=office.team.coordinator,
            at=since,
        )


def book(*, office: Office, at: datetime, rng: Random, is_main: bool) -> int:
    """Neighbors who booked on the last working day for the days that come; returns how many."""
    point = office.points[0]
    free = [offer for offers in islice(days_to_book(point, at).values(), DAYS) for offer in offers]
    wanted = rng.sample(free, min(MANY if is_main else FEW, len(free)))
    for number, offer in enumerate(sorted(wanted, key=lambda offer: offer.starts_at)):
        appointments.book(
            service_point=point,
            starts_at=offer.starts_at,
            matter=rng.choice(office.matters),
            name=NAMES[number % len(NAMES)],
            contact=CONTACT if number == 0 else "",
            preferential=number % 3 == 0,
            by=None if number % 2 else office.team.member,
            at=at,
        )
    return len(wanted)
