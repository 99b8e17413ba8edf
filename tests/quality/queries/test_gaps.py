"""Gaps from level records: what counts, what does not, and what is compared with what."""

from __future__ import annotations

from datetime import date

import pytest

from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from quality.enums import Series
from quality.models import CatalogueVersion, Standard
from quality.queries.gaps import baselines_of, distribution, gap_report, gaps_of, heatmap, heatmap_cells
from tests.factories.cycles import CycleFactory
from tests.factories.people import user_with_role
from tests.factories.quality import level_record, small_catalogue, submitted_assessment
from tests.factories.territories import CountryFactory, MunicipalityFactory, ProvinceFactory

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)


@pytest.fixture
def version() -> CatalogueVersion:
    return small_catalogue()


@pytest.fixture
def standards(version: CatalogueVersion) -> list[Standard]:
    return list(version.standards.all())


@pytest.fixture
def place() -> Territory:
    return MunicipalityFactory()


def levels(place: Territory, standards: list[Standard], *values: int | None, year: int = 2026, **fields) -> None:
    """A record for each standard in order; «...» leaves one out."""
    for standard, value in zip(standards, values, strict=True):
        if value is not ...:
            level_record(municipality=place, standard=standard, level=value, cycle=CycleFactory(year=year), **fields)


def test_what_does_not_apply_or_was_not_measured_counts_nowhere(place: Territory, standards: list[Standard]) -> None:
    levels(place, standards, 1, None, ...)

    report = gap_report(municipality=place, cycle=CycleFactory())

    summary = report.summary
    assert (summary.standards, summary.measured, summary.not_applicable, summary.missing) == (3, 1, 1, 1)
    assert (summary.met, summary.consolidated, summary.gap_to_met, summary.gap_to_consolidated) == (0, 0, 1, 2)
    assert [line.standard.code for line in report.gaps] == ["E01"]


def test_components_and_attributes_show_means(place: Territory, standards: list[Standard]) -> None:
    levels(place, standards, 0, 3, 2)

    report = gap_report(municipality=place, cycle=CycleFactory())

    def means(groups):
        return [
            (
                group.subject.code,
                group.summary.met,
                group.summary.mean_level,
                group.summary.mean_gap_to_met,
                group.summary.mean_gap_to_consolidated,
            )
            for group in groups
        ]

    assert means(report.components) == [("C1", 1, 1.5, 1.0, 1.5), ("C2", 1, 2.0, 0.0, 1.0)]
    assert means(report.attributes) == [("A01", 1, 1.5, 1.0, 1.5), ("A02", 1, 2.0, 0.0, 1.0)]
    assert (report.transparency.standards, report.transparency.met) == (1, 1)
    assert (report.critical.standards, report.critical.consolidated) == (1, 1)


def test_a_component_without_levels_has_no_mean_rather_than_zero(place: Territory, standards: list[Standard]) -> None:
    levels(place, standards, 1, 1, None)

    report = gap_report(municipality=place, cycle=CycleFactory())

    assert report.components[1].summary.mean_level is None
    assert report.components[1].summary.mean_gap_to_met is None


def test_the_change_is_counted_over_standards_measured_both_times(place: Territory, standards: list[Standard]) -> None:
    levels(place, standards, 0, 2, None, year=2025)
    levels(place, standards, 2, 1, 3, year=2026)

    report = gap_report(municipality=place, cycle=CycleFactory(year=2026))

    assert report.since_baseline is not None
    change = report.since_baseline.to_met
    assert report.since_baseline.cycle.year == 2025
    assert (change.compared, change.not_compared) == (2, ("E03",))
    assert (change.before, change.closed, change.reopened, change.net, change.after) == (2, 2, 1, 1, 1)
    assert (change.met_before, change.met_after, change.share) == (1, 1, 0.5)
    assert report.since_previous == report.since_baseline


def test_the_first_measurement_is_compared_with_nothing(place: Territory, standards: list[Standard]) -> None:
    levels(place, standards, 1, 1, 1)

    report = gap_report(municipality=place, cycle=CycleFactory())

    assert (report.since_baseline, report.since_previous) == (None, None)


def test_the_cycles_weights_count_in_the_reduction(place: Territory, standards: list[Standard]) -> None:
    levels(place, standards, 0, 1, 2, year=2025)
    levels(place, standards, 2, 1, 2, year=2026)
    cycle = CycleFactory(year=2026)
    cycle.weights = {"E01": 0.5}
    cycle.save()

    report = gap_report(municipality=place, cycle=cycle)

    assert report.since_baseline is not None
    assert (report.since_baseline.to_met.before, report.since_baseline.to_met.closed) == (2.0, 1.0)


def test_the_two_series_are_kept_apart_and_their_difference_is_shown(
    place: Territory, standards: list[Standard]
) -> None:
    levels(place, standards, 3, 2, 1)
    levels(place, standards, 2, 2, ..., series=Series.VERIFIED)

    own = gap_report(municipality=place, cycle=CycleFactory())
    verified = gap_report(municipality=place, cycle=CycleFactory(), series=Series.VERIFIED)

    assert (own.summary.consolidated, verified.summary.consolidated) == (1, 0)
    assert [(line.standard.code, line.drift) for line in own.drifting] == [("E01", 1)]
    assert (own.compared_series, own.mean_drift) == (2, 0.5)
    assert [(line.standard.code, line.drift) for line in verified.drifting] == [("E01", -1)]
    assert verified.since_baseline is None


