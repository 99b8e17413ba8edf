"""Hide what names a person in a free text: RUN, telephone numbers, e-mails, street addresses. Pure.

Each is replaced by a plain token such as ``[RUN]``, and what kinds were found is told. A machine does
not find everything (names of people, above all), so a person reads afterwards and hides the rest with
:func:`hide`. Rules, order and limits in prose: ``docs/algorithms/masking.md``.

The text is read in a canonical form: digits of any script are 0-9, every dash is "-", letters are small
and without accents, spaces are single. What is found there is replaced in the text itself, so that
nothing else of it changes.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

VERSION = "1"


class Kind(StrEnum):
    EMAIL = "email"
    RUN = "run"
    PHONE = "phone"
    ADDRESS = "address"
    WORD = "word"


# As a reader of Spanish would write them. No rule finds anything in them, so masking twice changes nothing.
TOKENS = {
    Kind.EMAIL: "[CORREO]",
    Kind.RUN: "[RUN]",
    Kind.PHONE: "[TELÉFONO]",
    Kind.ADDRESS: "[DIRECCIÓN]",
    Kind.WORD: "[OCULTO]",
}


@dataclass(frozen=True)
class Masked:
    """The text with tokens, and how many of each kind were replaced (kinds without any are left out)."""

    text: str
    found: dict[str, int]


def mask(text: str) -> Masked:
    """Replace what names a person by tokens; the same text always gives the same answer."""
    reading = _Reading(text)
    chosen: list[_Span] = []
    for find in (_emails, _named_runs, _marked_phones, _numbers, _addresses):
        for span in find(reading.plain):
            _add(chosen, span)
    return reading.replaced(chosen)


def hide(text: str, phrases: Iterable[str]) -> Masked:
    """Replace each of ``phrases`` wherever it stands as whole words; accents and capitals do not matter.

    What a reader marks after the machine: names, nicknames, places. An empty phrase hides nothing.
    """
    reading = _Reading(text)
    chosen: list[_Span] = []
    wanted = {_Reading(phrase).plain.strip() for phrase in phrases} - {""}
    for phrase in sorted(wanted, key=lambda one: (-len(one), one)):
        for span in _phrase(reading.plain, phrase):
            _add(chosen, span)
    return reading.replaced(chosen)


def missing(text: str, phrases: Iterable[str]) -> list[str]:
    """Those of ``phrases`` that :func:`hide` finds nowhere in ``text``: mistyped, a name would stay readable."""
    reading = _Reading(text)
    plain = {phrase: _Reading(phrase).plain.strip() for phrase in phrases}
    return [phrase for phrase, one in plain.items() if one and not any(_phrase(reading.plain, one))]


def is_run(body: str, digit: str) -> bool:
    """Is ``digit`` (0-9 or k) the check digit of ``body`` (modulo 11, factors 2 to 7 from the right)?"""
    total = sum(int(figure) * (2 + place % 6) for place, figure in enumerate(reversed(body)))
    return "0k987654321"[total % 11] == digit


# --- Reading and replacing

_LOOK_ALIKES = {"\u041a": "k", "\u043a": "k", "\u039a": "k", "\u03ba": "k", "º": "º", "°": "º"}
_DASHES = frozenset("\u2212\u2043\u00ad\u30fc\u02d7\u2796")
_DOTS = frozenset("\u00b7\u2024\u2027\u2219\u22c5\u30fb\u3002\u2022\u02d9\uff61")


class _Span(NamedTuple):
    start: int
    end: int
    kind: Kind


class _Reading:
    """The canonical form of a text, and where each of its characters comes from."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.origin: list[int] = []
        plain: list[str] = []
        for place, character in enumerate(text):
            for read in _canonical(character):
                if read == " " and plain and plain[-1] == " ":
                    continue
                plain.append(read)
                self.origin.append(place)
        self.plain = "".join(plain)

    def replaced(self, spans: Iterable[_Span]) -> Masked:
        parts, last = [], 0
        found: Counter[str] = Counter()
        for span in sorted(spans):
            start, end = self.origin[span.start], self.origin[span.end - 1] + 1
            # Accents written apart belong to the letter before them.
            while end < len(self.text) and unicodedata.combining(self.text[end]):
                end += 1
            parts += [self.text[last:start], TOKENS[span.kind]]
            found[span.kind.value] += 1
            last = end
        return Masked("".join([*parts, self.text[last:]]), dict(sorted(found.items())))


