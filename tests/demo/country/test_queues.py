"""A queue at work, whenever somebody starts the demonstration."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest

from benefits_core.models import Queue, Ticket
from benefits_core.queries.queues import WholeDay
from portal.demo import queues
from tests.demo.country.conftest import NOW

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("small_country")]
# A Saturday evening; and the first minutes of a day.
LATER = [NOW + timedelta(days=5, hours=16), NOW + timedelta(days=1) - timedelta(hours=3, minutes=19)]


def shown(queue: Queue, at: datetime) -> tuple[int, int, int]:
    """Attended, being attended, waiting."""
    whole = WholeDay(queue, at)
    return whole.summary.states["served"], sum(len(held) for _desk, held in whole.counters), len(whole.ordered)


def test_somebody_is_being_attended_at_night_too() -> None:
    queue = Queue.objects.get()

    assert shown(queue, NOW) == (queues.SERVED - 1, 1, queues.WAITING)
    assert not Ticket.objects.filter(arrived_at__gt=NOW).exists()


@pytest.mark.parametrize("at", LATER, ids=["saturday", "midnight"])
def test_a_demonstration_of_an_earlier_day_gets_the_queue_of_today_once(at: datetime) -> None:
    queue = Queue.objects.get()

    laid = [queues.renew(now=at, rng=Random(1)) for _start in range(2)]

    assert laid == [True, False]
    assert shown(queue, at) == (queues.SERVED - 1, 1, queues.WAITING)
    assert not Ticket.objects.filter(arrived_at__gt=at).exists()
    assert not Ticket.objects.filter(day__lt=WholeDay(queue, at).day, settled_at__isnull=True).exists()


def test_where_nobody_attended_yet_nothing_is_laid() -> None:
    Ticket.objects.all().delete()

    assert not queues.renew(now=NOW, rng=Random(1))
