"""Whoever answers a rectification puts the data right; others cannot, and nothing is right by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.foundation.audit.models import AuditEvent
from portal.foundation.people import privacy
from portal.foundation.people.domain import persons, requests
from portal.foundation.people.errors import PeopleError
from portal.foundation.people.models import DataRequest, Person, User
from portal.foundation.people.queries import person_with
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from tests.factories.people import UserFactory, sign_in, user_with_role
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
WRONG, RIGHT, OTHERS = "12.345.678-5", "11.111.111-1", "9.999.999-3"


@pytest.fixture
def here() -> Territory:
    return MunicipalityFactory(name="Quirihue")


@pytest.fixture
def dideco(client: Client, here: Territory) -> User:
    user = user_with_role(Role.DIDECO, here)
    sign_in(client, user)
    return user


@pytest.fixture
def rosa(here: Territory) -> Person:
    at = timezone.now()
    person = persons.register_person(given_names="Rsoa", family_names="Mira", territory=here, by=None, at=at)
    persons.identify_person(person=person, scheme="cl_run", value=WRONG, by=None, at=at)
    person.user = UserFactory(email="rosa@example.cl")
    person.save()
    return person


def asked(person: Person, kind: str = "rectification") -> DataRequest:
    subject = privacy.load("people.person", str(person.pk))
    assert subject is not None
    return requests.open_request(subject=subject, kind=kind, text="Está mal", by=None, at=timezone.now())


def granted(person: Person, by: User, *, grant: bool = True) -> DataRequest:
    return requests.answer_request(request=asked(person), grant=grant, answer="Sí.", by=by, at=timezone.now())


def address(request: DataRequest) -> str:
    return reverse("privacy:request_correct", args=[request.pk])


def values(**changes: str) -> dict[str, Any]:
    day = {"birth_date_0": "", "birth_date_1": "", "birth_date_2": ""}
    return {"given_names": "Rosa", "family_names": "Mira", "run": "", **day, **changes}


def test_a_granted_request_is_carried_out_told_and_recorded_without_values(
    client: Client, dideco: User, rosa: Person, django_capture_on_commit_callbacks: Any
) -> None:
    request = granted(rosa, dideco)
    assert address(request) in client.get(reverse("privacy:request", args=[request.pk])).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        birth = {"birth_date_0": "7", "birth_date_1": "3", "birth_date_2": "1980"}
        client.get(address(request))
        answer = client.post(address(request), values(run=RIGHT, **birth))

    rosa.refresh_from_db()
    assert answer.url == reverse("privacy:request", args=[request.pk])
    assert (rosa.given_names, rosa.birth_date) == ("Rosa", date(1980, 3, 7))
    assert person_with(scheme="cl_run", value=RIGHT, user=dideco) == rosa
    assert person_with(scheme="cl_run", value=WRONG, user=dideco) is None
    event = AuditEvent.objects.get(verb="people.correct_person")
    assert event.detail == {"fields": ["given_names", "birth_date", "run"], "request": request.number}
    assert AuditEvent.objects.filter(verb="look", object_id=str(rosa.pk), by_user_id=dideco.pk).exists()
    told = [each for each in mail.outbox if each.subject == f"Corregimos sus datos (solicitud {request.number})"]
    assert [each.to for each in told] == [["rosa@example.cl"]]


def test_it_may_be_put_right_before_the_answer(client: Client, dideco: User, rosa: Person) -> None:
    client.post(address(asked(rosa)), values())

    rosa.refresh_from_db()
    assert rosa.given_names == "Rosa"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"given_names": "  "}, "Escriba una respuesta."),
        ({"given_names": "Rsoa"}, "Nada es distinto de lo que tenemos."),
        ({"run": "1-1"}, "Este número no es válido."),
        ({"run": OTHERS}, "Otra persona ya tiene este número."),
        ({"birth_date_0": "1", "birth_date_1": "1", "birth_date_2": "2999"}, "no puede estar en el futuro"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    client: Client, dideco: User, rosa: Person, here: Territory, changes: dict[str, str], message: str
) -> None:
    other = Person.objects.create(given_names="Ana", territory=here)
    persons.identify_person(person=other, scheme="cl_run", value=OTHERS, by=None, at=timezone.now())

    page = client.post(address(asked(rosa)), values(**changes)).content.decode()

    rosa.refresh_from_db()
    assert message in page
    assert rosa.given_names == "Rsoa"
    assert rosa.identifiers.get().value.endswith("5")
    assert not AuditEvent.objects.filter(verb="people.correct_person").exists()


def test_what_was_refused_or_asks_for_something_else_is_no_way_in(client: Client, dideco: User, rosa: Person) -> None:
    for request in (granted(rosa, dideco, grant=False), asked(rosa, kind="objection")):
        assert client.get(address(request)).status_code == 404
        with pytest.raises(PeopleError):
            requests.correct_subject(
                request=request,
                given_names="Otra",
                family_names="",
                birth_date=None,
                by=dideco,
                at=timezone.now() + timedelta(days=1),
            )
    rosa.refresh_from_db()
    assert rosa.given_names == "Rsoa"


def test_another_municipality_does_not_find_it(client: Client, rosa: Person) -> None:
    sign_in(client, user_with_role(Role.DIDECO, MunicipalityFactory()))

    assert client.post(address(asked(rosa)), values()).status_code == 404
