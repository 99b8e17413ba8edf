"""What test_access.py expects of Open311 and of the pages around it. See access_samples.py."""

from __future__ import annotations

from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from tests.factories import complaints, open311
from tests.foundation.access_kit import EVERYBODY, LEADS_TEAM, NOBODY, Expect, Sample

KEEPS_KEYS: frozenset[str] = frozenset({Role.NATIONAL_TEAM})


def services(here: Territory) -> Sample:
    complaints.category()
    return Sample({"format": "xml"}, query=f"?jurisdiction_id={here.slug}")


def a_service(here: Territory) -> Sample:
    complaints.category()
    return Sample({"code": "R09", "format": "json"}, query=f"?jurisdiction_id={here.slug}")


def a_request(here: Territory) -> Sample:
    made = complaints.complaint(here)
    return Sample({"number": made.pk, "format": "json"}, query=f"?jurisdiction_id={here.slug}")


def a_token(here: Territory) -> Sample:
    made = open311.sent(here).complaint
    return Sample({"token": made.code, "format": "xml"}, query=f"?jurisdiction_id={here.slug}")


def a_format(here: Territory) -> Sample:
    return Sample({"format": "xml"})


def no_address(here: Territory) -> Sample:
    return Sample({"rest": "v2/nothing.xml"})


def a_key(here: Territory) -> Sample:
    return Sample({"pk": open311.issued_key("Aplicación reservada").key.pk}, ("Aplicación reservada",))


def a_complaint(here: Territory) -> Sample:
    return Sample({"pk": complaints.complaint(here).pk}, (complaints.TEXT,))


OPEN311: dict[str, Expect] = {
    "open311:discovery": Expect(EVERYBODY, a_format, anywhere=True),
    "open311:discovery_v2": Expect(EVERYBODY, a_format, anywhere=True),
    "open311:openapi": Expect(EVERYBODY),
    "open311:services": Expect(EVERYBODY, services, anywhere=True),
    "open311:definition": Expect(EVERYBODY, a_service, anywhere=True),
    "open311:requests": Expect(EVERYBODY, services, anywhere=True),
    "open311:request": Expect(EVERYBODY, a_request, anywhere=True),
    "open311:token": Expect(EVERYBODY, a_token, anywhere=True),
    "open311:nothing": Expect(NOBODY, no_address),
    "surveys:open311": Expect(EVERYBODY),
    "surveys:service_points": Expect(EVERYBODY),
    "surveys:api_keys": Expect(KEEPS_KEYS),
    "surveys:api_key_issue": Expect(KEEPS_KEYS),
    "surveys:api_key_revoke": Expect(KEEPS_KEYS, a_key),
    "surveys:complaint_public_text": Expect(LEADS_TEAM, a_complaint),
    "surveys:complaint_text_back": Expect(LEADS_TEAM, a_complaint),
}
