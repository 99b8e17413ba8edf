"""Reading queues: who waits in which order, what the call screen shows, what a day was like."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from math import ceil
from typing import Any

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from benefits_core.enums import Channel, TicketState
from benefits_core.models import Desk, DeviceLink, Queue, QueueKind, Ticket
from benefits_core.queries.matters import Promises
from benefits_core.turns import Lane, TurnRule, Waiting, estimated_wait, lane_of, order, run_of
from portal.foundation.clocks.working_days import is_working_day
from portal.foundation.territories.models import Territory

# What an ordinary turn is owed where neither the service point nor the municipality promises anything.
PROMISED_BY_DEFAULT = 30
SERVICES_READ = 20
SERVICES_OF = timedelta(days=7)
CALLS_READ = 10
CALLS_SHOWN = 6


def hash_of(token: str) -> str:
    """By which a device's key is found; the key itself has 256 random bits, so that no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(token: str, kind: str = "") -> DeviceLink | None:
    """The device that holds ``token``; None where there is none, it was revoked, or is of another kind."""
    if not token:
        return None
    found = DeviceLink.objects.filter(token_hash=hash_of(token), revoked_at__isnull=True)
    if kind:
        found = found.filter(kind=kind)
    return found.select_related("queue__service_point__territory").first()


def queues_of(territory: Territory) -> QuerySet[Queue]:
    """The queues of a municipality's open service points, by name."""
    found = Queue.objects.filter(service_point__territory=territory, service_point__is_active=True)
    return found.select_related("service_point__territory").order_by("service_point__name")


def today_at(queue: Queue, at: datetime) -> date:
    """The day there."""
    return at.astimezone(queue.territory.zone).date()


def gives_numbers(queue: Queue, at: datetime) -> bool:
    """May somebody take a number now? Within the hours of the service point, where it tells any."""
    if not queue.is_open or not queue.service_point.is_active:
        return False
    if not queue.in_hours:
        return True
    hours = list(queue.service_point.hours.all())
    if not hours:
        return True
    local = at.astimezone(queue.territory.zone)
    if not is_working_day(local.date(), queue.territory):
        return False
    return any(each.weekday == local.weekday() and each.opens_at <= local.time() < each.closes_at for each in hours)


def rule_of(queue: Queue, at: datetime) -> TurnRule:
    """The rule of turns as the service point set it; one query where it leans on the municipality's promise."""
    minutes = queue.promised_minutes
    if minutes is None:
        minutes = Promises([queue.territory]).of(queue.territory.pk, Channel.COUNTER, today_at(queue, at))
    return TurnRule(
        favored_turns=queue.favored_turns,
        promised=timedelta(minutes=PROMISED_BY_DEFAULT if minutes is None else minutes),
    )


def as_waiting(ticket: Ticket) -> Waiting:
    return Waiting(ticket.pk, ticket.arrived_at, ticket.preferential, ticket.due_at)


