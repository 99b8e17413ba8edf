"""Several kiosks and several clerks at the same moment; a worker that is killed while it closes a day."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from benefits_core.domain import calls, queue_days, tickets
from benefits_core.errors import BenefitsError
from benefits_core.models import Attention, Ticket
from portal.foundation.jobs import domain as jobs
from portal.foundation.jobs.models import Job
from tests.benefits_core.domain.test_attentions_at_once import at_once
from tests.factories import attentions as factory
from tests.factories import queues as made
from tests.factories.attentions import NOW

pytestmark = pytest.mark.django_db(transaction=True)
TOMORROW = NOW + timedelta(days=1)


def test_kiosks_that_give_numbers_at_once_give_each_once() -> None:
    queue = made.queue()
    kind = queue.kinds.get()

    given = at_once(*(lambda: tickets.issue(queue=queue, kind=kind, by=None, at=NOW) for _ in range(10)))

    assert sorted(ticket.number for ticket in given) == list(range(1, 11))


def test_one_form_sent_by_several_requests_gives_one_number() -> None:
    queue, token = made.queue(), uuid4()
    kind = queue.kinds.get()

    given = at_once(
        *(lambda: tickets.issue(queue=queue, kind=kind, form_token=token, by=None, at=NOW) for _ in range(5))
    )

    assert len({ticket.pk for ticket in given}) == Ticket.objects.count() == 1
    assert made.ticket(queue).number == 2


def test_one_appointment_announced_at_several_kiosks_gets_one_number() -> None:
    point = factory.agenda()
    queue = made.queue(point=point)
    booked = factory.appointment(point=point)

    given = at_once(*(lambda: tickets.welcome(appointment=booked, by=None, at=booked.starts_at) for _ in range(4)))

    found = {ticket.pk for ticket in given if isinstance(ticket, Ticket)}
    assert len(found) == Ticket.objects.filter(queue=queue).count() == 1


def test_clerks_who_call_at_once_never_get_the_same_number() -> None:
    queue = made.queue()
    for _ in range(5):
        made.ticket(queue)
    counters = [made.open_desk(queue, str(number)) for number in range(1, 8)]

    got = at_once(*(lambda desk=desk: calls.call_next(desk=desk, by=desk.clerk, at=NOW) for desk in counters))

    called = [ticket.code for ticket in got if isinstance(ticket, Ticket)]
    assert sorted(called) == ["A001", "A002", "A003", "A004", "A005"]
    assert got.count(None) == 2
    assert not [each for each in got if isinstance(each, BenefitsError)]


def test_a_clerk_who_presses_many_times_calls_one() -> None:
    queue = made.queue()
    for _ in range(4):
        made.ticket(queue)
    desk = made.open_desk(queue)

    got = at_once(*(lambda: calls.call_next(desk=desk, by=desk.clerk, at=NOW) for _ in range(4)))

    assert len({ticket.pk for ticket in got}) == 1
    assert Ticket.objects.filter(state="called").count() == 1


def test_finishing_in_several_windows_writes_one_attention() -> None:
    queue = made.queue()
    ticket = made.called(queue)
    matter = queue.kinds.get().matters.get()
    calls.start(ticket=ticket, by=ticket.clerk, at=NOW)

    at_once(
        *(
            lambda: calls.finish(ticket=ticket, outcome="resolved", matter=matter, by=ticket.clerk, at=NOW)
            for _ in range(4)
        )
    )

    assert Attention.objects.count() == 1


def test_finishing_and_sending_on_at_once_do_one_of_the_two() -> None:
    queue = made.queue()
    ticket = made.called(queue)
    kind = queue.kinds.get()
    calls.start(ticket=ticket, by=ticket.clerk, at=NOW)

    at_once(
        lambda: calls.finish(ticket=ticket, outcome="resolved", matter=kind.matters.get(), by=ticket.clerk, at=NOW),
        lambda: calls.transfer(ticket=ticket, kind=kind, by=ticket.clerk, at=NOW),
    )

    ticket.refresh_from_db()
    assert (ticket.state, Attention.objects.count()) in {("served", 1), ("waiting", 0)}


def test_a_worker_killed_while_it_closes_a_day_leaves_the_rest_to_the_next() -> None:
    queue = made.queue()
    serving = made.called(queue)
    calls.start(ticket=serving, by=serving.clerk, at=NOW)
    for _ in range(5):
        made.ticket(queue)
    queue_days.close_past(at=TOMORROW)
    job = Job.objects.get(kind=queue_days.CLOSE)
    # The first worker closes some, and is gone before it can say so.
    queue_days.close_some(queue=queue, day=NOW.date(), at=TOMORROW, limit=2)
    Job.objects.filter(pk=job.pk).update(state="running", lease=uuid4(), lease_until=TOMORROW, attempts=1)

    for _ in range(2):
        jobs.run(job_id=job.pk, now=lambda: TOMORROW + timedelta(minutes=10))

    assert sorted(Ticket.objects.values_list("state", flat=True)) == ["closed"] * 5 + ["served"]
    assert Attention.objects.count() == 1
    job.refresh_from_db()
    assert job.state == "done"
