"""Is a Spanish text easy to read? Pure functions, used on message catalogues and at publishing.

The INFLESZ scale (Barrio-Cantalejo 2008) grades Szigriszt-Pazos' perspicuity (1993):
``206.835 − 62.3 × syllables/word − words/sentence``; 65 is "fairly easy", 80 "very easy".
Syllables are counted here, by the vowel groups of Spanish, because the libraries count English ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.translation import gettext as _

EASY = 65.0
VERY_EASY = 80.0
MIN_WORDS = 12
MAX_SENTENCE_WORDS = 20

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?…;:]+(?=\s|$)|\n{2,}")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sdf]|\{\w*\}|<[^>]+>|https?://\S+|\S+@\S+")

#: Words of offices and of engineers, with what a person would say.
JARGON = {
    "acceder": "entrar",
    "antedicho": "este",
    "aperturar": "abrir",
    "coadyuvar": "ayudar",
    "consignar": "escribir",
    "cumplimentar": "completar",
    "denegado": "rechazado",
    "el mismo deberá": "debe",
    "en virtud de": "por",
    "erogación": "gasto",
    "implementar": "poner en marcha",
    "impetrar": "pedir",
    "incoar": "iniciar",
    "interponer": "presentar",
    "login": "ingreso",
    "loguearse": "ingresar",
    "mediante": "con",
    "priorizar": "elegir primero",
    "query": "búsqueda",
    "requirente": "quien pide",
    "subsanar": "corregir",
    "token": "código",
    "upload": "subir",
    "visualizar": "ver",
}
#: Forms of «tú» and «vos»: the product says «usted» throughout.
_FAMILIAR = re.compile(
    r"\b(tú|tu|tus|tuyo|tuya|contigo|ti|te|puedes|debes|tienes|quieres|necesitas|podés|tenés|querés)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Finding:
    """One thing to mend: ``code`` (hard, long_sentence, jargon, familiar) and what was found.

    ``detail`` is for whoever develops; :func:`advice` says it to whoever writes. ``said`` is the words of the
    text, ``plain`` what a person would say.
    """

    code: str
    detail: str
    said: str = field(default="", compare=False)
    plain: str = field(default="", compare=False)


def count_syllables(word: str) -> int:
    """Syllables of one Spanish word by its vowel groups; at least one.

    A group of vowels is one syllable, one more for each pair of strong vowels (a, e, o) and for each
    accented í or ú beside a strong one, which break the diphthong.
    """
    text = word.lower().replace("qu", "q").replace("gue", "ge").replace("gui", "gi")
    text = text.replace("gué", "gé").replace("guí", "gí").replace("ü", "u").replace("h", "")
    text = re.sub(r"y(?![aeiouáéíóú])", "i", text)
    count = 0
    for group in re.findall(r"[aeiouáéíóú]+", text):
        breaks = sum(_is_hiatus(first, second) for first, second in pairwise(group))
        count += 1 + breaks
    return max(count, 1)


def _is_hiatus(first: str, second: str) -> bool:
    strong = "aeoáéó"
    return (
        (first in strong and second in strong)
        or (first in strong and second in "íú")
        or (first in "íú" and second in strong)
    )


def words(text: str) -> list[str]:
    """The words of a text, without placeholders, addresses and tags."""
    return _WORD.findall(_PLACEHOLDER.sub(" ", text))


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence that has any."""
    parts = _SENTENCE_END.split(_PLACEHOLDER.sub(" x ", text))
    return [found for part in parts if (found := _WORD.findall(part))]


def inflesz(text: str) -> float:
    """Szigriszt-Pazos' perspicuity on the INFLESZ scale; 100 where there is nothing to read.

    Proper names (capitals inside a sentence) are left out: no plainer word can replace them.
    """
    read = [_without_names(sentence) for sentence in sentences(_PLACEHOLDER.sub(" ", text))]
    every_word = [word for sentence in read for word in sentence]
    if not every_word:
        return 100.0
    syllables = sum(count_syllables(word) for word in every_word)
    return 206.835 - 62.3 * syllables / len(every_word) - len(every_word) / len(read)


def _without_names(sentence: list[str]) -> list[str]:
    return sentence[:1] + [word for word in sentence[1:] if not word[0].isupper()]


def findings(text: str, *, minimum: float = EASY) -> list[Finding]:
    """What makes a text hard.

    :param minimum: INFLESZ asked of texts of :data:`MIN_WORDS` words or more (80 on start and
        decision pages); shorter ones are checked for the rest only.
    """
    found = []
    if len(words(text)) >= MIN_WORDS and (grade := inflesz(text)) < minimum:
        found.append(Finding("hard", f"INFLESZ {grade:.0f}, at least {minimum:.0f}"))
    for sentence in sentences(text):
        if len(sentence) > MAX_SENTENCE_WORDS:
            begin = f"{' '.join(sentence[:6])}…"
            found.append(Finding("long_sentence", f"{len(sentence)} words: {begin}", begin))
    lowered = f" {' '.join(words(text)).lower()} "
    found += [
        Finding("jargon", f"«{word}», say «{plain}»", word, plain)
        for word, plain in JARGON.items()
        if f" {word} " in lowered
    ]
    found += [Finding("familiar", f"«{match}», say usted", match) for match in _FAMILIAR.findall(text)]
    return found


def advice(text: str) -> list[str]:
    """What to change so that the Spanish ``text`` is plainer, said to whoever writes it, each thing once."""
    words_of = {
        "hard": _("It is hard to read. Use shorter words and sentences."),
        "long_sentence": _("A sentence is too long. It begins: “%(said)s”"),
        "jargon": _("A word of offices: “%(said)s”. Plainer: “%(plain)s”."),
        "familiar": _("Write to the person with usted: “%(said)s”"),
    }
    told = [words_of[each.code] % {"said": each.said, "plain": each.plain} for each in findings(text)]
    return list(dict.fromkeys(told))
