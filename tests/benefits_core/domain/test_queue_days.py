"""Counters of the queue, its text messages, the end of its day, and how it is set up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from benefits_core.domain import calls, desks, queue_days, queue_setup
from benefits_core.enums import Outcome
from benefits_core.errors import BenefitsError, ClosedToChange, InvalidContent
from benefits_core.models import Attention, Desk, Ticket
from benefits_core.queries.queues import Line, board_of, link_of, queue_day
from benefits_core.queries.queues import queue_days as days_of
from portal.foundation.audit.models import AuditEvent
from portal.foundation.jobs import domain as jobs
from portal.foundation.jobs.models import Job
from portal.foundation.messages.models import Message
from portal.foundation.people import privacy
from tests.factories import attentions as factory
from tests.factories import queues as made
from tests.factories.attentions import MINUTE, NOW

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)


def at_desk(queue: Any, name: str = "1") -> tuple[Desk, Any]:
    desk = made.open_desk(queue, name)
    return desk, desk.clerk


# --- Counters


def test_a_counter_has_one_clerk_and_a_clerk_one_counter() -> None:
    queue = made.queue()
    desk, rosa = at_desk(queue)
    with pytest.raises(ClosedToChange):
        desks.take_desk(desk=desk, by=factory.clerk(queue.territory), at=NOW)

    two = desks.take_desk(desk=made.desk(queue, "2"), by=rosa, at=NOW)

    desk.refresh_from_db()
    assert (desk.clerk, two.clerk) == (None, rosa)
    # Left open the evening before: whoever comes first sits down.
    assert desks.take_desk(desk=two, by=factory.clerk(queue.territory), at=TOMORROW).clerk != rosa


def test_who_attends_somebody_neither_pauses_nor_goes() -> None:
    ticket = made.called(made.queue())

    for verb in (desks.pause_desk, desks.leave_desk):
        with pytest.raises(ClosedToChange):
            verb(desk=ticket.desk, by=ticket.clerk, at=NOW)
    freed = desks.free_desk(desk=ticket.desk, by=factory.clerk(ticket.territory), at=NOW)

    ticket.refresh_from_db()
    assert (freed.clerk, ticket.state, ticket.misses) == (None, "waiting", 0)


def test_a_counter_in_a_pause_calls_nobody_and_counts_in_no_estimate() -> None:
    queue = made.queue()
    ticket = made.ticket(queue)
    desk, clerk = at_desk(queue)
    desks.pause_desk(desk=desk, by=clerk, at=NOW)

    with pytest.raises(ClosedToChange):
        calls.call_next(desk=desk, by=clerk, at=NOW)
    assert Line(queue, NOW).estimate(ticket) is None
    desks.resume_desk(desk=desk, by=clerk, at=NOW)
    assert calls.call_next(desk=desk, by=clerk, at=NOW) == ticket


def test_the_wait_is_estimated_from_the_last_services() -> None:
    queue = made.queue()
    matter = queue.kinds.get().matters.get()
    desk, clerk = at_desk(queue)
    at = NOW
    for _ in range(3):
        made.ticket(queue, at=at)
        ticket = calls.call_next(desk=desk, by=clerk, at=at)
        calls.start(ticket=ticket, by=clerk, at=at)
        at += 10 * MINUTE
        calls.finish(ticket=ticket, outcome="resolved", matter=matter, by=clerk, at=at)
    waiting = [made.ticket(queue, at=at) for _ in range(3)]
    calls.call_next(desk=desk, by=clerk, at=at)

    line = Line(queue, at)

    assert [(line.before(each), line.estimate(each)) for each in waiting[1:]] == [(0, 10), (1, 20)]


def test_whoever_came_early_is_told_of_the_time_of_the_appointment() -> None:
    queue = made.queue()
    matter = queue.kinds.get().matters.get()
    desk, clerk = at_desk(queue)
    at = NOW
    for _ in range(3):
        made.ticket(queue, at=at)
        ticket = calls.call_next(desk=desk, by=clerk, at=at)
        calls.start(ticket=ticket, by=clerk, at=at)
        at += 10 * MINUTE
        calls.finish(ticket=ticket, outcome="resolved", matter=matter, by=clerk, at=at)
    for _ in range(5):
        made.ticket(queue, at=at)
    early = made.ticket(queue, at=at)
    Ticket.objects.filter(pk=early.pk).update(due_at=at + 2 * MINUTE)

    line = Line(queue, at)
    early = next(each for each in line.waiting if each.pk == early.pk)

    assert (line.before(early), line.expected_before(early), line.estimate(early)) == (5, 0, 2)


def test_people_before_are_those_who_wait_for_the_same_counters() -> None:
    queue = made.queue()
    kind_b = made.kind(queue, "B")
    only_b = made.desk(queue, "2", kinds=[kind_b])
    desks.take_desk(desk=only_b, by=factory.clerk(queue.territory), at=NOW)
    for _ in range(3):
        made.ticket(queue)
    ticket = made.ticket(queue, of_kind=kind_b)

    assert Line(queue, NOW).before(ticket) == 0


# --- Text messages


def test_whoever_left_a_telephone_is_told_once_when_three_are_before() -> None:
    queue = made.queue(chances=0)
    for _ in range(5):
        made.ticket(queue)
    ticket = made.ticket(queue, contact="+56987654321")
    desk, clerk = at_desk(queue)
    assert not Message.objects.exists()

    for _ in range(4):
        calls.miss(ticket=calls.call_next(desk=desk, by=clerk, at=NOW), by=clerk, at=NOW)

    sent = Message.objects.get()
    assert (sent.channel, sent.address) == ("sms", "+56987654321")
    assert "A006" in sent.body and "3" in sent.body and len(sent.body) <= 160
    ticket.refresh_from_db()
    assert ticket.told_at == NOW


# --- The end of the day


def test_the_end_of_the_day_closes_what_is_left_and_erases_telephones() -> None:
    queue = made.queue(chances=0)
    called = made.called(queue)
    serving_desk, rosa = at_desk(queue, "2")
    made.ticket(queue, contact="+56987654321", priority_kind="older", at=NOW)
    serving = calls.call_next(desk=serving_desk, by=rosa, at=NOW + MINUTE)
    calls.start(ticket=serving, by=rosa, at=NOW + 2 * MINUTE)
    waiting = made.ticket(queue, at=NOW + 3 * MINUTE)

    assert queue_days.close_past(at=NOW + 4 * MINUTE) == 0
    for _ in range(2):
        assert queue_days.close_past(at=TOMORROW) in (1, 0)
        for job in Job.objects.filter(kind=queue_days.CLOSE):
            jobs.run(job_id=job.pk, now=lambda: TOMORROW)

    for ticket in (called, serving, waiting):
        ticket.refresh_from_db()
    assert [called.state, serving.state, waiting.state] == ["no_show", "served", "closed"]
    assert (serving.encrypted_contact, serving.priority_kind, serving.preferential) == ("", "", True)
    assert Message.objects.get().address == ""
    attention = Attention.objects.get()
    assert (attention.outcome, attention.wait_seconds, attention.service_seconds) == (Outcome.NOT_RECORDED, 120, None)
    assert attention.recorded_by == rosa
    assert not Desk.objects.filter(clerk__isnull=False).exists()
    assert queue_days.close_past(at=TOMORROW + timedelta(hours=1)) == 0


def test_a_day_of_many_numbers_is_closed_some_at_a_time() -> None:
    queue = made.queue()
    for _ in range(7):
        made.ticket(queue)

    closed = [queue_days.close_some(queue=queue, day=NOW.date(), at=TOMORROW, limit=3) for _ in range(4)]

    assert closed == [3, 3, 1, 0]
    assert set(Ticket.objects.values_list("state", flat=True)) == {"closed"}


def test_a_point_that_closed_meanwhile_keeps_no_day_open() -> None:
    from portal.foundation.territories.domain import close_service_point

    queue = made.queue()
    ticket = made.called(queue)
    calls.start(ticket=ticket, by=ticket.clerk, at=NOW)
    close_service_point(service_point=queue.service_point, by=None, at=NOW)

    queue_days.close_some(queue=queue, day=NOW.date(), at=TOMORROW, limit=9)

    ticket.refresh_from_db()
    assert ticket.state == "closed" and not Attention.objects.exists()


def test_telephones_are_a_declared_retention() -> None:
    made.ticket(made.queue(), contact="+56987654321")
    rule = privacy.rule("benefits_core.ticket_contacts")
    assert rule is not None
    later = NOW + timedelta(days=3)

    assert (rule.due(NOW), rule.due(later), rule.apply(at=later, limit=10), rule.due(later)) == (0, 1, 1, 0)
    assert Ticket.objects.get().encrypted_contact == ""


# --- What is read of it


def test_the_board_shows_numbers_counters_and_how_many_wait() -> None:
    queue = made.queue()
    kind_b = made.kind(queue, "B")
    called = made.called(queue)
    made.ticket(queue, of_kind=kind_b)

    board = board_of(queue, NOW)

    assert [(each.code, each.desk.name) for each in board.calls] == [(called.code, "1")]
    assert [(kind.letter, count) for kind, count in board.waiting] == [("A", 0), ("B", 1)]


def test_a_day_is_summed_from_its_own_numbers() -> None:
    queue = made.queue(chances=0)
    first = made.called(queue)
    calls.miss(ticket=first, by=first.clerk, at=NOW)
    made.ticket(queue, priority_kind="older", at=NOW)
    ticket = calls.call_next(desk=first.desk, by=first.clerk, at=NOW + 9 * MINUTE)
    calls.start(ticket=ticket, by=first.clerk, at=NOW + 9 * MINUTE)
    made.ticket(queue, at=NOW + 10 * MINUTE)

    day = queue_day(queue, NOW.date(), NOW + 15 * MINUTE)

    assert (dict(day.states), day.preferential) == ({"no_show": 1, "serving": 1, "waiting": 1}, 1)
    assert (day.longest, day.longest_now, day.mean) == (9, 5, 9)
    row = days_of(queue).get()
    assert (row["day"], row["total"], row["in_no_show"], row["longest"]) == (NOW.date(), 3, 1, 9 * MINUTE)


def test_whoever_came_early_for_an_appointment_waits_from_its_time_on() -> None:
    queue = made.queue()
    ticket = made.called(queue, at=NOW + 20 * MINUTE)
    Ticket.objects.filter(pk=ticket.pk).update(arrived_at=NOW, due_at=NOW + 15 * MINUTE)
    calls.start(ticket=ticket, by=ticket.clerk, at=NOW + 22 * MINUTE)

    assert queue_day(queue, NOW.date(), NOW + 30 * MINUTE).longest == 7
    assert days_of(queue).get()["longest"] == 7 * MINUTE


# --- Setting up


def test_what_a_queue_decides_is_checked() -> None:
    queue = made.queue()
    right = {"is_open": True, "in_hours": True, "favored_turns": 3, "promised_minutes": None, "chances": 0,
             "back_minutes": 10}  # fmt: skip
    queue_setup.set_rule(queue=queue, **right, by=None, at=NOW)
    for name, wrong in (("favored_turns", 0), ("chances", 9), ("back_minutes", 90), ("promised_minutes", 500)):
        with pytest.raises(InvalidContent) as refused:
            queue_setup.set_rule(queue=queue, **{**right, name: wrong}, by=None, at=NOW)
        assert refused.value.field == name
    queue.refresh_from_db()
    assert queue.favored_turns == 3


def test_letters_and_counters_are_named_once() -> None:
    queue = made.queue()

    with pytest.raises(InvalidContent) as letter:
        made.kind(queue, "a")
    with pytest.raises(InvalidContent) as name:
        made.desk(queue, " 1 ")
    assert (letter.value.field, name.value.field) == ("letter", "name")
    for wrong in ("", "AB", "1", "Ñ"):
        with pytest.raises(InvalidContent):
            made.kind(queue, wrong)
    with pytest.raises(InvalidContent) as matters:
        queue_setup.add_kind(queue=queue, letter="Z", name="Otra", matters=[], by=None, at=NOW)
    assert matters.value.field == "matters"
    with pytest.raises(InvalidContent):
        made.desk(queue, "9", kinds=[made.queue().kinds.get()])


def test_a_counter_in_use_is_not_put_away() -> None:
    queue = made.queue()
    desk, clerk = at_desk(queue)
    with pytest.raises(ClosedToChange):
        queue_setup.switch_desk(desk=desk, use=False, by=None, at=NOW)
    desks.leave_desk(desk=desk, by=clerk, at=NOW)
    queue_setup.switch_desk(desk=desk, use=False, by=None, at=NOW)

    with pytest.raises(BenefitsError):
        desks.take_desk(desk=desk, by=clerk, at=NOW)


def test_the_key_of_a_device_is_kept_as_a_hash_and_ends_when_revoked() -> None:
    link, token = made.link(made.queue())

    assert token not in str(vars(link)) and len(token) >= 43
    assert link_of(token) == link_of(token, "kiosk") == link
    assert [link_of(token, "display"), link_of(""), link_of(token + "x")] == [None, None, None]
    queue_setup.revoke_link(link=link, by=None, at=NOW)
    assert link_of(token) is None
    assert token not in " ".join(f"{event.detail}{event.parts}" for event in AuditEvent.objects.all())


def test_the_use_of_a_device_is_noted_now_and_then() -> None:
    link, _token = made.link(made.queue())
    for minutes in (0, 5, 11):
        link.refresh_from_db()
        queue_setup.note_use(link=link, at=NOW + minutes * MINUTE)
        link.refresh_from_db()
    assert link.last_used_at == NOW + 11 * MINUTE


def test_closing_asks_for_work_once_an_hour() -> None:
    made.ticket(made.queue())

    for _ in range(3):
        queue_days.close_past(at=TOMORROW)

    assert Job.objects.filter(kind=queue_days.CLOSE).count() == 1
