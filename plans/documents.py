"""Printed reports: the plan, one line on one A3 page, the year's execution."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from plans import rules
from plans.models import Action, ExecutionReport, ImprovementPlan
from plans.queries.execution import evidence_words, lines
from plans.queries.signing import standing_signatures
from portal.foundation.documents.registry import DocumentKind
from portal.foundation.ui.translated import localized
from quality.enums import Series
from quality.models import CatalogueVersion

NONE = "—"


def plan_data(plan: ImprovementPlan, language: str) -> dict[str, Any]:
    """Every line with all that is planned, the signatures and the hash."""
    sections: list[dict[str, Any]] = []
    if plan.summary:
        sections.append({"heading": _("Summary for citizens"), "paragraphs": _paragraphs(plan.summary)})
    if plan.no_comment_reason:
        heading = _("People could not comment on this plan before it was validated.")
        sections.append({"heading": heading, "paragraphs": _paragraphs(plan.no_comment_reason)})
    board = list(lines(plan).prefetch_related("sources"))
    sections.append({"heading": _("Lines by priority"), "table": _overview(board)})
    sections += [_line_section(action) for action in board]
    sections.append(_signatures(plan))
    return _frame(plan, _("Local improvement plan")) | {
        "subtitle": _("Version %(number)s · %(state)s") % {"number": plan.number, "state": plan.get_state_display()},
        "sections": sections,
    }


def line_data(action: Action, language: str) -> dict[str, Any]:
    """One line as an A3 page: problem, cause, improvement, measure, who and when, progress."""
    milestones = [
        [milestone.name, date_format(milestone.due_on), _reached(milestone)] for milestone in action.milestones.all()
    ]
    sections = [
        {"heading": _("The problem and its cause"), "paragraphs": [action.problem, *_whys(action), action.root_cause]},
        {"heading": _("What will be done"), "paragraphs": _paragraphs(action.improvement)},
        {"heading": _("Standards"), "table": _standards(action)},
        {"heading": _("How it will be measured"), "table": _measure(action)},
        {"heading": _("Who and when"), "bullets": _who_and_when(action)},
        {
            "heading": _("Milestones"),
            "table": {
                "headers": [_("Milestone"), _("Due on"), _("Reached on")],
                "rows": milestones,
                "widths": [4, 2, 2],
            },
        },
        {"heading": _("Progress"), "bullets": _progress(action)},
    ]
    return _frame(action.plan, str(action)) | {"subtitle": action.public_summary, "sections": sections}


def execution_data(plan: ImprovementPlan, language: str) -> dict[str, Any]:
    """Planned and done: the report that was sent, or the lines as they stand where none was."""
    report = ExecutionReport.objects.filter(plan=plan).select_related("submitted_by").first()
    board = list(lines(plan))
    done = {
        "headers": [_("Line"), _("State"), _("Progress"), _("Evidence"), _("Levels"), _("Amount"), _("Spent")],
        "rows": [_execution_row(action) for action in board],
        "widths": [5, 3, 2, 3, 3, 3, 3],
    }
    sections: list[dict[str, Any]] = [{"heading": _("Planned and done"), "table": done}]
    lists = {
        _("Lessons of each line"): [f"{action}: {action.lesson}" for action in board if action.lesson],
        _("Left for the next year"): [
            f"{action}: {action.deferral_reason}" for action in board if action.deferral_reason
        ],
        _("Where it was published"): [
            f"{link.get_kind_display()}: {link.url or link.place}" for link in plan.publications
        ],
    }
    sections += [{"heading": heading, "bullets": bullets} for heading, bullets in lists.items() if bullets]
    title = _("DRAFT of the execution report")
    subtitle = _("It has not been sent. What it says can still change.")
    if report is not None:
        texts = {
            _("What was achieved"): report.achievements,
            _("Deviations from the plan"): report.deviations,
            _("Lessons"): report.lessons,
        }
        sections += [{"heading": heading, "paragraphs": _paragraphs(text)} for heading, text in texts.items() if text]
        title = _("Execution report")
        subtitle = _("Sent by %(person)s on %(day)s.") % {
            "person": report.submitted_by,
            "day": date_format(timezone.localtime(report.submitted_at, plan.municipality.zone)),
        }
    return _frame(plan, title) | {"subtitle": subtitle, "sections": sections}


PLAN = DocumentKind(
    "plans.plan",
    gettext_lazy("Local improvement plan"),
    "report.typ",
    plan_data,
    rules.can_read_plan,
    file_name=lambda plan: f"plan-{plan.municipality.slug}-{plan.cycle.year}-v{plan.number}",
)
LINE = DocumentKind(
    "plans.line",
    gettext_lazy("Line of the plan"),
    "board.typ",
    line_data,
    rules.can_read_action,
    file_name=lambda action: f"linea-{action.number}-{action.plan.municipality.slug}-{action.plan.cycle.year}",
    territory=lambda action: action.plan.municipality,
)
EXECUTION = DocumentKind(
    "plans.execution",
    gettext_lazy("Execution report"),
    "report.typ",
    execution_data,
    rules.can_read_plan,
    file_name=lambda plan: f"{_prefix(plan)}ejecucion-{plan.municipality.slug}-{plan.cycle.year}",
)


def _prefix(plan: ImprovementPlan) -> str:
    """What is not sent yet says so in the name of its file, too."""
    return "" if ExecutionReport.objects.filter(plan=plan).exists() else "borrador-"


def money(amount: Any, currency: str) -> str:
    """An amount with its currency in words: «1.500.000 pesos chilenos»; a dash where there is none."""
    if amount is None:
        return NONE
    # Loaded here: a web process starts without it.
    from babel.numbers import get_currency_name, get_currency_precision

    digits = number_format(amount, get_currency_precision(currency), use_l10n=True, force_grouping=True)
    return f"{digits} {get_currency_name(currency, amount, locale=get_language() or 'es')}"


def _frame(plan: ImprovementPlan, title: str) -> dict[str, Any]:
    catalogue = CatalogueVersion.objects.filter(version=plan.cycle.catalogue_version).first()
    return {
        "title": title,
        "municipality": plan.municipality.name,
        "cycle": str(plan.cycle.year),
        "status": localized(catalogue.status) if catalogue else "",
        "is_demo": plan.cycle.is_demo,
    }


def _overview(board: list[Action]) -> dict[str, Any]:
    rows = [
        [str(action.priority), str(action), str(action.owner), date_format(action.ends_on), action.get_state_display()]
        for action in board
    ]
    return {
        "headers": [_("Priority"), _("Line"), _("In charge"), _("Ends on"), _("State")],
        "rows": rows,
        "widths": [2, 6, 4, 3, 3],
    }


def _line_section(action: Action) -> dict[str, Any]:
    facts = [
        [_("Problem"), action.problem],
        [_("Root cause"), "\n".join([*_whys(action), action.root_cause])],
        [_("What will be done"), action.improvement],
        [_("Standards"), "\n".join(_standard_text(part) for part in action.standards.all())],
        *_judgements(action),
        *[[_("It answers"), source.label] for source in action.sources.all()],
        [_("Who and when"), "\n".join(_who_and_when(action))],
        [_("Resources"), action.resources or NONE],
        [_("Amount"), f"{money(action.amount, action.currency)} {action.funding_source}"],
        [_("Indicator"), f"{action.indicator}: {action.baseline} → {action.goal} ({action.data_source})"],
        [_("Milestones"), "\n".join(f"{date_format(m.due_on)}: {m.name}" for m in action.milestones.all()) or NONE],
        [_("Risk"), action.risk or NONE],
        [_("Depends on"), _dependency(action)],
        [_("Summary for citizens"), action.public_summary],
    ]
    return {"heading": str(action), "table": {"headers": [_("Field"), _("Planned")], "rows": facts, "widths": [1, 3]}}


def _judgements(action: Action) -> list[list[str]]:
    return [
        [_("Pertinence"), f"{action.get_pertinence_display()}. {action.pertinence_reason}"],
        [_("Incidence"), f"{action.get_incidence_display()}. {action.incidence_reason}"],
        [_("Feasibility"), f"{action.get_feasibility_display()}. {action.feasibility_reason}"],
        [_("Priority"), str(action.priority)],
    ]


def _signatures(plan: ImprovementPlan) -> dict[str, Any]:
    rows = [
        [
            signature.get_role_display(),
            str(signature.signed_by),
            " ".join([signature.get_standing_display(), signature.standing_reason]).strip(),
            date_format(timezone.localtime(signature.signed_at, plan.municipality.zone), "DATETIME_FORMAT"),
        ]
        for signature in standing_signatures(plan)
    ]
    return {
        "heading": _("Validation"),
        "paragraphs": [
            _("Signed in with a second factor. It is not a qualified electronic signature."),
            _("Hash of the content (SHA-256): %(hash)s") % {"hash": plan.content_hash or NONE},
        ],
        "table": {
            "headers": [_("As"), _("Person"), _("In what quality"), _("When")],
            "rows": rows,
            "widths": [2, 3, 3, 3],
        },
    }


def _standards(action: Action) -> dict[str, Any]:
    rows = [
        [
            f"{part.standard.code} {localized(part.standard.name)}",
            _level(part.level_before, part.before_series),
            str(part.target),
            NONE if part.level_after is None else str(part.level_after),
        ]
        for part in action.standards.select_related("standard")
    ]
    return {
        "headers": [_("Standard"), _("Before"), _("Target"), _("Verified after")],
        "rows": rows,
        "widths": [5, 2, 1, 2],
    }


def _measure(action: Action) -> dict[str, Any]:
    row = [action.indicator, action.baseline, action.goal, action.data_source]
    return {
        "headers": [_("Indicator"), _("Baseline"), _("Goal"), _("Where the data come from")],
        "rows": [row],
        "widths": [3, 2, 2, 3],
    }


def _who_and_when(action: Action) -> list[str]:
    dates = _("From %(start)s to %(end)s") % {
        "start": date_format(action.starts_on),
        "end": date_format(action.ends_on),
    }
    people = [_("In charge: %(person)s") % {"person": action.owner}]
    if action.stand_in:
        people.append(_("Stand-in: %(person)s") % {"person": action.stand_in})
    return [*people, dates]


def _progress(action: Action) -> list[str]:
    found = [f"{action.get_state_display()}: {action.progress} %"]
    labelled = {
        _("Why a milestone was missed: %(text)s"): action.missed_reason,
        _("Lesson: %(text)s"): action.lesson,
        _("Effect: %(text)s"): action.effect,
    }
    return found + [label % {"text": text} for label, text in labelled.items() if text]


def _execution_row(action: Action) -> list[str]:
    return [
        str(action),
        action.get_state_display(),
        f"{action.progress} %",
        evidence_words(action),
        "\n".join(_change_text(part) for part in action.standards.all()),
        money(action.amount, action.currency),
        money(action.spent, action.currency),
    ]


def _change_text(part: Any) -> str:
    """«E16: level 1 before, target 3, level 3 verified», or what of it is not known yet."""
    level = _("level %(level)s")
    before = (
        _("not measured before")
        if part.level_before is None
        else _("%(level)s before") % {"level": level % {"level": part.level_before}}
    )
    after = (
        _("not verified yet")
        if part.level_after is None
        else _("%(level)s verified") % {"level": level % {"level": part.level_after}}
    )
    target = _("target %(level)s") % {"level": part.target}
    return f"{part.standard.code}: {before}, {target}, {after}"


def _standard_text(part: Any) -> str:
    return _("%(standard)s: from %(before)s to %(target)s") % {
        "standard": f"{part.standard.code} {localized(part.standard.name)}",
        "before": _dash(part.level_before),
        "target": part.target,
    }


def _level(level: int | None, series: str) -> str:
    return NONE if level is None else f"{level} ({Series(series).label})" if series else str(level)


def _whys(action: Action) -> list[str]:
    return [_("Why? %(answer)s") % {"answer": why} for why in action.whys]


def _dependency(action: Action) -> str:
    if not action.depends_on_national:
        return action.dependency or NONE
    return _("The national level: %(text)s") % {"text": action.dependency}


def _reached(milestone: Any) -> str:
    return date_format(milestone.reached_on) if milestone.reached_on else NONE


def _dash(level: int | None) -> str:
    return NONE if level is None else str(level)


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]
