"""Keys of applications, and what these send."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from surveys.domain import open311 as domain
from surveys.domain.complaints import Complained, Received
from surveys.domain.open311 import IssuedKey, Place
from surveys.enums import ComplaintChannel
from tests.factories.complaints import category
from tests.factories.people import user_with_role
from tests.factories.territories import CountryFactory

SENT_TEXT = "Esperé dos horas y nadie me atendió."
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def issued_key(name: str = "Barrio al Día", **fields: Any) -> IssuedKey:
    values = {"holder": "Junta de Vecinos", "email": "app@example.cl", "hourly_limit": 60, **fields}
    return domain.issue_key(name=name, by=user_with_role(Role.NATIONAL_TEAM, CountryFactory()), at=NOW, **values)


def sent(territory: Territory, text: str = "Esperé dos horas.", *, key: Any = None, at: datetime = NOW) -> Received:
    """A complaint by an application."""
    content = Complained(kind="complaint", channel=ComplaintChannel.OPEN311, text=text, category=category())
    return domain.receive_from_application(
        key=(key or issued_key(f"App de {text}")).key,
        territory=territory,
        content=content,
        place=Place(address="Plaza de Armas"),
        dedupe_key=f"test:{text}",
        at=at,
    )


def send(api: Any, **fields: Any) -> Any:
    """What a client posts where nothing else is said."""
    return api.post(**{"service_code": "R09", "description": SENT_TEXT, "address_string": "Plaza de Armas", **fields})
