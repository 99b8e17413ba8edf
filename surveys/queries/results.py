"""What of a round's frozen figures may be shown, and to whom (docs/algorithms/survey-disclosure.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.foundation.ui.translated import localized
from quality.queries.catalogue import latest_version
from surveys.models import Round
from surveys.queries.result_parts import (
    HIDDEN,
    Bracket,
    Changes,
    Drivers,
    Grouping,
    Shown,
    bracket,
    changes,
    drivers,
    groupings,
    shown,
)
from surveys.queries.rounds import last_day
from surveys.questionnaire.model import OUTSIDE, Kind, Question, Role
from surveys.statistics.disclosure import INSIDE, PUBLIC, TEAM, hidden_cells, hidden_options

# What a citizen is not shown, even where there are many: who answered is nobody's business.
ONLY_INSIDE = frozenset({Role.DEMOGRAPHIC, Role.ADJUSTER})


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
    population: int = 0
    invited: int = 0
    drivers: Drivers | None = None
    bracket: Bracket | None = None
    changes: Changes | None = None
    groups: list[Grouping] = field(default_factory=list)

    @property
    def last_day(self) -> date:
        return last_day(self.round)

    @property
    def answers(self) -> int:
        """Those that the figures stand on."""
        return self.sampled or self.voluntary


def results(round: Round, *, public: bool) -> Results:
    """The figures of a published round, with what could give somebody away taken out."""
    figures = round.result.figures
    k = PUBLIC if public else TEAM if round.asks_everybody else INSIDE
    counts = figures["responses"]
    if (counts["sampled"] or counts["voluntary"]) < k:
        return Results(round, figures["basis"], 0, 0, 0, True, None, [], [], [], {}, {})
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
        components=[(names.get(code, code), shown(one, k)) for code, one in figures["components"].items()],
        choices=choices,
        strata={} if public else figures["strata"],
        weights=figures["weights"],
        population=sum(one["population"] for one in figures["strata"].values()),
        invited=sum(one["invited"] for one in figures["strata"].values()),
        drivers=None if public else drivers(figures["drivers"], questionnaire, names, k),
        bracket=bracket(figures, questionnaire, public=public, k=k),
        changes=changes(figures, questionnaire, names, k),
        groups=groupings(figures, questionnaire),
    )


_MARKED = (Kind.MARK, Kind.AGREE)


def _item(question: Question, found: Mapping[str, Any], k: int) -> Item:
    return Item(question, shown(found["top"], k), shown(found["net"], k), shown(found["left_out"], k))


def _component_names() -> dict[str, str]:
    """By the names that the catalogue gives them."""
    version = latest_version()
    return {one.code: localized(one.name) for one in version.components.all()} if version else {}


def _choice(question: Question, found: Mapping[str, Any], k: int) -> Choice:
    """Options of a question with one answer add up to its total, so that a hidden one takes another along; of one
    with several each tells of those who did not choose it, too."""
    codes = [code for code in found["shares"] if code not in OUTSIDE]
    counts = [found["counts"][code] for code in codes]
    if question.kind is Kind.MULTI:
        alone = {place for place, code in enumerate(codes) if (one := question.option(code)) and one.is_exclusive}
        whole = max((found["shares"][code]["n"] for code in codes), default=0)
        hidden = hidden_options(counts, whole, alone, k)
    else:
        hidden = hidden_cells(counts, k) if sum(counts) >= k else set(range(len(codes)))
    return Choice(
        question,
        [(code, HIDDEN if place in hidden else shown(found["shares"][code], k)) for place, code in enumerate(codes)],
    )
