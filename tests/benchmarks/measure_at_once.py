"""Fifty counters and fifty kiosks at the same moment, each with a connection of its own, on a database of their own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from threading import Barrier

from tests.benchmarks.framework import Bench, at_least, at_most, measure

COUNTERS = 50
TURNS = 10
WANTED = COUNTERS * TURNS
AT = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Rush:
    """``wrong``: how many are missing, or were given twice."""

    per_second: float
    percentile_95: float
    wrong: int


@contextmanager
def empty_database() -> Iterator[None]:
    """A migrated database without data, while the measure lasts; afterwards the bench's own again."""
    from django.db import connection

    from tests import database

    own = connection.settings_dict["NAME"]
    prepared = database.test_database("bench")
    prepared.set_up()
    try:
        yield
    finally:
        prepared.tear_down()
        database.connect_to(own)


def rush(act: Callable[[int], object]) -> tuple[float, float]:
    """:data:`COUNTERS` threads, each of which does ``act`` :data:`TURNS` times; how many a second, and 95 % of ms."""
    from django.db import connections

    barrier = Barrier(COUNTERS + 1)

    def work(counter: int) -> list[float]:
        durations = []
        try:
            barrier.wait(timeout=30)
            for _turn in range(TURNS):
                begin = time.perf_counter()
                act(counter)
                durations.append((time.perf_counter() - begin) * 1000)
        finally:
            connections.close_all()
        return durations

    with ThreadPoolExecutor(max_workers=COUNTERS) as pool:
        running = [pool.submit(work, counter) for counter in range(COUNTERS)]
        barrier.wait(timeout=30)
        begin = time.perf_counter()
        durations = sorted(duration for each in running for duration in each.result())
        seconds = time.perf_counter() - begin
    return len(durations) / seconds, durations[int(len(durations) * 0.95)]


@cache
def attentions_at_once() -> Rush:
    """Clerks of one service point write attentions of the same month: every one adds to the same sums."""
    from benefits_core.domain import attentions
    from benefits_core.models import Attention, AttentionMonth
    from tests.factories import attentions as made
    from tests.factories.territories import ServicePointFactory

    with empty_database():
        point, matter = ServicePointFactory(), made.matter()
        clerks = [made.clerk(point.territory) for _counter in range(COUNTERS)]
        said = made.content(service_point=point, matter=matter, ended_at=AT)
        per_second, percentile = rush(
            lambda counter: attentions.record_attention(content=said, by=clerks[counter], at=AT)
        )
        summed = sum(AttentionMonth.objects.values_list("count", flat=True))
        wrong = abs(WANTED - Attention.objects.count()) + abs(WANTED - summed)
    return Rush(per_second, percentile, wrong)


@cache
def numbers_at_once() -> Rush:
    """Kiosks of one queue give numbers of the same letter."""
    from benefits_core.domain import tickets
    from benefits_core.models import Ticket
    from tests.factories import queues as made

    with empty_database():
        queue = made.queue(at=AT)
        kind = queue.kinds.get()
        per_second, percentile = rush(lambda _counter: tickets.issue(queue=queue, kind=kind, by=None, at=AT))
        numbers = set(Ticket.objects.values_list("number", flat=True))
        wrong = len(set(range(1, WANTED + 1)) ^ numbers) + Ticket.objects.count() - len(numbers)
    return Rush(per_second, percentile, wrong)


def register(name: str, take: Callable[[], Rush]) -> None:
    @measure(f"{name}: lost or twice, of {WANTED}", at_most(0, "rows"))
    def wrong(_bench: Bench) -> float:
        return take().wrong

    @measure(f"{name}: rate", at_least(50, "/s"))
    def rate(_bench: Bench) -> float:
        return take().per_second

    @measure(f"{name}: 95th percentile", at_most(1_000, "ms"))
    def percentile(_bench: Bench) -> float:
        return take().percentile_95


register(f"{COUNTERS} counters record attentions at once", attentions_at_once)
register(f"{COUNTERS} kiosks give numbers at once", numbers_at_once)
