"""Rights of somebody without an account: by code and words alone."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.foundation.audit.domain import record_look
from portal.foundation.people.domain import requests
from portal.foundation.people.models import DataRequest
from portal.foundation.people.roles import Role
from portal.foundation.receipts import domain
from portal.foundation.receipts.domain import Issued
from portal.foundation.receipts.models import Receipt
from tests.factories.people import user_with_role
from tests.factories.receipts import issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(client: Client) -> Issued:
    """A receipt with a contact that was written to, open in the browser."""
    given = issued(contact="rosa@example.cl")
    at = timezone.now()
    domain.notify(receipt=given.receipt, template="receipt_news", context={}, dedupe_key="news", at=at)
    issued(contact="otra@example.cl")
    client.post(reverse("receipts:open"), {"code": given.receipt.code, "secret": given.secret})
    return given


def text(response: Any) -> str:
    return response.content.decode()


def test_it_shows_what_is_kept_with_the_code_and_who_looked(client: Client, given: Issued) -> None:
    looker = user_with_role(Role.DIDECO, given.receipt.territory)
    record_look(by=looker, object=given.receipt, purpose="Atender el caso", at=timezone.now())

    answer = client.get(reverse("receipts:own_data"))

    page = text(answer)
    shown = (given.receipt.shown_code, "rosa@example.cl", "Hay novedades en su caso", "Atender el caso")
    assert [said for said in shown if said not in page] == []
    assert [said for said in ("otra@example.cl", looker.name) if said in page] == []
    assert answer["Cache-Control"] == "no-store"


def test_a_copy_is_taken_at_once(client: Client, given: Issued) -> None:
    file = client.get(reverse("receipts:own_copy"))

    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        content = json.loads(archive.read("datos.json"))
    assert {kind["key"] for kind in content["data"]} == {"receipts.receipt", "receipts.messages"}
    assert (file["Cache-Control"], "otra@example.cl" in str(content)) == ("no-store", False)


def test_the_contact_is_erased_with_what_was_written_to_it(client: Client, given: Issued) -> None:
    done = client.post(reverse("receipts:forget_contact"), follow=True)

    page = text(done)
    assert ("Borramos su contacto" in page, "rosa@example.cl" in page) == (True, False)
    assert Receipt.objects.get(pk=given.receipt.pk).contact == ""


def test_a_request_is_answered_where_the_code_opens_it(client: Client, given: Issued) -> None:
    asked = client.post(reverse("receipts:ask"), {"kind": "erasure", "text": ""}, follow=True)
    request = DataRequest.objects.get()
    by = user_with_role(Role.DIDECO, given.receipt.territory)
    requests.answer_request(request=request, grant=True, answer="Borramos su contacto hoy.", by=by, at=timezone.now())

    page = text(client.get(reverse("receipts:own_data")))

    assert request.number in text(asked)
    assert (request.territory, request.created_by) == (given.receipt.territory, None)
    assert ("Borramos su contacto hoy." in page, "rosa@example.cl" in page) == (True, False)
    # The key itself stays: the case can still be followed.
    again = Client().post(reverse("receipts:open"), {"code": given.receipt.code, "secret": given.secret})
    assert again.status_code == 302


def test_without_an_open_receipt_there_is_nothing_to_see(client: Client) -> None:
    names = ("own_data", "own_copy", "forget_contact", "ask", "show")

    assert {client.get(reverse(f"receipts:{name}")).url for name in names} == {reverse("receipts:open")}
    assert client.post(reverse("receipts:ask"), {"kind": "erasure"}).url == reverse("receipts:open")
    assert DataRequest.objects.count() == 0
