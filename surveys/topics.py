"""Group short texts by what they are about, and say honestly when there are no groups. Pure.

TF-IDF weights of the words, factored by non-negative matrix factorization: Lee and Seung, Nature 401
(1999) 788-791. There are as many groups as hold when the texts are sampled again: Ben-Hur, Elisseeff and
Guyon, Pacific Symposium on Biocomputing 7 (2002) 6-17; group by group: Hennig, Computational Statistics
& Data Analysis 52 (2007) 258-271. And they must say more than the same words dealt out by chance. The same
texts always give the same groups. In prose, with limits: ``docs/algorithms/topics.md``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

VERSION = "1"
STOP_WORDS = Path(__file__).parent / "data" / "stop-words-es.txt"
SHORTEST_WORD, LONGEST_WORD = 3, 30


class Outcome(StrEnum):
    GROUPED = "grouped"
    TOO_FEW = "too_few"
    NO_CLEAR_GROUPS = "no_clear_groups"


@dataclass(frozen=True)
class Parameters:
    """What a run is made with; kept beside its result. Shares and stabilities are 0-1.

    ``least_texts``: texts with two known words or more. ``least_share``: of a text's weight, to belong to
    a group. ``least_stability``: of all groups together (adjusted Rand index); ``least_held``: of each
    group (Jaccard index). ``deals``: how often the words are dealt out by chance; with 19 the groups are
    held against a level of 5 %.
    """

    seed: int = 20260101
    fewest_groups: int = 2
    most_groups: int = 12
    least_texts: int = 40
    least_members: int = 5
    least_share: float = 0.5
    least_stability: float = 0.6
    least_held: float = 0.6
    resamples: int = 10
    resample_share: float = 0.8
    most_resampled: int = 2000
    deals: int = 19
    top_words: int = 10
    typical_texts: int = 5
    most_words: int = 3000


@dataclass(frozen=True)
class Group:
    """``members`` are (index of the text, share of its weight here), the most typical first.

    ``words`` are its top words as people wrote them; ``typical`` the indexes of the texts to read first;
    ``stability`` how well its members stayed together.
    """

    words: tuple[str, ...]
    members: tuple[tuple[int, float], ...]
    typical: tuple[int, ...]
    stability: float


@dataclass(frozen=True)
class Trial:
    """One number of groups that was tried: stability of all together, and of the group that held least."""

    groups: int
    stability: float
    least_held: float


@dataclass(frozen=True)
class Grouping:
    """``used`` texts had enough words to be placed; ``ungrouped`` are the indexes of all others.

    ``chance`` is the share of deals by chance (the real one counted) that explain as much as the groups do.
    """

    outcome: Outcome
    groups: tuple[Group, ...]
    ungrouped: tuple[int, ...]
    used: int
    vocabulary: int
    stability: float | None = None
    chance: float | None = None
    trials: tuple[Trial, ...] = ()


def group(
    texts: Sequence[str],
    parameters: Parameters | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Grouping:
    """Group ``texts``, each a free text in Spanish, already masked.

    :param progress: told after each step how many of how many are done.
    """
    chosen = parameters or Parameters()
    bags = [tokens(text) for text in texts]
    vocabulary = _vocabulary(bags, chosen)
    known = set(vocabulary)
    used = [index for index, bag in enumerate(bags) if len(known.intersection(bag)) >= 2]
    most = min(chosen.most_groups, len(used) // (2 * chosen.least_members), len(vocabulary) // chosen.top_words)
    nothing = Grouping(Outcome.TOO_FEW, (), tuple(range(len(texts))), len(used), len(vocabulary))
    if len(used) < chosen.least_texts or most < chosen.fewest_groups:
        return nothing
    numbers = range(chosen.fewest_groups, most + 1)
    steps = len(numbers) + 1
    rows = _weights([bags[index] for index in used], vocabulary)
    samples = _samples(rows.shape[0], chosen)
    models = []
    for done, number in enumerate(numbers, start=1):
        models.append(_tried(rows, number, samples, chosen))
        progress(done, steps)
    best = _most_that_hold(models, chosen)
    trials = tuple(model.trial for model in models)
    unclear = replace(nothing, outcome=Outcome.NO_CLEAR_GROUPS, stability=best.trial.stability, trials=trials)
    if best.trial.stability < chosen.least_stability:
        return unclear
    chance = _chance([bags[used[row]] for row in samples[0]], vocabulary, best.trial.groups, chosen)
    progress(steps, steps)
    written = _spellings(texts)
    groups = _groups(best, used, [written[word] for word in vocabulary], chosen)
    if chance > 1 / (chosen.deals + 1) or not groups:
        return replace(unclear, chance=chance)
    placed = {index for found in groups for index, _share in found.members}
    return replace(
        unclear,
        outcome=Outcome.GROUPED,
        groups=groups,
        ungrouped=tuple(index for index in range(len(texts)) if index not in placed),
        chance=chance,
    )


# --- Words

_TOKEN = re.compile(r"\[[^\W\d_]+\]")
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """The words that say nothing of a text's matter, from the data file."""
    lines = STOP_WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def fold(text: str) -> str:
    """Small letters without accents; ñ stays, because "año" is another word without it."""
    kept = text.lower().replace("ñ", "\x00").replace("n\u0303", "\x00")
    parts = unicodedata.normalize("NFKD", kept)
    return "".join(part for part in parts if not unicodedata.combining(part)).replace("\x00", "ñ")


