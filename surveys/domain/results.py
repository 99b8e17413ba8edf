"""Results that could not be worked out: told to the team, and tried again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.jobs import domain as jobs
from surveys.domain.rounds import COMPUTE
from surveys.enums import RoundState
from surveys.errors import NotPossibleNow
from surveys.models import Round


@transaction.atomic
def give_up(*, round: Round, by: Any, at: datetime) -> Round:
    """The job failed again and again; the answers are all there, and somebody may have it tried once more."""
    held = _held(round)
    if held.state != RoundState.CLOSED:
        return held
    _keep(held, RoundState.FAILED)
    record(verb="surveys.give_up_results", object=held, by=by, at=at, territory=held.territory)
    return held


@transaction.atomic
def try_again(*, round: Round, revision: int, by: Any, at: datetime) -> Round:
    """Order the results once more.

    :raises NotPossibleNow: they are worked out, or somebody ordered them already.
    """
    held = _held(round)
    if held.state != RoundState.FAILED or held.revision != revision:
        raise NotPossibleNow(_("Somebody changed this round meanwhile. Look at it again."))
    if held.job_id is None or not jobs.retry(job_id=held.job_id, at=at):
        # Its job was cleared away in the meantime.
        held.job_id = jobs.enqueue(kind=COMPUTE, payload={"round": held.pk}, at=at).pk
    _keep(held, RoundState.CLOSED)
    record(verb="surveys.try_results_again", object=held, by=by, at=at, territory=held.territory)
    return held


def _held(round: Round) -> Round:
    return Round.objects.select_for_update(of=("self",)).select_related("territory__region").get(pk=round.pk)


def _keep(held: Round, state: RoundState) -> None:
    held.state = state
    held.revision += 1
    held.save(by_verb=True)
