"""Writing the register of attentions: in one go or timed, corrected and declared void, never erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from benefits_core.domain.tallies import Tally
from benefits_core.enums import AttentionSource, Channel, Outcome
from benefits_core.errors import ClosedToChange, InvalidContent
from benefits_core.models import Attention, AttentionChange, AttentionImport, Matter
from portal.foundation.audit.domain import record
from portal.foundation.people.domain.persons import find_or_register
from portal.foundation.people.errors import PeopleError
from portal.foundation.people.models import Person
from portal.foundation.territories.models import ServicePoint, Territory

LONGEST_MINUTES = 12 * 60
REASON_LENGTH = 300
OLDEST = timedelta(days=366 * 5)
# A clock of a counter that runs a little ahead is no reason to lose an attention.
AHEAD = timedelta(minutes=2)
BATCH = 2000
TIMES = frozenset({"arrived_at", "started_at", "ended_at"})
# What a correction may change, in the order of the form.
CORRECTABLE = (
    "service_point_id",
    "channel",
    "arrived_at",
    "started_at",
    "ended_at",
    "matter_id",
    "procedure_id",
    "preferential",
    "outcome",
    "person_id",
)


@dataclass(frozen=True)
class AttentionContent:
    """What is known of one attention.

    ``ended_at`` is when it ended; minutes are None where nobody measured them. ``arrived_at`` is needed
    only where the arrival is known and the wait is not. ``external_id`` is the number of a queue machine.
    """

    service_point: ServicePoint
    channel: str
    matter: Matter
    outcome: str
    ended_at: datetime
    wait_minutes: float | None = None
    service_minutes: float | None = None
    preferential: bool = False
    person: Person | None = None
    external_id: str | None = None
    arrived_at: datetime | None = None


def person_for(*, identifier: str, scheme: str, territory: Territory, by: Any, at: datetime) -> Person:
    """The person with that identifier, found or registered without a name; the look is recorded.

    :raises InvalidContent: the number is not valid.
    """
    purpose = _("To attend the person")
    try:
        return find_or_register(scheme=scheme, value=identifier, territory=territory, purpose=purpose, by=by, at=at)
    except PeopleError as refused:
        raise InvalidContent(str(refused), "identifier") from refused


@transaction.atomic
def record_attention(
    *,
    content: AttentionContent,
    form_token: UUID | None = None,
    source: str = AttentionSource.MANUAL,
    clerk: Any = None,
    by: Any,
    at: datetime,
) -> Attention:
    """Write down an attention that has ended. The same form sent twice is one attention.

    :param clerk: who attended, where that is not ``by``: at the end of a day nobody presses a button.

    :raises InvalidContent: a time in the future, a wait of more than twelve hours, a closed service
        point, or a matter that the municipality does not offer; ``field`` names where.
    """
    if form_token and (sent := Attention.objects.filter(form_token=form_token).first()):
        return sent
    attention = _built(content, source=source, by=clerk or by, at=at)
    attention.form_token = form_token
    try:
        with transaction.atomic():
            attention.save(by_verb=True, force_insert=True)
    except IntegrityError:
        # The button pressed twice: both requests passed the look above.
        if form_token and (sent := Attention.objects.filter(form_token=form_token).first()):
            return sent
        raise
    Tally().put_in([attention]).write()
    _note("record", attention, by, at)
    return attention


@transaction.atomic
def start_attention(
    *,
    service_point: ServicePoint,
    channel: str,
    matter: Matter,
    arrived_at: datetime | None = None,
    preferential: bool = False,
    person: Person | None = None,
    form_token: UUID | None = None,
    source: str = AttentionSource.MANUAL,
    external_id: str | None = None,
    by: Any,
    at: datetime,
) -> Attention:
    """Begin to serve somebody now. ``arrived_at`` is when the person came, where it is known.

    :raises InvalidContent: as :func:`record_attention`.
    """
    if form_token and (sent := Attention.objects.filter(form_token=form_token).first()):
        return sent
    _check_place(service_point, channel, matter)
    arrived = min(arrived_at or at, at)
    attention = Attention(
        service_point=service_point,
        territory=service_point.territory,
        channel=channel,
        day=_day(arrived, service_point.territory),
        arrived_at=arrived,
        started_at=at,
        wait_seconds=None if arrived_at is None else int((at - arrived).total_seconds()),
        matter=matter,
        procedure_id=matter.procedure_id,
        preferential=preferential,
        person=person,
        source=source,
        external_id=external_id,
        form_token=form_token,
        recorded_by=by,
        recorded_at=at,
    )
    try:
        with transaction.atomic():
            attention.save(by_verb=True, force_insert=True)
    except IntegrityError:
        if form_token and (sent := Attention.objects.filter(form_token=form_token).first()):
            return sent
        raise
    Tally().put_in([attention]).write()
    _note("start", attention, by, at)
    return attention


@transaction.atomic
def finish_attention(
    *, attention: Attention, outcome: str, matter: Matter | None = None, by: Any, at: datetime
) -> Attention:
    """End an attention that was begun: its time of service is measured.

    :raises ClosedToChange: it ended already, or does not count.
    """
    attention = _locked(attention)
    if not attention.is_open:
        raise ClosedToChange(_("This attention has ended already."))
    tally = Tally().take_out([attention])
    if matter is not None and matter.pk != attention.matter_id:
        _check_matter(attention.territory, matter)
        attention.matter, attention.procedure_id = matter, matter.procedure_id
    attention.outcome = Outcome(outcome)
    started = attention.started_at or attention.arrived_at
    attention.ended_at = max(at, started)
    attention.service_seconds = int((attention.ended_at - started).total_seconds())
    attention.save(by_verb=True)
    tally.put_in([attention]).write()
    _note("finish", attention, by, at)
    return attention


@transaction.atomic
def correct_attention(
    *, attention: Attention, content: AttentionContent, reason: str, by: Any, at: datetime
) -> Attention:
    """Say anew what happened. What stood before is kept beside it, with the reason.

    :raises InvalidContent: as :func:`record_attention`, no reason, or nothing changes.
    :raises ClosedToChange: it does not count any more, or has not ended yet.
    """
    attention = _locked(attention)
    if attention.voided_at is not None:
        raise ClosedToChange(_("This attention does not count any more, so it is not corrected."))
    if attention.is_open:
        raise ClosedToChange(_("Finish the attention first."))
    why = _reason(reason)
    before = {name: getattr(attention, name) for name in CORRECTABLE}
    tally = Tally().take_out([attention])
    said = _built(content, source=attention.source, by=by, at=at, known=attention)
    _take_over(attention, said)
    changes = [name for name in CORRECTABLE if before[name] != getattr(attention, name)]
    if not changes:
        raise InvalidContent(_("Nothing changes. Correct what is wrong, or go back."))
    attention.save(by_verb=True)
    AttentionChange(
        attention=attention,
        changes=[_change(name, before[name], getattr(attention, name)) for name in changes],
        reason=why,
        changed_by=by,
        changed_at=at,
    ).save(by_verb=True)
    tally.put_in([attention]).write()
    _note("correct", attention, by, at, fields=changes)
    return attention


@transaction.atomic
def void_attention(*, attention: Attention, reason: str, by: Any, at: datetime) -> Attention:
    """Declare that an attention did not happen so. The row stays, and counts nowhere.

    :raises InvalidContent: no reason.
    :raises ClosedToChange: void already.
    """
    attention = _locked(attention)
    if attention.voided_at is not None:
        raise ClosedToChange(_("This attention does not count already."))
    why = _reason(reason)
    tally = Tally().take_out([attention])
    attention.voided_at, attention.voided_by, attention.void_reason = at, by, why
    attention.save(by_verb=True)
    tally.write()
    _note("void", attention, by, at)
    return attention


@transaction.atomic
def record_many(
    *,
    territory: Territory,
    contents: Sequence[AttentionContent],
    clerks: Sequence[Any] = (),
    source: str,
    batch: AttentionImport | None = None,
    by: Any,
    at: datetime,
) -> int:
    """Write many ended attentions of one municipality at once, with one note in the audit; returns how many.

    For what was checked before: files of queue machines, and the demonstration.

    :param clerks: who attended, one for each content; ``by`` for all where it is empty.
    :param batch: the file that they came with.
    """
    rows = []
    for number, content in enumerate(contents):
        row = _unchecked(content, source=source, by=clerks[number] if clerks else by, at=at)
        if row.territory_id != territory.pk:
            raise InvalidContent(_("The service point belongs to another municipality."), "service_point")
        row.batch = batch
        rows.append(row)
    Attention.objects.bulk_create(rows, batch_size=BATCH)
    Tally().put_in(rows).write()
    record(
        verb="benefits_core.record_attentions",
        object=territory,
        by=by,
        at=at,
        territory=territory,
        detail={"count": len(rows), "source": source},
    )
    return len(rows)


@transaction.atomic
def forget_person(*, person: Person, by: Any, at: datetime) -> int:
    """Leave every attention of ``person`` without a name: it still counts. Returns how many."""
    count = Attention.objects.filter(person=person).update(person=None)
    record(
        verb="benefits_core.forget_person",
        object=person,
        by=by,
        at=at,
        territory=person.territory,
        detail={"count": count},
    )
    return count


def _take_over(attention: Attention, said: Attention) -> None:
    """Write what is said now onto the stored row; times that were measured keep their seconds."""
    same_times = all(
        getattr(said, name) == getattr(attention, name) for name in ("ended_at", "wait_seconds", "service_seconds")
    )
    times = () if same_times else ("arrived_at", "started_at", "ended_at", "wait_seconds", "service_seconds", "day")
    plain = [name for name in CORRECTABLE if name not in TIMES]
    for name in (*plain, *times):
        setattr(attention, name, getattr(said, name))


def _built(
    content: AttentionContent, *, source: str, by: Any, at: datetime, known: Attention | None = None
) -> Attention:
    """The row of a content that was checked; what the ``known`` attention has already is not asked again."""
    _check_place(content.service_point, content.channel, content.matter, known)
    _check_outcome(content.outcome, source)
    for name in ("wait_minutes", "service_minutes"):
        minutes = getattr(content, name)
        if minutes is not None and not 0 <= minutes <= LONGEST_MINUTES:
            raise InvalidContent(_("Write minutes between 0 and %s.") % LONGEST_MINUTES, name)
    if content.ended_at > at + AHEAD:
        raise InvalidContent(_("The attention cannot be in the future."), "ended_at")
    if content.ended_at < at - OLDEST:
        raise InvalidContent(_("The attention is more than five years old."), "ended_at")
    return _unchecked(replace(content, ended_at=min(content.ended_at, at)), source=source, by=by, at=at)


def _unchecked(content: AttentionContent, *, source: str, by: Any, at: datetime) -> Attention:
    point = content.service_point
    served, waited = content.service_minutes, content.wait_minutes
    started = None if served is None else content.ended_at - timedelta(minutes=served)
    begun = started or content.ended_at
    arrived = (content.arrived_at or begun) if waited is None else begun - timedelta(minutes=waited)
    return Attention(
        service_point=point,
        territory=point.territory,
        channel=content.channel,
        day=_day(arrived, point.territory),
        arrived_at=arrived,
        started_at=started,
        ended_at=content.ended_at,
        wait_seconds=None if waited is None else round(waited * 60),
        service_seconds=None if served is None else round(served * 60),
        matter=content.matter,
        procedure_id=content.matter.procedure_id,
        preferential=content.preferential,
        outcome=content.outcome,
        person=content.person,
        source=source,
        external_id=content.external_id,
        recorded_by=by,
        recorded_at=at,
    )


def _check_place(point: ServicePoint, channel: str, matter: Matter, known: Attention | None = None) -> None:
    if not point.is_active and (known is None or known.service_point_id != point.pk):
        raise InvalidContent(_("This service point is closed."), "service_point")
    if channel not in Channel.values:
        raise InvalidContent(_("Choose one of the options shown."), "channel")
    if known is not None and known.territory_id != point.territory_id:
        raise InvalidContent(_("The service point belongs to another municipality."), "service_point")
    if known is None or known.matter_id != matter.pk:
        _check_matter(point.territory, matter)


def _check_matter(territory: Territory, matter: Matter) -> None:
    if not Matter.objects.offered_in(territory).filter(pk=matter.pk).exists():
        raise InvalidContent(_("The municipality does not offer this matter any more."), "matter")


def _check_outcome(outcome: str, source: str) -> None:
    # Files of queue machines do not always tell; nor does a clerk who went home without finishing.
    may_be_unknown = source in (AttentionSource.IMPORT, AttentionSource.QUEUE)
    if outcome not in Outcome.values or (outcome == Outcome.NOT_RECORDED and not may_be_unknown):
        raise InvalidContent(_("Say how the attention ended."), "outcome")


def _reason(text: str) -> str:
    why = " ".join((text or "").split())
    if not why:
        raise InvalidContent(_("Say why."), "reason")
    if len(why) > REASON_LENGTH:
        raise InvalidContent(_("Write %s characters at most.") % REASON_LENGTH, "reason")
    return why


def _locked(attention: Attention) -> Attention:
    rows = Attention.objects.select_for_update(of=("self",)).select_related("territory", "service_point", "matter")
    return rows.get(pk=attention.pk)


def _day(moment: datetime, territory: Territory) -> Any:
    return moment.astimezone(territory.zone).date()


def _change(name: str, before: Any, after: Any) -> dict[str, Any]:
    field = name.removesuffix("_id")
    if field == "person":
        return {"field": field, "before": before is not None, "after": after is not None}
    return {"field": field, "before": _plain(before), "after": _plain(after)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _note(verb: str, attention: Attention, by: Any, at: datetime, **detail: Any) -> None:
    record(
        verb=f"benefits_core.{verb}_attention",
        object=attention,
        by=by,
        at=at,
        territory=attention.territory,
        detail=detail,
    )
