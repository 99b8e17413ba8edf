"""Gaps as a source of plan lines."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plans.sources import SourceChoice, SourceDraft
from portal.foundation.cycles.models import Cycle
from portal.foundation.ui.translated import localized
from quality.enums import Series
from quality.models import LevelRecord, Standard

KEY = "quality.gap"
LABEL_LENGTH = 300
HIGHEST_LEVEL = 3  # of the scale that every catalogue uses


def gap_records(municipality: Any, cycle: Any) -> list[LevelRecord]:
    """Levels in force below consolidated, widest gap first; the verified level where there is one."""
    records = (
        LevelRecord.objects.in_force()
        .filter(municipality=municipality, cycle=cycle)
        .select_related("standard")
        .order_by("standard__number", "series")
    )
    # «self» sorts before «verified», so the verified record replaces the team's own one.
    by_standard: dict[int, LevelRecord] = {record.standard_id: record for record in records}
    open_gaps = [record for record in by_standard.values() if record.gap_to_consolidated]
    return sorted(open_gaps, key=lambda record: (-(record.gap_to_met or 0), -record.gap_to_consolidated))


def gap_choices(municipality: Any, cycle: Any) -> list[SourceChoice]:
    return [SourceChoice(str(record.pk), _label(record)) for record in gap_records(municipality, cycle)]


def describe_gap(reference: str) -> str:
    return _label(_record(reference))


def current_gap(reference: str) -> str:
    """The record in force of the same standard, municipality and year: a verification replaces the team's own.

    A gap that is closed by now, or that is not known, stands for itself.
    """
    try:
        asked = _record(reference)
    except LookupError:
        return reference
    records = gap_records(asked.municipality_id, asked.cycle_id)
    return next((str(record.pk) for record in records if record.standard_id == asked.standard_id), reference)


def gap_standards(reference: str) -> list[Standard]:
    return [_record(reference).standard]


def gap_draft(reference: str) -> SourceDraft:
    """The standard with the next target, and the descriptor of today's level as the problem's start."""
    record = _record(reference)
    cycle = Cycle.objects.get(pk=record.cycle_id)
    met, consolidated = cycle.met_at, cycle.consolidated_at
    target = met if record.gap_to_met else consolidated
    return SourceDraft(
        title=localized(record.standard.name),
        problem=_descriptor(record),
        standards=[(record.standard, target)],
    )


def level_in_force(municipality: Any, cycle: Any) -> dict[int, tuple[int | None, str]]:
    """Standard id → (level, series) in force: the verified one where there is one, else the team's own."""
    rows = (
        LevelRecord.objects.in_force()
        .filter(municipality=municipality, cycle=cycle)
        .order_by("series")
        .values_list("standard_id", "level", "series")
    )
    return {standard_id: (level, series) for standard_id, level, series in rows}


def standards_of_year(cycle: Any) -> QuerySet[Standard]:
    """The standards of the catalogue by which the cycle is judged."""
    return Standard.objects.filter(version__version=cycle.catalogue_version).select_related("version")


def has_self_diagnosis(municipality: Any, cycle: Any) -> bool:
    """Has the municipality measured itself in this cycle?"""
    return (
        LevelRecord.objects.in_force()
        .filter(municipality=municipality, cycle=cycle, series=Series.SELF_ASSESSED)
        .exists()
    )


def _record(reference: str) -> LevelRecord:
    if not reference.isdecimal():
        raise LookupError(reference)
    record = LevelRecord.objects.select_related("standard").filter(pk=int(reference)).first()
    if record is None:
        raise LookupError(reference)
    return record


def _label(record: LevelRecord) -> str:
    return _("%(standard)s: level %(level)s (%(series)s)") % {
        "standard": f"{record.standard.code} {localized(record.standard.name)}"[: LABEL_LENGTH - 60],
        "level": record.level,
        "series": Series(record.series).label.lower(),
    }


def _descriptor(record: LevelRecord) -> str:
    for level in record.standard.levels:
        if level["value"] == record.level:
            return localized(level["descriptor"])
    return ""
