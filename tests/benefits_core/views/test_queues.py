"""The screens of queues: kiosk, call screen and counter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from benefits_core.domain import calls, desks, queue_setup
from benefits_core.models import Attention, DeviceLink, Queue, Ticket
from portal.foundation.people.models import Attempt, Identifier
from portal.foundation.people.roles import Role
from portal.foundation.receipts.models import Receipt
from tests.benefits_core.views.clients import signed_in, url
from tests.factories import attentions as factory
from tests.factories import queues as made
from tests.factories.attentions import NOW
from tests.factories.people import sign_in
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def device(queue: Queue, kind: str = "kiosk", **fields: Any) -> Client:
    """A browser in which the device's address was opened."""
    client = Client()
    client.get(url("device_open", made.link(queue, kind, **fields)[1]))
    return client


def take(client: Client, queue: Queue, **fields: Any) -> Any:
    kind = queue.kinds.first()
    assert kind is not None
    return client.post(url("kiosk_take", kind.pk), {"priority_kind": "", "token": str(uuid4()), **fields})


# --- Devices


def test_the_address_is_opened_once_and_leaves_the_key_in_a_closed_cookie() -> None:
    _link, token = made.link(made.queue())
    client = Client()

    answer = client.get(url("device_open", token))

    cookie = client.cookies["mejora_device_kiosk"]
    assert answer.url == url("kiosk") and token not in answer.url
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert client.get(url("kiosk"))["Cache-Control"] == "no-store"


def test_a_wrong_key_a_revoked_one_and_none_get_the_same_reply() -> None:
    link, token = made.link(made.queue())
    client = Client()
    client.get(url("device_open", token))
    queue_setup.revoke_link(link=link, by=None, at=NOW)

    answers = [
        client.get(url("kiosk")),
        Client().get(url("kiosk")),
        Client().get(url("device_open", "x" * 43)),
        Client().get(url("device_open", token)),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_a_call_screen_gives_no_numbers_and_a_kiosk_shows_no_calls() -> None:
    queue = made.queue()

    assert device(queue, "display").get(url("kiosk")).status_code == 404
    assert device(queue).get(url("display")).status_code == 404


def test_guessing_keys_ends() -> None:
    _link, token = made.link(made.queue())
    client = Client()
    for number in range(60):
        client.get(url("device_open", f"guess-{number}"))

    assert client.get(url("device_open", token)).status_code == 404
    assert Attempt.objects.get().count == 61


# --- Kiosk


def test_a_number_is_given_in_two_presses_and_shown() -> None:
    queue = made.queue()
    client = device(queue)
    kind = queue.kinds.get()
    assert url("kiosk_take", kind.pk) in client.get(url("kiosk")).content.decode()

    answer = take(client, queue, priority_kind="older", contact="9 8765 4321")

    ticket = Ticket.objects.get()
    assert answer.url == url("kiosk_ticket", ticket.pk)
    assert (ticket.priority_kind, ticket.contact) == ("older", "+56987654321")
    page = client.get(answer.url)
    text = page.content.decode()
    assert "A001" in text and "Nadie está antes que usted" in text and "Sin estimación" in text
    assert "987654321" not in text
    assert page["Refresh"] == f"45; url={url('kiosk')}"


def test_the_kiosk_speaks_english_and_goes_back_to_spanish() -> None:
    queue = made.queue()
    client = device(queue)
    kind = queue.kinds.get()

    home = url("kiosk")
    page = client.get(f"/en{url('kiosk_take', kind.pk)}")

    assert "Do you need to go first?" in page.content.decode()
    assert page["Refresh"] == f"120; url={home}"
    answer = client.post(page.request["PATH_INFO"], {"priority_kind": "", "token": str(uuid4())})
    shown = client.get(answer.url).content.decode()
    assert answer.url.startswith("/en/") and "Your number" in shown and f'href="{home}"' in shown
    assert Ticket.objects.get().language == "en"


def test_a_double_press_gives_one_number() -> None:
    queue, token = made.queue(), str(uuid4())
    client = device(queue)

    answers = {take(client, queue, token=token).url for _ in range(2)}

    assert len(answers) == Ticket.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"contact": "123"}, {"priority_kind": "<script>"}, {"token": "x"}])
def test_what_is_wrong_gives_no_number_and_is_kept_in_the_form(wrong: dict[str, str]) -> None:
    queue = made.queue()

    answer = take(device(queue), queue, **wrong)

    assert answer.status_code == 200 and not Ticket.objects.exists()
    assert "<script>" not in answer.content.decode()
    assert answer.context["form"].errors


def test_a_kiosk_that_is_pressed_without_end_stops() -> None:
    queue = made.queue()
    client = device(queue)
    link = DeviceLink.objects.get()
    from portal.foundation.people import limits

    for _ in range(300):
        limits.allow(action="benefits_core.ticket", address=f"device {link.pk}", limit=300,
                     window=timedelta(hours=1), at=NOW)  # fmt: skip

    assert take(client, queue).status_code == 429
    assert not Ticket.objects.exists()


