"""Reading a questionnaire, and telling everything that is wrong with it by its place. Pure.

What is accepted can be asked: codes are unique, conditions look back, every text is there in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import yaml

from surveys.questionnaire.model import (
    SCALES,
    Channel,
    Condition,
    Kind,
    Option,
    Question,
    Questionnaire,
    Role,
    Words,
)

LANGUAGES = ("es", "en")
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}")
VALUE = re.compile(r"[A-Za-z0-9_]{1,30}")
MOST_QUESTIONS, MOST_OPTIONS, MOST_CONDITIONS = 100, 60, 10
LONGEST_WORDS = 1_000
LARGEST_FILE = 1_000_000
USUAL_ROLES = {
    Kind.MARK: Role.SCORE,
    Kind.AGREE: Role.EFFORT,
    Kind.RECOMMEND: Role.RECOMMEND,
    Kind.SINGLE: Role.CONTEXT,
    Kind.MULTI: Role.CONTEXT,
    Kind.TEXT: Role.OPEN,
}

Place = tuple[str | int, ...]
Code = TypeVar("Code", bound=StrEnum)


class Fault(StrEnum):
    """What can be wrong at a place."""

    UNREADABLE = "unreadable"
    MISSING = "missing"
    WRONG_TYPE = "wrong_type"
    NOT_KNOWN = "not_known"
    NOT_A_CODE = "not_a_code"
    TWICE = "twice"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    LOOKS_AHEAD = "looks_ahead"
    NOT_AN_ANSWER = "not_an_answer"
    NEEDS_OPTIONS = "needs_options"
    HAS_OPTIONS = "has_options"
    NOT_A_MARK = "not_a_mark"
    OF_TEXT = "of_text"
    ONLY_SINGLE = "only_single"
    ONLY_MULTI = "only_multi"
    CONDITION = "condition"
    FORMULA = "formula"


@dataclass(frozen=True)
class Problem:
    """``path``: names and positions, such as ``("questions", 3, "text", "en")``; ``value`` what stood there."""

    path: Place
    fault: Fault
    value: str = ""


class QuestionnaireRefused(ValueError):
    """It is not a whole questionnaire. ``problems`` in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{'.'.join(map(str, one.path))}: {one.fault} {one.value}" for one in self.problems))


# --- Files


