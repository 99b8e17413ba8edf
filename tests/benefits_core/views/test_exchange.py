"""Taking a procedure away and bringing it in: data, sheet to print, file."""

from __future__ import annotations

import json

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from benefits_core.documents.procedures import local_sheet_data, sheet_data
from benefits_core.models import ProcedureVersion
from portal.foundation.documents.models import Document
from portal.foundation.documents.render import render_pdf
from portal.foundation.people.roles import Role
from tests.factories import benefits
from tests.factories.people import sign_in, user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"benefits_core:{name}", args=args)


def public(name, version):
    return url(name, version.procedure.key, version.number)


def test_data_are_open_to_everybody_once_published(client):
    version = benefits.published_version()

    as_json = client.get(public("procedure_json", version))
    as_yaml = client.get(public("procedure_yaml", version))

    assert json.loads(as_json.content) == yaml.safe_load(as_yaml.content)
    assert as_json["Content-Disposition"] == f'attachment; filename="{version.procedure.key}-v1.json"'
    assert client.get(public("procedure_json", benefits.draft_version())).status_code == 404


def test_a_file_is_read_into_a_draft(client):
    sign_in(client, user_with_role(Role.NATIONAL_TEAM, CountryFactory()))
    version = benefits.published_version()
    content = client.get(public("procedure_yaml", version)).content.replace(
        version.procedure.key.encode(), b"otro-tramite"
    )

    response = client.post(
        url("procedure_import"), {"file": SimpleUploadedFile("tramite.yaml", content), "territory": "pais"}
    )

    draft = ProcedureVersion.objects.get(procedure__key="otro-tramite")
    assert response.url == draft.get_absolute_url()


def test_a_broken_file_is_said_beside_its_field(client):
    sign_in(client, user_with_role(Role.NATIONAL_TEAM, CountryFactory()))

    response = client.post(
        url("procedure_import"), {"file": SimpleUploadedFile("t.yaml", b"format: x"), "territory": "pais"}
    )

    assert response.status_code == 200
    assert "format: se espera «mejora.procedure/1»" in response.content.decode()
    assert not ProcedureVersion.objects.exists()


def test_a_coordinator_brings_in_procedures_of_the_own_municipality_only(client):
    here = MunicipalityFactory()
    sign_in(client, user_with_role(Role.COORDINATOR, here))
    content = client.get(public("procedure_json", benefits.published_version())).content

    response = client.post(
        url("procedure_import"), {"file": SimpleUploadedFile("t.json", content), "territory": str(here.pk)}
    )

    assert "este trámite lo entrega otra institución" in response.content.decode()


def test_the_sheet_says_how_far_it_can_be_trusted_and_is_drawn():
    version = benefits.published_version()

    data = sheet_data(version, "es")

    assert data["status"] == "Redactado, no oficial"
    headings = [section["heading"] for section in data["sections"]]
    assert headings[-4:] == ["1. Pedir", "2. Revisar", "3. Responder", "Fuente legal"]
    assert "Plazo comprometido: 5 días hábiles" in data["sections"][-2]["bullets"]
    assert render_pdf("report.typ", data).startswith(b"%PDF")


def test_the_sheet_of_a_municipality_has_its_own_terms():
    terms = benefits.terms_in_force()

    data = local_sheet_data(terms, "es")

    assert data["municipality"] == str(terms.territory)
    assert any("2 días hábiles" in line for section in data["sections"] for line in section.get("bullets", []))


def test_anybody_asks_for_the_sheet_and_the_same_one_is_made_once():
    version = benefits.published_version()
    terms = benefits.terms_in_force(of=version.procedure)

    for client in (Client(), Client()):
        response = client.post(public("procedure_pdf", version))
        assert client.get(response.url).status_code == 200
    Client().post(f"{public('procedure_pdf', version)}?municipalidad={terms.territory.slug}")

    kinds = sorted(Document.objects.values_list("kind", flat=True))
    assert kinds == ["benefits_core.local_procedure", "benefits_core.procedure"]
