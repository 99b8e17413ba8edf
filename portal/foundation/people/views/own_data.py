"""«My data»: what is held about the person who is signed in, who looked, a copy, and what he or she asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal.foundation.jobs.models import Job
from portal.foundation.people import privacy
from portal.foundation.people.access import SIGNED_IN, PolicyMixin
from portal.foundation.people.domain import copies, requests
from portal.foundation.people.errors import PeopleError
from portal.foundation.people.forms import DataRequestForm
from portal.foundation.people.models import DataExport, DataRequest
from portal.foundation.people.models.privacy import ExportState
from portal.foundation.people.privacy import Subject
from portal.foundation.people.queries import privacy as reads
from portal.foundation.screens import VerbFormView
from portal.foundation.ui.forms import ConfirmForm

ROWS_A_PAGE = 25
LOOKS_A_PAGE = 50
REFRESH_SECONDS = "5"


class OwnDataMixin(PolicyMixin):
    """Nobody's data but the own: no address of these pages names a person."""

    policy = SIGNED_IN

    @cached_property
    def person(self) -> Subject:
        return reads.subject_of(self.request.user)

    @property
    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("My data"), reverse("privacy:overview"))]


class Overview(OwnDataMixin, TemplateView):
    template_name = "people/own_data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        return super().get_context_data(
            held=reads.held_about(self.person),
            looks=reads.looks_at(self.person).count(),
            copies=reads.exports_of(self.request.user, now)[:5],
            requests=reads.requests_about(self.person)[:20],
            **kwargs,
        )


class HeldRows(OwnDataMixin, TemplateView):
    """The rows of one kind of data."""

    template_name = "people/own_data_rows.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kind = privacy.kind(self.kwargs["key"])
        if kind is None:
            raise Http404
        page = Paginator(kind.of_person(self.person), ROWS_A_PAGE).get_page(self.request.GET.get("pagina"))
        rows = reads.rows_of(kind, page)
        return super().get_context_data(kind=kind, page_obj=page, rows=rows, crumbs=self.crumbs, **kwargs)


class Looks(OwnDataMixin, TemplateView):
    template_name = "people/own_data_looks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(reads.looks_at(self.person), LOOKS_A_PAGE).get_page(self.request.GET.get("pagina"))
        return super().get_context_data(page_obj=page, rows=reads.described_looks(page), crumbs=self.crumbs, **kwargs)


class RequestCopy(OwnDataMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        export = copies.request_copy(
            by=request.user, language=get_language() or settings.LANGUAGE_CODE, at=timezone.now()
        )
        return redirect("privacy:copy", export.pk)


class CopyMixin(OwnDataMixin):
    subject: DataExport

    def get_subject(self) -> DataExport:
        return get_object_or_404(reads.exports_of(self.request.user, timezone.now()), pk=self.kwargs["pk"])  # type: ignore[attr-defined]


class CopyShow(CopyMixin, TemplateView):
    """In preparation, ready or failed; asks again by itself until it is ready."""

    template_name = "people/own_data_copy.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = Job.objects.filter(dedupe_key=f"copy:{self.subject.pk}").first()
        return super().get_context_data(export=self.subject, job=job, crumbs=self.crumbs, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if self.subject.state == ExportState.QUEUED:
            # A header, not a script: it works without JavaScript.
            response["Refresh"] = REFRESH_SECONDS
        response["Cache-Control"] = "private, no-store"
        return response


class CopyDownload(CopyMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            content = copies.take_copy(export=self.subject, by=request.user, at=timezone.now())
        except PeopleError:
            raise Http404 from None
        name = f"{settings.WAGTAIL_SITE_NAME.lower()}-mis-datos.zip"
        response = HttpResponse(content, content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response


class OpenRequest(OwnDataMixin, VerbFormView):
    """Ask to erase, to correct, or to stop a use."""

    refusals = (PeopleError,)
    form_class = DataRequestForm
    heading = gettext_lazy("Ask something about my data")
    lead = gettext_lazy("We answer within 30 days, with reasons. It costs nothing.")
    submit = gettext_lazy("Send")

    def get_initial(self) -> dict[str, Any]:
        return {"kind": self.request.GET.get("para", "")}

    def perform(self, form: Any, at: datetime) -> DataRequest:
        return requests.open_request(subject=self.person, **form.cleaned_data, by=self.request.user, at=at)

    def get_done(self, result: DataRequest) -> str:
        return _("We received your request %(number)s.") % {"number": result.number}

    def target(self, result: DataRequest) -> str:
        return reverse("privacy:own_request", args=[result.pk])

    def back(self) -> str:
        return reverse("privacy:overview")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=self.crumbs, **kwargs)


class OwnRequestMixin(OwnDataMixin):
    subject: DataRequest

    def get_subject(self) -> DataRequest:
        return get_object_or_404(reads.requests_about(self.person), pk=self.kwargs["pk"])  # type: ignore[attr-defined]


class OwnRequestShow(OwnRequestMixin, TemplateView):
    template_name = "people/own_request.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(request_row=self.subject, crumbs=self.crumbs, **kwargs)


class WithdrawRequest(OwnRequestMixin, VerbFormView):
    refusals = (PeopleError,)
    form_class = ConfirmForm
    heading = gettext_lazy("Withdraw my request")
    lead = gettext_lazy("Nobody will go on with it. You can ask again whenever you want.")
    submit = gettext_lazy("Withdraw it")
    done = gettext_lazy("The request was withdrawn.")

    def perform(self, form: Any, at: datetime) -> DataRequest:
        return requests.withdraw_request(request=self.subject, by=self.request.user, at=at)

    def back(self) -> str:
        return reverse("privacy:own_request", args=[self.subject.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=self.crumbs, **kwargs)
