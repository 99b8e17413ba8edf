"""What this module offers on the objects of the modules below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plans import rules
from plans.queries.gaps import gap_records
from plans.queries.plans import takes_lines
from portal.foundation.cycles.models import CycleState
from portal.foundation.cycles.queries import current_cycle
from portal.foundation.offers.registry import Offer
from quality.models import LevelRecord
from surveys.queries.causes import Cause
from surveys.queries.drivers import WeakDriver


def offered_for_a_line(user: Any, gaps: Sequence[LevelRecord]) -> set[LevelRecord]:
    """To the municipality's own team, while the year is open, its plan takes lines, and the gap is there.

    Of the two series' records of one standard either will do: the line is drawn from the one in force.
    """
    years: dict[tuple[int, int], list[LevelRecord]] = {}
    for gap in gaps:
        if gap.cycle.state == CycleState.OPEN and rules.can_open_plan(user, gap.municipality):
            years.setdefault((gap.municipality_id, gap.cycle_id), []).append(gap)
    offered: set[LevelRecord] = set()
    for (municipality, cycle), records in years.items():
        if takes_lines(municipality, cycle):
            standards = {record.standard_id for record in gap_records(municipality, cycle)}
            offered.update(record for record in records if record.standard_id in standards)
    return offered


DRAW_FROM_GAP = Offer(
    key="plans.draw_from_gap",
    subject_type="quality.gap",
    label=_("Draw a plan line from this gap"),
    offered=offered_for_a_line,
    url=lambda gap: reverse("plans:draw_from_gap", args=[gap.pk]),
)


def offered_causes(user: Any, causes: Sequence[Cause]) -> list[Cause]:
    """Repeated causes, to the municipality's own team, while the open year's plan takes lines."""
    cycle = current_cycle(timezone.localdate())
    if cycle is None:
        return []
    takes = {
        cause.territory.pk: takes_lines(cause.territory, cycle)
        for cause in {each.territory.pk: each for each in causes}.values()
        if rules.can_open_plan(user, cause.territory)
    }
    return [
        cause
        for cause in causes
        if cause.is_repeated and takes.get(cause.territory.pk) and cycle.year - cause.quarter.year in (0, 1)
    ]


DRAW_FROM_CAUSE = Offer(
    key="plans.draw_from_cause",
    subject_type="surveys.cause",
    label=_("Draw a plan line from this cause"),
    offered=offered_causes,
    url=lambda cause: reverse("plans:draw_from_cause", args=[cause.reference]),
)


def offered_drivers(user: Any, drivers: Sequence[WeakDriver]) -> list[WeakDriver]:
    """To the municipality's own team, while the open year's plan takes lines; of its survey or the one before."""
    cycle = current_cycle(timezone.localdate())
    if cycle is None:
        return []
    takes = {
        driver.territory.pk: takes_lines(driver.territory, cycle)
        for driver in {each.territory.pk: each for each in drivers}.values()
        if rules.can_open_plan(user, driver.territory)
    }
    return [
        driver
        for driver in drivers
        if takes.get(driver.territory.pk) and cycle.year - driver.round.cycle.year in (0, 1)
    ]


DRAW_FROM_DRIVER = Offer(
    key="plans.draw_from_driver",
    subject_type="surveys.driver",
    label=_("Draw a plan line from this"),
    offered=offered_drivers,
    url=lambda driver: reverse("plans:draw_from_driver", args=[driver.reference]),
)
