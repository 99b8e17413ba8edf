"""Pictures of numbers: the same data gives the same bytes, drawn once.

A chart never stands alone: the page shows the same data as a table, and the picture has a text.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.cache import cache as store

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

# The site's own: levels 0 to 3, from pale to dark, told apart without colour vision by their lightness.
LEVEL_COLORS = ("#e4d5b9", "#f3bf73", "#8cc0b8", "#0f4c52")
BLANK_COLOR = "#ffffff"
INK = "#24211d"
HATCH_INK = "#7a6a4f"
LINE = "#d9cfbf"
OLD_COLOR = "#b3264a"
SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "mejora",
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "axes.labelcolor": INK,
    "savefig.bbox": "tight",
    "hatch.linewidth": 0.6,
}
DASHES = {"edgecolor": HATCH_INK, "linewidth": 1.0, "linestyle": "--"}
KEEP_SECONDS = 24 * 60 * 60
INCH_PER_CELL = 0.28


@dataclass(frozen=True)
class Look:
    """How a cell of one value is drawn: never by colour alone, so it also has its mark and a pattern.

    ``hatch`` is matplotlib's, such as ``"///"``; ``is_dashed`` draws a dashed border within the cell; ``label``
    is what it means, for the legend.
    """

    color: str
    mark: str
    label: str
    hatch: str = ""
    is_dashed: bool = False


def heatmap_png(values: np.ndarray, colors: Sequence[str] = LEVEL_COLORS) -> bytes:
    """One pixel for each cell, as a palette PNG to be enlarged by the page with ``pixelated``.

    :param values: two dimensions; a whole number is an index of ``colors``, NaN is blank.
    :raises ValueError: a value outside ``colors``.
    """

    def draw() -> bytes:
        from PIL import Image

        indices = _indices(values, len(colors))
        image = Image.fromarray(indices, mode="P")
        image.putpalette([part for color in (*colors, BLANK_COLOR) for part in bytes.fromhex(color[1:])])
        buffer = io.BytesIO()
        image.save(buffer, "PNG", optimize=True)
        return buffer.getvalue()

    return _drawn_once("pixels", draw, values, tuple(colors))


def labelled_heatmap_png(
    values: np.ndarray,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    looks: Sequence[Look],
    blank: str,
    groups: Sequence[tuple[str, int]] = (),
    old: np.ndarray | None = None,
    old_label: str = "",
) -> bytes:
    """A picture to download and print, with names, the mark of each cell and a legend.

    :param values: as for :func:`heatmap_png`, of ``len(rows)`` by ``len(columns)``; numbers of ``looks``.
    :param blank: what a cell without a look means.
    :param groups: name and number of rows of each group, in the order of ``rows``; none, or all rows.
    :param old: cells whose evidence is old, of the same shape; they get a dotted border, which ``old_label`` explains.
    """
    if groups and sum(count for _name, count in groups) != len(rows):
        raise ValueError("the groups of a heatmap hold all of its rows")

    def draw() -> bytes:
        figure = _heatmap_figure(values, rows, columns, title, looks, blank, groups, old, old_label)
        return _saved(figure, "png")

    marked = b"" if old is None else old.tobytes()
    words = (tuple(rows), tuple(columns), title, tuple(looks), blank, tuple(groups), marked, old_label)
    return _drawn_once("heatmap", draw, values, words)


def bars_svg(labels: Sequence[str], values: Sequence[float], *, title: str, unit: str = "") -> str:
    """Horizontal bars with their numbers, as SVG, for printed reports (web pages draw bars in HTML)."""

    def draw() -> bytes:
        figure = _figure(6.5, 0.6 + 0.32 * len(labels))
        axes = figure.subplots()
        bars = axes.barh(range(len(labels)), values, color=LEVEL_COLORS[2])
        axes.bar_label(bars, labels=[f"{value:g}{unit}" for value in values], padding=3)
        axes.set_yticks(range(len(labels)), labels)
        axes.invert_yaxis()
        axes.set_title(title, loc="left")
        return _saved(figure, "svg")

    return _drawn_once("bars", draw, tuple(values), (tuple(labels), title, unit)).decode()


def _heatmap_figure(
    values: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    looks: Sequence[Look],
    blank: str,
    groups: Sequence[tuple[str, int]],
    old: np.ndarray | None,
    old_label: str,
) -> Figure:
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Patch, Rectangle

    indices = _indices(values, len(looks))
    lines = _lines(rows, groups)
    figure = _figure(4 + INCH_PER_CELL * len(columns), 2.5 + INCH_PER_CELL * len(lines))
    axes = figure.subplots()
    squares: dict[int, list[Rectangle]] = {}
    dashed, dotted = [], []
    for height, (_name, row) in enumerate(lines):
        if row is None:
            continue
        for column, index in enumerate(indices[row].tolist()):
            squares.setdefault(index, []).append(Rectangle((column - 0.5, height - 0.5), 1, 1))
            if index < len(looks):
                _write(axes, column, height, looks[index])
                if looks[index].is_dashed:
                    dashed.append(Rectangle((column - 0.42, height - 0.42), 0.84, 0.84))
            if old is not None and old[row, column]:
                dotted.append(Rectangle((column - 0.4, height - 0.4), 0.8, 0.8))
    for index, found in sorted(squares.items()):
        axes.add_collection(PatchCollection(found, **_style(looks[index] if index < len(looks) else None)))
    axes.add_collection(PatchCollection(dashed, facecolor="none", **DASHES))
    old_style = {"facecolor": "none", "edgecolor": OLD_COLOR, "linewidth": 1.3, "linestyle": ":"}
    axes.add_collection(PatchCollection(dotted, **old_style))
    _name_the_axes(axes, lines, columns)
    axes.set_title(title, loc="left")
    handles = [
        Patch(**{**_style(look), **(DASHES if look.is_dashed else {})}, label=f"{look.mark}  {look.label}")
        for look in looks
    ]
    handles += [Patch(**old_style, label=old_label)] if old_label else []
    handles.append(Patch(**_style(None), label=blank))
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, handleheight=1.4)
    return figure


def _lines(rows: Sequence[str], groups: Sequence[tuple[str, int]]) -> list[tuple[str, int | None]]:
    """What stands at each height: a group's name (without a row) or a row's name with its number."""
    if not groups:
        return list(zip(rows, range(len(rows)), strict=True))
    lines: list[tuple[str, int | None]] = []
    first = 0
    for name, count in groups:
        lines += [(name, None), *((rows[row], row) for row in range(first, first + count))]
        first += count
    return lines


def _name_the_axes(axes: Any, lines: Sequence[tuple[str, int | None]], columns: Sequence[str]) -> None:
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.set_aspect("equal")
    axes.set_xticks(range(len(columns)), columns, rotation=90)
    axes.set_yticks(range(len(lines)), [name for name, _row in lines])
    for tick, (_name, row) in zip(axes.get_yticklabels(), lines, strict=True):
        tick.set_fontweight("bold" if row is None else "normal")
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def _style(look: Look | None) -> dict[str, Any]:
    if look is None:
        return {"facecolor": BLANK_COLOR, "edgecolor": LINE, "linewidth": 0.5}
    return {"facecolor": look.color, "edgecolor": HATCH_INK, "linewidth": 0.4, "hatch": look.hatch}


def _write(axes: Any, column: int, height: int, look: Look) -> None:
    box = {"facecolor": look.color, "edgecolor": "none", "pad": 0.8} if look.hatch else None  # read over a pattern
    ink = _ink_on(look.color)
    axes.text(column, height, look.mark, ha="center", va="center", color=ink, fontsize=7, bbox=box, zorder=3)


def _ink_on(color: str) -> str:
    """White or dark, whichever stands out more (relative luminance of WCAG 2)."""
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if luminance < 0.2 else INK


def _indices(values: np.ndarray, count: int) -> np.ndarray:
    """Colour numbers; blank cells get the number after the last colour."""
    import numpy as np

    numbers = np.asarray(values, dtype=float)
    if numbers.ndim != 2:
        raise ValueError("a heatmap has two dimensions")
    known = numbers[~np.isnan(numbers)]
    if ((known < 0) | (known >= count) | (known != known.round())).any():
        raise ValueError(f"a heatmap's values are whole numbers from 0 to {count - 1}")
    return np.where(np.isnan(numbers), count, numbers).astype("uint8")


@cache
def _set_up() -> None:
    """Once in a process: drawing settings are global."""
    import matplotlib

    matplotlib.rcParams.update(SETTINGS)


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    _set_up()
    return Figure(figsize=(width, height), layout="constrained")


def _saved(figure: Figure, kind: str) -> bytes:
    buffer = io.BytesIO()
    # Without a date or a program's name, the same data gives the same bytes.
    metadata = {"Date": None} if kind == "svg" else {"Software": None}
    figure.savefig(buffer, format=kind, dpi=150, metadata=metadata)
    return buffer.getvalue()


def _drawn_once(kind: str, draw: Callable[[], bytes], values: object, more: object) -> bytes:
    """Look in the cache by the hash of the data; draw where it is not there."""
    shape = getattr(values, "shape", ())
    content = values.tobytes() if hasattr(values, "tobytes") else repr(values).encode()
    digest = hashlib.sha256(content + repr((shape, more)).encode()).hexdigest()
    return store.get_or_set(f"reporting.{kind}.{digest}", draw, KEEP_SECONDS) or b""
