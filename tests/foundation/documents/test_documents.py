"""Reports: asked for, produced in a job, given only to those who may read them."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from portal.foundation.audit.models import AuditEvent
from portal.foundation.documents import domain, registry
from portal.foundation.documents.models import Document, DocumentState
from portal.foundation.documents.registry import DocumentKind
from portal.foundation.documents.render import render_pdf
from portal.foundation.people.roles import STAFF_ROLES, Role
from tests.factories.people import UserFactory, sign_in, user_with_role
from tests.factories.territories import MunicipalityFactory

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def data(subject, language):
    return {"title": f"Informe {subject.name}", "sections": [{"heading": language, "paragraphs": ["«Hola»"]}]}


@pytest.fixture
def kinds():
    """One kind for the staff of a municipality, one for everybody, one whose template is wrong."""
    made = [
        DocumentKind("test.staff", "Informe interno", "report.typ", data, lambda u, s: u.scope.has(*STAFF_ROLES, at=s)),
        DocumentKind("test.open", "Informe abierto", "report.typ", data, lambda u, s: True, lambda s: s.name),
        DocumentKind("test.broken", "Roto", "report.typ", lambda s, language: {"sections": []}, lambda u, s: True),
    ]
    for kind in made:
        registry.register(kind)
    yield
    for kind in made:
        registry.unregister(kind.key)


def request(subject, by, kind="test.staff", language="es"):
    return domain.request_document(kind=kind, subject=subject, language=language, by=by, at=AT)


@pytest.mark.django_db
def test_a_report_is_produced_after_commit_and_downloaded(
    client, kinds, django_capture_on_commit_callbacks, monkeypatch
):
    municipality = MunicipalityFactory(name="Ñuñoa")
    user = user_with_role(Role.COORDINATOR, municipality)
    sign_in(client, user)
    rendered = []
    monkeypatch.setattr(domain, "render_pdf", lambda *given: rendered.append(given) or render_pdf(*given))

    with django_capture_on_commit_callbacks(execute=True):
        document = request(municipality, user)
        waiting = client.get(reverse("documents:show", args=[document.pk]))
    ready = client.get(reverse("documents:show", args=[document.pk]))
    response = client.get(reverse("documents:download", args=[document.pk]))
    content = b"".join(response.streaming_content)

    document.refresh_from_db()
    ((_template, given),) = rendered
    assert given["made_on"] == "2 de marzo de 2026"
    assert (waiting["Refresh"], "Refresh" in ready) == ("2", False)
    assert reverse("documents:download", args=[document.pk]) in ready.content.decode()
    assert response["Content-Disposition"] == 'attachment; filename="informe-interno.pdf"'
    assert (document.state, document.size, document.data) == (DocumentState.READY, len(content), None)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert "pdfuaid" in pdf.Root.Metadata.read_bytes().decode()
        assert str(pdf.Root.Lang) == "es"
    verbs = set(AuditEvent.objects.filter(object_id=str(document.pk)).values_list("verb", "by_user_id"))
    assert verbs == {("documents.request", user.pk), ("documents.download", user.pk)}


@pytest.mark.django_db
def test_the_same_data_gives_the_same_document_and_other_data_another(kinds):
    municipality = MunicipalityFactory(name="Ñuñoa")
    user = user_with_role(Role.COORDINATOR, municipality)

    first, second = request(municipality, user), request(municipality, user)
    english = request(municipality, user, language="en")
    municipality.name = "Nuñoa"
    other = request(municipality, user)

    assert first == second
    assert len({first, english, other}) == 3


@pytest.mark.django_db
def test_others_neither_ask_for_it_nor_find_it(client, kinds, django_capture_on_commit_callbacks):
    municipality = MunicipalityFactory(name="Ñuñoa")
    stranger = user_with_role(Role.COORDINATOR, MunicipalityFactory())
    with django_capture_on_commit_callbacks(execute=True):
        document = request(municipality, None)
    urls = [reverse(f"documents:{name}", args=[document.pk]) for name in ("show", "download")]

    anonymous = [client.get(url).status_code for url in urls]
    sign_in(client, stranger)
    others = [client.get(url).status_code for url in urls]

    assert (anonymous, others) == ([302, 302], [404, 404])
    with pytest.raises(domain.NotReadable):
        request(municipality, stranger)
    with pytest.raises(domain.NotReadable):
        request(municipality, UserFactory())
    with pytest.raises(domain.UnknownKind):
        request(municipality, stranger, kind="test.none")


@pytest.mark.django_db
def test_a_public_report_is_for_everybody(client, kinds, django_capture_on_commit_callbacks):
    municipality = MunicipalityFactory(name="Ñuñoa")

    with django_capture_on_commit_callbacks(execute=True):
        document = request(municipality, AnonymousUser(), kind="test.open")
    response = client.get(reverse("documents:download", args=[document.pk]))

    assert (response.status_code, response["Content-Disposition"]) == (200, 'attachment; filename="nunoa.pdf"')
    assert document.created_by is None


@pytest.mark.django_db
def test_a_report_that_cannot_be_produced_says_so_and_may_be_asked_for_again(client, kinds):
    municipality = MunicipalityFactory()
    document = request(municipality, None, kind="test.broken")
    job = domain.jobs.Job.objects.get()
    for _attempt in range(3):
        job.refresh_from_db()
        domain.jobs.run(job_id=job.pk, now=lambda: job.not_before)

    response = client.get(reverse("documents:show", args=[document.pk]))
    again = request(municipality, None, kind="test.broken")

    document.refresh_from_db()
    assert document.state == DocumentState.FAILED
    assert str(document.pk) in response.content.decode()
    assert client.get(reverse("documents:download", args=[document.pk])).status_code == 302
    assert again != document
    assert Document.objects.count() == 2


@pytest.mark.django_db
def test_a_second_attempt_writes_over_the_first_ones_bytes(kinds, settings, tmp_path, monkeypatch):
    settings.PRIVATE_FILES_ROOT = tmp_path
    document = request(MunicipalityFactory(), None)
    job = domain.jobs.Job.objects.get()
    save = Document.save

    def fail(*_args, **_kwargs):
        raise ConnectionError("database away")

    monkeypatch.setattr(Document, "save", fail)
    domain.jobs.run(job_id=job.pk, now=lambda: AT)
    monkeypatch.setattr(Document, "save", save)
    job.refresh_from_db()
    domain.jobs.run(job_id=job.pk, now=lambda: job.not_before)

    document.refresh_from_db()
    assert document.state == DocumentState.READY
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / document.content.name]
