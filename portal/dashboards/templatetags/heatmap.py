"""``{% load heatmap %}``: a heatmap's row as one string.

A region's table has more than a thousand cells; a template loop would take longer than the query.
Everything that is joined here is a number, a class of ours, a translated word (escaped) or an
address from ``reverse``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.dashboards.queries.heatmap import Heatmap, Row
from quality.models import Standard
from quality.queries.gaps import Cell
from quality.templatetags.quality import signed

register = template.Library()

BLANK = "<td></td>"
# As classes of a level's pattern: no gap looks like the top level, a gap of 2 like level 1.
WIDEST_GAP = 3


@register.simple_tag
def heatmap_cells(heatmap: Heatmap, row: Row, with_links: bool) -> SafeString:
    """The cells of a row; each linked to its evidence where ``with_links``."""
    if not row.has_data:
        text = escape(_("No data"))
        return mark_safe(f'<td class="mj-muted" colspan="{len(row.cells)}">{text}</td>')  # noqa: S308
    value, measure, language = heatmap.value(), heatmap.wanted.measure, get_language() or "es"
    parts = []
    for standard, cell in zip(heatmap.standards, row.cells, strict=True):
        if cell is None:
            parts.append(BLANK)
            continue
        css, text = _look(measure, None if cell.level is None else value(cell), cell.level is None, language)
        if text == "":
            parts.append(BLANK)
            continue
        old = _old(language) if cell.is_stale else ""
        css += " mj-old" if cell.is_stale else ""
        content = f'<a href="{_evidence(heatmap, row, standard, cell)}">{text}{old}</a>' if with_links else text + old
        parts.append(f'<td class="{css}">{content}</td>')
    return mark_safe("".join(parts))  # noqa: S308


@register.simple_tag
def legend(heatmap: Heatmap) -> list[dict[str, str]]:
    """The looks that the table can have, each with its words: css, text, label."""
    measure, language = heatmap.wanted.measure, get_language() or "es"
    words: dict[str, list[tuple[int, str]]] = {
        "level": [
            (0, _("Absent")),
            (1, _("Defined or partial")),
            (2, _("Applied: meets the standard")),
            (3, _("Measured and improved")),
        ],
        "gap": [(0, _("Meets the standard")), (1, _("One step missing")), (2, _("Two steps missing"))],
        "change": [(1, _("Better than at the baseline")), (0, _("The same")), (-1, _("Worse than at the baseline"))],
    }
    looks = [(*_look(measure, value, False, language), label) for value, label in words[measure]]
    looks.append((*_look(measure, None, True, language), _("Does not apply")))
    looks.append(("mj-old", "", _("Dotted: the evidence is old")))
    blank = _("Blank: nothing to compare with") if measure == "change" else _("Blank: not measured")
    looks.append(("", "", blank))
    return [{"css": css, "text": text, "label": label} for css, text, label in looks]


@lru_cache(maxsize=200)
def _look(measure: str, value: int | None, not_applicable: bool, language: str) -> tuple[str, str]:
    """Class and text of a cell; the text is "" where there is nothing to say."""
    if not_applicable:
        return "mj-at-na", escape(_("N/A"))
    if value is None:
        return "", ""
    looks: dict[str, Callable[[int], tuple[str, str]]] = {
        "level": lambda level: (f"mj-at-{level}", str(level)),
        "gap": lambda gap: (f"mj-at-{WIDEST_GAP - gap}", str(gap)),
        "change": lambda change: (
            "mj-same" if change == 0 else "mj-up" if change > 0 else "mj-down",
            signed(change),
        ),
    }
    return looks[measure](value)


@lru_cache(maxsize=8)
def _old(language: str) -> str:
    words = escape(_("old evidence"))
    return f'<span class="govuk-visually-hidden"> {words}</span>'


def _evidence(heatmap: Heatmap, row: Row, standard: Standard, cell: Cell) -> str:
    """Where the level can be checked: the answer in its self-diagnosis, else the records behind the gaps."""
    language = get_language() or "es"
    if cell.source_type == "quality.assessment":
        return f"{_address('quality:assessment_show', language, cell.source_id)}#{standard.code}"
    return _address("quality:gap_trace", language, heatmap.wanted.cycle.year, row.municipality.slug)


@lru_cache(maxsize=2000)
def _address(name: str, language: str, *args: Any) -> str:
    return escape(reverse(name, args=args))
