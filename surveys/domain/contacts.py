"""Contacts of a round: from a file or from the register, let go of with the fieldwork, and no more at all if wished."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.messages.domain import erase_texts
from portal.foundation.messages.models import Channel, Message
from portal.foundation.receipts.keys import CODE_LENGTH, normalize_code
from surveys.domain.checks import local_day
from surveys.domain.codes import opt_out_code, opt_out_index
from surveys.domain.contact_files import MOST_BYTES, ContactRow, RowError, read_contacts
from surveys.errors import InvalidContent, NotPossibleNow
from surveys.models import Invitation, Round, SurveyContact, SurveyOptOut
from surveys.queries.frame import known_contacts
from surveys.queries.mailings import MESSAGE_KEY, messages_of

__all__ = [
    "MOST_BYTES",
    "Added",
    "add_contacts",
    "add_known_contacts",
    "answered",
    "contacts_due",
    "erase_contacts",
    "forget_contacts",
    "forget_old_contacts",
    "index_of",
    "message_key",
    "opt_out",
]

STORED_AT_ONCE = 500


@dataclass(frozen=True)
class Added:
    """What came of a list: contacts added, those known to this round already, those who want no messages, those
    whose channel is none of this survey's; and the rows that could not be used."""

    added: int
    known: int
    unwanted: int
    elsewhere: int
    errors: list[tuple[int, RowError]]


def index_of(address: str) -> str:
    """Under which one address is found, in contacts and in wishes."""
    return opt_out_index(opt_out_code(address))


@transaction.atomic
def add_contacts(*, round: Round, content: bytes, channel: str = "", by: Any, at: datetime) -> Added:
    """Add the contacts of a csv. The file is not kept.

    :param channel: of the rows that say none.
    :raises InvalidContent: the file is no list of contacts.
    :raises NotPossibleNow: the round has ended, or asks everybody.
    """
    found = read_contacts(content, channel=channel)
    return _add(round, found.rows, found.errors, "file", by, at)


@transaction.atomic
def add_known_contacts(*, round: Round, by: Any, at: datetime) -> Added:
    """Add those of the register of attentions whose contact is known: who has an account of their own.

    A contact that was left with a complaint or an appointment was left for that, and is not taken.

    :raises NotPossibleNow: the round has ended, or asks everybody.
    """
    today = local_day(round.territory, at)
    rows = [
        ContactRow(number, Channel.EMAIL, email, channel, language)
        for number, (email, channel, language) in enumerate(known_contacts(round.territory, today), start=1)
    ]
    return _add(round, rows, [], "register", by, at)


def _add(
    round: Round, rows: list[ContactRow], errors: list[tuple[int, RowError]], source: str, by: Any, at: datetime
) -> Added:
    held = Round.objects.select_for_update(of=("self",)).select_related("territory__region").get(pk=round.pk)
    if held.asks_everybody:
        raise NotPossibleNow(_("A team is asked whole, by its link."))
    if held.has_ended or held.closed_at:
        raise NotPossibleNow(_("This survey takes no answers any more."))
    strata = {one.channel: one for one in held.strata.all()}
    indexes = {row: index_of(row.address) for row in rows}
    known = set(SurveyContact.objects.filter(stratum__round=held).values_list("address_index", flat=True))
    unwanted = set(_unwanted(indexes.values()))
    fresh = [row for row in rows if indexes[row] not in known | unwanted and row.channel in strata]
    SurveyContact.objects.bulk_create(
        (
            SurveyContact(
                stratum=strata[row.channel],
                kind=row.kind,
                address=row.address,
                address_index=indexes[row],
                language=row.language,
            )
            for row in fresh
        ),
        batch_size=STORED_AT_ONCE,
    )
    found = Added(
        added=len(fresh),
        known=sum(indexes[row] in known for row in rows),
        unwanted=sum(indexes[row] in unwanted - known for row in rows),
        elsewhere=sum(indexes[row] not in known | unwanted and row.channel not in strata for row in rows),
        errors=errors,
    )
    detail = {"source": source, "added": found.added, "refused": len(errors)}
    record(verb="surveys.add_contacts", object=held, by=by, at=at, territory=held.territory, detail=detail)
    return found