def _phrase(plain: str, phrase: str) -> Iterator[_Span]:
    """Where ``phrase`` stands in ``plain`` as whole words."""
    for found in re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", plain):
        start, end = found.span()
        # The word of a token, such as RUN, is no word of the text.
        if not (plain[start - 1 : start] == "[" and plain[end : end + 1] == "]"):
            yield _Span(start, end, Kind.WORD)


def _canonical(character: str) -> str:
    """What a character is read as: nothing, one character, or several (ligatures)."""
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    category = unicodedata.category(character)
    if character.isspace() or category.startswith("Z"):
        return " "
    if category == "Pd" or character in _DASHES:
        return "-"
    if character in _DOTS:
        return "."
    if category in {"Cf", "Cc", "Mn", "Me"}:
        return ""
    figure = unicodedata.digit(character, None)
    if figure is not None:
        return str(figure)
    read = unicodedata.normalize("NFKD", character)
    if len(read) == 1:
        return read.lower()
    return "".join(_canonical(part) for part in read)


def _add(chosen: list[_Span], span: _Span) -> None:
    """Keep ``span`` in order, unless it touches one found before it."""
    index = bisect_left(chosen, span)
    touches_before = index > 0 and chosen[index - 1].end > span.start
    touches_after = index < len(chosen) and chosen[index].start < span.end
    if not touches_before and not touches_after:
        chosen.insert(index, span)


# --- E-mails

_MAIL_ENDINGS = "com|cl|net|org|edu|gob|gov|info|es|io|co|ar|pe|bo|mx|br|ve|us|live|me|app|dev"
_AT = re.compile(r"@|(?<=[ \w])(?:\((?:at|a|arroba)\)|\[(?:at|a|arroba)\]| arroba )")
_LOCAL = re.compile(r'(?:"[^"]{1,64}"|[^ @<>()\[\],;:"]{1,128})$')
_DOMAIN = re.compile(
    r"(?:\[[^\] ]{1,60}\]|[^ @<>()\[\],;:\"!?]{1,253})"
    rf"(?:(?: ?\. ?| punto | ?[(\[](?:dot|punto)[)\]] ?)(?:{_MAIL_ENDINGS})\b)*"
)


def _emails(plain: str) -> Iterator[_Span]:
    for sign in _AT.finditer(plain):
        left, right = sign.span()
        spaced = plain[left - 1 : left] == " " or plain[right : right + 1] == " " or sign[0] != "@"
        left -= plain[left - 1 : left] == " "
        right += plain[right : right + 1] == " "
        local = _LOCAL.search(plain, max(0, left - 130), left)
        domain = _DOMAIN.match(plain, right)
        if not local or not domain:
            continue
        name = domain[0].rstrip(".-'")
        if name and (not spaced or re.search(r"\w\.\w|punto|dot[)\]]|\. ?\w|\[", name)):
            yield _Span(local.start(), domain.start() + len(name), Kind.EMAIL)


# --- Numbers: RUN and telephones

_BETWEEN = r"[ .,'\-/()_*+:]"
_FIGURES = re.compile(rf"\d(?:{_BETWEEN}{{0,5}}\d)*")
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_DATES = re.compile(
    rf"(?<!\d)(?:{_DAY} ?[-/.] ?{_MONTH} ?[-/.] ?{_YEAR}|{_YEAR} ?[-/.] ?{_MONTH} ?[-/.] ?{_DAY}"
    rf"|{_DAY} {_MONTH} {_YEAR}|{_YEAR} ?[-/ ] ?{_YEAR})(?!\d)"
)
_THOUSANDS = re.compile(
    r"(?<![\d.,'\-])[1-9]\d{0,2}(?:(?:\.\d{3})+(?:,\d{1,2})?|(?:,\d{3})+|(?:'\d{3})+)(?![.,'\-]?\d)"
)
_AMOUNT = re.compile(r"\d+(?:[.,']\d{3})*(?:,\d{1,2})?")
_MONEY_BEFORE = re.compile(r"(?:[$€]|\b(?:clp|usd|uf|utm|pesos))[ :]?$")
_MONEY_AFTER = re.compile(r" ?(?:pesos|lucas|mil\b|millon|dolares|euros|uf\b|utm\b|clp\b|usd\b|%)")

