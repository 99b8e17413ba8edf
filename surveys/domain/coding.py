"""Why it happened: a first coding, and of one in ten a second one by somebody who does not see the first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from quality.models import Standard
from surveys.domain.checks import clean_text, lock_for_staff, store
from surveys.enums import CodingRound, ComplaintState, RootCause
from surveys.errors import InvalidContent, NotAllowed, NotPossibleNow
from surveys.models import Complaint, ComplaintCoding

SAMPLE_ONE_IN = 10
MAX_STANDARDS = 5


def is_sampled(code: str) -> bool:
    """Is it among the one in ten that are coded twice? By a hash of its code, so that nobody chooses."""
    digest = hashlib.sha256(f"surveys.second-coding:{code}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % SAMPLE_ONE_IN == 0


@transaction.atomic
def code(
    *,
    complaint: Complaint,
    cause: str,
    standards: Iterable[Standard] = (),
    note: str = "",
    by: Any,
    at: datetime,
) -> ComplaintCoding:
    """Say why it happened, once it is answered; until somebody else has coded it too, it may be changed.

    :raises NotPossibleNow: not answered, coded by another person, or coded twice already.
    """
    held = lock_for_staff(complaint, by)
    if held.state not in (ComplaintState.ANSWERED, ComplaintState.CLOSED):
        raise NotPossibleNow(_("Code the cause once it is answered."))
    first = held.codings.filter(round=CodingRound.FIRST).first()
    if first is not None and first.coder_id != by.pk:
        raise NotPossibleNow(_("Somebody coded it before you."))
    if held.second_coded_at is not None:
        raise NotPossibleNow(_("It was coded twice, so neither coding changes."))
    coding = _write(held, first, CodingRound.FIRST, cause, standards, note, in_force=True, by=by, at=at)
    held.cause, held.coded_at = cause, at
    held.needs_second_coding = is_sampled(held.code or "")
    store(held, "cause", "coded_at", "needs_second_coding")
    _record("surveys.code", held, cause, by, at)
    return coding


@transaction.atomic
def code_again(
    *,
    complaint: Complaint,
    cause: str,
    standards: Iterable[Standard] = (),
    note: str = "",
    by: Any,
    at: datetime,
) -> ComplaintCoding:
    """The second coding of one that was drawn, by another person, who has not been shown the first.

    :raises NotAllowed: by whoever coded it first; NotPossibleNow: not drawn, or done.
    """
    held = lock_for_staff(complaint, by)
    if not held.needs_second_coding or held.second_coded_at is not None:
        raise NotPossibleNow(_("It does not wait for a second coding."))
    if held.codings.filter(round=CodingRound.FIRST, coder=by).exists():
        raise NotAllowed(_("Another person has to code it the second time."))
    coding = _write(held, None, CodingRound.SECOND, cause, standards, note, in_force=False, by=by, at=at)
    held.second_coded_at = at
    store(held, "second_coded_at")
    _record("surveys.code_again", held, cause, by, at)
    return coding


@transaction.atomic
def agree_coding(
    *,
    complaint: Complaint,
    cause: str,
    standards: Iterable[Standard] = (),
    note: str = "",
    by: Any,
    at: datetime,
) -> ComplaintCoding:
    """What both agree on after they talked about it; it counts from now on, and the two codings stay.

    :raises NotPossibleNow: not coded twice.
    """
    held = lock_for_staff(complaint, by)
    if held.second_coded_at is None:
        raise NotPossibleNow(_("Agree on a coding once there are two."))
    held.codings.filter(in_force=True).update(in_force=False)
    earlier = held.codings.filter(round=CodingRound.AGREED).first()
    coding = _write(held, earlier, CodingRound.AGREED, cause, standards, note, in_force=True, by=by, at=at)
    held.cause = cause
    store(held, "cause")
    _record("surveys.agree_coding", held, cause, by, at)
    return coding


def _write(
    complaint: Complaint,
    earlier: ComplaintCoding | None,
    round: CodingRound,
    cause: str,
    standards: Iterable[Standard],
    note: str,
    *,
    in_force: bool,
    by: Any,
    at: datetime,
) -> ComplaintCoding:
    if cause not in RootCause.values:
        raise InvalidContent(_("Choose a cause."), "cause")
    chosen = list(standards)
    if len(chosen) > MAX_STANDARDS:
        raise InvalidContent(_("Choose %(count)s standards at most.") % {"count": MAX_STANDARDS}, "standards")
    coding = earlier or ComplaintCoding(complaint=complaint, round=round)
    coding.cause, coding.coder, coding.coded_at, coding.in_force = cause, by, at, in_force
    coding.note = clean_text(note, label=_("Note"), field="note", limit=1000, required=False)
    coding.save(by_verb=True)
    coding.standards.set(chosen)
    return coding


def _record(verb: str, complaint: Complaint, cause: str, by: Any, at: datetime) -> None:
    record(verb=verb, object=complaint, by=by, at=at, territory=complaint.territory, detail={"cause": cause})
