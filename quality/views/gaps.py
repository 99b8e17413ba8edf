"""The gap report of a municipality and cycle, and how each of its numbers came about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal.foundation.cycles.models import Cycle, Participation
from portal.foundation.cycles.queries import current_cycle, known_cycles
from portal.foundation.documents.domain import request_document
from portal.foundation.offers.registry import OfferedAction, offers_on_each
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.roles import STAFF_ROLES
from portal.foundation.reporting.spreadsheets import csv_response, xlsx_response
from portal.foundation.territories.models import Territory
from quality.documents.gaps import KIND_OF
from quality.enums import Series
from quality.exports.gaps import gap_frames, gap_lines_frame
from quality.forms.gaps import GapListForm, asked_series
from quality.queries.gaps import (
    QUERY_VERSION,
    GapCounts,
    GapLine,
    GapReport,
    cycles_with_levels,
    gap_counts,
    gap_report,
)
from quality.sources import sources_of

STAFF = Policy(roles=STAFF_ROLES)


@dataclass(frozen=True)
class GapRow:
    """A gap of the report with the actions that upper modules offer on it."""

    line: GapLine
    offers: list[OfferedAction]


@dataclass(frozen=True)
class MunicipalityRow:
    participation: Participation
    counts: GapCounts | None


class GapList(PolicyMixin, TemplateView):
    """The municipalities whose gaps the reader may see; one's own report where there is only one."""

    policy = STAFF
    template_name = "quality/gap_list.html"

    @cached_property
    def form(self) -> GapListForm:
        return GapListForm(self.request.GET, cycles=known_cycles(), current=current_cycle(timezone.localdate()))

    @property
    def cycle(self) -> Cycle | None:
        return self.form.cycle

    @cached_property
    def participations(self) -> list[Participation]:
        visible = Participation.objects.visible_to(self.request.user).filter(cycle=self.cycle)
        return list(visible.select_related("municipality__region").order_by("stage", "municipality__search_name"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.cycle and len(self.participations) == 1:
            return redirect("quality:gap_report", self.cycle.year, self.participations[0].municipality.slug)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        series = asked_series(self.request.GET)
        municipalities = [participation.municipality for participation in self.participations]
        counts: dict[int, GapCounts] = {}
        if self.cycle:
            counts = gap_counts(municipalities=municipalities, cycle=self.cycle, series=series, user=self.request.user)
        return super().get_context_data(
            form=self.form,
            cycle=self.cycle,
            series=series,
            series_choices=Series.choices,
            rows=[MunicipalityRow(each, counts.get(each.municipality_id)) for each in self.participations],
            **kwargs,
        )


class GapMixin(PolicyMixin):
    """A municipality within the reader's scope, a cycle, and the series asked for."""

    policy = STAFF
    subject: Territory

    def get_subject(self) -> Territory:
        visible = Territory.objects.municipalities().visible_to(self.request.user).select_related("region")
        return get_object_or_404(visible, slug=self.kwargs["municipality"])

    @cached_property
    def cycle(self) -> Cycle:
        return get_object_or_404(Cycle, year=self.kwargs["year"])

    @cached_property
    def series(self) -> str:
        return asked_series(self.request.GET)

    @cached_property
    def report(self) -> GapReport:
        return gap_report(municipality=self.subject, cycle=self.cycle, series=self.series)

    def file_name(self, ending: str) -> str:
        return f"brechas-{self.subject.slug}-{self.cycle.year}.{ending}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The address's own words would hide the objects that they name.
        kwargs.update(report=self.report, cycle=self.cycle, municipality=self.subject, series=self.series)
        return super().get_context_data(**kwargs)  # type: ignore[misc]


class GapReportView(GapMixin, TemplateView):
    template_name = "quality/gap_report.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        lines = self.report.gaps
        offers = offers_on_each("quality.gap", [line.record for line in lines], user)
        rows = [GapRow(line, offered) for line, offered in zip(lines, offers, strict=True)]
        return super().get_context_data(
            series_choices=Series.choices,
            cycles=cycles_with_levels(self.subject),
            rows=rows,
            has_offers=any(row.offers for row in rows),
            takes_part=Participation.objects.filter(municipality=self.subject, cycle=self.cycle).exists(),
            crumbs=[(_("Gaps"), reverse("quality:gap_list"))],
            **kwargs,
        )


class GapTraceView(GapMixin, TemplateView):
    """F-N1: the rows, the version and the query that every number of the report came from."""

    template_name = "quality/gap_trace.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        place = [self.cycle.year, self.subject.slug]
        return super().get_context_data(
            query_version=QUERY_VERSION,
            sources=sources_of(self.report.records),
            crumbs=[
                (_("Gaps"), reverse("quality:gap_list")),
                (str(self.subject), reverse("quality:gap_report", args=place)),
            ],
            **kwargs,
        )


class GapCsv(GapMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return csv_response(self.file_name("csv"), gap_lines_frame(self.report), is_demo=self.report.cycle.is_demo)


class GapSpreadsheet(GapMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return xlsx_response(self.file_name("xlsx"), gap_frames(self.report), is_demo=self.report.cycle.is_demo)


class GapDocument(GapMixin, View):
    """Asks for the PDF of the series shown, and leads to its page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        participations = Participation.objects.select_related("municipality", "cycle")
        participation = participations.filter(municipality=self.subject, cycle=self.cycle).first()
        if participation is None:
            raise Http404
        document = request_document(
            kind=KIND_OF[self.series],
            subject=participation,
            language=get_language() or "es",
            by=request.user,
            at=timezone.now(),
        )
        return redirect("documents:show", document.pk)
