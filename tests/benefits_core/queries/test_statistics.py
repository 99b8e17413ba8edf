"""Counts and figures over whole and cut months, against the rows themselves."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benefits_core.domain import attentions, matters
from benefits_core.enums import Channel
from benefits_core.indicators import channel_mix, outreach_share, preferential_wait, waiting_time_met
from benefits_core.models import Attention
from benefits_core.queries.reports import report
from benefits_core.queries.statistics import count_by, months_of, parts, split
from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import Period
from portal.foundation.territories.models import ServicePoint, Territory
from tests.factories import attentions as factory
from tests.factories.territories import CountryFactory, MunicipalityFactory, RegionFactory, ServicePointFactory

pytestmark = pytest.mark.django_db
END = datetime(2026, 4, 20, 15, tzinfo=UTC)
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
CUT = Period(date(2026, 2, 11), date(2026, 4, 9))


def fill(point: ServicePoint, count: int = 60, *, every: int = 1, **changes: Any) -> None:
    """``count`` attentions, one each ``every`` days back from :data:`END`; each third preferential."""
    matter = changes.pop("matter", None) or factory.matter()
    contents = [
        factory.content(
            service_point=point,
            matter=matter,
            ended_at=END - timedelta(days=number * every),
            preferential=number % 3 == 0,
            **{"wait_minutes": number % 40, **changes},
        )
        for number in range(count)
    ]
    attentions.record_many(territory=point.territory, contents=contents, source="import", by=None, at=END)


def rows_of(territory: Territory, period: Period) -> Any:
    return Attention.objects.counted().filter(
        territory__path__startswith=territory.path, day__gte=period.starts_on, day__lte=period.ends_on
    )


@pytest.mark.parametrize(
    ("period", "whole", "cut"),
    [
        (MARCH, MARCH, []),
        (
            CUT,
            MARCH,
            [Period(date(2026, 2, 11), date(2026, 2, 28)), Period(date(2026, 4, 1), date(2026, 4, 9))],
        ),
        (Period(date(2026, 3, 5), date(2026, 3, 9)), None, [Period(date(2026, 3, 5), date(2026, 3, 9))]),
        (Period(date(2026, 3, 1), date(2026, 3, 9)), None, [Period(date(2026, 3, 1), date(2026, 3, 9))]),
        (
            Period(date(2025, 12, 31), date(2026, 1, 31)),
            Period(date(2026, 1, 1), date(2026, 1, 31)),
            [Period(date(2025, 12, 31), date(2025, 12, 31))],
        ),
    ],
)
def test_a_period_is_its_whole_months_and_its_ends(period: Period, whole: Period | None, cut: list[Period]) -> None:
    assert split(period) == (whole, cut)


def test_the_months_of_a_period_cross_the_year() -> None:
    assert months_of(Period(date(2025, 11, 20), date(2026, 2, 1))) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]


@pytest.mark.parametrize("period", [MARCH, CUT, Period(date(2026, 3, 5), date(2026, 3, 9))])
def test_counts_are_those_of_the_rows_for_places_and_for_what_lies_above(period: Period) -> None:
    region = RegionFactory()
    own, sister, other = (
        MunicipalityFactory(parent__parent=region),
        MunicipalityFactory(parent__parent=region),
        MunicipalityFactory(),
    )
    for place in (own, sister, other):
        fill(ServicePointFactory(territory=place))
    void = rows_of(own, period).first()
    attentions.void_attention(attention=void, reason="Doble", by=factory.clerk(own), at=END)
    places = [own, other, region, CountryFactory(), MunicipalityFactory()]

    with CaptureQueriesContext(connection) as captured:
        counted = count_by(places, period)

    assert counted == {place.pk: rows_of(place, period).count() for place in places}
    assert counted[own.pk] == counted[other.pk] - 1 > 0
    assert len(captured) <= 2


@pytest.mark.parametrize("period", [MARCH, CUT])
def test_the_sums_of_a_cut_period_are_those_of_its_rows(period: Period) -> None:
    point = ServicePointFactory()
    fill(point, wait_minutes=7)
    fill(point, channel=Channel.TELEPHONE, every=2)

    found = parts([point.territory], period)

    rows = rows_of(point.territory, period)
    waits: Counter[int] = Counter()
    for part in found:
        waits.update(part.cell.waits)
    assert sum(part.cell.count for part in found) == rows.count()
    assert sum(part.cell.preferential for part in found) == rows.filter(preferential=True).count()
    assert waits == Counter(row.wait_minutes for row in rows)


def test_the_report_of_a_municipality_has_its_tables() -> None:
    point = ServicePointFactory(name="Oficina central")
    fill(point, wait_minutes=7, matter=factory.matter(name="Ingreso"))

    made = report(point.territory, CUT)

    tables = {table.key: [(row.label, row.cell.count) for row in table.rows] for table in made.tables}
    total = rows_of(point.territory, CUT).count()
    assert [label for label, _count in tables["months"]] == ["febrero 2026", "marzo 2026", "abril 2026"]
    assert sum(count for _label, count in tables["months"]) == total
    assert tables["points"] == [("Oficina central", total)]
    assert tables["matters"] == [("Ingreso", total)]
    assert (made.total.cell.median, made.total.cell.percentile_90) == (7, 7)
    assert made.total.judged.measured == 0


def test_the_report_of_a_region_has_its_municipalities() -> None:
    region = RegionFactory()
    points = [ServicePointFactory(territory=MunicipalityFactory(parent__parent=region)) for _ in range(3)]
    for number, point in enumerate(points):
        fill(point, 20 + number)

    made = report(region, Period(date(2026, 1, 1), date(2026, 4, 30)))

    table = next(table for table in made.tables if table.key == "municipalities")
    assert {row.place.name: row.cell.count for row in table.rows if row.place} == {
        point.territory.name: 20 + number for number, point in enumerate(points)
    }


def test_waits_are_judged_by_the_promise_of_their_month_and_channel() -> None:
    point = ServicePointFactory()
    place, by = point.territory, factory.clerk(point.territory)
    since = datetime(2026, 1, 15, 15, tzinfo=UTC)
    matters.promise_wait(
        territory=CountryFactory(), channel="counter", minutes=30, starts_on=date(2026, 1, 1), by=by, at=since
    )
    matters.promise_wait(territory=place, channel="counter", minutes=10, starts_on=date(2026, 4, 1), by=by, at=since)
    fill(point, wait_minutes=20)
    fill(point, 5, channel=Channel.TELEPHONE, wait_minutes=500)
    march, april = rows_of(place, MARCH), rows_of(place, Period(date(2026, 4, 1), date(2026, 4, 30)))
    whole = Period(date(2026, 3, 1), date(2026, 4, 30))
    counter = march.filter(channel="counter").count(), april.filter(channel="counter").count()

    [measured] = waiting_time_met(territories=[place], period=whole, audience="team")

    assert (measured.n, measured.denominator) == (counter[0], sum(counter))
    assert (measured.low, measured.high) == (None, None)  # every wait was counted
    by_region = waiting_time_met(territories=[place.region], period=whole, audience="team")
    assert by_region[0].denominator == measured.denominator


def test_few_cases_are_not_told_to_the_public() -> None:
    point = ServicePointFactory()
    matters.promise_wait(
        territory=point.territory,
        channel="counter",
        minutes=30,
        starts_on=date(2026, 3, 1),
        by=None,
        at=datetime(2026, 3, 1, 15, tzinfo=UTC),
    )
    fill(point, 19, wait_minutes=20)
    period = Period(date(2026, 4, 1), date(2026, 4, 30))

    [team] = waiting_time_met(territories=[point.territory], period=period, audience="team")
    [public] = waiting_time_met(territories=[point.territory], period=period, audience="public")

    assert (team.value, team.n, team.suppressed) == (100.0, 19, False)
    assert (public.value, public.n, public.denominator, public.low, public.suppressed) == (None, 0, 0, None, True)


def test_channels_are_shares_of_all_and_preference_is_compared() -> None:
    point = ServicePointFactory()
    fill(point, 60, wait_minutes=12)
    fill(point, 15, channel=Channel.OUTREACH, wait_minutes=None)
    fill(point, 25, channel=Channel.VIRTUAL, wait_minutes=None)
    period = Period(date(2026, 1, 1), date(2026, 4, 30))
    asked: dict[str, Any] = {"territories": [point.territory], "period": period, "audience": "team"}

    assert channel_mix(**asked)[0].value == 40.0
    assert channel_mix(**asked, subject=Channel.VIRTUAL)[0].value == 25.0
    assert outreach_share(**asked)[0].value == 15.0
    assert preferential_wait(**asked)[0].value == 100.0


def test_a_place_without_attentions_has_no_value() -> None:
    place = MunicipalityFactory()

    for measure in (waiting_time_met, channel_mix, preferential_wait):
        [measured] = measure(territories=[place], period=MARCH, audience="public")
        assert (measured.value, measured.suppressed) == (None, False)


def test_the_standards_find_their_indicators() -> None:
    found = {
        code: [each.key for each in registry.for_standard(code) if each.key.startswith("benefits_core.")]
        for code in ("E02", "E05", "E20")
    }

    assert found == {
        "E02": ["benefits_core.waiting_time_met"],
        "E05": ["benefits_core.outreach_share"],
        "E20": ["benefits_core.preferential_wait"],
    }