def test_a_closed_kiosk_says_so_and_gives_nothing() -> None:
    queue = made.queue(is_open=False)
    client = device(queue)

    assert "No se entregan números ahora" in client.get(url("kiosk")).content.decode()
    assert take(client, queue).status_code == 200
    assert not Ticket.objects.exists()


def test_the_ticket_of_another_queue_or_day_is_not_shown() -> None:
    queue = made.queue()
    client = device(queue)
    foreign = made.ticket(made.queue())
    old = made.ticket(queue, at=NOW - timedelta(days=1))

    assert [client.get(url("kiosk_ticket", each.pk)).status_code for each in (foreign, old)] == [404, 404]
    assert client.get(url("kiosk_take", foreign.kind_id)).status_code == 404


def test_an_appointment_is_announced_with_its_code() -> None:
    point = factory.agenda()
    queue = made.queue(point=point)
    client = device(queue)
    booked = factory.appointment(
        point=point, starts_at=factory.slot(point, NOW.date(), 11, 40), at=NOW - timedelta(days=2), name="Rosa Oculta"
    )

    wrong = client.post(url("kiosk_announce"), {"code": "AAAAAAAAAA"})
    right = client.post(url("kiosk_announce"), {"code": Receipt.objects.of(booked).get().shown_code})

    assert wrong.status_code == 200 and "No encontramos esa hora" in wrong.content.decode()
    text = client.get(right.url).content.decode()
    assert "A001" in text and "11:40" in text and "Rosa" not in text


# --- Call screen


def test_the_call_screen_shows_numbers_and_counters_and_no_names() -> None:
    queue = made.queue()
    clerk = factory.clerk(queue.territory)
    ticket = made.called(queue, by=clerk)
    made.ticket(queue)

    page = device(queue, "display").get(url("display")).content.decode()

    assert ticket.code in page and "Módulo 1" in page
    assert clerk.name not in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'data-call="{ticket.pk}-1"' in page


def test_device_pages_cost_the_same_with_more_numbers(constant_queries: Callable[..., int]) -> None:
    queue = made.queue()
    kiosk, display = device(queue), device(queue, "display")
    first = made.ticket(queue)

    assert constant_queries(kiosk, url("kiosk_ticket", first.pk), lambda: made.ticket(queue)) <= 10
    assert constant_queries(display, url("display"), lambda: made.ticket(queue)) <= 5
    assert constant_queries(kiosk, url("kiosk"), lambda: made.kind(queue, "BCDEFG"[queue.kinds.count() - 1])) <= 4


# --- Counter


def counter(queue: Queue, role: Role = Role.TEAM_MEMBER) -> tuple[Client, str]:
    """A clerk who sits at counter 1."""
    client = signed_in(role, queue.territory)
    address = url("counter", queue.territory.slug)
    client.post(address, {"do": "take", "desk": queue.desks.get(name="1").pk})
    return client, address


def press(client: Client, address: str, what: str, ticket: Ticket | None = None, **fields: Any) -> Any:
    """A button of the counter, on the page that shows ``ticket``: the one last called unless another is given."""
    shown = ticket or Ticket.objects.filter(called_at__isnull=False).order_by("called_at", "pk").last()
    return client.post(address, {"do": what, **({"ticket": shown.pk} if shown else {}), **fields})


def test_a_clerk_sits_down_calls_attends_and_finishes() -> None:
    queue = made.queue()
    made.ticket(queue, priority_kind="pregnant")
    client, address = counter(queue, Role.CLERK)
    matter = queue.kinds.get().matters.get()

    for what in ("next", "start"):
        press(client, address, what)
    page = client.get(address).content.decode()
    assert "A001" in page and "Estoy embarazada" in page and page.count("autofocus") == 1
    press(client, address, "finish", matter=matter.pk, outcome="resolved", identifier="12.345.678-5")

    attention = Attention.objects.get()
    assert (attention.source, attention.matter, attention.preferential) == ("queue", matter, True)
    assert attention.person_id == Identifier.objects.get().person_id
    assert f"atención {attention.pk}" in client.get(address).content.decode()


def test_the_matters_of_the_number_come_before_the_others() -> None:
    queue = made.queue()
    others = [factory.matter(position=1), factory.matter(position=3)]
    own = [factory.matter(position=4), factory.matter(position=2)]
    made.ticket(queue, of_kind=made.kind(queue, "B", matters=own))
    client, address = counter(queue)

    for what in ("next", "start"):
        press(client, address, what)

    first = queue.kinds.get(letter="A").matters.get()
    shown = [matter.pk for matter in client.get(address).context["form"].fields["matter"].rows]
    assert shown == [own[1].pk, own[0].pk, first.pk, others[0].pk, others[1].pk]