class Line:
    """Who waits in a queue now, and in which order they are called; read once, asked many times. Six queries."""

    def __init__(self, queue: Queue, at: datetime) -> None:
        self.queue, self.at = queue, at
        self.day = today_at(queue, at)

    @cached_property
    def waiting(self) -> list[Ticket]:
        """Those that may be called, by arrival."""
        waiting = Ticket.objects.waiting().filter(queue=self.queue, day=self.day)
        return list(waiting.select_related("kind", "matter"))

    @cached_property
    def rule(self) -> TurnRule:
        return rule_of(self.queue, self.at)

    @cached_property
    def run(self) -> int:
        """How many favored turns in a row were called last."""
        calls = Ticket.objects.filter(queue=self.queue, day=self.day, called_at__isnull=False)
        return run_of(calls.order_by("-called_at", "-pk").values_list("favored", flat=True)[:CALLS_READ])

    @cached_property
    def desks(self) -> list[Desk]:
        """The counters where somebody attends."""
        found = Desk.objects.filter(queue=self.queue, clerk__isnull=False, paused_at__isnull=True)
        return list(found.prefetch_related(Prefetch("kinds", QueueKind.objects.only("pk"))))

    @cached_property
    def ordered(self) -> list[Ticket]:
        """Everybody; whoever did not come when called stands last until called again."""
        return self._ordered_at(self.at)

    def _ordered_at(self, moment: datetime) -> list[Ticket]:
        """The same as it would be at ``moment``, were nobody called until then."""
        ready = [ticket for ticket in self.waiting if ticket.ready_at is None or ticket.ready_at <= moment]
        later = sorted(set(self.waiting) - set(ready), key=lambda ticket: (ticket.ready_at, ticket.pk))
        return [*self.in_order(ready, moment), *later]

    def in_order(self, tickets: Iterable[Ticket], moment: datetime | None = None) -> list[Ticket]:
        by_number = {ticket.pk: ticket for ticket in tickets}
        turns = order(map(as_waiting, by_number.values()), rule=self.rule, now=moment or self.at, run=self.run)
        return [by_number[turn.number] for turn in turns]

    def next_for(self, desk: Desk) -> Ticket | None:
        """Whose turn it is at a counter; None where nobody waits for it."""
        own = [
            ticket
            for ticket in self.waiting
            if takes(desk, ticket) and (ticket.ready_at is None or ticket.ready_at <= self.at)
        ]
        return next(iter(self.in_order(own)), None)

    def is_favored(self, ticket: Ticket) -> bool:
        return lane_of(as_waiting(ticket), self.rule, self.at) is Lane.FAVORED

    def before(self, ticket: Ticket) -> int:
        """How many come before ``ticket`` among those who wait for the same counters."""
        return self._before(ticket, self.ordered)

    def expected_before(self, ticket: Ticket) -> int:
        """The same, said to the person: whoever came before the time of an appointment is told of that time."""
        is_early = lane_of(as_waiting(ticket), self.rule, self.at) is Lane.EARLY
        return self._before(ticket, self._ordered_at(ticket.due_at) if is_early and ticket.due_at else self.ordered)

    def _before(self, ticket: Ticket, line: list[Ticket]) -> int:
        ahead = line[: line.index(ticket)]
        counters = [desk for desk in self.desks if takes(desk, ticket)]
        return sum(not counters or any(takes(desk, other) for desk in counters) for other in ahead)

    def estimate(self, ticket: Ticket) -> int | None:
        """Minutes until its turn, not before the time of an appointment; None where it cannot be known."""
        counters = [desk for desk in self.desks if takes(desk, ticket)]
        minutes = estimated_wait(
            before=self.expected_before(ticket),
            services=self.services,
            counters=len(counters),
            busy=sum(desk.pk in self.busy for desk in counters),
        )
        if minutes is None or ticket.due_at is None:
            return minutes
        return max(minutes, ceil((ticket.due_at - self.at) / timedelta(minutes=1)))

    @cached_property
    def busy(self) -> set[int | None]:
        """The counters that attend somebody at the moment."""
        with_somebody = Ticket.objects.filter(queue=self.queue, state__in=(TicketState.CALLED, TicketState.SERVING))
        return set(with_somebody.values_list("desk_id", flat=True))

    @cached_property
    def services(self) -> list[timedelta]:
        """How long the last ones took."""
        served = Ticket.objects.filter(
            queue=self.queue, state=TicketState.SERVED, day__gte=self.day - SERVICES_OF, day__lte=self.day
        )
        times = served.order_by("-ended_at").values_list("started_at", "ended_at")[:SERVICES_READ]
        return [ended - started for started, ended in times if started and ended]


class WholeDay(Line):
    """The line and everything else of today, for whoever looks at all of it: four queries.

    Every number of the day is read at once, and what :class:`Line` asks for apart is taken from them.
    """

    @cached_property
    def tickets(self) -> list[Ticket]:
        """By arrival."""
        return list(Ticket.objects.filter(queue=self.queue, day=self.day).with_waits().select_related("kind"))

    @cached_property
    def waiting(self) -> list[Ticket]:
        return [ticket for ticket in self.tickets if ticket.waits]  # type: ignore[attr-defined]

    @cached_property
    def run(self) -> int:
        called = [(ticket.called_at, ticket.pk, ticket.favored) for ticket in self.tickets if ticket.called_at]
        return run_of(favored for *_when, favored in sorted(called, reverse=True)[:CALLS_READ])

    @cached_property
    def summary(self) -> QueueDay:
        return QueueDay.of(self.tickets, self.at)

    @cached_property
    def counters(self) -> list[tuple[Desk, list[Ticket]]]:
        """Every counter in use, with whom it called or attends."""
        held: dict[int | None, list[Ticket]] = {}
        for ticket in self.tickets:
            if ticket.state in (TicketState.CALLED, TicketState.SERVING):
                held.setdefault(ticket.desk_id, []).append(ticket)
        used = desks_of(self.queue).filter(Q(is_active=True) | Q(clerk__isnull=False))
        return [(desk, held.get(desk.pk, [])) for desk in used]


def takes(desk: Desk, ticket: Ticket) -> bool:
    """Does a counter call that number?"""
    if ticket.wanted_desk_id is not None:
        return ticket.wanted_desk_id == desk.pk
    kinds = {kind.pk for kind in desk.kinds.all()}
    return not kinds or ticket.kind_id in kinds


def kinds_of(queue: Queue) -> QuerySet[QueueKind]:
    """The buttons of the kiosk, in order."""
    return QueueKind.objects.filter(queue=queue, is_active=True).order_by("position", "pk")


def current_of(user: Any) -> Ticket | None:
    """Whom ``user`` has called or attends now, wherever."""
    mine = Ticket.objects.filter(clerk=user, state__in=(TicketState.CALLED, TicketState.SERVING))
    return mine.select_related("queue__service_point__territory", "territory", "kind", "matter", "desk").first()


