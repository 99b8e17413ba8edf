"""The finder and the public page, as a visitor without an account asks for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from plans.domain import comments, plans
from plans.enums import SignatureRole, Standing
from plans.models import PlanSignature
from portal.foundation.people.roles import Role
from portal.foundation.territories.domain import load_territories
from portal.foundation.territories.models import Territory
from quality.models import Standard
from tests.factories.complaints import complaint
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.pages import site_pages
from tests.factories.people import user_with_role
from tests.factories.plans import HASTE, draft_plan, measured_municipality, plan_in_force, verified_action
from tests.factories.quality import NOW, level_record, submitted_assessment, verified_assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def country(db: None) -> None:
    load_territories(by=None, at=NOW)
    site_pages()


def quillota() -> Territory:
    return Territory.objects.get(code="05501")


@pytest.mark.usefixtures("country")
class TestFinder:
    def test_without_a_question_it_offers_the_regions(self, client: Client) -> None:
        response = client.get("/municipalidades/")

        assert response.status_code == 200
        assert len(response.context["regions"]) == 16
        assert "Región de Ñuble" in response.text

    @pytest.mark.parametrize("text", ["ñuñoa", "NUNOA", "  nunoa "])
    def test_accents_and_case_do_not_matter_and_a_single_find_opens_its_page(self, client: Client, text: str) -> None:
        response = client.get("/municipalidades/", {"q": text})

        assert response.status_code == 302
        assert response["Location"].endswith("/municipalidades/nunoa/")

    def test_several_finds_are_listed_and_paged(self, client: Client) -> None:
        response = client.get("/municipalidades/", {"q": "san"})

        assert response.context["page_obj"].paginator.count > 10
        assert "San Felipe" in response.text

    def test_a_region_lists_its_municipalities(self, client: Client) -> None:
        response = client.get("/municipalidades/", {"region": "16"})

        assert response.context["page_obj"].paginator.count == 21
        assert "Chillán" in response.text

    def test_nothing_found_says_what_to_do(self, client: Client) -> None:
        response = client.get("/municipalidades/", {"q": "atlantis"})

        assert response.status_code == 200
        assert "No encontramos" in response.text

    def test_a_typing_error_is_answered_with_the_near_names(self, client: Client) -> None:
        text = client.get("/municipalidades/", {"q": "quilota"}).text

        assert "¿Quiso decir una de estas?" in text
        assert 'href="/municipalidades/quillota/"' in text

    def test_signs_that_no_name_has_find_nothing_and_it_is_said(self, client: Client) -> None:
        response = client.get("/municipalidades/", {"q": "<b>"})

        assert response.context["page_obj"].paginator.count == 0
        assert "No encontramos" in response.text

    @pytest.mark.parametrize("query", ["q=<script>", "region=99&pagina=x", "pagina=-1&q=san", "q=" + "a" * 900])
    def test_hostile_questions_are_answered(self, client: Client, query: str) -> None:
        response = client.get(f"/municipalidades/?{query}")

        assert response.status_code == 200
        assert "<script>" not in response.text

    def test_antartica_has_no_municipality(self, client: Client) -> None:
        assert client.get("/municipalidades/antartica/").status_code == 404


@pytest.mark.usefixtures("country")
class TestMunicipalityPage:
    def test_outside_the_programme_it_says_so(self, client: Client) -> None:
        response = client.get("/municipalidades/quillota/")

        assert response.status_code == 200
        assert "aún no está en el programa" in response.text

    def test_in_english_the_same_page_is_found(self, client: Client) -> None:
        response = client.get("/en/municipalities/quillota/")

        assert response.status_code == 200
        assert "does not take part" in response.text

    def test_a_verified_improvement_says_before_and_after_and_who_says_so(self, client: Client) -> None:
        plan = plan_in_force(plan=draft_plan(municipality=measured_municipality()))
        line = verified_action(plan.actions.get())
        Territory.objects.filter(pk=plan.municipality_id).update(slug="otra")

        text = client.get("/municipalidades/otra/").text

        assert line.state == "verified"
        assert "antes nivel 1, según el equipo. Ahora nivel 2, según la región." in text

    def test_a_plan_that_nobody_could_comment_on_says_so_and_why(self, client: Client) -> None:
        plan = plan_in_force(plan=draft_plan(municipality=measured_municipality()))
        Territory.objects.filter(pk=plan.municipality_id).update(slug="otra")

        text = client.get("/municipalidades/otra/").text

        assert plan.no_comment_reason == HASTE
        assert HASTE in text

    def test_the_draft_of_a_new_version_is_open_to_everybody(self, client: Client) -> None:
        plan = plan_in_force(plan=draft_plan(municipality=measured_municipality()))
        Territory.objects.filter(pk=plan.municipality_id).update(slug="otra")
        lead = user_with_role(Role.COORDINATOR, plan.municipality)
        at = timezone.now()
        draft = plans.amend_plan(plan=plan, reason="Falta un plazo", by=lead, at=at)
        until = timezone.localdate() + timedelta(days=10)
        comments.open_comments(plan=draft, until=until, by=lead, at=at)

        text = client.get("/municipalidades/otra/").text

        assert f'href="/plan/{draft.pk}/comentar/"' in text
        assert f'href="/plan/{plan.pk}/comentar/"' not in text

    def test_in_english_the_year_and_its_days_are_in_english(self, client: Client) -> None:
        verified_assessment(municipality=quillota(), levels={"E01": 2, "E02": 1, "E03": 3})

        text = client.get("/en/municipalities/quillota/").text

        assert "Cycle 2026" in text
        assert "Ciclo" not in text
        assert re.search(r"Last change: \d+ [A-Z][a-z]+ 2026\.", text)

    def test_levels_gaps_and_their_source_are_read(self, client: Client) -> None:
        verified_assessment(municipality=quillota(), levels={"E01": 2, "E02": 1, "E03": 3}, verified={"E01": 1})

        text = client.get("/municipalidades/quillota/").text

        assert "1 de 3" in text
        assert "Estándar 2" in text
        assert "0.1.0" in text

    def test_a_measured_number_says_of_how_many_since_when_and_from_where(self, client: Client) -> None:
        verified_assessment(municipality=quillota(), levels={"E01": 2, "E02": 1, "E03": 3}, verified={"E01": 1})

        text = client.get("/municipalidades/quillota/").text

        assert "<b>2 de 3</b>" in text
        assert "Se contaron todos los casos: niveles del autodiagnóstico." in text
        assert "No se preguntó a todas" not in text
        assert "confianza" not in text
        shown, for_the_curious = text.split("Para quien revisa estos números")
        assert ("quality.standards_met" in shown, "LevelRecord" in shown) == (False, False)
        assert "quality.standards_met/2" in for_the_curious

    @pytest.mark.parametrize("page", ["", "niveles/"])
    def test_no_name_of_the_code_is_read_outside_the_checkers_part(self, client: Client, page: str) -> None:
        place = quillota()
        verified_assessment(municipality=place, levels={"E01": 2, "E02": 1, "E03": 3}, verified={"E01": 1})
        for _number in range(20):
            complaint(place, at=timezone.now())

        text = client.get(f"/municipalidades/quillota/{page}").text

        read = re.sub(r"<details.*?</details>", "", text, flags=re.DOTALL)
        assert (
            re.findall(r"\b(?:surveys|benefits_core|plans|quality)\.\w+|public-profile", re.sub("<[^>]*>", " ", read))
            == []
        )

    def test_before_the_region_looks_nothing_is_said_in_its_name(self, client: Client) -> None:
        submitted_assessment(municipality=quillota(), levels={"E01": 2, "E02": 1, "E03": 3})

        text = client.get("/municipalidades/quillota/").text

        assert "La región aún no lo revisa." in text
        assert "La región ya revisó" not in text
        assert "todavía no hay con qué comparar" in text

    def test_what_changed_says_who_looked_and_since_when(self, client: Client) -> None:
        for year, level in ((2025, 0), (2026, 3)):
            verified_assessment(municipality=quillota(), cycle=CycleFactory(year=year), levels={"E01": level})

        text = " ".join(client.get("/municipalidades/quillota/").text.split())

        assert "Comparamos los 3 estándares que la región revisó en los dos años." in text
        assert "En 2025 cumplía 0 de ellos. Ahora cumple 1." in text
        assert "Hasta el nivel 2, los que subieron ganaron 2." in text
        assert "es la meta" not in text

    def test_the_levels_page_names_each_source_as_people_do_and_the_open_data_its_row(self, client: Client) -> None:
        assessment = verified_assessment(
            municipality=quillota(), levels={"E01": 2, "E02": 1, "E03": 3}, verified={"E01": 1}
        )

        page = client.get("/municipalidades/quillota/niveles/").text
        data = client.get("/municipalidades/quillota/datos/").getvalue().decode("utf-8-sig")

        assert f"Autodiagnóstico {assessment.cycle.year}, versión 1, " in page
        assert "quality.assessment" not in page
        assert f"quality.assessment:{assessment.pk}" in data

    def test_links_to_a_year_and_to_the_other_language_lead_there(self, client: Client) -> None:
        assessment = verified_assessment(municipality=quillota(), levels={"E01": 2}, verified={"E01": 1})
        year = assessment.cycle.year

        page = client.get("/municipalidades/quillota/", {"year": year}).text

        assert f'href="/municipalidades/quillota/niveles/?year={year}"' in page
        assert f'href="/en/municipalities/quillota/?year={year}"' in page
        english = client.get("/en/municipalities/quillota/niveles/", {"year": year})
        assert english.status_code == 200
        assert f'href="/municipalidades/quillota/niveles/?year={year}"' in english.text

    def test_a_year_that_is_no_number_is_ignored(self, client: Client) -> None:
        ParticipationFactory(municipality=quillota(), cycle=CycleFactory())

        for year in ("x", "9" * 40, "-1", "٢٠٢٦"):
            assert client.get("/municipalidades/quillota/", {"year": year}).status_code == 200

    def test_demonstration_data_says_so(self, client: Client) -> None:
        ParticipationFactory(municipality=quillota(), cycle=CycleFactory(is_demo=True))

        assert "DATOS DE DEMOSTRACIÓN" in client.get("/municipalidades/quillota/").text


def elements(text: str) -> int:
    return len(re.findall(r"<[a-z]", text))


@pytest.mark.usefixtures("country")
class TestPlan:
    def test_signers_are_told_by_role_and_another_standing_with_its_reason(self, client: Client) -> None:
        plan = plan_in_force()
        PlanSignature.objects.filter(plan=plan, role=SignatureRole.DIDECO).update(
            standing=Standing.REGIONAL, standing_reason="La DIDECO está con licencia"
        )
        name = str(plan.signatures.get(role=SignatureRole.COORDINATOR).signed_by)

        text = client.get(f"/municipalidades/{plan.municipality.slug}/").text

        assert "Lo firmaron: Encargado o Encargada Comunal, " in text
        assert "equipo regional, porque nadie del municipio podía firmar" in text
        assert "La DIDECO está con licencia" in text
        assert name not in text

    def test_the_page_of_a_full_municipality_stays_light_and_leads_to_the_whole_plan(self, client: Client) -> None:
        small, large = plan_in_force(lines=4), plan_in_force(lines=12)
        address = f"/municipalidades/{large.municipality.slug}/"

        text = client.get(address).text
        whole = client.get(f"{address}plan/").text

        assert elements(text) <= elements(client.get(f"/municipalidades/{small.municipality.slug}/").text) + 2
        assert f'href="{address}plan/?year=2026"' in text
        assert [f"Mejora {number}" in text for number in (4, 5)] == [True, False]
        assert [f"Mejora {number}" in whole for number in (1, 12)] == [True, True]

    def test_without_a_plan_its_page_is_not_found(self, client: Client) -> None:
        ParticipationFactory(municipality=quillota())

        assert client.get("/municipalidades/quillota/plan/").status_code == 404


@pytest.mark.usefixtures("country")
class TestPlurals:
    def test_one_standard_is_told_in_the_singular(self, client: Client) -> None:
        verified_assessment(municipality=quillota(), levels={"E01": 2, "E02": 1, "E03": 1}, verified={"E01": 2})

        text = client.get("/municipalidades/quillota/").text

        assert "La región ya revisó 3 estándares. De esos, se cumple 1." in text


@pytest.mark.usefixtures("country")
class TestFooter:
    def test_accessibility_and_the_seals_are_reached_from_everywhere(self, client: Client) -> None:
        text = client.get("/auditoria/").text

        assert 'href="/accesibilidad-y-privacidad/"' in text
        assert 'href="/auditoria/"' in text

    def test_the_standards_are_reached_from_the_start_and_from_everywhere(self, client: Client) -> None:
        for path in ("/", "/auditoria/"):
            assert 'href="/estandares/"' in client.get(path).text, path

    def test_what_citizens_come_for_is_on_the_start_page_and_the_finder_is_there_once(self, client: Client) -> None:
        main = client.get("/").text.split("<main")[1].split("</main>")[0]

        assert [f'href="{url}"' in main for url in ("/hora/", "/reclamos/", "/tramites/", "/seguimiento/")] == [
            True
        ] * 4
        assert 'href="/municipalidades/"' not in main

    def test_in_english_too(self, client: Client) -> None:
        text = client.get("/en/auditoria/").text

        assert 'href="/en/accessibility-and-privacy/"' in text
        assert 'href="/en/auditoria/"' in text

    def test_what_is_kept_of_the_page_is_drawn_anew_after_a_write(
        self, client: Client, django_assert_max_num_queries: Callable[..., AbstractContextManager[None]]
    ) -> None:
        municipality = quillota()
        verified_assessment(municipality=municipality, levels={"E01": 1, "E02": 1, "E03": 1})
        assert "0 de 3" in client.get("/municipalidades/quillota/").text
        with django_assert_max_num_queries(10):
            client.get("/municipalidades/quillota/")

        level_record(municipality=municipality, standard=Standard.objects.get(code="E01"), level=2, series="verified")

        assert "1 de 3" in client.get("/municipalidades/quillota/").text
