"""«My data»: only the own, complete, readable, and gone from the shared computer."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.foundation.audit.domain import record_look
from portal.foundation.audit.models import AuditEvent
from portal.foundation.messages import domain as messages
from portal.foundation.people import privacy
from portal.foundation.people.domain import copies
from portal.foundation.people.errors import PeopleError
from portal.foundation.people.models import DataExport, DataRequest, Person, User
from portal.foundation.people.roles import Role
from tests.factories.people import UserFactory, sign_in, user_with_role
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa(client: Client) -> User:
    user = user_with_role(Role.CITIZEN, MunicipalityFactory(), user=UserFactory(name="Rosa Mira", email="rosa@a.cl"))
    sign_in(client, user)
    return user


def text(response: Any) -> str:
    return response.content.decode()


def looked(at_user: User, by: User, purpose: str = "Revisar la cuenta") -> AuditEvent:
    return record_look(by=by, object=at_user, purpose=purpose, at=timezone.now())


def test_the_page_says_what_is_kept_and_why_and_until_when(client: Client, rosa: User) -> None:
    messages.send(to=rosa, template="reminder", context={"count": 2}, dedupe_key="k", at=timezone.now())

    page = text(client.get(reverse("privacy:overview")))

    for key in ("people.account", "people.roles", "people.second_factor", "messages.sent"):
        kind = privacy.kind(key)
        assert kind is not None
        rows = text(client.get(reverse("privacy:held", args=[key])))
        assert [said for said in (kind.label, kind.purpose, kind.kept) if str(said) not in page] == []
        assert [said for said in (kind.label, kind.purpose, kind.kept, kind.basis) if str(said) not in rows] == []
        assert reverse("privacy:held", args=[key]) in page


def test_the_rows_are_the_own_alone(client: Client, rosa: User) -> None:
    other = UserFactory(name="Otra Persona", email="otra@a.cl")
    messages.send(to=other, template="reminder", context={"count": 2}, dedupe_key="o", at=timezone.now())

    pages = "".join(text(client.get(reverse("privacy:held", args=[kind.key]))) for kind in privacy.kinds())

    assert ("rosa@a.cl" in pages, "otra@a.cl" in pages, "Otra Persona" in pages) == (True, False, False)


def test_secrets_are_never_shown(client: Client, rosa: User) -> None:
    secrets = [str(value) for row in rosa.authenticator_set.all() for value in row.data.values()]

    page = text(client.get(reverse("privacy:held", args=["people.second_factor"])))

    assert [secret for secret in [*secrets, rosa.password] if secret in page] == []


def test_an_unknown_kind_is_not_found(client: Client, rosa: User) -> None:
    assert client.get(reverse("privacy:held", args=["no.such"])).status_code == 404


def test_looks_show_role_and_place_and_purpose_but_no_name(client: Client, rosa: User, settings: Any) -> None:
    place = MunicipalityFactory(name="Quirihue")
    looker = user_with_role(Role.COORDINATOR, place, user=UserFactory(name="Ana Coordina"))
    looked(rosa, looker)
    looked(rosa, rosa, "La propia mirada")
    looked(UserFactory(), looker, "A otra persona")

    page = text(client.get(reverse("privacy:looks")))
    settings.LOOKS_SHOW_NAMES = True
    named = text(client.get(reverse("privacy:looks")))

    assert "Quirihue" in page
    assert "Revisar la cuenta" in page
    assert [said for said in ("Ana Coordina", "La propia mirada", "A otra persona") if said in page] == []
    assert "Ana Coordina" in named


def test_the_role_of_a_look_is_the_one_of_that_day(client: Client, rosa: User) -> None:
    first, second = MunicipalityFactory(name="Antes"), MunicipalityFactory(name="Después")
    today = timezone.localdate()
    looker = user_with_role(Role.DIDECO, first, ends_on=today - timedelta(days=1))
    user_with_role(Role.COORDINATOR, second, user=looker, starts_on=today)
    with time_machine.travel(timezone.now() - timedelta(days=10)):
        looked(rosa, looker)
        sign_in(client, rosa)
    sign_in(client, rosa)

    page = text(client.get(reverse("privacy:looks")))

    assert ("Antes" in page, "Después" in page) == (True, False)


def test_looks_at_the_registered_person_and_at_messages_count_too(client: Client, rosa: User) -> None:
    person = Person.objects.create(given_names="Rosa", territory=MunicipalityFactory(), user=rosa)
    message = messages.send(to=rosa, template="reminder", context={"count": 2}, dedupe_key="k", at=timezone.now())
    by = user_with_role(Role.COORDINATOR, MunicipalityFactory())
    for each, purpose in ((person, "Mirada uno"), (message, "Mirada dos")):
        record_look(by=by, object=each, purpose=purpose, at=timezone.now())

    page = text(client.get(reverse("privacy:looks")))

    assert ("Mirada uno" in page, "Mirada dos" in page) == (True, True)


def test_pages_cost_the_same_for_one_and_for_three(
    client: Client, rosa: User, constant_queries: Callable[..., int]
) -> None:
    by = user_with_role(Role.COORDINATOR, MunicipalityFactory())

    def one_more() -> None:
        looked(rosa, by)
        key = str(AuditEvent.objects.count())
        messages.send(to=rosa, template="reminder", context={"count": 2}, dedupe_key=key, at=timezone.now())

    assert constant_queries(client, reverse("privacy:looks"), one_more) <= 50
    assert constant_queries(client, reverse("privacy:overview"), one_more) <= 70
    assert constant_queries(client, reverse("privacy:held", args=["messages.sent"]), one_more) <= 12


# --- The copy


def test_a_copy_is_made_by_a_job_and_holds_everything(
    client: Client, rosa: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    looked(rosa, user_with_role(Role.COORDINATOR, MunicipalityFactory(name="Quirihue")))
    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post(reverse("privacy:copy_request"))
    export = DataExport.objects.get()

    shown = client.get(asked.url)
    file = client.get(reverse("privacy:copy_download", args=[export.pk]))

    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        content = json.loads(archive.read("datos.json"))
        page = archive.read("datos.html").decode()
    kinds = {kind["key"]: kind["rows"] for kind in content["data"]}
    assert "Descargarla" in text(shown)
    assert (file["Content-Type"], file["Cache-Control"]) == ("application/zip", "private, no-store")
    assert kinds["people.account"][0]["email"] == "rosa@a.cl"
    assert {"people.roles", "people.second_factor", "people.acts"} <= set(kinds)
    assert "Quirihue" in content["looks"][0]["who"]
    assert "+00:00" not in page
    assert "<table" not in page  # it is read on a telephone, without a style sheet
    assert ("rosa@a.cl" in page, "<h2>Su cuenta</h2>" in page, "Quirihue" in page) == (True, True, True)
    assert [mail.outbox[0].to, mail.outbox[0].subject] == [["rosa@a.cl"], "La copia de sus datos está lista"]
    assert AuditEvent.objects.filter(verb="people.take_copy", by_user_id=rosa.pk).count() == 1


def test_a_copy_on_its_way_shows_how_far_it_is_and_is_not_asked_for_twice(client: Client, rosa: User) -> None:
    for _click in range(2):
        asked = client.post(reverse("privacy:copy_request"))

    shown = client.get(asked.url)

    assert DataExport.objects.count() == 1
    assert (shown["Refresh"], shown["Cache-Control"]) == ("5", "private, no-store")
    assert client.get(reverse("privacy:copy_download", args=[DataExport.objects.get().pk])).status_code == 404


def test_a_copy_is_its_owner_s_alone_and_for_seven_days(
    client: Client, rosa: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("privacy:copy_request"))
    export = DataExport.objects.get()
    address = reverse("privacy:copy_download", args=[export.pk])
    stranger = sign_in(Client(), UserFactory())

    theirs, late = stranger.get(address), timezone.now() + timedelta(days=8)
    with pytest.raises(PeopleError):
        copies.take_copy(export=export, by=UserFactory(), at=timezone.now())
    with pytest.raises(PeopleError):
        copies.take_copy(export=export, by=rosa, at=late)

    assert theirs.status_code == 404
    assert client.get(address).status_code == 200


def test_hostile_values_are_text_in_the_copy(
    client: Client, rosa: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    User.objects.filter(pk=rosa.pk).update(name="<script>alert(1)</script>")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("privacy:copy_request"))

    file = client.get(reverse("privacy:copy_download", args=[DataExport.objects.get().pk]))

    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert b"<script>" not in archive.read("datos.html")


# --- Requests


def test_asking_shows_the_number_and_the_day_and_can_be_withdrawn(client: Client, rosa: User) -> None:
    sent = client.post(reverse("privacy:own_request_open"), {"kind": "erasure", "text": ""}, follow=True)
    request = DataRequest.objects.get()
    again = client.post(reverse("privacy:own_request_open"), {"kind": "erasure", "text": ""})

    client.post(reverse("privacy:own_request_withdraw", args=[request.pk]))

    page = text(sent)
    assert (request.number in page, "Espera respuesta" in page) == (True, True)
    assert "Ya lo pidió" in text(again)
    assert DataRequest.objects.get().state == "withdrawn"


def test_what_was_typed_stays_beside_its_error(client: Client, rosa: User) -> None:
    missing = client.post(reverse("privacy:own_request_open"), {"kind": "objection", "text": ""})
    hostile = client.post(reverse("privacy:own_request_open"), {"kind": "no-such", "text": "<b>mis palabras</b>"})

    assert "Escriba qué debemos hacer." in text(missing)
    assert "&lt;b&gt;mis palabras&lt;/b&gt;" in text(hostile)
    assert DataRequest.objects.count() == 0


def test_anybody_reads_what_is_kept_and_until_when() -> None:
    page = text(Client().get(reverse("privacy:notice")))

    assert [str(kind.label) for kind in privacy.kinds() if str(kind.label) not in page] == []
