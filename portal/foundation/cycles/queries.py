"""Reading the programme's years and who takes part in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.foundation.cycles.models import (
    Cycle,
    CycleState,
    Milestone,
    Participation,
    ParticipationQuerySet,
    ParticipationStatus,
    Stage,
)
from portal.foundation.territories.models import Territory


def open_cycles(on: date) -> list[Cycle]:
    """The open cycles: that of the day ``on`` first, then earlier ones, the newest first, then those to come.

    The cycle of a day is the open one that began last; where none has begun, the one that begins
    first. An earlier one stays open beside it until its municipalities have given their accounts, and
    a later one may be opened ahead: then it is prepared, and nobody works in it before its first day
    (docs/adr/0011-current-cycle.md).
    """
    cycles = Cycle.objects.filter(state=CycleState.OPEN).order_by("starts_on")
    to_come = [cycle for cycle in cycles if not cycle.has_begun(on)]
    return [cycle for cycle in reversed(cycles) if cycle.has_begun(on)] + to_come


def current_cycle(on: date) -> Cycle | None:
    """The cycle of the day ``on``, by the rule of :func:`open_cycles`; None where none is open."""
    return next(iter(open_cycles(on)), None)


def last_cycle() -> Cycle | None:
    """The last year that has a cycle, whatever its state."""
    return Cycle.objects.order_by("-year").first()


def known_cycles() -> list[Cycle]:
    """Those that are or were open, the newest first: what a list of municipalities can be narrowed to."""
    return list(Cycle.objects.exclude(state=CycleState.DRAFT).order_by("-year"))


def previous_cycle(cycle: Cycle) -> Cycle | None:
    """The cycle before, whatever its state."""
    return Cycle.objects.filter(year__lt=cycle.year).order_by("-year").first()


def participation_of(municipality: Territory, cycle: Cycle) -> Participation | None:
    """The municipality's place in the cycle, or None where it does not take part."""
    return Participation.objects.filter(municipality=municipality, cycle=cycle).select_related("cycle").first()


def participations(cycle: Cycle, territory: Territory | None = None) -> ParticipationQuerySet:
    """Who takes part in ``cycle`` (in ``territory`` and below, where given), by name of municipality."""
    found = Participation.objects.filter(cycle=cycle).select_related("municipality__region", "cycle")
    if territory is not None:
        found = found.filter(municipality__in=Territory.objects.within(territory))
    return found.order_by("municipality__search_name", "municipality_id")


@dataclass(frozen=True)
class Unfinished:
    """What closing a cycle would cut short; it is true where there is anything.

    ``windows``: those that run or are still to come. ``places``: who has not closed its year, by name.
    """

    windows: dict[Milestone, tuple[date, date]]
    places: ParticipationQuerySet

    def __bool__(self) -> bool:
        return bool(self.windows) or self.places.exists()


def unfinished(cycle: Cycle, on: date) -> Unfinished:
    """What is unfinished in ``cycle`` on that day."""
    return Unfinished(cycle.windows_after(on), participations(cycle).active().filter(closed_at=None))


def why_not_open(cycle: Cycle) -> str:
    """Why nobody works in a cycle that is not open, with day and reason where it was closed; in words for the team."""
    if cycle.state != CycleState.CLOSED:
        return _("The cycle is not open.")
    if cycle.closed_at is None:
        return _("The cycle is closed.")
    said = _("The cycle was closed on %(day)s, so this cannot be changed any more.") % {
        "day": date_format(timezone.localdate(cycle.closed_at))
    }
    return f"{said} {_('Reason: %(reason)s') % {'reason': cycle.closing_reason}}" if cycle.closing_reason else said


def counted_cycles(user: Any) -> QuerySet[Cycle]:
    """Every cycle, the newest first, with how many municipalities that ``user`` sees take part.

    Annotates ``new``, ``continuity``, ``consolidation`` and ``graduated`` (of the active ones),
    ``paused``, ``withdrawn`` and ``enrolled`` (all of them).
    """
    mine = Q(user.scope.territories("participations__municipality_id", "participations__municipality__path"))
    active = mine & Q(participations__status=ParticipationStatus.ACTIVE)
    return Cycle.objects.annotate(
        **{
            stage.name.lower(): Count("participations", filter=active & Q(participations__stage=stage))
            for stage in Stage
        },
        paused=Count("participations", filter=mine & Q(participations__status=ParticipationStatus.PAUSED)),
        withdrawn=Count("participations", filter=mine & Q(participations__status=ParticipationStatus.WITHDRAWN)),
        enrolled=Count("participations", filter=mine),
    ).order_by("-year")


def copyable(source: Cycle, cycle: Cycle) -> ParticipationQuerySet:
    """Who of ``source`` could be enrolled in ``cycle``: neither withdrawn nor graduated, nor there already."""
    found = Participation.objects.filter(cycle=source).exclude(status=ParticipationStatus.WITHDRAWN)
    found = found.exclude(stage=Stage.GRADUATED).exclude(municipality__in=cycle.participations.values("municipality"))
    return found.select_related("municipality").order_by("municipality__search_name", "municipality_id")


def copyable_by_stage(source: Cycle, cycle: Cycle) -> dict[str, int]:
    """How many they are, by their stage in ``source``."""
    rows = copyable(source, cycle).order_by("stage").values_list("stage").annotate(count=Count("pk"))
    return {str(stage): count for stage, count in rows}
