"""Fifty thousand responses of twenty-five items: how long a worker takes, and what the frozen results cost to read.

The size and the machine stand above the table; the seed is fixed, so that every run measures the same answers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from random import Random
from typing import Any

from tests.benchmarks import registers
from tests.benchmarks.framework import Bench, at_most, measure

MANY = 50_000
ITEMS = 25
CHANNELS = ("in_person", "outreach", "virtual")
SERVED = {"in_person": "oficina", "outreach": "terreno", "virtual": "web"}
MIX = {"40": 55, "50_60": 19, "70_100": 26}


def said(questionnaire: Any, rng: Random, channel: str) -> dict[str, tuple[str, ...]]:
    """What one person answers to the first :data:`ITEMS` closed questions; marks go together."""
    from surveys.questionnaire.model import SCALES, Kind

    mood = rng.gauss(5.4, 1.2)
    values: dict[str, tuple[str, ...]] = {}
    for question in [one for one in questionnaire.questions if one.codes][:ITEMS]:
        if question.kind in SCALES:
            most = 10 if question.kind is Kind.RECOMMEND else 7
            values[question.code] = (str(min(most, max(1, round(mood * most / 7 + rng.gauss(0, 0.9))))),)
        elif question.kind is Kind.MULTI:
            values[question.code] = ("no",) if mood > 5 else ("R01", "R03")
        else:
            values[question.code] = (rng.choice(question.codes[:3]),)
    return values | {"F1": (SERVED[channel],), "F3": ("m1",)}


@cache
def responses() -> tuple[Any, ...]:
    from surveys.statistics.answered import Answered
    from tests.surveys.questionnaire import shipped

    questionnaire, rng = shipped.shipped()["user"], Random(1)
    channels = [CHANNELS[number % 3] for number in range(MANY)]
    return tuple(Answered(said(questionnaire, rng, channel), channel) for channel in channels)


@measure(f"Survey: figures of {MANY:,} responses × {ITEMS} items, in memory", at_most(5, "s"))
def compute(_bench: Bench) -> float:
    from surveys.statistics.answered import Asked
    from surveys.statistics.rounds import figures
    from tests.surveys.questionnaire import shipped

    people, questionnaire = responses(), shipped.shipped()["user"]
    strata = {channel: Asked(100_000, 60_000) for channel in CHANNELS}
    # A worker has its libraries loaded already.
    figures(questionnaire, people[:500], strata, mix=MIX)
    begin = time.perf_counter()
    figures(questionnaire, people, strata, mix=MIX)
    return time.perf_counter() - begin


@contextmanager
def stored() -> Iterator[Any]:
    """A closed round with its responses in the store; all of it is undone at the end."""
    from django.db import transaction
    from django.utils import timezone
    from survey.models import Answer, Question, Response

    from portal.foundation.cycles.models import Cycle
    from surveys import engine
    from surveys.models import Instrument, Round, RoundResponse, Stratum

    with transaction.atomic():
        now, place = timezone.now(), registers.place()
        today = registers.today()
        instrument = Instrument.objects.filter(audience="users", state="published").first()
        cycle = Cycle.objects.order_by("-year").first()
        assert instrument is not None and cycle is not None
        Round.objects.filter(territory=place, cycle=cycle, audience="users").update(state="cancelled")
        store = engine.create(name="bench", questionnaire=instrument.questionnaire, opens_on=today, closes_on=today)
        [round] = Round.objects.bulk_create(
            [
                Round(
                    territory=place,
                    cycle=cycle,
                    instrument=instrument,
                    audience="users",
                    state="closed",
                    opens_on=today,
                    closes_on=today,
                    response="0.25",
                    store=store,
                    created_at=now,
                )
            ]
        )
        Stratum.objects.bulk_create(
            Stratum(round=round, channel=one, population=100_000, target=400, to_invite=60_000, invited=60_000)
            for one in CHANNELS
        )
        questions = {one.text: one for one in Question.objects.filter(survey_id=store)}
        people = responses()
        made = Response.objects.bulk_create(
            (Response(survey_id=store, interview_uuid=f"{number:036d}") for number in range(len(people))),
            batch_size=5_000,
        )
        RoundResponse.objects.bulk_create(
            (
                RoundResponse(round=round, response=response.pk, mode="invited", channel=one.channel)
                for response, one in zip(made, people, strict=True)
            ),
            batch_size=5_000,
        )
        Answer.objects.bulk_create(
            (
                Answer(question=questions[code], response=response, body=engine._body(questions[code], answer))
                for response, one in zip(made, people, strict=True)
                for code, answer in one.values.items()
            ),
            batch_size=20_000,
        )
        yield round
        transaction.set_rollback(True)


@cache
def costs(bench: Bench) -> dict[str, float]:
    """Seconds of the worker, and milliseconds and queries of the frozen page and table."""
    from django.test import Client

    from surveys.domain.rounds import publish_results
    from surveys.jobs.rounds import compute as work_out
    from surveys.jobs.rounds import digest_of
    from surveys.statistics.rounds import METHOD

    with stored() as round:
        begin = time.perf_counter()
        found = work_out(round)
        seconds = time.perf_counter() - begin
        publish_results(
            round=round, figures=found, digest=digest_of(found), method=METHOD, by=None, at=round.created_at
        )
        client = Client(HTTP_HOST="localhost")
        page = registers.url("surveys:public_results", round.territory.slug, round.cycle.year)
        table = registers.url("surveys:public_results_csv", round.territory.slug, round.cycle.year)

        def ask(address: str) -> None:
            response = client.get(address)
            assert response.status_code == 200, f"{address}: {response.status_code}"
            if response.streaming:
                assert b"".join(response.streaming_content)

        return {
            "worker": seconds,
            "page": bench.milliseconds(lambda: ask(page)),
            "page queries": bench.queries(lambda: ask(page)),
            "csv": bench.milliseconds(lambda: ask(table)),
        }


@measure(f"Survey: reading and working out {MANY:,} stored responses", at_most(5, "s"))
def worker(bench: Bench) -> float:
    return costs(bench)["worker"]


@measure(f"Survey: frozen page of {MANY:,} responses", at_most(50, "ms"))
def page(bench: Bench) -> float:
    return costs(bench)["page"]


@measure("Survey: queries of the frozen page", at_most(10, "queries"))
def page_queries(bench: Bench) -> float:
    return costs(bench)["page queries"]


@measure(f"Survey: open data (csv) of {MANY:,} responses", at_most(100, "ms"))
def table(bench: Bench) -> float:
    return costs(bench)["csv"]
