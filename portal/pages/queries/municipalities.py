"""What the public reads about a municipality: levels, gaps, plan, change. Constant queries.

Everything shown carries where it came from: the assessment or action of each level, the catalogue
version, the cycle and its targets (F-N1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext

from plans.enums import ActionState, PlanState
from plans.models import Action, ImprovementPlan, PlanComment, PlanSignature, PublicationLink
from plans.queries.plans import open_draft, public_plan, published_comments
from plans.queries.signing import standing_signatures
from portal.foundation.audit.queries import latest_event_id
from portal.foundation.cycles.models import Cycle, Participation
from portal.foundation.indicators.reading import Reading
from portal.foundation.indicators.registry import PUBLIC, Period, of_territories
from portal.foundation.territories import queries as territories
from portal.foundation.territories.models import Territory
from portal.foundation.ui.translated import localized
from portal.pages.queries.changes import Change, Records, change_of
from quality.enums import Series
from quality.models import CatalogueVersion, LevelRecord, Standard
from quality.queries.gaps import baselines_of

QUERY_VERSION = "public-profile-3"
FIRST_ACTIONS, FIRST_COMMENTS = 4, 2

SHOWN_RELATIONS = ("standard__component", "standard__version")
# The long texts of a standard are left in the database: this page shows names and statements only.
SHOWN_FIELDS = (
    "cycle_id",
    "series",
    "level",
    "dated_on",
    "source_type",
    "source_id",
    "standard__code",
    "standard__number",
    "standard__name",
    "standard__statement",
    "standard__critical",
    "standard__origin",
    "standard__component__name",
    "standard__version__version",
    "standard__version__status",
    "standard__version__published_on",
)


def regions() -> QuerySet[Territory]:
    return territories.regions()


def region_by_code(code: str) -> Territory | None:
    return regions().filter(code=code).first() if code else None


def find(*, text: str, region: Territory | None) -> QuerySet[Territory]:
    """Municipalities by part of their name (accents and case ignored), by region, or by both.

    ``takes_part`` of each: does it, or did it, take part in the programme?
    """
    if not text and region is None:
        return Territory.objects.none()
    found = territories.find_municipalities(text) if text else territories.municipalities_of(region)
    if text and region:
        found = found.filter(region=region)
    return found.annotate(takes_part=Exists(Participation.objects.filter(municipality=OuterRef("pk"))))


def near(text: str) -> list[Territory]:
    """What whoever typed ``text`` may have meant."""
    return territories.near_municipalities(text)


def by_slug(slug: str) -> Territory | None:
    return Territory.objects.municipalities().select_related("region").filter(slug=slug).first()


@dataclass(frozen=True)
class StandardRow:
    """One standard as the public reads it; levels 0-3, None where unknown or not applicable."""

    code: str
    name: str
    statement: str
    component: str
    critical: bool
    origin: str
    origin_label: str
    applies: bool
    met_at: int
    own_record: LevelRecord | None
    verified_record: LevelRecord | None
    first_own_record: LevelRecord | None
    first_verified_record: LevelRecord | None

    @property
    def self_assessed(self) -> int | None:
        return self.own_record.level if self.own_record else None

    @property
    def verified(self) -> int | None:
        return self.verified_record.level if self.verified_record else None

    @property
    def records(self) -> tuple[LevelRecord | None, ...]:
        """The team's level and the region's, then those of an earlier year; None where there is none."""
        return (self.own_record, self.verified_record, self.first_own_record, self.first_verified_record)

    @property
    def dated_on(self) -> date | None:
        """The day of the newest of this year's levels; None without any."""
        return max((record.dated_on for record in (self.own_record, self.verified_record) if record), default=None)

    @property
    def current(self) -> int | None:
        """The level that the public is told first: verified where the region has looked."""
        return self.self_assessed if self.verified is None else self.verified

    @property
    def is_met(self) -> bool:
        return self.current is not None and self.current >= self.met_at

    @property
    def is_gap(self) -> bool:
        return self.applies and self.current is not None and self.current < self.met_at

    @property
    def drifts(self) -> bool:
        """Do the team and the region see it differently?"""
        return self.verified is not None and self.self_assessed is not None and self.verified != self.self_assessed


@dataclass(frozen=True)
class ComponentRow:
    """How many of a component's applicable standards are met."""

    name: str
    met: int
    applicable: int

    @property
    def unit(self) -> str:
        """What follows the number of standards met."""
        return gettext("of %(applicable)s") % {"applicable": self.applicable}


