"""Daily reminders: everybody with pressing work hears once, whatever happens to the worker."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.dashboards.domain import reminders
from portal.dashboards.queries import tasks
from portal.foundation.clocks.due import WorkItem
from portal.foundation.jobs import domain as jobs
from portal.foundation.jobs.models import Job, JobState
from portal.foundation.messages.models import Message
from portal.foundation.people.models import RoleAssignment, User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from tests.factories.people import LONG_AGO, UserFactory, user_with_role
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
# A Monday.
TODAY = date(2026, 3, 23)
AT = datetime(2026, 3, 23, 11, tzinfo=UTC)


def item(due_on: date | None, title: str = "Responder") -> WorkItem:
    return WorkItem(f"test:{title}", title, "", "/x/", due_on, "Alfa")


@pytest.fixture
def place() -> Territory:
    return MunicipalityFactory(name="Alfa")


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> dict[int, list[WorkItem]]:
    """User id → work; under 0, everybody's."""
    work: dict[int, list[WorkItem]] = {}
    monkeypatch.setattr(tasks, "SOURCES", (lambda user, today: work.get(user.pk, work.get(0, [])),))
    return work


def run(job: Job, at: datetime = AT) -> Job:
    jobs.run(job_id=job.pk, now=lambda: at)
    job.refresh_from_db()
    return job


def many_users(place: Territory, count: int) -> list[User]:
    users = User.objects.bulk_create(User(email=f"u{number}@muni.example.cl") for number in range(count))
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=user, role=Role.TEAM_MEMBER, territory=place, starts_on=LONG_AGO) for user in users
    )
    return users


def test_only_who_has_pressing_work_hears_and_only_staff(place: Territory, waiting: dict[int, list[WorkItem]]) -> None:
    late, soon, later, idle = (user_with_role(Role.TEAM_MEMBER, place) for _number in range(4))
    gone = user_with_role(Role.TEAM_MEMBER, place, user=UserFactory(is_active=False))
    former = user_with_role(Role.TEAM_MEMBER, place, ends_on=TODAY - timedelta(days=1))
    citizen = user_with_role(Role.CITIZEN, place)
    waiting |= {user.pk: [item(TODAY)] for user in (soon, gone, former, citizen)}
    waiting[late.pk] = [item(TODAY - timedelta(days=1))]
    waiting[later.pk] = [item(TODAY + timedelta(days=30)), item(None)]
    waiting[idle.pk] = []

    run(reminders.remind_everybody(on=TODAY, at=AT))

    assert set(Message.objects.values_list("recipient_id", flat=True)) == {late.pk, soon.pk}


def test_the_message_says_what_and_where_in_the_readers_language(
    place: Territory, waiting: dict[int, list[WorkItem]]
) -> None:
    spanish = user_with_role(Role.COORDINATOR, place, user=UserFactory(name="Rosa Díaz"))
    english = user_with_role(Role.COORDINATOR, place, user=UserFactory(name="Ann Doe", language="en"))
    waiting[0] = [item(TODAY - timedelta(days=1), f"Tarea {number}") for number in range(12)]

    run(reminders.remind_everybody(on=TODAY, at=AT))

    texts = {message.recipient_id: message for message in Message.objects.all()}
    body = texts[spanish.pk].body
    assert texts[spanish.pk].subject == "Mejora: 12 tareas le esperan"
    assert "Hola, Rosa:" in body
    assert body.count("- Tarea") == 10
    assert "Y 2 más." in body
    assert "/tareas/" in body
    assert texts[english.pk].subject == "Mejora: 12 tasks need you"
    assert "/en/tareas/" in texts[english.pk].body


def test_the_message_says_what_each_task_is_and_that_the_day_is_its_last(
    place: Territory, waiting: dict[int, list[WorkItem]]
) -> None:
    user_with_role(Role.DIDECO, place)
    late, soon = TODAY - timedelta(days=3), TODAY + timedelta(days=1)
    waiting[0] = [
        WorkItem("a", "Responder 9HX2Y YPP3H", "Reclamo", "/x/", late, "Quilpué"),
        WorkItem("b", "Hito: cotizar", "Sala de espera", "/y/", soon, "Quilpué"),
    ]

    run(reminders.remind_everybody(on=TODAY, at=AT))

    body = Message.objects.get().body
    assert "1 tarea está atrasada. 1 tarea vence pronto." in body
    assert "- Responder 9HX2Y YPP3H (Reclamo) · Quilpué · venció el 20 de marzo de 2026" in body
    assert "- Hito: cotizar (Sala de espera) · Quilpué · vence el 24 de marzo de 2026" in body


def test_asking_twice_on_a_day_sends_once_and_again_the_next_day(
    place: Territory, waiting: dict[int, list[WorkItem]]
) -> None:
    user_with_role(Role.DIDECO, place)
    waiting[0] = [item(TODAY)]

    first = run(reminders.remind_everybody(on=TODAY, at=AT))
    again = reminders.remind_everybody(on=TODAY, at=AT + timedelta(hours=1))
    assert (again.pk, Message.objects.count()) == (first.pk, 1)

    run(reminders.remind_everybody(on=TODAY + timedelta(days=1), at=AT + timedelta(days=1)), AT + timedelta(days=1))
    assert Message.objects.count() == 2


def test_of_five_hundred_none_is_lost_and_none_hears_twice_when_workers_die(
    place: Territory, waiting: dict[int, list[WorkItem]], monkeypatch: pytest.MonkeyPatch
) -> None:
    users = many_users(place, 500)
    waiting[0] = [item(TODAY)]
    calls = Counter[str]()
    real = reminders.send

    def dying(**message):
        calls["sent"] += 1
        if calls["sent"] in (40, 41, 300):
            raise ConnectionError("the worker died in the middle of a chunk")
        return real(**message)

    monkeypatch.setattr(reminders, "send", dying)
    job = reminders.remind_everybody(on=TODAY, at=AT)
    at = AT
    for _attempt in range(6):
        job = run(job, at)
        at += timedelta(hours=1)

    recipients = Counter(Message.objects.values_list("recipient_id", flat=True))
    assert job.state == JobState.DONE
    assert recipients == Counter({user.pk: 1 for user in users})
