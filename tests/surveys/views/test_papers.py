"""Papers on the screen: one page for the keyboard, the second person sees nothing of the first, both side by side."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.foundation.people.roles import Role
from surveys import engine
from surveys.models import PaperEntry, Round, RoundResponse
from tests.factories import rounds as factory
from tests.factories.people import sign_in, user_with_role
from tests.factories.rounds import NOW

pytestmark = pytest.mark.django_db

# As it is typed: the numbers of the options, marks, n and s.
TYPED: dict[str, Any] = {
    "F1": "1",
    "F2": "2",
    "F3": "1",
    **{f"P{number:02}": "7" for number in range(1, 17)},
    "P03": "n",
    "P04": "S",
    "P17": "2, 4",
    "P17S": "2",
    "P18": "10",
    "P21": "Más horas",
}


@pytest.fixture(autouse=True)
def october() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def clerk(round: Round) -> Client:
    return sign_in(Client(), user_with_role(Role.CLERK, round.territory))


def desk(round: Round) -> str:
    return reverse("surveys:papers", args=[round.pk])


def send(client: Client, round: Round, code: str, **changes: Any) -> Any:
    return client.post(desk(round), TYPED | {"codigo": code, "digitado": "1"} | changes)


def test_two_clerks_type_a_paper_and_neither_sees_the_others() -> None:
    round = factory.opened()
    code = factory.token(round)
    ana, beto = clerk(round), clerk(round)

    assert ana.post(desk(round), {"codigo": code}).context["form"].fields.keys() >= {"F1", "P01", "P21"}
    send(ana, round, code, P21="Un texto muy suyo")
    page = beto.post(desk(round), {"codigo": code})
    assert "Un texto muy suyo" not in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    send(beto, round, code, P21="Un texto muy suyo")

    stored = next(engine.read(round.store or 0)).values
    assert RoundResponse.objects.get().mode == "paper"
    assert (stored["F1"], stored["P03"], stored["P04"]) == (("oficina",), ("na",), ("dk",))
    assert len(stored["P17"]) == 2
    assert "coinciden en el 100,0 %" in beto.get(desk(round)).content.decode()


def test_the_paper_has_the_numbers_that_are_typed() -> None:
    round = factory.opened()
    shown = clerk(round).get(reverse("surveys:paper_print", args=[round.pk])).content.decode()
    assert "☐ 1 En la oficina" in shown
    assert "☐ 7 &nbsp; ☐ n &nbsp; ☐ s" in shown


def test_where_they_differ_both_are_side_by_side() -> None:
    round = factory.opened()
    code = factory.token(round)
    ana, beto = clerk(round), clerk(round)
    send(ana, round, code)

    differs = send(beto, round, code, P01="1", F2="3")
    page = beto.get(differs.url)
    assert list(page.context["form"].fields) == ["F2", "F2_reason", "P01", "P01_reason"]
    assert beto.post(differs.url, {"F2": "first"}).context["form"].errors.keys() == {"P01"}
    beto.post(differs.url, {"F2": "first", "P01": "second", "P01_reason": "Se lee un uno"})

    assert next(engine.read(round.store or 0)).values["P01"] == ("1",)
    assert beto.get(differs.url).status_code == 404


def test_only_the_two_who_typed_it_find_it_and_may_begin_anew() -> None:
    round = factory.opened()
    code = factory.token(round)
    ana, beto = clerk(round), clerk(round)
    send(ana, round, code)
    send(beto, round, code, P01="1")
    entry = PaperEntry.objects.get()

    for name in ("paper_decide", "paper_discard"):
        assert clerk(round).get(reverse(f"surveys:{name}", args=[entry.pk])).status_code == 404
    assert reverse("surveys:paper_decide", args=[entry.pk]) in ana.get(desk(round)).content.decode()
    ana.post(reverse("surveys:paper_discard", args=[entry.pk]))
    assert not PaperEntry.objects.exists()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("F1", "9"),
        ("F1", "1,2"),
        ("F1", "oficina"),
        ("F1", ""),
        ("P01", "8"),
        ("P02", "siete"),
        ("P17", "1;99"),
        ("P17", "0"),
        ("P18", "²"),
    ],
)
def test_what_is_no_option_is_told_beside_its_question(field: str, wrong: str) -> None:
    round = factory.opened()
    answer = send(clerk(round), round, factory.token(round), **{field: wrong})
    assert answer.context["form"].errors[field]
    assert answer.context["form"]["P05"].value() == "7"
    assert not PaperEntry.objects.exists()


def test_the_same_person_and_unknown_codes_are_told() -> None:
    round = factory.opened()
    code, client = factory.token(round), clerk(round)
    send(client, round, code)
    for said in ({"codigo": code}, {"codigo": "AAAAAAAAAA"}, {"codigo": ""}):
        assert client.post(desk(round), said).context["form"].errors["codigo"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_papers(count: int, django_assert_max_num_queries: Any) -> None:
    round = factory.opened()
    ana, beto = clerk(round), clerk(round)
    for _number in range(count):
        code = factory.token(round)
        send(ana, round, code)
        send(beto, round, code, P01="1")
    with django_assert_max_num_queries(12):
        assert len(ana.get(desk(round)).context["found"].mine) == count


def test_whoever_closes_the_survey_is_told_of_papers_that_are_left() -> None:
    round = factory.opened()
    send(clerk(round), round, factory.token(round))
    client = sign_in(Client(), user_with_role(Role.COORDINATOR, round.territory))
    assert (
        "1 papel aún no lo leyeron igual dos personas"
        in client.get(reverse("surveys:round_close", args=[round.pk])).content.decode()
    )