@dataclass(frozen=True)
class PublicPlan:
    """What citizens read of the plan: its lines, what was said of the draft, where accounts were given."""

    plan: ImprovementPlan
    actions: list[Action]
    comments: list[PlanComment]
    links: list[PublicationLink]
    signatures: list[PlanSignature]
    draft: ImprovementPlan | None

    @property
    def takes_comments(self) -> bool:
        """Is the very plan that is shown open to comment?"""
        return self.draft == self.plan

    @property
    def next_version(self) -> ImprovementPlan | None:
        """A later version, open to comment while this one is in force."""
        return None if self.takes_comments else self.draft

    @property
    def is_signed(self) -> bool:
        """Is it a commitment, or still a draft that may change?"""
        return self.plan.state in (PlanState.IN_FORCE, PlanState.CLOSED)

    @property
    def first_actions(self) -> list[Action]:
        """Those that the municipality's page has room for; the plan's own page shows all."""
        return self.actions[:FIRST_ACTIONS]

    @property
    def first_comments(self) -> list[PlanComment]:
        return self.comments[:FIRST_COMMENTS]

    @property
    def has_more(self) -> bool:
        return len(self.actions) > FIRST_ACTIONS or len(self.comments) > FIRST_COMMENTS

    @property
    def verified(self) -> int:
        return sum(action.state == ActionState.VERIFIED for action in self.actions)


@dataclass(frozen=True)
class PublicProfile:
    """A municipality's year as the public page shows it; ``cycle`` None where there is nothing yet."""

    cycle: Cycle | None
    cycles: list[Cycle] = field(default_factory=list)
    participation: Participation | None = None
    catalogue: CatalogueVersion | None = None
    rows: list[StandardRow] = field(default_factory=list)
    change: Change | None = None
    updated_on: date | None = None
    plan: PublicPlan | None = None
    measurements: list[Reading] = field(default_factory=list)

    @property
    def measured(self) -> list[Reading]:
        """What has a number to show."""
        return [reading for reading in self.measurements if reading.is_known]

    @property
    def too_few(self) -> list[Reading]:
        """What was counted, but of too few cases to be told."""
        return [reading for reading in self.measurements if not reading.is_known]

    @property
    def measured_in(self) -> Period | None:
        """The days of everything measured: all of it is asked of the same ones."""
        return self.measurements[0].measurement.period if self.measurements else None

    @property
    def has_levels(self) -> bool:
        return bool(self.rows)

    @property
    def records(self) -> list[LevelRecord]:
        """Every level shown."""
        return [record for row in self.rows for record in row.records if record]

    @property
    def usual_records(self) -> list[LevelRecord | None]:
        """Of each of a row's four levels, one that comes from where most of them come; None without any."""
        return [_usual(column) for column in zip(*(row.records for row in self.rows), strict=True)]

    @property
    def applicable(self) -> int:
        return sum(row.applies for row in self.rows)

    @property
    def met(self) -> int:
        return sum(row.is_met for row in self.rows)

    @property
    def met_self(self) -> int:
        return self._count_met(lambda row: row.self_assessed)

    @property
    def met_verified(self) -> int:
        return self._count_met(lambda row: row.verified)

    @property
    def verified(self) -> int:
        return sum(row.verified is not None for row in self.rows)

    @property
    def gaps(self) -> list[StandardRow]:
        return [row for row in self.rows if row.is_gap]

    @property
    def absent(self) -> list[StandardRow]:
        return [row for row in self.gaps if row.current == 0]

    @property
    def partial(self) -> list[StandardRow]:
        return [row for row in self.gaps if row.current != 0]

    @property
    def drift(self) -> list[StandardRow]:
        return [row for row in self.rows if row.drifts]

    @property
    def components(self) -> list[ComponentRow]:
        names = list(dict.fromkeys(row.component for row in self.rows))
        return [
            ComponentRow(
                name=name,
                met=sum(row.is_met for row in self.rows if row.component == name),
                applicable=sum(row.applies for row in self.rows if row.component == name),
            )
            for name in names
        ]

    def _count_met(self, level: Callable[[StandardRow], int | None]) -> int:
        met_at = self.cycle.met_at if self.cycle else 0
        levels = [level(row) for row in self.rows]
        return sum(value is not None and value >= met_at for value in levels)


def _usual(records: Iterable[LevelRecord | None]) -> LevelRecord | None:
    known = [record for record in records if record]
    counts = Counter(record.provenance for record in known)
    return max(known, key=lambda record: counts[record.provenance], default=None)


