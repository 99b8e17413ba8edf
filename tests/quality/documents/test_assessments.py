from __future__ import annotations

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.foundation.documents.domain import request_document
from portal.foundation.documents.models import Document
from portal.foundation.documents.render import render_pdf
from portal.foundation.people.roles import Role
from quality.documents.assessments import REPORT_KIND, report_data
from tests.factories import quality as factories
from tests.factories.quality import NOW
from tests.quality.views.pages import as_role, submitted_now, url

pytestmark = pytest.mark.django_db


def test_the_report_says_levels_evidence_people_channel_and_date():
    done = factories.verified_assessment(levels={"E01": 2, "E03": None}, verified={"E01": 1})

    data = report_data(done, "es")

    first = data["sections"][1]
    assert (data["date"], data["municipality"]) == ("20 de marzo de 2026", done.municipality.name)
    assert data["sections"][0]["bullets"] == ["Rosa Díaz, Asistente social"]
    assert first["table"]["rows"][0] == ["E01", "Estándar 1", "2", "1", "1"]
    assert data["sections"][2]["table"]["rows"][0][2:4] == ["No aplica", "No aplica"]
    assert data["sections"][3]["bullets"] == ["Acta firmada (20 de marzo de 2026)"]
    assert render_pdf(REPORT_KIND.template, data).startswith(b"%PDF")


def test_demonstration_data_says_so():
    done = factories.submitted_assessment()
    done.cycle.is_demo = True

    assert report_data(done, "es")["is_demo"] is True


def test_submitting_orders_the_report_once_and_asking_again_gives_the_same():
    done = factories.submitted_assessment()

    again = request_document(
        kind=REPORT_KIND.key, subject=done, language=done.submitted_by.language, by=done.submitted_by, at=NOW
    )

    assert [again] == list(Document.objects.all())


def test_the_button_leads_to_the_waiting_page():
    done = submitted_now()
    client = as_role(Role.REGIONAL_TEAM, done.municipality.region)

    response = client.post(url("report", done))

    assert response.headers["Location"] == reverse("documents:show", args=[Document.objects.latest("created_at").pk])


def test_the_spreadsheet_holds_the_answers_and_runs_no_formula():
    draft = factories.assessment()
    standard = draft.catalogue.standards.get(code="E01")
    factories.answer(draft, standard, None, reason='=HYPERLINK("http://malo")')
    client = as_role(Role.TEAM_MEMBER, draft.municipality)

    response = client.get(url("xlsx", draft))

    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    rows = list(book["Respuestas"].iter_rows(values_only=True))
    assert (len(rows), rows[1][0], rows[1][3], rows[2][3]) == (4, "E01", None, None)
    assert rows[1][5].startswith("'=HYPERLINK")
