"""What came out, on the screen: changes, what weighs, the bracket, groups; and nobody found in it."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from benefits_core.models import AttentionMonth
from portal.foundation.jobs.domain import run_due
from portal.foundation.people.roles import Role
from surveys.domain import responses, rounds
from surveys.models import Round
from tests.factories import rounds as factory
from tests.factories.cycles import CycleFactory
from tests.factories.people import sign_in, user_with_role
from tests.factories.rounds import NOW
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
MIX = {"40": 50, "50_60": 20, "70_100": 30}
A_YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def october() -> Any:
    with time_machine.travel(NOW + A_YEAR, tick=False):
        yield


def said(rng: Random, mean: float) -> dict[str, Any]:
    """Somebody whose marks go together, served at the office."""
    mood = rng.gauss(mean, 1.0)

    def mark() -> str:
        return str(min(7, max(1, round(mood + rng.gauss(0, 0.8)))))

    bracket = rng.choice(["40", "40", "50_60", "70_100"])
    marks = {f"P{number:02}": mark() for number in range(1, 17)}
    problem = {"P17": ["no"]} if mood > 5 else {"P17": ["R01"], "P17S": "no"}
    return {"F1": "oficina", "F2": "ingreso", "F3": "m1", **marks, **problem, "P20": bracket}


def held(place: Any, *, people: int, mean: float, years_on: int = 0, rng: Random | None = None, **cycle: Any) -> Round:
    """A survey of ``people`` served at the office, closed and worked out."""
    at, rng = NOW + A_YEAR * years_on, rng or Random(years_on)
    kept = CycleFactory(year=2026 + years_on, state="open", reference_mix=MIX, **cycle)
    round = factory.opened(place, at=at, cycle=kept)
    stratum = round.strata.get(channel="in_person")
    tokens = responses.invite_on_paper(stratum=stratum, count=people, by=round.created_by, at=at)
    for token in tokens:
        responses.respond(code=token, given=said(rng, mean), at=at)
    rounds.close_round(round=round, by=round.created_by, at=at)
    run_due(now=lambda: at)
    round.refresh_from_db()
    return round


def office() -> Any:
    """A municipality that serves at its office alone."""
    place = MunicipalityFactory()
    factory.served(place, counter=2000)
    return place


def public(client: Client, round: Round) -> Any:
    return client.get(reverse("surveys:public_results", args=[round.territory.slug, round.cycle.year]))


def inside(round: Round) -> Any:
    lead = sign_in(Client(), user_with_role(Role.COORDINATOR, round.territory))
    return lead.get(reverse("surveys:round_results", args=[round.pk]))


def served_again(place: Any) -> None:
    """Its attentions are those of the year after, too."""
    AttentionMonth.objects.filter(territory=place).update(month=(NOW + A_YEAR).date().replace(month=9, day=1))


def test_a_clear_change_is_told_with_its_interval_to_everybody(client: Client) -> None:
    place = office()
    held(place, people=80, mean=4.8)
    served_again(place)
    second = held(place, people=80, mean=6.3, years_on=1)

    answer = public(client, second)

    changes = answer.context["results"].changes
    assert changes.year == 2026 and changes.obstacles == []
    assert changes.overall.verdict == "up"
    assert changes.overall.low > 0
    assert changes.standardized.verdict == "up"
    assert "La nota general subió" in answer.content.decode()
    assert "#cambio" in answer.content.decode()


def test_where_chance_may_have_done_it_no_change_is_claimed(client: Client) -> None:
    place = office()
    held(place, people=40, mean=5.4)
    served_again(place)
    second = held(place, people=40, mean=5.5, years_on=1)

    answer = public(client, second)

    assert answer.context["results"].changes.overall.verdict == "no_change"
    assert "No se puede afirmar que la nota general haya cambiado" in answer.content.decode()
    assert answer.context["results"].changes.claimed == []


def test_other_channels_are_no_comparison_and_give_no_figure(client: Client) -> None:
    place = office()
    held(place, people=30, mean=5.0)
    factory.served(place, virtual=500)
    served_again(place)
    second = held(place, people=30, mean=6.0, years_on=1)

    changes = public(client, second).context["results"].changes
    assert "channels" in changes.obstacles
    assert changes.overall is None and changes.items == []


def test_a_year_of_few_answers_is_not_given_away_by_the_difference(client: Client) -> None:
    place = office()
    held(place, people=7, mean=5.0)
    served_again(place)
    second = held(place, people=40, mean=6.0, years_on=1)

    found = public(client, second).context["results"].changes
    assert found.overall.before.is_hidden and found.overall.points is None
    # Inside five are enough.
    assert inside(second).context["results"].changes.overall.points is not None


def test_one_answer_is_shown_to_nobody(client: Client) -> None:
    round = held(office(), people=1, mean=6.0)

    for answer in (public(client, round), inside(round)):
        assert answer.status_code == 200
        found = answer.context["results"]
        assert found.is_hidden and found.bracket is None and found.drivers is None and found.groups == []


def test_with_few_marks_nothing_is_said_to_weigh_more() -> None:
    found = inside(held(office(), people=30, mean=5.5))

    assert found.context["results"].drivers.rows == []
    assert "Hacen falta 60" in found.content.decode()


def test_what_weighs_is_told_in_words_with_its_interval_and_never_as_a_cause() -> None:
    answer = inside(held(office(), people=90, mean=5.3))

    drivers = answer.context["results"].drivers
    assert drivers.level == "components" and drivers.n == 90
    assert sum(one.share.value for one in drivers.rows) == pytest.approx(100)
    assert all(one.share.low <= one.share.value <= one.share.high for one in drivers.rows)
    assert {one.quadrant for one in drivers.rows} <= {"improve", "keep", "watch", "enough"}
    assert "no prueba que sea la causa" in answer.content.decode()


def test_a_bracket_of_few_people_is_hidden_with_another_one() -> None:
    rng = Random(3)
    place = office()
    round = factory.opened(place, at=NOW, cycle=CycleFactory(year=2026, state="open", reference_mix=MIX))
    tokens = responses.invite_on_paper(
        stratum=round.strata.get(channel="in_person"), count=40, by=round.created_by, at=NOW
    )
    for number, token in enumerate(tokens):
        bracket = "50_60" if number == 0 else "40" if number < 26 else "70_100"
        responses.respond(code=token, given=said(rng, 5.5) | {"P20": bracket}, at=NOW)
    rounds.close_round(round=round, by=None, at=NOW)
    run_due(now=lambda: NOW)

    found = inside(round).context["results"].bracket

    rows = dict(found.rows)
    # One person's bracket, and the next one, which would give it away.
    assert rows["50_60"].is_hidden and rows["70_100"].is_hidden and not rows["40"].is_hidden
    assert found.standardized is None and found.only_raw == "small_cell"
    assert public(Client(), round).context["results"].bracket.rows == []


def test_a_group_of_few_people_takes_another_along(client: Client) -> None:
    rng = Random(4)
    place = office()
    factory.served(place, outreach=300, virtual=300)
    round = factory.opened(place, at=NOW, cycle=CycleFactory(year=2026, state="open"))
    ways = {"in_person": ("oficina", 40), "virtual": ("web", 20), "outreach": ("terreno", 2)}
    for channel, (way, count) in ways.items():
        stratum = round.strata.get(channel=channel)
        for token in responses.invite_on_paper(stratum=stratum, count=count, by=round.created_by, at=NOW):
            responses.respond(code=token, given=said(rng, 5.5) | {"F1": way}, at=NOW)
    rounds.close_round(round=round, by=None, at=NOW)
    run_due(now=lambda: NOW)

    [grouping, *by_what_they_say] = public(client, round).context["results"].groups

    easy = {group.name: group.easy for group in grouping.groups}
    assert easy["outreach"].is_hidden and easy["virtual"].is_hidden
    assert easy["in_person"].value is not None
    assert [group.hardest for group in grouping.groups if group.name == "outreach"] == [[]]
    # Nobody said how they manage on the internet.
    assert by_what_they_say == []


def test_the_page_costs_the_same_however_many_answered(client: Client, django_assert_max_num_queries: Any) -> None:
    few, many = held(office(), people=12, mean=5.0), held(office(), people=40, mean=5.0)
    for round in (few, many):
        with django_assert_max_num_queries(10):
            public(client, round)


def test_everybody_reads_how_it_is_worked_out(client: Client) -> None:
    assert "intervalo de Wilson" in client.get(reverse("surveys:method")).content.decode()
