"""The coordinator's screens of a queue: the day, the days before, and what he or she decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from benefits_core.domain import calls
from benefits_core.models import DeviceLink, Queue
from benefits_core.queries.queues import Line, WholeDay
from portal.foundation.people.roles import Role
from portal.foundation.territories.domain import Opening, set_opening_hours
from tests.benefits_core.views.clients import signed_in, url
from tests.factories import attentions as factory
from tests.factories import queues as made
from tests.factories.attentions import MINUTE, NOW
from tests.factories.territories import MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_day_is_told_to_the_coordinator() -> None:
    queue = made.queue(chances=0)
    first = made.called(queue)
    calls.miss(ticket=first, by=first.clerk, at=NOW)
    with time_machine.travel(NOW - 9 * MINUTE, tick=False):
        made.ticket(queue, at=NOW - 9 * MINUTE, priority_kind="carer")
    client = signed_in(Role.COORDINATOR, queue.territory)

    page = client.get(url("queue", queue.territory.slug))

    assert (page.context["summary"].states["no_show"], page.context["summary"].longest_now) == (1, 9)
    text = page.content.decode()
    assert "A002" in text and first.clerk.name in text
    client.post(url("queue_switch", queue.territory.slug, queue.pk), {"do": "free", "which": first.desk_id})
    assert not queue.desks.filter(clerk__isnull=False).exists()


def test_a_called_number_is_shown_at_its_counter_and_a_free_one_as_free() -> None:
    queue = made.queue()
    called = made.called(queue)
    made.open_desk(queue, "2")
    made.desk(queue, "3")
    client = signed_in(Role.COORDINATOR, queue.territory)

    page = client.get(url("queue", queue.territory.slug))

    assert [(desk.name, held) for desk, held in page.context["counters"]] == [("1", [called]), ("2", []), ("3", [])]
    assert f"{called.code} (Llamado)" in page.content.decode() and "libre" in page.content.decode()


def test_the_whole_day_tells_the_same_as_the_line() -> None:
    queue = made.queue(promised_minutes=None)
    for minutes, kind in ((50, ""), (40, "older"), (30, ""), (20, "carer"), (10, ""), (5, "")):
        made.ticket(queue, at=NOW - minutes * MINUTE, priority_kind=kind)
    first = made.called(queue)
    calls.miss(ticket=first, by=first.clerk, at=NOW)

    line, whole = Line(queue, NOW), WholeDay(queue, NOW)

    assert whole.ordered == line.ordered and len(line.ordered) == 7
    assert whole.run == line.run == 1


def test_the_day_costs_the_same_however_many_wait(constant_queries: Callable[..., int]) -> None:
    queue = made.queue(promised_minutes=None, in_hours=True)
    every_day = [Opening(day, NOW.replace(hour=1).time(), NOW.replace(hour=23).time()) for day in range(7)]
    set_opening_hours(service_point=queue.service_point, openings=every_day, by=None, at=NOW)
    client = signed_in(Role.COORDINATOR, queue.territory)

    assert constant_queries(client, url("queue", queue.territory.slug), lambda: made.called_anew(queue)) <= 10


def test_the_days_cost_the_same_however_many_there_are(constant_queries: Callable[..., int]) -> None:
    queue = made.queue()
    client = signed_in(Role.COORDINATOR, queue.territory)
    days = iter(range(1, 9))

    assert (
        constant_queries(
            client,
            url("queue_history", queue.territory.slug, queue.pk),
            lambda: made.ticket(queue, at=NOW - timedelta(days=next(days))),
        )
        <= 10
    )


def test_who_went_away_is_taken_out() -> None:
    queue = made.queue()
    ticket = made.ticket(queue)
    client = signed_in(Role.TEAM_MEMBER, queue.territory)

    assert "A001" in client.get(url("ticket_withdraw", ticket.pk)).content.decode()
    client.post(url("ticket_withdraw", ticket.pk))

    ticket.refresh_from_db()
    assert ticket.state == "left"


def test_the_coordinator_sets_a_queue_up() -> None:
    point = ServicePointFactory()
    matter = factory.matter()
    client = signed_in(Role.COORDINATOR, point.territory)
    slug = point.territory.slug

    made_at = client.post(url("queue_open", slug, point.pk)).url
    queue = Queue.objects.get()
    assert made_at == url("queue_setup", slug, queue.pk)
    assert client.get(url("queue_open", slug, point.pk)).url == made_at
    client.post(
        url("queue_kind_add", slug, queue.pk), {"letter": "a", "name": "Registro Social", "matters": [matter.pk]}
    )
    client.post(url("queue_desk_add", slug, queue.pk), {"name": "1", "kinds": [queue.kinds.get().pk]})
    client.post(
        url("queue_rule", slug, queue.pk),
        {"is_open": "on", "favored_turns": "3", "promised_minutes": "", "chances": "0", "back_minutes": "5"},
    )
    client.post(url("queue_kind_change", slug, queue.pk, queue.kinds.get().pk),
                {"letter": "R", "name": "RSH", "name_en": "Registry", "matters": [matter.pk]})  # fmt: skip
    client.post(url("queue_desk_change", slug, queue.pk, queue.desks.get().pk), {"name": "Caja"})

    queue.refresh_from_db()
    assert (queue.favored_turns, queue.in_hours, queue.promised_minutes) == (3, False, None)
    assert (queue.kinds.get().letter, queue.kinds.get().name) == ("R", {"es": "RSH", "en": "Registry"})
    assert (queue.desks.get().name, queue.desks.get().kinds.count()) == ("Caja", 0)
    assert "RSH" in client.get(made_at).content.decode()


def test_the_address_of_a_device_is_shown_once() -> None:
    queue = made.queue()
    client = signed_in(Role.COORDINATOR, queue.territory)
    setup = url("queue_setup", queue.territory.slug, queue.pk)

    client.post(url("queue_link_issue", queue.territory.slug, queue.pk), {"kind": "kiosk", "name": "Entrada"})
    first, second = client.get(setup), client.get(setup)

    address = first.context["new_link"]["address"]
    assert Client().get(address).url == url("kiosk")
    assert address in first.content.decode() and "turnos/abrir" not in second.content.decode()
    link = DeviceLink.objects.get()
    client.post(url("queue_link_revoke", queue.territory.slug, queue.pk, link.pk))
    assert Client().get(address).status_code == 404


def test_setting_up_costs_the_same_with_more(constant_queries: Callable[..., int]) -> None:
    queue = made.queue()
    client = signed_in(Role.COORDINATOR, queue.territory)
    letters = iter("BCDEFG")

    def make() -> None:
        made.kind(queue, letter := next(letters))
        made.desk(queue, letter)
        made.link(queue, name=letter)

    assert constant_queries(client, url("queue_setup", queue.territory.slug, queue.pk), make) <= 10


def test_the_queue_of_another_municipality_is_not_found() -> None:
    queue, other = made.queue(), MunicipalityFactory()
    client = signed_in(Role.COORDINATOR, other)

    for name in ("queue_setup", "queue_history"):
        for slug in (other.slug, queue.territory.slug):
            assert client.get(url(name, slug, queue.pk)).status_code == 404