def public_stamp(municipality: Territory, *, today: date, year: int | None) -> str:
    """Names the state that the public profile is drawn from; it changes with every write in the municipality."""
    return f"{municipality.pk}-{year}-{today:%Y%m%d}-{latest_event_id(municipality.code)}"


def public_profile(municipality: Territory, *, today: date, year: int | None = None) -> PublicProfile:
    """The year asked for, else the last one with levels, else the current one. Ten queries and each indicator's own.

    :param today: the day in the municipality's zone: whether the draft still takes comments, and the last
        day of what is measured.
    """
    in_force = LevelRecord.objects.in_force().filter(municipality=municipality)
    participations = list(
        Participation.objects.filter(municipality=municipality)
        .annotate(has_levels=Exists(in_force.filter(cycle=OuterRef("cycle"))))
        .select_related("cycle")
        .order_by("-cycle__year")
    )
    cycles = [participation.cycle for participation in participations]
    with_levels = {participation.cycle_id for participation in participations if participation.has_levels}
    cycle = _choose_cycle(cycles, with_levels, year)
    if cycle is None:
        return PublicProfile(cycle=None)
    records = list(in_force.filter(cycle=cycle).select_related(*SHOWN_RELATIONS).only(*SHOWN_FIELDS))
    records.sort(key=lambda record: record.standard.number)
    standards = _standards(records)
    now = {series: {each.standard_id: each for each in records if each.series == series} for series in Series.values}
    before = baselines_of(municipality=municipality, cycle=cycle) if records else {}
    return PublicProfile(
        cycle=cycle,
        cycles=[candidate for candidate in cycles if candidate.pk in with_levels],
        participation=next(entry for entry in participations if entry.cycle_id == cycle.pk),
        catalogue=records[0].standard.version if records else None,
        rows=[_row(standard, now, before, cycle) for standard in standards.values()],
        change=change_of(cycle=cycle, standards=standards, now=now, before=before),
        updated_on=max((record.dated_on for record in records), default=None),
        plan=_plan(municipality, cycle, today),
        measurements=_measurements(municipality, cycle, today),
    )


def _standards(records: list[LevelRecord]) -> dict[int, Standard]:
    """Those of the records' edition by number: of some there may be no level, as where the region refused
    that one does not apply; they count as not met."""
    known = {record.standard_id: record.standard for record in records}
    if records:
        others = Standard.objects.filter(version=records[0].standard.version).exclude(pk__in=known)
        known.update({standard.pk: standard for standard in others.select_related("component")})
    return dict(sorted(known.items(), key=lambda item: item[1].number))


def _plan(municipality: Territory, cycle: Cycle, today: date) -> PublicPlan | None:
    plan = public_plan(municipality, cycle)
    if plan is None:
        return None
    return PublicPlan(
        plan=plan,
        actions=plan.public_actions,  # type: ignore[attr-defined]
        comments=list(published_comments(plan)),
        links=list(plan.publication_links.all()),
        signatures=list(standing_signatures(plan)),
        draft=open_draft(municipality, cycle, today),
    )


def _measurements(municipality: Territory, cycle: Cycle, today: date) -> list[Reading]:
    """Of each indicator what the public may read; left out where nothing was measured."""
    if today < cycle.starts_on:
        return []
    period = Period(cycle.starts_on, min(cycle.ends_on, today))
    return [
        Reading(indicator, measurement)
        for indicator in of_territories()
        for measurement in indicator.measure(territories=[municipality], period=period, audience=PUBLIC)
        if measurement.value is not None or measurement.suppressed
    ]


def _choose_cycle(cycles: list[Cycle], with_levels: set[int], year: int | None) -> Cycle | None:
    asked = next((cycle for cycle in cycles if cycle.year == year), None)
    return asked or next((cycle for cycle in cycles if cycle.pk in with_levels), cycles[0] if cycles else None)


def _row(standard: Standard, now: Records, before: Records, cycle: Cycle) -> StandardRow:
    own, verified = now[Series.SELF_ASSESSED].get(standard.pk), now[Series.VERIFIED].get(standard.pk)
    latest = verified or own
    return StandardRow(
        code=standard.code,
        name=localized(standard.name),
        statement=localized(standard.statement),
        component=localized(standard.component.name),
        critical=standard.critical,
        origin=standard.origin,
        origin_label=standard.get_origin_display(),
        applies=latest is None or latest.level is not None,
        met_at=cycle.met_at,
        own_record=own,
        verified_record=verified,
        first_own_record=before[Series.SELF_ASSESSED].get(standard.pk),
        first_verified_record=before[Series.VERIFIED].get(standard.pk),
    )
