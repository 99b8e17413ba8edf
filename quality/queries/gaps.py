"""Gaps of one municipality, and the levels of many at once (the heatmap).

Nothing here is typed by anybody: each number comes from level records in force, whose gaps
``quality.scoring`` computed against the cycle's targets. ``QUERY_VERSION`` names the computation,
so that a number printed today can be told from one that a later rule would give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from portal.foundation.cycles.models import Cycle
from portal.foundation.territories.models import Territory
from quality import scoring
from quality.enums import AssessmentState, Series, Transparency
from quality.freshness import oldest_accepted
from quality.models import (
    Answer,
    AnswerEvidence,
    Assessment,
    Attribute,
    CatalogueVersion,
    Component,
    LevelRecord,
    Standard,
)
from quality.queries import catalogue

if TYPE_CHECKING:
    from pandas import DataFrame

QUERY_VERSION = "quality.gaps/2"
# Where a level comes from that tells how things stood, not what an improvement made of them.
DIAGNOSIS = Assessment._meta.label_lower
# Fewer municipalities than this would let one be recognised in a distribution.
DISTRIBUTION_MINIMUM = 10


@dataclass(frozen=True)
class GapLine:
    """One standard: the record in force (None: not measured) and what it is compared with."""

    standard: Standard
    record: LevelRecord | None
    other_series: LevelRecord | None
    baseline: LevelRecord | None
    previous: LevelRecord | None

    @property
    def not_applicable(self) -> bool:
        return self.record is not None and self.record.level is None

    @property
    def level(self) -> int | None:
        return self.record.level if self.record else None

    @property
    def drift(self) -> int | None:
        """This series minus the other, in steps of the scale; None unless both have a level."""
        return _difference(self.record, self.other_series)

    @property
    def change(self) -> int | None:
        """Steps gained since the baseline; None unless both have a level."""
        return _difference(self.record, self.baseline)


@dataclass(frozen=True)
class GapSummary:
    """Counts over some standards. Those that do not apply or were not measured are counted apart."""

    standards: int
    measured: int
    not_applicable: int
    met: int
    consolidated: int
    gap_to_met: int
    gap_to_consolidated: int
    mean_level: float | None
    mean_gap_to_met: float | None
    mean_gap_to_consolidated: float | None

    @property
    def missing(self) -> int:
        return self.standards - self.measured - self.not_applicable


@dataclass(frozen=True)
class GapGroup:
    """A component, an attribute or a named subset, with the summary of its standards."""

    subject: Component | Attribute | None
    summary: GapSummary


@dataclass(frozen=True)
class Comparison:
    """The change since ``cycle``, against «met» and against «consolidated»."""

    cycle: Cycle
    to_met: scoring.Reduction
    to_consolidated: scoring.Reduction


@dataclass(frozen=True)
class GapReport:
    municipality: Territory
    cycle: Cycle
    version: CatalogueVersion | None
    series: str
    lines: Sequence[GapLine]
    summary: GapSummary
    components: Sequence[GapGroup]
    attributes: Sequence[GapGroup]
    transparency: GapSummary
    critical: GapSummary
    since_baseline: Comparison | None
    since_previous: Comparison | None

    @property
    def has_levels(self) -> bool:
        return any(line.record for line in self.lines)

    @property
    def records(self) -> list[LevelRecord]:
        """The levels behind the numbers."""
        return [line.record for line in self.lines if line.record]

    @property
    def gaps(self) -> list[GapLine]:
        """Lines below «consolidated», the widest gap to «met» first, then the critical ones."""
        open_lines = [line for line in self.lines if line.record and line.record.gap_to_consolidated]
        return sorted(open_lines, key=_by_urgency)

    @property
    def comparisons(self) -> list[Comparison]:
        """Since the baseline and since the last cycle; once where they are the same cycle."""
        found = [comparison for comparison in (self.since_baseline, self.since_previous) if comparison]
        return found[:1] if len({comparison.cycle.pk for comparison in found}) == 1 else found

    @property
    def drifting(self) -> list[GapLine]:
        """Lines whose two series differ."""
        return [line for line in self.lines if line.drift]

    @property
    def compared_series(self) -> int:
        """How many standards have a level in both series."""
        return sum(line.drift is not None for line in self.lines)

    @property
    def mean_drift(self) -> float | None:
        """Mean difference of this series from the other; None without a standard in both."""
        drifts = [line.drift for line in self.lines if line.drift is not None]
        return sum(drifts) / len(drifts) if drifts else None


def gap_report(*, municipality: Territory, cycle: Cycle, series: str = Series.SELF_ASSESSED) -> GapReport:
    """Everything the gap report says, from four queries whatever the number of standards or years.

    Standards of another edition of the catalogue are not compared: their texts may differ.
    """
    version = catalogue.version_for(cycle)
    standards = list(catalogue.standards(version))
    records = list(
        LevelRecord.objects.filter(Q(superseded_at__isnull=True) | _earlier(cycle, series))
        .filter(municipality=municipality, cycle__year__lte=cycle.year)
        .select_related("cycle")
        .order_by("cycle__year", "pk")
    )
    _complete(records, municipality, standards)
    in_force = [record for record in records if record.superseded_at is None]
    here = [record for record in in_force if record.cycle_id == cycle.pk]
    own = _by_standard(record for record in here if record.series == series)
    other = _by_standard(record for record in here if record.series != series)
    baseline = _baselines([record for record in records if record.cycle_id != cycle.pk], series)
    previous = _by_standard(_last_cycle(r for r in in_force if r.series == series and r.cycle_id != cycle.pk))
    lines = [
        GapLine(each, own.get(each.pk), other.get(each.pk), baseline.get(each.pk), previous.get(each.pk))
        for each in standards
    ]
    return GapReport(
        municipality=municipality,
        cycle=cycle,
        version=version,
        series=series,
        lines=lines,
        summary=summarize(lines),
        components=_by_component(lines),
        attributes=_by_attribute(lines),
        transparency=summarize([line for line in lines if line.standard.transparency != Transparency.NONE]),
        critical=summarize([line for line in lines if line.standard.critical]),
        since_baseline=_compare(lines, cycle, lambda line: line.baseline),
        since_previous=_compare(lines, cycle, lambda line: line.previous),
    )


def baselines_of(*, municipality: Territory, cycle: Cycle) -> dict[str, dict[int, LevelRecord]]:
    """Series → standard id → the earlier record that the levels of ``cycle`` are compared with; one query."""
    records = list(
        LevelRecord.objects.filter(
            _earlier(cycle, Series.SELF_ASSESSED) | _earlier(cycle, Series.VERIFIED), municipality=municipality
        )
        .select_related("cycle")
        .order_by("cycle__year", "pk")
    )
    return {series: _baselines(records, series) for series in Series.values}


def gaps_of(*, municipality: Territory, cycle: Cycle, series: str = Series.SELF_ASSESSED) -> list[LevelRecord]:
    """The records in force with a gap to «consolidated», standard and component loaded, widest first."""
    records = (
        LevelRecord.objects.in_force()
        .filter(municipality=municipality, cycle=cycle, series=series, gap_to_consolidated__gt=0)
        .select_related("standard__component", "municipality", "cycle")
        .prefetch_related("standard__attributes")
    )
    return sorted(records, key=lambda r: (-(r.gap_to_met or 0), not r.standard.critical, r.standard.number))


def cycles_with_levels(municipality: Territory) -> QuerySet[Cycle]:
    """The cycles in which the municipality has any level, the last first."""
    recorded = LevelRecord.objects.filter(municipality=municipality)
    return Cycle.objects.filter(pk__in=recorded.values("cycle_id")).order_by("-year")


def summarize(lines: Sequence[GapLine]) -> GapSummary:
    """Counts, sums and means over ``lines``; means leave out what has no level (None without any)."""
    records = [line.record for line in lines if line.record is not None and line.record.level is not None]
    to_met = [record.gap_to_met or 0 for record in records]
    to_consolidated = [record.gap_to_consolidated or 0 for record in records]
    return GapSummary(
        standards=len(lines),
        measured=len(records),
        not_applicable=sum(line.not_applicable for line in lines),
        met=to_met.count(0),
        consolidated=to_consolidated.count(0),
        gap_to_met=sum(to_met),
        gap_to_consolidated=sum(to_consolidated),
        mean_level=scoring.mean_level(record.level for record in records),
        mean_gap_to_met=scoring.mean_level(to_met),
        mean_gap_to_consolidated=scoring.mean_level(to_consolidated),
    )


@dataclass(frozen=True)
class GapCounts:
    """How one municipality stands, for a list of many."""

    measured: int
    met: int
    gap_to_met: int


def gap_counts(*, municipalities: Sequence[Territory], cycle: Cycle, series: str, user: Any) -> dict[int, GapCounts]:
    """Municipality id → counts, one query; a municipality without levels has no entry."""
    rows = (
        LevelRecord.objects.visible_to(user)
        .in_force()
        .filter(cycle=cycle, series=series, municipality__in=municipalities, level__isnull=False)
        .values("municipality_id")
        .annotate(measured=Count("pk"), met=Count("pk", filter=Q(gap_to_met=0)), gap=Sum("gap_to_met"))
    )
    return {row["municipality_id"]: GapCounts(row["measured"], row["met"], row["gap"]) for row in rows}


class Cell(NamedTuple):
    """One municipality's standard: ``level`` None is «does not apply»; a cell that was never measured is absent."""

    level: int | None
    gap_to_met: int | None
    gap_to_consolidated: int | None
    baseline: int | None
    is_stale: bool
    source_type: str
    source_id: str

    @property
    def change(self) -> int | None:
        return None if self.level is None or self.baseline is None else self.level - self.baseline


