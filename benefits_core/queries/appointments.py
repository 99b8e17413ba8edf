"""Reading agendas: what is free, and who is expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from benefits_core.enums import AppointmentState
from benefits_core.models import AgendaException, AgendaRule, Appointment
from benefits_core.slots import Closed, Extra, Rule, Slot, Stretch, slots_of
from portal.foundation.clocks.working_days import is_working_day
from portal.foundation.receipts.keys import grouped
from portal.foundation.receipts.models import Receipt
from portal.foundation.territories.models import ServicePoint, Territory, TerritoryQuerySet

# Citizens book from two hours to sixty days ahead.
NOTICE = timedelta(hours=2)
DAYS_AHEAD = 60


@dataclass(frozen=True)
class Offer:
    """A slot of a day with what is taken of it."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    online: bool

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.taken)


class Agenda:
    """The slots of a service point, its rules and exceptions read once for many days; three queries.

    :param active: the active appointments of those days, where somebody read them already.
    """

    def __init__(
        self, point: ServicePoint, first: date, last: date, *, active: Iterable[Appointment] | None = None
    ) -> None:
        self.point = point
        self.zone = point.territory.zone
        self.rules = [rule_of(row) for row in AgendaRule.objects.filter(service_point=point)]
        exceptions = AgendaException.objects.filter(service_point=point, day__gte=first, day__lte=last)
        self.closed = [Closed(row.day, row.starts_at, row.ends_at) for row in exceptions if row.kind == "closed"]
        self.extra = [extra_of(row) for row in exceptions if row.kind == "extra"]
        if active is None:
            taken = Appointment.objects.active().filter(service_point=point, day__gte=first, day__lte=last)
            self.taken = Counter(taken.values_list("starts_at", flat=True))
        else:
            self.taken = Counter(appointment.starts_at for appointment in active)

    def offers(self, day: date) -> list[Offer]:
        """The slots of one day."""
        slots = slots_of(
            day,
            rules=self.rules,
            closed=self.closed,
            extra=self.extra,
            is_worked=is_working_day(day, self.point.territory),
        )
        return [self._offer(day, slot) for slot in slots]

    def _offer(self, day: date, slot: Slot) -> Offer:
        starts = datetime.combine(day, slot.starts_at, self.zone)
        ends = datetime.combine(day, slot.ends_at, self.zone)
        return Offer(starts, ends, slot.capacity, self.taken[starts], slot.online)


def bookable(offers: Iterable[Offer], at: datetime) -> list[Offer]:
    """Of some slots those that a citizen may take now."""
    return [offer for offer in offers if offer.online and offer.free and offer.starts_at >= at + NOTICE]


def days_to_book(point: ServicePoint, at: datetime, *, days: int = DAYS_AHEAD) -> dict[date, list[Offer]]:
    """Day → the slots that a citizen may take, of the days that have any; three queries."""
    today = at.astimezone(point.territory.zone).date()
    agenda = Agenda(point, today, today + timedelta(days=days))
    found = {}
    for number in range(days + 1):
        day = today + timedelta(days=number)
        free = bookable(agenda.offers(day), at)
        if free:
            found[day] = free
    return found


def offer_at(point: ServicePoint, starts_at: datetime) -> Offer | None:
    """The slot of that time; None where the agenda has none."""
    day = starts_at.astimezone(point.territory.zone).date()
    found = Agenda(point, day, day).offers(day)
    return next((offer for offer in found if offer.starts_at == starts_at), None)


def points_that_book(territory: Territory, today: date) -> QuerySet[ServicePoint]:
    """The open service points of ``territory`` where citizens book."""
    return ServicePoint.objects.open().filter(_books(OuterRef("pk"), today), territory=territory).order_by("name")


def places_that_book(today: date) -> TerritoryQuerySet:
    """The municipalities where citizens book somewhere."""
    points = ServicePoint.objects.open().filter(_books(OuterRef("pk"), today), territory=OuterRef("pk"))
    return Territory.objects.municipalities().filter(Exists(points)).order_by("search_name", "code")


def _books(point: Any, today: date) -> Exists:
    rules = AgendaRule.objects.filter(service_point=point, online=True)
    return Exists(rules.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today)))


