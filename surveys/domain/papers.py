"""Papers typed in twice: only what two people read alike, or decided upon, becomes a response.

Typing is not audited, as answering is not: who typed what and when would lead to an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from portal.foundation.receipts.keys import normalize_code
from surveys.domain.checks import clean_text, local_day
from surveys.domain.codes import token_hash
from surveys.domain.responses import keep_paper
from surveys.errors import InvalidContent, NotAllowed, NotPossibleNow, TokenGone
from surveys.models import Invitation, PaperDecision, PaperEntry, PaperTally, Round
from surveys.questionnaire.answers import Checked, check

REASON_LENGTH = 200


class Outcome(StrEnum):
    """What became of a typing."""

    WRONG = "wrong"
    FIRST = "first"
    AGREED = "agreed"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Typed:
    outcome: Outcome
    checked: Checked
    entry: PaperEntry | None = None


class Reading(StrEnum):
    """Which of the two typings of an item is right."""

    FIRST = "first"
    SECOND = "second"


def find_paper(*, round: Round, code: str, by: Any, at: datetime) -> Invitation:
    """The slip of a paper that ``by`` may type now.

    :raises TokenGone: no slip of this round, or one that was answered.
    :raises NotAllowed: the same person typed it before.
    :raises NotPossibleNow: it was typed twice and waits for a decision.
    """
    slips = Invitation.objects.filter(stratum__round=round, is_message=False).select_related(
        "stratum__round__territory__region", "stratum__round__instrument"
    )
    found = slips.filter(token_hash=token_hash(normalize_code(code))).first()
    if found is None or not found.stratum.round.takes_answers(local_day(found.stratum.round.territory, at)):
        raise TokenGone
    entry = PaperEntry.objects.filter(token_hash=found.token_hash).first()
    if entry is not None:
        _may_type(entry, by)
    return found


@transaction.atomic
def type_paper(*, round: Round, code: str, given: Mapping[str, object], by: Any, at: datetime) -> Typed:
    """Keep one typing of a paper; the second one, by somebody else, makes a response where both agree.

    :param given: code of a question → what was read on the paper.
    :raises TokenGone, NotAllowed, NotPossibleNow: as :func:`find_paper`.
    """
    held = _held(round)
    slip = find_paper(round=held, code=code, by=by, at=at)
    checked = check(held.questionnaire, given)
    if not checked.is_whole:
        return Typed(Outcome.WRONG, checked)
    values = {code: list(answer) for code, answer in checked.values.items()}
    entry = PaperEntry.objects.filter(token_hash=slip.token_hash).first()
    if entry is None:
        made = PaperEntry.objects.create(
            round=held, stratum=slip.stratum, token_hash=slip.token_hash, first=values, first_by=by
        )
        return Typed(Outcome.FIRST, checked, made)
    entry.second, entry.second_by = values, by
    items = differing(entry)
    _count(held, papers=1, items=len(set(entry.first) | set(values)), differ=len(items))
    if items:
        entry.save(update_fields=["second", "second_by"])
        return Typed(Outcome.DIFFERS, checked, entry)
    keep_paper(invitation=slip, values=checked, at=at)
    entry.delete()
    return Typed(Outcome.AGREED, checked)


def differing(entry: PaperEntry) -> list[str]:
    """Codes of the questions on which the two typings of a paper differ, in the questionnaire's order."""
    second = entry.second or {}
    return [
        question.code
        for question in entry.round.questionnaire.questions
        if entry.first.get(question.code) != second.get(question.code)
    ]


@transaction.atomic
def decide_paper(
    *, entry: PaperEntry, readings: Mapping[str, str], reasons: Mapping[str, str], by: Any, at: datetime
) -> Checked:
    """Say which typing of each differing item is right; what comes of it becomes the response.

    :param readings: code → :class:`Reading`.
    :param reasons: code → why, "" where it is as on the paper.
    :returns: what is wrong with the whole, or what was kept.
    :raises NotAllowed: ``by`` is neither of the two who typed it.
    :raises InvalidContent: an item without a decision.
    :raises TokenGone: its code was used meanwhile; the entry stays to be discarded.
    """
    held = _held(entry.round)
    entry = _typed_twice(entry, by)
    second = entry.second or {}
    items = differing(entry)
    for code in items:
        if readings.get(code) not in set(Reading):
            raise InvalidContent(_("Say which of the two is right."), code)
    merged = {code: value for code, value in entry.first.items() if code not in items}
    for code in items:
        chosen = entry.first if readings[code] == Reading.FIRST else second
        merged |= {code: chosen[code]} if code in chosen else {}
    checked = check(held.questionnaire, merged)
    if not checked.is_whole:
        return checked
    slip = Invitation.objects.filter(token_hash=entry.token_hash).select_related(
        "stratum__round__territory__region", "stratum__round__instrument"
    )
    found = slip.first()
    if found is None:
        raise TokenGone
    keep_paper(invitation=found, values=checked, at=at)
    PaperDecision.objects.bulk_create(
        PaperDecision(round=held, question=code, reason=_reason(reasons.get(code, ""), code), decided_by=by)
        for code in items
    )
    entry.delete()
    return checked


@transaction.atomic
def discard_paper(*, entry: PaperEntry, by: Any, at: datetime) -> None:
    """Forget both typings, so that the paper is typed anew.

    :raises NotAllowed: ``by`` is neither of the two who typed it.
    """
    _held(entry.round)
    _typed_twice(entry, by).delete()


def _reason(text: str, code: str) -> str:
    return clean_text(text, label=_("Reason"), field=code, limit=REASON_LENGTH, required=False)


def _may_type(entry: PaperEntry, by: Any) -> None:
    if entry.second_by_id:
        raise NotPossibleNow(_("This paper was typed twice, and waits for a decision on what differs."))
    if entry.first_by_id == by.pk:
        raise NotAllowed(_("You typed this paper. Another person types it the second time."))


def _typed_twice(entry: PaperEntry, by: Any) -> PaperEntry:
    found = PaperEntry.objects.filter(pk=entry.pk).exclude(second_by=None).select_related("round__instrument").first()
    if found is None:
        raise NotPossibleNow(_("This paper was decided upon already."))
    if by.pk not in (found.first_by_id, found.second_by_id):
        raise NotAllowed(_("One of the two who typed it decides."))
    return found


def _held(round: Round) -> Round:
    return (
        Round.objects.select_for_update(of=("self",)).select_related("territory__region", "instrument").get(pk=round.pk)
    )


def _count(round: Round, *, papers: int, items: int, differ: int) -> None:
    tally, _is_new = PaperTally.objects.get_or_create(round=round)
    PaperTally.objects.filter(pk=tally.pk).update(
        papers=F("papers") + papers, items=F("items") + items, agreed=F("agreed") + items - differ
    )
