"""Parts of a round's frozen figures as they may be shown: what changed, what weighs, the bracket, each group.

What is hidden here is hidden for everybody under the same rules (docs/algorithms/survey-disclosure.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from surveys.questionnaire.model import Question, Questionnaire, Role
from surveys.statistics.disclosure import PUBLIC, hidden_cells, hidden_in_table
from surveys.statistics.profiles import CHANNEL, NOT_SAID


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


def shown(found: Mapping[str, Any], k: int) -> Shown:
    """A stored figure, hidden where fewer than ``k`` people are in it."""
    if 0 < found["n"] < k:
        return HIDDEN
    return Shown(
        value=percent(found["value"]),
        n=found["n"],
        low=percent(found["low"]),
        high=percent(found["high"]),
        silence=found["silence"] or "",
    )


def percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


# --- What changed


@dataclass(frozen=True)
class ChangeShown:
    """From the year before: in points, with the interval of the difference. ``verdict`` says what may be claimed."""

    what: Question | str
    before: Shown
    after: Shown
    verdict: str
    points: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_told(self) -> bool:
        return self.points is not None


@dataclass(frozen=True)
class Changes:
    """``year`` is the one compared with; ``obstacles`` say why the two years are no comparison."""

    year: int
    obstacles: list[str]
    overall: ChangeShown | None
    components: list[ChangeShown]
    items: list[ChangeShown]
    standardized: ChangeShown | None

    @property
    def claimed(self) -> list[ChangeShown]:
        """Those that went up or down, for whoever reads no table."""
        return [one for one in (*self.components, *self.items) if one.verdict in ("up", "down") and one.is_told]


def changes(
    figures: Mapping[str, Any], questionnaire: Questionnaire, names: Mapping[str, str], k: int
) -> Changes | None:
    """None where there was no survey the year before, or nothing was compared then."""
    found = figures.get("changes")
    if not found:
        return None
    items, overall = [], None
    for code, one in found["items"].items():
        question = questionnaire.by_code.get(code)
        if question is None:
            continue
        made = _change(question, one, figures["items"][code]["top"], k)
        if question.role is Role.OVERALL:
            overall = made
        else:
            items.append(made)
    components = [
        _change(names.get(code, code), one, figures["components"][code], k) for code, one in found["components"].items()
    ]
    standardized = None
    if found["standardized"] and overall:
        standardized = _change(overall.what, found["standardized"], figures["bracket"]["standardized"], k)
    return Changes(found["year"], found["obstacles"], overall, components, items, standardized)


def _change(what: Question | str, found: Mapping[str, Any], after: Mapping[str, Any], k: int) -> ChangeShown:
    """A difference gives both figures away, so that it is told where both are."""
    old = shown(found["before"], k) if found["before"] else Shown(None, 0)
    new = shown(after, k)
    if old.is_hidden or new.is_hidden or found["difference"] is None:
        return ChangeShown(what, old, new, "not_comparable")
    low, high = percent(found["low"]), percent(found["high"])
    return ChangeShown(what, old, new, found["verdict"], percent(found["difference"]), low, high)


# --- What weighs


@dataclass(frozen=True)
class DriverShown:
    """``share`` of what the drivers explain; ``top``: how well it does. ``quadrant`` "" where that is not known."""

    what: Question | str
    code: str
    share: Shown
    top: Shown
    quadrant: str
    is_clear: bool


@dataclass(frozen=True)
class Drivers:
    """``level`` items, components or none; ``why`` there is none. ``explained`` in percent of the overall mark."""

    level: str
    n: int
    why: str
    explained: float | None
    rows: list[DriverShown]

    def in_quadrant(self, quadrant: str) -> list[DriverShown]:
        return [one for one in self.rows if one.quadrant == quadrant]

    @property
    def to_improve(self) -> list[DriverShown]:
        return self.in_quadrant("improve")

    @property
    def to_keep(self) -> list[DriverShown]:
        return self.in_quadrant("keep")


def drivers(
    found: Mapping[str, Any] | None, questionnaire: Questionnaire, names: Mapping[str, str], k: int
) -> Drivers | None:
    """The most important first; None where the questionnaire names none or nobody answered."""
    if not found:
        return None
    rows = [
        DriverShown(
            what=questionnaire.by_code.get(one["code"]) or names.get(one["code"], one["code"]),
            code=one["code"],
            share=Shown(percent(one["share"]), found["n"], percent(one["low"]), percent(one["high"])),
            top=shown(one["top"], k) if "top" in one else Shown(None, 0),
            quadrant=one["quadrant"] or "",
            is_clear=one["is_clear"],
        )
        for one in sorted(found["drivers"], key=lambda one: -one["share"])
    ]
    return Drivers(found["level"], found["n"], found["why"] or "", percent(found["explained"]), rows)


# --- The bracket


@dataclass(frozen=True)
class Bracket:
    """The overall mark raw and with the same mix of brackets for all.

    ``only_raw`` says why there is no standardized one. ``unknown``: percent whose bracket is not known. ``rows``:
    (code, figure) of each bracket, "" for who did not answer; empty for the public.
    """

    question: Question
    raw: Shown
    standardized: Shown | None
    only_raw: str
    unknown: float | None
    mix: list[tuple[str, float]]
    rows: list[tuple[str, Shown]]


def bracket(figures: Mapping[str, Any], questionnaire: Questionnaire, *, public: bool, k: int) -> Bracket | None:
    """By who people are, so that ``PUBLIC`` people are needed inside the municipality, too."""
    found = figures.get("bracket")
    question = questionnaire.by_code.get(found["question"]) if found else None
    if not found or question is None or found["raw"]["n"] < k:
        return None
    total = sum(found["mix"].values()) if found["mix"] else 0
    rows: list[tuple[str, Shown]] = []
    if not public:
        codes = list(found["rows"])
        hidden = hidden_cells([found["rows"][code]["n"] for code in codes], PUBLIC)
        rows = [
            (code, HIDDEN if place in hidden else shown(found["rows"][code], PUBLIC))
            for place, code in enumerate(codes)
            if code != NOT_SAID or found["rows"][code]["n"]
        ]
    return Bracket(
        question=question,
        raw=shown(found["raw"], k),
        standardized=shown(found["standardized"], k) if found["standardized"] else None,
        only_raw=found["only_raw"] or "",
        unknown=percent(found["unknown"]),
        mix=[(code, 100 * part / total) for code, part in found["mix"].items()] if total else [],
        rows=rows,
    )


# --- What each group finds hard

HARDEST = 3


@dataclass(frozen=True)
class GroupShown:
    """One group of people: whether it was easy, whether they met a problem, and what they mark lowest."""

    name: str
    easy: Shown
    problem: Shown
    hardest: list[tuple[Question, Shown]]


@dataclass(frozen=True)
class Grouping:
    """People told apart by one thing: ``question``, None where it is how they were served."""

    question: Question | None
    groups: list[GroupShown] = field(default_factory=list)


def groupings(figures: Mapping[str, Any], questionnaire: Questionnaire) -> list[Grouping]:
    """By how people were served and by what they say of themselves, ten people at least in each figure."""
    found = []
    for one in figures.get("groups") or []:
        question = None if one["by"] == CHANNEL else questionnaire.by_code.get(one["by"])
        if question is None and one["by"] != CHANNEL:
            continue
        names = list(one["people"])
        effort = questionnaire.of_role(Role.EFFORT)
        easy = _shown_in(one["items"].get(effort[0].code, {}) if effort else {}, names)
        marks = {
            each: _shown_in(one["items"][each.code], names)
            for each in questionnaire.of_role(Role.SCORE)
            if each.code in one["items"]
        }
        problem = _problems(one["problem"], names)
        groups = [GroupShown(name, easy[name], problem[name], _hardest(marks, name)) for name in names]
        if any(one["people"].values()):
            found.append(Grouping(question, groups))
    return found


def _shown_in(rows: Mapping[str, Any], names: Sequence[str]) -> dict[str, Shown]:
    """The figure of each group beside that of all: one hidden takes another along."""
    counts = [rows[name]["n"] if name in rows else 0 for name in names]
    hidden = hidden_cells(counts, PUBLIC) if sum(counts) >= PUBLIC else set(range(len(names)))
    return {name: HIDDEN if place in hidden else shown(rows[name], PUBLIC) for place, name in enumerate(names)}


def _problems(rows: Mapping[str, Any] | None, names: Sequence[str]) -> dict[str, Shown]:
    """The share of those with a problem tells of those without one, too: a table of both."""
    if not rows:
        return dict.fromkeys(names, HIDDEN)
    table = [[rows[name]["count"], rows[name]["n"] - rows[name]["count"]] for name in names]
    sums = [sum(row) for row in table]
    columns = [sum(row[place] for row in table) for place in (0, 1)]
    if min(columns) < PUBLIC or sum(sums) < PUBLIC:
        return dict.fromkeys(names, HIDDEN)
    apart = hidden_cells(sums, PUBLIC)
    # Groups whose own number is hidden are one to a reader, who knows only their sum.
    rest = [sum(table[place][column] for place in apart) for column in (0, 1)]
    shown_places = [place for place in range(len(names)) if place not in apart]
    merged = [table[place] for place in shown_places] + ([rest] if apart else [])
    cells = hidden_in_table(merged, PUBLIC)
    told = {place for row, place in enumerate(shown_places) if (row, 0) not in cells and (row, 1) not in cells}
    return {name: shown(rows[name], PUBLIC) if place in told else HIDDEN for place, name in enumerate(names)}


def _hardest(marks: Mapping[Question, Mapping[str, Shown]], name: str) -> list[tuple[Question, Shown]]:
    known = [(question, rows[name]) for question, rows in marks.items() if rows[name].value is not None]
    return sorted(known, key=lambda one: (one[1].value or 0.0, one[0].code))[:HARDEST]
