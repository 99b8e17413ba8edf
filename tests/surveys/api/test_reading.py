"""Open311 GeoReport v2, what everybody reads, by a client that was written from the standard."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.foundation.people.roles import Role
from portal.foundation.territories.models import ServicePoint, Territory
from surveys.api.formats import to_json, to_xml
from surveys.domain import answers, complaints
from surveys.domain import open311 as domain
from surveys.enums import ComplaintAbout, ComplaintState
from surveys.models import Complaint
from tests.factories.complaints import answered, category, complaint, worker
from tests.factories.open311 import NOW, send
from tests.factories.territories import MunicipalityFactory
from tests.surveys.api.client import GeoReport, errors

pytestmark = pytest.mark.django_db

# --- Reading


def test_a_request_is_listed_with_days_and_without_anything_personal(
    api: GeoReport, here: Territory, point: ServicePoint
) -> None:
    made = complaint(here, category=category(), service_point=point, contact="rosa@example.cl")

    (listed,) = api.get("requests").content

    assert listed == {
        "service_request_id": str(made.pk),
        "status": "open",
        "status_notes": "Se recibió.",
        "service_name": "Categoría R09",
        "service_code": "R09",
        "description": None,
        "agency_responsible": "Municipalidad de Quillota",
        "service_notice": "La municipalidad responde a más tardar el 14 de abril de 2026.",
        "requested_datetime": "2026-03-02T00:00:00-03:00",
        "updated_datetime": "2026-03-02T00:00:00-03:00",
        "expected_datetime": "2026-04-14T23:59:59-04:00",
        "address": "Oficina central, Maipú 330, Quillota",
        "address_id": str(point.pk),
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
    assert api.get(f"requests/{made.pk}").content == [listed]


def test_an_answer_closes_it(api: GeoReport, here: Territory) -> None:
    answered(complaint(here, category=category()))

    (listed,) = api.get("requests").content

    assert (listed["status"], listed["status_notes"]) == ("closed", "Se respondió. La persona tiene razón.")
    assert (listed["expected_datetime"], listed["service_notice"]) == (None, None)
    assert "Ese día faltó" not in str(listed)


def test_what_is_not_public_is_not_listed(api: GeoReport, here: Territory) -> None:
    hidden = [
        complaint(here, about=ComplaintAbout.STAFF, category=category()),
        complaint(here, category=category("R11")),
        complaint(MunicipalityFactory(), category=category()),
    ]
    settled = complaint(here, category=category())
    complaints.settle_about(complaint=settled, person=worker(here), by=worker(here, Role.COORDINATOR), at=NOW)
    withdrawn = complaint(here, category=category())
    complaints.withdraw(complaint=withdrawn, at=NOW)

    assert api.get("requests").content == []
    for made in [*hidden, settled, withdrawn]:
        assert api.get(f"requests/{made.pk}").status == 404
    ids = ",".join(str(made.pk) for made in hidden)
    assert api.get("requests", service_request_id=ids).content == []


def test_a_text_is_shown_once_a_person_has_read_and_published_it(api: GeoReport, here: Territory) -> None:
    made = complaint(here, category=category(), text="Soy Rosa Díaz, RUN 12.345.678-5. Esperé de pie.")
    leader = worker(here, Role.COORDINATOR)
    assert api.get("requests").content[0]["description"] is None

    domain.publish_text(complaint=made, hide=["Rosa Díaz"], by=leader, at=NOW)
    assert api.get("requests").content[0]["description"] == "Soy [OCULTO], RUN [RUN]. Esperé de pie."

    domain.withdraw_text(complaint=made, by=leader, at=NOW)
    assert api.get("requests").content[0]["description"] is None


def listed(api: GeoReport, **arguments: str) -> set[str]:
    answer = api.get("requests", **arguments)
    assert answer.status == 200, answer.content
    return {row["service_request_id"] for row in answer.content}


def test_requests_are_filtered(api: GeoReport, here: Territory) -> None:
    waiting = complaint(here, category=category())
    other = complaint(here, category=category("R16"))
    closed = answered(complaint(here, category=category()))
    without = complaint(here)
    pk = {name: str(made.pk) for name, made in locals().items() if isinstance(made, Complaint)}

    assert listed(api) == set(pk.values())
    assert listed(api, status="open") == {pk["waiting"], pk["other"], pk["without"]}
    assert listed(api, status="closed") == {pk["closed"]}
    assert listed(api, status="open,closed") == set(pk.values())
    assert listed(api, service_code="R09") == {pk["waiting"], pk["closed"]}
    assert listed(api, service_code="R16") == {pk["other"], pk["without"]}
    assert listed(api, service_code="R09,R16") == set(pk.values())
    assert listed(api, service_request_id=f"{pk['closed']},{pk['other']}, ,x", status="open") == {
        pk["closed"],
        pk["other"],
    }
    assert listed(api, status="", service_code="", start_date="", end_date="", service_request_id="") == set(
        pk.values()
    )
    assert waiting.state == ComplaintState.RECEIVED
    assert (other.category.code, closed.state, without.category) == ("R16", ComplaintState.ANSWERED, None)


def test_days_are_those_of_the_municipality(api: GeoReport, here: Territory) -> None:
    made = {
        day: complaint(here, category=category(), at=datetime.fromisoformat(f"2026-{day}T23:30:00-03:00"))
        for day in ("01-10", "01-31", "02-01")
    }
    pk = {day: str(one.pk) for day, one in made.items()}

    assert listed(api) == set(pk.values())
    assert listed(api, start_date="2026-01-31T00:00:00-03:00") == {pk["01-31"], pk["02-01"]}
    assert listed(api, start_date="2026-01-31T00:00:01-03:00") == {pk["02-01"]}
    assert listed(api, start_date="2026-01-31T03:00:00Z", end_date="2026-01-31T23:00:00Z") == {pk["01-31"]}
    assert listed(api, end_date="2026-01-31T00:00:00-03:00") == {pk["01-10"], pk["01-31"]}
    assert listed(api, end_date="2025-12-01T00:00:00Z") == set()


def test_ninety_days_are_shown_where_no_day_is_given(api: GeoReport, here: Territory) -> None:
    recent = complaint(here, category=category(), at=NOW - timedelta(days=90))
    complaint(here, category=category(), at=NOW - timedelta(days=91))

    assert listed(api) == {str(recent.pk)}


@pytest.mark.parametrize(
    "arguments",
    [
        {"start_date": "2026-01-01"},
        {"start_date": "2026-01-01T00:00:00"},
        {"start_date": "2026-13-01T00:00:00Z"},
        {"start_date": "ayer"},
        {"start_date": "' OR 1=1 --"},
        {"end_date": "0000-00-00T00:00:00Z"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"},
        {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"status": "pending"},
        {"page": "0"},
        {"page": "-1"},
        {"page": "x"},
        {"page_size": "0"},
        {"page_size": "1001"},
        {"page": "99999999999999999999"},
    ],
    ids=str,
)
def test_arguments_that_do_not_do_are_refused(api: GeoReport, arguments: dict[str, str]) -> None:
    answer = api.get("requests", **arguments)

    assert answer.status == 400
    assert errors(answer)


def test_extreme_days_are_no_fault_of_ours(api: GeoReport) -> None:
    for day in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        assert api.get("requests", start_date=day).status in {200, 400}
        assert api.get("requests", end_date=day).status in {200, 400}


def test_pages_follow_each_other_without_gap_or_repetition(api: GeoReport, here: Territory) -> None:
    made = {str(complaint(here, category=category()).pk) for _number in range(5)}

    pages = [
        [row["service_request_id"] for row in api.get("requests", page=str(page), page_size="2").content]
        for page in (1, 2, 3, 4)
    ]

    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert {number for page in pages for number in page} == made


def test_the_receipt_s_code_is_a_token_of_what_an_application_sent(api: GeoReport, here: Territory) -> None:
    (given,) = send(api).content
    made = Complaint.objects.get()

    answer = api.get(f"tokens/{made.shown_code.replace(' ', '').lower()}")

    assert answer.content[0]["service_request_id"] == given["service_request_id"]
    by_web = complaint(here, category=category())
    assert api.get(f"tokens/{by_web.code}").status == 404


def test_lists_may_be_kept_for_a_minute_and_read_by_any_page(api: GeoReport) -> None:
    headers = api.get("requests").headers

    assert headers["Cache-Control"] == "public, max-age=60"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in headers


def test_queries_do_not_grow_with_the_requests(api: GeoReport, here: Territory, point: ServicePoint) -> None:
    def cost() -> int:
        made = complaint(here, category=category(), service_point=point)
        domain.publish_text(complaint=made, by=worker(here, Role.COORDINATOR), at=NOW)
        api.get("requests")
        with CaptureQueriesContext(connection) as captured:
            api.get("requests")
        return len(captured)

    first = cost()
    assert cost() == cost() == first
    assert first <= 6


# --- Discovery


def test_discovery_leads_to_the_interface(api: GeoReport) -> None:
    api.base, api.jurisdiction = "/open311", ""

    answer = api.get("discovery")

    assert set(answer.content) == {"changeset", "contact", "key_service", "endpoints"}
    (endpoint,) = answer.content["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"].endswith("/open311/v2")
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert endpoint["type"] in {"production", "test"}


# --- Formats


def test_both_formats_say_the_same(here: Territory) -> None:
    answered(complaint(here, category=category()))
    complaint(here, category=category("R16"))

    asked = [GeoReport(format, "quillota").get("requests").content for format in ("json", "xml")]

    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    "text", ["<b>&amp;]]>", "a\x00b\x0b\ufffe", "línea\r\notra", '"comillas"', "🙂", "<!DOCTYPE x>"]
)
def test_texts_cannot_break_out_of_the_answer(text: str) -> None:
    read = ElementTree.fromstring(to_xml("errors", [{"code": 1, "description": text}]).encode())  # noqa: S314

    illegal = re.compile("[\x00\x0b\ufffe]")
    assert read.findtext("error/description") == illegal.sub("", text)
    assert text in json.loads(to_json([text]))


def test_surrogates_are_left_out_of_xml() -> None:
    assert to_xml("errors", [{"code": 1, "description": "a\ud800b"}]).encode("utf-8")


def test_answers_are_of_the_language_asked_for(here: Territory) -> None:
    english = Client(headers={"accept-language": "en"}).get("/open311/v2/services.json")

    assert english.json()[0]["description"].startswith("jurisdiction_id was not provided")


def test_an_answer_by_the_verb_is_told(api: GeoReport, here: Territory) -> None:
    made = answered(complaint(here, category=category()))
    answers.close(complaint=made, by=worker(here), at=NOW)

    assert api.get("requests").content[0]["status_notes"].startswith("Se respondió y está cerrado.")
