"""A person's contacts across channels: one statement, by pages, only where whoever looks may see them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from benefits_core import contacts
from benefits_core.contacts import COLUMNS, Contact, ContactSource
from benefits_core.enums import AppointmentState, Channel, Outcome
from benefits_core.models import Appointment, Attention
from benefits_core.rules import HISTORY_READERS
from portal.foundation.messages.models import Channel as MessageChannel
from portal.foundation.messages.models import Message, MessageState
from portal.foundation.people.identifiers import InvalidIdentifier, blind_index, normalize
from portal.foundation.people.models import Person
from portal.foundation.receipts.domain import messages_key
from portal.foundation.receipts.models import Receipt
from portal.foundation.ui.translated import localized

NOTICES = "messages.notice"
# Of somebody with more, messages are looked for about the newest.
RECEIPTS_LOOKED_UP = 100
FIELDS = ("contact_kind", "contact_row", "contact_at", *(f"contact_{number}" for number in range(COLUMNS)))


def person_named(scheme: str, value: str) -> Person | None:
    """Whoever has the identifier, wherever registered: what is shown of the contacts depends on who looks."""
    try:
        index = blind_index(scheme, normalize(scheme, value))
    except InvalidIdentifier:
        return None
    return Person.objects.filter(identifiers__scheme=scheme, identifiers__blind_index=index).first()


def history(person: Person, user: Any, *, kind: str = "") -> QuerySet[Any]:
    """The contacts that ``user`` may see, the newest first, as rows for :func:`described`.

    One query once it is sliced, and another before it for the receipts whose messages belong to it.

    :param kind: the key of one source; "" for all.
    """
    chosen = [source for source in contacts.sources() if kind in ("", source.key)]
    parts = [_columns(source.key, source.rows(person, user), source.at, source.columns) for source in chosen]
    if kind in ("", NOTICES):
        parts.append(_columns(NOTICES, _messages(person, user), "created_at", ("channel", "state", "subject")))
    if not parts:
        parts.append(_columns("", Attention.objects.none(), "arrived_at", ()))
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return found.order_by("-contact_at", "contact_kind", "-contact_row")


def described(rows: Iterable[dict[str, Any]]) -> list[Contact]:
    """The rows of one page in words; no query."""
    return [
        (_notice if row["contact_kind"] == NOTICES else contacts.source(row["contact_kind"]).describe)(
            row["contact_row"], row["contact_at"], [row[name] for name in FIELDS[3:]]
        )
        for row in rows
    ]


def kinds() -> list[tuple[str, Any]]:
    """Key and name of each kind, to choose one."""
    return [*((source.key, source.label) for source in contacts.sources()), (NOTICES, _("Messages that we sent"))]


def _columns(key: str, rows: QuerySet[Any], at: str, columns: Sequence[str]) -> QuerySet[Any]:
    text = CharField()
    values: dict[str, Any] = {
        name: Coalesce(Cast(columns[number], text), Value(""), output_field=text)
        if number < len(columns)
        else Value("", output_field=text)
        for number, name in enumerate(FIELDS[3:])
    }
    annotated = rows.order_by().annotate(
        contact_kind=Value(key, output_field=text),
        contact_row=Cast("pk", text),
        contact_at=F(at),
        **values,
    )
    return annotated.values(*FIELDS)


def _messages(person: Person, user: Any) -> QuerySet[Message]:
    """To the contacts that the person left with what ``user`` may see."""
    of_them = Q(pk__in=[])
    for source in contacts.sources():
        if source.has_receipt:
            rows = source.rows(person, user).order_by()
            ids = rows.annotate(contact_row=Cast("pk", CharField())).values("contact_row")
            of_them |= Q(subject_type=rows.model._meta.label_lower, subject_id__in=ids)
    receipts = Receipt.objects.filter(of_them).order_by("-pk").values_list("pk", flat=True)[:RECEIPTS_LOOKED_UP]
    # Keys of one receipt lie side by side in the index: from «receipt:7:» to what comes after it.
    ranges = [Q(dedupe_key__gte=messages_key(pk), dedupe_key__lt=f"{messages_key(pk)[:-1]};") for pk in receipts]
    return Message.objects.filter(reduce(lambda one, other: one | other, ranges, Q(pk__in=[])))


def _notice(_row: str, at: datetime, values: Sequence[str]) -> Contact:
    """That something was sent, and whether it arrived; never its text."""
    channel, state, subject = values[0], values[1], values[2]
    return Contact(
        at,
        _("Messages that we sent"),
        subject or str(MessageChannel(channel).label),
        f"{MessageChannel(channel).label}: {MessageState(state).label}",
    )


def _here(user: Any) -> Q:
    return user.scope.territories("territory_id", "territory__path", HISTORY_READERS)


def _attention(row: str, at: datetime, values: Sequence[str]) -> Contact:
    outcome = str(Outcome(values[2]).label) if values[2] else gettext("Not finished yet")
    return Contact(
        at,
        _("Attentions"),
        localized(json.loads(values[0] or "{}")),
        f"{Channel(values[1]).label}. {outcome}",
        values[3],
        reverse("benefits_core:attention", args=[row]),
    )


def _appointment(row: str, at: datetime, values: Sequence[str]) -> Contact:
    return Contact(
        at,
        _("Appointments"),
        localized(json.loads(values[0] or "{}")),
        str(AppointmentState(values[1]).label),
        values[2],
    )


ATTENTIONS = ContactSource(
    key="benefits_core.attention",
    label=_("Attentions"),
    rows=lambda person, user: Attention.objects.counted().filter(_here(user), person=person),
    at="arrived_at",
    columns=("matter__name", "channel", "outcome", "service_point__name"),
    describe=_attention,
)
APPOINTMENTS = ContactSource(
    key="benefits_core.appointment",
    label=_("Appointments"),
    rows=lambda person, user: Appointment.objects.filter(_here(user), person=person),
    at="starts_at",
    columns=("matter__name", "state", "service_point__name"),
    describe=_appointment,
    has_receipt=True,
)
