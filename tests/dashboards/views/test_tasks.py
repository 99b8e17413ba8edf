"""The first screen after signing in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from plans.domain import plans
from portal.dashboards.queries import tasks
from portal.foundation.clocks.due import WorkItem
from portal.foundation.cycles.domain import change_status
from portal.foundation.cycles.models import ParticipationStatus
from portal.foundation.people.roles import Role
from quality.domain import assessments
from quality.models import Assessment
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.people import UserFactory, sign_in, user_with_role
from tests.factories.plans import draft_plan, measured_municipality, plan_in_force
from tests.factories.quality import NOW, small_catalogue, submitted_assessment
from tests.factories.territories import CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/tareas/"


def open_tasks(client: Client, user) -> str:
    sign_in(client, user)
    response = client.get(ADDRESS)
    assert response.status_code == 200
    return response.content.decode()


def test_a_visitor_signs_in_first(client: Client) -> None:
    assert reverse("dashboards:tasks") == ADDRESS
    assert client.get(ADDRESS).status_code == 302


def test_work_is_grouped_by_urgency(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    days = {"Pasada": -1, "De hoy": 0, "Lejana": 60, "Sin fecha": None}
    items = [
        WorkItem(name, name, "detalle", f"/{name}/", None if day is None else today + timedelta(days=day), "Alfa")
        for name, day in reversed(days.items())
    ]
    monkeypatch.setattr(tasks, "SOURCES", (lambda user, today: items,))

    page = open_tasks(client, user_with_role(Role.TEAM_MEMBER, MunicipalityFactory()))

    expected = ["Atrasadas", ">Pasada<", "Vencen pronto", ">De hoy<", "Más adelante", ">Lejana<", ">Sin fecha<"]
    places = [page.index(text) for text in expected]
    assert places == sorted(places)


def test_a_team_member_is_asked_to_start_the_self_diagnosis(client: Client) -> None:
    small_catalogue()
    place = ParticipationFactory(cycle=CycleFactory()).municipality
    ParticipationFactory(cycle=CycleFactory(), municipality__name="Ajena")

    page = open_tasks(client, user_with_role(Role.TEAM_MEMBER, place))

    assert "Empezar el autodiagnóstico" in page
    assert place.name in page
    assert "Ajena" not in page
    assert "Participa" not in page


def test_without_work_the_screen_says_so(client: Client) -> None:
    page = open_tasks(client, user_with_role(Role.CITIZEN, MunicipalityFactory()))

    assert "No tiene tareas pendientes" in page
    assert "No tiene tareas pendientes" in open_tasks(client, UserFactory())


def test_the_region_sees_how_far_its_year_has_come(client: Client) -> None:
    done = submitted_assessment()
    region = done.municipality.region
    ParticipationFactory(cycle=done.cycle, municipality=MunicipalityFactory(parent=done.municipality.parent))
    ParticipationFactory(cycle=done.cycle)

    progress = tasks.progress_of_year(user_with_role(Role.REGIONAL_TEAM, region), done.cycle)
    national = tasks.progress_of_year(user_with_role(Role.NATIONAL_TEAM, CountryFactory()), done.cycle)

    assert (progress.participating, national.participating) == (2, 3)
    assert [(row.label, row.count) for row in progress.assessments] == [("Sin empezar", 1), ("Enviado", 1)]
    assert [(row.label, row.count) for row in progress.plans] == [("Sin empezar", 2)]
    assert "Participan 2 municipalidades." in open_tasks(client, user_with_role(Role.REGIONAL_TEAM, region))


def test_what_is_signed_or_submitted_counts_while_the_next_version_is_written() -> None:
    plan = plan_in_force(plan=draft_plan(municipality=measured_municipality()))
    lead = user_with_role(Role.COORDINATOR, plan.municipality)
    plans.amend_plan(plan=plan, reason="Falta un plazo", by=lead, at=NOW + timedelta(days=40))
    done = Assessment.objects.get(municipality=plan.municipality)
    assessments.correct_assessment(assessment=done, reason="Faltó un acta", by=lead, at=NOW)

    progress = tasks.progress_of_year(user_with_role(Role.REGIONAL_TEAM, plan.municipality.region), plan.cycle)

    assert [(row.label, row.count) for row in progress.plans] == [("Sin empezar", 0), ("Vigente", 1)]
    assert [(row.label, row.count) for row in progress.assessments] == [("Sin empezar", 0), ("Enviado", 1)]


def test_a_paused_municipality_reads_why(client: Client) -> None:
    taking_part = ParticipationFactory(cycle=CycleFactory(year=timezone.localdate().year))
    national = user_with_role(Role.NATIONAL_TEAM, CountryFactory())
    change_status(
        participation=taking_part,
        status=ParticipationStatus.PAUSED,
        reason="La oficina se inundó",
        by=national,
        at=timezone.now(),
    )

    own = open_tasks(client, user_with_role(Role.TEAM_MEMBER, taking_part.municipality))
    other = open_tasks(client, user_with_role(Role.TEAM_MEMBER, MunicipalityFactory()))

    assert "La oficina se inundó" in own
    assert "La oficina se inundó" not in other


def test_the_number_of_queries_does_not_grow(client: Client, constant_queries) -> None:
    small_catalogue()
    first = MunicipalityFactory()
    sign_in(client, user_with_role(Role.REGIONAL_TEAM, first.region))

    constant_queries(
        client,
        ADDRESS,
        lambda: submitted_assessment(municipality=MunicipalityFactory(parent=first.parent), cycle=CycleFactory()),
    )


def test_whoever_has_no_work_here_is_led_to_the_municipalities(client: Client) -> None:
    page = open_tasks(client, user_with_role(Role.CITIZEN, MunicipalityFactory()))

    assert "Busque su municipalidad" in page
