"""Terms in working days: started, paused, resumed, stopped and escalated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.clocks.models import Clock, Pause
from portal.foundation.clocks.signals import clock_escalated
from portal.foundation.clocks.working_days import add_working_days, working_days_between
from portal.foundation.jobs import domain as jobs
from portal.foundation.territories.models import Territory

ONE_DAY = timedelta(days=1)
ANNOUNCE = "clocks.announce"


class ClockError(Exception):
    """The clock cannot do that now."""


class AlreadyRunning(ClockError):
    def __init__(self) -> None:
        super().__init__(_("The term is running already."))


class NotRunning(ClockError):
    def __init__(self) -> None:
        super().__init__(_("The term is not running."))


class NotPaused(ClockError):
    def __init__(self) -> None:
        super().__init__(_("The term is not paused."))


class ReasonMissing(ClockError):
    def __init__(self) -> None:
        super().__init__(_("Say why the term is paused."))


@transaction.atomic
def start(
    *,
    kind: str,
    subject: models.Model,
    territory: Territory,
    term_days: int,
    by: Any,
    at: datetime,
    steps: Sequence[int] = (),
) -> Clock:
    """Begin a term of ``term_days`` working days, counted from the day after ``at``'s day there.

    :param steps: working days before (negative) or after the due day on which somebody is told.
    :raises AlreadyRunning: where a clock of that kind runs over the subject.
    """
    if Clock.objects.of(subject).filter(kind=kind, stopped_on=None).exists():
        raise AlreadyRunning
    today = _day(at, territory)
    clock = Clock(
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        territory=territory,
        term_days=term_days,
        started_on=today,
        due_on=add_working_days(today, term_days, territory),
        steps=sorted(steps),
    )
    clock.next_step_on = _next_step_on(clock)
    clock.save(force_insert=True)
    record(verb="clocks.start", object=clock, by=by, at=at, territory=territory, detail={"term_days": term_days})
    return clock


@transaction.atomic
def pause(*, clock: Clock, reason: str, by: Any, at: datetime) -> Clock:
    """Let the following days not count. :raises NotRunning: paused or stopped; ReasonMissing."""
    held = _held(clock)
    if held.stopped_on or held.paused_on:
        raise NotRunning
    if not reason.strip():
        raise ReasonMissing
    held.paused_on = _day(at, held.territory)
    held.save(update_fields=["paused_on"])
    Pause.objects.create(clock=held, starts_on=held.paused_on, reason=reason.strip())
    record(verb="clocks.pause", object=held, by=by, at=at, territory=held.territory)
    return held


@transaction.atomic
def resume(*, clock: Clock, by: Any, at: datetime) -> Clock:
    """Let days count again: the due day moves by the working days that the pause took.

    :raises NotPaused: where it is not paused.
    """
    held = _held(clock)
    if held.paused_on is None:
        raise NotPaused
    today = _day(at, held.territory)
    held.due_on = _due_if_resumed(held, today)
    held.pauses.filter(ends_on=None).update(ends_on=today)
    held.paused_on = None
    held.next_step_on = _next_step_on(held)
    held.save(update_fields=["due_on", "paused_on", "next_step_on"])
    record(verb="clocks.resume", object=held, by=by, at=at, territory=held.territory)
    return held


@transaction.atomic
def stop(*, clock: Clock, by: Any, at: datetime) -> Clock:
    """End the term: the work was done. A pause ends with it. :raises NotRunning: stopped already."""
    held = _held(clock)
    if held.stopped_on:
        raise NotRunning
    today = _day(at, held.territory)
    if held.paused_on:
        held.due_on = _due_if_resumed(held, today)
        held.pauses.filter(ends_on=None).update(ends_on=today)
    held.paused_on = None
    held.stopped_on = today
    held.next_step_on = None
    held.save(update_fields=["due_on", "paused_on", "stopped_on", "next_step_on"])
    record(verb="clocks.stop", object=held, by=by, at=at, territory=held.territory)
    return held


def forecast(clock: Clock, *, at: datetime) -> date:
    """The due day; of a paused clock, the due day if it were resumed at ``at``."""
    return _due_if_resumed(clock, _day(at, clock.territory)) if clock.paused_on else clock.due_on


def days_left(clock: Clock, *, at: datetime) -> int:
    """Working days until the due day; negative where it has passed."""
    return working_days_between(_day(at, clock.territory), forecast(clock, at=at), clock.territory)


def escalate(*, at: datetime) -> int:
    """Take the steps that have come, and tell the modules above once that is committed. Returns how many clocks.

    A job written with the step tells them: a process that dies in between loses no step.
    """
    # Some territory is always a day ahead of another; each clock is asked again for its own day.
    candidates = Clock.objects.to_escalate(at.date() + ONE_DAY).values_list("pk", flat=True)
    return sum(_escalate_one(pk, at) for pk in list(candidates))


@transaction.atomic
def _escalate_one(pk: int, at: datetime) -> bool:
    clock = Clock.objects.running().select_for_update(of=("self",)).select_related("territory").filter(pk=pk).first()
    if clock is None:
        return False
    today, before = _day(at, clock.territory), clock.step
    while clock.next_step_on and clock.next_step_on <= today:
        clock.step += 1
        clock.next_step_on = _next_step_on(clock)
    if clock.step == before:
        return False
    clock.save(update_fields=["step", "next_step_on"])
    record(
        verb="clocks.escalate",
        object=clock,
        by=None,
        at=at,
        territory=clock.territory,
        detail={"step": clock.step},
    )
    payload = {"clock": pk, "step": clock.step}
    jobs.enqueue(kind=ANNOUNCE, payload=payload, at=at, dedupe_key=f"clock:{pk}:{clock.step}")
    return True


@jobs.handler(ANNOUNCE)
def _announce(job: jobs.Job) -> None:
    """The receivers' own jobs are written in this job's transaction: all of them or, tried again later, none."""
    clock_escalated.send(sender=Clock, clock_id=job.payload["clock"], step=job.payload["step"], at=job.moment)


def _held(clock: Clock) -> Clock:
    return Clock.objects.select_for_update(of=("self",)).select_related("territory").get(pk=clock.pk)


def _day(at: datetime, territory: Territory) -> date:
    return at.astimezone(territory.zone).date()


def _due_if_resumed(clock: Clock, today: date) -> date:
    assert clock.paused_on is not None
    # What had not run when the pause began runs again from today; a term already over stays over.
    left = working_days_between(clock.paused_on, clock.due_on, clock.territory)
    return add_working_days(today, left, clock.territory) if left > 0 else clock.due_on


def _next_step_on(clock: Clock) -> date | None:
    if clock.step >= len(clock.steps):
        return None
    offset = clock.steps[clock.step]
    return add_working_days(clock.due_on, offset, clock.territory) if offset else clock.due_on