def test_what_is_wrong_stays_in_the_form() -> None:
    queue = made.queue()
    made.ticket(queue)
    client, address = counter(queue)
    for what in ("next", "start"):
        press(client, address, what)

    answer = press(client, address, "finish", outcome="resolved", identifier="12.345.678-0")

    assert set(answer.context["form"].errors) == {"matter", "identifier"}
    assert "12.345.678-0" in answer.content.decode() and not Attention.objects.exists()


def test_buttons_that_make_no_sense_break_nothing() -> None:
    queue = made.queue()
    client, address = counter(queue)

    for data in (
        {},
        {"do": "x"},
        {"do": "start"},
        {"do": "start", "ticket": "x"},
        {"do": "miss", "ticket": "9" * 30},
        {"do": "miss"},
        {"do": "finish"},
        {"do": "take", "desk": "x"},
    ):
        assert client.post(address, data).status_code in (302, 404)
    stranger = signed_in(Role.TEAM_MEMBER, queue.territory)
    for what in ("next", "pause", "leave"):
        assert stranger.post(address, {"do": what}).status_code == 302
    foreign = made.queue().desks.get()
    assert client.post(address, {"do": "take", "desk": foreign.pk}).status_code == 404


def test_a_page_gone_back_to_ends_no_other_number() -> None:
    queue = made.queue()
    first, second = made.ticket(queue), made.ticket(queue)
    client, address = counter(queue)
    matter = queue.kinds.get().matters.get()
    for what in ("next", "start"):
        press(client, address, what)
    page = client.get(address).content.decode()
    assert f'name="ticket" value="{first.pk}"' in page
    for _ in range(2):  # pressed twice
        press(client, address, "finish", first, matter=matter.pk, outcome="resolved")
    press(client, address, "next")

    for what in ("miss", "start", "again"):
        press(client, address, what, first)
    press(client, address, "finish", first, matter=matter.pk, outcome="informed")
    press(client, address, "finish", first, outcome="x")

    second.refresh_from_db()
    assert (second.state, second.misses, second.calls) == ("called", 0, 1)
    assert Attention.objects.get().outcome == "resolved"
    assert "mostraba otro número" in client.get(address).content.decode()


def test_pausing_and_leaving() -> None:
    queue = made.queue()
    client, address = counter(queue)

    client.post(address, {"do": "pause"})
    assert "En pausa desde las 12:30" in client.get(address).content.decode()
    client.post(address, {"do": "resume"})
    client.post(address, {"do": "leave"})

    assert "¿En qué módulo está?" in client.get(address).content.decode()


def test_sending_on_from_the_counter() -> None:
    queue = made.queue()
    kind_b = made.kind(queue, "B")
    made.ticket(queue)
    client, address = counter(queue)
    client.post(address, {"do": "next"})
    ticket = Ticket.objects.get()

    answer = client.post(url("ticket_transfer", ticket.pk), {"kind": kind_b.pk, "desk": ""})

    ticket.refresh_from_db()
    assert (answer.url, ticket.state, ticket.kind) == (address, "waiting", kind_b)


def test_who_calls_sees_who_waits_in_ten_queries(constant_queries: Callable[..., int]) -> None:
    queue = made.queue()
    client, address = counter(queue)

    assert constant_queries(client, address, lambda: made.ticket(queue)) <= 10
    for what in ("next", "start"):
        press(client, address, what)
    assert constant_queries(client, address, lambda: made.ticket(queue)) <= 10


def test_the_counters_to_choose_cost_the_same(constant_queries: Callable[..., int]) -> None:
    place = MunicipalityFactory()
    client = signed_in(Role.TEAM_MEMBER, place)

    assert constant_queries(client, url("counter", place.slug), lambda: made.queue(municipality=place)) <= 10


# --- Beside the queue


def test_an_arrival_in_the_agenda_gives_a_number() -> None:
    point = factory.agenda()
    made.queue(point=point)
    booked = factory.appointment(
        point=point, starts_at=factory.slot(point, NOW.date(), 11, 40), at=NOW - timedelta(days=2)
    )
    client = signed_in(Role.CLERK, point.territory)

    answer = client.post(url("appointment_do", booked.pk), {"do": "arrive"}, follow=True)

    assert "El número en la fila es A001" in answer.content.decode()


def test_whom_one_has_not_finished_with_is_a_task() -> None:
    queue = made.queue()
    clerk = factory.clerk(queue.territory)
    ticket = made.called(queue, by=clerk)
    client = sign_in(Client(), clerk)

    assert f"Termine con el número {ticket.code}" in client.get(reverse("dashboards:tasks")).content.decode()
    calls.withdraw(ticket=ticket, by=clerk, at=NOW)
    assert "Termine con el número" not in client.get(reverse("dashboards:tasks")).content.decode()
    desks.leave_desk(desk=ticket.desk, by=clerk, at=NOW)