def rule_of(row: AgendaRule) -> Rule:
    stretch = Stretch(row.starts_at, row.ends_at, row.slot_minutes, row.capacity, row.online)
    return Rule(row.weekday, stretch, row.starts_on, row.ends_on)


def extra_of(row: AgendaException) -> Extra:
    assert row.starts_at and row.ends_at and row.slot_minutes and row.capacity
    return Extra(row.day, Stretch(row.starts_at, row.ends_at, row.slot_minutes, row.capacity, row.online))


# --- The agenda of the team


@dataclass(frozen=True)
class Expected:
    """An appointment as the team sees it: who, and by which code."""

    appointment: Appointment
    name: str
    code: str


@dataclass(frozen=True)
class AgendaSlot:
    """A time of the day with those who are expected; ``offer`` is None outside the rules of today."""

    starts_at: datetime
    offer: Offer | None
    expected: list[Expected]


def agenda_of_day(point: ServicePoint, day: date) -> list[AgendaSlot]:
    """The day of a service point: every slot, and every appointment; three queries.

    Names are in clear: the caller records the look.
    """
    rows = Appointment.objects.active().filter(service_point=point, day=day)
    expected = with_codes(rows.select_related("matter", "attention", "territory", "service_point"))
    agenda = Agenda(point, day, day, active=[each.appointment for each in expected])
    offers = {offer.starts_at: offer for offer in agenda.offers(day)}
    times = sorted({*offers, *(each.appointment.starts_at for each in expected)})
    return [
        AgendaSlot(moment, offers.get(moment), [one for one in expected if one.appointment.starts_at == moment])
        for moment in times
    ]


def with_codes(rows: QuerySet[Appointment]) -> list[Expected]:
    """Appointments with their names in clear and the codes of their receipts; one query."""
    receipts = Receipt.objects.filter(
        subject_type=Appointment._meta.label_lower, subject_id=Cast(OuterRef("pk"), CharField())
    )
    found = rows.annotate(receipt_code=Subquery(receipts.values("code")[:1]))
    return [Expected(row, row.name, grouped(row.receipt_code) if row.receipt_code else "") for row in found]


def found_in_agenda(territory: Territory, text: str, first: date, last: date) -> list[Expected]:
    """Appointments of those days whose name or code holds ``text``; names are read one by one, being encrypted.

    :param last: at most some weeks after ``first``.
    """
    rows = Appointment.objects.filter(territory=territory, day__gte=first, day__lte=last).exclude(state="cancelled")
    wanted = "".join(text.split()).casefold()
    expected = with_codes(rows.select_related("matter", "service_point", "territory", "attention"))
    return [
        each
        for each in expected
        if wanted in "".join(each.name.split()).casefold()
        or wanted.replace("-", "") == each.code.replace(" ", "").replace("-", "").casefold()
    ]


def booked_then(closed: AgendaException) -> int:
    """How many are booked at the service point in what was closed of that day: somebody has to tell them."""
    rows = Appointment.objects.filter(
        service_point=closed.service_point_id, day=closed.day, state=AppointmentState.BOOKED
    )
    if closed.starts_at is None or closed.ends_at is None:
        return rows.count()
    zone = closed.service_point.territory.zone
    first, last = (datetime.combine(closed.day, each, zone) for each in (closed.starts_at, closed.ends_at))
    return rows.filter(starts_at__lt=last, ends_at__gt=first).count()


def booked_after(point: ServicePoint, at: datetime) -> int:
    """How many are booked at the service point from ``at`` on."""
    return Appointment.objects.filter(service_point=point, state=AppointmentState.BOOKED, ends_at__gt=at).count()


def points_with_agenda(territory: Territory) -> Sequence[ServicePoint]:
    """Those that have any rule, extra slots or appointment."""
    has_rules = Exists(AgendaRule.objects.filter(service_point=OuterRef("pk")))
    has_rows = Exists(Appointment.objects.filter(service_point=OuterRef("pk")))
    found = ServicePoint.objects.filter(has_rules | has_rows, territory=territory)
    return list(found.select_related("territory").order_by("name"))
