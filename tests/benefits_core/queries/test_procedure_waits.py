"""Waits at a step: those who came for its procedure, by its channels, against what was promised."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from benefits_core.domain import attentions, matters
from benefits_core.indicators import median_wait, waiting_time_met
from benefits_core.models import Step
from benefits_core.queries.procedure_waits import parts_at
from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import Period
from portal.foundation.territories.models import ServicePoint
from tests.factories import attentions as factory
from tests.factories import benefits
from tests.factories.territories import CountryFactory, MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
DAY = datetime(2026, 3, 10, 15, tzinfo=UTC)


def came(point: ServicePoint, count: int, *, step: Step | None = None, **changes: Any) -> None:
    """``count`` people were attended at ``point``, for the step's procedure where one is given."""
    matter = factory.matter(procedure=step.version.procedure if step else None)
    contents = [
        factory.content(service_point=point, matter=matter, ended_at=DAY + timedelta(minutes=number), **changes)
        for number in range(count)
    ]
    attentions.record_many(territory=point.territory, contents=contents, source="import", by=None, at=DAY)


def counter_step() -> Step:
    """A published step that is done at the counter."""
    draft = benefits.draft_version(steps=())
    benefits.add_step(draft, "Pedir", channels=["counter"])
    draft.refresh_from_db()
    return benefits.published(draft).steps.select_related("version__procedure").get()


def promise(minutes: int) -> None:
    at = datetime(2026, 2, 1, 15, tzinfo=UTC)
    matters.promise_wait(
        territory=CountryFactory(), channel="counter", minutes=minutes, starts_on=date(2026, 3, 1), by=None, at=at
    )


def test_only_those_who_came_for_the_procedure_by_the_channels_of_the_step_count() -> None:
    promise(20)
    step, point = counter_step(), ServicePointFactory()
    came(point, 15, step=step, wait_minutes=10)
    came(point, 10, step=step, wait_minutes=30)
    came(point, 5, step=step, wait_minutes=None)
    came(point, 40, step=step, channel="virtual", wait_minutes=1)
    came(point, 50, wait_minutes=1)
    came(ServicePointFactory(), 30, step=step, wait_minutes=1)
    asked: dict[str, Any] = {"territories": [point.territory], "period": MARCH, "audience": "public", "subject": step}

    [met], [median] = waiting_time_met(**asked), median_wait(**asked)

    assert (met.n, met.denominator, met.value) == (15, 25, 60.0)
    assert (median.value, median.n) == (10, 25)
    assert "este trámite" in str(met.source.name)


def test_every_version_of_the_procedure_is_measured_alike_and_the_region_sums_its_own() -> None:
    step, point = counter_step(), ServicePointFactory()
    came(point, 25, step=step, wait_minutes=12)
    new = benefits.published(benefits.draft_version(of=step.version.procedure), starts_on=date(2026, 4, 1))
    later = new.steps.select_related("version__procedure").get(key=step.key)
    place = point.territory

    for each in (step, later):
        measured = median_wait(
            territories=[place, place.region, MunicipalityFactory()], period=MARCH, audience="public", subject=each
        )
        assert [one.value for one in measured] == [12, 12, None]


def test_waits_of_few_are_not_told_to_the_public() -> None:
    promise(20)
    step, point = counter_step(), ServicePointFactory()
    came(point, 19, step=step, wait_minutes=12)
    asked: dict[str, Any] = {"territories": [point.territory], "period": MARCH, "subject": step}

    for measure in (waiting_time_met, median_wait):
        [shown] = measure(**asked, audience="public")
        [known] = measure(**asked, audience="team")
        assert (shown.value, shown.n, shown.denominator, shown.suppressed) == (None, 0, 0, True)
        assert (known.denominator, known.suppressed) == (19, False)


def test_a_step_at_which_nobody_is_attended_measures_nothing(django_assert_num_queries: Any) -> None:
    step = benefits.published_step()
    assert step.channels == []

    with django_assert_num_queries(0):
        assert parts_at(step, [MunicipalityFactory.build(pk=1)], MARCH) == []


def test_the_median_of_a_whole_place_counts_every_attention() -> None:
    point = ServicePointFactory()
    came(point, 20, wait_minutes=7)
    came(point, 5, wait_minutes=60, step=benefits.published_step())

    [measured] = median_wait(territories=[point.territory], period=MARCH, audience="public")

    assert (measured.value, measured.n) == (7, 25)


@time_machine.travel(datetime(2026, 4, 1, 15, tzinfo=UTC), tick=False)
def test_the_step_s_page_tells_them_with_period_and_source(client: Client) -> None:
    promise(20)
    step, point = counter_step(), ServicePointFactory()
    came(point, 15, step=step, wait_minutes=10)
    came(point, 10, step=step, wait_minutes=30)

    def text_of(place: Any) -> str:
        return " ".join(client.get(step.get_absolute_url(), {"municipalidad": place.slug}).content.decode().split())

    with_waits, without = text_of(point.territory), text_of(MunicipalityFactory())

    assert "<b>60 %</b> (15 de 25)" in with_waits
    assert "<b>10 minutos</b> (25 casos)" in with_waits
    words = "Del 1 de abril de 2025 al 1 de abril de 2026. Se contaron todos los casos: atenciones de este trámite"
    assert words in with_waits
    assert "<b>" not in without.split("Qué se mide")[1].split("Lo que dicen")[0]
    assert without.count("Sin medición todavía") == 4


def test_indicators_of_steps_are_declared() -> None:
    keys = [indicator.key for indicator in registry.for_subject("benefits_core.step")]

    assert keys == [
        "benefits_core.median_wait",
        "benefits_core.waiting_time_met",
        "surveys.complaints_in_term",
        "surveys.days_to_answer",
    ]


def test_more_attentions_cost_no_more_queries(django_assert_max_num_queries: Any) -> None:
    promise(20)
    step = counter_step()
    points = [ServicePointFactory() for _number in range(3)]
    for point in points:
        came(point, 25, step=step, wait_minutes=10)
    places = [point.territory for point in points]

    with django_assert_max_num_queries(3):
        measured = waiting_time_met(territories=places, period=MARCH, audience="public", subject=step)

    assert [each.n for each in measured] == [25, 25, 25]
