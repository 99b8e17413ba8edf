"""What two versions of a questionnaire have in common, and which items may be compared across years. Pure."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from surveys.questionnaire.model import Question, Questionnaire, Words


class Aspect(StrEnum):
    """What of a question changed. Those of :data:`BREAKING` make it another question."""

    WORDING = "wording"
    VIRTUAL_WORDING = "virtual_wording"
    KIND = "kind"
    OPTIONS = "options"
    CONDITION = "condition"
    TRANSLATION = "translation"
    OPTION_EFFECTS = "option_effects"
    REQUIRED = "required"
    ROLE = "role"
    MEASURES = "measures"
    AUDIENCE = "audience"
    NOTE = "note"


BREAKING = frozenset(
    {Aspect.WORDING, Aspect.VIRTUAL_WORDING, Aspect.KIND, Aspect.OPTIONS, Aspect.CONDITION, Aspect.AUDIENCE}
)


@dataclass(frozen=True)
class Difference:
    """``changed``: code → what changed. ``moved``: asked after others than before. ``comparable``: items whose
    figures may be set side by side; those of them that moved are to be told, since what is asked before colors
    an answer."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: dict[str, frozenset[Aspect]] = field(default_factory=dict)
    moved: frozenset[str] = frozenset()
    comparable: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed or self.moved)


def compare(old: Questionnaire, new: Questionnaire) -> Difference:
    """From ``old`` to ``new``. Questions are the same where their codes are; a changed spacing is no change."""
    common = [code for code in old.by_code if code in new.by_code]
    aspects = {code: _changed(old.by_code[code], new.by_code[code]) for code in common}
    return Difference(
        added=tuple(code for code in new.by_code if code not in old.by_code),
        removed=tuple(code for code in old.by_code if code not in new.by_code),
        changed={code: found for code, found in aspects.items() if found},
        moved=frozenset(_moved(common, [code for code in new.by_code if code in old.by_code])),
        comparable=frozenset(code for code, found in aspects.items() if not found & BREAKING),
    )


def fingerprint(question: Question) -> str:
    """16 hexadecimal digits, the same for two questions that may be compared and for no others.

    Of the Spanish wordings, the way of answering, the Spanish options, the conditions and the audience; not
    of the translation, nor of what the municipality does with the answer.
    """
    seen = {aspect.value: value for aspect, value in _aspects(question).items() if aspect in BREAKING}
    text = json.dumps(seen, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _changed(old: Question, new: Question) -> frozenset[Aspect]:
    before, after = _aspects(old), _aspects(new)
    return frozenset(aspect for aspect in before if not _alike(before[aspect], after[aspect]))


def _alike(before: Any, after: Any) -> bool:
    """Equal; what is told of each option, for the options that both have."""
    if isinstance(before, dict) and isinstance(after, dict):
        return all(value == after[name] for name, value in before.items() if name in after)
    return bool(before == after)


def _aspects(question: Question) -> dict[Aspect, Any]:
    virtual, note = question.virtual or Words(), question.note or Words()
    return {
        Aspect.WORDING: _plain(question.text.es),
        Aspect.VIRTUAL_WORDING: _plain(virtual.es),
        Aspect.KIND: question.kind.value,
        Aspect.OPTIONS: [(option.value, _plain(option.label.es)) for option in question.options],
        Aspect.CONDITION: sorted((one.question, one.negated, sorted(one.values)) for one in question.when),
        Aspect.TRANSLATION: {"": _plain(question.text.en), "virtual ": _plain(virtual.en), **_translations(question)},
        Aspect.OPTION_EFFECTS: {one.value: (one.channel, one.is_exclusive, one.ends) for one in question.options},
        Aspect.REQUIRED: question.is_required,
        Aspect.ROLE: (question.role.value, question.is_driver),
        Aspect.MEASURES: (question.component, sorted(question.attributes), sorted(question.standards)),
        Aspect.AUDIENCE: sorted(question.audience),
        Aspect.NOTE: (_plain(note.es), _plain(note.en)),
    }


def _translations(question: Question) -> dict[str, str]:
    return {option.value: _plain(option.label.en) for option in question.options}


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def _moved(old: list[str], new: list[str]) -> set[str]:
    """Those that are not in the longest order that both have in common."""
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            same = old[i] == new[j]
            lengths[i][j] = lengths[i + 1][j + 1] + 1 if same else max(lengths[i + 1][j], lengths[i][j + 1])
    i = j = 0
    kept = set()
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            kept.add(old[i])
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return set(old) - kept
