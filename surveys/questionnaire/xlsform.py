"""A questionnaire as the rows of an XLSForm, both ways. Pure: rows of texts in and out, no file.

XLSForm (xlsform.org) is what KoboToolbox, ODK and others read: sheets ``survey``, ``choices`` and
``settings``. What it has no column for stands in columns of our own, which those programs pass over. Written
and read back, a questionnaire is the same. What is wrong is told by its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from surveys.questionnaire.model import SCALES, Condition, Kind, Option, Question, Questionnaire, Words
from surveys.questionnaire.reading import Fault, Place, Problem, QuestionnaireRefused, read

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
LANGUAGES = {"es": "Español (es)", "en": "English (en)"}
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 2_000, 60, 4_000
LONGEST_CONDITION, MOST_LEVELS = 2_000, 5

Sheets = Mapping[str, Sequence[Sequence[str]]]
Row = dict[str, str]

# --- Writing


def sheets(questionnaire: Questionnaire) -> dict[str, list[list[str]]]:
    """The three sheets, headings first."""
    ends: list[str] = []
    survey = []
    for question in questionnaire.questions:
        survey.append(_survey_row(question, ends))
        ends += [_chosen(question.code, option.value) for option in question.options if option.ends]
    return {
        SURVEY: _table(survey),
        CHOICES: _table(_choices(questionnaire)),
        SETTINGS: _table([_settings(questionnaire)]),
    }


def _survey_row(question: Question, ends: Sequence[str]) -> Row:
    conditions = [_relevant(condition) for condition in question.when]
    return {
        "type": _type(question),
        "name": question.code,
        **_columns("label", question.text),
        **_columns("hint", question.note or Words()),
        **_columns("virtual", question.virtual or Words()),
        "required": "yes" if question.is_required else "",
        "relevant": " and ".join([*conditions, *(f"not({end})" for end in ends)]),
        "constraint": _constraint(question),
        "role": question.role.value,
        "component": question.component or "",
        "driver": "yes" if question.is_driver else "",
        "attributes": " ".join(question.attributes),
        "standards": " ".join(question.standards),
        "audience": " ".join(question.audience),
    }


def _type(question: Question) -> str:
    if question.kind is Kind.TEXT:
        return "text"
    if question.kind is Kind.MULTI:
        return f"select_multiple {question.code}"
    return f"select_one {question.kind.value if question.kind in SCALES else question.code}"


def _relevant(condition: Condition) -> str:
    any_of = " or ".join(_chosen(condition.question, value) for value in condition.values)
    return f"(${{{condition.question}}} != '' and not({any_of}))" if condition.negated else f"({any_of})"


def _chosen(code: str, value: str) -> str:
    return f"selected(${{{code}}}, '{value}')"


def _constraint(question: Question) -> str:
    """So that other programs too let an answer that excludes the others stand alone."""
    alone = [option.value for option in question.options if option.is_exclusive]
    return " and ".join(f"not(selected(., '{value}') and count-selected(.) > 1)" for value in alone)


def _choices(questionnaire: Questionnaire) -> list[Row]:
    rows = []
    for question in questionnaire.questions:
        rows += [_choice(question.code, option) for option in question.options]
    for kind in dict.fromkeys(question.kind for question in questionnaire.questions if question.kind in SCALES):
        rows += [{"list_name": kind.value, "name": code, **_columns("label", _scale(code))} for code in SCALES[kind]]
    return rows


def _choice(name: str, option: Option) -> Row:
    return {
        "list_name": name,
        "name": option.value,
        **_columns("label", option.label),
        "channel": option.channel.value if option.channel else "",
        "exclusive": "yes" if option.is_exclusive else "",
        "ends": "yes" if option.ends else "",
    }


def _scale(code: str) -> Words:
    words = {"na": Words("No aplica", "Not applicable"), "dk": Words("No sabe", "Don't know")}
    return words.get(code, Words(code, code))


def _settings(questionnaire: Questionnaire) -> Row:
    return {
        "form_title": questionnaire.title.es,
        "version": questionnaire.version,
        "default_language": LANGUAGES["es"],
        **_columns("title", questionnaire.title),
        "status": questionnaire.status,
        **_columns("status_note", questionnaire.status_note),
        "minutes": str(questionnaire.minutes or ""),
        **_columns("consent", questionnaire.consent),
        **_columns("scale_help", questionnaire.scale_help),
    }


def _columns(name: str, words: Words) -> Row:
    return {f"{name}::{LANGUAGES['es']}": words.es, f"{name}::{LANGUAGES['en']}": words.en}


def _table(rows: Sequence[Row]) -> list[list[str]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [names, *([row.get(name, "") for name in names] for row in rows)]


# --- Reading


def from_sheets(given: Sheets) -> Questionnaire:
    """The questionnaire of an XLSForm, ours or another's: groups without a condition and notes are passed
    over, a question without a role gets the usual one of its kind.

    :raises QuestionnaireRefused: each problem's path begins with its cell, such as ``("survey", "C5")``.
    """
    form = _Form.of(given)
    data = form.data()
    problems = list(form.problems)
    try:
        found = read(data)
    except QuestionnaireRefused as refused:
        problems += [Problem(form.cell(one.path), one.fault, one.value) for one in refused.problems]
    if problems:
        raise QuestionnaireRefused(dict.fromkeys(problems))
    return found


@dataclass
class _Sheet:
    """Rows by name of column, with where they stand."""

    name: str
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[int, Row]] = field(default_factory=list)

    def cell(self, row: int, *names: str) -> Place:
        column = next((self.columns[name] for name in names if name in self.columns), 0)
        return (self.name, f"{_letters(column)}{row}")


@dataclass
class _Form:
    survey: _Sheet
    choices: _Sheet
    settings: _Sheet
    problems: list[Problem]
    asked: list[int] = field(default_factory=list)
    options: dict[str, list[int]] = field(default_factory=dict)
    lists: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, given: Sheets) -> _Form:
        problems: list[Problem] = []
        survey, choices, settings = (_sheet(name, given.get(name), problems) for name in (SURVEY, CHOICES, SETTINGS))
        return cls(survey, choices, settings, problems)

    def tell(self, path: Place, fault: Fault, value: str = "") -> None:
        self.problems.append(Problem(path, fault, value[:80]))

    def data(self) -> dict[str, Any]:
        lists = self._lists()
        ends = {
            (row["name"], option["value"])
            for _number, row in self.survey.rows
            for option in lists.get(row.get("type", "").partition(" ")[2].strip(), [])
            if option.get("ends")
        }
        questions = []
        for number, row in self.survey.rows:
            question = self._question(number, row, lists, ends)
            if question is not None:
                self.asked.append(number)
                self.lists.append(row.get("type", "").partition(" ")[2].strip())
                questions.append(question)
        return {"meta": self._meta(), "questions": questions}

    def _lists(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for number, row in self.choices.rows:
            name = row.get("list_name", row.get("list name", ""))
            option = {
                "value": row.get("name"),
                "label": _words(row, "label"),
                "channel": row.get("channel") or None,
                "exclusive": self._flag(self.choices, number, row, "exclusive"),
                "ends": self._flag(self.choices, number, row, "ends"),
            }
            found.setdefault(name, []).append(option)
            self.options.setdefault(name, []).append(number)
        return found

    def _question(
        self, number: int, row: Row, lists: Mapping[str, list[dict[str, Any]]], ends: Iterable[tuple[str, str]]
    ) -> dict[str, Any] | None:
        kind, name = self._kind(number, row, lists)
        if kind is None:
            return None
        virtual, note = _words(row, "virtual"), _words(row, "hint")
        return {
            "code": row.get("name"),
            "scale": kind.value,
            "text": _words(row, "label"),
            "note": note if any(note.values()) else None,
            "variants": {"virtual": virtual} if any(virtual.values()) else None,
            "role": row.get("role") or None,
            "component": row.get("component") or None,
            "driver": self._flag(self.survey, number, row, "driver"),
            "required": self._flag(self.survey, number, row, "required"),
            "attributes": row.get("attributes", "").split(),
            "standards": row.get("standards", "").split(),
            "audience": row.get("audience", "").split(),
            "options": lists.get(name, []) if kind in (Kind.SINGLE, Kind.MULTI) else [],
            "when": self._when(number, row, ends),
        }

    def _kind(self, number: int, row: Row, lists: Mapping[str, list[dict[str, Any]]]) -> tuple[Kind | None, str]:
        first, _space, name = row.get("type", "").partition(" ")
        name = name.strip()
        plain = {"text": Kind.TEXT, "select_multiple": Kind.MULTI, "select_one": Kind.SINGLE}
        if row.get("type", "") in PASSED_OVER and not row.get("relevant"):
            return None, ""
        if first not in plain or " " in name or (first == "text") == bool(name):
            self.tell(self.survey.cell(number, "type"), Fault.NOT_KNOWN, row.get("type", ""))
            return None, ""
        if first == "text":
            return Kind.TEXT, ""
        if name not in lists:
            self.tell(self.survey.cell(number, "type"), Fault.NOT_KNOWN, name)
            return None, ""
        return self._scale(number, name, lists[name]) if first == "select_one" else Kind.MULTI, name

    def _scale(self, number: int, name: str, options: Sequence[Mapping[str, Any]]) -> Kind:
        """The kind whose name the list bears, which then must have its codes and no others."""
        kind = next((kind for kind in SCALES if kind.value == name), Kind.SINGLE)
        if kind in SCALES and tuple(option["value"] for option in options) != SCALES[kind]:
            self.tell(self.survey.cell(number, "type"), Fault.NOT_AN_ANSWER, name)
        return kind

    def _when(self, number: int, row: Row, ends: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
        found = conditions(row.get("relevant", ""), frozenset(ends))
        if found is None:
            self.tell(self.survey.cell(number, "relevant"), Fault.CONDITION, row["relevant"])
            return []
        return found

    def _flag(self, sheet: _Sheet, number: int, row: Row, name: str) -> bool:
        value = row.get(name, "").lower()
        if value not in YES | NO:
            self.tell(sheet.cell(number, name), Fault.WRONG_TYPE, value)
        return value in YES

    def _meta(self) -> dict[str, Any]:
        row = self.settings.rows[0][1] if self.settings.rows else {}
        title = _words(row, "title")
        if not any(title.values()):
            title = dict.fromkeys(LANGUAGES, row.get("form_title", ""))
        optional = {name: _words(row, name) for name in ("consent", "scale_help", "status_note")}
        minutes = row.get("minutes", "")
        return {
            "title": title,
            "version": row.get("version"),
            "status": row.get("status") or "imported",
            "minutes": int(minutes) if re.fullmatch(r"[0-9]{1,3}", minutes) else minutes or None,
            **{name: words for name, words in optional.items() if any(words.values())},
        }

    def cell(self, path: Place) -> Place:
        """Where what :func:`read` found wrong stands in the spreadsheet."""
        match path:
            case ("questions", int(place), "options", int(option), *names):
                rows = self.options.get(self.lists[place], [])
                return self.choices.cell(rows[option] if option < len(rows) else 1, *_candidates(names))
            case ("questions", int(place), *names):
                return self.survey.cell(self.asked[place], *_candidates(names))
            case ("meta", *names):
                row = self.settings.rows[0][0] if self.settings.rows else 1
                return self.settings.cell(row, *_candidates(names))
        return (SURVEY, "A1")


PASSED_OVER = {"note", "begin group", "end group", "begin_group", "end_group"}
YES, NO = {"yes", "true", "true()", "1"}, {"", "no", "false", "false()", "0"}
# Names of what is read, and of the columns that it comes from.
COLUMNS = {"code": "name", "value": "name", "scale": "type", "text": "label", "note": "hint", "when": "relevant"}


def _candidates(names: Sequence[str | int]) -> list[str]:
    """Columns that may hold what a path names: with its language where it has one."""
    texts = [name for name in names if isinstance(name, str)]
    language = next((LANGUAGES[name] for name in texts if name in LANGUAGES), LANGUAGES["es"])
    own = "virtual" if "virtual" in texts else COLUMNS.get(texts[0], texts[0]) if texts else "name"
    return [f"{own}::{language}", own, *(f"{own}::{other}" for other in LANGUAGES.values())]


def _sheet(name: str, rows: Sequence[Sequence[str]] | None, problems: list[Problem]) -> _Sheet:
    sheet = _Sheet(name)
    if not rows:
        problems.append(Problem((name, "A1"), Fault.MISSING, name))
        return sheet
    if len(rows) > MOST_ROWS or max(map(len, rows)) > MOST_COLUMNS:
        problems.append(Problem((name, "A1"), Fault.TOO_MANY, str(len(rows))))
        return sheet
    headings = [_heading(cell) for cell in rows[0]]
    for place, heading in enumerate(headings):
        if heading and heading in sheet.columns:
            problems.append(Problem((name, f"{_letters(place)}1"), Fault.TWICE, heading))
        sheet.columns.setdefault(heading, place)
    for number, cells in enumerate(rows[1:], start=2):
        for place, cell in enumerate(cells):
            if len(cell) > LONGEST_CELL:
                problems.append(Problem((name, f"{_letters(place)}{number}"), Fault.TOO_LONG, cell[:80]))
        row = {heading: cell.strip() for heading, cell in zip(headings, cells, strict=False) if heading}
        if any(row.values()):
            sheet.rows.append((number, row))
    return sheet


def _heading(cell: str) -> str:
    """The column's name, with the language as we write it: ``label::es`` and ``label::Spanish (es)`` are one."""
    name, separator, language = cell.strip().partition("::")
    if not separator:
        return name.strip()
    code = re.search(r"\(([a-z]{2})\)\s*$", language)
    own = LANGUAGES.get(code.group(1) if code else language.strip().lower(), language.strip())
    return f"{name.strip()}::{own}"


