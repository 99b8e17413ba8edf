"""The survey's results as open data, with what each column is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from surveys.forms.answering import option_label, said
from surveys.queries.results import Results, Shown

if TYPE_CHECKING:
    import pandas as pd


def public_frame(results: Results) -> pd.DataFrame:
    """One row for each figure; a hidden one is empty and says so."""
    import pandas as pd

    round = results.round
    columns = _columns()
    common = [round.territory.name, round.territory.code, round.cycle.year, round.instrument.version]
    rows = [[*common, *row] for row in _rows(results)]
    return pd.DataFrame(rows, columns=columns)


def _columns() -> list[str]:
    return [
        _("Municipality"),
        _("Code of the commune"),
        _("Year"),
        _("Version of the questionnaire"),
        _("Question"),
        _("Text"),
        _("Figure"),
        _("Value (%)"),
        _("At least (%)"),
        _("At most (%)"),
        _("Answers"),
        _("Whoever wanted answered"),
        _("Hidden because they are few"),
    ]


def _rows(results: Results) -> Iterator[list[Any]]:
    items = [results.overall, *results.items] if results.overall else results.items
    for item in items:
        text = said(item.question.text)
        yield [item.question.code, text, _("Marks 6 and 7"), *_cells(item.top)]
        yield [item.question.code, text, _("Net satisfaction (6-7 minus 1-4)"), *_cells(item.net)]
    for choice in results.choices:
        for code, shown in choice.shares:
            label = option_label(choice.question, code)
            yield [choice.question.code, said(choice.question.text), label, *_cells(shown)]
    for name, shown in results.components:
        yield ["", name, _("Mean of marks 6 and 7 of its questions"), *_cells(shown)]


def _cells(shown: Shown) -> list[Any]:
    voluntary = _("Yes") if shown.silence == "voluntary" else _("No")
    hidden = _("Yes") if shown.is_hidden else _("No")
    return [_rounded(shown.value), _rounded(shown.low), _rounded(shown.high), shown.n, voluntary, hidden]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