# Numbers below a million were given to people born before 1920.
_LEAST_RUN = 1_000_000
_RUN_SHAPE = re.compile(
    r"(?<!\d)0{0,3}\d{1,2}(?P<millions>[ .,'\-]{0,3})\d{3}(?P<thousands>[ .,'\-]{0,3})\d{3}"
    r"(?P<between>[ .,'\-/_*:()]{0,5}(?:(?:guion|raya|dv|digito(?: verificador)?)[ :.\-]{0,3})?)[\dk]"
    r"(?![\da-z]|[.,]\d)"
)
_CONNECTION = r"[ :.]{0,3}(?:(?:es|de|del|el|la|mi|su|al|numero|nro|num|nº|n|#|no)[ :.º]{1,3}){0,4}"
_RUN_NAMED = re.compile(
    r"\b(?:r\.? ?u\.? ?[tn]|cedula(?: de identidad)?|carne?t(?: de identidad)?|c\. ?i)\b"
    rf"{_CONNECTION}(?P<number>\d(?:[ .,'\-]{{0,3}}\d){{5,8}}(?:[ .,'\-/]{{0,4}}[\dk](?![a-z\d]))?)(?!\d)"
)

# Subtel's numbering plan: nine digits; mobiles begin with 9, the rest with the area.
_AREA = re.compile(r"3[2-5]|4[1-5]|5[123578]|6[134578]|7[1235]")
_PREFIXES = ("0056", "56", "0", "")
_PHONE_NAMED = re.compile(
    r"\b(?:fono|telefono|tel|celular|cel|movil|whatsapp|watsap|wasap|wsp|llam[a-z]{1,6}|contacto)\b"
    rf"{_CONNECTION}(?P<number>[+(]{{0,2}}\d(?:[ .\-()/]{{0,3}}\d){{5,12}})(?!\d)"
)
_PHONE_ABROAD = re.compile(r"\+ ?\d(?:[ .\-()/]{0,3}\d){8,13}(?!\d)")


class _Window(NamedTuple):
    """Some neighboring groups of digits; ``is_prose`` where one ends a sentence or a member of a list."""

    start: int
    end: int
    digits: str
    is_prose: bool


def _windows(plain: str) -> Iterator[_Window]:
    """Neighboring groups of digits with 8 to 13 digits in all, whatever stands between."""
    for run in _FIGURES.finditer(plain):
        groups = [(found.start(), found.end()) for found in re.finditer(r"\d+", plain[run.start() : run.end()])]
        for first in range(len(groups)):
            digits, is_prose = "", False
            for last in range(first, len(groups)):
                start, end = groups[last]
                if last > first:
                    between = plain[run.start() + groups[last - 1][1] : run.start() + start]
                    is_prose = is_prose or bool(re.search(r"[.,:] ", between))
                digits += plain[run.start() + start : run.start() + end]
                if len(digits) > 13:
                    break
                if len(digits) >= 7:
                    yield _Window(run.start() + groups[first][0], run.start() + end, digits, is_prose)


class _Ordinary:
    """Dates and amounts of a text: what looks like a number of a person by chance only."""

    def __init__(self, plain: str) -> None:
        self.plain = plain
        self.dates = [found.span() for found in _DATES.finditer(plain)]
        self.thousands = [found.span() for found in _THOUSANDS.finditer(plain)]

    def is_date(self, start: int, end: int) -> bool:
        return bool(_overlapping(self.dates, start, end))

    def is_amount(self, start: int, end: int) -> bool:
        """Is it written as an amount, and has it the sign or the word of money beside it?"""
        if not _AMOUNT.fullmatch(self.plain, start, end):
            return False
        before, after = self.plain[max(0, start - 8) : start], self.plain[end : end + 10]
        return bool(_MONEY_BEFORE.search(before) or _MONEY_AFTER.match(after))

    def is_grouped(self, start: int, end: int) -> bool:
        """Does it touch a number written by thousands?"""
        return bool(_overlapping(self.thousands, start, end))

    def is_part_of_grouped(self, start: int, end: int) -> bool:
        """Does it touch a number written by thousands without being that whole number?"""
        return any(span != (start, end) for span in _overlapping(self.thousands, start, end))