def _words(row: Row, name: str) -> dict[str, str]:
    """Both languages; a column without one is Spanish."""
    found = {language: row.get(f"{name}::{label}", "") for language, label in LANGUAGES.items()}
    return found if any(found.values()) else {"es": row.get(name, ""), "en": ""}


def _letters(column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, place = divmod(rest - 1, 26)
        letters = chr(65 + place) + letters
    return letters


# --- Conditions: the part of XLSForm's expressions that says what ours do

_SELECTED = re.compile(
    r"selected\(\s*\$\{([A-Za-z]\w*)\}\s*,\s*'(\w+)'\s*\)|\$\{([A-Za-z]\w*)\}\s*=\s*'(\w+)'", re.ASCII
)
_ANSWERED = re.compile(r"\$\{([A-Za-z]\w*)\}\s*!=\s*''", re.ASCII)


def conditions(relevant: str, ends: frozenset[tuple[str, str]] = frozenset()) -> list[dict[str, Any]] | None:
    """The conditions that an expression joins with «and»; None where it says something else.

    Understood: ``selected(${A}, 'x')`` or ``${A} = 'x'``, several of one question joined with «or» in
    parentheses, and ``(${A} != '' and not(…))``. What only says that nothing ended the survey is left out.
    """
    if len(relevant) > LONGEST_CONDITION:
        return None
    found = []
    for part in _split(relevant, "and"):
        condition = _condition(_bare(part))
        if condition is None:
            return None
        if (condition["question"], *condition.get("unless", ())) in ends:
            continue
        if "unless" in condition:
            return None
        found.append(condition)
    return found


def _condition(part: str) -> dict[str, Any] | None:
    pieces = _split(part, "and")
    if len(pieces) == 2 and (answered := _ANSWERED.fullmatch(_bare(pieces[0]))):
        negated = _negated(_bare(pieces[1]))
        if negated is None or negated[0] != answered.group(1):
            return None
        return {"question": negated[0], "not_in": negated[1]}
    if len(pieces) == 1 and (negated := _negated(part)):
        return {"question": negated[0], "unless": negated[1]}
    one = _any_of(part)
    return {"question": one[0], "in": one[1]} if one else None


def _negated(part: str) -> tuple[str, list[str]] | None:
    return _any_of(part[4:-1]) if part.startswith("not(") and part.endswith(")") else None


def _any_of(part: str) -> tuple[str, list[str]] | None:
    """(question, values) of alternatives of one question."""
    matches = [_SELECTED.fullmatch(_bare(piece)) for piece in _split(part, "or")]
    found = [(match.group(1) or match.group(3), match.group(2) or match.group(4)) for match in matches if match]
    if not found or len(found) < len(matches) or len({question for question, _ in found}) > 1:
        return None
    return found[0][0], [value for _, value in found]


def _split(text: str, word: str) -> list[str]:
    """Parts joined by ``word`` outside parentheses."""
    parts, depth, begin = [], 0, 0
    for match in re.finditer(rf"[()]|\s{word}\s", text):
        if match.group() == "(":
            depth += 1
        elif match.group() == ")":
            depth -= 1
        elif depth == 0:
            parts.append(text[begin : match.start()])
            begin = match.end()
    return [part.strip() for part in [*parts, text[begin:]] if part.strip()]


def _bare(text: str) -> str:
    """Without parentheses around the whole."""
    text = text.strip()
    for _level in range(MOST_LEVELS):
        if text.startswith("(") and text.endswith(")") and _closes_last(text):
            text = text[1:-1].strip()
    return text


def _closes_last(text: str) -> bool:
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return place == len(text) - 1
    return False
