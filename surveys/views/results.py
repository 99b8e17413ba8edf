"""The survey's results, for everybody."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.generic import TemplateView, View

from portal.foundation.documents.domain import request_document
from portal.foundation.people.access import PUBLIC, PolicyMixin
from portal.foundation.reporting.spreadsheets import csv_response
from portal.foundation.territories.models import Territory
from portal.foundation.ui.context import is_demo
from surveys.documents.rounds import KIND
from surveys.exports.rounds import dictionary, dictionary_frame, public_frame
from surveys.models import Round
from surveys.queries.results import results
from surveys.queries.rounds import published_round, published_years


class MunicipalityMixin(PolicyMixin):
    """The municipality that the address names, for everybody."""

    policy = PUBLIC
    subject: Territory
    kwargs: dict[str, Any]

    def get_subject(self) -> Territory:
        return get_object_or_404(Territory.objects.municipalities(), slug=self.kwargs["slug"])


class MethodView(PolicyMixin, TemplateView):
    """How every figure of the survey is worked out, in plain words."""

    policy = PUBLIC
    template_name = "surveys/method.html"


class DictionaryView(PolicyMixin, TemplateView):
    """What each column of the open data is, in both languages."""

    policy = PUBLIC
    template_name = "surveys/dictionary.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(columns=dictionary(), **kwargs)


class DictionaryCsv(PolicyMixin, View):
    """The same as a file. It describes data and holds none, so that it is never marked as invented."""

    policy = PUBLIC

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return csv_response("encuesta-columnas.csv", dictionary_frame(), is_demo=False)


class LatestResultsView(MunicipalityMixin, TemplateView):
    """Leads to the last survey that was worked out; where there is none yet, says so."""

    template_name = "surveys/results_none.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        years = published_years(self.subject)
        if years:
            return redirect("surveys:public_results", self.subject.slug, years[0])
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(municipality=self.subject, **kwargs)


class PublicResultsMixin(MunicipalityMixin):
    """A municipality and a year whose survey is closed and worked out; few answers are not shown."""

    def round(self) -> Round:
        found = published_round(self.subject, self.kwargs["year"])
        if found is None:
            raise Http404
        return found


class PublicResultsView(PublicResultsMixin, TemplateView):
    template_name = "surveys/results_public.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        round = self.round()
        return super().get_context_data(
            municipality=self.subject,
            round=round,
            results=results(round, public=True),
            years=published_years(self.subject),
            **kwargs,
        )


class PublicResultsCsv(PublicResultsMixin, View):
    """Open data: the same figures, with the same ones hidden."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        round = self.round()
        name = f"encuesta-{self.subject.slug}-{round.cycle.year}.csv"
        return csv_response(name, public_frame(results(round, public=True)), is_demo=is_demo())


class PublicResultsReport(PublicResultsMixin, View):
    """Asks for the report as PDF, and leads to the page that waits for it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        document = request_document(
            kind=KIND, subject=self.round(), language=get_language() or "es", by=request.user, at=timezone.now()
        )
        return redirect("documents:show", document.pk)