def _unwanted(indexes: Iterable[str]) -> Iterable[str]:
    wanted = list(indexes)
    for start in range(0, len(wanted), STORED_AT_ONCE):
        some = wanted[start : start + STORED_AT_ONCE]
        yield from SurveyOptOut.objects.filter(address_index__in=some).values_list("address_index", flat=True)


@transaction.atomic
def opt_out(*, code: str, by: Any, at: datetime) -> None:
    """No more messages of any survey to whoever this code was written to. Their invitation stays good.

    The code itself is a keyed hash of the address, so it works when the contact is long gone; a code that was
    never given changes nothing for anybody.

    :raises InvalidContent: no code at all.
    """
    normalized = normalize_code(code)
    if len(normalized) != CODE_LENGTH:
        raise InvalidContent(_("The code has ten letters and numbers. Look at your message again."), "code")
    index = opt_out_index(normalized)
    wish, is_new = SurveyOptOut.objects.get_or_create(address_index=index, defaults={"since": at.date()})
    SurveyContact.objects.filter(address_index=index).delete()
    if is_new:
        record(verb="surveys.opt_out", object=wish, by=by, at=at)


@transaction.atomic
def forget_contacts(*, round: Round, by: Any, at: datetime) -> int:
    """Delete every contact of a round, and what the outbox still keeps of their messages. Returns how many."""
    count, _kinds = SurveyContact.objects.filter(stratum__round=round).delete()
    erase_texts(messages_of(round).exclude(address_index=""))
    if count:
        detail = {"count": count}
        record(verb="surveys.forget_contacts", object=round, by=by, at=at, territory=round.territory, detail=detail)
    return count


@transaction.atomic
def erase_contacts(*, found: QuerySet[SurveyContact], by: Any, at: datetime) -> int:
    """Delete contacts because their owner asked for it, with what the outbox still keeps of their messages."""
    rounds: dict[int, Round] = {}
    count = 0
    for contact in found.select_related("stratum__round__territory"):
        round = rounds.setdefault(contact.stratum.round_id, contact.stratum.round)
        keys = [message_key(round, contact, wave) for wave in range(1, contact.wave + 1)]
        erase_texts(Message.objects.filter(dedupe_key__in=keys).exclude(address_index=""))
        contact.delete()
        count += 1
    for round in rounds.values():
        record(verb="surveys.erase_contacts", object=round, by=by, at=at, territory=round.territory)
    return count


def contacts_due(at: datetime) -> QuerySet[SurveyContact]:
    """Those of a survey whose last day has passed everywhere in the country."""
    return SurveyContact.objects.filter(stratum__round__closes_on__lt=at.date() - timedelta(days=1))


def forget_old_contacts(*, at: datetime, limit: int) -> int:
    """Delete at most ``limit`` of them."""
    pks = list(contacts_due(at).order_by("pk").values_list("pk", flat=True)[:limit])
    return SurveyContact.objects.filter(pk__in=pks).delete()[0]


def message_key(round: Round, contact: SurveyContact, wave: int) -> str:
    """By which a message is written once: what it is of, to whom, and which one in a row."""
    return f"{MESSAGE_KEY}:{round.pk}:{contact.pk}:{wave}"


def answered(contacts: Iterable[SurveyContact], codes: dict[int, str]) -> set[int]:
    """Which of ``contacts``, already written to, have no invitation left: they answered. One query."""
    left = set(Invitation.objects.filter(token_hash__in=codes.values()).values_list("token_hash", flat=True))
    return {contact.pk for contact in contacts if contact.wave and codes[contact.pk] not in left}
