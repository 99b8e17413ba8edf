"""What happens when a term runs out: the next person up is told, and what nobody reopened is closed.

A clock's step comes as a job; this module's own job does the work of one step. Both are rows, so a
worker that is killed loses no step, and the level that was reached, written with the messages in one
transaction, lets none be told twice.
"""

from __future__ import annotations

from datetime import datetime

from portal.foundation.audit.domain import record
from portal.foundation.clocks.models import Clock
from portal.foundation.jobs import domain as jobs
from surveys.domain import notices
from surveys.domain.answers import close
from surveys.domain.checks import lock
from surveys.enums import ComplaintState, Escalation
from surveys.models import Complaint
from surveys.queries.terms import ACKNOWLEDGE_CLOCK, ANSWER_CLOCK, REOPENING_CLOCK

STEP = "surveys.clock_step"
OURS = frozenset({ANSWER_CLOCK, ACKNOWLEDGE_CLOCK, REOPENING_CLOCK})


def ask_for_step(*, clock_id: int, step: int, at: datetime) -> None:
    """Order the work of one step of a clock of this module's; asking twice does it once."""
    if Clock.objects.filter(pk=clock_id, kind__in=OURS).exists():
        payload = {"clock": clock_id, "step": step}
        jobs.enqueue(kind=STEP, payload=payload, at=at, dedupe_key=f"surveys.step:{clock_id}:{step}")


@jobs.handler(STEP)
def _take_step(job: jobs.Job) -> None:
    clock = Clock.objects.filter(pk=job.payload["clock"], kind__in=OURS).first()
    complaint = Complaint.objects.filter(pk=clock.subject_id).first() if clock else None
    if clock is None or complaint is None or clock.stopped_on is not None:
        return
    if clock.kind == ANSWER_CLOCK:
        escalate(complaint=complaint, to=job.payload["step"], clock_id=clock.pk, by=None, at=job.moment)
    elif clock.kind == ACKNOWLEDGE_CLOCK:
        _remind_to_acknowledge(complaint, clock, job.payload["step"], job.moment)
    elif complaint.state == ComplaintState.ANSWERED:
        close(complaint=complaint, by=None, at=job.moment)


def escalate(*, complaint: Complaint, to: int, clock_id: int, by: None, at: datetime) -> Complaint:
    """Tell every level from the last one told up to ``to``, each person once. Within the caller's transaction."""
    held = lock(complaint)
    if not held.is_open or held.escalation >= to:
        return held
    already: set[int] = set()
    for level in range(held.escalation + 1, min(to, Escalation.REGION) + 1):
        # From the region up, it may read what it is told of.
        held.reaches_region |= level == Escalation.REGION
        told = [person for person in notices.reach(held, Escalation(level), at) if person.pk not in already]
        already |= {person.pk for person in told}
        key = f"{clock_id}:{level}"
        notices.tell_staff(held, told, "complaint_escalated", key=key, by=None, at=at, due_on=held.due_on)
    held.escalation = min(to, Escalation.REGION)
    held.save(by_verb=True, update_fields=["escalation", "reaches_region"])
    detail = {"level": held.escalation}
    record(verb="surveys.escalate", object=held, by=by, at=at, territory=held.territory, detail=detail)
    return held


def _remind_to_acknowledge(complaint: Complaint, clock: Clock, step: int, at: datetime) -> None:
    held = lock(complaint)
    if held.acknowledged_at is None and held.is_open:
        level = Escalation.OWNER if step == 1 else Escalation.DIDECO
        told = notices.reach(held, level, at)
        held.save(by_verb=True, update_fields=["reaches_region"])
        notices.tell_staff(held, told, "complaint_acknowledge", key=f"{clock.pk}:{step}", by=None, at=at)
