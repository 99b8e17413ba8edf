"""Handing a private file to somebody who may see it."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import View

from portal.foundation.files.domain import record_download
from portal.foundation.files.models import StoredFile
from portal.foundation.people.access import SIGNED_IN, PolicyMixin


class FileDownload(PolicyMixin, View):
    """Always as a download, never shown in the page's own origin."""

    policy = SIGNED_IN
    subject: StoredFile

    def get_subject(self) -> StoredFile:
        visible = StoredFile.objects.visible_to(self.request.user).select_related("territory")
        return get_object_or_404(visible, pk=self.kwargs["file_id"])

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> FileResponse:
        record_download(file=self.subject, by=request.user, at=timezone.now())
        return private_download(self.subject.content, self.subject.name, self.subject.content_type)


def private_download(content: FieldFile, name: str, content_type: str) -> FileResponse:
    """The response with a file's bytes and the headers that keep them from running or lingering."""
    response = FileResponse(content.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
