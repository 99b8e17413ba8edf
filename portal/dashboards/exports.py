"""The heatmap as frames and as pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from portal.dashboards.queries.heatmap import Heatmap, Row
from portal.foundation.cycles.models import Stage
from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import Measurement, Period
from portal.foundation.reporting import charts
from portal.foundation.reporting.charts import Look
from portal.foundation.ui.translated import localized
from quality.enums import Series
from quality.models import CatalogueVersion
from quality.queries.gaps import QUERY_VERSION

if TYPE_CHECKING:
    from numpy import ndarray
    from pandas import DataFrame

NOT_APPLICABLE_COLOR = "#c9c2b8"
CHANGE_COLORS = ("#f3bf73", "#efeae0", "#0f4c52")


def frame(heatmap: Heatmap) -> DataFrame:
    """One row a municipality: what is shown of it, where it is, its stage, the share met, and each standard.

    Missing is None, never 0; "N/A" where a standard does not apply. The last column names the standards
    whose evidence is old: a number has no dotted border.
    """
    import pandas as pd

    measured = _share_met(heatmap)
    lines = [_line(heatmap, row, measured.get(row.municipality.pk)) for row in heatmap.rows]
    # As objects, or a blank would turn its whole column's levels from 1 into 1.0.
    return pd.DataFrame(lines, dtype=object)


def facts(heatmap: Heatmap) -> list[tuple[str, str]]:
    """Name and value of what the numbers come from: for the page, and for a file that is found later."""
    wanted = heatmap.wanted
    demo = (_("DEMONSTRATION DATA"), _("The municipalities are real. The results are invented."))
    return [
        *([demo] if wanted.cycle.is_demo else []),
        (_("Cycle"), str(wanted.cycle)),
        (_("Series"), str(Series(wanted.series).label)),
        (_("What each cell shows"), measure_label(wanted.measure)),
        (_("Catalogue"), wanted.cycle.catalogue_version),
        (_("Met from level"), str(wanted.cycle.met_at)),
        (_("Computation"), QUERY_VERSION),
    ]


def about(heatmap: Heatmap, version: CatalogueVersion | None) -> DataFrame:
    """The facts as a sheet, with the status of the catalogue's texts."""
    import pandas as pd

    status = [(_("Status of the catalogue"), localized(version.status))] if version else []
    return pd.DataFrame([*facts(heatmap), *status], columns=[_("Field"), _("Text")])


def overview_png(heatmap: Heatmap) -> bytes:
    """One pixel a cell: standards down, municipalities across."""
    return charts.heatmap_png(_numbers(heatmap).T, [look.color for look in _looks(heatmap.wanted.measure)])


def picture_png(heatmap: Heatmap, title: str) -> bytes:
    """The heatmap to print or to put into a presentation, with all that the page says of a cell."""
    import numpy as np

    return charts.labelled_heatmap_png(
        _numbers(heatmap),
        rows=[row.municipality.name for row in heatmap.rows],
        columns=[standard.code for standard in heatmap.standards],
        title=title,
        looks=_looks(heatmap.wanted.measure),
        blank=_("Blank: not measured"),
        groups=[(group.label or _("Not taking part"), len(group.rows)) for group in heatmap.stages],
        old=np.array([[cell is not None and cell.is_stale for cell in row.cells] for row in heatmap.rows]),
        old_label=_("Dotted: the evidence is old"),
    )


def measure_label(measure: str) -> str:
    return {"level": _("Level"), "gap": _("Gap to “met”"), "change": _("Change since the baseline")}[measure]


def _line(heatmap: Heatmap, row: Row, measurement: Measurement | None) -> dict[str, Any]:
    value = heatmap.value()
    wanted = heatmap.wanted
    line: dict[str, Any] = {
        _("Cycle"): wanted.cycle.year,
        _("Series"): str(Series(wanted.series).label),
        _("What each cell shows"): measure_label(wanted.measure),
        _("Code"): row.municipality.code,
        _("Municipality"): row.municipality.name,
        _("Region"): row.municipality.region.name if row.municipality.region else "",
        _("Stage"): str(Stage(row.stage).label) if row.stage else "",
        _("Standards met"): row.met if row.measured else None,
        _("Standards measured"): row.measured or None,
        _("Share met (%)"): _rounded(measurement.value if measurement else None),
    }
    for standard, cell in zip(heatmap.standards, row.cells, strict=True):
        if cell is None:
            line[standard.code] = None
        else:
            line[standard.code] = _("N/A") if cell.level is None else value(cell)
    cells = zip(heatmap.standards, row.cells, strict=True)
    line[_("Old evidence")] = " ".join(standard.code for standard, cell in cells if cell and cell.is_stale) or None
    return line


def _share_met(heatmap: Heatmap) -> dict[int, Measurement]:
    """Municipality id → the share of all standards met; filters do not narrow it."""
    wanted = heatmap.wanted
    key = "quality.standards_met" if wanted.series == Series.SELF_ASSESSED else "quality.standards_met_verified"
    indicator = registry.get(key)
    if indicator is None:
        return {}
    period = Period(wanted.cycle.starts_on, wanted.cycle.ends_on)
    territories = [row.municipality for row in heatmap.rows]
    measured = indicator.measure(territories=territories, period=period, audience="staff")
    return {measurement.territory_id: measurement for measurement in measured}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _numbers(heatmap: Heatmap) -> ndarray:
    """Municipality × standard as numbers of :func:`_looks`, NaN where there is nothing to show."""
    import numpy as np

    measure, value = heatmap.wanted.measure, heatmap.value()
    not_applicable = len(_looks(measure)) - 1
    values = np.full((len(heatmap.rows), len(heatmap.standards)), np.nan)
    for line, row in enumerate(heatmap.rows):
        for column, cell in enumerate(row.cells):
            if cell is not None and cell.level is None:
                values[line, column] = not_applicable
            elif cell is not None and (number := value(cell)) is not None:
                values[line, column] = np.sign(number) + 1 if measure == "change" else number
    return values


def _looks(measure: str) -> list[Look]:
    """How each value is drawn; the last one is «does not apply».

    A change of more steps than one has the look of its direction.
    """
    absent, partial, applied, improved = charts.LEVEL_COLORS
    worse, same, better = CHANGE_COLORS
    looks = {
        "level": [
            Look(absent, "0", _("Absent"), is_dashed=True),
            Look(partial, "1", _("Defined or partial"), "////"),
            Look(applied, "2", _("Applied: meets the standard"), "..."),
            Look(improved, "3", _("Measured and improved")),
        ],
        "gap": [
            Look(improved, "0", _("Meets the standard")),
            Look(applied, "1", _("One step missing"), "..."),
            Look(partial, "2", _("Two steps missing"), "////"),
            Look(absent, "3", _("Three steps missing"), is_dashed=True),
        ],
        "change": [
            Look(worse, "−", _("Worse than at the baseline"), "////"),
            Look(same, "=", _("The same")),
            Look(better, "+", _("Better than at the baseline")),
        ],
    }[measure]
    return [*looks, Look(NOT_APPLICABLE_COLOR, _("N/A"), _("Does not apply"), "\\\\")]
