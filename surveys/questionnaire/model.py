"""What a questionnaire is. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

NOT_APPLICABLE, DONT_KNOW = "na", "dk"
OUTSIDE = (NOT_APPLICABLE, DONT_KNOW)
LONGEST_TEXT = 1_000


class Kind(StrEnum):
    """How a question is answered. Marks and agreement go from 1 to 7, recommendation from 0 to 10; each of
    the three also takes «does not apply» and «don't know»."""

    MARK = "mark7"
    AGREE = "agree7"
    RECOMMEND = "nps11"
    SINGLE = "single"
    MULTI = "multi"
    TEXT = "text"


SCALES: dict[Kind, tuple[str, ...]] = {
    Kind.MARK: (*map(str, range(1, 8)), *OUTSIDE),
    Kind.AGREE: (*map(str, range(1, 8)), *OUTSIDE),
    Kind.RECOMMEND: (*map(str, range(11)), *OUTSIDE),
}


class Role(StrEnum):
    """What a question is for. ``CONTEXT`` is counted and enters no score."""

    FILTER = "filter"
    OVERALL = "overall"
    SCORE = "score"
    EFFORT = "effort"
    PROBLEM = "problem"
    SOLVED = "solved"
    RECOMMEND = "recommend"
    ADJUSTER = "adjuster"
    OPEN = "open"
    DEMOGRAPHIC = "demographic"
    TEAM = "team"
    CONTEXT = "context"


class Channel(StrEnum):
    """Through which channel a person was served: a stratum, and which wording is read."""

    IN_PERSON = "in_person"
    OUTREACH = "outreach"
    VIRTUAL = "virtual"


@dataclass(frozen=True)
class Words:
    """One text in both languages."""

    es: str = ""
    en: str = ""


@dataclass(frozen=True)
class Option:
    """One answer of a closed question.

    ``channel``: choosing it says through which channel the person was served. ``is_exclusive``: of several
    answers it stands alone («none»). ``ends``: nothing more is asked.
    """

    value: str
    label: Words
    channel: Channel | None = None
    is_exclusive: bool = False
    ends: bool = False


@dataclass(frozen=True)
class Condition:
    """An earlier question was answered with one of ``values``; with ``negated``, answered with none of them."""

    question: str
    values: tuple[str, ...]
    negated: bool = False

    def holds(self, answer: tuple[str, ...]) -> bool:
        """False without an answer, whichever way the condition asks."""
        return bool(answer) and (not set(answer) & set(self.values)) == self.negated


@dataclass(frozen=True)
class Question:
    """One question. ``when``: all must hold for it to be asked. ``attributes`` and ``standards``: codes of the
    catalogue that it measures. ``audience``: of a team survey, who is asked; everybody where empty."""

    code: str
    kind: Kind
    text: Words
    role: Role
    virtual: Words | None = None
    note: Words | None = None
    component: str | None = None
    attributes: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    is_driver: bool = False
    is_required: bool = False
    options: tuple[Option, ...] = ()
    when: tuple[Condition, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that an answer may have; none of a free text."""
        return SCALES.get(self.kind) or tuple(option.value for option in self.options)

    def wording(self, channel: Channel | None) -> Words:
        """As it is read to somebody who was served through that channel."""
        return self.virtual if channel is Channel.VIRTUAL and self.virtual else self.text

    def option(self, value: str) -> Option | None:
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True)
class Questionnaire:
    """A version of a questionnaire. ``status`` says what it rests on, such as ``drafted``."""

    version: str
    title: Words
    status: str
    questions: tuple[Question, ...]
    consent: Words = field(default_factory=Words)
    scale_help: Words = field(default_factory=Words)
    status_note: Words = field(default_factory=Words)
    minutes: int | None = None

    @cached_property
    def by_code(self) -> dict[str, Question]:
        return {question.code: question for question in self.questions}

    def of_role(self, *roles: Role) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.role in roles)

    @property
    def drivers(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.is_driver)

    def for_audience(self, audience: str) -> Questionnaire:
        """The same questionnaire with what is asked of that audience."""
        asked = tuple(question for question in self.questions if not question.audience or audience in question.audience)
        return replace(self, questions=asked)

    def measured(self) -> Iterator[tuple[str, Question]]:
        """(code of a component, an attribute or a standard, question that measures it)."""
        for question in self.questions:
            for code in (question.component, *question.attributes, *question.standards):
                if code:
                    yield code, question

    def items_by(self) -> dict[str, tuple[str, ...]]:
        """Code of a component, an attribute or a standard → codes of the marks that measure it."""
        found: dict[str, list[str]] = {}
        for code, question in self.measured():
            if question.kind in (Kind.MARK, Kind.AGREE):
                found.setdefault(code, []).append(question.code)
        return {code: tuple(items) for code, items in found.items()}
