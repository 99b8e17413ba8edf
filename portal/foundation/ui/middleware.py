"""What every request and answer passes: no null bytes; a content security policy, relaxed for the editor alone."""

from __future__ import annotations

from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase


class NullByteMiddleware:
    """Refuses an address with a null byte, which PostgreSQL takes in no text: it would end as an error of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("null byte in the address")
        return self.get_response(request)


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp's header with a second, named policy for the paths of the editor."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith(settings.EDITOR_PREFIXES):
            parts.config = settings.EDITOR_DIRECTIVES
        return parts
