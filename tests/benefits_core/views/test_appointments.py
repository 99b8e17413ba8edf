"""Appointments on the screens: everybody's, the receipt's, and the team's agenda."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from benefits_core.models import AgendaException, AgendaRule, Appointment, Attention
from portal.foundation.audit.models import AuditEvent
from portal.foundation.people.queries.privacy import described_looks, looks_at
from portal.foundation.people.roles import Role
from portal.foundation.receipts.holdings import subject_of
from portal.foundation.receipts.models import Receipt
from portal.foundation.territories.models import ServicePoint
from tests.benefits_core.views.clients import signed_in, url
from tests.factories import attentions as factory
from tests.factories.territories import MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
MOMENT = "20260304T0900"


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def booking(client: Client, point: ServicePoint, moment: str = MOMENT, **changes: Any) -> Any:
    matter = changes.pop("matter", None) or factory.matter()
    data = {"matter": matter.pk, "name": "Rosa Ñancupil", "contact": "", "token": str(uuid4()), **changes}
    return client.post(url("book", point.territory.slug, point.pk, moment), data)


def test_a_citizen_finds_a_place_a_day_and_a_time_and_books() -> None:
    point = factory.agenda(point=ServicePointFactory(territory=MunicipalityFactory(name="Ñuñoa", search_name="nunoa")))
    ServicePointFactory(territory=point.territory)
    client = Client()

    found = client.get(url("book_start"), {"q": "ñuño"}).content.decode()
    assert url("book_place", point.territory.slug) in found
    page = client.get(url("book_place", point.territory.slug), {"dia": "2026-03-04"}).content.decode()
    assert url("book", point.territory.slug, point.pk, MOMENT) in page
    assert "miércoles 4 de marzo" in page
    sent = booking(client, point)

    assert sent.url == url("booked")
    page = client.get(sent.url).content.decode()
    receipt = Receipt.objects.get()
    assert receipt.shown_code in page and "Sus cuatro palabras" in page
    assert client.get(sent.url)["Cache-Control"] == "no-store"
    own = client.get(url("own_appointment")).content.decode()
    assert "09:00" in own and "Cambiarla a otra hora" in own
    client.post(url("book_leave"))
    assert client.get(url("own_appointment")).status_code == 302


@pytest.mark.parametrize(("moment", "reminds"), [("20260304T0900", True), ("20260303T0900", False)])
def test_a_reminder_is_promised_where_its_day_still_comes(moment: str, reminds: bool) -> None:
    client, point = Client(), factory.agenda()

    page = client.get(booking(client, point, moment, contact="rosa@example.cl").url).content.decode()

    assert ("Le recordamos el día hábil anterior" in page) == reminds
    assert ("no le enviaremos un recordatorio" in page) != reminds


def test_days_are_written_small_in_spanish() -> None:
    point = factory.agenda()

    page = Client().get(url("book_place", point.territory.slug)).content.decode()
    english = Client().get(f"/en{url('book_place', point.territory.slug)}").content.decode()

    assert "mié 4 mar" in page.lower() and "mié 4 mar" in page
    assert "Wed 4 Mar" in english


def test_the_page_without_times_says_so() -> None:
    place = MunicipalityFactory()

    assert "no da horas aquí" in Client().get(url("book_place", place.slug)).content.decode()
    point = factory.agenda(online=False)
    assert "no da horas aquí" in Client().get(url("book_place", point.territory.slug)).content.decode()


def test_a_time_that_went_leads_back_to_its_day() -> None:
    point = factory.agenda()
    factory.appointment(point=point)

    for answer in (Client().get(url("book", point.territory.slug, point.pk, MOMENT)), booking(Client(), point)):
        assert answer.status_code == 302
        assert answer.url.endswith(f"?punto={point.pk}&dia=2026-03-04")
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("moment", ["ayer", "20261304T0900", "99999999T9999", "2026"])
def test_an_address_that_names_no_time_is_not_found(moment: str) -> None:
    point = factory.agenda()

    assert Client().get(url("book", point.territory.slug, point.pk, moment)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Escriba una respuesta"),
        ({"contact": "no es"}, "correo"),
        ({"matter": "0"}, "Elija una de las opciones"),
        ({"name": "x" * 200}, "80"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(changes: dict[str, Any], words: str) -> None:
    point = factory.agenda()
    matter = factory.matter()
    data = {"matter": matter.pk, "name": "Rosa", "contact": "", **changes}

    answer = Client().post(url("book", point.territory.slug, point.pk, MOMENT), data)

    assert (answer.status_code, words in answer.content.decode(), Appointment.objects.count()) == (200, True, 0)


def test_a_robot_and_a_flood_book_nothing() -> None:
    point = factory.agenda(capacity=50)

    assert booking(Client(), point, website="http://spam.example").url == url("booked")
    assert Appointment.objects.count() == 0
    answers = [booking(Client(), point).status_code for _ in range(22)]
    assert (answers.count(302), answers.count(429)) == (20, 2)


def test_the_form_sent_twice_books_once() -> None:
    point, matter, token = factory.agenda(capacity=3), factory.matter(), str(uuid4())
    client = Client()

    for _ in range(2):
        booking(client, point, matter=matter, token=token)

    assert Appointment.objects.count() == 1


def test_an_appointment_is_moved_and_cancelled_by_its_receipt() -> None:
    point = factory.agenda()
    client = Client()
    booking(client, point)
    assert "10:00" in client.get(url("own_move"), {"dia": "2026-03-04"}).content.decode()

    client.post(url("own_move"), {"hora": "20260304T1000"})
    made = Appointment.objects.get()
    assert (made.starts_at, made.moves) == (factory.slot(point, hour=10), 1)
    assert client.post(url("own_move"), {"hora": "ayer"}).status_code == 404
    client.post(url("own_cancel"))

    made.refresh_from_db()
    assert made.state == "cancelled"
    assert "Pedir otra hora" in client.get(url("own_appointment")).content.decode()


def test_nobody_sees_an_appointment_without_its_receipt() -> None:
    factory.appointment()

    for name in ("own_appointment", "own_move", "own_cancel"):
        assert Client().get(url(name)).status_code == 302
        assert Client().post(url(name)).status_code == 302
    assert Appointment.objects.get().state == "booked"


def test_what_was_typed_does_not_stay_at_a_kiosk() -> None:
    point = factory.agenda()

    answer = Client().get(url("book", point.territory.slug, point.pk, MOMENT))

    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert page.count('autocomplete="off"') >= 2


# --- The team


def test_the_agenda_shows_who_is_expected_and_records_the_look() -> None:
    made = factory.appointment()
    client = signed_in(Role.CLERK, made.territory)
    address = url("agenda", made.territory.slug)

    page = client.get(address, {"dia": "2026-03-04"}).content.decode()

    assert "Rosa Ñancupil" in page
    look = AuditEvent.objects.get(verb="look")
    assert (look.object_type, look.object_id) == ("benefits_core.appointment", str(made.pk))
    [told] = described_looks(looks_at(subject_of(Receipt.objects.get())))
    assert (told.purpose, told.what) == ("Ver quién tiene hora", "Sus horas")
    assert url("agenda_book", made.territory.slug, made.service_point_id, "20260304T0920") in page
    found = client.get(address, {"q": "ñancu"}).content.decode()
    assert "Rosa Ñancupil" in found
    assert "No se espera a nadie" in client.get(address, {"q": "otra"}).content.decode()


def test_the_day_costs_the_same_with_more_appointments(constant_queries: Callable[..., int]) -> None:
    point = factory.agenda(capacity=10)
    client = signed_in(Role.TEAM_MEMBER, point.territory)
    matter = factory.matter()
    factory.appointment(point=point, matter=matter)

    cost = constant_queries(
        client,
        f"{url('agenda', point.territory.slug)}?dia=2026-03-04",
        lambda: factory.appointment(point=point, matter=matter),
    )

    assert cost <= 10


def test_a_clerk_books_and_prints_the_words() -> None:
    point, matter = factory.agenda(), factory.matter()
    client = signed_in(Role.CLERK, point.territory)
    address = url("agenda_book", point.territory.slug, point.pk, MOMENT)
    data = {"matter": matter.pk, "name": "Juan Pérez", "identifier": "12.345.678-5", "token": str(uuid4())}

    sent = client.post(address, data)

    made = Appointment.objects.get()
    assert (sent.url, made.name, made.booked_by is None) == (url("appointment_slip", made.pk), "Juan Pérez", False)
    assert made.person is not None
    slip = client.get(sent.url).content.decode()
    assert "mj-print-only" in slip
    assert "mj-print-only" not in signed_in(Role.CLERK, point.territory).get(sent.url).content.decode()


def test_who_arrives_is_attended_and_the_wait_is_measured() -> None:
    made = factory.appointment()
    address = url("appointment_do", made.pk)

    with time_machine.travel(made.starts_at - timedelta(minutes=5), tick=False):
        client = signed_in(Role.TEAM_MEMBER, made.territory)
        client.post(address, {"do": "arrive"})
    with time_machine.travel(made.starts_at + timedelta(minutes=4), tick=False):
        done = client.post(address, {"do": "serve"})

    assert done.url == url("attention_record", made.territory.slug)
    assert Attention.objects.get().wait_minutes == 4


@pytest.mark.parametrize("do", ["serve", "miss", "arrive", "hack", ""])
def test_what_is_not_possible_is_told_and_changes_nothing(do: str) -> None:
    made = factory.appointment()

    answer = signed_in(Role.TEAM_MEMBER, made.territory).post(url("appointment_do", made.pk), {"do": do})

    made.refresh_from_db()
    assert (answer.status_code, made.state) == (302, "booked")


def test_the_coordinator_says_when_appointments_are_taken() -> None:
    point = ServicePointFactory()
    client = signed_in(Role.COORDINATOR, point.territory)
    slug = point.territory.slug
    hours = {
        "weekdays": ["0", "2"],
        "starts_at": "09:00",
        "ends_at": "12:00",
        "slot_minutes": "20",
        "capacity": "2",
        "online": "yes",
        "starts_on": "2026-03-02",
    }

    client.post(url("agenda_rule_add", slug, point.pk), hours)
    again = client.post(url("agenda_rule_add", slug, point.pk), hours)
    client.post(url("agenda_close_day", slug, point.pk), {"day": "2026-03-04", "reason": "Capacitación"})
    client.post(
        url("agenda_add_slots", slug, point.pk),
        {"day": "2026-03-07", "starts_at": "10:00", "ends_at": "12:00", "slot_minutes": "30", "capacity": "1"},
    )

    assert "Otro horario de ese día cubre la misma hora" in again.content.decode()
    assert list(AgendaRule.objects.values_list("weekday", "online")) == [(0, True), (2, True)]
    page = client.get(url("agenda_rules", slug)).content.decode()
    assert "20 minutos, 2 a la vez" in page and "Capacitación" in page
    rule, closed = AgendaRule.objects.first(), AgendaException.objects.get(kind="closed")
    client.post(url("agenda_rule_end", slug, rule.pk), {"last": "2026-03-31"})
    client.post(url("agenda_remove", slug, closed.pk))
    rule.refresh_from_db()
    assert (rule.ends_on, AgendaException.objects.count()) == (date(2026, 3, 31), 1)


def test_the_agenda_of_another_municipality_is_not_touched() -> None:
    made = factory.appointment()
    other = signed_in(Role.COORDINATOR, MunicipalityFactory())

    assert other.post(url("appointment_do", made.pk), {"do": "miss"}).status_code == 404
    assert other.post(url("appointment_cancel", made.pk)).status_code == 404
    own = ServicePointFactory()
    stranger = signed_in(Role.COORDINATOR, own.territory)
    rule = AgendaRule.objects.first()
    assert stranger.post(url("agenda_rule_end", own.territory.slug, rule.pk), {"last": "2026-03-31"}).status_code == 404


def test_whoever_closes_a_day_or_a_place_is_told_who_is_booked_there() -> None:
    made = factory.appointment()
    place, point = made.territory, made.service_point
    client = signed_in(Role.COORDINATOR, place)
    day = {"day_0": "4", "day_1": "3", "day_2": "2026", "starts_at": "", "ends_at": "", "reason": "Corte de luz"}

    closed = client.post(url("agenda_close_day", place.slug, point.pk), day, follow=True)
    page = closed.content.decode()
    point_closed = client.post(url("service_point_close", place.slug, point.pk), follow=True).content.decode()
    agenda = client.get(url("agenda", place.slug), {"dia": "2026-03-04", "punto": point.pk}).content.decode()

    assert closed.redirect_chain[-1][0] == f"{url('agenda', place.slug)}?punto={point.pk}&dia=2026-03-04"
    assert "1 persona tiene hora" in page and "Rosa Ñancupil" in page
    assert "1 persona tiene hora ahí" in point_closed
    assert "Este punto de atención está cerrado" in agenda
    assert url("agenda_book", place.slug, point.pk, "20260304T0920") not in agenda


def test_an_empty_day_is_closed_without_a_warning() -> None:
    point = factory.agenda()
    client = signed_in(Role.COORDINATOR, point.territory)
    day = {"day_0": "4", "day_1": "3", "day_2": "2026", "starts_at": "", "ends_at": "", "reason": "Corte de luz"}

    answer = client.post(url("agenda_close_day", point.territory.slug, point.pk), day)

    assert answer.url == url("agenda_rules", point.territory.slug)