def heatmap_cells(
    *, territories: Iterable[Territory], cycle: Cycle, series: str, user: Any, on: date
) -> dict[int, dict[int, Cell]]:
    """Municipality id → standard id → :class:`Cell`, of what ``user`` may see.

    One query reads the levels in force of the cycle together with the baselines, and one tells the
    few whose evidence is old; plain tuples, since frames would cost the web process their import.

    :param on: the day on which evidence is judged old (the cycle's end where that is earlier).
    """
    ids = [territory.pk for territory in territories]
    visible = LevelRecord.objects.visible_to(user).filter(municipality__in=ids)
    now = Q(cycle=cycle, series=series, superseded_at__isnull=True)
    rows = visible.filter(now | _earlier(cycle, series)).values_list(
        *("municipality_id", "standard_id", "cycle_id", "level", "gap_to_met"),
        *("gap_to_consolidated", "dated_on", "source_type", "source_id"),
    )
    if series == Series.VERIFIED:
        rows = rows.order_by("cycle__year", "pk")
    rows = list(rows)
    before = (((row[0], row[1]), row[2], row[3]) for row in rows if row[2] != cycle.pk)
    baselines: dict[tuple[int, int], int | None] = _of_first_cycle(before)
    oldest = oldest_accepted(min(on, cycle.ends_on), cycle.evidence_freshness_months)
    stale = stale_answers(territories=ids, cycle=cycle, oldest=oldest)
    cells: dict[int, dict[int, Cell]] = {}
    for municipality, standard, cycle_id, level, met, consolidated, dated_on, kind, source in rows:
        if cycle_id != cycle.pk:
            continue
        is_stale = dated_on < oldest or (kind == DIAGNOSIS and level is not None and (municipality, standard) in stale)
        cells.setdefault(municipality, {})[standard] = Cell(
            level, met, consolidated, baselines.get((municipality, standard)), is_stale, kind, source
        )
    return cells


