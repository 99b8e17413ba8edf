"""The surveys of a region or the country, for those who accompany the municipalities."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.reporting.spreadsheets import csv_response
from portal.foundation.screens import PagedList
from portal.foundation.territories.models import Territory, TerritoryLevel
from portal.foundation.ui.context import is_demo
from surveys import rules
from surveys.exports.rounds import territory_frame
from surveys.queries import territory_rounds as reads

SHOWN_LEVELS = (TerritoryLevel.COUNTRY, TerritoryLevel.REGION)


class TerritoryRoundsMixin(PolicyMixin):
    """A region or the country, and one year."""

    policy = Policy(roles=rules.ROUND_WATCHERS, rule=rules.can_watch_rounds)
    subject: Territory

    def get_subject(self) -> Territory:
        """The place that the query names, else the widest that the person has."""
        places = Territory.objects.visible_to(self.request.user).filter(level__in=SHOWN_LEVELS)
        wanted = self.request.GET.get("lugar")
        if wanted:
            return get_object_or_404(places, slug=wanted)
        return get_object_or_404(places.order_by("path")[:1])

    @cached_property
    def years(self) -> list[int]:
        return reads.years_in(self.subject)

    @cached_property
    def year(self) -> int:
        """The year that the query names, else the last with a survey."""
        text = self.request.GET.get("anio", "")
        if not text:
            return self.years[0] if self.years else timezone.localdate().year
        if not (text.isascii() and text.isdigit() and int(text[:5]) in self.years):
            raise Http404
        return int(text)


class TerritoryRounds(TerritoryRoundsMixin, PagedList):
    """State, answers against the target, and what came out; by name, never by what came out."""

    template_name = "surveys/territory_rounds.html"
    context_object_name = "rounds"

    def get_queryset(self) -> Any:
        return reads.rounds_in(self.subject, self.year)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = reads.overview(self.subject, self.year)
        context = super().get_context_data(
            place=self.subject,
            is_country=self.subject.level == TerritoryLevel.COUNTRY,
            year=self.year,
            years=self.years,
            overview=found,
            crumbs=[(_("Surveys"), reverse("surveys:round_list"))],
            **kwargs,
        )
        return context | {"rows": reads.rows(context["rounds"], found.outcomes)}


class TerritoryRoundsCsv(TerritoryRoundsMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = reads.overview(self.subject, self.year)
        frame = territory_frame(reads.rows(reads.rounds_in(self.subject, self.year), found.outcomes))
        return csv_response(f"encuestas-{self.subject.slug}-{self.year}.csv", frame, is_demo=is_demo())
