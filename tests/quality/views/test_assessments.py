from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.foundation.people.roles import Role
from quality.enums import AssessmentState
from quality.models import AnswerEvidence, Assessment
from tests.factories import quality as factories
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.quality.views.pages import NOW, SAVED, as_role, as_team, body, draft_of_now, submitted_now, this_year, url

pytestmark = pytest.mark.django_db


class TestStart:
    def test_shows_my_municipality_and_not_the_neighbor(self):
        mine, other = draft_of_now(), draft_of_now()

        page = body(as_team(mine).get(reverse("quality:assessment_start")))

        assert (mine.municipality.name in page, other.municipality.name in page) == (True, False)
        assert url("tasks", mine) in page

    def test_offers_to_start_with_the_dates_of_the_window(self):
        cycle = this_year()
        cycle.windows = {"self_diagnosis": {"opens": "01-01", "closes": "12-31"}}
        cycle.save()
        participation = ParticipationFactory(cycle=cycle)

        client = as_role(Role.COORDINATOR, participation.municipality)

        page = body(client.get(reverse("quality:assessment_start")))
        assert reverse("quality:assessment_open", args=[participation.pk]) in page
        assert f"31 de diciembre de {cycle.year}" in page.lower()

    def test_without_a_cycle_says_so(self):
        client = as_role(Role.TEAM_MEMBER, ParticipationFactory(cycle__state="closed").municipality)

        assert "No hay un ciclo abierto" in body(client.get(reverse("quality:assessment_start")))

    def test_the_region_is_led_to_its_list(self):
        draft = draft_of_now()

        response = as_role(Role.REGIONAL_TEAM, draft.municipality.region).get(reverse("quality:assessment_start"))

        assert response.headers["Location"] == reverse("quality:assessment_list")


class TestOpening:
    def test_opens_once_however_often_it_is_sent(self):
        participation = ParticipationFactory(cycle=this_year())
        factories.small_catalogue()
        client = as_role(Role.TEAM_MEMBER, participation.municipality)
        address = reverse("quality:assessment_open", args=[participation.pk])

        first, second = client.post(address), client.post(address)

        draft = Assessment.objects.get()
        assert first.headers["Location"] == second.headers["Location"] == url("tasks", draft)

    def test_outside_the_window_the_dates_are_said(self):
        today = timezone.localdate()
        past = (today - timedelta(days=40), today - timedelta(days=10))
        cycle = CycleFactory(year=past[0].year)
        cycle.windows = {"self_diagnosis": {"opens": f"{past[0]:%m-%d}", "closes": f"{past[1]:%m-%d}"}}
        cycle.save()
        participation = ParticipationFactory(cycle=cycle)
        client = as_role(Role.TEAM_MEMBER, participation.municipality)

        response = client.post(reverse("quality:assessment_open", args=[participation.pk]), follow=True)

        assert "El autodiagnóstico está abierto del" in body(response)
        assert Assessment.objects.count() == 0

    def test_another_municipality_is_not_found(self):
        participation, other = ParticipationFactory(cycle=this_year()), ParticipationFactory(cycle=this_year())
        client = as_role(Role.TEAM_MEMBER, participation.municipality)

        assert client.get(reverse("quality:assessment_open", args=[other.pk])).status_code == 404