def _overlapping(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Those of ``spans`` (sorted, apart from each other) that share a character with start-end."""
    first = max(0, bisect_left(spans, (start, start)) - 1)
    last = bisect_left(spans, (end, end))
    return [span for span in spans[first:last] if span[1] > start]


def _named_runs(plain: str) -> Iterator[_Span]:
    """Numbers that the text itself calls RUN, right or not."""
    ordinary = _Ordinary(plain)
    for found in _RUN_NAMED.finditer(plain):
        if not ordinary.is_date(*found.span("number")):
            yield _Span(*found.span("number"), Kind.RUN)


def _numbers(plain: str) -> Iterator[_Span]:
    """RUN as they are usually written; then RUN and telephones however they are, the longest first."""
    ordinary = _Ordinary(plain)
    yield from _shaped_runs(plain, ordinary)
    windows = list(_windows(plain))
    loose = [span for window in windows for span in _loose_runs(plain, window, ordinary)]
    loose += _windows_of_phones(plain, windows, ordinary)
    yield from sorted(loose, key=lambda span: (span.start - span.end, span))


def _shaped_runs(plain: str, ordinary: _Ordinary) -> Iterator[_Span]:
    """Written as a RUN is: by thousands, then something, then the check digit."""
    place = 0
    while found := _RUN_SHAPE.search(plain, place):
        place = found.start() + 1
        between = found["between"]
        spoken = found.end() - 1 - len(between)
        body = re.sub(r"\D", "", plain[found.start() : spoken])
        is_parted = between or (found["millions"] and found["thousands"] and not ordinary.is_date(*found.span()))
        if not is_parted or not _is_person(body, plain[found.end() - 1]):
            continue
        if not between.strip() and ordinary.is_amount(found.start(), spoken):
            continue
        yield _Span(*found.span(), Kind.RUN)


def _loose_runs(plain: str, window: _Window, ordinary: _Ordinary) -> Iterator[_Span]:
    """Digits with a right check digit, however they are parted, that are no date and no amount."""
    start, end, digits, is_prose = window
    if ordinary.is_date(start, end):
        return
    check_k = re.compile(r"[ .,'\-/_*:()]{0,5}k(?![a-z\d])").match(plain, end)
    if check_k and _is_person(digits, "k"):
        yield _Span(start, check_k.end(), Kind.RUN)
    if ordinary.is_grouped(start, end) or (is_prose and not _one_by_one(plain[start:end])):
        return
    if _is_person(digits[:-1], digits[-1]) and not ordinary.is_amount(start, end):
        yield _Span(start, end, Kind.RUN)


def _one_by_one(written: str) -> bool:
    return re.search(r"\d\d", written) is None


def _is_person(body: str, digit: str) -> bool:
    """Is it a RUN that a person or an organization can have today?"""
    figures = body.lstrip("0")
    return 7 <= len(figures) <= 8 and len(body) <= 11 and int(figures) >= _LEAST_RUN and is_run(figures, digit)


def _marked_phones(plain: str) -> Iterator[_Span]:
    """Numbers that the text calls telephones, and those with a country's prefix."""
    ordinary = _Ordinary(plain)
    for pattern in (_PHONE_NAMED, _PHONE_ABROAD):
        for found in pattern.finditer(plain):
            span = found.span("number") if "number" in found.groupdict() else found.span()
            if not ordinary.is_date(*span):
                yield _Span(*span, Kind.PHONE)
    windows = [window for window in _windows(plain) if len(window.digits) > 10]
    yield from sorted(_windows_of_phones(plain, windows, ordinary), key=lambda span: (span.start - span.end, span))


def _windows_of_phones(plain: str, windows: Iterable[_Window], ordinary: _Ordinary) -> Iterator[_Span]:
    for window in windows:
        if _is_phone_here(plain, window, ordinary):
            # An open bracket belongs to the number where it is closed within it.
            signs = r"[+(]{1,2} ?$" if ")" in plain[window.start : window.end] else r"[+] ?$"
            sign = re.compile(signs).search(plain, max(0, window.start - 3), window.start)
            yield _Span(sign.start() if sign else window.start, window.end, Kind.PHONE)


def _is_phone_here(plain: str, window: _Window, ordinary: _Ordinary) -> bool:
    start, end, digits, is_prose = window
    if not _is_phone(digits) or ordinary.is_date(start, end) or ordinary.is_amount(start, end):
        return False
    starts_alone = re.match(r"(?:(?:00)?56|0?9)(?!\d)", plain[start:end]) is not None
    if is_prose and not starts_alone and not _one_by_one(plain[start:end]):
        return False
    return len(digits) > 10 or not ordinary.is_part_of_grouped(start, end)


def _is_phone(digits: str) -> bool:
    """Nine digits that a Chilean line can have, after a prefix or none."""
    for prefix in _PREFIXES:
        number = digits.removeprefix(prefix)
        if digits.startswith(prefix) and len(number) == 9:
            return number[0] in "29" or _AREA.match(number) is not None
    return False


# --- Street addresses

_STREET = (
    r"(?:calle|av|avda|avenida|pasaje|pasage|psje|pje|psj|camino(?: a)?|ruta|autopista|costanera|diagonal|alameda"
    r"|callejon|bulevar|paseo|vivo|vivimos|resido|domicilio|domiciliad[oa]|direccion)"
)
_PLACE = r"(?:villa|poblacion|pobl|condominio|conjunto|parcelacion|sector|loteo|campamento)"
_INSIDE = r"(?:block|blok|torre|depto|dpto|departamento|casa|parcela|sitio|lote|manzana|mz|km|kilometro)"
_NUMBER_SIGN = r"(?:nº|nro|num|numero|n|#)[ .º]{0,3}"
_NO_NAME = (
    "a al antes bajo cada casi como con contra cuando desde despues donde durante en entre era es espere esperamos "
    "espero esperando esta estaba estan estuve fue fueron ha hace hacia han hasta hay he hubo iba llego llegue lleva "
    "llevo mas me menos mi mis muy ni no nos o para pero por porque que queda quedan se ser si sin sobre solo son su "
    "sus tambien tan tenia tiene tienen tras un una unos unas va vale y ya cerrada cortada atienden atendieron cerca "
    "frente todo toda todos todas"
).replace(" ", "|")
_UNITS = (
    "minutos?|horas?|hrs|dias?|semanas?|mes|meses|anos?|veces|vez|personas?|pesos?|metros?|mts|cuadras?|kilometros?"
    "|km|mil|millones|lucas|familias?|casas|vecin[oa]s|funcionari[oa]s|hij[oa]s|ninos|por ciento|kilos|litros"
)
_NAME = rf"(?P<name>(?:(?!(?:{_NO_NAME})(?![\w']))(?:[^\W\d][\w'.]{{0,30}}|\d{{1,3}})[ ,]{{1,2}}){{0,6}}?)"
_HOUSE_NUMBER = rf"(?:{_NUMBER_SIGN})?\d{{1,5}}(?: ?-? ?[a-z](?!\w))?(?![\d.,]*\d)(?! (?:{_UNITS})\b)"
_FLAT = rf"{_INSIDE}\b\.? ?(?:{_NUMBER_SIGN})?(?:\d{{1,5}}[a-z]?|[a-z])(?!\w)"
_FURTHER = rf"[ ,;.\-]{{1,3}}{_FLAT}"
_STREET_ADDRESS = re.compile(
    rf"\b{_STREET}\b[.:]? ?(?:(?:en|es|la|el)[ :]{{1,2}}){{0,3}}{_NAME}(?P<house>{_HOUSE_NUMBER})(?:{_FURTHER}){{0,4}}"
)
_PLACE_ADDRESS = re.compile(rf"\b(?:{_STREET}|{_PLACE})\b[.:]? ?{_NAME}(?<=[ ,]){_FLAT}(?:{_FURTHER}){{0,4}}")
_FLATS = re.compile(rf"\b{_FLAT}(?:{_FURTHER}){{1,4}}")
_CONNECTORS = frozenset({"de", "del", "la", "las", "los", "el"})


def _addresses(plain: str) -> Iterator[_Span]:
    for found in _STREET_ADDRESS.finditer(plain):
        if _is_address(found):
            yield _Span(*found.span(), Kind.ADDRESS)
    for pattern in (_PLACE_ADDRESS, _FLATS):
        for found in pattern.finditer(plain):
            yield _Span(*found.span(), Kind.ADDRESS)


def _is_address(found: re.Match[str]) -> bool:
    """Has it a street's name, or else a sign that the number is a house's?"""
    if any(word not in _CONNECTORS for word in re.findall(r"\w+", found["name"])):
        return True
    is_named_itself = re.match(r"(?:alameda|costanera|diagonal)\b", found[0]) is not None
    has_flat = found.end() > found.end("house")
    return is_named_itself or has_flat or not found["house"][0].isdigit()
