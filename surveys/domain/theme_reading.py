"""A person reads the masked texts before any machine groups them: hides more, leaves out, lets through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from surveys import masking
from surveys.domain.checks import require_words
from surveys.domain.theme_checks import lock_run, require_state
from surveys.enums import RunState, TextDecision
from surveys.errors import InvalidContent
from surveys.models import ThemeRun, ThemeText

MOST_PHRASES = 20
PHRASE_LENGTH = 100


@dataclass(frozen=True)
class Reading:
    """What the reader says of one text: words to hide in it, and whether it stays out."""

    text: int
    hide: tuple[str, ...] = ()
    leave_out: bool = False


@transaction.atomic
def read_texts(*, run: ThemeRun, readings: Sequence[Reading], by: Any, at: datetime) -> list[ThemeText]:
    """Note what the reader said of some texts; what somebody else read meanwhile stays as that person left it.

    Returns those that were written. What was hidden does not come back: the original stays where it is.

    :raises InvalidContent: more words to hide than anybody needs.
    :raises WordsNotFound: words to hide that are not in their text; nothing is written then.
    """
    run = lock_run(run)
    require_state(run, RunState.READING)
    wanted = {reading.text: reading for reading in readings}
    texts = run.texts.readable_by(by).filter(pk__in=wanted, decision=TextDecision.PENDING).order_by("pk")
    written = [_read(text, wanted[text.pk], by, at) for text in texts]
    _record("surveys.read_theme_texts", run, written, by, at)
    return written


@transaction.atomic
def read_again(*, text: ThemeText, reading: Reading, by: Any, at: datetime) -> ThemeText:
    """Change what was said of one text: hide more, leave it out, or take it back in.

    Once the texts were grouped, a text that is left out leaves its theme; it comes back to none.
    """
    run = lock_run(text.run)
    require_state(run, RunState.READING, RunState.NAMING)
    held = run.texts.readable_by(by).get(pk=text.pk)
    _read(held, reading, by, at)
    _record("surveys.read_theme_text_again", run, [held], by, at)
    return held


def _read(text: ThemeText, reading: Reading, by: Any, at: datetime) -> ThemeText:
    phrases = _checked(reading.hide)
    if phrases:
        require_words(text.text, phrases, text.pk)
        hidden = masking.hide(text.text, phrases)
        text.text = hidden.text
        text.found = dict(sorted((Counter(text.found) + Counter(hidden.found)).items()))
    text.decision = TextDecision.LEFT_OUT if reading.leave_out else TextDecision.READ
    if reading.leave_out:
        text.theme = text.weight = None
    text.read_by, text.read_at = by, at
    text.save(by_verb=True, update_fields=["text", "found", "decision", "theme", "weight", "read_by", "read_at"])
    return text


def _checked(phrases: Iterable[str]) -> list[str]:
    wanted = [phrase.strip() for phrase in phrases if phrase.strip()]
    if len(wanted) > MOST_PHRASES or any(len(phrase) > PHRASE_LENGTH for phrase in wanted):
        raise InvalidContent(_("Write at most 20 words or short phrases to hide in one text."), "hide")
    return wanted


def _record(verb: str, run: ThemeRun, texts: list[ThemeText], by: Any, at: datetime) -> None:
    if texts:
        left_out = sum(text.decision == TextDecision.LEFT_OUT for text in texts)
        detail = {"texts": [text.pk for text in texts], "left_out": left_out}
        record(verb=verb, object=run, by=by, at=at, territory=run.municipality, detail=detail)
