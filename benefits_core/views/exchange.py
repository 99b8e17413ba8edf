"""A procedure to take away: as data for other systems, and as a sheet to print."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.generic import View

from benefits_core.documents.procedures import LOCAL_SHEET, SHEET
from benefits_core.exports.procedures import procedure_json, procedure_yaml
from benefits_core.models import ProcedureVersion
from benefits_core.queries.terms import own_terms
from benefits_core.views.procedures import VersionPage
from benefits_core.views.screens import VersionMixin
from portal.foundation.documents.domain import request_document


def _file(version: ProcedureVersion, content: bytes, ending: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    name = f"{version.procedure.key}-v{version.number}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class ProcedureJson(VersionPage):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _file(self.version, procedure_json(self.version), "json", "application/json")


class ProcedureYaml(VersionPage):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _file(self.version, procedure_yaml(self.version), "yaml", "application/yaml")


class DraftJson(VersionMixin, View):
    """For staff, whatever the state."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _file(self.version, procedure_json(self.version), "json", "application/json")


class DraftYaml(VersionMixin, View):
    """For staff, whatever the state."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _file(self.version, procedure_yaml(self.version), "yaml", "application/yaml")


class ProcedureSheet(VersionPage):
    """Asks for the sheet as a PDF; with the municipality's own terms where it has any."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        own = own_terms(self.procedure, self.municipality, self.today) if self.version.is_current(self.today) else None
        document = request_document(
            kind=LOCAL_SHEET.key if own and own.terms else SHEET.key,
            subject=own.terms if own and own.terms else self.version,
            language=get_language() or "es",
            by=request.user,
            at=timezone.now(),
        )
        return redirect("documents:show", document.pk)
