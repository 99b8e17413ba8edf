"""The survey's results as open data, with what each column is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from surveys.enums import VERDICTS
from surveys.forms.answering import option_label, said
from surveys.queries.result_parts import Shown
from surveys.queries.results import Results
from surveys.queries.territory_rounds import Row

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Column:
    """One column of the open data: its heading, what it holds, and of what kind its values are."""

    heading: Promise
    meaning: Promise
    kind: Promise


TEXT, NUMBER, YES_NO = gettext_lazy("text"), gettext_lazy("number"), gettext_lazy("yes or no")

COLUMNS = (
    Column(gettext_lazy("Municipality"), gettext_lazy("Name of the municipality whose service was asked about."), TEXT),
    Column(
        gettext_lazy("Code of the commune"),
        gettext_lazy("Official five-digit code (CUT), with its zeros, so it is read as text."),
        TEXT,
    ),
    Column(gettext_lazy("Year"), gettext_lazy("Year of the programme in which people were asked."), NUMBER),
    Column(
        gettext_lazy("Version of the questionnaire"),
        gettext_lazy("Only figures of one version are to be compared."),
        TEXT,
    ),
    Column(
        gettext_lazy("Question"),
        gettext_lazy("Code of the question; empty where the figure is of a component or with the same brackets."),
        TEXT,
    ),
    Column(gettext_lazy("Text"), gettext_lazy("The question as it was asked at the office."), TEXT),
    Column(
        gettext_lazy("Figure"),
        gettext_lazy("What is counted: marks 6 and 7, net satisfaction, an option, or the change in points."),
        TEXT,
    ),
    Column(
        gettext_lazy("Value (%)"),
        gettext_lazy("From 0 to 100; net satisfaction and changes from -100 to 100. Empty where it is hidden."),
        NUMBER,
    ),
    Column(
        gettext_lazy("At least (%)"),
        gettext_lazy("Lower end of the 95 % interval; empty where whoever wanted answered."),
        NUMBER,
    ),
    Column(gettext_lazy("At most (%)"), gettext_lazy("Upper end of the 95 % interval."), NUMBER),
    Column(gettext_lazy("Answers"), gettext_lazy("How many people the figure stands on."), NUMBER),
    Column(
        gettext_lazy("Whoever wanted answered"),
        gettext_lazy("Yes where people were not drawn: it speaks of them alone."),
        YES_NO,
    ),
    Column(
        gettext_lazy("Hidden because they are few"),
        gettext_lazy("Yes where fewer than ten people are in it, or where it would give such a figure away."),
        YES_NO,
    ),
    Column(
        gettext_lazy("What can be said"),
        gettext_lazy("Of a change alone: whether it went up or down, or cannot be told from chance."),
        TEXT,
    ),
)
LANGUAGES = ("es", "en")


def public_frame(results: Results) -> pd.DataFrame:
    """One row for each figure; a hidden one is empty and says so."""
    import pandas as pd

    round = results.round
    common = [round.territory.name, round.territory.code, round.cycle.year, round.instrument.version]
    rows = [[*common, *row] for row in _rows(results)]
    return pd.DataFrame(rows, columns=[str(column.heading) for column in COLUMNS])


def dictionary() -> list[dict[str, Any]]:
    """Each column in each language: ``{"es": (heading, meaning, kind), "en": …}``, in the order of the file."""
    return [{code: _in(code, column) for code in LANGUAGES} for column in COLUMNS]


def dictionary_frame() -> pd.DataFrame:
    """The same as a table; its own headings do not change with the language."""
    import pandas as pd

    headings = ["columna", "significado", "tipo", "column", "meaning", "type"]
    return pd.DataFrame([[*one["es"], *one["en"]] for one in dictionary()], columns=headings)


def _in(language: str, column: Column) -> tuple[str, str, str]:
    with override(language):
        return str(column.heading), str(column.meaning), str(column.kind)


def _rows(results: Results) -> Iterator[list[Any]]:
    items = [results.overall, *results.items] if results.overall else results.items
    for item in items:
        text = said(item.question.text)
        yield [item.question.code, text, _("Marks 6 and 7"), *_cells(item.top), ""]
        yield [item.question.code, text, _("Net satisfaction (6-7 minus 1-4)"), *_cells(item.net), ""]
    for choice in results.choices:
        for code, shown in choice.shares:
            label = option_label(choice.question, code)
            yield [choice.question.code, said(choice.question.text), label, *_cells(shown), ""]
    for name, shown in results.components:
        yield ["", name, _("Mean of marks 6 and 7 of its questions"), *_cells(shown), ""]
    if results.bracket and results.bracket.standardized and results.overall:
        figure = _("Marks 6 and 7 with the same mix of brackets")
        yield ["", said(results.overall.question.text), figure, *_cells(results.bracket.standardized), ""]
    yield from _change_rows(results)


def _change_rows(results: Results) -> Iterator[list[Any]]:
    changes = results.changes
    if changes is None:
        return
    figure = _("Change since %(year)s, in points") % {"year": changes.year}
    for one in filter(None, [changes.overall, *changes.components, *changes.items]):
        code, text = ("", one.what) if isinstance(one.what, str) else (one.what.code, said(one.what.text))
        hidden = one.before.is_hidden or one.after.is_hidden
        shown = Shown(one.points, one.after.n, one.low, one.high, is_hidden=hidden)
        yield [code, text, figure, *_cells(shown), str(VERDICTS.get(one.verdict, ""))]


def _cells(shown: Shown) -> list[Any]:
    voluntary = _("Yes") if shown.silence == "voluntary" else _("No")
    hidden = _("Yes") if shown.is_hidden else _("No")
    return [_rounded(shown.value), _rounded(shown.low), _rounded(shown.high), shown.n, voluntary, hidden]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def territory_frame(rows: Iterable[Row]) -> pd.DataFrame:
    """One row for each municipality, by name."""
    import pandas as pd

    columns = [
        _("Municipality"),
        _("Code of the commune"),
        _("State"),
        _("Answers wanted"),
        _("Answers"),
        _("Marks 6 and 7 (%)"),
        _("At least (%)"),
        _("At most (%)"),
        _("Answers to the overall mark"),
        _("Change, in points"),
        _("What can be said"),
    ]
    return pd.DataFrame([_territory_row(row) for row in rows], columns=columns)


def _territory_row(row: Row) -> list[Any]:
    place, outcome = row.round.territory, row.outcome
    known = [place.name, place.code, row.round.get_state_display(), row.target, row.answered]
    if outcome is None:
        return [*known, *[None] * 6]
    top, change = outcome.top, outcome.change
    said_of = str(VERDICTS.get(change.verdict, "")) if change else ""
    points = _rounded(change.points) if change else None
    return [*known, _rounded(top.value), _rounded(top.low), _rounded(top.high), top.n, points, said_of]
