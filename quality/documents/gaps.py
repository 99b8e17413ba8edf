"""The gap report as a PDF: one kind of document for each series."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.foundation.cycles.models import Participation
from portal.foundation.documents import registry
from portal.foundation.documents.registry import DocumentKind
from portal.foundation.people.roles import STAFF_ROLES
from portal.foundation.ui.translated import localized
from quality.enums import Series
from quality.exports.gaps import gap_facts
from quality.queries.gaps import Comparison, GapGroup, GapReport, GapSummary, gap_report
from quality.templatetags.quality import decimals, percent, signed, steps

KIND_OF = {
    Series.SELF_ASSESSED.value: "quality.gap_report",
    Series.VERIFIED.value: "quality.gap_report_verified",
}


def register() -> None:
    """Make the report known, once for each series."""
    titles = {
        Series.SELF_ASSESSED.value: gettext_lazy("Gap report, self-assessed"),
        Series.VERIFIED.value: gettext_lazy("Gap report, verified"),
    }
    for series, key in KIND_OF.items():
        registry.register(
            DocumentKind(
                key=key,
                title=titles[series],
                template="report.typ",
                data=_data_of(series),
                can_read=_can_read,
                file_name=lambda participation: f"brechas-{participation.municipality.slug}-{participation.cycle.year}",
            )
        )


def _can_read(user: Any, participation: Participation) -> bool:
    return user.is_authenticated and user.scope.has(*STAFF_ROLES, at=participation.municipality)


def _data_of(series: str) -> Callable[[Participation, str], dict[str, Any]]:
    def data(participation: Participation, language: str) -> dict[str, Any]:
        return report_data(
            gap_report(municipality=participation.municipality, cycle=participation.cycle, series=series)
        )

    return data


def report_data(report: GapReport) -> dict[str, Any]:
    """What the report's template takes, in the active language."""
    dates = [line.record.dated_on for line in report.lines if line.record]
    return {
        "title": _("Gap report"),
        "subtitle": str(Series(report.series).label),
        "municipality": report.municipality.name,
        "cycle": str(report.cycle.year),
        "date": date_format(max(dates)) if dates else "",
        "status": localized(report.version.status) if report.version else "",
        "is_demo": report.cycle.is_demo,
        "sections": list(_sections(report)),
    }


def _sections(report: GapReport) -> Iterable[dict[str, Any]]:
    yield {"heading": _("In short"), "bullets": _in_short(report)}
    yield {
        "heading": _("Standards with a gap"),
        "table": {
            "headers": [_("Standard"), _("Level"), _("To “met”"), _("To “consolidated”")],
            "rows": [
                [
                    f"{line.standard.code} {localized(line.standard.name)}",
                    str(line.level),
                    str(line.record.gap_to_met if line.record else ""),
                    str(line.record.gap_to_consolidated if line.record else ""),
                ]
                for line in report.gaps
            ],
            "widths": [6, 1, 2, 2],
        },
    }
    changes = report.comparisons
    if changes:
        yield {"heading": _("What has changed"), "table": _changes_table(changes), "paragraphs": _not_compared(changes)}
    subsets = [(_("Transparency standards"), report.transparency), (_("Critical standards"), report.critical)]
    yield {"heading": _("By component"), "table": _groups_table(report.components, subsets)}
    yield {"heading": _("By attribute"), "table": _groups_table(report.attributes, [])}
    yield {
        "heading": _("Self-assessed and verified"),
        "table": {
            "headers": [_("Standard"), _("Level"), _("The other series"), _("Difference")],
            "rows": [
                [
                    f"{line.standard.code} {localized(line.standard.name)}",
                    str(line.level),
                    str(line.other_series.level if line.other_series else ""),
                    signed(line.drift or 0),
                ]
                for line in report.drifting
            ],
            "widths": [6, 1, 2, 2],
        },
    }
    yield {
        "heading": _("How these numbers are computed"),
        "bullets": [f"{name}: {value}" for name, value in gap_facts(report)],
    }


def _in_short(report: GapReport) -> list[str]:
    summary = report.summary
    lines = [
        ngettext("%(met)s of %(measured)s standards is met.", "%(met)s of %(measured)s standards are met.", summary.met)
        % {"met": summary.met, "measured": summary.measured},
        ngettext("%(count)s of them is consolidated.", "%(count)s of them are consolidated.", summary.consolidated)
        % {"count": summary.consolidated},
        _("Steps missing: %(met)s to meet every standard, %(consolidated)s to consolidate them.")
        % {"met": summary.gap_to_met, "consolidated": summary.gap_to_consolidated},
        _("Does not apply: %(not_applicable)s. Not measured: %(missing)s.")
        % {"not_applicable": summary.not_applicable, "missing": summary.missing},
    ]
    if report.since_baseline:
        change = report.since_baseline.to_met
        lines.insert(
            1,
            _("%(before)s of %(compared)s met in %(year)s, %(after)s of %(compared)s now")
            % {
                "before": change.met_before,
                "after": change.met_after,
                "compared": change.compared,
                "year": report.since_baseline.cycle.year,
            },
        )
    return lines


def _changes_table(changes: Iterable[Comparison]) -> dict[str, Any]:
    rows = []
    for comparison in changes:
        for name, change in ((_("Met"), comparison.to_met), (_("Consolidated"), comparison.to_consolidated)):
            share = _("There was no gap") if change.share is None else percent(change.share)
            figures = (change.before, change.closed, change.reopened, change.after)
            rows.append([str(comparison.cycle), name, *map(steps, figures), share])
    headers = [_("Since"), _("Against"), _("Gap before"), _("Gap closed"), _("Gap reopened"), _("Gap now")]
    return {"headers": [*headers, _("Net reduction")], "rows": rows, "widths": [2, 2, 1, 1, 1, 1, 2]}


def _not_compared(changes: Iterable[Comparison]) -> list[str]:
    return [
        _("Not compared, because they were not measured or did not apply both times: %(codes)s.")
        % {"codes": f"{', '.join(change.to_met.not_compared)} ({change.cycle})"}
        for change in changes
        if change.to_met.not_compared
    ]


def _groups_table(groups: Iterable[GapGroup], subsets: Iterable[tuple[str, GapSummary]]) -> dict[str, Any]:
    named = [
        (f"{group.subject.code} {localized(group.subject.name)}" if group.subject else "", group.summary)
        for group in groups
    ]
    return {
        "headers": [_("Group"), _("Standards met"), _("Mean level"), _("Mean gap to “met”")],
        "rows": [_group_row(name, summary) for name, summary in [*named, *subsets]],
        "widths": [5, 2, 2, 2],
    }


def _group_row(name: str, summary: GapSummary) -> list[str]:
    if not summary.measured:
        return [name, _("No data"), "", ""]
    met = _("%(met)s of %(measured)s") % {"met": summary.met, "measured": summary.measured}
    return [name, met, decimals(summary.mean_level), decimals(summary.mean_gap_to_met)]
