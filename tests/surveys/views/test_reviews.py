"""Terms, templates and the quarterly review, with the way to a line of the plan."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from portal.foundation.ui import navigation
from surveys.domain import coding
from surveys.enums import RootCause
from surveys.models import AnswerTemplate, ComplaintTerms, QuarterlyReview
from tests.factories import complaints as factory
from tests.factories import plans
from tests.factories.complaints import complaint, worker
from tests.factories.people import sign_in, user_with_role
from tests.factories.quality import submitted_assessment
from tests.factories.territories import CountryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel(datetime(2026, 4, 10, 15, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def municipality() -> Territory:
    return submitted_assessment().municipality


@pytest.fixture
def lead(municipality: Territory) -> User:
    return worker(municipality, Role.COORDINATOR)


@pytest.fixture
def screen(lead: User) -> Client:
    return sign_in(Client(), lead)


def review_url(municipality: Territory, name: str = "review", quarter: int = 1) -> str:
    return reverse(f"surveys:{name}", args=[municipality.slug, 2026, quarter])


def repeated(municipality: Territory) -> None:
    standard = submitted_assessment_standard()
    for _number in range(3):
        factory.coded(complaint(municipality), cause=RootCause.STAFFING, standards=[standard])


def submitted_assessment_standard() -> Any:
    from quality.models import Standard

    return Standard.objects.get(code="E01")


def test_a_repeated_cause_leads_to_a_line_of_the_plan(screen: Client, municipality: Territory, lead: User) -> None:
    cycle = municipality.participations.get().cycle
    plan = plans.draft_plan(municipality=municipality, cycle=cycle)
    repeated(municipality)
    page = screen.get(review_url(municipality))
    offer = page.context["causes"][0][1][0]

    form = screen.get(offer.url, follow=True)

    assert "Hacer una línea del plan con esta causa" in page.content.decode()
    assert form.status_code == 200
    assert "3 reclamos del trimestre 1 de 2026" in form.content.decode()
    plans.add_line(plan, sources=[("surveys.cause", page.context["causes"][0][0].reference)])
    figures = screen.get(reverse("surveys:figures")).content.decode()
    assert "Causas repetidas con una línea del plan: 1 de 1" in figures


def test_what_was_not_repeated_offers_nothing(screen: Client, municipality: Territory) -> None:
    factory.coded(complaint(municipality), cause=RootCause.SYSTEM)

    causes = screen.get(review_url(municipality)).context["causes"]

    assert [(cause.cause, offers) for cause, offers in causes] == [(RootCause.SYSTEM, [])]


def test_of_few_pairs_no_kappa_is_told(
    screen: Client, municipality: Territory, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coding, "is_sampled", lambda code: True)
    made = factory.coded(complaint(municipality), cause=RootCause.STAFFING)
    coding.code_again(complaint=made, cause=RootCause.SYSTEM, by=lead, at=factory.NOW)

    pages = [screen.get(address).content.decode() for address in (review_url(municipality), reverse("surveys:figures"))]

    for page in pages:
        assert "Con causa anotada por dos personas: 1. La misma causa: 0." in page
        assert "Son muy pocos para medir" in page
        assert "Kappa" not in page


def test_what_has_no_cause_yet_is_a_link_away(screen: Client, municipality: Territory) -> None:
    factory.answered(complaint(municipality))

    page = screen.get(review_url(municipality)).content.decode()

    assert f'href="{reverse("surveys:inbox")}?plazo=uncoded"' in page


def test_what_is_hidden_is_not_called_few(screen: Client, municipality: Territory) -> None:
    from surveys.enums import ComplaintKind

    for _number in range(6):
        complaint(municipality)
    complaint(municipality, kind=ComplaintKind.COMPLIMENT)
    address = reverse("surveys:public_figures", args=[municipality.slug])
    page = Client().get(address).content.decode()
    table = b"".join(
        Client().get(reverse("surveys:public_figures_csv", args=[municipality.slug])).streaming_content
    ).decode()

    assert page.count("No se muestra") >= 2
    assert "Pocos" not in page
    assert "No se muestra" in table
    assert "poc" not in table.lower()


def test_the_national_team_finds_the_figures_in_the_menu(municipality: Territory) -> None:
    national = user_with_role(Role.NATIONAL_TEAM, CountryFactory())

    links = navigation.links_for(User.objects.get(pk=national.pk), "")
    lead = navigation.links_for(worker(municipality, Role.COORDINATOR), "")

    assert reverse("surveys:figures") in [link.url for link in links]
    assert reverse("surveys:figures") not in [link.url for link in lead]


def test_an_invented_cause_leads_nowhere(screen: Client, municipality: Territory) -> None:
    for reference in ("x", f"{municipality.pk}:2026-1:mood:-", "999999:2026-1:system:-"):
        assert screen.get(reverse("plans:draw_from_cause", args=[reference])).status_code == 404


def test_the_review_is_written_and_written_anew(screen: Client, municipality: Territory, lead: User) -> None:
    repeated(municipality)
    first = {
        "held_on": "2026-04-09",
        "participants": "Todo el equipo",
        "notes": "Se revisó la espera.",
        "agreement_0": "Reforzar el turno de la mañana",
        "cause_0": RootCause.STAFFING,
        "owner_0": lead.pk,
        "due_0": "2026-05-30",
        "revision": "",
    }

    answer = screen.post(review_url(municipality, "review_write"), first)
    again = screen.post(review_url(municipality, "review_write"), first)

    review = QuarterlyReview.objects.get()
    agreement = review.agreements.get()
    assert answer.url == review_url(municipality)
    assert (agreement.text, agreement.owner) == ("Reforzar el turno de la mañana", lead)
    assert "Alguien guardó esta revisión" in again.content.decode()  # written over an older one
    assert "Reforzar el turno" in screen.get(review_url(municipality)).content.decode()
    changed = screen.post(review_url(municipality, "review_write"), {**first, "revision": review.revision})
    assert changed.status_code == 302


@pytest.mark.parametrize("quarter", [0, 5, 4])
def test_a_quarter_that_is_none_or_has_not_begun_is_not_found(
    screen: Client, municipality: Territory, quarter: int
) -> None:
    assert screen.get(review_url(municipality, quarter=quarter)).status_code == 404


def test_quarters_that_wait_are_listed(screen: Client, municipality: Territory) -> None:
    factory.answered(complaint(municipality))

    page = screen.get(reverse("surveys:review_list")).content.decode()

    assert "Trimestre 1 de 2026" in page


def test_the_address_for_a_shared_screen_is_told_to_whoever_sets_the_terms(
    screen: Client, municipality: Territory
) -> None:
    page = screen.get(reverse("surveys:terms")).content.decode()

    assert f"{reverse('surveys:start')}?municipalidad={municipality.slug}&amp;kiosco=1" in page


def test_terms_are_set_within_the_law(screen: Client, municipality: Territory) -> None:
    url = reverse("surveys:set_terms", args=[municipality.slug])
    said = {"starts_on": "2026-04-10", "answer_days": "31", "internal_days": "10", "acknowledge_days": "1"}

    refused = screen.post(url, said).content.decode()
    screen.post(url, {**said, "answer_days": "20", "ordinance": "Ordenanza 12"})

    assert "La ley permite 30 días hábiles como máximo" in refused
    assert ComplaintTerms.objects.get().answer_days == 20
    assert "Ordenanza 12" in screen.get(reverse("surveys:terms")).content.decode()


def test_a_template_is_written_changed_and_retired(screen: Client, municipality: Territory) -> None:
    said = {"title": "Espera", "kind": "", "found": "Vimos que…", "action": "", "next_step": ""}

    screen.post(reverse("surveys:add_template", args=[municipality.slug]), said)
    template = AnswerTemplate.objects.get()
    screen.post(reverse("surveys:edit_template", args=[template.pk]), {**said, "found": "Revisamos…"})
    shown = screen.get(reverse("surveys:terms")).content.decode()
    screen.post(reverse("surveys:retire_template", args=[template.pk]))

    template.refresh_from_db()
    assert (template.found, template.is_active) == ("Revisamos…", False)
    assert "Espera" in shown
    assert "Espera" not in screen.get(reverse("surveys:terms")).content.decode()


def test_figures_can_be_taken_away(screen: Client, municipality: Territory) -> None:
    repeated(municipality)

    sheet = b"".join(screen.get(reverse("surveys:figures_csv")).streaming_content).decode()
    data = b"".join(screen.get(reverse("surveys:public_figures_csv", args=[municipality.slug])).streaming_content)

    assert "Respondidos en plazo" in sheet
    assert municipality.code in data.decode()
    assert screen.get(reverse("surveys:figures_xlsx")).status_code == 200
    assert screen.get(reverse("surveys:figures"), {"anio": "x"}).status_code == 404
