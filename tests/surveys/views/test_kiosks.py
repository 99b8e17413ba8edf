"""At the office: a screen for whoever wants, which keeps nothing, and questions read aloud to whoever was asked."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.foundation.audit.models import AuditEvent
from portal.foundation.people.roles import Role
from surveys import engine
from surveys.domain import responses, rounds, screens
from surveys.enums import AnswerMode, Audience
from surveys.errors import InvalidContent, NotPossibleNow, TokenGone
from surveys.models import Invitation, Round, RoundResponse, SurveyScreen
from surveys.queries import rounds as reads
from surveys.questionnaire.pages import pages
from surveys.views import kiosks
from tests.factories import rounds as factory
from tests.factories.people import sign_in, user_with_role
from tests.factories.rounds import CONTENT, NOW
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
HOME = "/encuesta/pantalla/"


@pytest.fixture(autouse=True)
def october() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(role: Role, place: Any) -> Client:
    return sign_in(Client(), user_with_role(role, place))


def tablet(round: Round) -> Client:
    """A browser that opened the address of a new screen."""
    _screen, key = screens.add_screen(round=round, name="Sala de espera", by=round.created_by, at=NOW)
    client = Client()
    assert client.get(reverse("surveys:kiosk_open", args=[key])).url == HOME
    return client


def last_page(round: Round) -> int:
    return len(pages(round.questionnaire)) - 1


# --- Screens of the office


def test_whoever_comes_by_answers_and_counts_as_a_volunteer() -> None:
    round = factory.opened(open_link=False)
    client = tablet(round)

    start = client.get(HOME)
    client.get(reverse("surveys:kiosk_answer"))
    sent = client.post(reverse("surveys:kiosk_answer"), {"pagina": last_page(round), **CONTENT})
    thanks = client.get(sent.url)

    assert start.status_code == 200
    assert RoundResponse.objects.values_list("mode", "channel").get() == (AnswerMode.KIOSK, "in_person")
    found = reads.fieldwork(round)
    assert (found.answered, found.voluntary, found.modes) == (0, 1, [(str(AnswerMode.KIOSK.label), 1)])
    assert sent.url == reverse("surveys:kiosk_thanks")
    assert thanks["Refresh"] == f"{kiosks.THANKS_SECONDS}; url={HOME}"


def test_every_page_goes_back_by_itself_and_none_stays_in_the_browser() -> None:
    round = factory.opened()
    client = tablet(round)

    start = client.get(HOME)
    first = client.get(reverse("surveys:kiosk_answer"))
    second = client.post(reverse("surveys:kiosk_answer"), {"pagina": 0, "F1": "web", "F2": "ingreso", "F3": "m1"})

    assert "Refresh" not in start
    for answer in (first, second):
        assert answer["Refresh"] == f"{kiosks.IDLE_MINUTES * 60}; url={HOME}"
    assert {answer["Cache-Control"] for answer in (start, first, second)} == {"no-store"}
    # Begun and left: the next person finds the first question empty.
    again = client.get(reverse("surveys:kiosk_answer"))
    assert again.context["rest"] == []
    assert not RoundResponse.objects.exists()


def test_the_code_of_a_paper_makes_one_of_those_who_were_asked() -> None:
    round = factory.opened()
    client, code = tablet(round), factory.token(round, "virtual")

    begun = client.post(HOME, {"code": f"{code[:5]} {code[5:]}"})
    client.post(begun.url, {"pagina": last_page(round), **CONTENT})

    assert RoundResponse.objects.values_list("mode", "channel").get() == (AnswerMode.INVITED, "virtual")
    assert client.post(HOME, {"code": code}).context["form"].errors["code"]
    # Gone back to and sent again: nothing more is kept.
    assert client.post(begun.url, {"pagina": last_page(round), **CONTENT}).url == HOME
    assert engine.count(round.store or 0) == 1


@pytest.mark.parametrize("code", ["", "AAAAAAAAAA", "x", "' OR 1=1 --"])
def test_a_guessed_code_is_told_on_the_screen(code: str) -> None:
    assert tablet(factory.opened()).post(HOME, {"code": code}).context["form"].errors["code"]


def test_a_code_of_another_survey_does_not_open_here() -> None:
    here, other = factory.opened(), factory.opened()
    assert tablet(here).post(HOME, {"code": factory.token(other)}).context["form"].errors["code"]
    assert tablet(here).post(HOME, {"code": str(here.open_code)}).context["form"].errors["code"]


def test_a_screen_ends_when_it_is_removed_and_with_its_survey() -> None:
    round = factory.opened()
    first, second = tablet(round), tablet(round)

    screens.remove_screen(screen=SurveyScreen.objects.first(), by=round.created_by, at=NOW)
    assert first.get(HOME).status_code == 404
    assert second.get(HOME).status_code == 200
    rounds.close_round(round=round, by=None, at=NOW)
    for client in (first, second, Client()):
        for name in ("kiosk", "kiosk_answer", "kiosk_thanks"):
            assert client.get(reverse(f"surveys:{name}")).status_code == 404
    assert second.post(reverse("surveys:kiosk_answer"), {"pagina": 0, **CONTENT}).status_code == 404
    assert not RoundResponse.objects.exists()


@pytest.mark.parametrize("key", ["x", "A" * 43, "x" * 500])
def test_a_guessed_key_opens_nothing(client: Client, key: str) -> None:
    factory.opened()
    assert client.get(reverse("surveys:kiosk_open", args=[key])).status_code == 404
    assert kiosks.COOKIE not in client.cookies
    with pytest.raises(TokenGone):
        responses.respond_at_screen(key=key, given=CONTENT, at=NOW)


def test_guessing_keys_comes_to_an_end(client: Client) -> None:
    round = factory.opened()
    for _number in range(kiosks.TRIES_PER_HOUR):
        client.get(reverse("surveys:kiosk_open", args=["x"]))
    _screen, key = screens.add_screen(round=round, name="Sala", by=round.created_by, at=NOW)
    assert client.get(reverse("surveys:kiosk_open", args=[key])).status_code == 404


def test_a_screen_is_added_by_who_leads_and_its_address_shown_once() -> None:
    round = factory.opened()
    client = signed_in(Role.COORDINATOR, round.territory)

    made = client.post(reverse("surveys:screen_add", args=[round.pk]), {"revision": 1, "name": "Sala de espera"})
    assert made.context["address"] in made.content.decode()
    assert made["Cache-Control"] == "no-store"
    key = made.context["address"].rstrip("/").rpartition("/")[2]
    assert key not in repr(list(SurveyScreen.objects.values_list()))
    shown = client.get(round.get_absolute_url()).content.decode()
    assert "Sala de espera" in shown and key not in shown

    client.post(reverse("surveys:screen_remove", args=[SurveyScreen.objects.get().pk]))
    assert not SurveyScreen.objects.exists()
    verbs = list(AuditEvent.objects.filter(verb__endswith="_screen").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["surveys.add_screen", "surveys.remove_screen"]


def test_a_screen_needs_a_name_and_an_open_survey_of_people() -> None:
    round = factory.opened()
    with pytest.raises(InvalidContent):
        screens.add_screen(round=round, name=" ", by=None, at=NOW)
    for other in (factory.planned(), factory.opened(audience=Audience.TEAM)):
        with pytest.raises(NotPossibleNow):
            screens.add_screen(round=other, name="Sala", by=None, at=NOW)


# --- Reading aloud


def assist(round: Round) -> str:
    return reverse("surveys:assist", args=[round.pk])


def test_a_clerk_declares_reads_and_leaves_no_trace_of_the_code() -> None:
    round = factory.opened()
    client, code = signed_in(Role.CLERK, round.territory), factory.token(round)
    begun = {"codigo": f"{code[:5]}-{code[5:]}", "declara": "on"}
    before = AuditEvent.objects.count()

    first = client.post(assist(round), begun)
    carried = dict(first.context["rest"])
    done = client.post(assist(round), carried | {"pagina": last_page(round), **CONTENT}, follow=True)

    assert first.context["page"] == 0
    assert carried == begun | {"declara": "on"}
    assert code not in done.content.decode()
    assert RoundResponse.objects.values_list("mode", "channel").get() == (AnswerMode.ASSISTED, "in_person")
    assert not Invitation.objects.exists()
    assert AuditEvent.objects.count() == before
    assert code not in repr(list(client.session.items()))
    assert reads.fieldwork(round).answered == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"declara": ""}, "declara"), ({"codigo": ""}, "codigo"), ({"codigo": "AAAAAAAAAA"}, "codigo")],
)
def test_without_the_declaration_or_a_code_nothing_is_asked(changes: dict[str, str], field: str) -> None:
    round = factory.opened()
    said = {"codigo": factory.token(round), "declara": "on"} | changes

    answer = signed_in(Role.CLERK, round.territory).post(assist(round), said | {"pagina": last_page(round), **CONTENT})

    assert answer.context["form"].errors[field]
    assert not RoundResponse.objects.exists()


def test_the_open_link_and_other_surveys_cannot_be_read_aloud() -> None:
    round, other = factory.opened(), factory.opened()
    client = signed_in(Role.TEAM_MEMBER, round.territory)
    for code in (str(round.open_code), factory.token(other)):
        assert client.post(assist(round), {"codigo": code, "declara": "on"}).context["form"].errors["codigo"]
    with pytest.raises(TokenGone):
        responses.respond(code=str(round.open_code), given=CONTENT, is_assisted=True, at=NOW)


def test_sent_twice_it_is_kept_once() -> None:
    round = factory.opened()
    client = signed_in(Role.CLERK, round.territory)
    said = {"codigo": factory.token(round), "declara": "on", "pagina": last_page(round), **CONTENT}

    client.post(assist(round), said)
    again = client.post(assist(round), said)

    assert again.context["form"].errors["codigo"]
    assert engine.count(round.store or 0) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_has_open_surveys_of_ones_own_places(count: int, django_assert_max_num_queries: Any) -> None:
    place = MunicipalityFactory()
    factory.opened()
    factory.planned(place, cycle=factory.CycleFactory(year=2030, state="open"))
    for year in range(count):
        factory.opened(place, cycle=factory.CycleFactory(year=2026 + year, state="open"))
    client = signed_in(Role.CLERK, place)
    with django_assert_max_num_queries(10):
        answer = client.get(reverse("surveys:help_list"))
    assert len(answer.context["rounds"]) == count
    # A clerk has no other way to it.
    assert f'class="mj-nav__link" href="{reverse("surveys:help_list")}"' in answer.content.decode()
