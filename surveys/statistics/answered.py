"""The responses that one set of figures is computed from, as columns: each question is read once. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from surveys.questionnaire.model import Kind, Question
from surveys.statistics import estimates
from surveys.statistics.estimates import Cell, Estimate, Silence, Tally, as_voluntary
from surveys.statistics.intervals import Interval
from surveys.statistics.tallies import ABSENT, cells_of, tally_item
from surveys.statistics.weighting import Weights

if TYPE_CHECKING:
    import numpy as np

TOP_MARKS = [float(mark) for mark in estimates.TOP]
MARKED = (Kind.MARK, Kind.AGREE)


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


@dataclass
class Group:
    """People whose answers are counted together. ``codes``: place of each answer among the question's codes."""

    people: Sequence[Answered]
    is_voluntary: bool
    weights: Weights | None = None
    refused: dict[str, str] = field(default_factory=dict)
    _codes: dict[str, np.ndarray] = field(default_factory=dict)
    _marks: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def each(self) -> np.ndarray | None:
        return self.weights.values if self.weights else None

    def shown(self, estimate: Estimate) -> dict[str, Any]:
        return plain(self.told(estimate))

    def told(self, estimate: Estimate) -> Estimate:
        return as_voluntary(estimate) if self.is_voluntary else estimate

    def codes(self, question: Question) -> np.ndarray:
        """(people,) place of the answer in the question's codes, :data:`ABSENT` without one; of several, the first."""
        import numpy as np

        found = self._codes.get(question.code)
        if found is None:
            code, numbered = question.code, enumerate(question.codes)
            given = [one.values.get(code) for one in self.people]
            if question.kind is Kind.MULTI:
                first = {one: number for number, one in numbered}
                places = [first[answer[0]] if answer else ABSENT for answer in given]
            else:
                # A look-up for each answer: half a million people have millions of them.
                whole: dict[tuple[str, ...] | None, int] = {None: ABSENT, (): ABSENT}
                whole |= {(one,): number for number, one in numbered}
                places = [whole[answer] for answer in given]
            found = np.array(places, dtype=np.int64)
            self._codes[code] = found
        return found

    def chosen(self, question: Question) -> np.ndarray:
        """(people × options) whether each was chosen, of a question with several answers."""
        import numpy as np

        place, code = {one: number for number, one in enumerate(question.codes)}, question.code
        found = np.zeros((len(self.people), len(place)), dtype=bool)
        for row, one in enumerate(self.people):
            for answer in one.values.get(code, ()):
                found[row, place[answer]] = True
        return found

    def marks(self, questions: Sequence[Question]) -> np.ndarray:
        """(people × questions) marks, NaN without one."""
        import numpy as np

        if not questions:
            return np.empty((len(self.people), 0))
        return np.column_stack([self._mark(one) for one in questions])

    def _mark(self, question: Question) -> np.ndarray:
        import numpy as np

        found = self._marks.get(question.code)
        if found is None:
            values = np.array([float(code) if code.isdigit() else np.nan for code in question.codes] + [np.nan])
            # The place of nobody's answer is the last one.
            found = values[self.codes(question)]
            self._marks[question.code] = found
        return found

    def tops(self, questions: Sequence[Question]) -> np.ndarray:
        """(people × questions) 1 for a mark of 6 or 7, 0 for another, NaN without one."""
        import numpy as np

        marks = self.marks(questions)
        return np.where(np.isnan(marks), marks, np.isin(marks, TOP_MARKS))

    def tally(self, question: Question) -> Tally:
        import numpy as np

        if question.kind is Kind.MULTI:
            return Tally(cells_of(self.chosen(question), question.codes, self.each))
        everybody = np.zeros(len(self.people), dtype=np.int64)
        return tally_item(self.codes(question), question.codes, everybody, 1, self.each)[0]

    def tallies_by(self, question: Question, groups: np.ndarray, count: int) -> list[Tally]:
        """The tally of each of ``count`` groups."""
        return tally_item(self.codes(question), question.codes, groups, count, self.each)

    def whole(self, question: Question) -> Cell:
        """Who answered the question at all."""
        import numpy as np

        taken = self.codes(question) != ABSENT
        each = np.ones(len(self.people)) if self.each is None else self.each
        weights = each[taken]
        return Cell(int(taken.sum()), float(weights.sum()), float(weights @ weights))


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


def stored(found: Mapping[str, Any] | None) -> Estimate:
    """The estimate that :func:`plain` stored."""
    if not found or found["value"] is None:
        return estimates.NOTHING
    interval = None if found["low"] is None else Interval(found["low"], found["high"])
    return Estimate(found["value"], found["n"], found["size"], interval, _silence(found["silence"]))


def _silence(code: str | None) -> Silence | None:
    return Silence(code) if code else None
