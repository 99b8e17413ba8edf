from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.foundation.messages.models import Message
from portal.foundation.people.roles import Role
from quality.domain import assessments, levels
from quality.domain.errors import (
    InvalidLevel,
    NotTheRegion,
    NotUnderReview,
    ReviewPending,
    VerificationNeedsRemarks,
)
from quality.enums import Series
from quality.models import LevelRecord
from quality.queries import levels as reads
from tests.factories import quality as factories
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.people import user_with_role
from tests.factories.quality import NOW

pytestmark = pytest.mark.django_db


def verified(done):
    return [
        (record.standard.code, record.level, record.remarks)
        for record in reads.current_levels(done.municipality, done.cycle, Series.VERIFIED)
    ]


def chosen(done, **changes):
    return {a.standard_id: changes.get(a.standard.code, a.level) for a in done.answers.select_related("standard")}


def test_a_later_level_supersedes_the_one_in_force():
    municipality = ParticipationFactory().municipality
    standard = factories.small_catalogue().standards.first()

    factories.level_record(municipality=municipality, standard=standard, level=0)
    factories.level_record(municipality=municipality, standard=standard, level=2, at=NOW + timedelta(days=1))

    history = reads.series_of(municipality, standard.code, Series.SELF_ASSESSED)
    assert [(record.level, record.superseded_at is None) for record in history] == [(0, False), (2, True)]


def test_the_baseline_is_the_first_year_even_when_that_year_was_corrected():
    municipality = ParticipationFactory().municipality
    standard = factories.small_catalogue().standards.first()
    rows = [(2025, 0), (2025, 1), (2026, 3)]

    for year, level in rows:
        factories.level_record(municipality=municipality, standard=standard, level=level, cycle=CycleFactory(year=year))

    assert [record.level for record in LevelRecord.objects.in_force().filter(is_baseline=True)] == [1]


@pytest.mark.parametrize("level", [4, -1])
def test_a_level_outside_the_scale_is_refused(level):
    with pytest.raises(InvalidLevel):
        factories.level_record(
            municipality=ParticipationFactory().municipality,
            standard=factories.small_catalogue().standards.first(),
            level=level,
        )


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DIDECO, Role.NATIONAL_TEAM, "other region"])
def test_only_the_regional_team_of_the_region_writes_the_verified_series(role):
    done = factories.submitted_assessment()
    if role == "other region":
        by = user_with_role(Role.REGIONAL_TEAM, ParticipationFactory().municipality.region)
    else:
        by = user_with_role(role, done.municipality)

    with pytest.raises(NotTheRegion):
        levels.verify_levels(assessment=done, levels=chosen(done), by=by, at=NOW)
    with pytest.raises(NotTheRegion):
        levels.append_level(
            municipality=done.municipality,
            cycle=done.cycle,
            standard=done.answers.first().standard,
            series=Series.VERIFIED,
            level=1,
            dated_on=NOW.date(),
            source=done,
            by=by,
            at=NOW,
        )
    assert verified(done) == []


def test_verifying_keeps_both_series_and_the_reason():
    done = factories.submitted_assessment(levels={"E01": 2})
    regional = user_with_role(Role.REGIONAL_TEAM, done.municipality.region)
    lowered = done.answers.get(standard__code="E01").standard_id

    levels.verify_levels(
        assessment=done, levels=chosen(done, E01=1), remarks={lowered: "Acta sin firma"}, by=regional, at=NOW
    )

    assert verified(done) == [("E01", 1, "Acta sin firma"), ("E02", 1, ""), ("E03", 1, "")]
    assert reads.levels_by_code(done.municipality, done.cycle, Series.SELF_ASSESSED)["E01"] == 2
    done.refresh_from_db()
    assert (done.verified_by, done.verified_at) == (regional, NOW)


def test_verifying_twice_appends_nothing_and_tells_nobody_again():
    done = factories.submitted_assessment()
    regional = user_with_role(Role.REGIONAL_TEAM, done.municipality.region)
    levels.verify_levels(assessment=done, levels=chosen(done), by=regional, at=NOW)
    told = Message.objects.count()

    again = levels.verify_levels(assessment=done, levels=chosen(done), by=regional, at=NOW + timedelta(minutes=1))

    assert (again, LevelRecord.objects.filter(series=Series.VERIFIED).count(), Message.objects.count()) == ([], 3, told)


def test_a_standard_left_out_stays_blank():
    done = factories.submitted_assessment()
    regional = user_with_role(Role.REGIONAL_TEAM, done.municipality.region)
    first = done.answers.get(standard__code="E01")

    levels.verify_levels(assessment=done, levels={first.standard_id: 1}, by=regional, at=NOW)

    assert verified(done) == [("E01", 1, "")]


def test_a_different_level_needs_a_reason():
    done = factories.submitted_assessment()
    regional = user_with_role(Role.REGIONAL_TEAM, done.municipality.region)

    with pytest.raises(VerificationNeedsRemarks):
        levels.verify_levels(assessment=done, levels=chosen(done, E02=0), remarks=" ", by=regional, at=NOW)
    assert verified(done) == []


def test_first_every_not_applicable_is_answered():
    done = factories.submitted_assessment(levels={"E03": None})
    regional = user_with_role(Role.REGIONAL_TEAM, done.municipality.region)
    waiting = done.answers.get(not_applicable=True)

    with pytest.raises(ReviewPending):
        levels.verify_levels(assessment=done, levels=chosen(done), by=regional, at=NOW)
    assessments.review_not_applicable(answer=waiting, accepted=False, remarks="Aplica", by=regional, at=NOW)
    with pytest.raises(InvalidLevel):
        levels.verify_levels(assessment=done, levels=chosen(done), by=regional, at=NOW)
    levels.verify_levels(assessment=done, levels=chosen(done, E03=0), remarks="Sin avance", by=regional, at=NOW)

    assert verified(done)[-1] == ("E03", 0, "Sin avance")


def test_a_draft_and_a_returned_version_are_not_verified():
    done = factories.submitted_assessment()
    regional = user_with_role(Role.REGIONAL_TEAM, done.municipality.region)
    assessments.return_assessment(assessment=done, remarks="Falta", by=regional, at=NOW)

    with pytest.raises(NotUnderReview):
        levels.verify_levels(assessment=done, levels=chosen(done), by=regional, at=NOW)


def test_the_day_of_verification_is_the_municipalitys_own():
    done = factories.submitted_assessment()
    regional = user_with_role(Role.REGIONAL_TEAM, done.municipality.region)
    late_evening = datetime(2026, 3, 26, 2, 0, tzinfo=UTC)

    records = levels.verify_levels(assessment=done, levels=chosen(done), by=regional, at=late_evening)

    assert {record.dated_on.isoformat() for record in records} == {"2026-03-25"}
