"""All the figures of one round from its responses, as plain values that can be stored. Pure.

Sampled responses and voluntary ones are never mixed: an open link says what whoever wanted thinks, and has no
margin of error. Where anybody was sampled, the figures are theirs and the others stand apart.
In prose: ``docs/algorithms/survey-scores.md`` and ``survey-weights.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from surveys.questionnaire.model import Kind, Question, Questionnaire, Role
from surveys.statistics import estimates
from surveys.statistics.drivers import Drivers, importance, placed
from surveys.statistics.estimates import NOTHING, Cell, Estimate, Tally, as_voluntary
from surveys.statistics.response import response_rate
from surveys.statistics.tallies import ABSENT, component, tally_item
from surveys.statistics.weighting import WeightingRefused, Weights, base_weights, weigh

if TYPE_CHECKING:
    import numpy as np

METHOD = "1"
MARKED = (Kind.MARK, Kind.AGREE)
TOP_MARKS = [float(mark) for mark in estimates.TOP]


@dataclass(frozen=True)
class Answered:
    """One response: its answers by code, the stratum it was asked in, and whether it was asked at all.

    ``is_screened_out``: an answer ended the survey before its questions. It counts as no answer, and its person
    as one who was not to be asked (ineligible, in AAPOR's Standard Definitions).
    """

    values: Mapping[str, tuple[str, ...]]
    channel: str = ""
    is_sampled: bool = True
    wave: int = 1
    is_screened_out: bool = False


@dataclass(frozen=True)
class Asked:
    """One stratum: its people, and how many of them were asked."""

    population: int
    invited: int


class Basis(StrEnum):
    """What the figures rest on."""

    SAMPLE = "sample"
    VOLUNTARY = "voluntary"
    NOTHING = "nothing"


@dataclass
class _Group:
    """The responses that one set of figures is computed from."""

    people: Sequence[Answered]
    is_voluntary: bool
    weights: Weights | None = None
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def each(self) -> np.ndarray | None:
        return self.weights.values if self.weights else None

    def shown(self, estimate: Estimate) -> dict[str, Any]:
        return plain(as_voluntary(estimate) if self.is_voluntary else estimate)


def figures(
    questionnaire: Questionnaire, responses: Sequence[Answered], strata: Mapping[str, Asked], seed: int = 1
) -> dict[str, Any]:
    """What a round found.

    :param strata: channel → who was to be asked; empty where everybody is (the team's survey), which needs no
        weights.
    :param seed: of the drivers' resampling, so that the same responses always give the same figures.
    """
    asked = [one for one in responses if not one.is_screened_out]
    sampled = [one for one in asked if one.is_sampled]
    others = [one for one in asked if not one.is_sampled]
    group = _Group(sampled or others, is_voluntary=not sampled)
    if sampled and strata:
        _weigh(group, strata)
    basis = Basis.SAMPLE if sampled else Basis.VOLUNTARY if others else Basis.NOTHING
    return {
        "method": METHOD,
        "questionnaire": questionnaire.version,
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
        "drivers": _drivers(questionnaire, group, seed),
        "apart": _of(questionnaire, _Group(others, is_voluntary=True)) if sampled and others else None,
    }


def plain(estimate: Estimate) -> dict[str, Any]:
    """An estimate as it is stored: value, number of people, effective number, interval or why there is none."""
    interval = estimate.interval
    return {
        "value": estimate.value,
        "n": estimate.n,
        "size": round(estimate.size, 6),
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "silence": estimate.silence.value if estimate.silence else None,
    }


def _of(questionnaire: Questionnaire, group: _Group) -> dict[str, Any]:
    tallies = {one.code: _tally(one, group) for one in questionnaire.questions if one.codes}
    return {
        "items": {one.code: _item(one, tallies[one.code], group) for one in questionnaire.questions if one.codes},
        "components": _components(questionnaire, group),
        "measures": _measures(questionnaire, group),
    }


# --- Weights and response


def _weigh(group: _Group, strata: Mapping[str, Asked]) -> None:
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


def _weights(group: _Group) -> dict[str, Any]:
    if group.weights is None:
        return {"used": False, "refused": group.refused or None}
    return {
        "used": True,
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


def _codes(question: Question, people: Sequence[Answered]) -> np.ndarray:
    import numpy as np

    place = {code: number for number, code in enumerate(question.codes)}
    given = [one.values.get(question.code, ()) for one in people]
    return np.array([place[answer[0]] if answer else ABSENT for answer in given], dtype=np.int64)


def _tally(question: Question, group: _Group) -> Tally:
    import numpy as np

    if question.kind is Kind.MULTI:
        return _several(question, group)
    everybody = np.zeros(len(group.people), dtype=np.int64)
    return tally_item(_codes(question, group.people), question.codes, everybody, 1, group.each)[0]


def _several(question: Question, group: _Group) -> Tally:
    """Each option with the people who chose it; their sum is more than the people."""
    each = group.each.tolist() if group.each is not None else [1.0] * len(group.people)
    cells = dict.fromkeys(question.codes, Cell())
    for weight, one in zip(each, group.people, strict=True):
        for code in one.values.get(question.code, ()):
            cells[code] += Cell(1, weight, weight * weight)
    return Tally(cells)


def _item(question: Question, tally: Tally, group: _Group) -> dict[str, Any]:
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


def _shares(question: Question, tally: Tally, group: _Group) -> dict[str, Estimate]:
    if question.kind is not Kind.MULTI:
        return {code: estimates.share(tally, [code]) for code in question.codes}
    who = [place for place, one in enumerate(group.people) if one.values.get(question.code)]
    each = [float(group.each[place]) if group.each is not None else 1.0 for place in who]
    whole = Cell(len(who), sum(each), sum(weight * weight for weight in each))
    return {code: _among(cell, whole) for code, cell in tally.cells.items()}


def _among(part: Cell, whole: Cell) -> Estimate:
    """A share of people who may be in several parts."""
    rest = Cell(whole.count - part.count, whole.weight - part.weight, max(0.0, whole.square - part.square))
    return estimates.share(Tally({"in": part, "out": rest}), ["in"]) if whole.count else NOTHING


def _tops(questions: Sequence[Question], people: Sequence[Answered]) -> np.ndarray:
    """(people × items) 1 for a mark of 6 or 7, 0 for another, NaN without one."""
    import numpy as np

    marks = _marks(questions, people)
    return np.where(np.isnan(marks), marks, np.isin(marks, TOP_MARKS))


def _components(questionnaire: Questionnaire, group: _Group) -> dict[str, Any]:
    """Of the items that score, by the component each belongs to."""
    found: dict[str, list[Question]] = {}
    for question in questionnaire.questions:
        if question.component and question.kind in MARKED and question.role in (Role.SCORE, Role.TEAM):
            found.setdefault(question.component, []).append(question)
    return {code: group.shown(component(_tops(items, group.people), group.each)) for code, items in found.items()}


def _measures(questionnaire: Questionnaire, group: _Group) -> dict[str, Any]:
    """Of the items that measure each attribute and each standard of the catalogue."""
    found: dict[str, list[Question]] = {}
    for question in questionnaire.questions:
        if question.kind in MARKED:
            for code in (*question.attributes, *question.standards):
                found.setdefault(code, []).append(question)
    return {code: group.shown(component(_tops(items, group.people), group.each)) for code, items in found.items()}


# --- Drivers


def _drivers(questionnaire: Questionnaire, group: _Group, seed: int) -> dict[str, Any] | None:
    """What goes with the overall mark; None where the questionnaire names no drivers."""
    overall = questionnaire.of_role(Role.OVERALL)
    items = questionnaire.drivers
    if not overall or not items or not group.people:
        return None
    codes = [one.code for one in items]
    parts: dict[str, list[str]] = {}
    for one in items:
        parts.setdefault(one.component or "", []).append(one.code)
    controls = [_codes(one, group.people) for one in questionnaire.of_role(Role.ADJUSTER) if one.kind is Kind.SINGLE]
    found = importance(
        _marks(overall[:1], group.people)[:, 0],
        _marks(items, group.people),
        codes,
        parts,
        controls,
        group.each,
        seed=seed,
    )
    tops = {one.code: estimates.top_two(_tally(one, group)) for one in items}
    return _plain_drivers(placed(found, tops | _component_tops(items, group)))


def _component_tops(items: Sequence[Question], group: _Group) -> dict[str, Estimate]:
    parts: dict[str, list[Question]] = {}
    for one in items:
        parts.setdefault(one.component or "", []).append(one)
    return {code: component(_tops(members, group.people), group.each) for code, members in parts.items()}


def _marks(questions: Sequence[Question], people: Sequence[Answered]) -> np.ndarray:
    """(people × items) marks, NaN without one."""
    import numpy as np

    found = np.full((len(people), len(questions)), np.nan)
    for row, one in enumerate(people):
        for column, question in enumerate(questions):
            answer = one.values.get(question.code, ("",))[0]
            if answer.isdigit():
                found[row, column] = float(answer)
    return found


def _plain_drivers(found: Drivers) -> dict[str, Any]:
    return {
        "level": found.level.value,
        "n": found.n,
        "asked": found.asked,
        "explained": found.explained,
        "controls": found.controls,
        "why": found.why.value if found.why else None,
        "drivers": [
            {
                "code": one.code,
                "share": one.share,
                "low": one.interval.low if one.interval else None,
                "high": one.interval.high if one.interval else None,
                "quadrant": one.quadrant.value if one.quadrant else None,
                "is_clear": one.is_clear,
            }
            for one in found.drivers
        ],
    }