class _Loader(yaml.SafeLoader):
    """Refuses what YAML would silently overwrite (a key twice) or multiply (aliases)."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


def _unique_mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    names = [key.value for key, _value in node.value]
    if len(names) != len(set(map(str, names))):
        raise yaml.YAMLError("a key is written twice")
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def read_file(content: bytes, categories: Mapping[str, Words] | None = None) -> dict[str, Questionnaire]:
    """The questionnaires of a YAML file with ``meta`` and a section ``<name>_survey`` for each: ``user``, ``team``.

    :param categories: complaint categories of the catalogue, which label the options that have no label.
    :raises QuestionnaireRefused: with every problem found.
    """
    data = _loaded(content)
    meta = _mapping(data.get("meta"))
    found: dict[str, Questionnaire] = {}
    problems: list[Problem] = []
    sections = [name for name in data if isinstance(name, str) and name.endswith("_survey")]
    for section in sections:
        name = section.removesuffix("_survey")
        try:
            found[name] = read({"meta": {**meta, **_mapping(meta.get(name))}, "questions": data[section]}, categories)
        except QuestionnaireRefused as refused:
            problems += [_under(section, one) for one in refused.problems]
    if not sections:
        problems.append(Problem(("user_survey",), Fault.MISSING))
    if problems:
        raise QuestionnaireRefused(dict.fromkeys(problems))
    return found


def _loaded(content: bytes) -> dict[Any, Any]:
    try:
        if len(content) > LARGEST_FILE:
            raise ValueError("too large")
        data = yaml.load(content.decode("utf-8-sig"), Loader=_Loader)  # noqa: S506  a SafeLoader
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise QuestionnaireRefused([Problem((), Fault.UNREADABLE, str(error)[:200])]) from None
    if not isinstance(data, dict):
        raise QuestionnaireRefused([Problem((), Fault.UNREADABLE)])
    return data


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _under(section: str, problem: Problem) -> Problem:
    first, *rest = problem.path or ("questions",)
    return Problem((section if first == "questions" else first, *rest), problem.fault, problem.value)


def read(data: Mapping[str, Any], categories: Mapping[str, Words] | None = None) -> Questionnaire:
    """The questionnaire in ``data``: ``meta`` and ``questions``.

    :raises QuestionnaireRefused: with every problem found.
    """
    reader = _Reader(categories or {})
    meta = reader.mapping(("meta",), data.get("meta"))
    version = reader.text(("meta", "version"), meta.get("version"), longest=20)
    title = reader.words(("meta", "title"), meta.get("title"))
    status = reader.text(("meta", "status"), meta.get("status"), longest=60)
    questions = reader.questions(data.get("questions"))
    found = Questionnaire(
        version=version,
        title=title,
        status=status,
        questions=questions,
        consent=reader.words(("meta", "consent"), meta.get("consent"), required=False),
        scale_help=reader.words(("meta", "scale_help"), meta.get("scale_help"), required=False),
        status_note=reader.words(("meta", "status_note"), meta.get("status_note"), required=False),
        minutes=reader.whole(("meta", "minutes"), meta.get("minutes")),
    )
    if reader.problems:
        raise QuestionnaireRefused(reader.problems)
    return found


class _Reader:
    """Goes on after a problem, so that all are told at once; what it gives back is then not used."""

    def __init__(self, categories: Mapping[str, Words]) -> None:
        self.categories = categories
        self.problems: list[Problem] = []

    def tell(self, path: Place, fault: Fault, value: object = "") -> None:
        self.problems.append(Problem(path, fault, str(value)[:80]))

    # --- Simple values

    def mapping(self, path: Place, value: Any) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.tell(path, Fault.MISSING if value is None else Fault.WRONG_TYPE, value)
        return {}

    def rows(self, path: Place, value: Any, most: int) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, list):
            self.tell(path, Fault.WRONG_TYPE, value)
            return []
        if len(value) > most:
            self.tell(path, Fault.TOO_MANY, len(value))
        return value[:most]

    def text(self, path: Place, value: Any, *, required: bool = True, longest: int = LONGEST_WORDS) -> str:
        if value is None or (isinstance(value, str) and not value.strip()):
            if required:
                self.tell(path, Fault.MISSING)
            return ""
        if not isinstance(value, str):
            self.tell(path, Fault.WRONG_TYPE, value)
            return ""
        if len(value) > longest:
            self.tell(path, Fault.TOO_LONG, value)
        return value.strip()

    def words(self, path: Place, value: Any, *, required: bool = True) -> Words:
        if value is None and not required:
            return Words()
        both = self.mapping(path, value)
        return Words(*(self.text((*path, language), both.get(language)) for language in LANGUAGES)) if both else Words()

    def whole(self, path: Place, value: Any) -> int | None:
        if value is None or (type(value) is int and 0 < value < 1_000):
            return value
        self.tell(path, Fault.WRONG_TYPE, value)
        return None

    def flag(self, path: Place, value: Any) -> bool:
        if value is None or isinstance(value, bool):
            return bool(value)
        self.tell(path, Fault.WRONG_TYPE, value)
        return False

    def one_of(self, path: Place, value: Any, known: type[Code]) -> Code | None:
        if value is None:
            return None
        if isinstance(value, str) and value in set(known):
            return known(value)
        self.tell(path, Fault.NOT_KNOWN, value)
        return None

    def code(self, path: Place, value: Any, pattern: re.Pattern[str] = CODE) -> str:
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        self.tell(path, Fault.MISSING if value in (None, "") else Fault.NOT_A_CODE, value)
        return ""

    def codes(self, path: Place, value: Any) -> tuple[str, ...]:
        rows = self.rows(path, value, MOST_OPTIONS)
        return tuple(self.code((*path, place), row, VALUE) for place, row in enumerate(rows))

    # --- Questions

    def questions(self, value: Any) -> tuple[Question, ...]:
        rows = self.rows(("questions",), value, MOST_QUESTIONS)
        if not rows:
            self.tell(("questions",), Fault.MISSING)
        earlier: dict[str, Question] = {}
        found = []
        for place, row in enumerate(rows):
            path: Place = ("questions", place)
            question = self.question(path, self.mapping(path, row), earlier)
            if question.code in earlier:
                self.tell((*path, "code"), Fault.TWICE, question.code)
            earlier.setdefault(question.code, question)
            found.append(question)
        return tuple(found)

    def question(self, path: Place, row: Mapping[str, Any], earlier: Mapping[str, Question]) -> Question:
        kind = self.one_of((*path, "scale"), row.get("scale"), Kind)
        if kind is None and row.get("scale") is None:
            self.tell((*path, "scale"), Fault.MISSING)
        kind = kind or Kind.TEXT
        question = Question(
            code=self.code((*path, "code"), row.get("code")),
            kind=kind,
            text=self.words((*path, "text"), row.get("text")),
            role=self.one_of((*path, "role"), row.get("role"), Role) or USUAL_ROLES[kind],
            virtual=self._virtual(path, row.get("variants")),
            note=self._some(self.words((*path, "note"), row.get("note"), required=False)),
            component=self.code((*path, "component"), row["component"], VALUE) if row.get("component") else None,
            attributes=self.codes((*path, "attributes"), row.get("attributes")),
            standards=self.codes((*path, "standards"), row.get("standards")),
            audience=self.codes((*path, "audience"), row.get("audience")),
            is_driver=self.flag((*path, "driver"), row.get("driver")),
            is_required=self.flag((*path, "required"), row.get("required")),
            options=self.options(path, row.get("options"), kind),
            when=self.conditions((*path, "when"), row.get("when"), earlier),
        )
        if question.is_driver and kind is not Kind.MARK:
            self.tell((*path, "driver"), Fault.NOT_A_MARK, kind)
        return question

    def _virtual(self, path: Place, value: Any) -> Words | None:
        if value is None:
            return None
        variants = self.mapping((*path, "variants"), value)
        for name in variants:
            if name != Channel.VIRTUAL:
                self.tell((*path, "variants"), Fault.NOT_KNOWN, name)
        return self._some(self.words((*path, "variants", "virtual"), variants.get("virtual"), required=False))

    def _some(self, words: Words) -> Words | None:
        return words if words != Words() else None

    def options(self, path: Place, value: Any, kind: Kind) -> tuple[Option, ...]:
        where = (*path, "options")
        rows = self.rows(where, value, MOST_OPTIONS)
        if kind in SCALES or kind is Kind.TEXT:
            if rows:
                self.tell(where, Fault.HAS_OPTIONS, kind)
            return ()
        if len(rows) < 2:
            self.tell(where, Fault.NEEDS_OPTIONS, len(rows))
        found = [self.option((*where, place), row, kind) for place, row in enumerate(rows)]
        seen: set[str] = set()
        for place, option in enumerate(found):
            if option.value in seen:
                self.tell((*where, place, "value"), Fault.TWICE, option.value)
            seen.add(option.value)
        return tuple(found)

    def option(self, path: Place, value: Any, kind: Kind) -> Option:
        row = self.mapping(path, value)
        own = self.code((*path, "value"), row.get("value"), VALUE)
        option = Option(
            value=own,
            label=self.label((*path, "label"), row.get("label"), own),
            channel=self.one_of((*path, "channel"), row.get("channel"), Channel),
            is_exclusive=self.flag((*path, "exclusive"), row.get("exclusive")),
            ends=self.flag((*path, "ends"), row.get("ends")),
        )
        if option.is_exclusive and kind is not Kind.MULTI:
            self.tell((*path, "exclusive"), Fault.ONLY_MULTI, own)
        if kind is Kind.MULTI and (option.channel or option.ends):
            self.tell((*path, "channel" if option.channel else "ends"), Fault.ONLY_SINGLE, own)
        return option

    def label(self, path: Place, value: Any, own: str) -> Words:
        """The option's words, or those of the complaint category of the same code."""
        is_empty = value is None or (isinstance(value, Mapping) and not any(value.values()))
        return self.categories[own] if is_empty and own in self.categories else self.words(path, value)

    def conditions(self, path: Place, value: Any, earlier: Mapping[str, Question]) -> tuple[Condition, ...]:
        rows = self.rows(path, value, MOST_CONDITIONS)
        return tuple(self.condition((*path, place), row, earlier) for place, row in enumerate(rows))

    def condition(self, path: Place, value: Any, earlier: Mapping[str, Question]) -> Condition:
        row = self.mapping(path, value)
        name = "not_in" if "not_in" in row else "in"
        condition = Condition(
            self.code((*path, "question"), row.get("question")),
            self.codes((*path, name), row.get(name)),
            negated=name == "not_in",
        )
        if not condition.values or ("in" in row and "not_in" in row):
            self.tell(path, Fault.CONDITION, condition.question)
        asked = earlier.get(condition.question)
        if condition.question and asked is None:
            self.tell((*path, "question"), Fault.LOOKS_AHEAD, condition.question)
        elif asked is not None:
            self._answers((*path, name), condition, asked)
        return condition

    def _answers(self, path: Place, condition: Condition, asked: Question) -> None:
        if asked.kind is Kind.TEXT:
            self.tell(path, Fault.OF_TEXT, asked.code)
            return
        for place, value in enumerate(condition.values):
            if value and value not in asked.codes:
                self.tell((*path, place), Fault.NOT_AN_ANSWER, value)


