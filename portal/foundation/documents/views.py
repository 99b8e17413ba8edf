"""Waiting for a report, and taking it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import TemplateView, View

from portal.foundation.documents import registry
from portal.foundation.documents.domain import record_download
from portal.foundation.documents.models import Document, DocumentState
from portal.foundation.documents.rules import can_read_document
from portal.foundation.files.views import private_download
from portal.foundation.people.access import PUBLIC, PolicyMixin

REFRESH_SECONDS = "2"


class DocumentMixin(PolicyMixin):
    """Public, because some kinds are; each document's kind says who reads it. Others do not find it."""

    policy = PUBLIC
    subject: Document

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            if request.user.is_authenticated:
                raise
            # Whoever was signed out while waiting comes back; whether there is a document is not told.
            return redirect_to_login(request.get_full_path())

    def get_subject(self) -> Document:
        found = Document.objects.select_related("territory").defer("data")
        document = get_object_or_404(found, pk=self.kwargs["document_id"])  # type: ignore[attr-defined]
        if not can_read_document(self.request.user, document):
            raise Http404
        return document


class DocumentShow(DocumentMixin, TemplateView):
    """The state of the report; asks again by itself until it is ready."""

    template_name = "documents/document_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kind = registry.get(self.subject.kind)
        return super().get_context_data(document=self.subject, heading=kind.title if kind else "", **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if self.subject.state == DocumentState.QUEUED:
            # A header, not a script: it works without JavaScript.
            response["Refresh"] = REFRESH_SECONDS
        response["Cache-Control"] = "private, no-store"
        return response


class DocumentDownload(DocumentMixin, View):
    def get_subject(self) -> Document:
        document = super().get_subject()
        if document.state != DocumentState.READY:
            raise Http404
        return document

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        record_download(document=self.subject, by=request.user, at=timezone.now())
        return private_download(self.subject.content, self.subject.name, "application/pdf")
