"""Surveys of a region and of the country: by name, changes judged together, nobody's few answers shown."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.foundation.people.roles import Role
from surveys.models import Round, RoundResult
from surveys.queries.territory_rounds import overview
from tests.factories import rounds as factory
from tests.factories.people import sign_in, user_with_role
from tests.factories.rounds import NOW
from tests.factories.territories import MunicipalityFactory, RegionFactory
from tests.surveys.views.test_results import A_YEAR, held, served_again

pytestmark = pytest.mark.django_db
URL = reverse("surveys:territory_rounds")


@pytest.fixture(autouse=True)
def october() -> Any:
    with time_machine.travel(NOW + A_YEAR, tick=False):
        yield


def municipality(region: Any, name: str = "") -> Any:
    place = MunicipalityFactory(parent__parent=region, **({"name": name} if name else {}))
    factory.served(place, counter=2000)
    return place


def regional(region: Any) -> Client:
    return sign_in(Client(), user_with_role(Role.REGIONAL_TEAM, region))


def compared(place: Any, before: float, after: float, people: int = 30) -> Any:
    rng = Random(place.pk)
    held(place, people=people, mean=before, rng=rng)
    served_again(place)
    return held(place, people=people, mean=after, years_on=1, rng=rng)


def test_a_region_reads_its_own_by_name_and_never_by_what_came_out() -> None:
    region, elsewhere = RegionFactory(), RegionFactory()
    worse, better = municipality(region, "Alto"), municipality(region, "Bajo")
    held(worse, people=20, mean=4.0)
    held(better, people=20, mean=6.5)
    held(municipality(elsewhere), people=20, mean=5.0)

    answer = regional(region).get(URL, {"anio": 2026})

    assert [row.round.territory.name for row in answer.context["rows"]] == ["Alto", "Bajo"]
    assert all(row.answered == 20 and row.target > 0 for row in answer.context["rows"])
    assert regional(region).get(URL, {"lugar": elsewhere.slug}).status_code == 404
    assert regional(region).get(URL, {"anio": "1999"}).status_code == 404
    table = b"".join(regional(region).get(reverse("surveys:territory_rounds_csv"), {"anio": 2026}).streaming_content)
    assert table.decode().index("Alto") < table.decode().index("Bajo")


def test_what_few_answered_is_not_shown_and_is_not_in_the_total() -> None:
    region = RegionFactory()
    few = held(municipality(region), people=6, mean=2.0)
    for _number in range(2):
        held(municipality(region), people=20, mean=6.0)

    found = overview(region, 2026)

    assert found.outcomes[few.pk].top.is_hidden
    assert found.municipalities == 2 and found.together.n == 40
    assert found.answered == 46


def test_no_total_of_a_single_one_nor_anything_before_it_is_worked_out() -> None:
    region = RegionFactory()
    held(municipality(region), people=20, mean=6.0)
    opened = factory.opened(municipality(region), at=NOW)

    found = overview(region, 2026)

    assert found.together is None
    assert opened.pk not in found.outcomes
    assert found.states == {"published": 1, "open": 1}


def weigh(round: Round, p: float) -> None:
    """Let its frozen change have been told from chance at ``p``."""
    result = RoundResult.objects.get(round=round)
    result.figures["summary"]["change"] |= {"p": p, "verdict": "up", "difference": 0.2, "low": 0.01, "high": 0.4}
    result.save()


def test_changes_are_judged_beside_all_the_others() -> None:
    region = RegionFactory()
    changed = compared(municipality(region), 5.0, 5.0, people=12)
    weigh(changed, 0.03)
    assert overview(region, 2027).outcomes[changed.pk].change.verdict == "up"

    for _number in range(3):
        weigh(compared(municipality(region), 5.0, 5.0, people=12), 0.6)
    beside = overview(region, 2027)

    # Four are looked at: the least p value counts four times, and is chance.
    assert beside.outcomes[changed.pk].change.verdict == "no_change"
    assert (beside.ups, beside.downs, beside.unchanged) == (0, 0, 4)
    assert beside.outcomes[changed.pk].change.points == pytest.approx(20)


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_however_many(count: int, django_assert_max_num_queries: Any) -> None:
    region = RegionFactory()
    for _number in range(count):
        held(municipality(region), people=12, mean=5.0)
    reader = regional(region)
    with django_assert_max_num_queries(14):
        assert len(reader.get(URL).context["rows"]) == count


def test_the_country_reads_its_regions() -> None:
    region = RegionFactory()
    held(municipality(region), people=12, mean=5.0)
    reader = sign_in(Client(), user_with_role(Role.NATIONAL_TEAM, region.parent))

    answer = reader.get(URL)

    assert [one.slug for one in answer.context["overview"].regions] == [region.slug]
    assert sign_in(Client(), user_with_role(Role.COORDINATOR, MunicipalityFactory())).get(URL).status_code == 403


def test_a_region_without_surveys_says_so() -> None:
    assert "Aquí no hay encuestas" in regional(RegionFactory()).get(URL).content.decode()


def test_every_column_of_the_open_data_is_described_in_both_languages(client: Client) -> None:
    page = client.get(reverse("surveys:dictionary")).content.decode()
    table = b"".join(client.get(reverse("surveys:dictionary_csv")).streaming_content).decode("utf-8-sig")

    place = municipality(RegionFactory())
    held(place, people=12, mean=5.0)
    data = client.get(reverse("surveys:public_results_csv", args=[place.slug, 2026]))
    header = b"".join(data.streaming_content).decode("utf-8-sig").splitlines()[0].split(",")

    for heading in header:
        assert heading in page and heading in table
    assert "Marks 6 and 7" not in header and "Municipality" in table
