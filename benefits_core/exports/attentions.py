"""The register and its statistics as rows of a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from benefits_core.models import Attention, AttentionImport
from benefits_core.queries.reports import Report, Row, Table

if TYPE_CHECKING:
    from pandas import DataFrame

# What a row is made from, so that a copy of a million reads nothing twice.
RELATED = ("service_point", "matter", "procedure", "recorded_by")


def columns(zone: Any) -> dict[str, Callable[[Attention], Any]]:
    """Heading → value. Never who the person was, only whether somebody was noted."""

    def local(name: str) -> Callable[[Attention], Any]:
        def moment(row: Attention) -> Any:
            value = getattr(row, name)
            return None if value is None else timezone.localtime(value, zone).replace(microsecond=0)

        return moment

    def yes(value: Any) -> str:
        return _("Yes") if value else _("No")

    return {
        _("Number"): lambda row: row.pk,
        _("Day"): lambda row: row.day,
        _("Arrival"): local("arrived_at"),
        _("Start of the service"): local("started_at"),
        _("End of the service"): local("ended_at"),
        _("Minutes of wait"): lambda row: row.wait_minutes,
        _("Minutes of service"): lambda row: row.service_minutes,
        _("Service point"): lambda row: row.service_point.name,
        _("Channel"): lambda row: str(row.get_channel_display()),
        _("Matter"): lambda row: str(row.matter),
        _("Procedure"): lambda row: str(row.procedure) if row.procedure else "",
        _("Outcome"): lambda row: str(row.get_outcome_display()),
        _("Preferential attention"): lambda row: yes(row.preferential),
        _("Person noted"): lambda row: yes(row.person_id),
        _("Who attended"): lambda row: str(row.recorded_by) if row.recorded_by else "",
        _("Source"): lambda row: str(row.get_source_display()),
        _("Number of the ticket"): lambda row: row.external_id or "",
        _("Void"): lambda row: row.void_reason,
    }


def statistics_frame(report: Report) -> DataFrame:
    """The tables of the statistics one below the other, each row with the name of its table."""
    import pandas as pd

    rows = [_statistics_row(table, row) for table in report.tables for row in table.rows]
    return pd.DataFrame(rows, dtype=object)


def _statistics_row(table: Table, row: Row) -> dict[str, Any]:
    cell, judged = row.cell, row.judged
    return {
        _("Table"): table.title,
        _("Name"): row.label,
        _("Attentions"): cell.count,
        _("Preferential"): cell.preferential if table.waits else None,
        _("Waits measured"): cell.measured if table.waits else None,
        _("Median wait (minutes)"): cell.median,
        _("90th percentile of the wait (minutes)"): cell.percentile_90,
        _("Waits with a promise"): judged.measured if table.waits else None,
        _("Within what was promised"): judged.met if table.waits else None,
        _("Within (%)"): _rounded(judged.share),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 1)


def rejected_frame(batch: AttentionImport) -> DataFrame:
    """The rows that were not taken under the headings of their file, so that it can be sent again once mended."""
    import pandas as pd

    rows = []
    for row in batch.rejected_rows.all():
        cells = {batch.columns[name]: text for name, text in row.cells.items() if name in batch.columns}
        told = "; ".join(f"{batch.columns.get(each['field'], '')}: {each['text']}" for each in row.problems)
        rows.append({_("Row"): row.number, **cells, _("What to mend"): told})
    return pd.DataFrame(rows, dtype=object)
