"""The screens of themes, as people use them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from portal.foundation.audit.models import AuditEvent
from portal.foundation.jobs.models import Job
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from surveys.domain import themes as domain
from surveys.enums import RunState, ThemeState
from surveys.models import ThemeRun
from tests.factories import themes as factory
from tests.factories.people import sign_in, user_with_role
from tests.factories.quality import small_catalogue
from tests.factories.territories import CountryFactory, MunicipalityFactory
from tests.factories.themes import KEY, NOW, leader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notes")]


@pytest.fixture(autouse=True)
def in_july() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def here() -> Territory:
    small_catalogue()
    return MunicipalityFactory(name="Comuna Propia")


def client_of(role: Role, territory: Territory) -> Client:
    return sign_in(Client(), user_with_role(role, territory))


def coordinator(here: Territory) -> Client:
    return client_of(Role.COORDINATOR, here)


def page(client: Client, name: str, *args: Any, query: str = "") -> str:
    response = client.get(reverse(f"surveys:{name}", args=args) + query)
    assert response.status_code == 200, response.status_code
    return re.sub(r"\s+", " ", response.content.decode())


def post(client: Client, screen: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"surveys:{screen}", args=args), data)


DAYS = {
    "starts_on_0": "1",
    "starts_on_1": "1",
    "starts_on_2": "2026",
    "ends_on_0": "30",
    "ends_on_1": "6",
    "ends_on_2": "2026",
}


def test_a_coordinator_goes_from_texts_to_counted_themes(
    here: Territory, django_capture_on_commit_callbacks: Any
) -> None:
    factory.say_many(here, 80)
    factory.say(here, factory.PERSONAL)
    client = coordinator(here)
    assert "Todavía no hay búsquedas" in page(client, "themes")

    with django_capture_on_commit_callbacks(execute=True):
        post(client, "theme_start", here.pk, **DAYS, sources=[KEY])
    run = ThemeRun.objects.get()
    assert "Empezar a leer" in page(client, "theme_run", run.pk)

    while (shown := list(run.texts.filter(decision="pending").order_by("pk")[:10])) and shown:
        data: dict[str, Any] = {"form-TOTAL_FORMS": len(shown), "form-INITIAL_FORMS": len(shown)}
        for number, text in enumerate(shown):
            hide = "Rosa Secreta, Rosa" if "Rosa" in text.text else ""
            data |= {f"form-{number}-text": text.pk, f"form-{number}-hide": hide}
        response = post(client, "theme_reading", run.pk, **data)
        assert response.status_code == 302
    assert "Todo está leído" in page(client, "theme_reading", run.pk)

    with django_capture_on_commit_callbacks(execute=True):
        post(client, "theme_group", run.pk)
    run.refresh_from_db()
    assert run.state == RunState.NAMING
    for number, theme in enumerate(run.themes.all()):
        assert "Lea primero estos" in page(client, "theme", theme.pk)
        post(client, "theme_name", theme.pk, name=f"Tema nombrado {number}", standards=[])
    assert set(run.themes.values_list("state", flat=True)) == {ThemeState.ACCEPTED}

    post(client, "theme_close", run.pk)
    closed = page(client, "theme_run", run.pk)
    assert "Tema nombrado 0" in closed
    assert "De 81 textos leídos" in closed
    assert "esperé" not in closed


def test_a_word_that_is_not_there_is_told_beside_its_text(here: Territory) -> None:
    run = factory.to_read(here)
    text = run.texts.get()

    response = post(
        coordinator(here),
        "theme_reading",
        run.pk,
        **{"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-text": text.pk, "form-0-hide": "Roza Secreta"},
    )

    assert response.context["form"].forms[0].errors["hide"]
    assert "Esto no está en el texto: Roza Secreta" in response.content.decode()
    text.refresh_from_db()
    assert text.decision == "pending"


def test_what_was_typed_stays_where_it_cannot_be_taken(here: Territory) -> None:
    run = factory.to_read(here)
    text = run.texts.get()

    response = post(
        coordinator(here),
        "theme_reading",
        run.pk,
        **{"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-text": text.pk, "form-0-hide": "x" * 501},
    )

    assert response.status_code == 200
    assert "x" * 501 in response.content.decode()
    assert "govuk-error-message" in response.content.decode()
    text.refresh_from_db()
    assert text.decision == "pending"


def test_every_look_at_texts_is_noted(here: Territory) -> None:
    run = factory.by_hand(here)
    theme = factory.named(run)
    text = theme.texts.get()
    client = coordinator(here)
    earlier = AuditEvent.objects.filter(verb="look").count()

    for name, pk in (("theme_reading", run.pk), ("theme_read_list", run.pk), ("theme_none", run.pk)):
        page(client, name, pk)
    for name in ("theme", "theme_name", "theme_split"):
        page(client, name, theme.pk)
    page(client, "theme_text", text.pk)

    looks = AuditEvent.objects.filter(verb="look")
    assert looks.count() - earlier == 7
    assert set(looks.values_list("object_type", "object_id", "territory_code")) == {
        ("surveys.themerun", str(run.pk), here.code)
    }
    assert set(looks.values_list("purpose", flat=True)) == {"Revisión de textos enmascarados para temas"}


def test_the_team_sees_themes_but_no_texts(here: Territory) -> None:
    run = factory.by_hand(here)
    factory.named(run)
    client = client_of(Role.TEAM_MEMBER, here)

    shown = page(client, "theme_run", run.pk)

    assert "Mucha espera" in shown
    assert "esperé" not in shown
    assert reverse("surveys:theme", args=[run.themes.get().pk]) not in shown


def test_the_region_sees_closed_searches_without_small_numbers(here: Territory) -> None:
    run = factory.closed(here, counts={"Mucha espera": 12, "Mal trato": 7, "Estacionar": 2})
    regional = client_of(Role.REGIONAL_TEAM, here.region)

    seen, own = page(regional, "theme_run", run.pk), page(coordinator(here), "theme_run", run.pk)

    # 2 texts are few; the one without a theme is, too.
    assert "menos de 5" in seen
    assert ">12<" in seen
    assert ">2<" not in seen
    assert "Por mes" not in seen
    assert ">2<" in own
    assert "Por mes" in own


def test_a_hidden_number_does_not_follow_from_the_others(here: Territory) -> None:
    factory.closed(here, counts={"Mucha espera": 12, "Mal trato": 7, "Estacionar": 6})
    run = ThemeRun.objects.get()
    regional = client_of(Role.REGIONAL_TEAM, here.region)

    seen = page(regional, "theme_run", run.pk)

    # One text has no theme: it would follow from 26 − 12 − 7 − 6, so the next smallest number is hidden with it.
    assert "De 26 textos leídos" in seen
    assert ">6<" not in seen
    assert "25 textos tienen un tema" not in seen


def test_regions_and_country_see_counts_by_standard(here: Territory) -> None:
    standard = small_catalogue().standards.get(code="E01")
    neighbor = MunicipalityFactory(name="Comuna Vecina", parent__parent=here.region)
    elsewhere = MunicipalityFactory(name="Comuna Ajena")
    for place in (here, neighbor, elsewhere):
        for _number in range(6):
            factory.say(place, "Texto de espera", said_on=factory.LAST)
        run = factory.by_hand(place)
        ids = list(run.texts.filter(text="Texto de espera").values_list("pk", flat=True))
        factory.named(run, texts=ids, standards=[standard])
        domain.close_run(run=run, by=leader(place), at=NOW)

    regional = page(client_of(Role.REGIONAL_TEAM, here.region), "theme_regions")
    national_client = client_of(Role.NATIONAL_TEAM, CountryFactory())
    national = page(national_client, "theme_regions")

    assert "Comuna Vecina" in regional
    assert "Comuna Ajena" not in regional
    assert ">12<" in regional
    assert ">18<" in national
    only = page(national_client, "theme_regions", query=f"?region={elsewhere.region.pk}&q=ajena&year=2026")
    assert ">6<" in only
    assert "Comuna Vecina" not in only
    assert "Texto de" not in national
    assert "Ninguna municipalidad" in page(national_client, "theme_regions", query="?q=nada")


def test_spreadsheets_hold_counts_and_no_text(here: Territory) -> None:
    run = factory.closed(here, counts={"Mucha espera": 12, "Trato": 8, "Estacionar": 2})
    regional = client_of(Role.REGIONAL_TEAM, here.region)

    def sheets(client: Client, name: str, *args: Any) -> dict[str, list[Any]]:
        response = client.get(reverse(f"surveys:{name}", args=args))
        book = load_workbook(BytesIO(b"".join(response.streaming_content)))
        return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}

    own, seen = sheets(coordinator(here), "theme_xlsx", run.pk), sheets(regional, "theme_xlsx", run.pk)
    above = sheets(regional, "theme_regions_xlsx")

    assert [row[2] for row in own["Temas"][1:]] == [12, 8, 2]
    assert "Por mes" in own
    assert [row[2] for row in seen["Temas"][1:]] == [12, None, None]
    assert "Por mes" not in seen
    assert [row[6] for row in above["Temas"][1:]] == [12, None, None]
    assert "Texto de" not in str([own, seen, above])
    table = b"".join(regional.get(reverse("surveys:theme_csv", args=[run.pk])).streaming_content).decode()
    assert "Estacionar,,,," in table


def test_progress_is_shown_while_a_job_works(here: Territory) -> None:
    run = factory.started(here)
    Job.objects.filter(pk=run.job_id).update(progress_done=400, progress_total=1000)

    response = coordinator(here).get(run.get_absolute_url())

    assert response["Refresh"] == "3"
    assert "400 de 1000 textos" in re.sub(r"\s+", " ", response.content.decode()).replace("1.000", "1000")


@pytest.mark.parametrize("state", ["failed", "empty", "too_few"])
def test_states_that_need_an_explanation_give_one(here: Territory, state: str) -> None:
    client = coordinator(here)
    if state == "failed":
        run = factory.started(here)
        domain.give_up(run=run, work="collect", by=None, at=NOW)
        expected = "No se pudo terminar el trabajo"
    elif state == "empty":
        run = factory.work(factory.started(here))
        expected = "No hay textos en estos días"
    else:
        run = factory.by_hand(here)
        expected = "Hay muy pocos textos"

    assert expected in page(client, "theme_run", run.pk)


def test_texts_are_moved_from_a_list(here: Territory) -> None:
    run = factory.by_hand(here)
    theme = factory.named(run, texts=[])
    text = run.texts.get()
    client = coordinator(here)

    refused = post(client, "theme_none", run.pk, into=theme.pk)
    assert "Marque los textos que quiere mover" in refused.content.decode()

    post(client, "theme_none", run.pk, into=theme.pk, texts=[text.pk])
    text.refresh_from_db()
    assert text.theme == theme
    post(client, "theme", theme.pk, texts=[text.pk], into="")
    text.refresh_from_db()
    assert text.theme is None


@pytest.mark.parametrize("values", [{"texts": ["1; DROP TABLE", "x"]}, {"texts": ["999999"]}, {"into": "x\x00"}])
def test_hostile_input_moves_nothing(here: Territory, values: dict[str, Any]) -> None:
    run = factory.by_hand(here)
    theme = factory.named(run)

    response = post(coordinator(here), "theme", theme.pk, **values)

    assert response.status_code in {200, 400}
    assert theme.texts.count() == 1


def test_somebody_else_read_them_meanwhile(here: Territory) -> None:
    run = factory.to_read(here)
    text = run.texts.get()
    first = coordinator(here)
    data = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-text": text.pk}
    post(first, "theme_reading", run.pk, **data, **{"form-0-leave_out": "on"})

    response = first.post(reverse("surveys:theme_reading", args=[run.pk]), data, follow=True)

    assert "Otra persona leyó algunos de estos textos antes" in response.content.decode()
    text.refresh_from_db()
    assert text.decision == "left_out"


def test_a_theme_is_split_merged_and_rejected_on_its_screens(here: Territory) -> None:
    for _number in range(3):
        factory.say(here, "Texto de espera")
    run = factory.by_hand(here)
    ids = list(run.texts.values_list("pk", flat=True))
    theme = factory.named(run, texts=ids)
    client = coordinator(here)

    post(client, "theme_split", theme.pk, texts=ids[:1])
    parts = list(run.themes.live().order_by("number"))
    assert [part.texts.count() for part in parts] == [1, 3]
    post(client, "theme_merge", parts[0].pk, into=parts[1].pk)
    assert parts[1].texts.count() == 4
    post(client, "theme_reject", parts[1].pk, reason="No era un tema")
    assert not run.themes.live().exists()
    assert "No era un tema" in page(client, "theme", parts[1].pk)


# --- Queries


def test_lists_cost_the_same_whatever_their_length(here: Territory, constant_queries: Callable[..., int]) -> None:
    run = factory.by_hand(here)
    theme = factory.named(run, texts=[])
    client = coordinator(here)
    by = leader(here)

    def another_theme() -> None:
        number = run.themes.count()
        factory.named(run, f"Tema {number}", texts=[])

    def another_text() -> None:
        text = run.texts.first()
        text.pk, text.reference, text.theme = None, f"copia {run.texts.count()}", theme
        text.save(by_verb=True)

    assert constant_queries(client, reverse("surveys:theme_run", args=[run.pk]), another_theme) <= 25
    assert constant_queries(client, reverse("surveys:theme", args=[theme.pk]), another_text) <= 25
    assert constant_queries(client, reverse("surveys:theme_read_list", args=[run.pk]), another_text) <= 20

    domain.discard_run(run=run, reason="Para la prueba", by=by, at=NOW)
    assert constant_queries(client, reverse("surveys:themes"), lambda: factory.closed(here)) <= 15


def test_reading_costs_the_same_whatever_its_length(here: Territory, constant_queries: Callable[..., int]) -> None:
    run = factory.to_read(here)

    def another_text() -> None:
        text = run.texts.first()
        text.pk, text.reference = None, f"copia {run.texts.count()}"
        text.save(by_verb=True)

    assert constant_queries(coordinator(here), reverse("surveys:theme_reading", args=[run.pk]), another_text) <= 20


def test_the_region_s_page_costs_the_same_whatever_its_length(
    here: Territory, constant_queries: Callable[..., int]
) -> None:
    client = client_of(Role.REGIONAL_TEAM, here.region)

    def another() -> None:
        factory.closed(MunicipalityFactory(parent__parent=here.region))

    assert constant_queries(client, reverse("surveys:theme_regions"), another) <= 15
