"""Issuing a receipt, opening it again, writing to its contact, and forgetting that contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from portal.foundation.audit.domain import record
from portal.foundation.messages import domain as messages
from portal.foundation.messages.addresses import InvalidAddress, normalize_email, normalize_telephone
from portal.foundation.messages.models import Channel, Message
from portal.foundation.people import limits
from portal.foundation.people.identifiers import encrypt
from portal.foundation.receipts import hashing, keys
from portal.foundation.receipts.errors import AlreadyIssued, InvalidContact, ReceiptRefused
from portal.foundation.receipts.models import Receipt

TRIES_WINDOW = timedelta(hours=1)
# Whoever waits at a counter shares one address with everybody else there.
TRIES_PER_ADDRESS = 100
TRIES_PER_CODE = 10
CONTACT_KEPT = timedelta(days=90)
DRAWS = 5
NEWS = "receipt_news"


@dataclass(frozen=True)
class Issued:
    """The only moment at which the secret is known: show it to its owner and keep it nowhere."""

    receipt: Receipt
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Contact:
    """Where somebody wants to be told: ``address`` in its one written form."""

    channel: str
    address: str


def read_contact(text: str) -> Contact:
    """Tell e-mail from telephone, and check it.

    :raises InvalidContact: neither of them.
    """
    try:
        if "@" in text:
            return Contact(Channel.EMAIL, normalize_email(text))
        return Contact(Channel.SMS, normalize_telephone(text))
    except InvalidAddress as error:
        raise InvalidContact from error


def issue(*, subject: models.Model, territory: Any, by: Any, at: datetime, contact: str | None = None) -> Issued:
    """Give the sender of ``subject`` a code and a secret, in the caller's transaction.

    Messages to the contact are written in the language that is active now.

    :param by: the clerk who took it down for somebody; None for the sender alone.
    :param contact: an e-mail or a mobile number, as it was typed; voluntary.
    :raises InvalidContact: neither; AlreadyIssued: the subject has its receipt.
    """
    reached = read_contact(contact) if contact and contact.strip() else None
    secret = keys.draw_secret()
    # Before any row is locked: the hash is slow on purpose.
    hashed = hashing.hash_of(keys.normalize_secret(secret))
    for _draw in range(DRAWS):
        if Receipt.objects.of(subject).exists():
            raise AlreadyIssued
        receipt = Receipt(
            code=keys.draw_code(),
            secret_hash=hashed,
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            territory=territory,
            language=translation.get_language() or settings.LANGUAGE_CODE,
            contact_channel=reached.channel if reached else "",
            contact=encrypt(reached.address) if reached else "",
            created_at=at,
            created_by=by,
        )
        try:
            with transaction.atomic():
                receipt.save(force_insert=True, by_verb=True)
                record(
                    verb="receipts.issue",
                    object=receipt,
                    by=by,
                    at=at,
                    territory=territory,
                    detail={"subject_type": receipt.subject_type, "subject_id": receipt.subject_id},
                )
        except IntegrityError:
            continue  # the same code was drawn before, or two issued at once
        return Issued(receipt, secret)
    raise AlreadyIssued


def open(*, code: str, secret: str, address: str, at: datetime) -> Receipt:
    """The receipt with that code, for whoever knows its secret.

    A wrong code costs the same work as a wrong secret, and gets the same answer. Call it outside any
    transaction that may be undone: the attempts must stay counted.

    :param address: the visitor's network address; counted, never kept.
    :raises ReceiptRefused: wrong code, wrong secret, or too many attempts of this address or at this code.
    """
    wanted = keys.normalize_code(code)
    attempts = [
        limits.allow(action="receipts.open", address=who, limit=limit, window=TRIES_WINDOW, at=at)
        for who, limit in ((address, TRIES_PER_ADDRESS), (f"code {wanted}", TRIES_PER_CODE))
    ]
    if not all(attempts):
        raise ReceiptRefused
    words = keys.normalize_secret(secret)
    receipt = Receipt.objects.select_related("territory").filter(code=wanted).first()
    if receipt is None:
        hashing.hash_of(words)
        raise ReceiptRefused
    if not hashing.is_hash_of(receipt.secret_hash, words):
        raise ReceiptRefused
    limits.forget(action="receipts.open", address=f"code {wanted}", window=TRIES_WINDOW, at=at)
    _note("receipts.open", receipt, at)
    return receipt


def notify(
    *, receipt: Receipt, template: str, context: Mapping[str, Any], dedupe_key: str, at: datetime
) -> Message | None:
    """Write to the receipt's contact, in its language; None where there is none.

    ``receipt`` and ``follow_up_url`` are added to the context, so that a text can name the code and the
    page to open it; never put a secret there. A telephone gets ``<template>.sms.txt``, or where there is
    none the news that there is news.

    :param dedupe_key: unique within the receipt: a second call sends nothing.
    """
    if not receipt.contact:
        return None
    if receipt.contact_channel == Channel.SMS and not messages.has_short_text(template):
        template = NEWS
    with translation.override(receipt.language):
        return messages.send(
            to=receipt.address,
            channel=receipt.contact_channel,
            template=template,
            context={
                **context,
                "receipt": receipt,
                "follow_up_url": settings.SITE_URL + reverse("receipts:open"),
            },
            dedupe_key=f"{messages_key(receipt.pk)}{dedupe_key}",
            at=at,
        )


@transaction.atomic
def close(*, receipt: Receipt, at: datetime) -> Receipt:
    """The subject came to its end: its contact is erased 90 days from now, by the territory's calendar."""
    return _set_end(receipt, at.astimezone(receipt.territory.zone).date() + CONTACT_KEPT)


