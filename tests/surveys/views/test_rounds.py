"""The survey on the screen: answered without an account or a script, run by the team, read by everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.foundation.jobs.domain import run_due
from portal.foundation.people.roles import Role
from surveys import engine
from surveys.domain import responses, results, rounds
from surveys.enums import RoundState
from surveys.models import Invitation, Round
from surveys.questionnaire.pages import pages
from surveys.views import answering
from tests.factories import rounds as factory
from tests.factories.people import sign_in, user_with_role
from tests.factories.rounds import CONTENT, NOW
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(role: Role, place: Any) -> Client:
    return sign_in(Client(), user_with_role(role, place))


def page_url(code: str) -> str:
    return reverse("surveys:answer_page", args=[code])


def go_on(client: Client, code: str, page: int, said: dict[str, Any], **more: Any) -> Any:
    return client.post(page_url(code), {"pagina": page, **said, **more})


def published(people: int, place: Any = None) -> Round:
    """A survey of ``people`` who were asked, closed and worked out."""
    round = factory.opened(place)
    for number in range(people):
        given = CONTENT | ({"P01": "3"} if number % 5 == 0 else {})
        responses.respond(code=factory.token(round), given=given, at=NOW)
    rounds.close_round(round=round, by=round.created_by, at=NOW)
    run_due(now=lambda: NOW)
    round.refresh_from_db()
    return round


# --- Answering


def test_a_slip_is_answered_page_by_page_and_nothing_is_kept_before_the_end(client: Client) -> None:
    round = factory.opened()
    code = factory.token(round)
    total = len(pages(round.questionnaire))

    assert client.get(reverse("surveys:answer", args=[code])).status_code == 200
    answer = client.get(page_url(code))
    seen = 0
    while answer.status_code == 200 and seen <= total:
        page = answer.context["page"]
        assert engine.count(round.store or 0) == 0
        # Whoever had no problem is not asked whether it was solved.
        assert "P17S" not in answer.context["form"].fields
        answer = go_on(client, code, page, CONTENT)
        seen += 1

    assert seen == total
    assert answer.url == reverse("surveys:answered")
    assert engine.count(round.store or 0) == 1
    assert not Invitation.objects.exists()


def test_what_was_answered_travels_along_and_going_back_keeps_it(client: Client) -> None:
    code = factory.token(factory.opened())
    first = {"F1": "web", "F2": "ingreso", "F3": "m1"}

    second = go_on(client, code, 0, first)
    assert ("F1", "web") in second.context["rest"]
    back = go_on(client, code, second.context["page"], first | {"P01": "6"}, volver="1")

    assert back.context["page"] == 0
    assert back.context["form"]["F1"].value() == "web"
    assert ("P01", "6") in back.context["rest"]


def test_whoever_was_served_on_the_internet_reads_other_words(client: Client) -> None:
    round = factory.opened()
    waiting = next(number for number, page in enumerate(pages(round.questionnaire)) if page[0].code == "P02")
    said = {"F1": "web", "F2": "ingreso", "F3": "m1", "P01": "6"}

    answer = go_on(client, str(round.open_code), waiting - 1, said)

    assert "tardaron en responderle" in answer.content.decode()


@pytest.mark.parametrize("wrong", ["", "8", "na' OR 1=1"])
def test_what_is_wrong_is_told_beside_the_question_and_the_rest_stays(client: Client, wrong: str) -> None:
    round = factory.opened()
    overall = next(number for number, page in enumerate(pages(round.questionnaire)) if page[0].code == "P01")

    answer = go_on(client, str(round.open_code), overall, {"F1": "web", "F2": "ingreso", "F3": "m1", "P01": wrong})

    assert answer.context["form"].errors["P01"]
    assert ("F2", "ingreso") in answer.context["rest"]


def test_sent_twice_it_is_kept_once_and_says_thanks(client: Client) -> None:
    round = factory.opened()
    code = factory.token(round)
    last = len(pages(round.questionnaire)) - 1

    first = go_on(client, code, last, CONTENT)
    again = go_on(client, code, last, CONTENT)

    assert first.url == again.url == reverse("surveys:answered")
    assert engine.count(round.store or 0) == 1


@pytest.mark.parametrize("code", ["AAAAAAAAAA", "x", "a" * 300])
def test_codes_that_open_nothing_are_answered_alike(client: Client, code: str) -> None:
    for name in ("surveys:answer", "surveys:answer_page"):
        answer = client.get(reverse(name, args=[code]))
        assert answer.status_code == 404
        assert "Este código no abre una encuesta" in answer.content.decode()
    assert client.post(page_url(code), {"pagina": 0}).status_code == 404


def test_guessing_codes_comes_to_an_end(client: Client) -> None:
    answers = [client.get(reverse("surveys:answer", args=["AAAAAAAAAA"])).status_code for _number in range(101)]
    assert set(answers[:100]) == {404}
    assert answers[-1] == 429


def test_a_flood_by_the_open_link_is_held_and_what_was_answered_stays(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "SENT_PER_HOUR", 1)
    round = factory.opened()
    code, last = str(round.open_code), len(pages(round.questionnaire)) - 1

    assert go_on(client, code, last, CONTENT).status_code == 302
    held = go_on(client, code, last, CONTENT)

    assert held.status_code == 429
    assert ("P01", "7") in held.context["rest"]
    assert engine.count(round.store or 0) == 1
    # A slip is good for one answer anyway.
    assert go_on(client, factory.token(round), last, CONTENT).status_code == 302


def test_a_team_is_opened_without_a_choice_and_answers_by_its_link() -> None:
    round = factory.planned(audience="communal")
    lead = signed_in(Role.COORDINATOR, round.territory)
    address = reverse("surveys:round_open", args=[round.pk])

    assert "open_link" not in lead.get(address).context["form"].fields
    lead.post(address, {"revision": 1})
    round.refresh_from_db()
    assert round.open_code


def test_the_code_of_a_slip_is_typed_as_it_is_read(client: Client) -> None:
    code = factory.token(factory.opened())

    answer = client.post(reverse("surveys:code"), {"code": f"{code[:5]} {code[5:].lower()}"})
    assert answer.url == reverse("surveys:answer", args=[code])
    wrong = client.post(reverse("surveys:code"), {"code": "abc"})
    assert wrong.context["form"].errors["code"]


@pytest.mark.parametrize("page", ["", "-1", "99", "x", "²"])
def test_a_page_that_is_none_begins_again(client: Client, page: str) -> None:
    code = str(factory.opened().open_code)
    assert go_on(client, code, page, {}).context["page"] == 0  # type: ignore[arg-type]


def test_going_back_finds_the_page_and_the_end_takes_them_all_from_the_browser(client: Client) -> None:
    answer = client.get(page_url(factory.token(factory.opened())))
    assert answer["Cache-Control"] == "private, no-cache"
    # No other site learns the code; and our own form, whose origin must be known, still arrives.
    assert answer["Referrer-Policy"] == "same-origin"

    thanks = client.get(reverse("surveys:answered"))
    assert (thanks["Cache-Control"], thanks["Clear-Site-Data"]) == ("no-store", '"cache"')


# --- The team


def test_the_coordinator_plans_opens_prints_and_closes() -> None:
    place = MunicipalityFactory()
    factory.served(place, counter=700, outreach=100, virtual=200)
    factory.CycleFactory(year=2026, state="open")
    lead = signed_in(Role.COORDINATOR, place)
    said = {
        "territory": place.pk,
        "instrument": factory.instrument().pk,
        **{f"opens_on_{part}": value for part, value in enumerate((5, 10, 2026))},
        **{f"closes_on_{part}": value for part, value in enumerate((30, 11, 2026))},
        "response": 25,
    }

    planned = lead.post(reverse("surveys:round_plan"), said)
    round = Round.objects.get()
    assert planned.url == round.get_absolute_url()
    assert "1.000" in lead.get(round.get_absolute_url()).content.decode()

    lead.post(reverse("surveys:round_open", args=[round.pk]), {"revision": 1, "open_link": "on"})
    round.refresh_from_db()
    assert round.is_open and round.open_code

    slips = lead.post(reverse("surveys:round_slips", args=[round.pk]), {"stratum": round.strata.first().pk, "count": 3})
    assert len(slips.context["slips"]) == Invitation.objects.count() == 3
    assert slips["Cache-Control"] == "no-store"

    lead.post(reverse("surveys:round_close", args=[round.pk]), {"revision": round.revision})
    round.refresh_from_db()
    assert round.state in (RoundState.CLOSED, RoundState.PUBLISHED)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"closes_on_2": 2020}, "closes_on"), ({"response": 0}, "response"), ({"instrument": ""}, "instrument")],
)
def test_a_plan_that_cannot_be_says_why_and_keeps_what_was_typed(changes: dict[str, Any], field: str) -> None:
    place = MunicipalityFactory()
    factory.CycleFactory(year=2026, state="open")
    said = {
        "territory": place.pk,
        "instrument": factory.instrument().pk,
        **{f"opens_on_{part}": value for part, value in enumerate((5, 10, 2026))},
        **{f"closes_on_{part}": value for part, value in enumerate((30, 11, 2026))},
        "response": 33,
    }

    answer = signed_in(Role.COORDINATOR, place).post(reverse("surveys:round_plan"), said | changes)

    assert answer.context["form"].errors[field]
    assert str(answer.context["form"]["territory"].value()) == str(place.pk)
    assert not Round.objects.exists()


def test_somebody_else_who_opened_it_meanwhile_is_told() -> None:
    round = factory.planned()
    lead = signed_in(Role.COORDINATOR, round.territory)
    rounds.open_round(round=round, open_link=False, revision=1, by=round.created_by, at=NOW)

    answer = lead.post(reverse("surveys:round_open", args=[round.pk]), {"revision": 1})
    assert answer.context["form"].non_field_errors()


def test_no_score_is_seen_while_it_is_open() -> None:
    round = factory.opened()
    responses.respond(code=factory.token(round), given=CONTENT, at=NOW)
    lead = signed_in(Role.COORDINATOR, round.territory)

    assert lead.get(reverse("surveys:round_results", args=[round.pk])).status_code == 404
    shown = lead.get(round.get_absolute_url())
    assert shown.context["field"].answered == 1
    assert "Los resultados se ven al cerrar" in shown.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long(count: int, django_assert_max_num_queries: Any) -> None:
    place = MunicipalityFactory()
    for year in range(count):
        factory.planned(place, cycle=factory.CycleFactory(year=2026 + year, state="open"))
    lead = signed_in(Role.COORDINATOR, place)
    with django_assert_max_num_queries(10):
        assert len(lead.get(reverse("surveys:round_list")).context["rounds"]) == count


# --- Results


def test_everybody_reads_the_results_with_their_interval(client: Client, django_assert_max_num_queries: Any) -> None:
    round = published(25)

    with django_assert_max_num_queries(10):
        answer = client.get(reverse("surveys:public_results", args=[round.territory.slug, 2026]))

    found = answer.context["results"]
    assert round.state == RoundState.PUBLISHED
    assert found.overall.top.value == pytest.approx(80)
    assert found.overall.top.low < 80 < found.overall.top.high
    # Who answered is nobody's business, and one answer of a question is never told alone.
    assert {choice.question.code for choice in found.choices}.isdisjoint({"D1", "D2", "D3", "D4", "P19", "P20"})
    rows = client.get(reverse("surveys:public_results_csv", args=[round.territory.slug, 2026]))
    assert "Notas 6 y 7" in b"".join(rows.streaming_content).decode()


def test_few_answers_are_shown_to_nobody(client: Client) -> None:
    few = published(4)
    some = published(7)

    assert client.get(reverse("surveys:public_results", args=[some.territory.slug, 2026])).context["results"].is_hidden
    inside = signed_in(Role.COORDINATOR, some.territory).get(reverse("surveys:round_results", args=[some.pk]))
    assert not inside.context["results"].is_hidden
    lead = signed_in(Role.COORDINATOR, few.territory)
    assert lead.get(reverse("surveys:round_results", args=[few.pk])).context["results"].is_hidden


def test_a_year_without_results_is_not_found(client: Client) -> None:
    round = factory.opened()
    assert client.get(reverse("surveys:public_results", args=[round.territory.slug, 2026])).status_code == 404


def test_the_last_survey_is_found_and_before_the_first_one_that_is_said(client: Client) -> None:
    round = published(25)
    latest = reverse("surveys:latest_results", args=[round.territory.slug])
    assert client.get(latest).url == reverse("surveys:public_results", args=[round.territory.slug, 2026])

    none = client.get(reverse("surveys:latest_results", args=[MunicipalityFactory().slug]))
    assert "Aquí no ha terminado ninguna encuesta" in none.content.decode()


def test_the_questionnaire_is_read_as_it_is_asked() -> None:
    round = factory.planned()
    shown = signed_in(Role.TEAM_MEMBER, round.territory).get(round.instrument.get_absolute_url()).content.decode()
    assert "Borrador de trabajo" in shown
    assert "P01" in shown


def test_a_round_that_ended_takes_no_more(client: Client) -> None:
    round = factory.opened()
    code = factory.token(round)
    with time_machine.travel(NOW + timedelta(days=40), tick=False):
        assert client.get(page_url(code)).status_code == 404


def test_a_computation_that_failed_is_said_and_ordered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    round = rounds.close_round(round=factory.opened(), by=None, at=NOW)
    results.give_up(round=round, by=None, at=NOW)
    round.refresh_from_db()
    lead = signed_in(Role.COORDINATOR, round.territory)

    assert "No se pudieron calcular los resultados" in lead.get(round.get_absolute_url()).content.decode()
    lead.post(reverse("surveys:round_try_again", args=[round.pk]), {"revision": round.revision})
    run_due(now=lambda: NOW)
    round.refresh_from_db()
    assert round.state == RoundState.PUBLISHED
    # Whoever comes later is told that there is nothing to do.
    assert lead.get(reverse("surveys:round_try_again", args=[round.pk])).url == round.get_absolute_url()


def test_few_with_a_problem_are_not_found_by_subtracting(client: Client) -> None:
    round = factory.opened()
    for number in range(40):
        given = CONTENT | ({"P17": ["R01"], "P17S": "no"} if number < 3 else {})
        responses.respond(code=factory.token(round), given=given, at=NOW)
    rounds.close_round(round=round, by=None, at=NOW)
    run_due(now=lambda: NOW)

    found = client.get(reverse("surveys:public_results", args=[round.territory.slug, 2026])).context["results"]
    problem = next(choice for choice in found.choices if choice.question.code == "P17")
    assert all(shown.is_hidden for _code, shown in problem.shares)
