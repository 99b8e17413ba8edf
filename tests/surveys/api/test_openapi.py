"""The description of the interface, and the interface held against it and against answers written down once."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker

from portal.foundation.people.roles import Role
from portal.foundation.territories.models import ServicePoint, Territory
from surveys.domain import open311 as domain
from tests.factories.complaints import answered, category, complaint, worker
from tests.factories.open311 import NOW, issued_key
from tests.surveys.api.client import GeoReport

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent / "golden"
FORMATS = FormatChecker(())


@FORMATS.checks("date-time", raises=ValueError)
def is_time_with_zone(value: Any) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@pytest.fixture
def described(here: Territory) -> dict[str, Any]:
    response = Client().get("/open311/v2/openapi.json")
    assert response["Content-Type"] == "application/json; charset=utf-8"
    return response.json()


def nodes(tree: Any) -> Any:
    yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else []:
        yield from nodes(child)


def test_the_description_is_whole(described: dict[str, Any]) -> None:
    operations = [(path, verb, what) for path, verbs in described["paths"].items() for verb, what in verbs.items()]
    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}

    assert described["openapi"] == "3.1.0"
    assert len({what["operationId"] for _path, _verb, what in operations}) == len(operations) == 7
    for path, _verb, what in operations:
        in_path = {each["name"] for each in what["parameters"] if each["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", path)), path
        assert all(each["required"] for each in what["parameters"] if each["in"] == "path")
    assert {node["$ref"] for node in nodes(described) if isinstance(node, dict) and "$ref" in node} == known
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def check(described: dict[str, Any], path: str, verb: str, answer: Any) -> None:
    """The answer is what the description promises for its status."""
    promised = described["paths"][path][verb]["responses"][str(answer.status)]
    schema = promised["content"]["application/json"]["schema"]
    whole = {**schema, "components": described["components"]}
    faults = [
        error.message for error in Draft202012Validator(whole, format_checker=FORMATS).iter_errors(answer.content)
    ]
    assert faults == []


@pytest.fixture
def story(here: Territory, point: ServicePoint) -> list[str]:
    """An open, an answered and a published complaint; their numbers."""
    first = complaint(here, category=category(), service_point=point)
    second = answered(complaint(here, category=category("R16")))
    third = complaint(here, category=category(), text="Soy Rosa, 9 8765 4321 & <espero>")
    domain.publish_text(complaint=third, hide=["Rosa"], by=worker(here, Role.COORDINATOR), at=NOW)
    return [str(made.pk) for made in (first, second, third)]


def test_every_answer_is_as_described(described: dict[str, Any], story: list[str]) -> None:
    api = GeoReport("json", "quillota", issued_key().secret)
    sent = api.post(service_code="R09", description="Hola", address_string="Aquí")

    check(described, "/services.{format}", "get", api.get("services"))
    check(described, "/services.{format}", "get", api.get("services", jurisdiction_id="nowhere"))
    check(described, "/services/{service_code}.{format}", "get", api.get("services/R09"))
    check(described, "/requests.{format}", "get", api.get("requests"))
    check(described, "/requests.{format}", "get", api.get("requests", status="x"))
    check(described, "/requests/{service_request_id}.{format}", "get", api.get(f"requests/{story[0]}"))
    check(described, "/requests/{service_request_id}.{format}", "get", api.get("requests/0"))
    check(described, "/requests.{format}", "post", sent)
    check(described, "/requests.{format}", "post", api.post(service_code="R09"))
    check(described, "/requests.{format}", "post", api.post(service_code="R09", api_key="wrong"))
    code = re.search(r"código, (\w+ \w+)", sent.content[0]["service_notice"])
    assert code
    check(described, "/tokens/{token}.{format}", "get", api.get(f"tokens/{code[1].replace(' ', '')}"))
    check(described, "/discovery.{format}", "get", api.get("discovery"))


@pytest.mark.parametrize("format", ["xml", "json"])
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("services", "/open311/v2/services.{}?jurisdiction_id=quillota"),
        ("service_definition", "/open311/v2/services/R09.{}?jurisdiction_id=quillota"),
        ("service_requests", "/open311/v2/requests.{}?jurisdiction_id=quillota"),
        ("errors", "/open311/v2/requests.{}?jurisdiction_id=quillota&status=pending"),
        ("discovery", "/open311/discovery.{}"),
    ],
)
def test_answers_stay_as_they_were_written_down(
    here: Territory, point: ServicePoint, story: list[str], settings: Any, name: str, address: str, format: str
) -> None:
    """Byte for byte, but for the numbers of rows. Whoever changes an answer changes the file knowingly."""
    settings.SITE_URL = "https://mejora.example"
    text = Client().get(address.format(format)).content.decode()
    numbered = {("service_request_id", pk): f"REQUEST{index}" for index, pk in enumerate(story, start=1)}
    numbered["address_id", str(point.pk)] = "POINT"
    marks = r'(service_request_id|address_id)(>|": ")(\d+)'
    text = re.sub(marks, lambda found: f"{found[1]}{found[2]}{numbered[found[1], found[3]]}", text)

    assert text == (GOLDEN / f"{name}.{format}").read_text()
