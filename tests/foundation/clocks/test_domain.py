"""Terms: started in the territory's own day, paused, forecast, stopped, escalated."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.foundation.audit.models import AuditEvent
from portal.foundation.clocks import domain
from portal.foundation.clocks.models import Clock
from portal.foundation.clocks.signals import clock_escalated
from portal.foundation.jobs.domain import sweep
from tests.factories.people import UserFactory
from tests.factories.territories import MunicipalityFactory, ServicePointFactory


def noon(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 15, tzinfo=UTC)


MONDAY = noon(3, 2)


def start(**changes) -> Clock:
    municipality = changes.pop("municipality", None) or MunicipalityFactory()
    values = {
        "kind": "test.answer",
        "subject": ServicePointFactory(territory=municipality),
        "territory": municipality,
        "term_days": 10,
        "by": None,
        "at": MONDAY,
    }
    return domain.start(**{**values, **changes})


@pytest.mark.django_db
def test_a_term_ends_after_its_working_days():
    clock = start()

    assert (clock.started_on, clock.due_on) == (date(2026, 3, 2), date(2026, 3, 16))
    assert domain.forecast(clock, at=noon(3, 9)) == date(2026, 3, 16)
    assert (domain.days_left(clock, at=noon(3, 9)), domain.days_left(clock, at=noon(3, 18))) == (5, -2)


@pytest.mark.django_db
def test_the_day_is_the_territorys_own():
    late_evening_in_santiago = datetime(2026, 3, 3, 2, tzinfo=UTC)
    island = MunicipalityFactory()
    island.time_zone = "Pacific/Easter"

    assert start(at=late_evening_in_santiago).started_on == date(2026, 3, 2)
    assert start(at=datetime(2026, 3, 3, 4, tzinfo=UTC), municipality=island).started_on == date(2026, 3, 2)


@pytest.mark.django_db
def test_days_of_a_pause_do_not_count():
    user, clock = UserFactory(), start()

    domain.pause(clock=clock, reason="Espera un informe", by=user, at=noon(3, 4))
    clock.refresh_from_db()
    assert domain.forecast(clock, at=noon(3, 6)) == date(2026, 3, 18)
    clock = domain.resume(clock=clock, by=user, at=noon(3, 9))

    assert clock.due_on == date(2026, 3, 19)  # 8 working days were left on the 4th
    assert list(clock.pauses.values_list("starts_on", "ends_on", "reason")) == [
        (date(2026, 3, 4), date(2026, 3, 9), "Espera un informe")
    ]
    verbs = AuditEvent.objects.filter(object_type="clocks.clock").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["clocks.start", "clocks.pause", "clocks.resume"]


@pytest.mark.django_db
def test_a_pause_after_the_due_day_does_not_forgive_the_delay():
    clock = start()

    domain.pause(clock=clock, reason="Tarde", by=None, at=noon(3, 20))

    assert domain.resume(clock=clock, by=None, at=noon(3, 30)).due_on == date(2026, 3, 16)


@pytest.mark.django_db
def test_a_stopped_clock_runs_no_more_and_another_may_start():
    municipality = MunicipalityFactory()
    point = ServicePointFactory(territory=municipality)
    clock = start(municipality=municipality, subject=point, steps=[-1])

    stopped = domain.stop(clock=clock, by=None, at=noon(3, 5))

    assert (stopped.stopped_on, stopped.next_step_on) == (date(2026, 3, 5), None)
    assert list(Clock.objects.overdue(date(2027, 1, 1))) == []
    again = start(municipality=municipality, subject=point)
    assert list(Clock.objects.of(point).running()) == [again]


@pytest.mark.django_db
def test_what_a_clock_cannot_do_is_refused():
    municipality = MunicipalityFactory()
    point = ServicePointFactory(territory=municipality)
    clock = start(municipality=municipality, subject=point)

    with pytest.raises(domain.AlreadyRunning):
        start(municipality=municipality, subject=point)
    with pytest.raises(domain.NotPaused):
        domain.resume(clock=clock, by=None, at=MONDAY)
    with pytest.raises(domain.ReasonMissing):
        domain.pause(clock=clock, reason="  ", by=None, at=MONDAY)
    domain.pause(clock=clock, reason="Espera", by=None, at=MONDAY)
    with pytest.raises(domain.NotRunning):
        domain.pause(clock=clock, reason="Espera", by=None, at=MONDAY)
    domain.stop(clock=clock, by=None, at=MONDAY)
    with pytest.raises(domain.NotRunning):
        domain.stop(clock=clock, by=None, at=MONDAY)


@pytest.mark.django_db
def test_a_step_whose_process_died_before_telling_is_told_by_the_next_sweep(django_capture_on_commit_callbacks):
    told = []

    def receiver(sender, clock_id, step, **_kwargs):
        told.append((clock_id, step))

    clock_escalated.connect(receiver)
    try:
        clock = start(steps=[0])
        domain.escalate(at=noon(3, 16))  # committed, and nothing after it ran
        with django_capture_on_commit_callbacks(execute=True):
            sweep(at=noon(3, 17))
            sweep(at=noon(3, 17))
    finally:
        clock_escalated.disconnect(receiver)

    assert told == [(clock.pk, 1)]


@pytest.mark.django_db
def test_steps_come_once_each_and_not_in_a_pause(django_capture_on_commit_callbacks):
    told = []

    def receiver(sender, clock_id, step, **_kwargs):
        told.append((clock_id, step))

    clock_escalated.connect(receiver)
    try:
        clock = start(steps=[3, -2, 0])
        counts = []
        for moment in (noon(3, 11), noon(3, 12), noon(3, 12), noon(3, 25)):
            with django_capture_on_commit_callbacks(execute=True):
                counts.append(domain.escalate(at=moment))
        paused = start(steps=[-2])
        domain.pause(clock=paused, reason="Espera", by=None, at=noon(3, 3))
        counts.append(domain.escalate(at=noon(3, 30)))
    finally:
        clock_escalated.disconnect(receiver)

    assert counts == [0, 1, 0, 1, 0]
    assert told == [(clock.pk, 1), (clock.pk, 3)]
