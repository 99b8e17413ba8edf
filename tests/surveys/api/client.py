"""A small client of GeoReport v2, written from the standard alone: it knows nothing of this product."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from django.test import Client

FORM = "application/x-www-form-urlencoded; charset=utf-8"
TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
# Elements that hold a list, by the standard's tables (marked ⇊ there).
LISTS = {"services", "service_requests", "attributes", "values", "errors", "endpoints", "formats"}


@dataclass
class Answer:
    status: int
    content: Any
    headers: dict[str, str]


class GeoReport:
    """Asks one endpoint in one format; the answer comes as Python values, from XML by the Spark convention."""

    def __init__(self, format: str, jurisdiction: str = "", key: str = "", base: str = "/open311/v2") -> None:
        self.format, self.jurisdiction, self.key, self.base = format, jurisdiction, key, base
        self.http = Client(headers={"accept-language": "es"})

    def get(self, resource: str, **arguments: str) -> Answer:
        if self.jurisdiction:
            arguments = {"jurisdiction_id": self.jurisdiction, **arguments}
        return self._read(self.http.get(f"{self.base}/{resource}.{self.format}", arguments))

    def post(self, headers: dict[str, str] | None = None, **fields: Any) -> Answer:
        given = {"api_key": self.key, "jurisdiction_id": self.jurisdiction, **fields}
        body = urlencode({name: value for name, value in given.items() if value != ""}, doseq=True)
        return self.post_body(body.encode(), FORM, headers)

    def post_body(self, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> Answer:
        address = f"{self.base}/requests.{self.format}"
        return self._read(self.http.post(address, body, content_type=content_type, headers=headers or {}))

    def _read(self, response: Any) -> Answer:
        assert response["Content-Type"] == TYPES[self.format], response.content[:300]
        text = response.content.decode("utf-8")
        if self.format == "json":
            content = json.loads(text)
        else:
            assert text.startswith('<?xml version="1.0" encoding="utf-8"?>')
            content = from_xml(ElementTree.fromstring(text))  # noqa: S314  our own answer
        return Answer(response.status_code, content, dict(response.items()))


def from_xml(element: ElementTree.Element) -> Any:
    assert not element.attrib, "the standard knows no attributes of elements"
    assert "{" not in element.tag, "the standard knows no namespaces"
    if element.tag in LISTS:
        return [from_xml(child) for child in element]
    if len(element):
        return {child.tag: from_xml(child) for child in element}
    return element.text


def errors(answer: Answer) -> list[tuple[str, str]]:
    """Code and description of each fault that was told."""
    assert all(set(error) == {"code", "description"} for error in answer.content)
    return [(str(error["code"]), error["description"]) for error in answer.content]
