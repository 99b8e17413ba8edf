"""A questionnaire as an XLSForm file, both ways. What the rows mean is told by ``surveys.questionnaire.xlsform``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

from django.utils.translation import gettext as _

from portal.foundation.files.inspection import FileRefused, check_size, clean_name, inspect
from portal.foundation.reporting.spreadsheets import FORMULA_STARTS, write_xlsx
from surveys.errors import SurveysError
from surveys.questionnaire.model import Questionnaire
from surveys.questionnaire.reading import Fault, Problem, QuestionnaireRefused
from surveys.questionnaire.xlsform import (
    CHOICES,
    MOST_COLUMNS,
    MOST_ROWS,
    SETTINGS,
    SURVEY,
    from_sheets,
    sheets,
)

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_TOLD = 50


class XlsFormRefused(SurveysError):
    """The file is no whole questionnaire. ``lines``: what to mend, each with its cell, for the person."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        self.lines = tuple(dict.fromkeys(in_words(problem) for problem in problems))[:MOST_TOLD]
        super().__init__(" ".join(self.lines))


def xlsform(questionnaire: Questionnaire) -> bytes:
    """The file, for any program that reads XLSForms."""
    import pandas as pd

    frames = {name: pd.DataFrame(rows[1:], columns=rows[0]) for name, rows in sheets(questionnaire).items()}
    file = BytesIO()
    write_xlsx(file, frames)
    return file.getvalue()


def read_xlsform(content: BinaryIO, name: str) -> Questionnaire:
    """The questionnaire of an uploaded file.

    :raises FileRefused: for what is no spreadsheet, is damaged, too large, or could run something.
    :raises XlsFormRefused: for a spreadsheet that is no whole questionnaire, with the cells to mend.
    """
    content.seek(0, 2)
    check_size(content.tell())
    if not name.lower().endswith(".xlsx"):
        raise FileRefused(_("Send the questionnaire as an xlsx file."))
    inspect(content, clean_name(name))
    problems: list[Problem] = []
    try:
        found = _rows_of(content, problems)
        if problems:
            raise QuestionnaireRefused(problems)
        return from_sheets(found)
    except QuestionnaireRefused as refused:
        raise XlsFormRefused(refused.problems) from None


def _rows_of(content: BinaryIO, problems: list[Problem]) -> dict[str, list[list[str]]]:
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(content, read_only=True, keep_links=False)
        known = [name for name in (SURVEY, CHOICES, SETTINGS) if name in workbook.sheetnames]
        return {name: list(_texts(workbook, name, problems)) for name in known}
    except Exception:
        # The library raises many kinds for damaged input; to the sender they are one.
        raise FileRefused(_("We cannot open this file: it is damaged. Save it again and send it.")) from None


def _texts(workbook: Workbook, name: str, problems: list[Problem]) -> Iterator[list[str]]:
    sheet = workbook[name]
    sheet.reset_dimensions()  # what the file says of its own size is not to be trusted
    for row in sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1):
        cells = [_text(cell, name, problems) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        yield cells


def _text(cell: Any, sheet: str, problems: list[Problem]) -> str:
    """A cell as text. Numbers lose a decimal that is none; a sign that our files guard with an apostrophe loses the
    apostrophe, and so does a text that began with both by itself."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or (isinstance(value, str) and value.startswith("=")):
        problems.append(Problem((sheet, cell.coordinate), Fault.FORMULA, str(value)[:80]))
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return text[1:] if text.startswith("'") and text[1:].lstrip(" ").startswith(FORMULA_STARTS) else text


def in_words(problem: Problem) -> str:
    """«survey C5: …», with what stood there."""
    texts = {
        Fault.UNREADABLE: _("it cannot be read"),
        Fault.MISSING: _("something is missing here"),
        Fault.WRONG_TYPE: _("this is not what is expected here"),
        Fault.NOT_KNOWN: _("this is not known"),
        Fault.NOT_A_CODE: _("a code has letters and digits only, without spaces or accents"),
        Fault.TWICE: _("this is used twice"),
        Fault.TOO_LONG: _("this is too long"),
        Fault.TOO_MANY: _("there are too many of them"),
        Fault.LOOKS_AHEAD: _("a condition can only look at an earlier question"),
        Fault.NOT_AN_ANSWER: _("this is not an answer of that question"),
        Fault.NEEDS_OPTIONS: _("this question needs two answers or more to choose from"),
        Fault.HAS_OPTIONS: _("this question has no answers to choose from"),
        Fault.NOT_A_MARK: _("only questions with marks from 1 to 7 can be drivers"),
        Fault.OF_TEXT: _("a condition cannot look at a free text"),
        Fault.ONLY_SINGLE: _("only an answer of a question with one answer can do this"),
        Fault.ONLY_MULTI: _("only an answer of a question with several answers can do this"),
        Fault.CONDITION: _("we do not understand this condition"),
        Fault.FORMULA: _("this is a formula; paste it as a value"),
    }
    place = " ".join(str(part) for part in problem.path) or _("file")
    told = f"{place}: {texts[problem.fault]}"
    return f"{told} («{problem.value}»)." if problem.value else f"{told}."
