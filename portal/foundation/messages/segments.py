"""How much a text message costs: pure functions on its characters.

A text of GSM 03.38's alphabet takes 160 characters in one segment, or 153 in each of several; any
other character (an «í», a curly quote) sends the whole text in UCS-2, at 70 and 67. Spanish loses
little without those accents, so a text is written plainly wherever that brings it into the alphabet.
"""

from __future__ import annotations

import unicodedata

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüàÆæßÉ"
)
# Each of these takes two places.
GSM_EXTENDED = frozenset("^{}\\[~]|€\f")
PLAINER = str.maketrans(
    {
        "«": '"',
        "»": '"',
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "·": "-",
        "•": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\t": " ",
        "º": "o",
        "ª": "a",
    }
)
ONE_GSM, MANY_GSM = 160, 153
ONE_UCS, MANY_UCS = 70, 67


def plain(text: str) -> str:
    """The text with every character that GSM-7 lacks written in a plainer way, where there is one."""
    return "".join(_plain_letter(letter) for letter in text.translate(PLAINER))


def is_gsm(text: str) -> bool:
    return set(text) <= GSM | GSM_EXTENDED


def segments(text: str) -> int:
    """How many segments the text takes: what the sender pays for."""
    if is_gsm(text):
        length = len(text) + sum(letter in GSM_EXTENDED for letter in text)
        one, many = ONE_GSM, MANY_GSM
    else:
        length = len(text.encode("utf-16-be")) // 2
        one, many = ONE_UCS, MANY_UCS
    return 1 if length <= one else -(-length // many)


def _plain_letter(letter: str) -> str:
    if letter in GSM or letter in GSM_EXTENDED:
        return letter
    base = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return base if base and is_gsm(base) else letter
