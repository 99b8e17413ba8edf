"""Lists that grow for years: a page costs the same with 1,000 rows as with 100,000."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from tests.benchmarks.framework import Bench, at_most, measure

FEW, MANY = 1_000, 100_000
BATCH = 5_000


class _Undo(Exception):
    """Ends the transaction that held the measure's rows."""


@contextmanager
def rows(make: Callable[[int, int], None], count: int) -> Iterator[None]:
    """``count`` more rows, for the duration of the measure only; ``make`` gets which is the first, and how many."""
    from django.db import connection, transaction

    try:
        with transaction.atomic():
            for begin in range(0, count, BATCH):
                make(begin, min(BATCH, count - begin))
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            yield
            raise _Undo
    except _Undo:
        pass


def national_client() -> object:
    from django.test import Client

    from portal.foundation.people.models import User
    from tests.factories.people import sign_in

    return sign_in(Client(HTTP_HOST="localhost"), User.objects.get(email="nacional@demo.example"))


def make_people(begin: int, count: int) -> None:
    """Accounts with a role in the municipalities of the data, without going through the verbs."""
    from portal.foundation.people.models import RoleAssignment, User
    from portal.foundation.people.roles import Role
    from portal.foundation.territories.models import Territory

    users = User.objects.bulk_create(
        User(email=f"carga{number}@demo.example", name=f"Persona {number}", password="!")
        for number in range(begin, begin + count)
    )
    places = list(Territory.objects.municipalities())
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=user, role=Role.TEAM_MEMBER, territory=places[n % len(places)], starts_on=date(2020, 1, 1))
        for n, user in enumerate(users)
    )


def make_events(begin: int, count: int) -> None:
    from django.utils import timezone

    from portal.foundation.audit.models import AuditEvent

    now = timezone.now()
    AuditEvent.objects.bulk_create(
        AuditEvent(at=now, verb="bench.row", object_type="bench.row", object_id=str(number), detail={})
        for number in range(begin, begin + count)
    )


def cost(bench: Bench, path: str, make: Callable[[int, int], None], count: int) -> tuple[float, int]:
    """Milliseconds and queries of ``path`` with ``count`` more rows."""
    with rows(make, count):
        client = national_client()

        def ask() -> None:
            response = client.get(path)  # type: ignore[attr-defined]
            assert response.status_code == 200, response.status_code

        return bench.milliseconds(ask), bench.queries(ask)


def register(name: str, path: str, make: Callable[[int, int], None]) -> None:
    @measure(f"{name}: queries at {MANY:,} rows", at_most(10, "queries"))
    def queries(bench: Bench) -> float:
        return cost(bench, path, make, MANY)[1]

    @measure(f"{name}: time at {MANY:,} rows over time at {FEW:,}", at_most(1.3, "×"))
    def ratio(bench: Bench) -> float:
        return cost(bench, path, make, MANY)[0] / cost(bench, path, make, FEW)[0]


register("List of people", "/personas/", make_people)
register("List of audit events", "/auditoria/registro/", make_events)
