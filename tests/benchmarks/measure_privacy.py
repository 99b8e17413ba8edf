"""Receipts against guessers, and terms applied to a country's rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.benchmarks.framework import Bench, at_least, at_most, measure
from tests.benchmarks.measure_lists import rows

MANY = 100_000
AT = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


@measure("Receipt: issuing and opening one, the slow hash included", at_most(400, "ms"))
def issue_and_open(bench: Bench) -> float:
    from portal.foundation.people.models import Attempt
    from portal.foundation.receipts import domain
    from portal.foundation.territories.models import ServicePoint, Territory

    place = Territory.objects.municipalities()[0]
    count = 0

    def once() -> None:
        nonlocal count
        count += 1
        point = ServicePoint.objects.create(territory=place, name=f"Medida {count}")
        given = domain.issue(subject=point, territory=place, by=None, at=AT)
        domain.open(code=given.receipt.code, secret=given.secret, address=f"203.0.113.{count}", at=AT)

    with rows(lambda _begin, _count: None, 0):
        taken = bench.milliseconds(once, times=9)
        Attempt.objects.all().delete()
        return taken


def make_messages(begin: int, count: int) -> None:
    """Messages of more than a year ago, with their texts."""
    from portal.foundation.messages.domain import index_of
    from portal.foundation.messages.models import Message

    old = AT - timedelta(days=400)
    Message.objects.bulk_create(
        Message(
            address=f"vecina{number}@example.cl",
            address_index=index_of(f"vecina{number}@example.cl"),
            template="bench",
            subject="Asunto",
            body="Texto",
            dedupe_key=f"bench:{number}",
            state="sent",
            created_at=old,
        )
        for number in range(begin, begin + count)
    )


@measure(f"Terms: texts of {MANY:,} old messages erased in chunks of 500", at_least(1_000, "rows/s"))
def erase_old_texts(bench: Bench) -> float:
    import time

    from portal.foundation.jobs import domain as jobs
    from portal.foundation.people.domain import retention
    from portal.foundation.people.models import RetentionRun

    with rows(make_messages, MANY):
        wanted = retention.apply_all(on=AT.date(), at=AT)
        job = next(job for job in wanted if job.payload["rule"] == "messages.texts")
        begin = time.perf_counter()
        jobs.run(job_id=job.pk, now=lambda: AT)
        seconds = time.perf_counter() - begin
        run = RetentionRun.objects.get(rule="messages.texts", started_at=AT)
        assert run.erased >= MANY, run.erased
        return run.erased / seconds
