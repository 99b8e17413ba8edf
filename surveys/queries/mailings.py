"""How far the invitations of a round are: numbers alone, never an address and never who answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from portal.foundation.jobs.models import Job
from portal.foundation.messages.models import Message, MessageState
from surveys.models import Round, Stratum, SurveyContact, SurveyMailing

# What the keys of a round's messages begin with.
MESSAGE_KEY = "survey-contact"
LOST = (MessageState.UNDELIVERABLE, MessageState.FAILED)


@dataclass(frozen=True)
class Reached:
    """One stratum: contacts that wait, those written to, and how many more may be invited."""

    stratum: Stratum
    waiting: int
    written: int
    room: int

    @property
    def next(self) -> int:
        return min(self.waiting, self.room)


@dataclass(frozen=True)
class Reminders:
    """``contacts``: whom a reminder may go to, whether or not they answered, which the job finds out.
    ``too_soon_until``: the first day on which it may go, None where it may now."""

    contacts: QuerySet[SurveyContact]
    too_soon_until: date | None


@dataclass(frozen=True)
class Invitations:
    """The page of a round's invitations."""

    strata: list[Reached]
    mailings: list[SurveyMailing]
    job: Job | None
    lost: list[tuple[str, int]]
    on_the_way: int
    reminders: Reminders
    to_remind: int

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self.strata)

    @property
    def next(self) -> int:
        return sum(one.next for one in self.strata)

    @property
    def running(self) -> SurveyMailing | None:
        return next((one for one in self.mailings if one.finished_at is None), None)


def messages_of(round: Round) -> QuerySet[Message]:
    """What the outbox knows of this round's invitations."""
    return Message.objects.filter(dedupe_key__startswith=f"{MESSAGE_KEY}:{round.pk}:")


def room(stratum: Stratum) -> int:
    """How many more are to be asked; slips of paper count too."""
    return max(0, stratum.to_invite - stratum.invited)


def reminders(round: Round, today: date, days: int, most: int) -> Reminders:
    """Everybody written to who may be reminded once more, and from when on."""
    contacts = SurveyContact.objects.filter(stratum__round=round, wave__gte=1, wave__lte=most)
    last = round.mailings.order_by("-pk").first()
    first_day = last.ordered_at.astimezone(round.territory.zone).date() + timedelta(days=days) if last else None
    return Reminders(contacts, first_day if first_day and first_day > today else None)


def invitations(round: Round, today: date, *, days: int, most: int) -> Invitations:
    """Six queries, however many contacts there are."""
    counts = round.strata.annotate(
        waiting=Count("contacts", filter=Q(contacts__wave=0)), written=Count("contacts", filter=Q(contacts__wave__gt=0))
    )
    mailings = list(round.mailings.select_related("ordered_by"))
    running = next((one for one in mailings if one.finished_at is None), None)
    due = reminders(round, today, days, most)
    states = _outcomes(round)
    lost: dict[str, int] = {}
    for state, reason, count in states:
        if state in LOST:
            lost[reason] = lost.get(reason, 0) + count
    return Invitations(
        strata=[Reached(one, one.waiting, one.written, room(one)) for one in counts],
        mailings=mailings,
        job=Job.objects.filter(pk=running.job_id).first() if running else None,
        lost=sorted(lost.items(), key=lambda one: -one[1]),
        on_the_way=sum(count for state, _reason, count in states if state == MessageState.QUEUED),
        reminders=due,
        to_remind=due.contacts.count(),
    )


def _outcomes(round: Round) -> list[tuple[str, str, int]]:
    """(state, reason, messages)."""
    rows: Any = messages_of(round).order_by().values_list("state", "reason").annotate(count=Count("pk"))
    return list(rows)
