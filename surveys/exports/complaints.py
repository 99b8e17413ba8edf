"""Complaints as tables: nothing in them names, quotes or reaches a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.foundation.ui.translated import localized
from surveys.enums import (
    ComplaintChannel,
    ComplaintKind,
    ComplaintRoute,
    ComplaintState,
    Outcome,
    RootCause,
)
from surveys.models import ComplaintQuerySet
from surveys.queries.figures import Figures
from surveys.queries.public import PublicFigures

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 50_000
_FIELDS = (
    "code",
    "territory__name",
    "kind",
    "channel",
    "category__code",
    "category__name",
    "state",
    "route",
    "received_on",
    "due_on",
    "answered_on",
    "working_days",
    "in_term",
    "outcome",
    "cause",
    "needs_second_coding",
    "second_coded_at",
    "reopened_at",
    "satisfaction",
    "preferential",
    "service_point__name",
    "step__name",
    "step__version__procedure__name",
)


def inbox_title() -> str:
    return _("Complaints")


def inbox_frame(found: ComplaintQuerySet, user: Any) -> pd.DataFrame:
    """One row for each; the cause of what waits for a second coding stays blank, so that it is blind."""
    import pandas as pd

    rows = [_row(dict(zip(_FIELDS, values, strict=True))) for values in found.values_list(*_FIELDS)[:MOST_ROWS]]
    return pd.DataFrame(rows, columns=None if rows else [_("Code")])


def _row(values: dict[str, Any]) -> dict[str, Any]:
    is_blind = values["needs_second_coding"] and values["second_coded_at"] is None
    procedure = localized(values["step__version__procedure__name"])
    return {
        _("Code"): values["code"],
        _("Municipality"): values["territory__name"],
        _("Kind"): _label(ComplaintKind, values["kind"]),
        _("Channel"): _label(ComplaintChannel, values["channel"]),
        _("Category"): values["category__code"],
        _("Name of the category"): localized(values["category__name"]),
        _("State"): _label(ComplaintState, values["state"]),
        _("Led to"): _label(ComplaintRoute, values["route"]),
        _("Received on"): values["received_on"],
        _("Answer due on"): values["due_on"],
        _("Answered on"): values["answered_on"],
        _("Working days"): values["working_days"],
        _("In term"): _yes_or_no(values["in_term"]),
        _("Outcome"): _label(Outcome, values["outcome"]),
        _("Root cause"): "" if is_blind else _label(RootCause, values["cause"]),
        _("Reopened"): _yes_or_no(values["reopened_at"] is not None),
        _("Satisfaction (1-7)"): values["satisfaction"],
        _("Preferential attention"): _yes_or_no(values["preferential"]),
        _("Place"): values["service_point__name"],
        _("Procedure"): procedure,
        _("Step"): localized(values["step__name"]),
    }


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value else ""


def _yes_or_no(value: bool | None) -> str:
    if value is None:
        return ""
    return _("Yes") if value else _("No")


def figures_frame(found: Figures) -> pd.DataFrame:
    """The figures of a place and a year, one row for each: what, how many, of how many."""
    import pandas as pd

    rows: list[tuple[str, Any, Any]] = [
        (pgettext("number of complaints", "Received"), found.received, None),
        (_("Open"), found.open, None),
        (_("Past the term"), found.overdue, None),
        *[
            (label, round(share.value, 1) if share.value is not None else None, share.of)
            for label, share in (
                (_("Answered in term (%)"), found.in_term),
                (_("Solved at the first contact (%)"), found.first_contact),
                (_("Reopened (%)"), found.reopened),
                (_("The person was right, or partly (%)"), found.founded),
                (_("Anonymous (%)"), found.anonymous),
            )
        ],
        (_("Median working days"), found.median_days, None),
        (_("Working days of nine in ten"), found.p90_days, None),
        (_("Satisfaction (1-7)"), found.satisfaction_mean, found.rated),
        (_("People attended"), found.services, None),
        *[(f"{each.code} {localized(each.name)}", each.count, None) for each in found.by_category],
        (_("Without a category"), found.without_category, None),
        *[(_label(RootCause, cause), count, None) for cause, count in sorted(found.by_cause.items())],
        *[(_("Apart: %(what)s") % {"what": what}, count, None) for what, count in found.apart.items()],
    ]
    return pd.DataFrame(rows, columns=[_("Figure"), _("Value"), _("Of how many")])


def public_frame(municipality: Any, year: int, found: PublicFigures) -> pd.DataFrame:
    """Open data: one row for each cell; a hidden one is empty and says so."""
    import pandas as pd

    groups = (
        (_("Kind"), found.by_kind),
        (_("Channel"), found.by_channel),
        (_("Category"), found.by_category),
        (_("Apart"), found.apart),
    )
    rows = [
        {
            _("Municipality"): municipality.name,
            _("Code of the commune"): municipality.code,
            _("Year"): year,
            _("By"): group,
            _("Name"): cell.name,
            _("Cases"): cell.count,
            _("Per 1,000 attentions"): round(cell.per_thousand, 2) if cell.per_thousand is not None else None,
            _("Not shown"): _yes_or_no(cell.count is None),
        }
        for group, cells in groups
        for cell in cells
    ]
    return pd.DataFrame(rows, columns=None if rows else [_("Municipality")])
