"""Open311 GeoReport v2, driven by a client that was written from the standard."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from portal.foundation.receipts import domain as receipts
from portal.foundation.territories.models import Territory
from surveys.domain import open311 as domain
from surveys.enums import ComplaintChannel
from surveys.models import Complaint, SentByApplication
from tests.factories.open311 import NOW, SENT_TEXT, issued_key, send
from tests.factories.territories import MunicipalityFactory
from tests.surveys.api.client import GeoReport, errors

pytestmark = pytest.mark.django_db

# --- Services


def test_services_are_the_categories(api: GeoReport) -> None:
    answer = api.get("services")

    assert answer.status == 200
    assert [service["service_code"] for service in answer.content] == ["R09", "R11", "R16"]
    assert set(answer.content[0]) == {
        "service_code",
        "service_name",
        "description",
        "metadata",
        "type",
        "keywords",
        "group",
    }
    assert (answer.content[0]["service_name"], answer.content[0]["type"]) == ("Categoría R09", "realtime")
    assert answer.content[0]["metadata"] in (True, "true")


def test_a_service_asks_questions_none_of_which_is_required(api: GeoReport) -> None:
    answer = api.get("services/R09")

    assert answer.content["service_code"] == "R09"
    asked = {attribute["code"]: attribute for attribute in answer.content["attributes"]}
    assert list(asked) == ["promise", "kind", "happened_on", "about", "preferential"]
    assert [str(attribute["order"]) for attribute in asked.values()] == ["1", "2", "3", "4", "5"]
    assert {attribute["required"] for attribute in asked.values()} <= {False, "false"}
    assert asked["promise"]["variable"] in (False, "false")
    assert [value["key"] for value in asked["kind"]["values"]] == ["complaint", "suggestion", "compliment", "enquiry"]


@pytest.mark.parametrize(
    ("resource", "jurisdiction", "status"),
    [
        ("services", "", 400),
        ("services", "nowhere", 404),
        ("services/R99", "quillota", 404),
        ("services/R09", "", 400),
        ("requests", "", 400),
        ("requests", "nowhere", 404),
        ("requests/1", "", 400),
        ("requests/999999", "quillota", 404),
        ("requests/abc", "quillota", 404),
        ("requests/99999999999999999999", "quillota", 404),
        ("tokens/0000000000", "quillota", 404),
        ("nothing", "quillota", 404),
    ],
)
def test_what_is_missing_or_unknown_is_told_as_the_standard_has_it(
    api: GeoReport, resource: str, jurisdiction: str, status: int
) -> None:
    api.jurisdiction = jurisdiction

    answer = api.get(resource)

    assert answer.status == status
    assert [code for code, _text in errors(answer)] == [str(status)]


def test_a_municipality_is_known_by_its_name_or_by_its_code(api: GeoReport, here: Territory) -> None:
    api.jurisdiction = here.code

    assert api.get("services").status == 200
    assert api.get("services", jurisdiction_id=here.region.slug).status == 404


# --- Sending


def test_what_an_application_sends_is_a_complaint_like_any_other(api: GeoReport, here: Territory, point: Any) -> None:
    answer = send(
        api,
        address_id=str(point.pk),
        lat="-32.8803",
        long="-71.2488",
        first_name="Rosa",
        last_name="Secreta",
        device_id="tt222111",
        account_id="123456",
        media_url="https://example.cl/foto.jpg",
        **{"attribute[kind]": "suggestion", "attribute[happened_on]": "2026-02-27", "attribute[preferential]": "true"},
    )

    assert answer.status == 201
    (given,) = answer.content
    made = Complaint.objects.get()
    assert (given["service_request_id"], given["account_id"]) == (str(made.pk), None)
    assert "token" not in given
    assert (made.territory, made.channel, made.kind) == (here, ComplaintChannel.OPEN311, "suggestion")
    assert (made.text, made.category.code, made.service_point) == (SENT_TEXT, "R09", point)
    assert (made.happened_on, made.preferential, made.is_anonymous) == (date(2026, 2, 27), True, True)
    assert made.due_on is not None
    kept = SentByApplication.objects.get()
    assert (kept.address, str(kept.latitude), kept.media_url) == (
        "Plaza de Armas",
        "-32.880300",
        "https://example.cl/foto.jpg",
    )
    everything = str(list(Complaint.objects.values())) + str(list(SentByApplication.objects.values()))
    assert not re.search("Rosa|Secreta|tt222111|123456", everything)


def test_the_answer_brings_the_receipt_which_opens_the_case(api: GeoReport) -> None:
    (given,) = send(api).content

    code = re.search(r"código, ([0-9A-Z]{5} [0-9A-Z]{5})", given["service_notice"])
    words = re.search(r"cuatro palabras: ([^.]+)\.", given["service_notice"])
    assert code
    assert words
    opened = receipts.open(code=code[1], secret=words[1], address="192.0.2.1", at=NOW)
    assert opened.subject == Complaint.objects.get()
    assert words[1] not in str(list(Complaint.objects.values()))


@pytest.mark.parametrize("contact", [{"email": "rosa@example.cl"}, {"phone": "987654321"}])
def test_a_contact_is_kept_encrypted_with_the_receipt(api: GeoReport, contact: dict[str, str]) -> None:
    send(api, **contact)

    receipt = receipts.Receipt.objects.get()
    assert receipt.address in {"rosa@example.cl", "+56987654321"}
    assert not re.search("rosa|98765", receipt.contact)


def test_the_same_sent_twice_is_one_complaint_whose_words_are_told_once(api: GeoReport) -> None:
    first, again = send(api), send(api)

    assert (first.status, again.status) == (201, 200)
    assert first.content[0]["service_request_id"] == again.content[0]["service_request_id"]
    assert Complaint.objects.count() == 1
    assert "Ya lo tenemos" in again.content[0]["service_notice"]
    assert "cuatro palabras:" not in again.content[0]["service_notice"]
    assert send(api, description="Otra cosa").status == 201


def test_an_application_can_name_its_post_so_that_it_is_taken_once(api: GeoReport) -> None:
    named = {"Idempotency-Key": "a3f0"}
    first = api.post(headers=named, service_code="R09", description=SENT_TEXT, address_string="Aquí")
    again = api.post(headers=named, service_code="R09", description=f"{SENT_TEXT} Corregido", address_string="Aquí")

    assert (first.status, again.status, Complaint.objects.count()) == (201, 200, 1)


@pytest.mark.parametrize(
    ("key", "text"), [("", "Falta la api_key."), ("wrong", "no sirve"), ("áé", "no sirve"), ("x" * 3000, "no sirve")]
)
def test_a_key_that_is_missing_or_wrong_is_answered_403(api: GeoReport, key: str, text: str) -> None:
    api.key = key

    answer = send(api)

    assert answer.status == 403
    assert text in errors(answer)[0][1]
    assert not Complaint.objects.exists()


def test_a_revoked_key_sends_nothing_more(api: GeoReport) -> None:
    issued = issued_key("Otra")
    api.key = issued.secret
    assert send(api).status == 201
    domain.revoke_key(key=issued.key, reason="Ya no existe", by=issued.key.created_by, at=NOW)

    assert send(api, description="Después").status == 403


def test_a_key_of_one_municipality_sends_to_no_other(api: GeoReport, here: Territory) -> None:
    api.key = issued_key("Solo allá", territory=MunicipalityFactory()).secret

    assert send(api).status == 403


def test_a_key_sends_so_many_an_hour_and_no_more(api: GeoReport) -> None:
    api.key = issued_key("Lenta", hourly_limit=2).secret

    answers = [send(api, description=f"Caso {number}") for number in range(3)]

    assert [answer.status for answer in answers] == [201, 201, 400]
    assert errors(answers[2])[0][0] == "429"
    assert Complaint.objects.count() == 2


def test_guessing_keys_ends_after_a_while(api: GeoReport) -> None:
    api.key = "wrong"

    told = {errors(send(api))[0][1] for _number in range(32)}

    assert any("demasiadas llaves" in text for text in told)


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "R99"}, 404, "service_code"),
        ({"description": ""}, 400, "description"),
        ({"description": "   \n "}, 400, "description"),
        ({"description": "x" * 4001}, 400, "4001"),
        ({"address_string": ""}, 400, "lat y long"),
        ({"address_id": "999999"}, 400, "address_id"),
        ({"address_id": "1; DROP TABLE surveys_complaint"}, 400, "address_id"),
        ({"lat": "abc", "long": "1"}, 400, "lat"),
        ({"lat": "-32.8"}, 400, "longitud"),
        ({"lat": "-132.8", "long": "1"}, 400, "Tierra"),
        ({"lat": "nan", "long": "inf"}, 400, "lat"),
        ({"lat": "1e5", "long": "1"}, 400, "lat"),
        ({"email": "no-es-un-correo@"}, 400, "correo"),
        ({"attribute[kind]": "bomb"}, 400, "attribute[kind]"),
        ({"attribute[unknown]": "1"}, 400, "attribute[unknown]"),
        ({"attribute[happened_on]": "2026-02-30"}, 400, "happened_on"),
        ({"attribute[happened_on]": "ayer"}, 400, "happened_on"),
        ({"attribute[happened_on]": "2027-01-01"}, 400, ""),
        ({"attribute[step]": "1"}, 400, "step"),
        ({"media_url": "https://example.cl/" + "a" * 600}, 400, ""),
        ({"address_string": "x" * 301}, 400, ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    api: GeoReport, fields: dict[str, str], status: int, words: str
) -> None:
    answer = send(api, **fields)

    assert answer.status == status
    assert words in " ".join(text for _code, text in errors(answer))
    assert not Complaint.objects.exists()


def test_every_fault_is_told_at_once(api: GeoReport) -> None:
    answer = send(api, description="", lat="x", long="y", **{"attribute[kind]": "bomb"})

    assert len(errors(answer)) == 4


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"x" * 5_000_000, "application/x-www-form-urlencoded"),
        (b"description=" + b"x" * 70_000, "application/x-www-form-urlencoded"),
        (b"description=" + "Esperé".encode("latin-1"), "application/x-www-form-urlencoded"),
        (b"description=Esper%E9", "application/x-www-form-urlencoded"),
        (b"description=Esper%E9", "application/x-www-form-urlencoded; charset=iso-8859-1"),
        (b"description=a%00b", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % number for number in range(3000)), "application/x-www-form-urlencoded"),
        (b'{"description": "x"}', "application/json"),
        (b"<request/>", "text/xml"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"", ""),
        (b"", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_hostile_bodies_are_answered_in_the_standard_s_form(api: GeoReport, body: bytes, content_type: str) -> None:
    answer = api.post_body(body, content_type)

    assert answer.status in {400, 403}
    assert errors(answer)
    assert not Complaint.objects.exists()


def test_other_methods_do_nothing(api: GeoReport) -> None:
    for method in ("put", "delete", "patch"):
        response = getattr(api.http, method)(f"/open311/v2/requests.{api.format}")
        assert response.status_code == 405
        assert response["Content-Type"].startswith(("text/xml", "application/json"))


def test_posting_needs_no_cookie_and_sets_none(api: GeoReport) -> None:
    strict = Client(enforce_csrf_checks=True)
    fields = {"api_key": api.key, "jurisdiction_id": "quillota", "service_code": "R09", "description": SENT_TEXT}
    body = "&".join(f"{name}={value}" for name, value in {**fields, "address_string": "x"}.items())

    response = strict.post("/open311/v2/requests.json", body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 201
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"
    assert "api_key" not in response.content.decode()
