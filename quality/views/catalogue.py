"""Reading the catalogue: everybody may, and always sees how far its texts can be trusted."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal.foundation.cycles.queries import current_cycle
from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import Indicator, Measurement, Period
from portal.foundation.people.access import PUBLIC, PolicyMixin
from portal.foundation.people.roles import MUNICIPAL_ROLES
from portal.foundation.reporting.spreadsheets import xlsx_response
from portal.foundation.territories.models import Territory
from quality import frameworks
from quality.exports.catalogue import catalogue_frames, catalogue_yaml
from quality.forms.catalogue import CatalogueFilterForm
from quality.models import CatalogueVersion, Standard
from quality.queries import catalogue


class CatalogueMixin(PolicyMixin):
    """The edition asked for by ``?version=``, else the last one; None before any is loaded."""

    policy = PUBLIC

    def get_version(self) -> CatalogueVersion | None:
        asked = self.request.GET.get("version")
        if asked:
            return get_object_or_404(CatalogueVersion, version=asked)
        return catalogue.latest_version()


class StandardList(CatalogueMixin, TemplateView):
    template_name = "quality/standard_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.get_version()
        form = CatalogueFilterForm(self.request.GET, version=version)
        groups = catalogue.search(version, form.search())
        return super().get_context_data(
            version=version,
            editions=CatalogueVersion.objects.all(),
            form=form,
            groups=groups,
            found=sum(len(members) for _component, members in groups),
            is_filtered=any(value for name, value in self.request.GET.items() if name != "version"),
            **kwargs,
        )


class StandardDetail(CatalogueMixin, TemplateView):
    template_name = "quality/standard_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.get_version()
        standard = catalogue.standard(version, kwargs["code"])
        if version is None or standard is None:
            raise Http404
        scale = version.meta["scale"]
        names = {entry["value"]: entry for entry in scale["levels"]}
        return super().get_context_data(
            version=version,
            standard=standard,
            levels=[
                {
                    **level,
                    "name": names[level["value"]]["name"],
                    "is_met": level["value"] == scale["met_at"],
                    "is_consolidated": level["value"] == scale["consolidated_at"],
                }
                for level in standard.levels
            ],
            frameworks=frameworks.in_words(standard.frameworks, version.meta["frameworks"]),
            document=frameworks.document_in_words(standard.source),
            categories=version.complaint_categories.filter(code__in=standard.complaint_categories),
            measured=self._measured(standard),
            neighbors=_neighbors(version, standard),
            crumbs=[(_("Standards"), reverse("quality:catalogue"))],
            **kwargs,
        )

    def _measured(self, standard: Standard) -> list[tuple[Indicator, Measurement | None]]:
        """The standard's indicators, measured in the reader's own municipality where there is one."""
        indicators = registry.for_standard(standard.code, standard.indicator_keys)
        today = timezone.localdate()
        municipality, cycle = (self._own_municipality(), current_cycle(today)) if indicators else (None, None)
        if municipality is None or cycle is None or not cycle.has_begun(today):
            return [(indicator, None) for indicator in indicators]
        period = Period(cycle.starts_on, min(cycle.ends_on, today))
        return [
            (
                indicator,
                indicator.measure(territories=[municipality], period=period, audience="staff", subject=standard)[0],
            )
            for indicator in indicators
        ]

    def _own_municipality(self) -> Territory | None:
        user = self.request.user
        if not user.is_authenticated or not user.scope.has(*MUNICIPAL_ROLES):
            return None
        return Territory.objects.municipalities().visible_to(user).first()


class CatalogueYaml(CatalogueMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.get_version()
        if version is None:
            raise Http404
        response = HttpResponse(catalogue_yaml(version), content_type="application/yaml")
        response["Content-Disposition"] = f'attachment; filename="catalogo-{version.version}.yaml"'
        return response


class CatalogueSpreadsheet(CatalogueMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        version = self.get_version()
        if version is None:
            raise Http404
        return xlsx_response(f"catalogo-{version.version}.xlsx", catalogue_frames(version), is_demo=False)


def _neighbors(version: CatalogueVersion, standard: Standard) -> dict[str, Standard | None]:
    """The standards before and after, in the order of their numbers."""
    others = version.standards.only("code", "name", "number")
    return {
        "before": others.filter(number__lt=standard.number).last(),
        "after": others.filter(number__gt=standard.number).first(),
    }
