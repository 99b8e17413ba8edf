"""Appointments: booked, moved, cancelled, attended, reminded of, forgotten; and agendas with their exceptions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from benefits_core.domain import agendas, appointments, matters
from benefits_core.enums import AppointmentState
from benefits_core.errors import ClosedToChange, InvalidContent, SlotTaken
from benefits_core.models import AgendaRule, Appointment
from benefits_core.queries.appointments import agenda_of_day, days_to_book, found_in_agenda, places_that_book
from portal.foundation.messages.models import Message
from portal.foundation.people import privacy
from portal.foundation.receipts import domain as receipts
from portal.foundation.receipts.holdings import subject_of
from portal.foundation.receipts.models import Receipt
from portal.foundation.territories.models import LocalHoliday
from tests.factories import attentions as factory
from tests.factories.attentions import NOW
from tests.factories.territories import ServicePointFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MAIL = "rosa@example.cl"
WEDNESDAY = date(2026, 3, 4)


def receipt(appointment: Appointment) -> Receipt:
    return Receipt.objects.of(appointment).get()


def test_a_booking_takes_a_place_and_gives_a_receipt() -> None:
    point = factory.agenda()
    matter = factory.matter()

    booked = appointments.book(
        service_point=point,
        starts_at=factory.slot(point),
        matter=matter,
        name=" Rosa  Ñancupil ",
        contact=MAIL,
        by=None,
        at=NOW,
    )

    made = booked.appointment
    assert (made.name, made.seat, made.day, made.state) == ("Rosa Ñancupil", 1, WEDNESDAY, "booked")
    assert "Rosa" not in made.encrypted_name
    assert len(booked.secret.split()) == 4
    opened = receipts.open(code=booked.receipt.code, secret=booked.secret, address="1.1.1.1", at=NOW)
    assert opened.subject == made
    message = Message.objects.get()
    assert (message.template, "miércoles 4 de marzo" in message.body, "09:00" in message.body) == (
        "appointment_booked",
        True,
        True,
    )
    assert factory.slot(point) not in [offer.starts_at for offer in days_to_book(point, NOW)[WEDNESDAY]]


def test_the_form_sent_twice_books_once() -> None:
    point, matter, token = factory.agenda(capacity=3), factory.matter(), uuid4()
    asked: dict[str, Any] = {"service_point": point, "starts_at": factory.slot(point), "matter": matter, "name": "Rosa"}

    first = appointments.book(**asked, form_token=token, by=None, at=NOW)
    second = appointments.book(**asked, form_token=token, by=None, at=NOW)

    assert (first.appointment, second.secret, Appointment.objects.count()) == (second.appointment, "", 1)


def test_as_many_are_booked_as_there_are_places() -> None:
    point = factory.agenda(capacity=2)
    seats = [factory.appointment(point=point).seat for _ in range(2)]

    with pytest.raises(SlotTaken):
        factory.appointment(point=point)

    assert seats == [1, 2]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": " "}, InvalidContent),
        ({"name": "x" * 81}, InvalidContent),
        ({"contact": "no es"}, InvalidContent),
        ({"starts_at": datetime(2026, 3, 4, 12, 7, tzinfo=UTC)}, SlotTaken),
        ({"starts_at": datetime(2026, 3, 1, 12, tzinfo=UTC)}, SlotTaken),  # a Sunday
        ({"starts_at": datetime(2026, 2, 25, 12, tzinfo=UTC)}, SlotTaken),  # gone by
        ({"starts_at": datetime(2026, 7, 1, 13, tzinfo=UTC)}, SlotTaken),  # too far ahead
    ],
)
def test_what_cannot_be_booked_is_refused_and_nothing_is_kept(
    changes: dict[str, Any], refusal: type[Exception]
) -> None:
    point = factory.agenda()

    with pytest.raises(refusal):
        factory.appointment(point=point, **changes)

    assert (Appointment.objects.count(), Receipt.objects.count()) == (0, 0)


def test_citizens_book_with_notice_and_online_times_only() -> None:
    point = factory.agenda(online=False)
    early = NOW.replace(hour=11, minute=30)  # half past eight there
    today = factory.slot(point, date(2026, 3, 2), 10)

    with pytest.raises(SlotTaken):
        factory.appointment(point=point)
    with pytest.raises(SlotTaken):
        factory.appointment(point=factory.agenda(), starts_at=today, at=early)

    made = factory.appointment(point=point, starts_at=today, at=early, by=factory.clerk(point.territory))
    assert made.booked_by is not None


def test_a_hidden_matter_and_a_closed_point_are_refused() -> None:
    point = factory.agenda()
    hidden, _other = factory.matter(), factory.matter()
    matters.hide_matter(matter=hidden, territory=point.territory, by=None, at=NOW)
    with pytest.raises(InvalidContent):
        factory.appointment(point=point, matter=hidden)

    point.is_active = False
    point.save()
    with pytest.raises(InvalidContent):
        factory.appointment(point=point)


def test_an_appointment_is_moved_and_its_time_is_free_again() -> None:
    point = factory.agenda()
    made = factory.appointment(point=point, contact=MAIL)

    moved = appointments.move(appointment=made, starts_at=factory.slot(point, hour=11), by=None, at=NOW + HOUR)
    other = factory.appointment(point=point, at=NOW + HOUR)

    assert (moved.pk, moved.starts_at, moved.moves) == (made.pk, factory.slot(point, hour=11), 1)
    assert other.starts_at == factory.slot(point)
    assert list(Message.objects.order_by("created_at").values_list("template", flat=True)) == [
        "appointment_booked",
        "appointment_moved",
    ]


def test_a_citizen_moves_three_times_and_not_to_the_same() -> None:
    point = factory.agenda()
    made = factory.appointment(point=point)
    for hour in (10, 11, 9):
        made = appointments.move(appointment=made, starts_at=factory.slot(point, hour=hour), by=None, at=NOW)

    with pytest.raises(ClosedToChange):
        appointments.move(appointment=made, starts_at=factory.slot(point, hour=10), by=None, at=NOW)
    with pytest.raises(InvalidContent):
        appointments.move(appointment=made, starts_at=made.starts_at, by=factory.clerk(point.territory), at=NOW)


def test_a_cancelled_time_is_free_and_its_holder_is_told() -> None:
    made = factory.appointment(contact=MAIL)

    appointments.cancel(appointment=made, by=None, at=NOW + HOUR)

    assert factory.appointment(point=made.service_point, at=NOW + HOUR).starts_at == made.starts_at
    assert Message.objects.filter(template="appointment_cancelled").count() == 1
    assert receipt(made).contact_delete_on is not None
    with pytest.raises(ClosedToChange):
        appointments.cancel(appointment=made, by=None, at=NOW + HOUR)
    with pytest.raises(ClosedToChange):
        appointments.move(appointment=made, starts_at=factory.slot(made.service_point, hour=11), by=None, at=NOW)


def test_it_is_too_late_to_change_what_has_begun() -> None:
    made = factory.appointment()
    late = made.starts_at - timedelta(minutes=30)

    with pytest.raises(ClosedToChange):
        appointments.move(appointment=made, starts_at=factory.slot(made.service_point, hour=11), by=None, at=late)
    with pytest.raises(ClosedToChange):
        appointments.cancel(appointment=made, by=None, at=made.starts_at + HOUR)


@pytest.mark.parametrize(("early", "waited"), [(timedelta(minutes=20), 5), (-timedelta(minutes=3), 2)])
def test_the_wait_runs_from_the_promised_time_or_from_a_late_arrival(early: timedelta, waited: int) -> None:
    made = factory.appointment(preferential=True)
    by = factory.clerk(made.territory)

    appointments.arrive(appointment=made, by=by, at=made.starts_at - early)
    attention = appointments.serve(appointment=made, by=by, at=made.starts_at + timedelta(minutes=5))

    assert (attention.wait_minutes, attention.source, attention.preferential) == (waited, "appointment", True)
    made.refresh_from_db()
    assert (made.state, made.attention) == ("served", attention)


def test_nobody_is_attended_before_arriving_nor_arrives_on_another_day() -> None:
    made = factory.appointment()
    by = factory.clerk(made.territory)

    with pytest.raises(ClosedToChange):
        appointments.serve(appointment=made, by=by, at=made.starts_at)
    with pytest.raises(ClosedToChange):
        appointments.arrive(appointment=made, by=by, at=NOW)


def test_who_was_given_up_may_still_come() -> None:
    made = factory.appointment()
    by = factory.clerk(made.territory)
    with pytest.raises(ClosedToChange):
        appointments.miss(appointment=made, by=by, at=NOW)

    appointments.miss(appointment=made, by=by, at=made.starts_at + HOUR)
    came = appointments.arrive(appointment=made, by=by, at=made.starts_at + HOUR)

    assert came.state == AppointmentState.ARRIVED


def test_people_are_reminded_once_on_the_working_day_before(django_capture_on_commit_callbacks: Any) -> None:
    point = factory.agenda(capacity=3)
    monday = factory.slot(point, date(2026, 3, 9))
    LocalHoliday.objects.create(territory=point.territory, date=date(2026, 3, 6), name="Aniversario")
    with_contact = factory.appointment(point=point, starts_at=monday, contact=MAIL)
    factory.appointment(point=point, starts_at=monday)
    cancelled = factory.appointment(point=point, starts_at=monday, contact="juan@example.cl")
    appointments.cancel(appointment=cancelled, by=None, at=NOW)

    def run(at: datetime) -> list[str]:
        with time_machine.travel(at, tick=False), django_capture_on_commit_callbacks(execute=True):
            appointments.remind_tomorrow(at=at)
        return [message.address for message in Message.objects.filter(template="appointment_reminder")]

    assert run(datetime(2026, 3, 4, 13, tzinfo=UTC)) == []
    assert run(datetime(2026, 3, 5, 13, tzinfo=UTC)) == [MAIL]  # the sixth is a holiday there
    assert run(datetime(2026, 3, 5, 14, tzinfo=UTC)) == [MAIL]
    assert "lunes 9 de marzo" in Message.objects.get(template="appointment_reminder").body
    assert appointments.is_due_for_reminder(with_contact, datetime(2026, 3, 6, 13, tzinfo=UTC)) is False


def test_names_and_contacts_go_after_a_month() -> None:
    made = factory.appointment(contact=MAIL)
    rule = privacy.rule("benefits_core.appointment_names")
    assert rule
    soon, later = (datetime(2026, 4, day, 15, tzinfo=UTC) for day in (3, 5))

    assert (rule.due(soon), rule.due(later)) == (0, 1)
    assert rule.apply(at=later, limit=10) == 1

    made.refresh_from_db()
    assert (made.encrypted_name, receipt(made).contact) == ("", "")
    assert [message.address for message in Message.objects.all()] == [""]


def test_who_holds_the_receipt_sees_and_erases_the_own_data() -> None:
    made = factory.appointment(contact=MAIL)
    subject = subject_of(receipt(made))
    kind = privacy.kind("benefits_core.appointments")
    assert kind and kind.erase

    [row] = kind.of_person(subject)
    assert kind.export(row)["name"] == "Rosa Ñancupil"
    assert kind.holds(subject, NOW)
    assert not kind.holds(subject, made.ends_at)
    done = kind.erase(subject=subject, by=None, at=made.ends_at)

    made.refresh_from_db()
    assert (done.erased, made.encrypted_name, made.state) == (1, "", "booked")


# --- Agendas


def add_rule(point: Any, **changes: Any) -> AgendaRule:
    values: dict[str, Any] = {
        "weekday": 0,
        "starts_at": time(9),
        "ends_at": time(12),
        "slot_minutes": 30,
        "capacity": 1,
        "online": True,
        "starts_on": date(2026, 3, 1),
        **changes,
    }
    return agendas.add_rule(service_point=point, by=None, at=NOW, **values)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_at": time(9)}, "ends_at"),
        ({"starts_at": time(9, 0, 30)}, "starts_at"),
        ({"slot_minutes": 4}, "slot_minutes"),
        ({"slot_minutes": 200}, "slot_minutes"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 51}, "capacity"),
    ],
)
def test_hours_that_make_no_sense_are_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidContent) as refused:
        add_rule(ServicePointFactory(), **changes)

    assert (refused.value.field, AgendaRule.objects.count()) == (field, 0)


def test_hours_do_not_overlap_and_follow_those_that_ended() -> None:
    point = ServicePointFactory()
    first = add_rule(point)
    with pytest.raises(InvalidContent):
        add_rule(point, starts_at=time(11), ends_at=time(13))

    agendas.end_rule(rule=first, last=date(2026, 3, 31), by=None, at=NOW)
    add_rule(point, starts_at=time(11), ends_at=time(13), starts_on=date(2026, 4, 1))

    assert AgendaRule.objects.count() == 2
    with pytest.raises(ClosedToChange):
        agendas.end_rule(rule=first, last=date(2026, 5, 1), by=None, at=NOW)
    assert agendas.end_rule(rule=first, last=date(2026, 2, 1), by=None, at=NOW) is None


def test_exceptions_change_a_day_and_are_removed() -> None:
    point = factory.agenda()
    kept = factory.appointment(point=point)
    closed = agendas.close_day(
        service_point=point, day=WEDNESDAY, starts_at=None, ends_at=None, reason="Capacitación", by=None, at=NOW
    )
    sunday = date(2026, 3, 8)
    agendas.add_slots(
        service_point=point,
        day=sunday,
        starts_at=time(10),
        ends_at=time(11),
        slot_minutes=30,
        capacity=1,
        online=True,
        by=None,
        at=NOW,
    )

    days = days_to_book(point, NOW)
    assert (WEDNESDAY in days, len(days[sunday])) == (False, 2)
    [slot] = agenda_of_day(point, WEDNESDAY)
    assert (slot.offer, [each.appointment for each in slot.expected]) == (None, [kept])

    agendas.remove_exception(exception=closed, by=None, at=NOW)
    assert WEDNESDAY in days_to_book(point, NOW)
    with pytest.raises(InvalidContent):
        agendas.close_day(
            service_point=point, day=date(2026, 3, 1), starts_at=None, ends_at=None, reason="", by=None, at=NOW
        )


def test_holidays_are_not_offered() -> None:
    point = factory.agenda()

    days = days_to_book(point, datetime(2026, 4, 28, 15, tzinfo=UTC))

    assert date(2026, 5, 1) not in days and date(2026, 4, 30) in days


def test_the_team_finds_people_by_part_of_a_name_or_by_code() -> None:
    made = factory.appointment()
    factory.appointment(point=made.service_point, starts_at=factory.slot(made.service_point, hour=10), name="Juan")
    week = (made.territory, date(2026, 3, 1), date(2026, 3, 8))

    def found(text: str) -> list[int]:
        return [each.appointment.pk for each in found_in_agenda(week[0], text, *week[1:])]

    assert found("ñancu") == found(receipt(made).shown_code) == found(receipt(made).code) == [made.pk]
    assert found("nadie") == []


def test_only_places_with_times_to_book_are_offered() -> None:
    with_times = factory.agenda().territory
    factory.agenda(online=False)

    assert list(places_that_book(WEDNESDAY)) == [with_times]
