"""Choosing what the heatmap shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.dashboards.queries.heatmap import Wanted
from portal.foundation.cycles.models import Cycle, Stage
from portal.foundation.territories.models import Territory
from portal.foundation.ui.forms import UIFilterForm
from quality.enums import Series
from quality.models import Component

COUNTRY = "pais"
MEASURES = [("level", _("Level")), ("gap", _("Gap to “met”")), ("change", _("Change since the baseline"))]
SUBSETS = [("critical", _("Critical")), ("transparency", _("Transparency"))]
EVERYBODY = "todas"


class HeatmapFilterForm(UIFilterForm):
    """Every choice has a default, so an empty address is a whole question."""

    region = forms.ChoiceField(label=_("Territory"), required=False)
    ciclo = forms.ChoiceField(label=_("Cycle"), required=False)
    medida = forms.ChoiceField(label=_("What each cell shows"), choices=MEASURES, required=False)
    serie = forms.ChoiceField(label=_("Series"), choices=Series.choices, required=False)
    etapa = forms.ChoiceField(label=_("Stage"), choices=[("", _("All stages")), *Stage.choices], required=False)
    componente = forms.ChoiceField(label=_("Component"), required=False)
    solo = forms.ChoiceField(label=_("Standards"), choices=[("", _("All")), *SUBSETS], required=False)
    municipios = forms.ChoiceField(
        label=_("Municipalities"),
        choices=[("", _("Taking part in the cycle")), (EVERYBODY, _("All municipalities"))],
        required=False,
    )

    def __init__(
        self,
        data: Any,
        *,
        regions: Sequence[Territory],
        cycles: Sequence[Cycle],
        components: Sequence[Component],
        whole_country: bool,
    ) -> None:
        super().__init__(data)
        self.regions = {region.code: region for region in regions}
        self.cycles = {str(cycle.year): cycle for cycle in cycles}
        country = [(COUNTRY, _("Whole country"))] if whole_country else []
        self._offer("region", [*country, *((region.code, region.name) for region in regions)])
        self._offer("ciclo", [(year, str(cycle)) for year, cycle in self.cycles.items()])
        self._offer("componente", [("", _("All")), *((row.code, str(row)) for row in components)])
        if len(self.fields["region"].choices) < 2:  # type: ignore[attr-defined]
            del self.fields["region"]
        if len(self.cycles) < 2:
            del self.fields["ciclo"]
        self.is_valid()

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def chosen(self, name: str, default: str = "") -> str:
        """The valid choice of a field; what is not valid counts as not chosen."""
        return self.cleaned_data.get(name) or default

    def wanted(self, cycle: Cycle) -> Wanted:
        return Wanted(
            cycle=cycle,
            series=self.chosen("serie", Series.SELF_ASSESSED),
            measure=self.chosen("medida", "level"),
            stage=self.chosen("etapa"),
            component=self.chosen("componente"),
            subset=self.chosen("solo"),
            only_participating=self.chosen("municipios") != EVERYBODY,
        )
