"""Results and feedback of a survey as a report for everybody: what was asked, who answered, what came out, what
cannot be said, and what came of the survey before."""

from __future__ import annotations

from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.foundation.documents.registry import DocumentKind
from portal.foundation.ui.context import is_demo
from surveys import followups
from surveys.enums import OBSTACLES, VERDICTS, Audience, RoundState
from surveys.forms.answering import said
from surveys.models import Round
from surveys.queries.result_parts import ChangeShown, Shown
from surveys.queries.results import Results, results
from surveys.queries.rounds import last_day, round_before

KIND = "surveys.results"
NONE = "—"


def results_data(round: Round, language: str) -> dict[str, Any]:
    """What the layout draws: the figures that everybody may read, and no others."""
    found = results(round, public=True)
    sections = [_asked(round), _answered(found)]
    if found.is_hidden:
        sections.append(_section(_("What came out"), [_("Fewer than ten people answered, so nothing is shown.")]))
    else:
        sections += [_came_out(found), *_changed(found), _not_said(found)]
    sections.append(_followed(round))
    return {
        "title": _("What people say of %(place)s") % {"place": round.territory.name},
        "subtitle": _("Results and feedback report of the survey of %(year)s") % {"year": round.cycle.year},
        "municipality": round.territory.name,
        "cycle": str(round.cycle.year),
        "is_demo": round.cycle.is_demo or is_demo(),
        "sections": sections,
    }


def can_read(_user: Any, round: Round) -> bool:
    """Everybody, once the results are out."""
    return round.state == RoundState.PUBLISHED and round.audience == Audience.USERS


RESULTS = DocumentKind(
    KIND,
    gettext_lazy("Results and feedback report"),
    "report.typ",
    results_data,
    can_read,
    file_name=lambda round: f"encuesta-{round.territory.slug}-{round.cycle.year}",
)


def _section(heading: str, paragraphs: list[str], **more: Any) -> dict[str, Any]:
    return {"heading": heading, "paragraphs": [one for one in paragraphs if one], **more}


def _asked(round: Round) -> dict[str, Any]:
    questionnaire = round.questionnaire
    days = _("Questionnaire %(version)s, from %(opens)s to %(closes)s.") % {
        "version": round.instrument.version,
        "opens": date_format(round.opens_on),
        "closes": date_format(last_day(round)),
    }
    draft = _("It is a working draft, not an official one.") if questionnaire.status == "drafted" else ""
    return _section(
        _("What was asked"), [days, draft], bullets=[said(one.text) for one in questionnaire.questions if one.codes]
    )


def _answered(found: Results) -> dict[str, Any]:
    if found.is_hidden:
        return _section(_("Who answered"), [_("Very few people answered.")])
    rows = [
        [_("Attentions in twelve months, the population"), number_format(found.population)],
        [_("Asked"), number_format(found.invited)],
        [_("Answered, of those who were asked"), number_format(found.sampled)],
        [_("Answered by the open link; they stand apart"), number_format(found.voluntary)],
    ]
    weights = ""
    if found.weights.get("used"):
        weights = _(
            "Answers weigh as much as the people of their channel (design effect %(deff)s, effective number %(size)s)."
        ) % {
            "deff": floatformat(found.weights["deff"], 2),
            "size": floatformat(found.weights["size"], 0),
        }
    unknown = _("They are not weighed by age or gender, as the register of attentions does not know them.")
    table = {"headers": [_("Who"), _("How many")], "rows": rows, "widths": [4, 1]}
    return _section(_("Who answered"), [weights, unknown], table=table)


def _came_out(found: Results) -> dict[str, Any]:
    rows = []
    if found.overall:
        rows.append([said(found.overall.question.text), *_cells(found.overall.top)])
    rows += [[_("Component: %(name)s") % {"name": name}, *_cells(shown)] for name, shown in found.components]
    rows += [[said(item.question.text), *_cells(item.top)] for item in found.items]
    if found.bracket and found.bracket.standardized:
        rows.append([_("The overall mark with the same mix of brackets"), *_cells(found.bracket.standardized)])
    headers = [_("Question"), _("Marks 6 and 7"), _("Between"), _("Answers")]
    note = _("As not everybody answered, the true value most likely lies in the range (95 %).")
    return _section(_("What came out"), [note], table={"headers": headers, "rows": rows, "widths": [6, 2, 2, 2]})


def _cells(shown: Shown) -> list[str]:
    if shown.is_hidden:
        return [_("Very few answers"), NONE, NONE]
    if shown.value is None:
        return [_("No answers"), NONE, NONE]
    between = _range(shown.low, shown.high) if shown.low is not None else _("Whoever wanted")
    return [f"{floatformat(shown.value, 0)} %", between, number_format(shown.n)]


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return NONE
    return _("%(low)s to %(high)s") % {"low": floatformat(low, 0), "high": floatformat(high, 0)}


def _changed(found: Results) -> list[dict[str, Any]]:
    changes = found.changes
    if changes is None:
        return []
    heading = _("Compared with %(year)s") % {"year": changes.year}
    if changes.obstacles:
        why = [str(OBSTACLES.get(one, one)) for one in changes.obstacles]
        return [_section(heading, [_("The two years cannot be compared:")], bullets=why)]
    rows = [_change_row(one) for one in filter(None, [changes.overall, *changes.components, *changes.items])]
    headers = [_("Question"), _("Before"), _("Now"), _("Points"), _("What can be said")]
    note = _("Where it cannot be said that it changed, that does not mean that all is the same.")
    return [_section(heading, [note], table={"headers": headers, "rows": rows, "widths": [6, 2, 2, 3, 4]})]


def _change_row(one: ChangeShown) -> list[str]:
    name = one.what if isinstance(one.what, str) else said(one.what.text)
    points = NONE
    if one.points is not None:
        points = f"{floatformat(one.points, 0)} ({_range(one.low, one.high)})"
    return [name, _cells(one.before)[0], _cells(one.after)[0], points, str(VERDICTS.get(one.verdict, ""))]


def _not_said(found: Results) -> dict[str, Any]:
    bullets = [
        _("It is not for comparing one municipality with another."),
        _("Figures of fewer than ten people are not shown, nor what would give them away."),
        _("That two figures go together does not prove that one causes the other."),
    ]
    if found.basis == "voluntary":
        bullets.append(_("Whoever wanted answered: it speaks of them alone, and has no range."))
    if found.bracket and found.bracket.only_raw:
        bullets.append(_("It cannot be said how it would be with the same mix of brackets."))
    return _section(_("What cannot be said"), [], bullets=bullets)


def _followed(round: Round) -> dict[str, Any]:
    before = round_before(round)
    heading = _("What the municipality did with the survey before")
    if before is None:
        return _section(heading, [_("This was its first survey here.")])
    done = followups.of_round(before)
    if not done:
        none = _("No line of its plan that everybody may read answers the survey of %(year)s.")
        return _section(heading, [none % {"year": before.cycle.year}])
    intro = _("Lines of its plan that answer the survey of %(year)s:") % {"year": before.cycle.year}
    return _section(heading, [intro], bullets=[f"{one.title}: {one.state}" for one in done])
