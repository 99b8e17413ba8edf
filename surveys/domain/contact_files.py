"""A list of contacts as a municipality has it: csv of whoever knows what program, read row by row.

Nothing of a row that cannot be used is kept or shown again: its number and what is wrong with it are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from benefits_core.queue_files import (
    FORMULA_STARTS,
    MOST_COLUMNS,
    UnreadableFile,
    decode,
    folded,
    rows_of_text,
    separator_of,
    text_of,
)
from portal.foundation.messages.addresses import InvalidAddress, normalize_email, normalize_telephone
from portal.foundation.messages.models import Channel
from surveys.enums import SurveyChannel
from surveys.errors import InvalidContent

MOST_ROWS = 20_000
MOST_BYTES = 4 * 1024 * 1024
LANGUAGES = {
    "es": "es",
    "espanol": "es",
    "castellano": "es",
    "spanish": "es",
    "en": "en",
    "ingles": "en",
    "english": "en",
}
HEADINGS = {
    "contact": (
        "contacto",
        "contact",
        "telefono",
        "celular",
        "movil",
        "fono",
        "phone",
        "correo",
        "email",
        "e mail",
        "mail",
    ),
    "channel": ("canal", "medio", "channel", "estrato", "stratum", "atencion"),
    "language": ("idioma", "language", "lengua"),
}
CHANNELS = {
    "presencial": SurveyChannel.IN_PERSON,
    "oficina": SurveyChannel.IN_PERSON,
    "en la oficina": SurveyChannel.IN_PERSON,
    "in person": SurveyChannel.IN_PERSON,
    "office": SurveyChannel.IN_PERSON,
    "terreno": SurveyChannel.OUTREACH,
    "en terreno": SurveyChannel.OUTREACH,
    "domicilio": SurveyChannel.OUTREACH,
    "outreach": SurveyChannel.OUTREACH,
    "virtual": SurveyChannel.VIRTUAL,
    "web": SurveyChannel.VIRTUAL,
    "internet": SurveyChannel.VIRTUAL,
    "en linea": SurveyChannel.VIRTUAL,
    "online": SurveyChannel.VIRTUAL,
    "telefono": SurveyChannel.VIRTUAL,
    "telephone": SurveyChannel.VIRTUAL,
}


class RowError(StrEnum):
    """What is wrong with a row."""

    NO_CONTACT = "no_contact"
    NOT_AN_ADDRESS = "not_an_address"
    NO_CHANNEL = "no_channel"
    NOT_A_CHANNEL = "not_a_channel"
    NOT_A_LANGUAGE = "not_a_language"
    TWICE = "twice"


@dataclass(frozen=True)
class ContactRow:
    """One row that can be used. ``number`` counts from 1, headings included."""

    number: int
    kind: str
    address: str
    channel: str
    language: str = "es"


@dataclass(frozen=True)
class ContactFile:
    rows: list[ContactRow]
    errors: list[tuple[int, RowError]]


def read_contacts(content: bytes, *, channel: str = "") -> ContactFile:
    """The rows of a csv with a column for the contact, one for the channel, and perhaps one for the language.

    :param channel: of the rows that say none; "" where each has to say its own.
    :raises InvalidContent: no table of text, a formula in it, no column of contacts, or too long.
    """
    if len(content) > MOST_BYTES:
        raise InvalidContent(_("The file is too large. Send it in parts of 4 MB at most."), "file")
    rows: list[ContactRow] = []
    errors: list[tuple[int, RowError]] = []
    seen: set[str] = set()
    lines = _table(content)
    places = _columns(next(lines)[1])
    for number, cells in lines:
        if number > MOST_ROWS + 1:
            message = _("The file has more than %(most)s rows. Send it in parts.") % {"most": MOST_ROWS}
            raise InvalidContent(message, "file")
        try:
            row = _row(number, {name: cells[place] for name, place in places.items() if place < len(cells)}, channel)
        except _Wrong as wrong:
            errors.append((number, wrong.error))
            continue
        if row.address.lower() in seen:
            errors.append((number, RowError.TWICE))
            continue
        seen.add(row.address.lower())
        rows.append(row)
    return ContactFile(rows, errors)


def address_of(text: str) -> tuple[str, str]:
    """(kind, the one written form) of a telephone or an e-mail address.

    :raises InvalidAddress: neither of them.
    """
    if "@" in text:
        return Channel.EMAIL, normalize_email(text)
    return Channel.SMS, normalize_telephone(text)


class _Wrong(Exception):
    def __init__(self, error: RowError) -> None:
        super().__init__(error)
        self.error = error


def _table(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row that holds anything; the first of them has the headings."""
    try:
        text = _text(content)
        found = 0
        for number, row in enumerate(rows_of_text(text, separator_of(text)), start=1):
            cells = [text_of(cell) for cell in row]
            if len(cells) > MOST_COLUMNS:
                raise UnreadableFile("wide", number)
            if any(cell.startswith(FORMULA_STARTS) for cell in cells):
                raise UnreadableFile("formula", number)
            if any(cells):
                found += 1
                yield number, cells
        if not found:
            raise UnreadableFile("empty")
    except UnreadableFile as unreadable:
        raise InvalidContent(_UNREADABLE[unreadable.code]() % {"row": unreadable.row}, "file") from None


_UNREADABLE = {
    "binary": lambda: _("This is not a table of text. Save it as csv and send it again."),
    "empty": lambda: _("The file is empty."),
    "wide": lambda: _("Row %(row)s has too many columns."),
    "formula": lambda: _("Row %(row)s holds a formula. Leave only values in the file."),
}


def _text(content: bytes) -> str:
    """Lines of one file may come from different programs: each is read by itself."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return decode(content)[0]
    lines = content.removeprefix(b"\xef\xbb\xbf").splitlines()
    return "\n".join(decode(line)[0] for line in lines)


def _columns(headings: list[str]) -> dict[str, int]:
    known = [folded(heading) for heading in headings]
    found = {
        name: next(place for place, heading in enumerate(known) if heading in words)
        for name, words in HEADINGS.items()
        if set(known) & set(words)
    }
    if "contact" not in found:
        raise InvalidContent(_("The first row needs a column “contacto” with the telephone or e-mail."), "file")
    return found


def _row(number: int, cells: dict[str, str], channel: str) -> ContactRow:
    if not cells.get("contact"):
        raise _Wrong(RowError.NO_CONTACT)
    try:
        kind, address = address_of(cells["contact"])
    except InvalidAddress:
        raise _Wrong(RowError.NOT_AN_ADDRESS) from None
    said = folded(cells.get("channel", "")) or channel
    if not said:
        raise _Wrong(RowError.NO_CHANNEL)
    found = said if said in SurveyChannel.values else CHANNELS.get(said)
    if found is None:
        raise _Wrong(RowError.NOT_A_CHANNEL)
    language = LANGUAGES.get(folded(cells.get("language", "")) or "es")
    if language is None:
        raise _Wrong(RowError.NOT_A_LANGUAGE)
    return ContactRow(number, kind, address, str(found), language)