def _earlier(cycle: Cycle, series: str) -> Q:
    """What a level is compared with: the marked baseline, or what the region first verified of a self-diagnosis.

    What it verified of an improvement is no beginning, though it superseded the beginning in the same
    year. The two series are never compared with each other, which would show the difference between
    judges as a change; nor is a baseline with itself, which would show a first year as «the same».
    """
    if series == Series.VERIFIED:
        return Q(series=series, source_type=DIAGNOSIS, cycle__year__lt=cycle.year)
    return Q(is_baseline=True, superseded_at__isnull=True, cycle__year__lt=cycle.year)


def _of_first_cycle(found: Iterable[tuple[Any, int, Any]]) -> dict[Any, Any]:
    """``(key, cycle id, value)`` by year → the last value of each key's first cycle: a correction counts."""
    first: dict[Any, tuple[int, Any]] = {}
    for key, cycle_id, value in found:
        if first.get(key, (cycle_id,))[0] == cycle_id:
            first[key] = (cycle_id, value)
    return {key: value for key, (_cycle, value) in first.items()}


def stale_answers(*, territories: Sequence[int], cycle: Cycle, oldest: date) -> set[tuple[int, int]]:
    """(municipality id, standard id) of the met answers in force without evidence of ``oldest`` or later."""
    fresh = AnswerEvidence.objects.filter(answer=OuterRef("pk"), dated_on__gte=oldest)
    return set(
        Answer.objects.filter(
            ~Exists(fresh),
            assessment__cycle=cycle,
            assessment__state__in=(AssessmentState.SUBMITTED, AssessmentState.RETURNED),
            assessment__municipality__in=territories,
            level__gte=cycle.met_at,
        ).values_list("assessment__municipality_id", "standard_id")
    )


MEASURES: dict[str, Callable[[Cell], int | None]] = {
    "level": lambda cell: cell.level,
    "gap": lambda cell: cell.gap_to_met,
    "change": lambda cell: cell.change,
}


def heatmap(
    *,
    territories: Iterable[Territory],
    cycle: Cycle,
    series: str,
    user: Any,
    on: date,
    measure: str = "level",
) -> DataFrame:
    """Frame of municipality (rows, in the order given) × standard code.

    Values are whole numbers (``measure``: level 0-3, gap to «met» in steps, change in steps since
    the baseline), "N/A" where the standard does not apply, and None where nothing was measured:
    missing stays blank, never 0.
    """
    import pandas as pd

    municipalities = list(territories)
    standards = list(catalogue.standards(catalogue.version_for(cycle)))
    cells = heatmap_cells(territories=municipalities, cycle=cycle, series=series, user=user, on=on)
    rows = [
        [_value(cells.get(municipality.pk, {}).get(standard.pk), measure) for standard in standards]
        for municipality in municipalities
    ]
    return pd.DataFrame(
        rows,
        index=pd.Index([municipality.name for municipality in municipalities], name="municipality"),
        columns=[standard.code for standard in standards],
        dtype=object,
    )


