"""XML and JSON as GeoReport v2 wants them: one tree, written in two ways (the Spark convention)."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpResponse

# What a list is made of; in JSON the list stands alone.
ITEMS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
# What XML 1.0 cannot hold in any spelling; a parser would refuse the whole document.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def respond(name: str, content: Any, format: str, status: int = 200) -> HttpResponse:
    """The answer ``name`` (``"services"``, ``"service_definition"``, …), a list or a mapping."""
    body = to_json(content) if format == "json" else to_xml(name, content)
    response = HttpResponse(body, content_type=TYPES[format], status=status)
    response["X-Content-Type-Options"] = "nosniff"
    # No cookie takes part in it, so that any page may read it.
    response["Access-Control-Allow-Origin"] = "*"
    return response


def to_json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False)


def to_xml(name: str, content: Any) -> str:
    return f"{DECLARATION}{_element(name, content)}\n"


def _element(name: str, content: Any) -> str:
    if content is None or content == "":
        return f"<{name}/>"
    if isinstance(content, list):
        inner = "".join(_element(ITEMS[name], item) for item in content)
    elif isinstance(content, dict):
        inner = "".join(_element(key, value) for key, value in content.items())
    elif isinstance(content, bool):
        inner = "true" if content else "false"
    else:
        # A carriage return written plainly would be read as a line feed.
        inner = escape(_NOT_XML.sub("", str(content)), {"\r": "&#13;"})
    return f"<{name}>{inner}</{name}>"
