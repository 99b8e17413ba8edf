"""Working out the results of a round that has closed: once, from what is stored, to be repeated exactly."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from portal.foundation.jobs import domain as jobs
from surveys import engine
from surveys.domain import results, rounds
from surveys.enums import SAMPLED_MODES, RoundState
from surveys.models import Round, RoundResponse
from surveys.queries import rounds as reads
from surveys.statistics.rounds import METHOD, Answered, Asked, figures

STEPS = 3


def compute(round: Round) -> dict[str, Any]:
    """The figures of a round, from its stored responses and what was frozen before it: the same each time."""
    came = {
        response: how
        for response, *how in RoundResponse.objects.filter(round=round).values_list(
            "response", "mode", "channel", "wave", "is_screened_out"
        )
    }
    responses = [
        Answered(stored.values, channel, round.asks_everybody or mode in SAMPLED_MODES, wave, is_out)
        for stored in engine.read(round.store or 0)
        for mode, channel, wave, is_out in [came[stored.pk]]
    ]
    strata = {one.channel: Asked(one.population, one.invited) for one in round.strata.all()}
    return figures(
        round.questionnaire,
        responses,
        strata,
        seed=round.pk,
        mix=reads.reference_mix(round.cycle),
        standards=reads.attributes_of_standards(round.cycle),
        before=None if round.asks_everybody else reads.figures_before(round),
    )


def digest_of(found: dict[str, Any]) -> str:
    """SHA-256 of the figures, written in one way."""
    return hashlib.sha256(json.dumps(found, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _work_out(job: jobs.Job) -> tuple[Round, dict[str, Any]] | None:
    round = Round.objects.select_related("instrument").filter(pk=job.payload["round"], state=RoundState.CLOSED).first()
    if round is None:
        return None
    jobs.report_progress(job, 1, STEPS)
    found = compute(round)
    jobs.report_progress(job, STEPS - 1, STEPS)
    return round, found


def _failed(job: jobs.Job, at: datetime) -> None:
    round = Round.objects.filter(pk=job.payload["round"]).first()
    if round is not None:
        results.give_up(round=round, by=None, at=at)


@jobs.handler(rounds.COMPUTE, prepare=_work_out, on_failed=_failed)
def _publish(job: jobs.Job, prepared: tuple[Round, dict[str, Any]] | None) -> None:
    if prepared is None:
        return
    round, found = prepared
    rounds.publish_results(round=round, figures=found, digest=digest_of(found), method=METHOD, by=None, at=job.moment)