def stem(word: str) -> str:
    """A folded word without its plural: "esperas" and "espera" are one.

    Only plurals: a stronger stemmer joins words that a reader would keep apart.
    """
    if len(word) < 4 or not word.endswith("s"):
        return word
    if word.endswith("ces"):
        return f"{word[:-3]}z"
    if word.endswith("es") and len(word) > 5:
        return word[:-2] if word[-3] in "dlnrjy" else word[:-1]
    return word[:-1] if word[-2] in "ao" else word


def tokens(text: str) -> list[str]:
    """The words of a text that may tell its matter, folded and without plurals; tokens of masking are none."""
    stop = stop_words()
    found = _WORD.findall(fold(_TOKEN.sub(" ", text)))
    return [stem(word) for word in found if SHORTEST_WORD <= len(word) <= LONGEST_WORD and word not in stop]


def _spellings(texts: Iterable[str]) -> dict[str, str]:
    """Each word as it was written most often, so that people read "atención" and not "atencion"."""
    stop = stop_words()
    written: dict[str, Counter[str]] = {}
    for text in texts:
        for word in _WORD.findall(_TOKEN.sub(" ", unicodedata.normalize("NFC", text)).lower()):
            folded = fold(word)
            if folded not in stop:
                written.setdefault(stem(folded), Counter())[word] += 1
    return {word: min(counts, key=lambda one: (-counts[one], one)) for word, counts in written.items()}


# --- Factors


@dataclass(frozen=True)
class _Model:
    """Factors of all texts for one number of groups, and how well each group held."""

    trial: Trial
    weights: np.ndarray
    words: np.ndarray
    held: np.ndarray


def _vocabulary(bags: Sequence[Sequence[str]], chosen: Parameters) -> list[str]:
    """The words that two texts share, but not most texts: the former join no texts, the latter tell none apart."""
    seen = Counter(word for bag in bags for word in set(bag))
    shared = [word for word, count in seen.items() if 2 <= count <= max(2, len(bags) * 0.6)]
    return sorted(sorted(shared, key=lambda word: (-seen[word], word))[: chosen.most_words])


