from __future__ import annotations

import pytest

from portal.foundation.messages.models import Message
from portal.foundation.people.roles import Role
from quality.enums import NotApplicableReview
from quality.models import LevelRecord
from tests.factories.quality import submitted_correction
from tests.quality.views.pages import as_role, as_team, body, draft_of_now, submitted_now, url

pytestmark = pytest.mark.django_db


def verified() -> list[tuple[str, int | None, str]]:
    records = LevelRecord.objects.in_force().filter(series="verified").order_by("standard__number")
    return [(record.standard.code, record.level, record.remarks) for record in records.select_related("standard")]


class TestReviewing:
    @pytest.fixture
    def done(self):
        """E01 and E02 lie in the component C1, E03 in C2."""
        return submitted_now()

    @pytest.fixture
    def ids(self, done):
        return {answer.standard.code: answer.standard_id for answer in done.answers.select_related("standard")}

    @pytest.fixture
    def client(self, done):
        return as_role(Role.REGIONAL_TEAM, done.municipality.region)

    def test_verifies_a_component_and_asks_why_where_it_differs(self, done, ids, client):
        page = url("review_component", done, "C1")
        data = {f"level_{ids['E01']}": "1", f"level_{ids['E02']}": "0"}

        refused = client.post(page, data)
        kept = verified()
        saved = client.post(page, {**data, f"remark_{ids['E02']}": "Sin registro"})

        assert ("Diga por qué cambia el nivel de E02." in body(refused), kept) == (True, [])
        assert verified() == [("E01", 1, ""), ("E02", 0, "Sin registro")]
        assert saved.headers["Location"] == url("review_component", done, "C2")
        assert "Sin registro" in body(client.get(url("show", done)))

    def test_each_component_is_kept_and_the_last_ends_the_review(self, done, ids, client):
        shown = [code for code in ids if f"level_{ids[code]}" in body(client.get(url("review_component", done, "C1")))]
        client.post(url("review_component", done, "C1"), {f"level_{ids[code]}": "1" for code in ("E01", "E02")})
        done.refresh_from_db()
        after_one = done.verified_at, Message.objects.filter(template="quality_verified").count()
        page = body(client.get(url("review", done)))

        last = client.post(url("review_component", done, "C2"), {f"level_{ids['E03']}": "1"})

        done.refresh_from_db()
        assert shown == ["E01", "E02"]
        assert (after_one, "2 de 2 estándares verificados" in page, "Sin empezar" in page) == ((None, 0), True, True)
        assert last.headers["Location"] == url("review", done)
        assert done.verified_at is not None
        assert Message.objects.filter(template="quality_verified").count() > 0

    def test_a_review_with_blanks_is_finished_on_purpose(self, done, ids, client):
        early = client.post(url("finish_review", done))
        client.post(url("review_component", done, "C1"), {f"level_{ids['E01']}": "1"})
        asked = body(client.get(url("finish_review", done)))
        client.post(url("finish_review", done))

        done.refresh_from_db()
        assert "Todavía no hay niveles verificados." in body(early)
        assert "E02, E03" in asked
        assert (verified(), done.verified_at is not None) == ([("E01", 1, "")], True)

    def test_levels_are_not_asked_before_every_not_applicable_is_answered(self):
        done = submitted_now(levels={"E03": None})
        client = as_role(Role.REGIONAL_TEAM, done.municipality.region)

        answer = client.get(url("review_component", done, "C1"), follow=True)

        assert answer.redirect_chain[-1][0] == url("review", done)
        assert "Primero acepte o rechace cada «no aplica»." in body(answer)

    def test_an_unknown_component_is_not_found(self, done, client):
        assert client.get(url("review_component", done, "C9")).status_code == 404

    def test_a_level_changed_after_the_end_is_told_again(self, done, ids, client):
        for component, codes in (("C1", ("E01", "E02")), ("C2", ("E03",))):
            client.post(url("review_component", done, component), {f"level_{ids[code]}": "1" for code in codes})
        told = Message.objects.filter(template="quality_verified").count()

        client.post(
            url("review_component", done, "C2"), {f"level_{ids['E03']}": "0", f"remark_{ids['E03']}": "Visto hoy"}
        )

        assert Message.objects.filter(template="quality_verified").count() == 2 * told

    def test_not_applicable_is_refused_with_a_reason(self):
        done = submitted_now(levels={"E03": None})
        client = as_role(Role.REGIONAL_TEAM, done.municipality.region)

        assert url("not_applicable", done, "E03") in body(client.get(url("review", done)))
        assert client.post(url("not_applicable", done, "E03"), {"decision": "refused"}).status_code == 200
        client.post(url("not_applicable", done, "E03"), {"decision": "refused", "remarks": "Sí aplica"})

        assert done.answers.get(not_applicable=True).not_applicable_review == NotApplicableReview.REFUSED
        assert client.get(url("not_applicable", done, "E01")).status_code == 404

    def test_returning_leads_the_team_to_a_correction(self):
        done = submitted_now()
        client = as_role(Role.REGIONAL_TEAM, done.municipality.region)

        client.post(url("return", done), {"remarks": "Revise E02"})

        page = body(as_team(done).get(url("show", done)))
        assert ("Revise E02" in page, url("correct", done) in page) == (True, True)
        assert client.get(url("review", done)).headers["Location"] == url("show", done)

    def test_a_correction_keeps_what_was_verified_until_it_is_looked_at_again(self, done, ids, client):
        client.post(url("review_component", done, "C1"), {f"level_{ids[code]}": "1" for code in ("E01", "E02")})
        correction = submitted_correction(done)

        page, finish = body(client.get(url("review", correction))), url("review_component", correction, "C1")
        client.post(finish, {f"level_{ids['E01']}": "1", f"level_{ids['E02']}": "1"})
        last = body(client.get(url("finish_review", correction)))

        assert "Esta es la versión 2. Siguen valiendo 2 niveles que usted verificó antes" in page
        assert "quedan sin nivel verificado: E03." in last

    def test_a_draft_is_not_reviewed(self):
        draft = draft_of_now()

        response = as_role(Role.REGIONAL_TEAM, draft.municipality.region).get(url("review", draft))

        assert response.headers["Location"] == url("show", draft)
