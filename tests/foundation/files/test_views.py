"""Downloads: only who may see the place, never run by the browser, always noted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.foundation.audit.models import AuditEvent
from portal.foundation.files.domain import attach
from portal.foundation.people.roles import Role
from tests.factories.people import UserFactory, sign_in, user_with_role
from tests.factories.territories import MunicipalityFactory

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def stored(db):
    upload = SimpleUploadedFile("Lista ñ.txt", b"uno\n")
    return attach(upload=upload, territory=MunicipalityFactory(), by=None, at=AT)


def url(stored) -> str:
    return reverse("files:download", args=[stored.pk])


def test_a_member_of_the_municipality_gets_a_download_that_cannot_run(client, stored):
    user = user_with_role(Role.TEAM_MEMBER, stored.territory)

    response = sign_in(client, user).get(url(stored))

    assert b"".join(response.streaming_content) == b"uno\n"
    assert response["Content-Type"] == "text/plain"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Lista%20%C3%B1.txt"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    event = AuditEvent.objects.get(verb="files.download")
    assert (event.by_user_id, event.object_id) == (user.pk, str(stored.pk))


def test_others_do_not_find_it_and_nothing_is_noted(client, stored):
    elsewhere = user_with_role(Role.COORDINATOR, MunicipalityFactory())

    answers = [
        sign_in(Client(), elsewhere).get(url(stored)).status_code,
        sign_in(Client(), UserFactory()).get(url(stored)).status_code,
        client.get(url(stored)).status_code,
    ]

    assert answers == [404, 404, 302]
    assert AuditEvent.objects.filter(verb="files.download").count() == 0


@pytest.mark.django_db
def test_a_body_that_is_far_too_large_is_answered_with_a_page_that_says_the_limit(client, settings):
    settings.REQUEST_MAX_BYTES = 1000

    response = client.post("/", {"file": SimpleUploadedFile("a.pdf", b"0" * 2000)})

    assert response.status_code == 413
    assert "20,0" in response.content.decode()


def too_long() -> dict:
    return {"text": "a" * 5_000_000}


def many_files() -> dict:
    return {"file": [SimpleUploadedFile(f"{number}.txt", b"uno") for number in range(30)]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "words"), [(too_long, "El texto es demasiado largo"), (many_files, "Hay demasiados archivos")]
)
def test_too_long_a_text_and_too_many_files_are_refused_in_plain_words(client, sent, words):
    response = client.post("/cuenta/ingresar/", sent())

    assert response.status_code == 413
    assert words in response.content.decode()


def test_a_guarded_file_is_not_handed_over_to_everybody_of_the_place(client, db):
    upload = SimpleUploadedFile("Reservado.txt", b"uno\n")
    stored = attach(upload=upload, territory=MunicipalityFactory(), by=None, at=AT, guarded=True)
    user = user_with_role(Role.DIDECO, stored.territory)

    assert sign_in(client, user).get(url(stored)).status_code == 404
