"""All the figures of one round from its responses, as plain values that can be stored. Pure.

Sampled responses and voluntary ones are never mixed: an open link says what whoever wanted thinks, and has no
margin of error. Where anybody was sampled, the figures are theirs and the others stand apart.
In prose: ``docs/algorithms/survey-scores.md`` and ``survey-weights.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from surveys.questionnaire.model import Kind, Question, Questionnaire, Role
from surveys.statistics import estimates
from surveys.statistics.answered import MARKED, Answered, Asked, Group, plain
from surveys.statistics.drivers import Drivers, importance, placed
from surveys.statistics.estimates import NOTHING, Cell, Estimate, Tally
from surveys.statistics.profiles import by_bracket, by_group, served
from surveys.statistics.response import response_rate
from surveys.statistics.tallies import ABSENT, component
from surveys.statistics.weighting import WeightingRefused, base_weights, weigh
from surveys.statistics.years import changes

METHOD = "2"
# What the weights go by. The register of attentions knows nobody's age or gender, so these are not raked.
WEIGHED_BY = ("channel",)


class Basis(StrEnum):
    """What the figures rest on."""

    SAMPLE = "sample"
    VOLUNTARY = "voluntary"
    NOTHING = "nothing"


def figures(
    questionnaire: Questionnaire,
    responses: Sequence[Answered],
    strata: Mapping[str, Asked],
    seed: int = 1,
    mix: Mapping[str, float] | None = None,
    before: Mapping[str, Any] | None = None,
    standards: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """What a round found.

    :param strata: channel → who was to be asked; empty where everybody is (the team's survey), which needs no
        weights.
    :param seed: of the drivers' resampling, so that the same responses always give the same figures.
    :param mix: bracket → its part of the fixed mix that figures are standardized to; None where none is kept.
    :param before: the figures of the last year's round, to compare with; None where there is none.
    :param standards: code of a standard → codes of its attributes in the catalogue of the year.
    """
    asked = [one for one in responses if not one.is_screened_out]
    sampled = [one for one in asked if one.is_sampled]
    others = [one for one in asked if not one.is_sampled]
    group = Group(sampled or others, is_voluntary=not sampled)
    if sampled and strata:
        _weigh(group, strata)
    basis = Basis.SAMPLE if sampled else Basis.VOLUNTARY if others else Basis.NOTHING
    found = {
        "method": METHOD,
        "questionnaire": questionnaire.version,
        "overall": next((one.code for one in questionnaire.of_role(Role.OVERALL)), ""),
        "basis": basis.value,
        "responses": {
            "all": len(responses),
            "sampled": len(sampled),
            "voluntary": len(others),
            "screened_out": len(responses) - len(asked),
        },
        "weights": _weights(group),
        "strata": _strata(responses, strata),
        **_of(questionnaire, group),
        "standards": _standards(questionnaire, group, standards or {}),
        "drivers": _drivers(questionnaire, group, seed),
        "bracket": by_bracket(questionnaire, group, mix),
        "groups": by_group(questionnaire, group),
        "apart": _of(questionnaire, Group(others, is_voluntary=True)) if sampled and others else None,
    }
    found["changes"] = changes(before, found) if before is not None else None
    found["summary"] = _summary(found)
    return found


def _summary(found: Mapping[str, Any]) -> dict[str, Any]:
    """What the screens of many municipalities show of each, so that they need not read the rest."""
    code, compared = found["overall"], found["changes"]
    return {
        "basis": found["basis"],
        "top": found["items"][code]["top"] if code else None,
        "change": compared["items"].get(code) if compared else None,
    }


def _of(questionnaire: Questionnaire, group: Group) -> dict[str, Any]:
    tallies = {one.code: group.tally(one) for one in questionnaire.questions if one.codes}
    return {
        "items": {one.code: _item(one, tallies[one.code], group) for one in questionnaire.questions if one.codes},
        "components": _components(questionnaire, group),
        "measures": _measures(questionnaire, group),
    }


# --- Weights and response


def _weigh(group: Group, strata: Mapping[str, Asked]) -> None:
    """People of each stratum over its answers; a stratum that cannot be weighed leaves all unweighed, and says so."""
    import numpy as np

    names = list(strata)
    places = np.array([names.index(one.channel) if one.channel in strata else ABSENT for one in group.people])
    try:
        if (places == ABSENT).any():
            raise WeightingRefused("not_in_record", "channel")
        group.weights = weigh([], base_weights(places, names, [strata[name].population for name in names]))
    except WeightingRefused as refused:
        group.refused = {"code": refused.code, "category": refused.category}


def _weights(group: Group) -> dict[str, Any]:
    if group.weights is None:
        return {"used": False, "by": [], "refused": group.refused or None}
    return {
        "used": True,
        "by": list(WEIGHED_BY),
        "deff": group.weights.deff,
        "size": group.weights.size,
        "trimmed": group.weights.trimmed,
        "refused": None,
    }


def _strata(responses: Sequence[Answered], strata: Mapping[str, Asked]) -> dict[str, Any]:
    """Who answered, of those who were asked and were to be asked."""
    sampled = [one for one in responses if one.is_sampled]
    answered = Counter(one.channel for one in sampled if not one.is_screened_out)
    out = Counter(one.channel for one in sampled if one.is_screened_out)
    return {
        name: {
            "population": asked.population,
            "invited": asked.invited,
            "answered": answered[name],
            "screened_out": out[name],
            "rate": plain(response_rate(answered[name], max(asked.invited - out[name], answered[name]))),
        }
        for name, asked in strata.items()
    }


# --- Items


def _item(question: Question, tally: Tally, group: Group) -> dict[str, Any]:
    found: dict[str, Any] = {"counts": {code: cell.count for code, cell in tally.cells.items()}}
    if question.kind in MARKED:
        found |= {
            "top": group.shown(estimates.top_two(tally)),
            "net": group.shown(estimates.net(tally)),
            "mean": group.shown(estimates.mean_mark(tally)),
            "left_out": group.shown(estimates.left_out(tally)),
        }
    elif question.kind is Kind.RECOMMEND:
        found |= {
            "recommendation": group.shown(estimates.recommendation(tally)),
            "left_out": group.shown(estimates.left_out(tally)),
        }
    else:
        found["shares"] = {code: group.shown(one) for code, one in _shares(question, tally, group).items()}
    return found


def _shares(question: Question, tally: Tally, group: Group) -> dict[str, Estimate]:
    if question.kind is not Kind.MULTI:
        return {code: estimates.share(tally, [code]) for code in question.codes}
    whole = group.whole(question)
    return {code: _among(cell, whole) for code, cell in tally.cells.items()}


def _among(part: Cell, whole: Cell) -> Estimate:
    """A share of people who may be in several parts."""
    rest = Cell(whole.count - part.count, whole.weight - part.weight, max(0.0, whole.square - part.square))
    return estimates.share(Tally({"in": part, "out": rest}), ["in"]) if whole.count else NOTHING


def _components(questionnaire: Questionnaire, group: Group) -> dict[str, Any]:
    """Of the items that score, by the component each belongs to."""
    found: dict[str, list[Question]] = {}
    for question in questionnaire.questions:
        if question.component and question.kind in MARKED and question.role in (Role.SCORE, Role.TEAM):
            found.setdefault(question.component, []).append(question)
    return {code: group.shown(component(group.tops(items), group.each)) for code, items in found.items()}


def _measures(questionnaire: Questionnaire, group: Group) -> dict[str, Any]:
    """Of the items that measure each attribute and each standard of the catalogue."""
    found: dict[str, list[Question]] = {}
    for question in questionnaire.questions:
        if question.kind in MARKED:
            for code in (*question.attributes, *question.standards):
                found.setdefault(code, []).append(question)
    return {code: group.shown(component(group.tops(items), group.each)) for code, items in found.items()}


def _standards(
    questionnaire: Questionnaire, group: Group, standards: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, Any]]:
    """Of the items that measure each standard: those that name it, or any of its attributes."""
    marked = [one for one in questionnaire.questions if one.kind in MARKED]
    found: dict[str, dict[str, Any]] = {}
    known: dict[tuple[str, ...], dict[str, Any]] = {}
    for code, attributes in standards.items():
        items = [one for one in marked if code in one.standards or set(attributes) & set(one.attributes)]
        key = tuple(one.code for one in items)
        if items and key not in known:
            known[key] = group.shown(component(group.tops(items), group.each))
        if items:
            found[code] = known[key] | {"items": list(key)}
    return found


# --- Drivers


def _drivers(questionnaire: Questionnaire, group: Group, seed: int) -> dict[str, Any] | None:
    """What goes with the overall mark; None where the questionnaire names no drivers."""
    overall = questionnaire.of_role(Role.OVERALL)
    items = questionnaire.drivers
    if not overall or not items or not group.people:
        return None
    codes = [one.code for one in items]
    parts: dict[str, list[str]] = {}
    for one in items:
        parts.setdefault(one.component or "", []).append(one.code)
    controls = [group.codes(one) for one in questionnaire.of_role(Role.ADJUSTER) if one.kind is Kind.SINGLE]
    controls.append(served(questionnaire, group)[0])
    found = importance(
        group.marks(overall[:1])[:, 0],
        group.marks(items),
        codes,
        parts,
        controls,
        group.each,
        seed=seed,
    )
    tops = {one.code: estimates.top_two(group.tally(one)) for one in items} | _component_tops(items, group)
    return _plain_drivers(placed(found, tops), tops, group)


def _component_tops(items: Sequence[Question], group: Group) -> dict[str, Estimate]:
    parts: dict[str, list[Question]] = {}
    for one in items:
        parts.setdefault(one.component or "", []).append(one)
    return {code: component(group.tops(members), group.each) for code, members in parts.items()}


def _plain_drivers(found: Drivers, tops: Mapping[str, Estimate], group: Group) -> dict[str, Any]:
    """Where whoever wanted answered there is no margin of error here either."""
    rows = []
    for one in found.drivers:
        interval = None if group.is_voluntary else one.interval
        rows.append(
            {
                "code": one.code,
                "share": one.share,
                "low": interval.low if interval else None,
                "high": interval.high if interval else None,
                "quadrant": one.quadrant.value if one.quadrant else None,
                "is_clear": one.is_clear and interval is not None,
                "top": group.shown(tops[one.code]),
            }
        )
    return {
        "level": found.level.value,
        "n": found.n,
        "asked": found.asked,
        "explained": found.explained,
        "controls": found.controls,
        "why": found.why.value if found.why else None,
        "drivers": rows,
    }