@transaction.atomic
def reopen(*, receipt: Receipt, at: datetime) -> Receipt:
    """The subject goes on: the contact is needed for longer. One that was erased does not come back."""
    return _set_end(receipt, None)


@transaction.atomic
def forget_contact(*, receipt: Receipt, by: Any, at: datetime) -> Receipt:
    """Erase the contact now, because its owner asks."""
    locked = _lock(receipt)
    if locked.contact:
        _erase_contact(locked, by, at)
    return locked


@transaction.atomic
def forget_due_contacts(*, at: datetime, limit: int) -> int:
    """Erase at most ``limit`` of the contacts whose day has come; returns how many."""
    # Days differ by at most one among a country's zones, and the last one to begin has begun by then.
    due = list(
        Receipt.objects.with_contact_due(at.date())
        .select_related("territory")
        .select_for_update(of=("self",))
        .order_by("pk")[:limit]
    )
    for receipt in due:
        _erase_contact(receipt, None, at)
    return len(due)


def messages_of(receipt: Receipt) -> QuerySet[Message]:
    """What was sent to the contact and not erased yet."""
    return Message.objects.filter(dedupe_key__startswith=messages_key(receipt.pk)).exclude(address_index="")


def erase_messages(receipt: Receipt) -> int:
    """Erase texts and address of what was sent to the contact; returns how many."""
    return messages.erase_texts(messages_of(receipt))


def receipt_content(receipt: Receipt) -> dict[str, Any]:
    """What is protected of a receipt: nobody gives himself a key to another's case past the verbs."""
    return {
        "code": receipt.code,
        "secret": receipt.secret_hash,
        "subject": [receipt.subject_type, receipt.subject_id],
    }


def messages_key(receipt_id: int) -> str:
    """How the keys of all messages of one receipt begin."""
    return f"receipt:{receipt_id}:"


def _erase_contact(receipt: Receipt, by: Any, at: datetime) -> None:
    erase_messages(receipt)
    receipt.contact = receipt.contact_channel = ""
    receipt.contact_delete_on, receipt.contact_deleted_at = None, at
    receipt.save(by_verb=True, update_fields=["contact", "contact_channel", "contact_delete_on", "contact_deleted_at"])
    record(verb="receipts.forget_contact", object=receipt, by=by, at=at, territory=receipt.territory)


def _set_end(receipt: Receipt, day: Any) -> Receipt:
    locked = _lock(receipt)
    if locked.contact:
        locked.contact_delete_on = day
        locked.save(by_verb=True, update_fields=["contact_delete_on"])
    return locked


def _lock(receipt: Receipt) -> Receipt:
    return Receipt.objects.select_for_update(of=("self",)).select_related("territory").get(pk=receipt.pk)


def _note(verb: str, receipt: Receipt, at: datetime) -> None:
    with transaction.atomic():
        record(verb=verb, object=receipt, by=None, at=at, territory=receipt.territory)
