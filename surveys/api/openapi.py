"""The description of the interface in OpenAPI 3.1. It is read by programs, so it speaks English alone."""

from __future__ import annotations

from typing import Any

from surveys.enums import ComplaintAbout, ComplaintKind
from surveys.queries.open311 import CLOSED, MOST_ROWS, OPEN

XML, JSON, FORM = "text/xml", "application/json", "application/x-www-form-urlencoded"

Schema = dict[str, Any]


def description(url: str) -> Schema:
    """The whole document; ``url`` is the address of the interface."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mejora: complaints and suggestions (Open311 GeoReport v2)",
            "version": "2",
            "summary": "Send complaints to a municipality's social services and follow what becomes of them.",
            "description": "The standard: http://wiki.open311.org/GeoReport_v2. Each address exists as .xml and .json; "
            "the schemas describe the JSON, and the XML holds the same. Days are given, not hours. Texts are shown "
            "only where a person of the municipality has masked and published them.",
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": url}],
        "paths": {
            "/services.{format}": {"get": _services()},
            "/services/{service_code}.{format}": {"get": _definition()},
            "/requests.{format}": {"get": _requests(), "post": _post()},
            "/requests/{service_request_id}.{format}": {"get": _request()},
            "/tokens/{token}.{format}": {"get": _token()},
            "/discovery.{format}": {"get": _discovery()},
        },
        "components": {"schemas": _schemas()},
    }


def _services() -> Schema:
    return {
        "operationId": "getServices",
        "summary": "The kinds of complaint",
        "parameters": [_format(), _jurisdiction()],
        "responses": {"200": _answer("Every service", _list("Service")), **_errors("400", "404")},
    }


def _definition() -> Schema:
    return {
        "operationId": "getServiceDefinition",
        "summary": "The questions that a service asks, none of them required",
        "parameters": [_format(), _in_path("service_code", "As given in the list of services"), _jurisdiction()],
        "responses": {"200": _answer("The questions", _ref("ServiceDefinition")), **_errors("400", "404")},
    }


def _requests() -> Schema:
    several = "Several are parted by commas."
    return {
        "operationId": "getRequests",
        "summary": f"What is public, the newest first, at most {MOST_ROWS}",
        "parameters": [
            _format(),
            _jurisdiction(),
            _query("service_request_id", {"type": "string"}, f"Overrides all other arguments. {several}"),
            _query("service_code", {"type": "string"}, several),
            _query("start_date", _time(), "Earliest time; the range is 90 days at most, and the last 90 by default."),
            _query("end_date", _time(), "Latest time"),
            _query("status", {"type": "string", "enum": [OPEN, CLOSED, f"{OPEN},{CLOSED}"]}, "All by default"),
            _query("page", {"type": "integer", "minimum": 1, "default": 1}, "An extension in common use"),
            _query(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": MOST_ROWS},
                "An extension in common use",
            ),
        ],
        "responses": {"200": _answer("What was found", _list("ServiceRequest")), **_errors("400", "404")},
    }


def _post() -> Schema:
    text = {"type": "string"}
    fields = {
        "api_key": {**text, "description": "Given by the national team"},
        "jurisdiction_id": {**text, "description": "A municipality: its name for addresses, or its official code"},
        "service_code": text,
        "description": {**text, "minLength": 1, "maxLength": 4000},
        "address_id": {**text, "description": "Number of a service point; or lat and long; or address_string"},
        "address_string": {**text, "maxLength": 300},
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "long": {"type": "number", "minimum": -180, "maximum": 180},
        "email": {**text, "description": "To be told of the answer; encrypted, and erased 90 days after the end"},
        "phone": {**text, "description": "A mobile number, where no e-mail is given"},
        "media_url": {**text, "maxLength": 500, "description": "Shown to the team as text; never fetched"},
        "first_name": {**text, "description": "Not kept: complaints by this interface are anonymous"},
        "last_name": {**text, "description": "Not kept"},
        "account_id": {**text, "description": "Not kept"},
        "device_id": {**text, "description": "Not kept"},
        "attribute[kind]": {**text, "enum": list(ComplaintKind.values)},
        "attribute[happened_on]": {**text, "description": "A day, or a time with its zone"},
        "attribute[about]": {**text, "enum": list(ComplaintAbout.values)},
        "attribute[preferential]": {**text, "enum": ["true", "false"]},
        "attribute[step]": {**text, "description": "Number of a step, as listed in the service definition"},
    }
    form = {
        "type": "object",
        "properties": fields,
        "required": ["api_key", "jurisdiction_id", "service_code", "description"],
        "anyOf": [{"required": ["address_id"]}, {"required": ["address_string"]}, {"required": ["lat", "long"]}],
    }
    once = "Sent once however often it arrives, where the application gives its own key; else within ten minutes"
    header = {"name": "Idempotency-Key", "in": "header", "schema": text, "description": once}
    return {
        "operationId": "postRequest",
        "summary": "Send a complaint, without a name",
        "description": "service_notice holds the receipt's code and its four words: show them to the person, once. "
        "Nobody can read the words again.",
        "parameters": [_format(), header],
        "requestBody": {"required": True, "content": {FORM: {"schema": form}}},
        "responses": {
            "201": _answer("It was taken in", _list("Created")),
            "200": _answer("It had been sent before", _list("Created")),
            **_errors("400", "403", "404"),
        },
    }


def _request() -> Schema:
    return {
        "operationId": "getRequest",
        "summary": "One request",
        "parameters": [_format(), _in_path("service_request_id", "Its number"), _jurisdiction()],
        "responses": {"200": _answer("The request", _list("ServiceRequest")), **_errors("400", "404")},
    }


def _token() -> Schema:
    return {
        "operationId": "getRequestOfToken",
        "summary": "The number of a request, by the code of its receipt",
        "parameters": [_format(), _in_path("token", "The code of the receipt"), _jurisdiction()],
        "responses": {"200": _answer("Its number", _list("Token")), **_errors("400", "404")},
    }


def _discovery() -> Schema:
    return {
        "operationId": "getDiscovery",
        "summary": "Where the interface is, and how to get a key",
        "parameters": [_format()],
        "responses": {"200": _answer("Service discovery", _ref("Discovery"))},
    }


def _schemas() -> Schema:
    text, maybe = {"type": "string"}, {"type": ["string", "null"]}
    maybe_time = {"type": ["string", "null"], "format": "date-time"}
    nothing = {"type": "null"}
    return {
        "Service": _object(
            service_code=text,
            service_name=text,
            description=text,
            metadata={"type": "boolean"},
            type={"const": "realtime"},
            keywords=text,
            group=text,
        ),
        "ServiceDefinition": _object(
            service_code=text, attributes={"type": "array", "items": {"$ref": "#/components/schemas/Attribute"}}
        ),
        "Attribute": {
            **_object(
                variable={"type": "boolean"},
                code=text,
                datatype={"enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]},
                required={"type": "boolean"},
                datatype_description=maybe,
                order={"type": "integer", "minimum": 1},
                description=text,
                values={"type": "array", "items": _object(key=text, name=text)},
            ),
            "required": ["variable", "code", "datatype", "required", "datatype_description", "order", "description"],
        },
        "ServiceRequest": _object(
            service_request_id=text,
            status={"enum": [OPEN, CLOSED]},
            status_notes=text,
            service_name=text,
            service_code=text,
            description={"type": ["string", "null"], "maxLength": 4000},
            agency_responsible=text,
            service_notice=maybe,
            requested_datetime=_time(),
            updated_datetime=_time(),
            expected_datetime=maybe_time,
            address=maybe,
            address_id=maybe,
            zipcode=nothing,
            lat=nothing,
            long=nothing,
            media_url=nothing,
        ),
        "Created": _object(service_request_id=text, service_notice=text, account_id=nothing),
        "Token": _object(service_request_id=text, token=text),
        "Discovery": _object(
            changeset=text,
            contact=text,
            key_service=text,
            endpoints={
                "type": "array",
                "items": _object(
                    specification=text,
                    url=text,
                    changeset=text,
                    type={"enum": ["production", "test"]},
                    formats={"type": "array", "items": text},
                ),
            },
        ),
        "Error": _object(code={"type": "integer"}, description=text),
    }


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


def _time() -> Schema:
    return {"type": "string", "format": "date-time"}


def _answer(text: str, schema: Schema) -> Schema:
    return {"description": text, "content": {JSON: {"schema": schema}, XML: {"schema": {"type": "string"}}}}


def _errors(*statuses: str) -> Schema:
    why = {"400": "What is wrong is said", "403": "The key is missing, wrong or revoked", "404": "It does not exist"}
    return {status: _answer(why[status], _list("Error")) for status in statuses}


def _format() -> Schema:
    return {"name": "format", "in": "path", "required": True, "schema": {"enum": ["xml", "json"]}}


def _jurisdiction() -> Schema:
    return {**_query("jurisdiction_id", {"type": "string"}, "A municipality"), "required": True}


def _query(name: str, schema: Schema, text: str) -> Schema:
    return {"name": name, "in": "query", "schema": schema, "description": text}


def _in_path(name: str, text: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "description": text}
