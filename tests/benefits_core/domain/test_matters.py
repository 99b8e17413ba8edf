"""Matters of the country and of a municipality, and the longest waits that are promised."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benefits_core.domain import matters
from benefits_core.errors import InvalidContent
from benefits_core.forms.statistics import PromiseForm
from benefits_core.models import Matter, WaitPromise
from benefits_core.queries.matters import Promises, matter_rows, promise_rows
from tests.factories import attentions as factory
from tests.factories import benefits
from tests.factories.attentions import NOW
from tests.factories.territories import CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


def test_the_country_s_matters_are_loaded_once_and_in_order() -> None:
    country = CountryFactory()

    first = matters.load_matters(territory=country, by=None, at=NOW)
    again = matters.load_matters(territory=country, by=None, at=NOW)

    assert (first, again) == (9, 0)
    offered = Matter.objects.offered_in(MunicipalityFactory())
    assert [matter.key for matter in offered][:2] == ["ingreso", "actualizacion"]


def test_a_matter_belongs_to_its_procedure_once_that_is_there(tmp_path: Path) -> None:
    country = CountryFactory()
    known = benefits.published_version().procedure
    source = tmp_path / "matters.yaml"
    source.write_text(
        f"- key: a\n  name: {{es: A, en: A}}\n  procedure: {known.key}\n"
        "- key: b\n  name: {es: B, en: B}\n  procedure: no-existe\n",
        encoding="utf-8",
    )

    loaded = [matters.load_matters(territory=country, source=source, by=None, at=NOW) for _time in range(2)]

    assert loaded == [2, 0]
    assert list(Matter.objects.order_by("key").values_list("procedure", flat=True)) == [known.pk, None]


def test_a_municipality_adds_its_own_and_hides_the_country_s() -> None:
    place, other = MunicipalityFactory(), MunicipalityFactory()
    national, kept = factory.matter(name="Nacional"), factory.matter(name="Otra")
    own = matters.add_matter(territory=place, name="  Ayuda  social ", by=None, at=NOW)

    matters.hide_matter(matter=national, territory=place, by=None, at=NOW)

    assert list(Matter.objects.offered_in(place)) == [kept, own]
    assert list(Matter.objects.offered_in(other)) == [national, kept]
    assert (str(own), own.key) == ("Ayuda social", "ayuda-social")
    assert [(row.matter, row.is_hidden) for row in matter_rows(place)] == [
        (national, True),
        (kept, False),
        (own, False),
    ]
    matters.show_matter(matter=national, territory=place, by=None, at=NOW)
    assert list(Matter.objects.offered_in(place)) == [national, kept, own]


def test_a_retired_matter_is_offered_again() -> None:
    place = MunicipalityFactory()
    own = matters.add_matter(territory=place, name="Ayuda", by=None, at=NOW)

    matters.retire_matter(matter=own, by=None, at=NOW)
    assert list(Matter.objects.offered_in(place)) == []
    matters.restore_matter(matter=own, by=None, at=NOW)
    assert list(Matter.objects.offered_in(place)) == [own]


def test_the_last_matter_is_not_hidden() -> None:
    place, only = MunicipalityFactory(), factory.matter()

    with pytest.raises(InvalidContent):
        matters.hide_matter(matter=only, territory=place, by=None, at=NOW)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_matter_has_a_bearable_name(name: str) -> None:
    with pytest.raises(InvalidContent) as refused:
        matters.add_matter(territory=MunicipalityFactory(), name=name, by=None, at=NOW)

    assert refused.value.field == "name"


def test_two_matters_of_one_place_do_not_share_a_name() -> None:
    place = MunicipalityFactory()
    matters.add_matter(territory=place, name="Ayuda", by=None, at=NOW)

    with pytest.raises(InvalidContent):
        matters.add_matter(territory=place, name="AYUDA", by=None, at=NOW)


def promise(territory: Any, minutes: int, starts_on: date, channel: str = "counter") -> WaitPromise:
    return matters.promise_wait(
        territory=territory, channel=channel, minutes=minutes, starts_on=starts_on, by=None, at=NOW
    )


def test_a_municipality_s_promise_comes_before_the_country_s() -> None:
    place, other = MunicipalityFactory(), MunicipalityFactory()
    promise(CountryFactory(), 45, date(2026, 3, 1))
    promise(place, 20, date(2026, 4, 1))

    promises = Promises([place, other])

    assert [promises.of(place.pk, "counter", date(2026, month, 15)) for month in (2, 3, 4, 9)] == [None, 45, 20, 20]
    assert promises.of(other.pk, "counter", date(2026, 9, 1)) == 45
    assert promises.of(place.pk, "virtual", date(2026, 9, 1)) is None


def test_a_promise_that_has_begun_does_not_change() -> None:
    place = MunicipalityFactory()
    promise(place, 20, date(2026, 3, 1))
    promise(place, 15, date(2026, 6, 1))
    promise(place, 10, date(2026, 6, 1))

    assert [(each.minutes, each.starts_on.month) for each in WaitPromise.objects.order_by("starts_on")] == [
        (20, 3),
        (10, 6),
    ]
    row = promise_rows(place, date(2026, 3, 2))[0]
    assert (row.now and row.now.minutes, row.is_own, [each.minutes for each in row.coming]) == (20, True, [10])
    with pytest.raises(InvalidContent):
        promise(place, 60, date(2026, 3, 1))


def test_a_month_that_the_country_s_promise_judges_is_not_judged_by_another_one() -> None:
    place = MunicipalityFactory()
    promise(CountryFactory(), 30, date(2026, 3, 1))

    with pytest.raises(InvalidContent):
        promise(place, 120, date(2026, 3, 1))

    assert promise(place, 20, date(2026, 4, 1)).minutes == 20
    assert promise(place, 20, date(2026, 3, 1), channel="virtual").minutes == 20


def test_the_form_offers_months_that_have_not_begun() -> None:
    offered = [value for value, _label in PromiseForm(today=date(2026, 3, 20)).fields["starts_on"].choices]

    assert (offered[0], len(offered)) == ("2026-04-01", 12)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": date(2026, 2, 1)}, "starts_on"),
        ({"starts_on": date(2026, 4, 2)}, "starts_on"),
        ({"minutes": 17}, "minutes"),
        ({"channel": "pigeon"}, "channel"),
    ],
)
def test_a_promise_that_makes_no_sense_is_refused_by_its_field(changes: dict[str, Any], field: str) -> None:
    asked: dict[str, Any] = {"minutes": 20, "starts_on": date(2026, 4, 1), "channel": "counter", **changes}

    with pytest.raises(InvalidContent) as refused:
        matters.promise_wait(territory=MunicipalityFactory(), by=None, at=NOW, **asked)

    assert (refused.value.field, WaitPromise.objects.count()) == (field, 0)
