"""What the public profile says of a municipality's year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from portal.foundation.indicators.registry import (
    Indicator,
    MeasureFunction,
    Measurement,
    Period,
    Source,
    register,
    unregister,
)
from portal.foundation.territories.models import Territory
from portal.pages.queries import municipalities
from portal.pages.queries.changes import Change
from portal.pages.queries.municipalities import PublicProfile, StandardRow
from quality.enums import Series
from quality.models import CatalogueVersion, Standard
from quality.queries.gaps import gap_report
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.quality import NOW, TODAY, level_record, small_catalogue, verified_assessment
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db


def public_profile(municipality: Territory, year: int | None = None) -> PublicProfile:
    return municipalities.public_profile(municipality, today=TODAY, year=year)


def row(profile: PublicProfile, code: str) -> StandardRow:
    return next(row for row in profile.rows if row.code == code)


def test_a_municipality_outside_the_programme_has_no_year() -> None:
    profile = public_profile(MunicipalityFactory())

    assert profile.cycle is None
    assert profile.rows == []


def test_a_year_without_levels_shows_no_numbers() -> None:
    participation = ParticipationFactory()

    profile = public_profile(participation.municipality)

    assert profile.cycle == participation.cycle
    assert (profile.has_levels, profile.met, profile.change) == (False, 0, None)


def test_both_series_are_shown_and_the_verified_level_counts() -> None:
    assessment = verified_assessment(levels={"E01": 2, "E02": 1, "E03": 3}, verified={"E01": 1})

    profile = public_profile(assessment.municipality)

    assert (row(profile, "E01").self_assessed, row(profile, "E01").verified) == (2, 1)
    assert (profile.met_self, profile.met_verified, profile.met) == (2, 1, 1)
    assert [gap.code for gap in profile.gaps] == ["E01", "E02"]
    assert [drift.code for drift in profile.drift] == ["E01"]
    assert profile.catalogue == assessment.catalogue


def test_a_standard_that_does_not_apply_is_neither_met_nor_a_gap() -> None:
    assessment = verified_assessment(levels={"E01": None, "E02": 2, "E03": 2})

    profile = public_profile(assessment.municipality)

    assert (profile.applicable, profile.met, profile.gaps) == (2, 2, [])
    assert row(profile, "E01").applies is False


def measured_years(series: str, years: dict[int, dict[str, int]], municipality: Territory | None = None) -> Territory:
    """A municipality with the levels of one series: year → standard's code → level."""
    municipality = municipality or MunicipalityFactory()
    if not Standard.objects.exists():
        small_catalogue()
    standards = {standard.code: standard for standard in Standard.objects.all()}
    for year, levels in years.items():
        cycle = CycleFactory(year=year)
        if not cycle.participations.filter(municipality=municipality).exists():
            ParticipationFactory(municipality=municipality, cycle=cycle)
        for code, level in levels.items():
            level_record(municipality=municipality, standard=standards[code], level=level, cycle=cycle, series=series)
    return municipality


OWN = {2025: {"E01": 1, "E02": 2, "E03": 0}, 2026: {"E01": 2, "E02": 1, "E03": 1}}


def change_of(municipality: Territory, year: int | None = None) -> Change:
    change = public_profile(municipality, year).change
    assert change is not None
    return change


def test_change_is_counted_from_the_first_diagnosis_with_gains_and_losses_apart() -> None:
    municipality = measured_years(Series.SELF_ASSESSED, OWN)

    change = change_of(municipality)

    assert (change.series, change.since, change.year) == (Series.SELF_ASSESSED, "2025", 2026)
    assert [standard.code for standard in change.risen] == ["E01", "E03"]
    assert [standard.code for standard in change.fallen] == ["E02"]
    assert (change.reduction.closed, change.reduction.reopened, change.reduction.before) == (2, 1, 3)
    assert (change.reduction.met_before, change.reduction.met_after) == (1, 1)


def test_a_verified_level_is_never_compared_with_what_the_team_once_said() -> None:
    """The region's strictness would read as a loss, and its later look as an improvement."""
    municipality = measured_years(Series.SELF_ASSESSED, OWN)
    measured_years(Series.VERIFIED, {2026: {"E01": 1, "E02": 1, "E03": 1}}, municipality)
    before_the_region = change_of(municipality)
    measured_years(Series.VERIFIED, {2025: {"E01": 1, "E02": 0, "E03": 1}}, municipality)

    change = change_of(municipality)

    assert (before_the_region.series, before_the_region.reduction.compared) == (Series.SELF_ASSESSED, 3)
    assert [(each.before, each.now) for each in before_the_region.moved] == [(1, 2), (2, 1), (0, 1)]
    assert (change.series, [(each.code, each.before, each.now) for each in change.moved]) == (
        Series.VERIFIED,
        [("E02", 0, 1)],
    )


def test_the_series_with_more_standards_measured_twice_is_the_one_compared() -> None:
    municipality = measured_years(Series.SELF_ASSESSED, OWN)
    measured_years(Series.VERIFIED, {2025: {"E01": 0}, 2026: {"E01": 3}}, municipality)

    assert change_of(municipality).series == Series.SELF_ASSESSED


