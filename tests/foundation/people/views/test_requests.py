"""Those who answer: the list with its terms, one request with what would be erased, and the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.foundation.audit.models import AuditEvent
from portal.foundation.people import privacy
from portal.foundation.people.domain import requests
from portal.foundation.people.models import DataRequest, Person, RetentionRun, User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from tests.factories.people import UserFactory, sign_in, user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db
LIST = "privacy:request_list"


@pytest.fixture
def here() -> Territory:
    return MunicipalityFactory(name="Quirihue")


@pytest.fixture
def dideco(client: Client, here: Territory) -> User:
    user = user_with_role(Role.DIDECO, here)
    sign_in(client, user)
    return user


def text(response: Any) -> str:
    return response.content.decode()


def request_at(place: Territory, *, kind: str = "erasure", days_ago: int = 0, name: str = "Rosa") -> DataRequest:
    person = Person.objects.create(given_names=name, family_names="Reservada", territory=place)
    subject = privacy.load("people.person", str(person.pk))
    assert subject is not None
    return requests.open_request(
        subject=subject, kind=kind, text="Mi texto", by=None, at=timezone.now() - timedelta(days=days_ago)
    )


def test_the_list_names_nobody_and_shows_the_most_urgent_first(client: Client, dideco: User, here: Territory) -> None:
    soon, late = request_at(here), request_at(here, kind="objection", days_ago=40)
    elsewhere = request_at(MunicipalityFactory())

    page = text(client.get(reverse(LIST)))

    assert page.index(late.number) < page.index(soon.number)
    assert "Atrasad" in page
    assert [said for said in (elsewhere.number, "Reservada", "Mi texto") if said in page] == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"soon", "late"}),
        ({"estado": ""}, {"soon", "late", "closed"}),
        ({"estado": "withdrawn"}, {"closed"}),
        ({"tipo": "objection"}, {"late"}),
        ({"vencidas": "on"}, {"late"}),
        ({"numero": "{soon}"}, {"soon"}),
        ({"numero": "x' OR 1=1"}, set()),
        ({"numero": "9" * 20}, set()),
        ({"pagina": "-3"}, {"soon", "late"}),
        ({"estado": "no-such"}, {"soon", "late"}),
    ],
)
def test_filters(client: Client, dideco: User, here: Territory, query: dict[str, str], shown: set[str]) -> None:
    rows = {
        "soon": request_at(here),
        "late": request_at(here, kind="objection", days_ago=40),
        "closed": requests.withdraw_request(request=request_at(here), by=None, at=timezone.now()),
    }
    asked = {key: value.format(soon=rows["soon"].number.lower()) for key, value in query.items()}

    page = text(client.get(reverse(LIST), asked))

    assert {name for name, row in rows.items() if f">{row.number}<" in page} == shown


def test_the_list_costs_the_same_for_one_and_for_three(
    client: Client, dideco: User, here: Territory, constant_queries: Callable[..., int]
) -> None:
    assert constant_queries(client, reverse(LIST), lambda: request_at(here)) <= 12


def test_one_request_says_who_and_what_would_go_and_is_a_look(client: Client, dideco: User, here: Territory) -> None:
    request = request_at(here)

    page = text(client.get(reverse("privacy:request", args=[request.pk])))

    look = AuditEvent.objects.get(verb="look")
    assert ("Rosa Reservada" in page, "Mi texto" in page) == (True, True)
    assert "Su nombre en el registro de personas atendidas" in page
    assert (look.object_type, look.object_id, look.by_user_id) == ("people.datarequest", str(request.pk), dideco.pk)
    assert look.purpose


def test_an_erasure_is_granted_and_the_list_of_what_stays_is_shown(
    client: Client, dideco: User, here: Territory
) -> None:
    request = request_at(here)
    address = reverse("privacy:request_answer", args=[request.pk])

    asked = text(client.get(address))
    done = client.post(address, {"grant": "yes", "answer": "Borramos su nombre."}, follow=True)

    page = text(done)
    assert "no se puede recuperar" in asked
    assert ("Hecho en parte" in page, "Borramos su nombre." in page) == (True, True)
    assert Person.objects.get().erased_at is not None


def test_a_refusal_needs_words_and_keeps_what_was_typed(client: Client, dideco: User, here: Territory) -> None:
    request = request_at(here, kind="rectification")
    address = reverse("privacy:request_answer", args=[request.pk])

    without = client.post(address, {"grant": "no", "answer": ""})
    undecided = client.post(address, {"answer": "Mis motivos"})
    client.post(address, {"grant": "no", "answer": "Está bien escrito"})
    twice = client.post(address, {"grant": "yes", "answer": "Otra"})

    assert (without.status_code, "Mis motivos" in text(undecided)) == (200, True)
    assert "ya se cerró" in text(twice)
    assert DataRequest.objects.get().outcome == "refused"


def test_the_term_is_made_longer_on_its_page(client: Client, dideco: User, here: Territory) -> None:
    request = request_at(here)

    client.post(reverse("privacy:request_extend", args=[request.pk]), {"reason": "Buscamos en el archivo"})

    page = text(client.get(reverse("privacy:request", args=[request.pk])))
    assert "Buscamos en el archivo" in page
    assert reverse("privacy:request_extend", args=[request.pk]) not in page


def test_what_is_asked_at_the_counter_is_taken_down(client: Client, dideco: User, here: Territory) -> None:
    person = user_with_role(Role.TEAM_MEMBER, here, user=UserFactory(name="Ana Soto"))

    client.post(
        reverse("privacy:request_take", args=[person.pk]), {"kind": "rectification", "text": "Mi apellido es Sotto"}
    )

    request = DataRequest.objects.get()
    assert (request.channel, request.created_by, request.subject_id) == ("counter", dideco, str(person.pk))


def test_looking_at_accounts_is_recorded_for_each_of_the_others(client: Client, dideco: User, here: Territory) -> None:
    others = [user_with_role(Role.TEAM_MEMBER, here) for _each in range(3)]

    client.get(reverse("people:list"))
    client.get(reverse("people:show", args=[others[0].pk]))
    client.get(reverse("people:show", args=[dideco.pk]))

    looks = AuditEvent.objects.filter(verb="look", by_user_id=dideco.pk, object_type="people.user")
    assert sorted(looks.values_list("object_id", flat=True)) == sorted(
        [str(others[0].pk), *(str(person.pk) for person in others)]
    )
    assert all(look.purpose for look in looks)


# --- Terms


def test_the_national_team_sees_every_term_and_applies_them(
    client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    by = user_with_role(Role.NATIONAL_TEAM, CountryFactory())
    sign_in(client, by)

    before = text(client.get(reverse("privacy:retention")))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("privacy:retention_apply"))
    after = text(client.get(reverse("privacy:retention")))

    for rule in privacy.rules():
        assert [said for said in (rule.label, rule.term, rule.basis) if str(said) not in before] == []
    assert "Aún no" in before
    assert "Aún no" not in after
    assert set(RetentionRun.objects.values_list("state", "by_id")) == {("done", by.pk)}