def desk_of(user: Any, territory: Territory) -> Desk | None:
    """The counter where ``user`` sits in ``territory``."""
    found = Desk.objects.filter(clerk=user, queue__service_point__territory=territory)
    return found.select_related("queue__service_point__territory").prefetch_related("kinds").first()


def desks_to_choose(territory: Territory) -> QuerySet[Desk]:
    """Every counter in use of a municipality's queues, with whoever sits there."""
    found = Desk.objects.filter(
        is_active=True, queue__service_point__territory=territory, queue__service_point__is_active=True
    )
    return found.select_related("queue__service_point", "clerk").order_by("queue__service_point__name", "name")


# --- The call screen


@dataclass(frozen=True)
class Board:
    """What the waiting room reads: the last calls, and how many wait for each kind. Numbers only."""

    calls: Sequence[Ticket]
    waiting: Sequence[tuple[QueueKind, int]]

    @property
    def last(self) -> Ticket | None:
        return self.calls[0] if self.calls else None

    @property
    def total(self) -> int:
        return sum(count for _kind, count in self.waiting)


def board_of(queue: Queue, at: datetime) -> Board:
    """Three queries."""
    day = today_at(queue, at)
    calls = Ticket.objects.filter(
        queue=queue, day=day, state__in=(TicketState.CALLED, TicketState.SERVING, TicketState.SERVED)
    )
    waits = dict(
        Ticket.objects.waiting()
        .filter(queue=queue, day=day)
        .order_by()
        .values_list("kind_id")
        .annotate(count=Count("pk"))
    )
    kinds = QueueKind.objects.filter(Q(is_active=True) | Q(pk__in=list(waits)), queue=queue)
    return Board(
        list(calls.select_related("desk").order_by("-shown_at", "-pk")[:CALLS_SHOWN]),
        [(kind, waits.get(kind.pk, 0)) for kind in kinds.order_by("position", "pk")],
    )


# --- The day, for the coordinator


@dataclass
class QueueDay:
    """One day of a queue. Waits are whole minutes, of those who were called or still wait."""

    states: Counter[str] = field(default_factory=Counter)
    preferential: int = 0
    waits: list[int] = field(default_factory=list)
    longest_now: int | None = None

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def longest(self) -> int | None:
        return max(self.waits, default=None)

    @property
    def mean(self) -> int | None:
        return round(sum(self.waits) / len(self.waits)) if self.waits else None

    @classmethod
    def of(cls, tickets: Iterable[Any], at: datetime) -> QueueDay:
        """The sums of what has a ticket's ``state``, ``preferential``, ``arrived_at``, ``due_at``, ``started_at``."""
        found = cls()
        for ticket in tickets:
            found.states[ticket.state] += 1
            found.preferential += ticket.preferential
            since = max(ticket.arrived_at, ticket.due_at) if ticket.due_at else ticket.arrived_at
            if ticket.started_at:
                found.waits.append(_minutes(ticket.started_at - since))
            elif ticket.state == TicketState.WAITING:
                found.longest_now = max(found.longest_now or 0, _minutes(at - since))
        return found


def queue_day(queue: Queue, day: date, at: datetime) -> QueueDay:
    """The sums of one day, from its own tickets; one query."""
    rows = Ticket.objects.filter(queue=queue, day=day).order_by()
    wanted = ("state", "preferential", "arrived_at", "due_at", "started_at")
    return QueueDay.of(rows.values_list(*wanted, named=True), at)


def queue_days(queue: Queue) -> Any:
    """Every day with tickets, the last first: how many of each fate, and the longest wait.

    Whoever comes early for an appointment waits from its time on, as in the sums of one day.
    """
    since = Greatest("arrived_at", Coalesce("due_at", "arrived_at"))
    counted = {state.value: Count("pk", filter=Q(state=state.value)) for state in TicketState}
    rows = Ticket.objects.filter(queue=queue).values("day")
    return rows.annotate(
        total=Count("pk"),
        favored_ones=Count("pk", filter=Q(preferential=True)),
        longest=Max(F("started_at") - since),
        **{f"in_{name}": count for name, count in counted.items()},
    ).order_by("-day")


def desks_of(queue: Queue) -> QuerySet[Desk]:
    """Its counters with whoever attends there, those in use first."""
    return Desk.objects.filter(queue=queue).select_related("clerk").order_by("-is_active", "name")


def links_of(queue: Queue) -> QuerySet[DeviceLink]:
    """Its devices, those in use first."""
    found = DeviceLink.objects.filter(queue=queue).select_related("issued_by", "revoked_by")
    return found.order_by(F("revoked_at").desc(nulls_first=True), "kind", "name")


def _minutes(length: timedelta) -> int:
    return max(0, int(length.total_seconds() // 60))
