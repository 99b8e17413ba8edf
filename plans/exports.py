"""The plan as a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.utils.translation import gettext as _

from plans.models import ImprovementPlan
from plans.queries.execution import lines
from portal.foundation.reporting.spreadsheets import xlsx_response
from portal.foundation.ui.translated import localized

if TYPE_CHECKING:
    import pandas as pd


def plan_frames(plan: ImprovementPlan) -> dict[str, pd.DataFrame]:
    """Two sheets: one row for each line, and one row for each line's standard."""
    import pandas as pd

    board = list(lines(plan))
    return {
        _("Lines"): pd.DataFrame([_line(action) for action in board], columns=None if board else [_("Line")]),
        _("Standards"): pd.DataFrame(
            [_standard(action, part) for action in board for part in action.standards.all()],
            columns=None if board else [_("Line")],
        ),
    }


def plan_xlsx(plan: ImprovementPlan) -> FileResponse:
    name = f"plan-{plan.municipality.slug}-{plan.cycle.year}.xlsx"
    return xlsx_response(name, plan_frames(plan), is_demo=plan.cycle.is_demo)


def _line(action: Any) -> dict[str, Any]:
    return {
        _("Number"): action.number,
        _("Line"): action.title,
        _("Type"): action.get_kind_display(),
        _("State"): action.get_state_display(),
        _("Problem"): action.problem,
        _("Root cause"): action.root_cause,
        _("What will be done"): action.improvement,
        _("Pertinence"): action.pertinence,
        _("Incidence"): action.incidence,
        _("Feasibility"): action.feasibility,
        _("Priority"): action.priority,
        _("In charge"): str(action.owner),
        _("Stand-in"): str(action.stand_in or ""),
        _("Starts on"): action.starts_on,
        _("Ends on"): action.ends_on,
        _("Amount"): action.amount,
        _("Spent"): action.spent,
        _("Currency"): action.currency,
        _("Funding source"): action.funding_source,
        _("Indicator"): action.indicator,
        _("Baseline"): action.baseline,
        _("Goal"): action.goal,
        _("Where the data come from"): action.data_source,
        _("Risk"): action.risk,
        _("Depends on the national level"): _("Yes") if action.depends_on_national else _("No"),
        _("Progress (%)"): action.progress,
        _("Lesson"): action.lesson,
        _("Summary for citizens"): action.public_summary,
    }


def _standard(action: Any, part: Any) -> dict[str, Any]:
    return {
        _("Number"): action.number,
        _("Line"): action.title,
        _("Standard"): f"{part.standard.code} {localized(part.standard.name)}",
        _("Level before"): part.level_before,
        _("Target"): part.target,
        _("Claimed by the team"): part.claimed_level,
        _("Verified after"): part.level_after,
    }
