"""Open311 GeoReport v2: the interface by which other applications send complaints and follow them.

Faults are told as the standard has it: 404 for what does not exist, 403 for the key, 400 for the rest,
always with ``errors`` in the format asked for. What is public is decided in ``surveys.queries.open311``.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from portal.foundation.people import limits
from portal.foundation.people.access import PUBLIC, PolicyMixin
from portal.foundation.receipts.keys import normalize_code
from portal.foundation.territories.models import ServicePoint, Territory
from portal.foundation.ui.context import is_demo
from quality.models import ComplaintCategory
from quality.queries.catalogue import latest_version
from surveys.api import definitions, formats, openapi, reading
from surveys.api.reading import ApiRefused
from surveys.domain import open311 as domain
from surveys.domain.complaints import Complained, Received
from surveys.domain.open311 import Place
from surveys.enums import ComplaintChannel
from surveys.errors import SurveysError
from surveys.models import ApiKey
from surveys.queries import open311 as reads

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CACHED_SECONDS = 60
# Whoever has no key yet, or guesses one.
WRONG_KEYS_AN_HOUR = 30
# The button pressed twice, or an application that tries again: one complaint.
SENT_TWICE_WITHIN = timedelta(minutes=10)


class Open311View(PolicyMixin, View):
    """Public: whoever posts is known by the application's key, which is asked for in the form itself."""

    policy = PUBLIC
    http_method_names: ClassVar[list[str]] = ["get", "head", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # The addresses carry no language, so the program's header says it.
        with translation.override(translation.get_language_from_request(request)):
            try:
                response = super().dispatch(request, *args, **kwargs)
            except ApiRefused as refused:
                response = formats.respond("errors", refused.errors, self.format, refused.status)
            else:
                if request.method == "GET":
                    response["Cache-Control"] = f"public, max-age={CACHED_SECONDS}"
        patch_vary_headers(response, ["Accept-Language"])
        return response

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        errors = [{"code": 405, "description": _("This method does nothing here.")}]
        response = formats.respond("errors", errors, self.format, 405)
        response["Allow"] = ", ".join(self._allowed_methods())
        return response

    @property
    def format(self) -> str:
        return str(self.kwargs.get("format", "xml"))

    def territory(self, fields: QueryDict) -> Territory:
        """:raises ApiRefused: no municipality is named, or none has that name."""
        named = fields.get("jurisdiction_id", "").strip()
        if not named:
            raise ApiRefused(400, _("jurisdiction_id was not provided. It is a municipality, such as quillota."))
        found = reads.municipality(named[:140])
        if found is None:
            raise ApiRefused(404, _("jurisdiction_id was not found."))
        return found

    def service(self, code: str) -> ComplaintCategory:
        found = reads.service(code[:10])
        if found is None:
            raise ApiRefused(404, _("service_code was not found."))
        return found


class ServicesView(Open311View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.territory(request.GET)
        return formats.respond("services", [definitions.service(each) for each in reads.services()], self.format)


class DefinitionView(Open311View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        territory = self.territory(request.GET)
        category = self.service(self.kwargs["code"])
        content = definitions.definition(category, territory, _today(territory, timezone.now()))
        return formats.respond("service_definition", content, self.format)


@method_decorator(csrf_exempt, name="dispatch")
class RequestsView(Open311View):
    """Lists what is public, and takes complaints in. No cookie says who posts, so there is none to be abused."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "options", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        territory = self.territory(request.GET)
        wanted = reading.requests_filter(request.GET, territory, _today(territory, timezone.now()))
        page = reading.page(request.GET)
        rows = reads.requests(territory, wanted, page=page.number, page_size=page.size)
        return formats.respond("service_requests", rows, self.format)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        at = timezone.now()
        fields = reading.posted(request)
        key = self._key(fields, at)
        territory = self.territory(fields)
        if key.territory is not None and key.territory.pk != territory.pk:
            raise ApiRefused(403, _("This api_key sends to another municipality only."))
        code = fields.get("service_code", "").strip()
        if not code:
            raise ApiRefused(400, _("service_code was not provided."))
        content, place = self._content(fields, self.service(code), territory, _today(territory, at))
        self._count(key, at)
        try:
            received = domain.receive_from_application(
                key=key,
                territory=territory,
                content=content,
                place=place,
                contact=fields.get("email", "").strip() or fields.get("phone", "").strip(),
                dedupe_key=_dedupe_key(key, fields, request.headers.get("Idempotency-Key", ""), at),
                at=at,
            )
        except SurveysError as refused:
            raise ApiRefused(400, str(refused)) from refused
        answer = {
            "service_request_id": str(received.complaint.pk),
            "service_notice": _notice(received),
            "account_id": None,
        }
        response = formats.respond("service_requests", [answer], self.format, 201 if received.secret else 200)
        response["Cache-Control"] = "no-store"
        return response

    def _key(self, fields: QueryDict, at: datetime) -> ApiKey:
        given = fields.get("api_key", "").strip()
        if not given:
            raise ApiRefused(403, _("api_key was not provided."))
        key = domain.key_with(given)
        if key is None:
            address = limits.client_address(self.request)
            window = timedelta(hours=1)
            if not limits.allow(action="open311.key", address=address, limit=WRONG_KEYS_AN_HOUR, window=window, at=at):
                raise ApiRefused(403, _("Too many wrong keys came from this address. Wait one hour."))
            raise ApiRefused(403, _("api_key is not valid, or was revoked."))
        return key

    def _count(self, key: ApiKey, at: datetime) -> None:
        allowed = limits.allow(
            action="open311.post", address=f"key {key.pk}", limit=key.hourly_limit, window=timedelta(hours=1), at=at
        )
        if not allowed:
            raise ApiRefused(400, _("This api_key sent too many complaints. Wait one hour."), code=429)

    def _content(
        self, fields: QueryDict, category: ComplaintCategory, territory: Territory, today: date
    ) -> tuple[Complained, Place]:
        """:raises ApiRefused: with everything that is wrong."""
        values, faults = definitions.answers(reading.attributes(fields), territory, today)
        point = self._service_point(fields, territory, faults)
        place = _place(fields, faults)
        if not fields.get("description", "").strip():
            faults.append(_("description was not provided. Say what happened."))
        if point is None and place.latitude is None and not place.address and not faults:
            faults.append(_("Say where: lat and long, address_string, or address_id."))
        if faults:
            raise ApiRefused(400, *faults)
        content = Complained(
            channel=ComplaintChannel.OPEN311,
            text=fields["description"],
            category=category,
            service_point=point,
            **values,
        )
        return content, place

    def _service_point(self, fields: QueryDict, territory: Territory, faults: list[str]) -> ServicePoint | None:
        given = fields.get("address_id", "").strip()
        if not given:
            return None
        known = ServicePoint.objects.filter(territory=territory, is_active=True)
        found = known.filter(pk=int(given)).first() if given.isdecimal() and len(given) <= 12 else None
        if found is None:
            faults.append(_("address_id is not a service point of that municipality."))
        return found


class RequestView(Open311View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        territory = self.territory(request.GET)
        number = self.kwargs["number"]
        is_number = number.isdecimal() and len(number) <= reading.NUMBER_DIGITS
        found = reads.request(territory, int(number)) if is_number else None
        if found is None:
            raise ApiRefused(404, _("service_request_id was not found."))
        return formats.respond("service_requests", [found], self.format)


class TokenView(Open311View):
    """The code of the receipt is the token: whoever has it finds the request's number, and nothing else."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        territory = self.territory(request.GET)
        token = self.kwargs["token"]
        found = reads.request_of_code(territory, normalize_code(token))
        if found is None:
            raise ApiRefused(404, _("token was not found."))
        answer = {"service_request_id": str(found), "token": token}
        return formats.respond("service_requests", [answer], self.format)


class DiscoveryView(Open311View):
    """Where the interface is, in which formats, and how to get a key."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = latest_version()
        changed = f"{version.loaded_at:%Y-%m-%d %H:%M}" if version else "2026-01-01 00:00"
        documentation = f"{settings.SITE_URL}{reverse('surveys:open311')}"
        content = {
            "changeset": changed,
            "contact": _("How it works, and whom to ask: %(url)s") % {"url": documentation},
            "key_service": _("The national team gives keys to applications: %(url)s") % {"url": documentation},
            "endpoints": [
                {
                    "specification": SPECIFICATION,
                    "url": f"{settings.SITE_URL}/open311/v2",
                    "changeset": changed,
                    "type": "test" if is_demo() else "production",
                    "formats": ["text/xml", "application/json"],
                }
            ],
        }
        return formats.respond("discovery", content, self.format)


class OpenApiView(Open311View):
    """The same interface, described for programs."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return formats.respond("", openapi.description(f"{settings.SITE_URL}/open311/v2"), "json")


@method_decorator(csrf_exempt, name="dispatch")
class NotFoundView(Open311View):
    """Any other address: told in the format that its end asks for."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "options", "post", "put", "patch", "delete"]

    @property
    def format(self) -> str:
        return "json" if self.request.path.endswith(".json") else "xml"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise ApiRefused(404, _("There is nothing at this address. See discovery.xml."))

    post = put = patch = delete = get


def _today(territory: Territory, at: datetime) -> date:
    return at.astimezone(territory.zone).date()


def _place(fields: QueryDict, faults: list[str]) -> Place:
    point = {}
    for name in ("lat", "long"):
        text = fields.get(name, "").strip()
        point[name] = reading.number(text) if text else None
        if text and point[name] is None:
            faults.append(_("%(name)s is a number in degrees, such as -32.88.") % {"name": name})
    return Place(
        address=fields.get("address_string", "").strip(),
        latitude=point["lat"],
        longitude=point["long"],
        media_url=fields.get("media_url", "").strip(),
    )


def _dedupe_key(key: ApiKey, fields: QueryDict, chosen: str, at: datetime) -> str:
    """What makes two posts one: the application's own key for it, or the same fields within ten minutes."""
    if chosen.strip():
        said = f"chosen:{chosen.strip()}"
    else:
        window = int(at.timestamp()) // int(SENT_TWICE_WITHIN.total_seconds())
        kept = sorted((name, values) for name, values in fields.lists() if name != "api_key")
        said = f"{window}:{kept}"
    return f"open311:{key.pk}:{hashlib.sha256(said.encode()).hexdigest()}"


def _notice(received: Received) -> str:
    """What the application shows to the person: the only moment at which the words are known."""
    code = received.receipt.shown_code
    link = f"{settings.SITE_URL}{reverse('receipts:open')}"
    if not received.secret:
        return _("We have it already, with the code %(code)s. Its four words were in the first answer.") % {
            "code": code
        }
    return _(
        "We have received it. Keep your code, %(code)s, and your four words: %(words)s. "
        "With them you follow it and write to us at %(link)s. We cannot tell you the words again."
    ) % {"code": code, "words": received.secret, "link": link}
