"""The heatmap: regional and national teams read theirs; a municipal team reads its own row."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal.dashboards import exports
from portal.dashboards.forms.heatmap import COUNTRY, HeatmapFilterForm
from portal.dashboards.queries.heatmap import Heatmap, heatmap, regions_of, stages_of
from portal.foundation.cycles.models import Cycle
from portal.foundation.cycles.queries import current_cycle
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.roles import NATIONAL_ROLES, STAFF_ROLES
from portal.foundation.reporting.spreadsheets import csv_response, xlsx_response
from portal.foundation.territories.models import Territory
from quality.enums import Series
from quality.models import CatalogueVersion
from quality.queries import catalogue
from quality.queries.gaps import DISTRIBUTION_MINIMUM, distribution

# Addresses and names of files have one set of words, the Spanish ones.
SERIES_IN_FILES = {Series.SELF_ASSESSED: "autodiagnostico", Series.VERIFIED: "verificado"}
MEASURES_IN_FILES = {"level": "nivel", "gap": "brecha", "change": "cambio"}
# A page keeps to 2,000 elements: beyond this many cells they carry no link of their own.
MOST_LINKED_CELLS = 700


class HeatmapMixin(PolicyMixin):
    """Reads the filters and loads what the user may see of the territory asked for."""

    policy = Policy(roles=STAFF_ROLES)

    @cached_property
    def form(self) -> HeatmapFilterForm:
        cycle = current_cycle(timezone.localdate())
        version = catalogue.version_for(cycle) if cycle else None
        return HeatmapFilterForm(
            self.request.GET,
            regions=regions_of(self.request.user),
            # The cycle that is shown unless another is chosen comes first, as a list of choices begins.
            cycles=sorted(Cycle.objects.order_by("-year"), key=lambda each: each != cycle),
            components=list(version.components.all()) if version else [],
            whole_country=self.is_national,
        )

    @cached_property
    def is_national(self) -> bool:
        return self.request.user.scope.has(*NATIONAL_ROLES)

    @cached_property
    def cycle(self) -> Cycle | None:
        """The cycle asked for, else that of today, else the last."""
        chosen = self.form.cycles.get(self.form.chosen("ciclo"))
        return chosen or current_cycle(timezone.localdate()) or next(iter(self.form.cycles.values()), None)

    @cached_property
    def territory(self) -> Territory | None:
        """The region shown; None for the country, or for a municipal team's own municipalities."""
        regions = self.form.regions
        asked = self.request.GET.get("region", "")
        if asked and asked != COUNTRY and asked not in regions:
            raise Http404
        if asked in regions:
            return regions[asked]
        return next(iter(regions.values()), None) if not self.is_national else None

    @cached_property
    def version(self) -> CatalogueVersion | None:
        return catalogue.version_for(self.cycle) if self.cycle else None

    @property
    def is_municipal(self) -> bool:
        return not self.form.regions

    @cached_property
    def heatmap(self) -> Heatmap | None:
        if self.cycle is None:
            return None
        return heatmap(
            territory=self.territory,
            wanted=self.form.wanted(self.cycle),
            user=self.request.user,
            on=timezone.localdate(),
        )

    def title(self, found: Heatmap) -> str:
        place = self.territory.name if self.territory else _("Chile") if self.form.regions else _("Own municipality")
        wanted = found.wanted
        return " · ".join(
            (place, str(wanted.cycle), str(Series(wanted.series).label), exports.measure_label(wanted.measure))
        )

    def file_name(self, found: Heatmap, ending: str) -> str:
        """Says all that tells one map from another: it is found later, without its address."""
        place = self.territory.slug if self.territory else "pais" if self.form.regions else "municipalidad"
        wanted = found.wanted
        words = (SERIES_IN_FILES[wanted.series], MEASURES_IN_FILES[wanted.measure])
        return f"mapa-{place}-{wanted.cycle.year}-{'-'.join(words)}.{ending}"


class HeatmapView(HeatmapMixin, TemplateView):
    template_name = "dashboards/heatmap.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.heatmap
        return super().get_context_data(
            heatmap=found,
            version=self.version,
            facts=exports.facts(found) if found else [],
            cycle=self.cycle,
            territory=self.territory,
            form=self.form,
            is_filtered=any(self.request.GET.values()),
            is_municipal=self.is_municipal,
            is_country=self.territory is None and not self.is_municipal,
            regions=self._regions(found),
            with_links=found is not None and self._data_cells(found) <= MOST_LINKED_CELLS,
            distribution=self._distribution(found),
            minimum=DISTRIBUTION_MINIMUM,
            query=self.request.GET.urlencode(),
            **kwargs,
        )

    def _regions(self, found: Heatmap | None) -> list[dict[str, Any]]:
        """For the country: each region with its rows by stage."""
        if found is None or self.territory is not None or self.is_municipal:
            return []
        return [
            {"region": region, "stages": stages_of(rows), "rows": len(rows), "with_data": sum(r.has_data for r in rows)}
            for region, rows in found.by_region()
        ]

    @staticmethod
    def _data_cells(found: Heatmap) -> int:
        return found.with_data * len(found.standards)

    def _distribution(self, found: Heatmap | None) -> list[dict[str, Any]]:
        """For a municipal team: each standard's own level beside the region's anonymous counts."""
        if found is None or not self.is_municipal or not found.rows:
            return []
        own = found.rows[0]
        region = own.municipality.region
        if region is None:
            return []
        counts = distribution(region=region, cycle=found.wanted.cycle, series=found.wanted.series)
        return [
            {
                "standard": standard,
                "own": cell.level if cell else None,
                "not_applicable": cell is not None and cell.level is None,
                "counts": [counts[standard.pk].get(level, 0) for level in (0, 1, 2, 3, None)],
            }
            for standard, cell in zip(found.standards, own.cells, strict=True)
            if standard.pk in counts
        ]


class HeatmapFile(HeatmapMixin, View):
    """A file of what the filters ask for; back to the map where that is nothing."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = self.heatmap
        if found is None or not found.rows or not found.standards:
            return redirect("dashboards:heatmap")
        return self.file(found)

    def file(self, found: Heatmap) -> HttpResponseBase:
        raise NotImplementedError


class HeatmapCsv(HeatmapFile):
    def file(self, found: Heatmap) -> HttpResponseBase:
        return csv_response(self.file_name(found, "csv"), exports.frame(found), is_demo=found.wanted.cycle.is_demo)


class HeatmapSpreadsheet(HeatmapFile):
    def file(self, found: Heatmap) -> HttpResponseBase:
        sheets = {_("Heatmap"): exports.frame(found), _("About"): exports.about(found, self.version)}
        return xlsx_response(self.file_name(found, "xlsx"), sheets, is_demo=found.wanted.cycle.is_demo)


class HeatmapPicture(HeatmapFile):
    """With names and legend, to download."""

    def file(self, found: Heatmap) -> HttpResponseBase:
        title = self.title(found)
        if found.wanted.cycle.is_demo:
            title = " · ".join((_("DEMONSTRATION DATA"), title))
        response = HttpResponse(exports.picture_png(found, title), content_type="image/png")
        response["Content-Disposition"] = f'attachment; filename="{self.file_name(found, "png")}"'
        response["Cache-Control"] = "private, no-store"
        return response


class HeatmapOverview(HeatmapFile):
    """One pixel a cell, shown enlarged above the tables of the whole country."""

    def file(self, found: Heatmap) -> HttpResponseBase:
        response = HttpResponse(exports.overview_png(found), content_type="image/png")
        response["Cache-Control"] = "private, max-age=60"
        return response
