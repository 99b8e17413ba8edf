"""Reads of the two series of levels."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.foundation.cycles.models import Cycle
from portal.foundation.territories.models import Territory
from quality.enums import Series
from quality.models import Assessment, LevelRecord
from quality.sources import LevelSource


def current_levels(municipality: Territory, cycle: Cycle, series: str) -> list[LevelRecord]:
    """The levels in force of one municipality, cycle and series, by standard number; one query."""
    return list(
        LevelRecord.objects.in_force()
        .filter(municipality=municipality, cycle=cycle, series=series)
        .select_related("standard__component")
        .order_by("standard__number")
    )


def series_of(municipality: Territory, standard_code: str, series: str) -> list[LevelRecord]:
    """Every record of one standard, superseded ones included, oldest first: the history of a level."""
    return list(
        LevelRecord.objects.filter(municipality=municipality, standard__code=standard_code, series=series)
        .select_related("cycle", "standard", "recorded_by")
        .order_by("dated_on", "id")
    )


def levels_by_code(municipality: Territory, cycle: Cycle, series: str) -> dict[str, int | None]:
    """Standard code → level in force; a standard without a record has no entry."""
    return dict(
        LevelRecord.objects.in_force()
        .filter(municipality=municipality, cycle=cycle, series=series)
        .values_list("standard__code", "level")
    )


def previous_levels(municipality: Territory, cycle: Cycle) -> dict[str, LevelRecord]:
    """Standard code → the last self-assessed record of an earlier cycle; one query."""
    records = (
        LevelRecord.objects.in_force()
        .filter(municipality=municipality, series=Series.SELF_ASSESSED, cycle__year__lt=cycle.year)
        .select_related("cycle", "standard")
        .order_by("cycle__year")
    )
    return {record.standard.code: record for record in records}


def verified_levels(municipality: Territory) -> dict[str, LevelRecord]:
    """Standard code → the last verified record, of whatever cycle; one query."""
    records = (
        LevelRecord.objects.in_force()
        .filter(municipality=municipality, series=Series.VERIFIED)
        .select_related("cycle", "standard")
        .order_by("cycle__year")
    )
    return {record.standard.code: record for record in records}


def verified_of(assessment: Assessment) -> dict[str, LevelRecord]:
    """Standard code → verified record in force of the self-diagnosis's municipality and cycle; one query."""
    records = current_levels(assessment.municipality, assessment.cycle, Series.VERIFIED)
    return {record.standard.code: record for record in records}


def reviewed(assessment: Assessment) -> dict[str, LevelRecord]:
    """Of those, the ones that the region gave in its review of this very version; one query."""
    source = (assessment._meta.label_lower, str(assessment.pk))
    return {
        code: record
        for code, record in verified_of(assessment).items()
        if (record.source_type, record.source_id) == source
    }


def describe_assessments(ids: Collection[str]) -> dict[str, LevelSource]:
    """Self-diagnoses as the sources of levels; one query."""
    found = Assessment.objects.filter(pk__in=ids).values_list("pk", "cycle__year", "number")
    return {
        str(pk): LevelSource(
            _("Self-diagnosis %(year)s, version %(number)s") % {"year": year, "number": number},
            reverse("quality:assessment_show", args=[pk]),
        )
        for pk, year, number in found
    }
