"""Which questions apply, and whether the answers given can be. Pure.

Questions are gone through in order: each is asked or not by what was answered before it. What somebody
answered before going back, and is no longer asked, is dropped without a word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from surveys.questionnaire.model import LONGEST_TEXT, Channel, Kind, Question, Questionnaire

MOST_UNKNOWN = 20

Answer = tuple[str, ...]


class Error(StrEnum):
    """What is wrong with one answer."""

    REQUIRED = "required"
    NOT_AN_OPTION = "not_an_option"
    OFF_SCALE = "off_scale"
    SEVERAL = "several"
    TWICE = "twice"
    EXCLUSIVE = "exclusive"
    TOO_LONG = "too_long"
    NOT_TEXT = "not_text"
    UNKNOWN_QUESTION = "unknown_question"


@dataclass(frozen=True)
class Checked:
    """``values``: code of a question → its answer, codes in the question's own order, or a text.

    ``errors``: code → what is wrong. ``asked``: codes that applied, in order. ``dropped``: answers to what
    was not asked. ``ended``: an answer ended the survey early. ``channel``: through which the person was
    served, where that was said.
    """

    values: dict[str, Answer]
    errors: dict[str, Error]
    asked: tuple[str, ...]
    dropped: tuple[str, ...] = ()
    ended: bool = False
    channel: Channel | None = None

    @property
    def is_whole(self) -> bool:
        return not self.errors


@dataclass
class _Walk:
    values: dict[str, Answer] = field(default_factory=dict)
    errors: dict[str, Error] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    ended: bool = False
    channel: Channel | None = None


def check(questionnaire: Questionnaire, given: Mapping[str, object]) -> Checked:
    """What of ``given`` can be kept.

    :param given: code → a text, or a list of texts; nothing, an empty text or list is no answer.
    """
    walk = _Walk()
    for question in questionnaire.questions:
        answer, error = _read(question, given.get(question.code))
        if walk.ended or not applies(question, walk.values):
            walk.dropped += [question.code] if answer or error else []
            continue
        walk.asked.append(question.code)
        if error or (question.is_required and not answer):
            walk.errors[question.code] = error or Error.REQUIRED
        elif answer:
            walk.values[question.code] = answer
            _follow(walk, question, answer)
    unknown = [code for code in given if code not in questionnaire.by_code][:MOST_UNKNOWN]
    walk.errors |= {str(code)[:80]: Error.UNKNOWN_QUESTION for code in unknown}
    return Checked(walk.values, walk.errors, tuple(walk.asked), tuple(walk.dropped), walk.ended, walk.channel)


def applies(question: Question, values: Mapping[str, Answer]) -> bool:
    """Whether every condition of the question holds."""
    return all(condition.holds(values.get(condition.question, ())) for condition in question.when)


def asked(questionnaire: Questionnaire, given: Mapping[str, object]) -> tuple[Question, ...]:
    """The questions that apply, by the answers given so far."""
    return tuple(questionnaire.by_code[code] for code in check(questionnaire, given).asked)


def _follow(walk: _Walk, question: Question, answer: Answer) -> None:
    option = question.option(answer[0]) if question.kind is Kind.SINGLE else None
    if option is not None:
        walk.ended = option.ends
        walk.channel = option.channel or walk.channel


def _read(question: Question, value: object) -> tuple[Answer, Error | None]:
    parts = [value] if isinstance(value, str) else value
    if parts is None:
        return (), None
    if not isinstance(parts, Sequence) or not all(isinstance(part, str) for part in parts):
        return (), Error.NOT_TEXT
    texts = [part for part in map(str, parts) if part.strip()]
    if not texts:
        return (), None
    if question.kind is not Kind.MULTI and len(texts) > 1:
        return (), Error.SEVERAL
    return _text(texts[0]) if question.kind is Kind.TEXT else _chosen(question, [text.strip() for text in texts])


def _text(text: str) -> tuple[Answer, Error | None]:
    """Lines kept, control characters out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs")).strip()
    if len(kept) > LONGEST_TEXT:
        return (), Error.TOO_LONG
    return ((kept,) if kept else ()), None


def _chosen(question: Question, codes: Sequence[str]) -> tuple[Answer, Error | None]:
    known = question.codes
    if any(code not in known for code in codes):
        return (), Error.NOT_AN_OPTION if question.options else Error.OFF_SCALE
    if len(set(codes)) < len(codes):
        return (), Error.TWICE
    alone = {option.value for option in question.options if option.is_exclusive}
    if len(codes) > 1 and alone & set(codes):
        return (), Error.EXCLUSIVE
    return tuple(code for code in known if code in codes), None
