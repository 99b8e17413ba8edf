"""Figures of the register, and copies of it."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.views.generic import TemplateView, View

from benefits_core import rules
from benefits_core.domain import exports as export_verbs
from benefits_core.exports.attentions import statistics_frame
from benefits_core.forms.attentions import AttentionFilterForm
from benefits_core.forms.statistics import PeriodForm
from benefits_core.models import AttentionExport
from benefits_core.queries.reports import Report, report
from benefits_core.views.places import PlaceMixin
from portal.foundation.cycles.queries import current_cycle
from portal.foundation.files.views import private_download
from portal.foundation.jobs.models import Job
from portal.foundation.people.access import Policy
from portal.foundation.reporting.spreadsheets import csv_response
from portal.foundation.territories.models import Territory, TerritoryLevel

REFRESH_SECONDS = "2"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class StatisticsMixin(PlaceMixin):
    """The subject is a municipality, or a region or the country, that the user oversees."""

    policy = Policy(roles=rules.READERS, rule=rules.can_read_statistics)
    section = "statistics"

    def get_subject(self) -> Territory:
        places = Territory.objects.visible_to(self.request.user).exclude(level=TerritoryLevel.PROVINCE)
        places = places.exclude(level=TerritoryLevel.COMMUNE, has_municipality=False)
        return get_object_or_404(places.select_related("region"), slug=self.kwargs["slug"])  # type: ignore[attr-defined]

    @cached_property
    def form(self) -> PeriodForm:
        return PeriodForm(self.request.GET, today=self.today)

    @cached_property
    def report(self) -> Report:
        return report(self.place, self.form.period())

    def crumbs(self) -> list[tuple[Any, str]]:
        if self.place.has_municipality:
            return super().crumbs()
        return [(gettext("Attentions"), reverse("benefits_core:attention_start"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {} if self.place.has_municipality else {"sections": []}
        return super().get_context_data(**shown | kwargs)


class StatisticsView(StatisticsMixin, TemplateView):
    """Attentions and waits by month, channel, service point (or municipality), matter and outcome."""

    template_name = "benefits_core/attention_statistics.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=self.form, report=self.report, **kwargs)


class StatisticsCsv(StatisticsMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        period = self.report.period
        name = f"atenciones-{self.place.slug}-{period.starts_on:%Y%m}-{period.ends_on:%Y%m}.csv"
        return csv_response(name, statistics_frame(self.report), is_demo=is_demo())


class RequestExport(PlaceMixin, View):
    """Order a copy of what the list's filters show."""

    policy = Policy(roles=rules.READERS, rule=rules.can_read_statistics)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AttentionFilterForm(request.GET, place=self.place, today=self.today)
        format = request.POST.get("format", "")
        if format not in AttentionExport.Format.values:
            raise Http404
        export = export_verbs.request_export(
            territory=self.place,
            wanted=form.wanted().as_data(),
            format=format,
            language=get_language() or "es",
            by=request.user,
            at=timezone.now(),
        )
        return redirect("benefits_core:attention_export", export.pk)


class ExportMixin(PlaceMixin):
    """The subject is a copy that the user asked for; nobody finds another's."""

    policy = Policy(roles=rules.READERS)
    subject: AttentionExport  # type: ignore[assignment]

    def get_subject(self) -> AttentionExport:  # type: ignore[override]
        own = AttentionExport.objects.filter(asked_by=self.request.user).select_related("territory")
        export = get_object_or_404(own, pk=self.kwargs["export_id"])  # type: ignore[attr-defined]
        # Whoever lost the role meanwhile does not find it either.
        if not rules.can_read_statistics(self.request.user, export.territory):
            raise Http404
        return export

    @property
    def place(self) -> Territory:
        return self.subject.territory


class ExportShow(ExportMixin, TemplateView):
    """How far the copy is; asks again by itself until it is there."""

    template_name = "benefits_core/attention_export.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = Job.objects.filter(pk=self.subject.job_id).first()
        return super().get_context_data(export=self.subject, job=job, kept=export_verbs.KEPT.days, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if self.subject.state == AttentionExport.State.QUEUED:
            response["Refresh"] = REFRESH_SECONDS
        response["Cache-Control"] = "private, no-store"
        return response


class ExportDownload(ExportMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        export = self.subject
        if export.state != AttentionExport.State.READY:
            raise Http404
        export_verbs.record_download(export=export, by=request.user, at=timezone.now())
        content_type = XLSX if export.format == AttentionExport.Format.XLSX else "text/csv; charset=utf-8"
        name = f"atenciones-{self.place.slug}-{export.wanted['first']}-{export.wanted['last']}.{export.format}"
        return private_download(export.content, name, content_type)


def is_demo() -> bool:
    """Are the year's data invented?"""
    cycle = current_cycle(timezone.localdate())
    return bool(cycle and cycle.is_demo)