def _weights(bags: Sequence[Sequence[str]], vocabulary: list[str]) -> Any:
    """TF-IDF of the texts, rows of length 1."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer=list, vocabulary=vocabulary, sublinear_tf=True).fit_transform(bags)


def _samples(count: int, chosen: Parameters) -> list[np.ndarray]:
    import numpy as np

    random = np.random.default_rng(chosen.seed)
    size = min(chosen.most_resampled, int(count * chosen.resample_share))
    return [np.sort(random.choice(count, size, replace=False)) for _ in range(chosen.resamples)]


def _factors(rows: Any, groups: int, chosen: Parameters) -> tuple[np.ndarray, np.ndarray, float]:
    """Weights of the texts in each group, of the words in each group, and the share explained (0-1).

    A group's weights count by the length of its words, or one factor could be scaled against another.
    """
    import warnings

    import numpy as np
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    model = NMF(n_components=groups, init="nndsvd", random_state=chosen.seed, max_iter=200, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the stability says whether the factors are of use
        texts = model.fit_transform(rows)
    words = model.components_
    explained = 1 - model.reconstruction_err_**2 / rows.multiply(rows).sum()
    return texts * np.linalg.norm(words, axis=1), words, float(explained)


def _tried(rows: Any, number: int, samples: list[np.ndarray], chosen: Parameters) -> _Model:
    """``number`` groups of all texts, compared with the groups of each sample."""
    import numpy as np
    from sklearn.metrics import adjusted_rand_score

    weights, words, _explained = _factors(rows, number, chosen)
    owner = weights.argmax(axis=1)
    together, held = [], []
    for sample in samples:
        again = _factors(rows[sample], number, chosen)[0].argmax(axis=1)
        together.append(adjusted_rand_score(owner[sample], again))
        held.append(_held(owner[sample], again, number))
    by_group = np.mean(held, axis=0)
    trial = Trial(number, round(float(np.mean(together)), 4), round(float(by_group.min()), 4))
    return _Model(trial, weights, words, by_group)


def _held(before: np.ndarray, after: np.ndarray, number: int) -> np.ndarray:
    """For each group, the Jaccard index of its members with those of the group that is most like it."""
    import numpy as np

    shared = np.zeros((number, number))
    np.add.at(shared, (before, after), 1)
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    return np.divide(shared, either, out=np.zeros_like(shared), where=either > 0).max(axis=1)


def _most_that_hold(models: list[_Model], chosen: Parameters) -> _Model:
    """The largest number of groups that hold, each and together; where none does, the most stable."""
    good = [
        model
        for model in models
        if model.trial.stability >= chosen.least_stability and model.trial.least_held >= chosen.least_held
    ]
    if good:
        return max(good, key=lambda model: model.trial.groups)
    return max(models, key=lambda model: (model.trial.stability, -model.trial.groups))


def _chance(bags: list[list[str]], vocabulary: list[str], number: int, chosen: Parameters) -> float:
    """How often the same words, dealt out to texts of the same lengths, are explained as well as the texts are."""
    import numpy as np

    known = set(vocabulary)
    kept = [[word for word in bag if word in known] for bag in bags]
    explained = _factors(_weights(kept, vocabulary), number, chosen)[2]
    pile = np.array([word for bag in kept for word in bag])
    ends = np.cumsum([len(bag) for bag in kept])[:-1]
    random = np.random.default_rng(chosen.seed)
    as_good = 1
    for _ in range(chosen.deals):
        dealt = [list(part) for part in np.split(random.permutation(pile), ends)]
        as_good += _factors(_weights(dealt, vocabulary), number, chosen)[2] >= explained
    return as_good / (chosen.deals + 1)


def _groups(model: _Model, used: list[int], written: list[str], chosen: Parameters) -> tuple[Group, ...]:
    """The groups that hold and have enough members, the largest first."""
    import numpy as np

    weights = model.weights
    totals = weights.sum(axis=1, keepdims=True)
    shares = np.round(np.divide(weights, totals, out=np.zeros_like(weights), where=totals > 0), 4)
    owner = weights.argmax(axis=1)
    found = []
    for number in range(weights.shape[1]):
        rows = np.flatnonzero((owner == number) & (shares[:, number] >= chosen.least_share))
        if rows.size < chosen.least_members or model.held[number] < chosen.least_held:
            continue
        by_share = rows[np.lexsort((rows, -shares[rows, number]))]
        by_weight = rows[np.lexsort((rows, -np.round(weights[rows, number] * shares[rows, number], 6)))]
        found.append(
            Group(
                words=tuple(written[column] for column in _heaviest(model.words[number], chosen.top_words)),
                members=tuple((used[row], float(shares[row, number])) for row in by_share),
                typical=tuple(used[row] for row in by_weight[: chosen.typical_texts]),
                stability=round(float(model.held[number]), 4),
            )
        )
    return tuple(sorted(found, key=lambda one: (-len(one.members), one.words)))


def _heaviest(words: np.ndarray, count: int) -> list[int]:
    """The columns of the heaviest words; of equal weights the first column, so that chance decides nothing."""
    import numpy as np

    ranked = np.lexsort((np.arange(words.size), -words))[:count]
    return [int(column) for column in ranked if words[column] > 0]
