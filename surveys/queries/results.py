"""What of a round's frozen figures may be shown, and to whom (docs/algorithms/survey-disclosure.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.foundation.ui.translated import localized
from quality.queries.catalogue import latest_version
from surveys.models import Round
from surveys.questionnaire.model import OUTSIDE, Kind, Question, Questionnaire, Role
from surveys.statistics.disclosure import INSIDE, PUBLIC, TEAM, hidden_cells

# What a citizen is not shown, even where there are many: who answered is nobody's business.
ONLY_INSIDE = frozenset({Role.DEMOGRAPHIC, Role.ADJUSTER})


@dataclass(frozen=True)
class Shown:
    """One figure in percent; ``value`` None where nobody answered or too few did (``is_hidden``).

    ``low`` and ``high`` are None where there is no interval; ``silence`` says why.
    """

    value: float | None
    n: int | None
    low: float | None = None
    high: float | None = None
    silence: str = ""
    is_hidden: bool = False

    @property
    def whole(self) -> int | None:
        """The value as it is read: a decimal would pretend to know more than the interval allows."""
        return None if self.value is None else round(self.value)


HIDDEN = Shown(None, None, is_hidden=True)


@dataclass(frozen=True)
class Item:
    """One question with marks. ``left_out``: percent who did not know or to whom it does not apply."""

    question: Question
    top: Shown
    net: Shown
    left_out: Shown


@dataclass(frozen=True)
class Choice:
    """One question with options: each with its share."""

    question: Question
    shares: list[tuple[str, Shown]]


@dataclass(frozen=True)
class Results:
    """What is shown of one round."""

    round: Round
    basis: str
    sampled: int
    voluntary: int
    screened_out: int
    is_hidden: bool
    overall: Item | None
    items: list[Item]
    components: list[tuple[str, Shown]]
    choices: list[Choice]
    strata: dict[str, Any]
    weights: dict[str, Any]
    drivers: list[tuple[Question | str, int]]


def results(round: Round, *, public: bool) -> Results:
    """The figures of a published round, with what could give somebody away taken out."""
    figures = round.result.figures
    k = PUBLIC if public else TEAM if round.asks_everybody else INSIDE
    counts = figures["responses"]
    shown = counts["sampled"] or counts["voluntary"]
    if shown < k:
        return Results(round, figures["basis"], 0, 0, 0, True, None, [], [], [], {}, {}, [])
    questionnaire, names = round.questionnaire, _component_names()
    items = [_item(one, figures["items"][one.code], k) for one in questionnaire.questions if one.kind in _MARKED]
    choices = [
        _choice(one, figures["items"][one.code], k)
        for one in questionnaire.questions
        if one.kind in (Kind.SINGLE, Kind.MULTI) and not (public and one.role in ONLY_INSIDE)
    ]
    return Results(
        round=round,
        basis=figures["basis"],
        sampled=counts["sampled"],
        voluntary=counts["voluntary"],
        screened_out=counts["screened_out"],
        is_hidden=False,
        overall=next((one for one in items if one.question.role is Role.OVERALL), None),
        items=[one for one in items if one.question.role is not Role.OVERALL],
        components=[(names.get(code, code), _shown(one, k)) for code, one in figures["components"].items()],
        choices=choices,
        strata={} if public else figures["strata"],
        weights=figures["weights"],
        drivers=_drivers(figures["drivers"], questionnaire, names),
    )


_MARKED = (Kind.MARK, Kind.AGREE)


def _item(question: Question, found: Mapping[str, Any], k: int) -> Item:
    return Item(question, _shown(found["top"], k), _shown(found["net"], k), _shown(found["left_out"], k))


def _component_names() -> dict[str, str]:
    """By the names that the catalogue gives them."""
    version = latest_version()
    return {one.code: localized(one.name) for one in version.components.all()} if version else {}


def _drivers(
    found: Mapping[str, Any] | None, questionnaire: Questionnaire, names: Mapping[str, str]
) -> list[tuple[Question | str, int]]:
    """(question or name of a component, share in whole percent), the most important first."""
    rows = sorted(found["drivers"], key=lambda one: -one["share"]) if found else []
    return [
        (questionnaire.by_code.get(one["code"]) or names.get(one["code"], one["code"]), round(100 * one["share"]))
        for one in rows
    ]


def _choice(question: Question, found: Mapping[str, Any], k: int) -> Choice:
    """Options of a question with one answer add up to its total, so that a hidden one takes another along."""
    codes = [code for code in found["shares"] if code not in OUTSIDE]
    counts = [found["counts"][code] for code in codes]
    if question.kind is Kind.MULTI:
        hidden = {place for place, count in enumerate(counts) if count < k}
    else:
        hidden = hidden_cells(counts, k) if sum(counts) >= k else set(range(len(codes)))
    return Choice(
        question,
        [(code, HIDDEN if place in hidden else _shown(found["shares"][code], k)) for place, code in enumerate(codes)],
    )


def _shown(found: Mapping[str, Any], k: int) -> Shown:
    if 0 < found["n"] < k:
        return HIDDEN
    return Shown(
        value=_percent(found["value"]),
        n=found["n"],
        low=_percent(found["low"]),
        high=_percent(found["high"]),
        silence=found["silence"] or "",
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
