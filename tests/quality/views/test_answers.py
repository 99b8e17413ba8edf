from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.foundation.cycles.domain import close_cycle
from portal.foundation.indicators import registry
from portal.foundation.people.roles import Role
from quality.models import Answer, AnswerEvidence
from tests.factories import quality as factories
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.quality.views.pages import NOW, SAVED, as_role, as_team, body, draft_of_now, submitted_now, this_year, url

pytestmark = pytest.mark.django_db


def closed(assessment):
    """Its cycle is closed by the national team, whose reason the municipality reads."""
    return close_cycle(cycle=assessment.cycle, reason="Se acabó el convenio", by=None, at=NOW)


class TestAClosedCycle:
    @pytest.mark.parametrize("page", ["tasks", "participants", "context", "check"])
    def test_every_form_says_on_opening_that_the_cycle_is_closed(self, page):
        draft = draft_of_now()
        closed(draft)

        shown = body(as_team(draft).get(url(page, draft), follow=True))

        assert "Motivo: Se acabó el convenio" in shown
        assert url("tasks", draft) not in shown

    def test_the_refusal_keeps_what_was_typed_while_it_closed(self):
        draft = draft_of_now()
        client = as_team(draft)
        closed(draft)

        answer = client.post(url("answer", draft, "E01"), SAVED | {"notes": "Lo hablamos una hora"})

        assert (answer.status_code, Answer.objects.count()) == (200, 0)
        assert ("Lo hablamos una hora" in body(answer), "Se acabó el convenio" in body(answer)) == (True, True)

    def test_a_correction_is_not_offered(self):
        submitted = submitted_now()
        closed(submitted)
        client = as_team(submitted)

        assert url("correct", submitted) not in body(client.get(url("show", submitted)))
        assert client.get(url("correct", submitted)).url == url("show", submitted)


