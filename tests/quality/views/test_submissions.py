from __future__ import annotations

import pytest

from portal.foundation.people.roles import Role
from quality.domain import assessments
from quality.enums import AssessmentState
from quality.models import Assessment, LevelRecord
from tests.factories import quality as factories
from tests.quality.views.pages import NOW, as_role, as_team, body, draft_of_now, submitted_now, this_year, url

pytestmark = pytest.mark.django_db


class TestSubmitting:
    def test_the_check_lists_what_is_missing_with_links(self):
        draft = draft_of_now()
        factories.answer(draft, draft.catalogue.standards.get(code="E01"), 2, at=NOW)

        page = body(as_team(draft).get(url("check", draft)))

        assert ("Necesita un antecedente." in page, page.count("No tiene respuesta.")) == (True, 4)
        assert "No hay participantes." in page
        assert url("submit", draft) not in page

    def test_submitting_twice_ends_on_the_same_page_without_a_second_effect(self):
        draft = factories.answered_assessment(cycle=this_year(), at=NOW)
        client = as_role(Role.COORDINATOR, draft.municipality)

        first = client.post(url("submit", draft), {"agreed": "on"})
        second = client.post(url("submit", draft), {"agreed": "on"}, follow=True)

        assert first.headers["Location"] == url("submitted", draft)
        assert (second.status_code, "ya había sido enviado" in body(second)) == (200, True)
        assert LevelRecord.objects.count() == 3

    def test_without_the_box_nothing_is_submitted(self):
        draft = factories.answered_assessment(cycle=this_year(), at=NOW)

        response = as_role(Role.COORDINATOR, draft.municipality).post(url("submit", draft), {})

        draft.refresh_from_db()
        assert (response.status_code, draft.state) == (200, AssessmentState.DRAFT)

    def test_an_incomplete_one_leads_back_to_the_check(self):
        draft = draft_of_now()

        response = as_role(Role.COORDINATOR, draft.municipality).post(url("submit", draft), {"agreed": "on"})

        assert response.headers["Location"] == url("check", draft)

    def test_a_correction_starts_with_its_reason(self):
        done = submitted_now()
        client = as_team(done)

        assert client.post(url("correct", done), {"reason": ""}).status_code == 200
        response = client.post(url("correct", done), {"reason": "Faltó un acta"})

        correction = Assessment.objects.get(corrects=done)
        assert response.headers["Location"] == url("tasks", correction)
        assert "Faltó un acta" in body(client.get(url("tasks", correction)))

    def test_the_versions_show_what_changed(self):
        done = submitted_now()
        draft = assessments.correct_assessment(assessment=done, reason="Error", by=done.opened_by, at=NOW)
        factories.answer(draft, draft.catalogue.standards.get(code="E02"), 0, at=NOW)

        page = body(as_team(done).get(url("versions", draft)))

        assert ("Estándar 2" in page, "Estándar 1" in page) == (True, False)
