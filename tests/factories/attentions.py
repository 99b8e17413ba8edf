"""Attentions and what they need, brought there by the real verbs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from benefits_core.domain import appointments, attentions
from benefits_core.domain.attentions import AttentionContent
from benefits_core.enums import Channel, Outcome
from benefits_core.models import AgendaRule, Appointment, Attention, AttentionImport, Matter
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import ServicePoint, Territory
from tests.factories.people import user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory, ServicePointFactory

# A Monday, a little after noon in Chile's summer time.
NOW = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def clerk(municipality: Territory) -> User:
    return user_with_role(Role.TEAM_MEMBER, municipality)


def matter(*, territory: Territory | None = None, name: str = "", **fields: Any) -> Matter:
    """A national matter unless a territory is given."""
    key = uuid4().hex[:8]
    territory = territory or CountryFactory()
    return Matter.objects.create(territory=territory, key=key, name={"es": name or f"Materia {key}"}, **fields)


def content(**changes: Any) -> AttentionContent:
    """An attention at the counter that ended :data:`NOW`; ``changes`` replace its fields."""
    point: ServicePoint = changes.pop("service_point", None) or ServicePointFactory()
    values: dict[str, Any] = {
        "service_point": point,
        "channel": Channel.COUNTER,
        "matter": changes.pop("matter", None) or matter(),
        "outcome": Outcome.RESOLVED,
        "ended_at": NOW,
        "wait_minutes": 12,
        "service_minutes": 8,
    }
    return AttentionContent(**values | changes)


def attention(*, by: User | None = None, at: datetime = NOW, **changes: Any) -> Attention:
    """One in the register; ``municipality=`` places it at a new service point there."""
    municipality = changes.pop("municipality", None)
    if municipality is not None and "service_point" not in changes:
        changes["service_point"] = ServicePointFactory(territory=municipality)
    said = content(**{"ended_at": at, **changes})
    return attentions.record_attention(content=said, by=by or clerk(said.service_point.territory), at=at)


def open_attention(*, municipality: Territory | None = None, by: User | None = None, at: datetime = NOW) -> Attention:
    """One that has begun and not ended."""
    point = ServicePointFactory(territory=municipality or MunicipalityFactory())
    return attentions.start_attention(
        service_point=point, channel=Channel.COUNTER, matter=matter(), by=by or clerk(point.territory), at=at
    )


def batch(*, municipality: Territory, name: str = "turnos.csv", state: str = "done") -> AttentionImport:
    """A file of a queue machine, as if it had come so far."""
    point = ServicePointFactory(territory=municipality)
    return AttentionImport.objects.create(
        service_point=point,
        territory=municipality,
        state=state,
        file_name=name,
        sha256="0" * 64,
        header=["Turno", "Hora"],
        columns={"number": "Turno", "arrived_at": "Hora"},
        uploaded_by=clerk(municipality),
        uploaded_at=NOW,
    )


def agenda(
    *, point: ServicePoint | None = None, capacity: int = 1, online: bool = True, minutes: int = 20
) -> ServicePoint:
    """A service point that takes appointments on working days from nine to twelve."""
    point = point or ServicePointFactory()
    for weekday in range(5):
        AgendaRule.objects.create(
            service_point=point,
            weekday=weekday,
            starts_at=time(9),
            ends_at=time(12),
            slot_minutes=minutes,
            capacity=capacity,
            online=online,
            starts_on=date(2020, 1, 1),
        )
    return point


def slot(point: ServicePoint, day: date = date(2026, 3, 4), hour: int = 9, minute: int = 0) -> datetime:
    """A time of the agenda; by default the Wednesday after :data:`NOW`."""
    return datetime.combine(day, time(hour, minute), point.territory.zone)


def appointment(
    *,
    municipality: Territory | None = None,
    point: ServicePoint | None = None,
    starts_at: datetime | None = None,
    name: str = "Rosa Ñancupil",
    at: datetime = NOW,
    **fields: Any,
) -> Appointment:
    """Somebody booked alone, on the web, unless ``by`` says who did."""
    point = point or agenda(point=ServicePointFactory(territory=municipality) if municipality else None)
    booked = appointments.book(
        service_point=point,
        starts_at=starts_at or slot(point),
        matter=fields.pop("matter", None) or matter(),
        name=name,
        **{"by": None, "contact": "", **fields},
        at=at,
    )
    return booked.appointment
