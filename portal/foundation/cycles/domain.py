"""Opening and closing the programme's years, and enrolling municipalities in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.cycles.models import (
    ALLOWED_STATUSES,
    NEXT_STAGE,
    TRANSITIONS,
    Cycle,
    CycleState,
    Participation,
    ParticipationStatus,
    Stage,
)
from portal.foundation.cycles.queries import copyable, unfinished
from portal.foundation.territories.models import Territory

# Levels are judged by these from the first answer on; names and windows may still change.
SETTLED_ONCE_OPEN = frozenset(
    {
        "starts_on",
        "ends_on",
        "catalogue_version",
        "met_at",
        "consolidated_at",
        "evidence_freshness_months",
        "reference_mix",
    }
)
CHANGEABLE = SETTLED_ONCE_OPEN | {"name", "windows"}


class CycleError(Exception):
    """The cycle cannot be changed so."""


class MixRefused(CycleError):
    def __init__(self) -> None:
        super().__init__(_("Each bracket of the mix needs a part above 0."))


class YearTaken(CycleError):
    def __init__(self, year: int) -> None:
        super().__init__(_("There is a cycle for %(year)s already.") % {"year": year})


class TransitionRefused(CycleError):
    def __init__(self, cycle: Cycle, state: CycleState) -> None:
        super().__init__(
            _("A cycle that is «%(now)s» cannot become «%(next)s».")
            % {"now": cycle.get_state_display(), "next": state.label}
        )


class CycleClosed(CycleError):
    def __init__(self) -> None:
        super().__init__(_("The cycle is closed."))


class ClosingReasonMissing(CycleError):
    def __init__(self) -> None:
        super().__init__(_("Say why the cycle is closed before everything is finished."))


class ReopeningReasonMissing(CycleError):
    def __init__(self) -> None:
        super().__init__(_("Say why the cycle is opened again."))


class ReopeningTooLate(CycleError):
    def __init__(self) -> None:
        super().__init__(_("The time for opening this cycle again is over."))


class NotAMunicipality(CycleError):
    def __init__(self, territory: Territory) -> None:
        super().__init__(_("%(name)s has no municipality of its own.") % {"name": territory.name})


class AlreadyEnrolled(CycleError):
    def __init__(self, municipality: Territory) -> None:
        super().__init__(_("%(name)s takes part in this cycle already.") % {"name": municipality.name})


class ReasonMissing(CycleError):
    def __init__(self) -> None:
        super().__init__(_("Say why the municipality pauses or withdraws."))


class SettingsSettled(CycleError):
    def __init__(self) -> None:
        super().__init__(_("The cycle is open. Only its name and its dates for each milestone can change."))


class EndsBeforeStart(CycleError):
    def __init__(self) -> None:
        super().__init__(_("The cycle has to end after it starts."))


class ThresholdsReversed(CycleError):
    def __init__(self) -> None:
        super().__init__(_("The level for «consolidated» cannot be lower than the level for «met»."))


class WindowRefused(CycleError):
    def __init__(self) -> None:
        super().__init__(_("Each milestone has to close on or after the day it opens."))


class StatusRefused(CycleError):
    def __init__(self, participation: Participation, status: ParticipationStatus) -> None:
        super().__init__(
            _("%(name)s is «%(now)s» and cannot become «%(next)s».")
            % {
                "name": participation.municipality.name,
                "now": participation.get_status_display(),
                "next": status.label,
            }
        )


class YearClosed(CycleError):
    def __init__(self) -> None:
        super().__init__(_("The municipality's year is closed already."))


@transaction.atomic
def create_cycle(
    *,
    year: int,
    name: str,
    starts_on: date,
    ends_on: date,
    catalogue_version: str,
    by: Any,
    at: datetime,
    is_demo: bool = False,
    **settings: Any,
) -> Cycle:
    """Prepare a year of the programme.

    :param settings: any of Cycle's ``met_at``, ``consolidated_at``, ``evidence_freshness_months``,
        ``windows``, ``weights``, ``weights_name``, ``reference_mix``; the model's own otherwise.
    :raises YearTaken: where the year has a cycle.
    :raises CycleError: dates, thresholds or windows that contradict each other.
    """
    if Cycle.objects.filter(year=year).exists():
        raise YearTaken(year)
    cycle = Cycle(
        year=year,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        catalogue_version=catalogue_version,
        is_demo=is_demo,
        **settings,
    )
    _check(cycle)
    cycle.save(force_insert=True)
    record(verb="cycles.create", object=cycle, by=by, at=at, detail={"year": year})
    return cycle


@transaction.atomic
def change_cycle(*, cycle: Cycle, by: Any, at: datetime, **settings: Any) -> Cycle:
    """Change the settings of a year. What is given as it stands changes nothing and is not recorded.

    :param settings: any of :data:`CHANGEABLE`. ``windows`` names milestones to set; one given as
        None is taken away, and one not named stays.
    :raises SettingsSettled: for anything but name and windows once the cycle is open.
    :raises CycleClosed: once it is closed.
    :raises CycleError: dates, thresholds or windows that contradict each other.
    """
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if held.state == CycleState.CLOSED:
        raise CycleClosed
    if "windows" in settings:
        merged = {**held.windows, **settings["windows"]}
        settings["windows"] = {key: window for key, window in merged.items() if window}
    before = {key: getattr(held, key) for key in settings if key in CHANGEABLE}
    changed = {key for key, value in before.items() if value != settings[key]}
    if held.state != CycleState.DRAFT and changed & SETTLED_ONCE_OPEN:
        raise SettingsSettled
    for key in changed:
        setattr(held, key, settings[key])
    _check(held)
    if changed:
        held.save(update_fields=sorted(changed))
        was = {key: _plain(before[key]) for key in sorted(changed)}
        now = {key: _plain(settings[key]) for key in sorted(changed)}
        record(verb="cycles.change", object=held, by=by, at=at, detail={"was": was, "now": now})
    return held


def open_cycle(*, cycle: Cycle, by: Any, at: datetime) -> Cycle:
    """Let municipalities work in the cycle. :raises TransitionRefused: unless it is in preparation."""
    return _move(cycle, "cycles.open", by, at)


@transaction.atomic
def close_cycle(*, cycle: Cycle, reason: str = "", by: Any, at: datetime) -> Cycle:
    """End the cycle for everybody. It can be taken back for :data:`REOPENED_WITHIN`.

    :param reason: why now; needed while windows run or are to come, or municipalities have not closed their year.
    :raises TransitionRefused: unless it is open. :raises ClosingReasonMissing: an early close without reason.
    """
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    reason = reason.strip()
    left = unfinished(held, at.astimezone(timezone.get_current_timezone()).date())
    if held.state == CycleState.OPEN and left and not reason:
        raise ClosingReasonMissing
    detail = {"reason": reason, "open_municipalities": left.places.count(), "open_windows": list(left.windows)}
    return _move(
        held,
        "cycles.close",
        by,
        at,
        detail=detail,
        closed_at=at,
        closed_by_id=getattr(by, "pk", None),
        closing_reason=reason,
    )


@transaction.atomic
def reopen_cycle(*, cycle: Cycle, reason: str, by: Any, at: datetime) -> Cycle:
    """Take a closing back: the municipalities work on as if it had not been.

    :raises ReopeningReasonMissing: without a reason. :raises TransitionRefused: unless it is closed.
    :raises ReopeningTooLate: it was closed longer ago than :data:`REOPENED_WITHIN`.
    """
    reason = reason.strip()
    if not reason:
        raise ReopeningReasonMissing
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    until = held.reopens_until()
    if held.state == CycleState.CLOSED and (until is None or at > until):
        raise ReopeningTooLate
    return _move(
        held,
        "cycles.reopen",
        by,
        at,
        detail={"reason": reason},
        reopened_at=at,
        reopened_by_id=getattr(by, "pk", None),
        reopening_reason=reason,
    )


@transaction.atomic
def enroll(*, municipality: Territory, cycle: Cycle, stage: Stage, by: Any, at: datetime) -> Participation:
    """Make a municipality take part in a cycle, in a stage.

    :raises CycleError: the cycle is closed, the place has no municipality, or takes part already.
    """
    if cycle.state == CycleState.CLOSED:
        raise CycleClosed
    if not municipality.has_municipality:
        raise NotAMunicipality(municipality)
    if Participation.objects.filter(municipality=municipality, cycle=cycle).exists():
        raise AlreadyEnrolled(municipality)
    participation = Participation.objects.create(municipality=municipality, cycle=cycle, stage=stage)
    _record_enrollment(participation, by, at)
    return participation


@transaction.atomic
def enroll_many(
    *, cycle: Cycle, enrollments: Sequence[tuple[Territory, Stage]], by: Any, at: datetime
) -> list[Participation]:
    """Make several municipalities take part, all of them or none.

    :raises CycleError: as ``enroll`` does, for the first municipality that cannot be enrolled.
    """
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if held.state == CycleState.CLOSED:
        raise CycleClosed
    taken = set(held.participations.values_list("municipality_id", flat=True))
    for municipality, _stage in enrollments:
        if not municipality.has_municipality:
            raise NotAMunicipality(municipality)
        if municipality.pk in taken:
            raise AlreadyEnrolled(municipality)
        taken.add(municipality.pk)
    made = Participation.objects.bulk_create(
        [Participation(municipality=municipality, cycle=held, stage=stage) for municipality, stage in enrollments]
    )
    for participation in made:
        _record_enrollment(participation, by, at)
    return made


@transaction.atomic
def copy_participants(
    *, source: Cycle, cycle: Cycle, third_stage_stays: bool, by: Any, at: datetime
) -> list[Participation]:
    """Enroll in ``cycle`` who took part in ``source``, one stage further.

    Stage 1 becomes 2 and 2 becomes 3. Stage 3 stays where ``third_stage_stays``; otherwise those
    municipalities have graduated and are left out, like those that graduated before or withdrew.
    Who is in ``cycle`` already keeps its place.

    :raises CycleClosed: where ``cycle`` is closed.
    """
    rows = copyable(source, cycle)
    if not third_stage_stays:
        rows = rows.exclude(stage=Stage.CONSOLIDATION)
    enrollments = [(row.municipality, NEXT_STAGE[Stage(row.stage)]) for row in rows]
    return enroll_many(cycle=cycle, enrollments=enrollments, by=by, at=at)


@transaction.atomic
def change_status(
    *, participation: Participation, status: ParticipationStatus, reason: str, by: Any, at: datetime
) -> Participation:
    """Pause, withdraw or take up again.

    :raises ReasonMissing: a pause or withdrawal without reason.
    :raises StatusRefused: a step that :data:`ALLOWED_STATUSES` does not know.
    :raises CycleClosed: the cycle is closed. :raises YearClosed: the municipality's own year is.
    """
    if status != ParticipationStatus.ACTIVE and not reason.strip():
        raise ReasonMissing
    found = Participation.objects.select_for_update(of=("self",)).select_related("municipality", "cycle")
    held = found.get(pk=participation.pk)
    if held.cycle.state == CycleState.CLOSED:
        raise CycleClosed
    if held.closed_at:
        raise YearClosed
    if status not in ALLOWED_STATUSES[ParticipationStatus(held.status)]:
        raise StatusRefused(held, status)
    before, held.status, held.status_reason = held.status, status, reason.strip()
    held.save(update_fields=["status", "status_reason"])
    record(
        verb="cycles.change_status",
        object=held,
        by=by,
        at=at,
        territory=held.municipality,
        detail={"was": before, "status": str(status), "reason": held.status_reason},
    )
    return held


@transaction.atomic
def close_participation(*, participation: Participation, by: Any, at: datetime) -> Participation:
    """Close the municipality's year. Whether it may be closed is asked by the module above.

    :raises YearClosed: where it is closed already.
    """
    held = Participation.objects.select_for_update().get(pk=participation.pk)
    if held.closed_at:
        raise YearClosed
    held.closed_at = at
    held.closed_by_id = getattr(by, "pk", None)
    held.save(update_fields=["closed_at", "closed_by_id"])
    record(verb="cycles.close_participation", object=held, by=by, at=at, territory=held.municipality)
    return held


@transaction.atomic
def _move(
    cycle: Cycle, verb: str, by: Any, at: datetime, *, detail: dict[str, Any] | None = None, **values: Any
) -> Cycle:
    """Take the step of :data:`TRANSITIONS`, and write ``values`` with it."""
    before, after = TRANSITIONS[verb]
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if held.state != before:
        raise TransitionRefused(held, after)
    values["state"] = after
    for name, value in values.items():
        setattr(held, name, value)
    held.save(update_fields=list(values))
    record(verb=verb, object=held, by=by, at=at, detail={"year": held.year} | (detail or {}))
    return held


def _record_enrollment(participation: Participation, by: Any, at: datetime) -> None:
    record(
        verb="cycles.enroll",
        object=participation,
        by=by,
        at=at,
        territory=participation.municipality,
        detail={"year": participation.cycle.year, "stage": str(participation.stage)},
    )


def _check(cycle: Cycle) -> None:
    if cycle.ends_on <= cycle.starts_on:
        raise EndsBeforeStart
    if cycle.consolidated_at < cycle.met_at:
        raise ThresholdsReversed
    if any(not isinstance(part, int | float) or part <= 0 for part in cycle.reference_mix.values()):
        raise MixRefused
    for key in cycle.windows:
        window = cycle.window(key)
        if window and window[1] < window[0]:
            raise WindowRefused


def _plain(value: Any) -> Any:
    """As the audit keeps it: dates in words of ISO 8601, the rest as it is."""
    return value.isoformat() if isinstance(value, date) else value
