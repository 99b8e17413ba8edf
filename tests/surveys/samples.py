"""Made-up texts whose themes are known."""

from __future__ import annotations

from random import Random

# The words of each matter.
MATTERS = {
    "espera": "esperé horas fila turno demora número atención espera larga sala banco silla",
    "trato": "trato grosero funcionaria gritó mala respeto humilló insulto prepotente actitud",
    "sistema": "sistema caído página clave internet plataforma error cargó computador web ingresar",
    "papeles": "certificado documento papel solicitud pidieron copia cédula trámite fotocopia notario",
}
AROUND = "municipalidad oficina fui me no que la el de persona social atender día semana ayer hijo mamá barrio"


def texts_with_themes(count: int, seed: int = 1) -> tuple[list[str], list[str]]:
    """``count`` texts, each about one of :data:`MATTERS`, and the matter of each."""
    random = Random(seed)
    texts, matters = [], []
    for _ in range(count):
        matter = random.choice(sorted(MATTERS))
        words = random.choices(MATTERS[matter].split(), k=random.randint(4, 9)) + random.choices(AROUND.split(), k=6)
        random.shuffle(words)
        texts.append(" ".join(words))
        matters.append(matter)
    return texts, matters


def texts_without_themes(count: int, seed: int = 1, *, is_even: bool = True) -> list[str]:
    """Words dealt out by chance: all as frequent, or (as in a language) a few of them very frequent."""
    random = Random(seed)
    syllables = [consonant + vowel for consonant in "bcdlmnprst" for vowel in "aeiou"]
    vocabulary = ["".join(random.choices(syllables, k=3)) for _ in range(400)]
    ranks = [1.0 if is_even else 1 / (rank + 1) for rank in range(len(vocabulary))]
    return [" ".join(random.choices(vocabulary, ranks, k=15)) for _ in range(count)]