class TestAccess:
    def places(self, done):
        """Every address of one self-diagnosis."""
        code = "E01"
        evidence = AnswerEvidence.objects.filter(answer__assessment=done).first()
        participant = done.participants.first()
        return [
            url("show", done),
            url("versions", done),
            url("report", done),
            url("xlsx", done),
            url("tasks", done),
            url("answer", done, code),
            url("history", done, code),
            url("remove_evidence", done, evidence.pk),
            url("context", done),
            url("participants", done),
            url("remove_participant", done, participant.pk),
            url("check", done),
            url("submit", done),
            url("submitted", done),
            url("correct", done),
            url("review", done),
            url("not_applicable", done, "E03"),
            url("return", done),
        ]

    @pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO, Role.REGIONAL_TEAM])
    def test_people_of_another_place_open_nothing(self, role):
        done = submitted_now(levels={"E01": 2, "E03": None})
        foreign = ParticipationFactory(cycle=done.cycle).municipality
        client = as_role(role, foreign.region if role == Role.REGIONAL_TEAM else foreign)

        for address in self.places(done):
            for response in (client.get(address), client.post(address, SAVED)):
                assert response.status_code in (403, 404, 405), address
                assert done.municipality.name not in body(response)
        done.refresh_from_db()
        assert (done.state, Assessment.objects.count()) == (AssessmentState.SUBMITTED, 1)

    def test_a_visitor_is_asked_to_sign_in(self):
        done = submitted_now(levels={"E01": 2, "E03": None})

        for address in [*self.places(done), reverse("quality:assessment_start"), reverse("quality:assessment_list")]:
            assert "/cuenta/" in Client().get(address).headers["Location"], address

    def test_the_national_team_reads_and_does_not_write(self):
        done = submitted_now(levels={"E01": 2, "E03": None})
        client = as_role(Role.NATIONAL_TEAM, done.municipality.region.parent)

        assert client.get(url("show", done)).status_code == 200
        for name in ("correct", "return", "review", "submit", "tasks"):
            assert client.get(url(name, done)).status_code == 403, name

    def test_a_member_of_the_team_does_not_submit_or_verify(self):
        draft = factories.answered_assessment(cycle=this_year(), at=NOW)
        client = as_team(draft)

        assert client.post(url("submit", draft), {"agreed": "on"}).status_code == 403
        assert client.post(url("review", draft), {}).status_code == 403

    def test_the_dideco_submits_but_does_not_answer(self):
        draft = factories.answered_assessment(cycle=this_year(), at=NOW)
        client = as_role(Role.DIDECO, draft.municipality)

        assert client.get(url("answer", draft, "E01")).status_code == 403
        assert client.post(url("submit", draft), {"agreed": "on"}).headers["Location"] == url("submitted", draft)


class TestList:
    def test_the_number_of_queries_does_not_grow(self, constant_queries):
        cycle = this_year()
        region = ParticipationFactory(cycle=cycle).municipality.region

        def make_one():
            municipality = ParticipationFactory(cycle=cycle, municipality__parent__parent=region).municipality
            factories.assessment(municipality=municipality, cycle=cycle, at=NOW)

        client = as_role(Role.REGIONAL_TEAM, region)

        assert constant_queries(client, reverse("quality:assessment_list"), make_one) <= 10

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("", {"Arica", "Ñuñoa"}),
            ("?q=nunoa", {"Ñuñoa"}),
            ("?state=draft", {"Arica"}),
            ("?state=none", {"Ñuñoa"}),
            ("?stage=3", {"Ñuñoa"}),
            ("?state=verified", set()),
            ("?state=nonsense&stage=%00", {"Arica", "Ñuñoa"}),
            ("?pagina=999", {"Arica", "Ñuñoa"}),
        ],
    )
    def test_filters(self, query, shown):
        cycle = this_year()
        first = ParticipationFactory(cycle=cycle, municipality__name="Arica")
        region = first.municipality.region
        ParticipationFactory(cycle=cycle, stage="3", municipality__name="Ñuñoa", municipality__parent__parent=region)
        factories.assessment(municipality=first.municipality, cycle=cycle, at=NOW)

        page = body(as_role(Role.REGIONAL_TEAM, region).get(reverse("quality:assessment_list") + query))

        assert {name for name in ("Arica", "Ñuñoa") if f">{name}<" in page} == (
            shown if "nonsense" not in query else set()
        )

    def test_another_regions_municipality_is_not_listed(self):
        mine, other = draft_of_now(), draft_of_now()

        page = body(as_role(Role.REGIONAL_TEAM, mine.municipality.region).get(reverse("quality:assessment_list")))

        assert (mine.municipality.name in page, other.municipality.name in page) == (True, False)
