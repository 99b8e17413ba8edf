"""Reading what queue machines export. Pure: bytes and cells in, texts and moments out.

Each maker writes its own way: commas or semicolons, UTF-8 or an old Windows encoding, days before
months or after. What can be told from the file is told from it; what cannot, the person says once.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

SEPARATORS = ";,\t|"
SAMPLE_LINES = 50
MOST_COLUMNS = 100
CELL_LENGTH = 200
FORMULA_STARTS = ("=", "@")
# In the order in which they are tried; cp1252 leaves five bytes undefined, latin-1 none.
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
FALLBACKS = ("utf-8", "cp1252", "latin-1")
DAY_FIRST, MONTH_FIRST = "dmy", "mdy"
EXCEL_EPOCH = datetime(1899, 12, 30)
EXCEL_DAYS = (36526, 73051)  # the years 2000 to 2099
YES = frozenset({"si", "s", "yes", "y", "1", "x", "true", "verdadero", "preferente", "preferencial", "prioritario"})
MONTH_NAMES = {
    name: number
    for number, names in enumerate(
        (
            ("ene", "jan"),
            ("feb",),
            ("mar",),
            ("abr", "apr"),
            ("may",),
            ("jun",),
            ("jul",),
            ("ago", "aug"),
            ("sep", "set"),
            ("oct",),
            ("nov",),
            ("dic", "dec"),
        ),
        start=1,
    )
    for name in names
}
ISO_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
PLAIN_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?!\d)")
NAMED_DAY = re.compile(r"(\d{1,2})[-/. ](?:de )?([a-z]{3})[a-z]*\.?[-/. ](?:de )?(\d{4}|\d{2})(?!\d)")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(am|pm|a\.? ?m\.?|p\.? ?m\.?)?$")
COMPACT_DAY = re.compile(r"(20\d{2})(\d{2})(\d{2})(?!\d)")


class UnreadableFile(ValueError):
    """The file is not a table of text; ``code`` says why and ``row`` where."""

    def __init__(self, code: str, row: int = 0) -> None:
        super().__init__(code)
        self.code, self.row = code, row


class UnreadableCell(ValueError):
    """The cell is not what its column should hold."""


# --- Files ---------------------------------------------------------------------------------------


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding.

    :raises UnreadableFile: ``binary``, where it holds what no text file holds.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                raise UnreadableFile("binary") from None
            return _checked(text), encoding
    for encoding in FALLBACKS:
        try:
            return _checked(content.decode(encoding)), encoding
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("binary")


def separator_of(text: str) -> str:
    """The sign between the columns: the one that the first lines hold equally often, and most of.

    :raises UnreadableFile: ``binary``, where a cell is too long for a table.
    """
    lines = [line for line in text.splitlines()[:SAMPLE_LINES] if line.strip()]
    best, score = SEPARATORS[0], (0.0, 0)
    for sign in SEPARATORS:
        counts = Counter(_columns(line, sign) - 1 for line in lines)
        usual, how_often = max(counts.items(), key=lambda item: (item[0] > 0, item[1], item[0]), default=(0, 0))
        found = (how_often / len(lines) if usual else 0.0, usual)
        if found > score:
            best, score = sign, found
    return best


def _columns(line: str, sign: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=sign)))
    except csv.Error:  # a cell longer than any table's
        raise UnreadableFile("binary") from None


def rows_of_text(text: str, separator: str) -> Iterator[list[str]]:
    """The rows of a csv, as :func:`table` wants them."""
    try:
        yield from csv.reader(text.splitlines(), delimiter=separator)
    except csv.Error:
        raise UnreadableFile("binary") from None


def table(rows: Iterable[Sequence[object]]) -> Iterator[list[str]]:
    """Headings first, then the rows that hold anything, all as wide as the headings and as text.

    Lines above the headings that fill one cell only (a report's title) are passed over.

    :raises UnreadableFile: ``empty``, ``wide`` or ``formula`` (a cell that a spreadsheet would run).
    """
    header: list[str] = []
    for number, row in enumerate(rows, start=1):
        cells = [text_of(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise UnreadableFile("wide", number)
        if any(cell.startswith(FORMULA_STARTS) for cell in cells):
            raise UnreadableFile("formula", number)
        if not header:
            if sum(bool(cell) for cell in cells) > 1:
                header = headings(cells)
                yield header
        elif any(cells):
            yield (cells + [""] * len(header))[: len(header)]
    if not header:
        raise UnreadableFile("empty")


def headings(cells: Sequence[str]) -> list[str]:
    """A name of its own for every column, also where the file gives none or the same twice."""
    names: list[str] = []
    for position, cell in enumerate(cells, start=1):
        name = cell or f"#{position}"
        names.append(name if name not in names else f"{name} #{position}")
    return names


def text_of(cell: object) -> str:
    """A cell as text: moments in ISO form, whole numbers without decimals, no outer spaces."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.replace(microsecond=0, tzinfo=None).isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(timedelta(seconds=round(cell.total_seconds())))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = "".join(sign for sign in str(cell) if unicodedata.category(sign)[0] != "C" or sign in "\t\n")
    return " ".join(text.split())[:CELL_LENGTH]


# --- Cells ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """What a cell says of a time: a day, an hour, or both."""

    day: date | None
    hour: time | None

    def on(self, day: date | None) -> datetime | None:
        """The whole moment; ``day`` where the cell has none."""
        known = self.day or day
        return datetime.combine(known, self.hour) if known and self.hour is not None else None


def moment(text: str, order: str = DAY_FIRST) -> Moment:
    """Read a day, an hour, or both, however they are written.

    :param order: which comes first in 3/4/2026, and in 11/24/2026 alike: a file is read in one order.
    :raises UnreadableCell: neither of them, or a day in the other order.
    """
    plain = _plain(text)
    if not plain:
        raise UnreadableCell(text)
    if re.fullmatch(r"\d{5}([.,]\d+)?", plain):
        return _of_excel(float(plain.replace(",", ".")), text)
    day, rest = _day(plain, order, text)
    rest = rest.removeprefix("t").strip(" ,-").removesuffix("z").strip()
    if not rest:
        if day is None:
            raise UnreadableCell(text)
        return Moment(day, None)
    return Moment(day, _hour(rest, text))


def order_of(texts: Iterable[str]) -> str:
    """Whether a file writes days or months first: told by the numbers over twelve, else days first."""
    for text in texts:
        found = PLAIN_DAY.match(_plain(text))
        if found:
            first, second = int(found[1]), int(found[2])
            if first > 12:
                return DAY_FIRST
            if second > 12:
                return MONTH_FIRST
    return DAY_FIRST


def minutes(text: str) -> float:
    """Minutes of «12», «12,5», «12 min», «0:12:30» or «00:12».

    :raises UnreadableCell: none of them.
    """
    plain = _plain(text)
    found = re.fullmatch(r"(\d{1,3}):(\d{2})(?::(\d{2}))?", plain)
    if found and found[3] is not None:
        return int(found[1]) * 60 + int(found[2]) + int(found[3]) / 60
    if found:
        return int(found[1]) + int(found[2]) / 60
    found = re.fullmatch(r"(\d{1,4}(?:[.,]\d{1,6})?)\s*(m|min|mins|minutos?|minutes?)?\.?", plain)
    if not found:
        raise UnreadableCell(text)
    return float(found[1].replace(",", "."))


def is_yes(text: str) -> bool:
    """Does the cell say yes? Anything that is not a known yes is a no."""
    return _plain(text) in YES


def folded(text: str) -> str:
    """A text by which two headings or values are told to be the same: without accents, case and signs."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", _plain(text)).split())


def _checked(text: str) -> str:
    if any(sign < " " and sign not in "\t\r\n\f" for sign in text):
        raise UnreadableFile("binary")
    return text


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).lower().strip()


def _day(plain: str, order: str, text: str) -> tuple[date | None, str]:
    if found := ISO_DAY.match(plain):
        return _date(found[1], found[2], found[3], text), plain[found.end() :]
    if found := PLAIN_DAY.match(plain):
        day, month = (found[1], found[2]) if order == DAY_FIRST else (found[2], found[1])
        return _date(found[3], month, day, text), plain[found.end() :]
    if (found := NAMED_DAY.match(plain)) and found[2] in MONTH_NAMES:
        return _date(found[3], str(MONTH_NAMES[found[2]]), found[1], text), plain[found.end() :]
    if found := COMPACT_DAY.match(plain):
        return _date(found[1], found[2], found[3], text), plain[found.end() :]
    return None, plain


def _date(year: str, month: str, day: str, text: str) -> date:
    whole = int(year) + (2000 if len(year) == 2 else 0)
    try:
        return date(whole, int(month), int(day))
    except ValueError:
        raise UnreadableCell(text) from None


def _hour(rest: str, text: str) -> time:
    found = CLOCK.match(rest.strip())
    if not found:
        raise UnreadableCell(text)
    hour, half = int(found[1]), (found[4] or "")[:1]
    if half and not 1 <= hour <= 12:
        raise UnreadableCell(text)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(found[2]), int(found[3] or 0))
    except ValueError:
        raise UnreadableCell(text) from None


def _of_excel(days: float, text: str) -> Moment:
    if not EXCEL_DAYS[0] <= days < EXCEL_DAYS[1]:
        raise UnreadableCell(text)
    whole = EXCEL_EPOCH + timedelta(seconds=round(days * 86400))
    return Moment(whole.date(), whole.time() if days % 1 else None)