def test_the_verified_series_is_compared_with_verified_levels_only(place: Territory, standards: list[Standard]) -> None:
    levels(place, standards, 3, 3, 3, year=2025)
    levels(place, standards, 1, 1, 1, year=2025, series=Series.VERIFIED)
    levels(place, standards, 2, 2, 2, year=2026, series=Series.VERIFIED)

    report = gap_report(municipality=place, cycle=CycleFactory(year=2026), series=Series.VERIFIED)
    user = user_with_role(Role.REGIONAL_TEAM, place.region)
    cells = heatmap_cells(territories=[place], cycle=CycleFactory(year=2026), series=Series.VERIFIED, user=user, on=ON)

    assert report.since_baseline is not None
    assert (report.since_baseline.to_met.closed, report.since_baseline.to_met.reopened) == (3, 0)
    assert [cell.change for cell in cells[place.pk].values()] == [1, 1, 1]


def test_what_an_improvement_gained_in_its_first_year_counts_since_the_beginning(
    place: Territory, standards: list[Standard]
) -> None:
    user = user_with_role(Role.REGIONAL_TEAM, place.region)
    judged = {"year": 2025, "series": Series.VERIFIED}
    levels(place, standards, 0, 1, 1, **judged)
    levels(place, standards, 1, ..., ..., **judged)  # corrected
    levels(place, standards, 2, 2, ..., **judged, source=standards[0])  # what was done in that year
    levels(place, standards, 2, 2, 2, year=2026, series=Series.VERIFIED)

    report = gap_report(municipality=place, cycle=CycleFactory(year=2026), series=Series.VERIFIED)
    cells = heatmap_cells(territories=[place], cycle=CycleFactory(year=2026), series=Series.VERIFIED, user=user, on=ON)

    assert [line.change for line in report.lines] == [1, 1, 1]
    assert [line.previous.level for line in report.lines if line.previous] == [2, 2, 1]
    assert {cell.change for cell in cells[place.pk].values()} == {1}
    first = baselines_of(municipality=place, cycle=CycleFactory(year=2026))[Series.VERIFIED]
    assert [first[standard.pk].level for standard in standards] == [1, 1, 1]


def test_gaps_come_widest_first_then_critical(place: Territory, standards: list[Standard]) -> None:
    levels(place, standards, 1, 1, 0)

    found = gaps_of(municipality=place, cycle=CycleFactory())

    assert [(record.standard.code, record.gap_to_met) for record in found] == [("E03", 2), ("E02", 1), ("E01", 1)]


def test_the_report_asks_the_same_number_of_questions_however_many_years(
    place: Territory, standards: list[Standard], django_assert_num_queries
) -> None:
    for year in (2024, 2025, 2026):
        levels(place, standards, 1, 2, 3, year=year)
    cycle = CycleFactory(year=2026)

    with django_assert_num_queries(4):
        report = gap_report(municipality=place, cycle=cycle)
        [line.record.standard.component.code for line in report.gaps if line.record]


def test_the_heatmap_leaves_missing_blank_and_names_what_does_not_apply(
    place: Territory, standards: list[Standard]
) -> None:
    levels(place, standards, 0, None, ...)
    user = user_with_role(Role.REGIONAL_TEAM, place.region)

    frame = heatmap(territories=[place], cycle=CycleFactory(), series=Series.SELF_ASSESSED, user=user, on=ON)
    gaps = heatmap(
        territories=[place], cycle=CycleFactory(), series=Series.SELF_ASSESSED, user=user, on=ON, measure="gap"
    )

    assert frame.loc[place.name].tolist() == [0, "N/A", None]
    assert list(frame.columns) == ["E01", "E02", "E03"]
    assert gaps.loc[place.name].tolist() == [2, "N/A", None]


def test_the_heatmap_gives_nothing_of_another_region(place: Territory, standards: list[Standard]) -> None:
    levels(place, standards, 3, 3, 3)
    stranger = user_with_role(Role.REGIONAL_TEAM, MunicipalityFactory().region)

    cells = heatmap_cells(territories=[place], cycle=CycleFactory(), series=Series.SELF_ASSESSED, user=stranger, on=ON)

    assert cells == {}


def test_evidence_grows_old() -> None:
    done = submitted_assessment(levels={"E01": 2, "E02": 1, "E03": 3})
    user = user_with_role(Role.REGIONAL_TEAM, done.municipality.region)
    done.cycle.ends_on = date(2027, 12, 31)

    def stale(on: date) -> set[str]:
        cells = heatmap_cells(
            territories=[done.municipality], cycle=done.cycle, series=Series.SELF_ASSESSED, user=user, on=on
        )
        codes = dict(Standard.objects.values_list("pk", "code"))
        return {codes[pk] for pk, cell in cells[done.municipality.pk].items() if cell.is_stale}

    assert stale(date(2026, 6, 1)) == set()
    assert stale(date(2027, 3, 20)) == set()
    assert stale(date(2027, 3, 21)) == {"E01", "E02", "E03"}


def test_a_distribution_is_given_from_ten_municipalities_on(standards: list[Standard]) -> None:
    province = ProvinceFactory(parent__parent=CountryFactory())
    places = [MunicipalityFactory(parent=province) for _number in range(10)]
    for number, place in enumerate(places):
        level_record(municipality=place, standard=standards[0], level=number % 2)
        if number:
            level_record(municipality=place, standard=standards[1], level=None)
    level_record(municipality=MunicipalityFactory(), standard=standards[1], level=3)

    counts = distribution(region=province.parent, cycle=CycleFactory(), series=Series.SELF_ASSESSED)

    assert counts == {standards[0].pk: {0: 5, 1: 5}}
