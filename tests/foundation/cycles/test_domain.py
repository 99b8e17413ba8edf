"""The programme's years: opened and closed in order; municipalities enrolled once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.foundation.audit.models import AuditEvent
from portal.foundation.cycles import domain, queries
from portal.foundation.cycles.models import CycleState, Participation, ParticipationStatus, Stage
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.people import UserFactory
from tests.factories.territories import CommuneFactory, MunicipalityFactory, RegionFactory

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def create(year=2026):
    return domain.create_cycle(
        year=year,
        name=f"Ciclo {year}",
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        catalogue_version="0.1.0",
        by=None,
        at=AT,
        met_at=2,
    )


@pytest.mark.django_db
def test_a_year_goes_from_preparation_to_open_to_closed_and_is_audited():
    user = UserFactory()
    cycle = create()
    assert queries.current_cycle(AT.date()) is None

    opened = domain.open_cycle(cycle=cycle, by=user, at=AT)
    assert queries.current_cycle(AT.date()) == opened
    closed = domain.close_cycle(cycle=cycle, by=user, at=AT)

    assert closed.state == CycleState.CLOSED
    assert queries.current_cycle(AT.date()) is None
    assert list(AuditEvent.objects.order_by("id").values_list("verb", "by_user_id")) == [
        ("cycles.create", None),
        ("cycles.open", user.pk),
        ("cycles.close", user.pk),
    ]


@pytest.mark.parametrize(
    ("state", "verb"),
    [("draft", "close_cycle"), ("open", "open_cycle"), ("closed", "open_cycle"), ("closed", "close_cycle")],
)
@pytest.mark.django_db
def test_other_transitions_are_refused(state, verb):
    cycle = CycleFactory(state=state)

    with pytest.raises(domain.TransitionRefused):
        getattr(domain, verb)(cycle=cycle, by=None, at=AT)

    cycle.refresh_from_db()
    assert (cycle.state, AuditEvent.objects.count()) == (state, 0)


@pytest.mark.django_db
def test_a_year_with_open_municipalities_is_closed_with_a_reason_only():
    place = ParticipationFactory()

    with pytest.raises(domain.ClosingReasonMissing):
        domain.close_cycle(cycle=place.cycle, reason=" ", by=None, at=AT)
    closed = domain.close_cycle(cycle=place.cycle, reason="Sin fondos", by=None, at=AT)

    assert (closed.state, closed.closing_reason, closed.closed_at) == (CycleState.CLOSED, "Sin fondos", AT)


@pytest.mark.parametrize(("on", "is_unfinished"), [(date(2026, 3, 31), True), (date(2026, 4, 1), False)])
@pytest.mark.django_db
def test_a_window_is_unfinished_until_its_last_day(on, is_unfinished):
    cycle = CycleFactory(windows={"self_diagnosis": {"opens": "03-01", "closes": "03-31"}})

    assert bool(queries.unfinished(cycle, on)) == is_unfinished


@pytest.mark.django_db
def test_a_closing_is_taken_back_within_thirty_days_with_a_reason():
    cycle = domain.close_cycle(cycle=CycleFactory(), by=None, at=AT)

    with pytest.raises(domain.ReopeningReasonMissing):
        domain.reopen_cycle(cycle=cycle, reason="", by=None, at=AT)
    with pytest.raises(domain.ReopeningTooLate):
        domain.reopen_cycle(cycle=cycle, reason="Tarde", by=None, at=AT + timedelta(days=31))
    assert domain.reopen_cycle(cycle=cycle, reason="Error", by=None, at=AT).state == CycleState.OPEN
    with pytest.raises(domain.TransitionRefused):
        domain.reopen_cycle(cycle=cycle, reason="Otra vez", by=None, at=AT)


@pytest.mark.django_db
def test_a_year_has_one_cycle():
    create()

    with pytest.raises(domain.YearTaken):
        create()


@pytest.mark.parametrize(
    ("day", "years"),
    [
        # Opened ahead, 2027 takes nothing away from 2026 before its first day.
        (date(2026, 11, 27), [2026, 2027]),
        (date(2026, 12, 31), [2026, 2027]),
        (date(2027, 1, 1), [2027, 2026]),
        (date(2025, 12, 31), [2026, 2027]),
    ],
)
@pytest.mark.django_db
def test_the_cycle_of_a_day_is_the_open_one_that_began_last(day, years):
    CycleFactory(year=2025, state=CycleState.CLOSED)
    CycleFactory(year=2026)
    CycleFactory(year=2027)
    CycleFactory(year=2028, state=CycleState.DRAFT)

    assert [cycle.year for cycle in queries.open_cycles(day)] == years
    assert queries.current_cycle(day).year == years[0]


@pytest.mark.django_db
def test_what_can_be_chosen_is_or_was_open():
    CycleFactory(year=2025, state=CycleState.CLOSED)
    CycleFactory(year=2026)
    prepared = CycleFactory(year=2027, state=CycleState.DRAFT)

    assert [cycle.year for cycle in queries.known_cycles()] == [2026, 2025]
    assert (queries.last_cycle(), queries.previous_cycle(prepared).year) == (prepared, 2026)


@pytest.mark.django_db
def test_a_municipality_is_enrolled_once_in_a_stage():
    municipality, cycle = MunicipalityFactory(), CycleFactory()

    participation = domain.enroll(municipality=municipality, cycle=cycle, stage=Stage.NEW, by=None, at=AT)

    assert queries.participation_of(municipality, cycle) == participation
    with pytest.raises(domain.AlreadyEnrolled):
        domain.enroll(municipality=municipality, cycle=cycle, stage=Stage.CONTINUITY, by=None, at=AT)


@pytest.mark.django_db
def test_a_commune_without_municipality_and_a_closed_cycle_enroll_nobody():
    with pytest.raises(domain.NotAMunicipality):
        domain.enroll(municipality=CommuneFactory(), cycle=CycleFactory(), stage=Stage.NEW, by=None, at=AT)
    with pytest.raises(domain.CycleClosed):
        closed = CycleFactory(year=2020, state=CycleState.CLOSED)
        domain.enroll(municipality=MunicipalityFactory(), cycle=closed, stage=Stage.NEW, by=None, at=AT)

    assert Participation.objects.count() == 0


@pytest.mark.django_db
def test_a_pause_needs_a_reason():
    participation = ParticipationFactory()

    with pytest.raises(domain.ReasonMissing):
        domain.change_status(participation=participation, status=ParticipationStatus.PAUSED, reason=" ", by=None, at=AT)
    domain.change_status(
        participation=participation, status=ParticipationStatus.PAUSED, reason="Incendio", by=None, at=AT
    )

    assert Participation.objects.active().count() == 0


@pytest.mark.django_db
def test_a_municipalitys_year_is_closed_once():
    participation, user = ParticipationFactory(), UserFactory()

    closed = domain.close_participation(participation=participation, by=user, at=AT)

    assert (closed.closed_at, closed.closed_by_id) == (AT, user.pk)
    with pytest.raises(domain.YearClosed):
        domain.close_participation(participation=participation, by=user, at=AT)


@pytest.mark.django_db
def test_participations_of_a_region_leave_the_others_out():
    region, cycle = RegionFactory(), CycleFactory()
    inside = ParticipationFactory(cycle=cycle, municipality=MunicipalityFactory(parent__parent=region))
    outside = ParticipationFactory(cycle=cycle)

    assert list(queries.participations(cycle, region)) == [inside]
    assert set(queries.participations(cycle)) == {inside, outside}


def last_event(verb):
    return AuditEvent.objects.filter(verb=verb).latest("id")


@pytest.mark.django_db
def test_settings_change_while_in_preparation_and_the_change_is_recorded():
    user, cycle = UserFactory(), create()

    changed = domain.change_cycle(cycle=cycle, ends_on=date(2026, 11, 30), met_at=1, name=cycle.name, by=user, at=AT)

    cycle.refresh_from_db()
    assert (changed.met_at, cycle.met_at, cycle.ends_on) == (1, 1, date(2026, 11, 30))
    event = last_event("cycles.change")
    assert event.by_user_id == user.pk
    assert event.detail == {
        "was": {"ends_on": "2026-12-31", "met_at": 2},
        "now": {"ends_on": "2026-11-30", "met_at": 1},
    }


@pytest.mark.django_db
def test_a_change_that_changes_nothing_is_not_recorded():
    cycle = create()

    domain.change_cycle(cycle=cycle, met_at=2, name=cycle.name, windows={"accountability": None}, by=None, at=AT)

    assert AuditEvent.objects.filter(verb="cycles.change").count() == 0


@pytest.mark.parametrize("setting", [{"met_at": 1}, {"catalogue_version": "9.9"}, {"starts_on": date(2026, 2, 1)}])
@pytest.mark.django_db
def test_once_open_what_levels_are_judged_by_is_settled(setting):
    cycle = CycleFactory(state=CycleState.OPEN)

    with pytest.raises(domain.SettingsSettled):
        domain.change_cycle(cycle=cycle, by=None, at=AT, **setting)

    assert AuditEvent.objects.count() == 0


@pytest.mark.django_db
def test_windows_of_an_open_cycle_change_one_by_one():
    kept = {"opens": "01-01", "closes": "03-31"}
    cycle = CycleFactory(windows={"self_diagnosis": kept, "other": kept, "accountability": kept})
    plan = {"opens": "04-01", "closes": "05-31"}

    domain.change_cycle(cycle=cycle, windows={"improvement_plan": plan, "accountability": None}, by=None, at=AT)

    cycle.refresh_from_db()
    assert cycle.windows == {"self_diagnosis": kept, "other": kept, "improvement_plan": plan}
    assert last_event("cycles.change").detail["now"] == {"windows": cycle.windows}


@pytest.mark.parametrize(
    ("setting", "refusal"),
    [
        ({"ends_on": date(2025, 12, 31)}, domain.EndsBeforeStart),
        ({"met_at": 3, "consolidated_at": 2}, domain.ThresholdsReversed),
        ({"windows": {"accountability": {"opens": "12-01", "closes": "11-30"}}}, domain.WindowRefused),
    ],
)
@pytest.mark.django_db
def test_settings_that_contradict_each_other_are_refused(setting, refusal):
    cycle = create()

    with pytest.raises(refusal):
        domain.change_cycle(cycle=cycle, by=None, at=AT, **setting)

    cycle.refresh_from_db()
    assert (cycle.ends_on, cycle.met_at, cycle.windows) == (date(2026, 12, 31), 2, {})


@pytest.mark.django_db
def test_a_closed_cycle_does_not_change():
    with pytest.raises(domain.CycleClosed):
        domain.change_cycle(cycle=CycleFactory(state=CycleState.CLOSED), name="Otro", by=None, at=AT)


@pytest.mark.django_db
def test_many_are_enrolled_together_or_not_at_all():
    first, second, third, cycle = MunicipalityFactory(), MunicipalityFactory(), MunicipalityFactory(), CycleFactory()
    ParticipationFactory(municipality=third, cycle=cycle)

    with pytest.raises(domain.AlreadyEnrolled):
        domain.enroll_many(cycle=cycle, enrollments=[(first, Stage.NEW), (third, Stage.NEW)], by=None, at=AT)
    with pytest.raises(domain.AlreadyEnrolled):
        domain.enroll_many(cycle=cycle, enrollments=[(first, Stage.NEW), (first, Stage.NEW)], by=None, at=AT)
    assert (cycle.participations.count(), AuditEvent.objects.count()) == (1, 0)
    domain.enroll_many(cycle=cycle, enrollments=[(first, Stage.NEW), (second, Stage.CONTINUITY)], by=None, at=AT)

    assert dict(cycle.participations.values_list("municipality_id", "stage")) == {
        first.pk: "1", second.pk: "2", third.pk: "1"
    }  # fmt: skip
    assert AuditEvent.objects.filter(verb="cycles.enroll").count() == 2


@pytest.fixture
def years():
    """2025 with one municipality of each stage and status; one of them is in 2026 already."""
    before, now = CycleFactory(year=2025), CycleFactory(year=2026, state=CycleState.DRAFT)
    placed = {stage: ParticipationFactory(cycle=before, stage=stage).municipality for stage in Stage}
    paused = ParticipationFactory(cycle=before, status=ParticipationStatus.PAUSED, status_reason="Incendio")
    ParticipationFactory(cycle=before, status=ParticipationStatus.WITHDRAWN, status_reason="Cambio")
    there = ParticipationFactory(cycle=before).municipality
    ParticipationFactory(cycle=now, municipality=there, stage=Stage.CONSOLIDATION)
    return before, now, placed, paused.municipality, there


@pytest.mark.parametrize("third_stage_stays", [True, False])
@pytest.mark.django_db
def test_participants_are_copied_one_stage_further(years, third_stage_stays):
    before, now, placed, paused, there = years

    domain.copy_participants(source=before, cycle=now, third_stage_stays=third_stage_stays, by=None, at=AT)

    expected = {placed[Stage.NEW].pk: "2", placed[Stage.CONTINUITY].pk: "3", paused.pk: "2", there.pk: "3"}
    if third_stage_stays:
        expected[placed[Stage.CONSOLIDATION].pk] = "3"
    assert dict(now.participations.values_list("municipality_id", "stage")) == expected
    assert set(now.participations.values_list("status", flat=True)) == {"active"}


@pytest.mark.django_db
def test_copying_twice_enrolls_nobody_twice(years):
    before, now, *_rest = years
    assert queries.copyable_by_stage(before, now) == {"1": 2, "2": 1, "3": 1}

    domain.copy_participants(source=before, cycle=now, third_stage_stays=True, by=None, at=AT)

    assert domain.copy_participants(source=before, cycle=now, third_stage_stays=True, by=None, at=AT) == []
    assert queries.copyable_by_stage(before, now) == {}


@pytest.mark.django_db
def test_a_pause_ends_with_its_reason_in_the_record():
    participation = ParticipationFactory(status=ParticipationStatus.PAUSED, status_reason="Incendio")

    domain.change_status(
        participation=participation, status=ParticipationStatus.ACTIVE, reason=" Reabrió ", by=None, at=AT
    )

    assert last_event("cycles.change_status").detail == {"was": "paused", "status": "active", "reason": "Reabrió"}


@pytest.mark.django_db
def test_a_status_that_does_not_follow_is_refused():
    withdrawn = ParticipationFactory(status=ParticipationStatus.WITHDRAWN, status_reason="Cambio")
    closed = ParticipationFactory(closed_at=AT)
    past = ParticipationFactory(cycle=CycleFactory(year=2020, state=CycleState.CLOSED))

    for participation, refusal in (
        (withdrawn, domain.StatusRefused),
        (closed, domain.YearClosed),
        (past, domain.CycleClosed),
    ):
        with pytest.raises(refusal):
            domain.change_status(
                participation=participation, status=ParticipationStatus.PAUSED, reason="Motivo", by=None, at=AT
            )

    assert AuditEvent.objects.count() == 0