def test_a_first_year_has_nothing_to_compare_with_even_after_the_region_looked() -> None:
    first = verified_assessment(levels={"E01": 2, "E02": 1, "E03": 3}, verified={"E01": 1})

    assert public_profile(first.municipality).change is None


def test_an_earlier_year_is_not_compared_with_itself_or_with_a_later_one() -> None:
    municipality = measured_years(Series.SELF_ASSESSED, {**OWN, 2027: {"E01": 3, "E02": 3, "E03": 3}})

    assert public_profile(municipality, 2025).change is None
    assert change_of(municipality, 2026).reduction.met_after == 1


@pytest.mark.parametrize("series", [Series.SELF_ASSESSED, Series.VERIFIED])
def test_citizens_and_staff_read_the_same_change(series: Series) -> None:
    municipality = measured_years(series, OWN)
    staff = gap_report(municipality=municipality, cycle=CycleFactory(year=2026), series=series).since_baseline

    assert staff is not None
    assert change_of(municipality).reduction == staff.to_met


def test_an_earlier_year_can_be_read() -> None:
    municipality = MunicipalityFactory()
    small_catalogue()
    standard = Standard.objects.get(code="E01")
    for year, level in ((2025, 0), (2026, 3)):
        ParticipationFactory(municipality=municipality, cycle=CycleFactory(year=year))
        level_record(municipality=municipality, standard=standard, level=level, cycle=CycleFactory(year=year))

    earlier, unknown = public_profile(municipality, year=2025), public_profile(municipality, year=1999)

    assert row(earlier, "E01").self_assessed == 0
    assert unknown.cycle is not None and unknown.cycle.year == 2026


def test_another_municipality_is_never_mixed_in() -> None:
    mine = verified_assessment(levels={"E01": 3, "E02": 3, "E03": 3})
    verified_assessment(levels={"E01": 0, "E02": 0, "E03": 0})

    profile = public_profile(mine.municipality)

    assert [row.self_assessed for row in profile.rows] == [3, 3, 3]


@pytest.mark.parametrize("size", [1, 3])
def test_the_profile_costs_the_same_however_many_standards(
    size: int, django_assert_num_queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(municipalities, "of_territories", list)  # each has queries of its own
    municipality = MunicipalityFactory()
    ParticipationFactory(municipality=municipality)
    small_catalogue()
    for standard in CatalogueVersion.objects.get().standards.order_by("number")[:size]:
        level_record(municipality=municipality, standard=standard, level=1, series=Series.SELF_ASSESSED)

    with django_assert_num_queries(5):
        public_profile(municipality)


def test_every_level_says_which_row_it_comes_from() -> None:
    assessment = verified_assessment(levels={"E01": 2, "E02": 1, "E03": 3}, verified={"E01": 1})

    own, verified, first_own, first_verified = row(public_profile(assessment.municipality), "E01").records

    assert own is not None and (own.source_type, own.source_id) == ("quality.assessment", str(assessment.pk))
    assert verified is not None and verified.level == 1
    assert (first_own, first_verified) == (None, None)
    later = level_record(municipality=MunicipalityFactory(), standard=Standard.objects.get(code="E02"), level=1)
    ParticipationFactory(municipality=later.municipality)
    assert row(public_profile(later.municipality), "E02").verified_record is None


def measured(value: float | None, *, suppressed: bool = False) -> MeasureFunction:
    """An indicator's function that finds ``value`` for every territory and tells the public alone."""

    def measure(*, territories: Sequence[Any], period: Period, audience: str, subject: Any = None) -> list[Measurement]:
        return [
            Measurement(
                territory_id=territory.pk,
                value=value,
                n=41,
                denominator=50,
                low=69.2,
                high=90.2,
                suppressed=suppressed,
                period=period,
                taken_at=NOW,
                source=Source("test.Answer", "encuesta de prueba", is_sample=True),
                query_version="prueba/1",
            )
            for territory in territories
            if audience == "public"
        ]

    return measure


@pytest.fixture
def indicator() -> Iterator[Callable[[MeasureFunction], None]]:
    """``indicator(function)``: registers an indicator that measures so, until the test ends."""

    def add(function: MeasureFunction) -> None:
        register(Indicator("test.treated_well", "Trato amable", "%", 1, function))

    yield add
    unregister("test.treated_well")


def measurements_of(municipality: Territory) -> list[tuple[str, float | None, bool]]:
    return [
        (entry.indicator.key, entry.measurement.value, entry.measurement.suppressed)
        for entry in public_profile(municipality).measurements
    ]


def test_what_was_measured_for_the_public_is_shown_with_the_period_so_far(
    indicator: Callable[[MeasureFunction], None],
) -> None:
    participation = ParticipationFactory()
    indicator(measured(82.0))

    (entry,) = public_profile(participation.municipality).measurements

    assert (entry.indicator.key, entry.measurement.value) == ("test.treated_well", 82.0)
    assert entry.measurement.period == Period(participation.cycle.starts_on, TODAY)


def test_what_was_not_measured_is_left_out_and_what_is_suppressed_says_so(
    indicator: Callable[[MeasureFunction], None],
) -> None:
    municipality = ParticipationFactory().municipality
    indicator(measured(None))
    without = measurements_of(municipality)
    unregister("test.treated_well")
    indicator(measured(None, suppressed=True))

    assert without == []
    assert measurements_of(municipality) == [("test.treated_well", None, True)]
