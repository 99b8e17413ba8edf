"""Invitations on the screen: numbers alone, one button with a question, and a way out for whoever wants none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.foundation.messages.models import Message
from portal.foundation.people.roles import Role
from surveys.domain import rounds
from surveys.enums import Audience
from surveys.models import Round, SurveyContact, SurveyMailing, SurveyOptOut
from surveys.views import invitations as views
from tests.factories import contacts as factory
from tests.factories import rounds as round_factory
from tests.factories.people import sign_in, user_with_role
from tests.factories.rounds import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("portal.foundation.jobs.domain._dispatch", lambda _job_id: None)
    with time_machine.travel(NOW, tick=False):
        yield


def lead(round: Round) -> Client:
    return sign_in(Client(), user_with_role(Role.COORDINATOR, round.territory))


def url(name: str, round: Round) -> str:
    return reverse(f"surveys:{name}", args=[round.pk])


def test_a_list_is_sent_and_every_row_that_is_wrong_is_told() -> None:
    round = round_factory.planned()
    client = lead(round)
    file = SimpleUploadedFile("vecinos.csv", b"contacto;canal\na@example.cl;presencial\nsecreto12;presencial\n")

    answer = client.post(url("contacts_add", round), {"file": file})

    shown = answer.content.decode()
    assert "Se agregó 1 contacto" in shown
    assert "No es un celular ni un correo." in shown
    assert "secreto12" not in shown and "a@example.cl" not in shown
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"contacto\n=1+1\n"])
def test_a_file_that_is_no_list_is_told_beside_its_field(content: bytes) -> None:
    round = round_factory.planned()
    answer = lead(round).post(url("contacts_add", round), {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.context["form"].errors["file"]
    assert not SurveyContact.objects.exists()


def test_invitations_are_shown_asked_for_once_more_sent_and_followed() -> None:
    round = round_factory.opened()
    client = lead(round)
    factory.add(round, 3)

    before = client.get(url("invitations", round))
    asked = client.get(url("invitations_send", round))
    client.post(url("invitations_send", round), {"revision": asked.context["form"]["revision"].value()})
    during = client.get(url("invitations", round))
    factory.work()
    after = client.get(url("invitations", round))

    assert before.context["found"].next == 3
    assert "3 personas, elegidas por sorteo" in asked.content.decode()
    assert during["Refresh"] == views.REFRESH_SECONDS
    assert "Refresh" not in after
    assert [one.written for one in after.context["found"].strata if one.stratum.channel == "in_person"] == [3]
    assert "vecina" not in after.content.decode()


def test_what_was_lost_is_counted_by_its_cause_alone() -> None:
    round = round_factory.opened()
    factory.add(round, 3)
    factory.invite(round)
    factory.work()
    Message.objects.update(state="undeliverable", reason="smtp_550", reported_at=NOW)

    answer = lead(round).get(url("invitations", round))

    assert answer.context["found"].lost == [("smtp_550", 3)]
    assert "La casilla no existe: 3" in answer.content.decode()


def test_a_reminder_says_from_when_it_can_go() -> None:
    round = round_factory.opened()
    factory.add(round, 3)
    factory.invite(round)
    factory.work()
    client = lead(round)

    assert url("reminders_send", round) not in client.get(url("invitations", round)).content.decode()
    with time_machine.travel(NOW + timedelta(days=6), tick=False):
        client = lead(round)
        assert url("reminders_send", round) in client.get(url("invitations", round)).content.decode()
        revision = client.get(url("reminders_send", round)).context["form"]["revision"].value()
        client.post(url("reminders_send", round), {"revision": revision})
    assert SurveyMailing.objects.filter(is_reminder=True).count() == 1


def test_somebody_else_who_sent_them_meanwhile_is_told() -> None:
    round = round_factory.opened()
    factory.add(round, 3)
    factory.invite(round)
    answer = lead(round).post(url("invitations_send", round), {"revision": 2})
    assert answer.context["form"].non_field_errors()


def test_a_team_has_no_invitations_and_neighbors_see_none() -> None:
    team = round_factory.opened(audience=Audience.TEAM)
    assert lead(team).get(url("invitations", team)).status_code == 404
    other = round_factory.planned()
    assert lead(other).get(url("invitations", team)).status_code == 404


def test_after_closing_the_page_says_that_contacts_are_gone() -> None:
    round = round_factory.opened()
    factory.add(round, 3)
    client = lead(round)
    rounds.close_round(round=round, by=None, at=NOW)

    shown = client.get(url("invitations", round)).content.decode()
    assert "sus contactos se borraron" in shown
    assert client.post(url("contacts_known", round)).context["form"].non_field_errors()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_contacts(count: int, django_assert_max_num_queries: Any) -> None:
    round = round_factory.opened()
    factory.add(round, 2 * count)
    for number in range(count):
        factory.add(round, 1, start=100 + number)
    client = lead(round)
    with django_assert_max_num_queries(14):
        client.get(url("invitations", round))


# --- No more messages


def test_no_more_messages_needs_no_account_and_is_asked_once_more(client: Client) -> None:
    round = round_factory.opened()
    factory.add(round, 1)
    factory.invite(round)
    factory.work()
    stop = next(iter(factory.stops().values()))
    address = reverse("surveys:opt_out", args=[stop])

    assert "No quiero recibir más mensajes" in client.get(address).content.decode()
    assert SurveyContact.objects.exists()
    done = client.post(address)

    assert "No le escribiremos más" in done.content.decode()
    assert not SurveyContact.objects.exists()
    # Whoever asks with a code that nobody has learns nothing.
    other = client.post(reverse("surveys:opt_out", args=["A" * 10])).content.decode()
    assert other.replace("A" * 10, stop) == done.content.decode()


def test_wishes_by_the_hundred_come_to_an_end(client: Client) -> None:
    for _number in range(views.WISHES_PER_HOUR + 1):
        answer = client.post(reverse("surveys:opt_out", args=["A" * 10]))
    assert "Pruebe de nuevo en una hora" in answer.content.decode()
    assert SurveyOptOut.objects.count() == 1


@pytest.mark.parametrize("code", ["A", "x" * 300])
def test_what_is_no_code_is_told(client: Client, code: str) -> None:
    assert client.post(reverse("surveys:opt_out", args=[code])).context["form"].non_field_errors()
