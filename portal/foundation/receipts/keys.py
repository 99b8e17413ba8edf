"""Codes and secrets: drawn at random, and read as people write them.

The code is ten letters and digits of Crockford's alphabet, which leaves out those that are taken for
others. The secret is four words of ``data/words.txt``: plain Spanish, each at least two letters away
from every other, none offensive. 2,100 words give more than 2⁴⁴ secrets.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
WORDS_IN_SECRET = 4
LONGEST_INPUT = 200
# What is read or heard as something else.
TAKEN_FOR = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


@cache
def words() -> tuple[str, ...]:
    """The words that secrets are made of."""
    return tuple((Path(__file__).parent / "data" / "words.txt").read_text(encoding="utf-8").split())


def draw_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _position in range(CODE_LENGTH))


def draw_secret() -> str:
    """Four words, as they are shown."""
    return " ".join(secrets.choice(words()) for _position in range(WORDS_IN_SECRET))


def normalize_code(text: str) -> str:
    """The code that was meant: case, spaces and signs do not count, and O is 0, I and L are 1."""
    return re.sub(r"[^0-9A-Z]", "", _folded(text).upper()).translate(TAKEN_FOR)


def normalize_secret(text: str) -> str:
    """The words that were meant: case, accents and what stands between them do not count."""
    return " ".join(re.findall(r"[a-z]+", _folded(text).lower()))


def grouped(code: str) -> str:
    """The code in two halves, which are easier to copy and to say."""
    half = CODE_LENGTH // 2
    return f"{code[:half]} {code[half:]}"


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text[:LONGEST_INPUT])
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