def distribution(*, region: Territory, cycle: Cycle, series: str) -> dict[int, dict[int | None, int]]:
    """Standard id → level (None: does not apply) → number of municipalities of ``region``.

    Anonymous, so it is for every municipality of the region; a standard measured in fewer than
    :data:`DISTRIBUTION_MINIMUM` municipalities is left out.
    """
    counts: dict[int, dict[int | None, int]] = {}
    records = LevelRecord.objects.in_force().filter(municipality__region=region, cycle=cycle, series=series)
    for standard, level in records.values_list("standard_id", "level"):
        levels = counts.setdefault(standard, {})
        levels[level] = levels.get(level, 0) + 1
    return {standard: levels for standard, levels in counts.items() if sum(levels.values()) >= DISTRIBUTION_MINIMUM}


def _value(cell: Cell | None, measure: str) -> int | str | None:
    if cell is None:
        return None
    return "N/A" if cell.level is None else MEASURES[measure](cell)


def _complete(records: Iterable[LevelRecord], municipality: Territory, standards: Sequence[Standard]) -> None:
    """Give the records what is loaded already, so that offers and rules that look at them ask nothing."""
    known = {standard.pk: standard for standard in standards}
    for record in records:
        record.municipality = municipality
        if record.standard_id in known:
            record.standard = known[record.standard_id]


def _by_standard(records: Iterable[LevelRecord]) -> dict[int, LevelRecord]:
    return {record.standard_id: record for record in records}


def _baselines(records: Sequence[LevelRecord], series: str) -> dict[int, LevelRecord]:
    """Standard id → the baseline of ``series`` (see :func:`_earlier`); ``records`` by year."""
    return _of_first_cycle(
        (record.standard_id, record.cycle_id, record) for record in records if _may_begin(record, series)
    )


def _may_begin(record: LevelRecord, series: str) -> bool:
    if series == Series.VERIFIED:
        return record.series == series and record.source_type == DIAGNOSIS
    return record.is_baseline and record.superseded_at is None


def _last_cycle(records: Iterable[LevelRecord]) -> list[LevelRecord]:
    """Those of the last year among ``records``."""
    found = list(records)
    last = max((record.cycle.year for record in found), default=None)
    return [record for record in found if record.cycle.year == last]


def _difference(one: LevelRecord | None, other: LevelRecord | None) -> int | None:
    if one is None or other is None or one.level is None or other.level is None:
        return None
    return one.level - other.level


def _by_urgency(line: GapLine) -> tuple[int, bool, int]:
    assert line.record is not None
    return -(line.record.gap_to_met or 0), not line.standard.critical, line.standard.number


def _by_component(lines: Sequence[GapLine]) -> list[GapGroup]:
    groups: dict[int, tuple[Component, list[GapLine]]] = {}
    for line in lines:
        groups.setdefault(line.standard.component_id, (line.standard.component, []))[1].append(line)
    return [GapGroup(subject, summarize(members)) for subject, members in groups.values()]


def _by_attribute(lines: Sequence[GapLine]) -> list[GapGroup]:
    groups: dict[int, tuple[Attribute, list[GapLine]]] = {}
    for line in lines:
        for attribute in line.standard.attributes.all():
            groups.setdefault(attribute.pk, (attribute, []))[1].append(line)
    return [
        GapGroup(subject, summarize(members))
        for subject, members in sorted(groups.values(), key=lambda group: group[0].order)
    ]


def _compare(
    lines: Sequence[GapLine], cycle: Cycle, before_of: Callable[[GapLine], LevelRecord | None]
) -> Comparison | None:
    """Reduction since the records that ``before_of`` gives; None without any from an earlier cycle."""
    earlier = [record for line in lines if (record := before_of(line))]
    if not earlier:
        return None
    before: Mapping[str, int | None] = {
        line.standard.code: record.level for line in lines if (record := before_of(line)) is not None
    }
    after: Mapping[str, int | None] = {line.standard.code: line.level for line in lines if line.record is not None}
    weights = {code: float(weight) for code, weight in cycle.weights.items()}
    return Comparison(
        cycle=max((record.cycle for record in earlier), key=lambda found: found.year),
        to_met=scoring.reduction(before, after, cycle.met_at, weights),
        to_consolidated=scoring.reduction(before, after, cycle.consolidated_at, weights),
    )
