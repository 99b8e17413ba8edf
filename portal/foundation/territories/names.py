"""How names are compared: without accents, case or punctuation, so that «nunoa» finds Ñuñoa."""

from __future__ import annotations

import re
import unicodedata


def fold(name: str) -> str:
    """``"  O'Higgins (Ñ) "`` → ``"ohiggins n"``: lower-case letters and digits, single spaces."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.findall(r"[a-z0-9]+", re.sub("['’]", "", plain)))


def without_kind(folded: str) -> str:
    """``"ilustre municipalidad de la ligua"`` → ``"la ligua"``: what a place is, is no part of its name."""
    return re.sub(r"^(?:ilustre )?(?:municipalidad|municipality|muni|comuna|commune) (?:(?:de|of) )?", "", folded)


def is_like_a_name(text: str) -> bool:
    """Could it be a place's name? Not where it has signs that no name has: «<b>» is not a «b» that was looked for."""
    return re.fullmatch(r"[\w\s.,()'’-]*", text) is not None
