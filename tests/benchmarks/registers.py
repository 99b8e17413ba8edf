"""Registers at size: rows of many years in one municipality, the hardest case, without going through the verbs.

Rows go back from today, one every few minutes, so that few and many fill the newest page alike.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

ATTENTION_EVERY = timedelta(minutes=2)  # a million in four years
COMPLAINT_EVERY = timedelta(minutes=20)  # a hundred thousand in four years
# Every second one of the newest waits: years add to the register and not to what is left to do.
HALF_OPEN = 1_000


def place() -> Any:
    """A municipality of the data that has a service point."""
    from portal.foundation.territories.models import Territory

    return Territory.objects.municipalities().filter(service_points__is_active=True).order_by("pk").first()


def today() -> date:
    """The day there."""
    from django.utils import timezone

    return timezone.localdate(timezone=place().zone)


def url(name: str, *arguments: Any, query: str = "") -> str:
    from django.urls import reverse

    return reverse(name, args=arguments) + (f"?{query}" if query else "")


def client_of(role: str, territory: Any) -> Any:
    """A browser of somebody new who holds ``role`` there."""
    from django.test import Client

    from portal.foundation.people.models import RoleAssignment, User
    from tests.factories.people import LONG_AGO, sign_in

    user = User.objects.create(email=f"carga-{role}@demo.example", name="Carga", password="!")
    RoleAssignment.objects.create(user=user, role=role, territory=territory, starts_on=LONG_AGO)
    return sign_in(Client(HTTP_HOST="localhost"), user)


def make_attentions(begin: int, count: int) -> None:
    """Attentions of a counter, with the sums that the verbs keep."""
    from django.utils import timezone

    from benefits_core.domain.tallies import Tally
    from benefits_core.models import Attention, Matter

    territory, now = place(), timezone.now()
    point = territory.service_points.filter(is_active=True).first()
    matters = list(Matter.objects.of_chain(territory)[:12])
    made = []
    for number in range(begin, begin + count):
        arrived = now - timedelta(minutes=30) - number * ATTENTION_EVERY
        wait = number * 37 % 3_000
        started = arrived + timedelta(seconds=wait % 1_200)
        made.append(
            Attention(
                service_point=point,
                territory=territory,
                channel="counter",
                day=arrived.astimezone(territory.zone).date(),
                arrived_at=arrived,
                started_at=started,
                ended_at=started + timedelta(minutes=8),
                wait_seconds=wait,
                service_seconds=480,
                matter=matters[number % len(matters)],
                preferential=number % 7 == 0,
                outcome="resolved" if number % 3 else "informed",
                recorded_at=arrived,
            )
        )
    Tally().put_in(Attention.objects.bulk_create(made)).write()


def make_complaints(begin: int, count: int) -> None:
    """Complaints: of the newest :data:`HALF_OPEN` every second one waits; the others were answered and closed."""
    from django.utils import timezone

    from surveys.models import Complaint, ComplaintMonth
    from surveys.queries.open311 import services

    territory, now = place(), timezone.now()
    categories = services()
    Complaint.objects.bulk_create(
        _complaint(number, territory, now, categories[number % len(categories)])
        for number in range(begin, begin + count)
    )
    days = {
        (now - number * COMPLAINT_EVERY).astimezone(territory.zone).date() for number in range(begin, begin + count)
    }
    for month in {day.replace(day=1) for day in days}:
        ComplaintMonth.objects.touch(territory.pk, month)


def _complaint(number: int, territory: Any, now: datetime, category: Any) -> Any:
    from surveys.models import Complaint

    received = now - number * COMPLAINT_EVERY
    day = received.astimezone(territory.zone).date()
    ended: dict[str, Any] = {"state": "in_study" if number % 3 else "received"}
    if number >= HALF_OPEN or number % 2:
        answered = received + timedelta(days=number % 40)
        ended = {
            "state": "closed",
            "answered_at": answered,
            "answered_on": answered.date(),
            "working_days": number % 40 * 5 // 7,
            "in_term": number % 10 > 0,
            "outcome": ("founded", "partly", "not_founded")[number % 3],
            "closed_at": answered,
            "cause": ("staffing", "procedure", "information")[number % 3],
            **({"satisfaction": number % 7 + 1, "rated_at": answered} if number % 4 == 0 else {}),
        }
    return Complaint(
        territory=territory,
        code=f"Z{number:09d}",
        kind=("complaint", "suggestion", "complaint", "enquiry")[number % 4],
        channel="web" if number % 2 else "counter",
        category=category,
        text=f"Esperé mucho y nadie me explicó nada. Caso {number}.",
        search_text=f"espere mucho y nadie me explico nada caso {number}",
        received_at=received,
        received_on=day,
        term_days=30,
        due_on=day + timedelta(days=42),
        **ended,
    )
