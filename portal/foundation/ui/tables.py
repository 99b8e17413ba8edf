"""A table that a telephone shows as a list: each cell carries the name of its column.

The author writes an ordinary table between ``{% stacked %}`` and ``{% endstacked %}``. What makes it a list on
a narrow screen is in the style sheet (``mj-stacked``). Its roles are written out, because some browsers forget
that a table is one when its cells are no longer laid out as cells.
"""

from __future__ import annotations

import re

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

HEADER = re.compile(r"<th\b[^>]*\bscope=\"col\"[^>]*>(.*?)</th>", re.S)
TAG = re.compile(r"<(table|thead|tbody|tr|th|td)\b([^>]*)>")
SPAN = re.compile(r"\bcolspan=\"(\d+)\"")
ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}


def stacked(html: str) -> SafeString:
    """The table with roles, and on each cell of its body ``data-label``: what its column is called.

    A cell that spans several columns speaks for itself and gets none.
    """
    labels = [_text(header) for header in HEADER.findall(html)]
    column = 0

    def marked(found: re.Match[str]) -> str:
        nonlocal column
        name, attributes = found.groups()
        if name == "tr":
            column = 0
        if name not in ("td", "th"):
            attributes = attributes.replace('class="', 'class="mj-stacked ', 1) if name == "table" else attributes
            return f'<{name} role="{ROLES[name]}"{attributes}>'
        span = SPAN.search(attributes)
        label = labels[column] if name == "td" and not span and column < len(labels) else ""
        column += int(span[1]) if span else 1
        role = "cell" if name == "td" else "columnheader" if 'scope="col"' in attributes else "rowheader"
        return f'<{name} role="{role}"{attributes}' + (f' data-label="{label}">' if label else ">")

    return mark_safe(TAG.sub(marked, html))  # noqa: S308  the template's own output, in which all texts are escaped


def _text(header: str) -> str:
    return " ".join(strip_tags(header).split()).replace('"', "&quot;")
