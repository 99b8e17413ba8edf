"""When a service point takes appointments: its rules, and the days that are not like the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from benefits_core.errors import ClosedToChange, InvalidContent
from benefits_core.models import AgendaException, AgendaRule
from benefits_core.queries.appointments import rule_of
from benefits_core.slots import overlap
from portal.foundation.audit.domain import record
from portal.foundation.territories.models import ServicePoint

MINUTES = (5, 240)
PERSONS = (1, 50)
REASON_LENGTH = 200


@transaction.atomic
def add_rule(
    *,
    service_point: ServicePoint,
    weekday: int,
    starts_at: time,
    ends_at: time,
    slot_minutes: int,
    capacity: int,
    online: bool,
    starts_on: date,
    by: Any,
    at: datetime,
) -> AgendaRule:
    """Take appointments every such weekday from that day on.

    :raises InvalidContent: times or numbers that make no sense, or another rule of that time.
    """
    point = _locked(service_point)
    _check_stretch(starts_at, ends_at, slot_minutes, capacity)
    rule = AgendaRule(
        service_point=point,
        weekday=weekday,
        starts_at=starts_at,
        ends_at=ends_at,
        slot_minutes=slot_minutes,
        capacity=capacity,
        online=online,
        starts_on=starts_on,
    )
    if any(overlap(rule_of(rule), rule_of(other)) for other in AgendaRule.objects.filter(service_point=point)):
        raise InvalidContent(_("Another rule of that day covers the same time. End it first."), "starts_at")
    rule.save(force_insert=True)
    record(verb="benefits_core.add_agenda_rule", object=rule, by=by, at=at, territory=point.territory)
    return rule


@transaction.atomic
def add_rules(
    *, service_point: ServicePoint, weekdays: Sequence[int], by: Any, at: datetime, **hours: Any
) -> list[AgendaRule]:
    """The same hours on several days of the week; all of them or none. See :func:`add_rule`."""
    return [add_rule(service_point=service_point, weekday=day, by=by, at=at, **hours) for day in weekdays]


@transaction.atomic
def end_rule(*, rule: AgendaRule, last: date, by: Any, at: datetime) -> AgendaRule | None:
    """Offer its slots until that day, included; appointments that are booked later stay.

    A rule that would have no day at all goes.

    :raises ClosedToChange: it ended before already.
    """
    point = _locked(rule.service_point)
    rule = AgendaRule.objects.get(pk=rule.pk)
    if rule.ends_on is not None and rule.ends_on < last:
        raise ClosedToChange(_("The rule ends before that day already."))
    record(verb="benefits_core.end_agenda_rule", object=rule, by=by, at=at, territory=point.territory)
    if last < rule.starts_on:
        rule.delete()
        return None
    rule.ends_on = last
    rule.save(update_fields=["ends_on"])
    return rule


@transaction.atomic
def close_day(
    *,
    service_point: ServicePoint,
    day: date,
    starts_at: time | None,
    ends_at: time | None,
    reason: str,
    by: Any,
    at: datetime,
) -> AgendaException:
    """Offer nothing on a day, or from one time to another. What is booked stays: the team tells those people.

    :raises InvalidContent: a past day, one time only, or times in the wrong order.
    """
    point = _locked(service_point)
    _check_day(point, day, at)
    if (starts_at is None) != (ends_at is None):
        raise InvalidContent(_("Write both times, or neither for the whole day."), "ends_at")
    if starts_at and ends_at and ends_at <= starts_at:
        raise InvalidContent(_("The last time must come after the first one."), "ends_at")
    closed = AgendaException.objects.create(
        service_point=point,
        kind=AgendaException.Kind.CLOSED,
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=_reason(reason),
    )
    record(verb="benefits_core.close_agenda_day", object=closed, by=by, at=at, territory=point.territory)
    return closed


@transaction.atomic
def add_slots(
    *,
    service_point: ServicePoint,
    day: date,
    starts_at: time,
    ends_at: time,
    slot_minutes: int,
    capacity: int,
    online: bool,
    reason: str = "",
    by: Any,
    at: datetime,
) -> AgendaException:
    """Offer a stretch of one day only, also on one that is not worked.

    :raises InvalidContent: a past day, or times and numbers that make no sense.
    """
    point = _locked(service_point)
    _check_day(point, day, at)
    _check_stretch(starts_at, ends_at, slot_minutes, capacity)
    extra = AgendaException.objects.create(
        service_point=point,
        kind=AgendaException.Kind.EXTRA,
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        slot_minutes=slot_minutes,
        capacity=capacity,
        online=online,
        reason=_reason(reason),
    )
    record(verb="benefits_core.add_agenda_slots", object=extra, by=by, at=at, territory=point.territory)
    return extra


@transaction.atomic
def remove_exception(*, exception: AgendaException, by: Any, at: datetime) -> None:
    """The day is like its weekday again."""
    point = _locked(exception.service_point)
    record(verb="benefits_core.remove_agenda_exception", object=exception, by=by, at=at, territory=point.territory)
    exception.delete()


def _locked(point: ServicePoint) -> ServicePoint:
    return ServicePoint.objects.select_for_update(of=("self",)).select_related("territory").get(pk=point.pk)


def _check_day(point: ServicePoint, day: date, at: datetime) -> None:
    if day < at.astimezone(point.territory.zone).date():
        raise InvalidContent(_("That day has passed."), "day")


def _check_stretch(starts_at: time, ends_at: time, slot_minutes: int, capacity: int) -> None:
    if any((one.second, one.microsecond) != (0, 0) for one in (starts_at, ends_at)):
        raise InvalidContent(_("Write hours and minutes only, like 15:30."), "starts_at")
    if ends_at <= starts_at:
        raise InvalidContent(_("The last time must come after the first one."), "ends_at")
    if not MINUTES[0] <= slot_minutes <= MINUTES[1]:
        raise InvalidContent(_("A slot has 5 to 240 minutes."), "slot_minutes")
    if not PERSONS[0] <= capacity <= PERSONS[1]:
        raise InvalidContent(_("A slot is for 1 to 50 persons."), "capacity")
    if datetime.combine(date.min, ends_at) - datetime.combine(date.min, starts_at) < timedelta(minutes=slot_minutes):
        raise InvalidContent(_("Not one slot fits in that time."), "slot_minutes")


def _reason(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) > REASON_LENGTH:
        raise InvalidContent(_("Write %s characters at most.") % REASON_LENGTH, "reason")
    return plain
