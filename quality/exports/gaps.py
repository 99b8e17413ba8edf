"""The gap report as spreadsheet frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from portal.foundation.ui.translated import localized
from quality.enums import Series
from quality.queries.gaps import QUERY_VERSION, Comparison, GapGroup, GapLine, GapReport
from quality.sources import LevelSource, sources_of

if TYPE_CHECKING:
    from pandas import DataFrame


def gap_lines_frame(report: GapReport) -> DataFrame:
    """One row a standard. What was not measured is blank, never 0; "N/A" where it does not apply."""
    import pandas as pd

    sources = sources_of(report.records)
    return pd.DataFrame([_gap_row(line, sources) for line in report.lines], dtype=object)


def gap_frames(report: GapReport) -> dict[str, DataFrame]:
    """Sheet name → frame: standards, groups, changes, and where the numbers come from."""
    import pandas as pd

    groups = [*report.components, *report.attributes]
    changes = report.comparisons
    return {
        _("Standards"): gap_lines_frame(report),
        _("Groups"): pd.DataFrame([_group_row(group) for group in groups], dtype=object),
        _("Changes"): pd.DataFrame([row for change in changes for row in _change_rows(change)], dtype=object),
        _("About"): pd.DataFrame(gap_facts(report), columns=[_("Field"), _("Text")], dtype=object),
    }


def gap_facts(report: GapReport) -> list[tuple[str, Any]]:
    """Name and value of all that a reader needs to trace the numbers."""
    cycle, version = report.cycle, report.version
    demo = [(_("DEMONSTRATION DATA"), _("The municipalities are real. The results are invented."))]
    return [
        *(demo if cycle.is_demo else []),
        (_("Municipality"), report.municipality.name),
        (_("Cycle"), str(cycle)),
        (_("Series"), str(Series(report.series).label)),
        (_("Catalogue"), cycle.catalogue_version),
        *([(_("Status of the catalogue"), localized(version.status))] if version else []),
        (_("Met from level"), cycle.met_at),
        (_("Consolidated from level"), cycle.consolidated_at),
        (_("Weights"), cycle.weights_name if cycle.weights else _("Every standard counts the same")),
        (_("Computation"), QUERY_VERSION),
    ]


def _gap_row(line: GapLine, sources: Mapping[tuple[str, str], LevelSource]) -> dict[str, Any]:
    record = line.record
    source = sources.get((record.source_type, record.source_id)) if record else None
    return {
        _("Code"): line.standard.code,
        _("Standard"): localized(line.standard.name),
        _("Component"): line.standard.component.code,
        _("Critical"): _("Yes") if line.standard.critical else _("No"),
        _("Transparency"): line.standard.get_transparency_display(),
        _("Level"): _("N/A") if line.not_applicable else line.level,
        _("To “met”"): record.gap_to_met if record else None,
        _("To “consolidated”"): record.gap_to_consolidated if record else None,
        _("Since the baseline"): line.change,
        _("Difference between series"): line.drift,
        _("Dated"): record.dated_on if record else None,
        _("Source"): source.label if source else None,
    }


def _group_row(group: GapGroup) -> dict[str, Any]:
    summary = group.summary
    return {
        _("Code"): group.subject.code if group.subject else "",
        _("Name"): localized(group.subject.name) if group.subject else "",
        _("Standards met"): summary.met if summary.measured else None,
        _("Standards measured"): summary.measured,
        _("Mean level"): summary.mean_level,
        _("Mean gap to “met”"): summary.mean_gap_to_met,
        _("Mean gap to “consolidated”"): summary.mean_gap_to_consolidated,
    }


def _change_rows(comparison: Comparison) -> list[dict[str, Any]]:
    return [
        {
            _("Since"): str(comparison.cycle),
            _("Against"): name,
            _("Standards compared"): change.compared,
            _("Met before"): change.met_before,
            _("Met now"): change.met_after,
            _("Gap before"): change.before,
            _("Gap closed"): change.closed,
            _("Gap reopened"): change.reopened,
            _("Gap now"): change.after,
            _("Net reduction (%)"): None if change.share is None else round(100 * change.share, 1),
            _("Not compared"): ", ".join(change.not_compared),
        }
        for name, change in ((_("Met"), comparison.to_met), (_("Consolidated"), comparison.to_consolidated))
    ]