class TestAnswering:
    def test_the_tasks_say_the_state_of_each_standard(self):
        draft = draft_of_now()
        factories.answer(draft, draft.catalogue.standards.get(code="E01"), 1, at=NOW)
        factories.answer(draft, draft.catalogue.standards.get(code="E02"), 2, at=NOW)

        page = body(as_team(draft).get(url("tasks", draft)))

        assert [page.count(f">{state}<") for state in ("Listo", "Falta un antecedente", "Sin empezar")] == [1, 1, 2]

    def test_saves_and_goes_on_to_the_next_standard(self):
        draft = draft_of_now()
        client = as_team(draft)

        response = client.post(url("answer", draft, "E01"), SAVED)

        assert response.headers["Location"] == url("answer", draft, "E02")
        assert Answer.objects.get().level == 1
        assert client.post(url("answer", draft, "E03"), SAVED).headers["Location"] == url("check", draft)

    def test_says_at_once_that_the_level_needs_evidence(self):
        draft = draft_of_now()

        page = body(as_team(draft).post(url("answer", draft, "E01"), SAVED | {"level": "2"}, follow=True))

        assert "Necesita un antecedente." in page

    def test_shows_what_was_said_before_beside_the_form(self):
        municipality = ParticipationFactory(cycle=this_year()).municipality
        standard = factories.small_catalogue().standards.first()
        last_year = CycleFactory(year=timezone.localdate().year - 1)
        factories.level_record(municipality=municipality, standard=standard, level=3, cycle=last_year)
        factories.level_record(
            municipality=municipality, standard=standard, level=2, cycle=last_year, series="verified"
        )
        draft = draft_of_now(municipality=municipality)

        page = body(as_team(draft).get(url("answer", draft, "E01")))

        assert ("3: </span>" in page, "2: </span>" in page, str(last_year.year) in page) == (True, True, True)
        assert "Todavía ningún indicador mide este estándar" in page

    def test_shows_the_measured_indicators(self):
        draft = draft_of_now()
        today = timezone.localdate()
        measurement = registry.Measurement(
            draft.municipality_id,
            62.5,
            25,
            40,
            None,
            None,
            False,
            registry.Period(today, today),
            NOW,
            registry.Source("test.Row", "filas de prueba"),
            "1",
        )
        registry.register(
            registry.Indicator("test.one", "Espera cumplida", "%", 1, lambda **_: [measurement], ("E01",))
        )
        try:
            page = body(as_team(draft).get(url("answer", draft, "E01")))
        finally:
            registry.unregister("test.one")

        assert "<b>63 %</b> (25 de 40)" in page
        assert "Se contaron todos los casos: filas de prueba." in page
        assert "test.Row" not in page

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"level": "7"}, "Elija una de las opciones"),
            ({"level": ""}, "Elija una opción"),
            ({"level": "na"}, "Diga por qué no aplica aquí."),
            ({"notes": "x" * 50_000}, "5000"),
            ({"description": "Acta"}, "Elija el archivo al que corresponden"),
        ],
    )
    def test_bad_input_is_told_and_what_was_typed_stays(self, changes, message):
        draft = draft_of_now()

        response = as_team(draft).post(url("answer", draft, "E01"), {**SAVED, "notes": "Lo que escribí", **changes})

        page = body(response)
        assert (response.status_code, message in page.replace("\xa0", ""), Answer.objects.count()) == (200, True, 0)
        assert changes.get("notes", "Lo que escribí")[:40] in page

    @pytest.mark.parametrize("revision", ["", "abc", "-1", "9" * 40, "１", "0"])
    def test_a_forged_revision_never_overwrites(self, revision):
        draft = draft_of_now()
        factories.answer(draft, draft.catalogue.standards.get(code="E01"), 0, at=NOW)
        other = as_role(Role.TEAM_MEMBER, draft.municipality)

        response = other.post(url("answer", draft, "E01"), {**SAVED, "revision": revision})

        assert (response.status_code, Answer.objects.get().level) == (409, 0)

    def test_a_conflict_shows_both_answers_and_loses_neither(self):
        draft = draft_of_now()
        first, second = as_team(draft), as_role(Role.TEAM_MEMBER, draft.municipality)
        first.post(url("answer", draft, "E01"), {**SAVED, "notes": "Nota de la primera"})

        conflict = second.post(
            url("answer", draft, "E01"),
            {
                **SAVED,
                "level": "2",
                "notes": "Nota de la segunda",
                "file": SimpleUploadedFile("acta.txt", b"Acta de la mesa", "text/plain"),
                "dated_on": timezone.localdate().isoformat(),
                "description": "Acta",
            },
        )
        page = body(conflict)
        assert (conflict.status_code, "Nota de la primera" in page, "Nota de la segunda" in page) == (409, True, True)
        assert [item.description for item in AnswerEvidence.objects.all()] == ["Acta"]
        assert 'name="revision" value="1"' in page

        second.post(url("answer", draft, "E01"), {**SAVED, "level": "2", "notes": "Las dos", "revision": "1"})
        stands = Answer.objects.get()
        assert (stands.level, stands.notes, stands.revision) == (2, "Las dos", 2)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("programa.pdf", b"MZ\x90\x00" + b"\x00" * 200),
            ("acta.exe", b"MZ\x90\x00"),
            ("vacio.pdf", b""),
            ("grande.txt", b"a" * (20 * 1024 * 1024 + 1)),
        ],
    )
    def test_a_refused_file_is_told_beside_the_field(self, name, content):
        draft = draft_of_now()

        response = as_team(draft).post(
            url("answer", draft, "E01"),
            {
                **SAVED,
                "level": "2",
                "notes": "Se conserva",
                "file": SimpleUploadedFile(name, content),
                "dated_on": timezone.localdate().isoformat(),
                "description": "Acta de marzo",
            },
        )

        page = body(response)
        assert (response.status_code, 'id="id_file_error"' in page, Answer.objects.count()) == (200, True, 0)
        assert all(typed in page for typed in ("Se conserva", "Acta de marzo"))
        assert 'value="2" checked' in page

    def test_a_pdf_with_a_script_is_refused(self):
        import io

        import pikepdf

        pdf = pikepdf.new()
        pdf.add_blank_page()
        pdf.Root.OpenAction = pdf.make_indirect(
            pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        )
        content = io.BytesIO()
        pdf.save(content)
        draft = draft_of_now()

        response = as_team(draft).post(
            url("answer", draft, "E01"),
            {
                **SAVED,
                "file": SimpleUploadedFile("acta.pdf", content.getvalue()),
                "dated_on": timezone.localdate().isoformat(),
                "description": "Acta",
            },
        )

        assert ('id="id_file_error"' in body(response), AnswerEvidence.objects.count()) == (True, 0)

    def test_a_body_over_the_limit_is_refused_before_anything_reads_it(self, settings):
        settings.REQUEST_MAX_BYTES = 10_000
        draft = draft_of_now()

        response = as_team(draft).post(
            url("answer", draft, "E01"), {**SAVED, "file": SimpleUploadedFile("a.txt", b"a" * 20_000)}
        )

        assert (response.status_code, Answer.objects.count()) == (413, 0)

    def test_evidence_of_tomorrow_is_refused_beside_its_date(self):
        draft = draft_of_now()
        tomorrow = timezone.localdate() + timedelta(days=1)

        page = body(
            as_team(draft).post(
                url("answer", draft, "E01"),
                {
                    **SAVED,
                    "file": SimpleUploadedFile("acta.txt", b"Acta"),
                    "dated_on": tomorrow.isoformat(),
                    "description": "Acta",
                },
            )
        )

        assert ('id="id_dated_on_error"' in page, AnswerEvidence.objects.count()) == (True, 0)

    def test_a_page_sent_twice_keeps_its_file_once(self):
        draft = draft_of_now()
        client = as_team(draft)

        for _ in range(2):
            typed = {"dated_on": timezone.localdate().isoformat(), "description": "Acta"}
            file = SimpleUploadedFile("acta.txt", b"Acta de la mesa", "text/plain")
            client.post(url("answer", draft, "E01"), {**SAVED, **typed, "level": "2", "file": file})

        assert (Answer.objects.get().revision, AnswerEvidence.objects.count()) == (1, 1)

    def test_evidence_is_removed_after_asking(self):
        draft = draft_of_now()
        given = factories.answer(
            draft, draft.catalogue.standards.get(code="E01"), 2, at=NOW, evidence_on=timezone.localdate()
        )
        item = given.evidence.get()
        client = as_team(draft)

        assert item.description in body(client.get(url("remove_evidence", draft, item.pk)))
        client.post(url("remove_evidence", draft, item.pk))

        assert AnswerEvidence.objects.count() == 0
        assert client.post(url("remove_evidence", draft, item.pk)).status_code == 404

    def test_an_unknown_standard_is_not_found(self):
        draft = draft_of_now()

        assert as_team(draft).get(url("answer", draft, "E99")).status_code == 404

    def test_the_history_names_who_and_when(self):
        draft = draft_of_now()
        factories.answer(draft, draft.catalogue.standards.get(code="E01"), 1, at=NOW)

        page = body(as_team(draft).get(url("history", draft, "E01")))

        assert draft.opened_by.name in page

    def test_participants_and_context(self):
        draft = draft_of_now()
        client = as_team(draft)

        client.post(url("participants", draft), {"name": "Ana Soto", "position": "Jefa", "kind": "team"})
        client.post(url("context", draft), {"channel": "virtual", "strengths": "Buen trato"})
        assert "Ana Soto" in body(client.get(url("participants", draft)))
        participant = draft.participants.get()
        client.post(url("remove_participant", draft, participant.pk))

        draft.refresh_from_db()
        assert (draft.channel, draft.strengths, draft.participants.count()) == ("virtual", "Buen trato", 0)

    def test_a_submitted_one_leads_to_reading_it(self):
        done = submitted_now()
        client = as_team(done)

        for name, more in (("tasks", []), ("answer", ["E01"]), ("context", []), ("participants", []), ("check", [])):
            assert client.get(url(name, done, *more)).headers["Location"] == url("show", done), name
        late = client.post(url("answer", done, "E01"), SAVED | {"notes": "Lo hablamos una hora"})
        assert ("Lo hablamos una hora" in body(late), "ya fue enviado" in body(late)) == (True, True)
        assert done.answers.get(standard__code="E01").revision == 1
