"""Numbers of the queue: given, called, attended, sent on, closed at the end of the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from benefits_core.domain import appointments, calls, desks, queue_setup, tickets
from benefits_core.enums import TicketState
from benefits_core.errors import ClosedToChange, InvalidContent
from benefits_core.models import Appointment, Attention, AttentionMonth, Desk, QueueNumber, Ticket
from benefits_core.queries.queues import board_of, gives_numbers
from portal.foundation.audit.models import AuditEvent
from portal.foundation.receipts.models import Receipt
from portal.foundation.territories.domain import Opening, set_opening_hours
from tests.factories import attentions as factory
from tests.factories import queues as made
from tests.factories.attentions import MINUTE, NOW
from tests.factories.territories import CountryFactory, ServicePointFactory

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)


def at_desk(queue: Any, name: str = "1") -> tuple[Desk, Any]:
    desk = made.open_desk(queue, name)
    return desk, desk.clerk


# --- Numbers


def test_numbers_go_up_by_letter_and_begin_again_each_day() -> None:
    queue = made.queue()
    other = made.kind(queue, "B")

    codes = [made.ticket(queue, of_kind=kind).code for kind in (None, None, other, None)]

    assert codes == ["A001", "A002", "B001", "A003"]
    assert made.ticket(queue, at=TOMORROW).code == "A001"


def test_another_queue_has_numbers_of_its_own() -> None:
    assert [made.ticket(made.queue()).code for _ in range(2)] == ["A001", "A001"]


def test_the_button_pressed_twice_gives_one_number() -> None:
    queue, token = made.queue(), uuid4()

    given = [made.ticket(queue, form_token=token) for _ in range(2)]

    assert given[0] == given[1] and Ticket.objects.count() == 1
    assert QueueNumber.objects.get().last == 1


def test_a_number_says_nothing_about_who_holds_it_but_priority_and_a_telephone() -> None:
    ticket = made.ticket(made.queue(), priority_kind="pregnant", contact="9 8765 4321")

    assert (ticket.preferential, ticket.contact) == (True, "+56987654321")
    assert "987654321" not in ticket.encrypted_contact
    event = AuditEvent.objects.get(verb="benefits_core.issue_ticket")
    assert (event.by_user_id, event.detail) == (None, {})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"priority_kind": "rich"}, "priority_kind"),
        ({"contact": "22 123 4567"}, "contact"),
        ({"contact": "x"}, "contact"),
    ],
)
def test_what_makes_no_sense_gives_no_number(wrong: dict[str, str], field: str) -> None:
    queue = made.queue()

    with pytest.raises(InvalidContent) as refused:
        made.ticket(queue, **wrong)

    assert refused.value.field == field
    assert not Ticket.objects.exists() and not QueueNumber.objects.exists()


def test_a_button_of_another_queue_or_that_is_not_offered_gives_no_number() -> None:
    queue, foreign = made.queue(), made.queue().kinds.get()
    retired = queue_setup.switch_kind(kind=made.kind(queue, "B"), offer=False, by=None, at=NOW)

    for kind in (foreign, retired):
        with pytest.raises(InvalidContent):
            made.ticket(queue, of_kind=kind)


def test_numbers_are_given_while_the_service_point_is_open() -> None:
    point = ServicePointFactory()
    week = [Opening(day, NOW.replace(hour=9).time(), NOW.replace(hour=14).time()) for day in range(5)]
    set_opening_hours(service_point=point, openings=week, by=None, at=NOW)
    queue = made.queue(point=point, in_hours=True)

    # 12:30 there on a Monday; nine hours later; and a Sunday.
    assert [gives_numbers(queue, NOW + timedelta(hours=hours)) for hours in (0, 9, -24)] == [True, False, False]
    with pytest.raises(ClosedToChange):
        made.ticket(queue, at=NOW + timedelta(hours=9))
    assert gives_numbers(made.queue(in_hours=True), NOW - timedelta(hours=24))
    assert not gives_numbers(made.queue(is_open=False), NOW)


def test_a_holiday_is_not_worked() -> None:
    point = ServicePointFactory()
    every_day = [Opening(day, NOW.replace(hour=1).time(), NOW.replace(hour=23).time()) for day in range(7)]
    set_opening_hours(service_point=point, openings=every_day, by=None, at=NOW)

    assert not gives_numbers(made.queue(point=point, in_hours=True), NOW.replace(month=9, day=18))


# --- Appointments


def announced(**fields: Any) -> tuple[Any, Appointment, str]:
    """A queue, an appointment of today at eleven there, and its code. It is 12:30, so NOW is moved before."""
    point = factory.agenda(capacity=3)
    queue = made.queue(point=point)
    booked = factory.appointment(
        point=point,
        starts_at=factory.slot(point, date(2026, 3, 2), 11, 0),
        by=None,
        at=NOW - timedelta(days=3),
        **fields,
    )
    return queue, booked, Receipt.objects.of(booked).get().code


def test_an_appointment_is_announced_by_its_code_once() -> None:
    queue, booked, code = announced(preferential=True)
    at = booked.starts_at - 5 * MINUTE

    given = [tickets.announce(queue=queue, code=f" {code.lower()} ", by=None, at=at) for _ in range(2)]

    booked.refresh_from_db()
    assert given[0] == given[1] and Ticket.objects.count() == 1
    assert (booked.state, given[0].due_at, given[0].matter_id) == ("arrived", booked.starts_at, booked.matter_id)
    assert given[0].preferential and not given[0].priority_kind


def test_every_wrong_code_gets_the_same_words() -> None:
    queue, booked, code = announced()
    elsewhere = made.queue()
    at = booked.starts_at
    cancelled = factory.appointment(point=queue.service_point, starts_at=booked.starts_at, at=at - timedelta(days=3))
    appointments.cancel(appointment=cancelled, by=factory.clerk(queue.territory), at=at)

    def said(where: Any, what: str, when: Any) -> tuple[str, str]:
        with pytest.raises(InvalidContent) as refused:
            tickets.announce(queue=where, code=what, by=None, at=when)
        return str(refused.value), refused.value.field

    answers = {
        said(queue, "0000000000", at),
        said(queue, "", at),
        said(queue, "x" * 500, at),
        said(elsewhere, code, at),
        said(queue, code, at + timedelta(days=1)),
        said(queue, Receipt.objects.of(cancelled).get().code, at),
    }
    assert len(answers) == 1
    assert not Ticket.objects.exists()


def test_whoever_has_an_appointment_is_attended_by_the_queue_and_the_agenda_knows() -> None:
    queue, booked, code = announced()
    desk, clerk = at_desk(queue)
    tickets.announce(queue=queue, code=code, by=None, at=booked.starts_at - 10 * MINUTE)
    ticket = calls.call_next(desk=desk, by=clerk, at=booked.starts_at + 4 * MINUTE)
    calls.start(ticket=ticket, by=clerk, at=booked.starts_at + 5 * MINUTE)
    calls.finish(ticket=ticket, outcome="resolved", matter=booked.matter, by=clerk, at=booked.starts_at + 12 * MINUTE)

    booked.refresh_from_db()
    attention = Attention.objects.get()
    assert (booked.state, booked.attention) == ("served", attention)
    assert (attention.wait_seconds, attention.service_seconds) == (300, 420)


def test_whoever_is_attended_from_the_agenda_is_not_called_too() -> None:
    queue, booked, code = announced()
    desk, clerk = at_desk(queue)
    tickets.announce(queue=queue, code=code, by=None, at=booked.starts_at)

    appointments.serve(appointment=booked, by=clerk, at=booked.starts_at)

    assert calls.call_next(desk=desk, by=clerk, at=booked.starts_at) is None
    assert board_of(queue, booked.starts_at).total == 0


def test_arriving_where_no_numbers_are_given_stays_with_the_agenda() -> None:
    booked = factory.appointment(at=NOW - timedelta(days=3))

    assert tickets.welcome(appointment=booked, by=None, at=booked.starts_at) is None

    booked.refresh_from_db()
    assert booked.state == "arrived"


# --- Calling


def test_priority_is_called_first_and_nobody_twice() -> None:
    queue = made.queue()
    first, second = made.ticket(queue), made.ticket(queue, at=NOW + MINUTE, priority_kind="older")
    one, rosa = at_desk(queue)
    two, juan = at_desk(queue, "2")

    got = [calls.call_next(desk=desk, by=by, at=NOW + 2 * MINUTE) for desk, by in ((one, rosa), (two, juan))]

    assert got == [second, first]
    assert [ticket.favored for ticket in got] == [True, False]
    assert (got[0].clerk, got[0].desk, got[0].calls) == (rosa, one, 1)


def test_pressing_twice_calls_one() -> None:
    queue = made.queue()
    made.ticket(queue)
    made.ticket(queue)
    desk, clerk = at_desk(queue)

    got = [calls.call_next(desk=desk, by=clerk, at=NOW) for _ in range(2)]

    assert got[0] == got[1]
    assert Ticket.objects.filter(state="waiting").count() == 1


def test_the_ordinary_one_that_waited_too_long_is_called_after_two_with_priority() -> None:
    queue = made.queue(promised_minutes=20)
    ordinary = made.ticket(queue)
    at = NOW + 21 * MINUTE
    favored = [made.ticket(queue, at=at, priority_kind="health") for _ in range(4)]
    desk, clerk = at_desk(queue)

    order = []
    for _ in range(4):
        ticket = calls.call_next(desk=desk, by=clerk, at=at)
        order.append(ticket)
        calls.withdraw(ticket=ticket, by=clerk, at=at)
        at += MINUTE

    assert order == [favored[0], favored[1], ordinary, favored[2]]


def test_the_municipality_s_promise_counts_where_the_service_point_says_nothing() -> None:
    from benefits_core.domain.matters import promise_wait
    from benefits_core.queries.queues import rule_of

    queue = made.queue(promised_minutes=None)
    assert rule_of(queue, NOW).promised == 30 * MINUTE
    promise_wait(
        territory=CountryFactory(),
        channel="counter",
        minutes=45,
        starts_on=date(2026, 2, 1),
        by=None,
        at=NOW - timedelta(days=60),
    )

    assert rule_of(queue, NOW).promised == 45 * MINUTE


def test_a_counter_calls_its_kinds_and_what_was_sent_to_it() -> None:
    queue = made.queue()
    kind_b = made.kind(queue, "B")
    made.ticket(queue)
    ticket_b = made.ticket(queue, of_kind=kind_b)
    special = made.desk(queue, "2", kinds=[kind_b])
    clerk = factory.clerk(queue.territory)
    desks.take_desk(desk=special, by=clerk, at=NOW)

    assert calls.call_next(desk=special, by=clerk, at=NOW) == ticket_b
    calls.transfer(ticket=ticket_b, kind=kind_b, desk=queue.desks.get(name="1"), by=clerk, at=NOW)
    assert calls.call_next(desk=special, by=clerk, at=NOW) is None


def test_who_does_not_come_goes_back_and_then_it_is_over() -> None:
    queue = made.queue(chances=1, back_minutes=5)
    ticket = made.called(queue)
    desk, clerk = ticket.desk, ticket.clerk

    back = calls.miss(ticket=ticket, by=clerk, at=NOW)
    assert (back.state, back.ready_at, back.arrived_at) == ("waiting", NOW + 5 * MINUTE, NOW)
    assert calls.call_next(desk=desk, by=clerk, at=NOW + 4 * MINUTE) is None
    again = calls.call_next(desk=desk, by=clerk, at=NOW + 5 * MINUTE)
    over = calls.miss(ticket=again, by=clerk, at=NOW + 6 * MINUTE)

    assert (over.state, over.calls, over.misses) == (TicketState.NO_SHOW, 2, 2)
    assert not Attention.objects.exists()


def test_calling_again_shows_it_first_and_changes_no_turn() -> None:
    queue = made.queue()
    ticket = made.called(queue)
    again = calls.call_again(ticket=ticket, by=ticket.clerk, at=NOW + MINUTE)

    assert (again.calls, again.called_at, again.shown_at) == (2, NOW, NOW + MINUTE)


def test_another_clerk_s_number_is_out_of_reach() -> None:
    queue = made.queue()
    ticket = made.called(queue)
    other = factory.clerk(queue.territory)
    verbs: list[Callable[..., Any]] = [calls.miss, calls.start, calls.call_again]

    for verb in verbs:
        with pytest.raises(ClosedToChange):
            verb(ticket=ticket, by=other, at=NOW)
    with pytest.raises(ClosedToChange):
        calls.finish(ticket=ticket, outcome="resolved", matter=factory.matter(), by=other, at=NOW)
    with pytest.raises(ClosedToChange):
        calls.call_next(desk=ticket.desk, by=other, at=NOW)


# --- Attending


def test_finishing_writes_the_attention_with_what_was_measured() -> None:
    queue = made.queue()
    matter = queue.kinds.get().matters.get()
    made.ticket(queue, priority_kind="carer")
    desk, clerk = at_desk(queue)
    ticket = calls.call_next(desk=desk, by=clerk, at=NOW + 7 * MINUTE)
    calls.start(ticket=ticket, by=clerk, at=NOW + 8 * MINUTE)

    done = calls.finish(ticket=ticket, outcome="resolved", matter=matter, by=clerk, at=NOW + 20 * MINUTE)

    attention = Attention.objects.get()
    assert done.attention == attention
    assert (attention.arrived_at, attention.started_at, attention.ended_at) == (
        NOW,
        NOW + 8 * MINUTE,
        NOW + 20 * MINUTE,
    )
    assert (attention.wait_seconds, attention.service_seconds, attention.channel) == (480, 720, "counter")
    assert (attention.source, attention.preferential, attention.matter, attention.outcome) == (
        "queue",
        True,
        matter,
        "resolved",
    )
    assert (attention.recorded_by, attention.external_id) == (clerk, "A001 2026-03-02")
    assert AttentionMonth.objects.get().waits == {"8": 1}


def test_finishing_twice_is_one_attention() -> None:
    queue = made.queue()
    ticket = made.called(queue)
    matter = queue.kinds.get().matters.get()
    calls.start(ticket=ticket, by=ticket.clerk, at=NOW)

    for _ in range(2):
        calls.finish(ticket=ticket, outcome="resolved", matter=matter, by=ticket.clerk, at=NOW + MINUTE)

    assert Attention.objects.count() == 1


@pytest.mark.parametrize("outcome", ["", "not_recorded", "x"])
def test_how_it_ended_is_said(outcome: str) -> None:
    queue = made.queue()
    ticket = made.called(queue)
    calls.start(ticket=ticket, by=ticket.clerk, at=NOW)

    with pytest.raises(InvalidContent):
        calls.finish(ticket=ticket, outcome=outcome, matter=queue.kinds.get().matters.get(), by=ticket.clerk, at=NOW)

    ticket.refresh_from_db()
    assert ticket.state == "serving" and not Attention.objects.exists()


def test_nothing_is_written_where_the_register_refuses() -> None:
    queue = made.queue()
    ticket = made.called(queue)
    calls.start(ticket=ticket, by=ticket.clerk, at=NOW)
    foreign = factory.matter(territory=ServicePointFactory().territory)

    with pytest.raises(InvalidContent):
        calls.finish(ticket=ticket, outcome="resolved", matter=foreign, by=ticket.clerk, at=NOW)

    ticket.refresh_from_db()
    assert ticket.state == "serving" and not Attention.objects.exists()


def test_what_is_not_called_is_neither_started_nor_finished() -> None:
    queue = made.queue()
    ticket = made.called(queue)
    with pytest.raises(ClosedToChange):
        calls.finish(ticket=ticket, outcome="resolved", matter=queue.kinds.get().matters.get(), by=ticket.clerk, at=NOW)
    calls.start(ticket=ticket, by=ticket.clerk, at=NOW)
    for verb in (calls.start, calls.miss, calls.call_again):
        with pytest.raises(ClosedToChange):
            verb(ticket=ticket, by=ticket.clerk, at=NOW)


def test_who_is_sent_on_keeps_the_arrival_and_is_next_there() -> None:
    queue = made.queue()
    kind_b = made.kind(queue, "B")
    ticket = made.called(queue)
    calls.start(ticket=ticket, by=ticket.clerk, at=NOW + MINUTE)
    made.ticket(queue, of_kind=kind_b, at=NOW + 2 * MINUTE)

    sent = calls.transfer(ticket=ticket, kind=kind_b, by=ticket.clerk, at=NOW + 3 * MINUTE)
    desk, clerk = at_desk(queue, "2")
    got = calls.call_next(desk=desk, by=clerk, at=NOW + 4 * MINUTE)

    assert (sent.state, sent.arrived_at, sent.code, sent.kind) == ("waiting", NOW, "A001", kind_b)
    assert got == sent
    calls.start(ticket=got, by=clerk, at=NOW + 4 * MINUTE)
    calls.finish(ticket=got, outcome="resolved", matter=kind_b.matters.get(), by=clerk, at=NOW + 9 * MINUTE)
    assert Attention.objects.get().wait_seconds == 240
