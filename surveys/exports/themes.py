"""Themes as tables: nothing in them quotes or reaches a person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from portal.foundation.reporting.spreadsheets import csv_response, xlsx_response
from portal.foundation.ui.context import is_demo
from portal.foundation.ui.translated import localized
from surveys.models import ThemeRun
from surveys.queries.theme_regions import StandardCount, from_outside
from surveys.queries.themes import changes

if TYPE_CHECKING:
    import pandas as pd

VERDICTS = {
    "more": lambda: _("Said more often"),
    "less": lambda: _("Said less often"),
    "unclear": lambda: _("No change can be claimed"),
    "new": lambda: _("New"),
    "gone": lambda: _("Not named this time"),
}


def verdict(key: str) -> str:
    """What a comparison says, in words."""
    return VERDICTS[key]()


def themes_csv(run: ThemeRun, summary: dict[str, Any]) -> StreamingHttpResponse:
    return csv_response(f"{_file_name(run)}.csv", _themes(summary), is_demo=is_demo())


def themes_xlsx(run: ThemeRun, summary: dict[str, Any]) -> FileResponse:
    """Sheets: themes, months (for the municipality itself), changes, and how the groups were made."""
    sheets = {_("Themes"): _themes(summary)}
    if summary["months"]:
        sheets[_("By month")] = _months(summary)
        if found := changes(run):
            sheets[_("Compared with the last search")] = _changes(found)
    sheets[_("How it was made")] = _account(run, summary)
    return xlsx_response(f"{_file_name(run)}.xlsx", sheets, is_demo=is_demo())


def theme_regions_xlsx(runs: Iterable[ThemeRun], by_standard: list[StandardCount]) -> FileResponse:
    """Sheets: standards, and the themes of each municipality's last search, small numbers hidden."""
    import pandas as pd

    found = list(runs)
    standards = [
        {
            _("Standard"): row.code,
            _("Name"): localized(row.standard.name) if row.standard else "",
            _("Municipalities"): row.municipalities,
            _("Themes"): row.themes,
            _("Texts"): row.texts,
        }
        for row in by_standard
    ]
    themes = [
        {
            _("Region"): str(run.municipality.region),
            _("Municipality"): run.municipality.name,
            _("From"): run.starts_on,
            _("Until"): run.ends_on,
            **row,
        }
        for run in found
        for row in _themes(from_outside(run.summary)).to_dict("records")
    ]
    sheets = {_("Standards"): _frame(pd, standards), _("Themes"): _frame(pd, themes)}
    return xlsx_response(f"{_('themes')}.xlsx", sheets, is_demo=is_demo())


def _themes(summary: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            _("Theme"): theme["name"],
            _("Standards"): ", ".join(theme["standards"]),
            _("Texts"): theme["texts"],
            _("Share of the texts read (%)"): _percent(theme["share"]),
            _("Per 1,000 attentions"): _rounded(theme.get("per_thousand")),
        }
        for theme in summary["themes"]
    ]
    return _frame(pd, rows)


def _months(summary: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    rows = [{_("Theme"): theme["name"], **theme["by_month"]} for theme in summary["themes"]]
    rows.append({_("Theme"): _("All texts read"), **summary["by_month"]})
    return pd.DataFrame(rows)


def _changes(found: list[Any]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            _("Theme"): change.name,
            _("Texts now"): change.now["texts"] if change.now else None,
            _("Texts before"): change.before["texts"] if change.before else None,
            _("Share now (%)"): _percent(change.now["share"]) if change.now else None,
            _("Share before (%)"): _percent(change.before["share"]) if change.before else None,
            _("Difference, at least"): _percent(change.low),
            _("Difference, at most"): _percent(change.high),
            _("What can be said"): verdict(change.verdict),
        }
        for change in found
    ]
    return pd.DataFrame(rows)


def _account(run: ThemeRun, summary: dict[str, Any]) -> pd.DataFrame:
    """Everything that the groups can be made again with."""
    import pandas as pd

    facts = {
        _("Municipality"): run.municipality.name,
        _("From"): run.starts_on,
        _("Until"): run.ends_on,
        _("Texts"): summary["texts"],
        _("Texts read"): summary["read"],
        _("Texts left out"): summary["left_out"],
        _("Texts not read"): summary["pending"],
        _("Attentions"): summary.get("attentions"),
        _("Stability of the groups"): run.trials.get("stability"),
        **{f"{_('Version')}: {name}": value for name, value in run.versions.items()},
        **{f"{_('Setting')}: {name}": str(value) for name, value in run.parameters.items()},
    }
    return pd.DataFrame({_("What"): list(facts), _("Value"): [facts[name] for name in facts]})


def _frame(pd: Any, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=None if rows else [_("Theme")])


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _file_name(run: ThemeRun) -> str:
    return f"{_('themes')}-{run.municipality.slug}-{run.ends_on:%Y-%m-%d}"
