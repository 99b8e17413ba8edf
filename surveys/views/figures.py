"""Figures of complaints: the team's board, the public page, and both as tables."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from portal.foundation.indicators import registry as indicators
from portal.foundation.people.access import PUBLIC, Policy, PolicyMixin
from portal.foundation.people.roles import Role
from portal.foundation.reporting.spreadsheets import csv_response, xlsx_response
from portal.foundation.territories.models import Territory, TerritoryLevel
from portal.foundation.ui.context import is_demo
from surveys import rules
from surveys.exports import complaints as exports
from surveys.queries import figures as reads
from surveys.queries.public import public_figures
from surveys.queries.services import services

READS = Policy(roles=rules.STATISTICS_READERS)


class FiguresMixin(PolicyMixin):
    """One place that the person may see, and one year."""

    policy = Policy(roles=rules.STATISTICS_READERS, rule=rules.can_read_statistics)
    subject: Territory
    kwargs: dict[str, Any]

    def get_subject(self) -> Territory:
        """The place that the query names, else the widest that the person has."""
        places = Territory.objects.visible_to(self.request.user).exclude(level=TerritoryLevel.PROVINCE)
        wanted = self.request.GET.get("lugar")
        if wanted:
            return get_object_or_404(places, slug=wanted)
        return get_object_or_404(places.order_by("path")[:1])

    @property
    def year(self) -> int:
        return _year(self.request, timezone.localdate().year)


class FiguresView(FiguresMixin, TemplateView):
    """How many, how fast, how well, why; beside the services and the channels, never as a race."""

    template_name = "surveys/figures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        place, today = self.subject, timezone.localdate()
        period = reads.year_of(self.year)
        served = services([place], period)
        below = self._below() if place.level != TerritoryLevel.COMMUNE else []
        cohort = reads.cohort(place, period, today)
        return super().get_context_data(
            place=place,
            year=self.year,
            years=reads.years_with_complaints(place, today),
            figures=cohort.figures(services=served.get(place.pk, 0)),
            agreement=cohort.agreement(),
            municipalities=cohort.by_municipality(below),
            lines=self._measured("surveys.causes_with_line", place, period),
            days_to_line=self._measured("surveys.days_to_line", place, period),
            reviews=place.level == TerritoryLevel.COMMUNE,
            crumbs=_crumbs(self.request.user),
            **kwargs,
        )

    def _below(self) -> list[Territory]:
        return list(Territory.objects.within(self.subject).municipalities().order_by("search_name"))

    @staticmethod
    def _measured(key: str, place: Territory, period: Any) -> Any:
        """What a module above measures of the causes, where it is there."""
        known = indicators.get(key)
        found = known.measure(territories=[place], period=period, audience="staff") if known else []
        return found[0] if found and found[0].denominator else None


class FiguresCsv(FiguresMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        period = reads.year_of(self.year)
        frame = exports.figures_frame(reads.cohort(self.subject, period, timezone.localdate()).figures())
        return csv_response(f"reclamos-{self.subject.slug}-{self.year}.csv", frame, is_demo=is_demo())


class FiguresSpreadsheet(FiguresMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        period = reads.year_of(self.year)
        frame = exports.figures_frame(reads.cohort(self.subject, period, timezone.localdate()).figures())
        name = f"reclamos-{self.subject.slug}-{self.year}.xlsx"
        return xlsx_response(name, {exports.inbox_title(): frame}, is_demo=is_demo())


class PublicMixin(PolicyMixin):
    """A municipality and a year, for everybody; few cases are not shown."""

    policy = PUBLIC
    subject: Territory

    def get_subject(self) -> Territory:
        return get_object_or_404(Territory.objects.municipalities(), slug=self.kwargs["slug"])

    @property
    def year(self) -> int:
        return _year(self.request, timezone.localdate().year)

    def found(self) -> Any:
        place, period = self.subject, reads.year_of(self.year)
        served = services([place], period).get(place.pk, 0)
        return public_figures(reads.cohort(place, period, timezone.localdate()).figures(services=served))


class PublicFiguresView(PublicMixin, TemplateView):
    template_name = "surveys/figures_public.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            municipality=self.subject,
            year=self.year,
            years=reads.years_with_complaints(self.subject, timezone.localdate()),
            figures=self.found(),
            **kwargs,
        )


class PublicFiguresCsv(PublicMixin, View):
    """Open data: the same cells, with the same ones hidden."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        frame = exports.public_frame(self.subject, self.year, self.found())
        return csv_response(f"reclamos-{self.subject.slug}-{self.year}.csv", frame, is_demo=is_demo())


def _year(request: HttpRequest, current: int) -> int:
    text = request.GET.get("anio", "")
    if not text:
        return current
    if not (text.isascii() and text.isdigit() and 2000 <= int(text[:5]) <= current):
        raise Http404
    return int(text)


def _crumbs(user: Any) -> list[tuple[Any, str]]:
    reads_cases = user.scope.has(*rules.READERS) and not user.scope.has(Role.NATIONAL_TEAM)
    return [(_("Complaints and suggestions"), reverse("surveys:inbox"))] if reads_cases else []