# --- Writing


def written(questionnaire: Questionnaire) -> dict[str, Any]:
    """The mapping that :func:`read` reads back as the same questionnaire; what is not said is left out."""
    meta = {
        "title": _both(questionnaire.title),
        "status": questionnaire.status,
        "version": questionnaire.version,
        "minutes": questionnaire.minutes,
        "consent": _both(questionnaire.consent),
        "scale_help": _both(questionnaire.scale_help),
        "status_note": _both(questionnaire.status_note),
    }
    return {"meta": _said(meta), "questions": [_question(one) for one in questionnaire.questions]}


def _question(question: Question) -> dict[str, Any]:
    row = {
        "code": question.code,
        "role": question.role.value,
        "scale": question.kind.value,
        "component": question.component,
        "driver": question.is_driver,
        "required": question.is_required,
        "text": _both(question.text),
        "variants": {"virtual": _both(question.virtual)} if question.virtual else None,
        "attributes": list(question.attributes),
        "standards": list(question.standards),
        "audience": list(question.audience),
        "options": [_option(option) for option in question.options],
        "when": [_condition(condition) for condition in question.when],
        "note": _both(question.note) if question.note else None,
    }
    return _said(row)


def _option(option: Option) -> dict[str, Any]:
    return _said(
        {
            "value": option.value,
            "label": _both(option.label),
            "channel": option.channel.value if option.channel else None,
            "exclusive": option.is_exclusive,
            "ends": option.ends,
        }
    )


def _condition(condition: Condition) -> dict[str, Any]:
    return {"question": condition.question, "not_in" if condition.negated else "in": list(condition.values)}


def _both(words: Words) -> dict[str, str] | None:
    return {"es": words.es, "en": words.en} if words != Words() else None


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, [], False)}
