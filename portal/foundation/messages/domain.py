"""Sending: the text is fixed and stored in the caller's transaction; a worker delivers it.

What became of it is noted by the worker, and later by the gateway's report (:func:`note_receipt`).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation

from portal.foundation.audit.domain import record
from portal.foundation.jobs import domain as jobs
from portal.foundation.jobs.models import JobState
from portal.foundation.messages import gateways, segments
from portal.foundation.messages.addresses import InvalidAddress, normalize_telephone
from portal.foundation.messages.errors import MessageError, NoAddress, NotToBeRetried, PermanentFailure
from portal.foundation.messages.models import Channel, Message, MessageState
from portal.foundation.people.identifiers import blind_index
from portal.foundation.people.models import User

__all__ = [
    "MessageError",
    "NoAddress",
    "NotToBeRetried",
    "keep_no_text",
    "note_receipt",
    "retry",
    "retry_failed",
    "send",
    "send_many",
    "written",
]

SUBJECT_LENGTH = 200
CHUNK = 25
DELIVER = "messages.deliver"
SEND_MANY = "messages.send_many"
RETRY_FAILED = "messages.retry_failed"


ERASED = "erased"
TEXTS_KEPT = timedelta(days=365)
WAITING = (MessageState.QUEUED, MessageState.FAILED)
_NOT_KEPT: set[str] = set()


@dataclass(frozen=True)
class HandedOver:
    """What the gateway said: its own id of the message, or the reason why it never takes it."""

    gateway_id: str = ""
    refused: str = ""


def send(
    *,
    to: User | str,
    template: str,
    context: Mapping[str, Any],
    dedupe_key: str,
    at: datetime,
    channel: str = Channel.EMAIL,
) -> Message:
    """Write a message and its delivery job in the caller's transaction.

    :param to: a user, or an address (e-mail, telephone) of somebody without an account.
    :param template: ``templates/messages/<template>.subject.txt`` and ``.body.txt``, rendered now, in
        the recipient's language, as plain text; ``site_url`` and ``recipient`` are added to the context.
        A text message takes ``.sms.txt`` where there is one, and is written plainly (see ``segments``).
    :param dedupe_key: a second call with the same key sends nothing and returns the first message.
    :raises NoAddress: a user without an address in ``channel``, or no mobile number for a text message.
    """
    existing = Message.objects.filter(dedupe_key=dedupe_key).first()
    if existing:
        return existing
    user = to if isinstance(to, User) else None
    language = user.language if user else translation.get_language() or settings.LANGUAGE_CODE
    subject, body = written(
        template=template, channel=channel, context={**context, "recipient": user}, language=language
    )
    address = _address(to, channel)
    message = Message(
        channel=channel,
        recipient=user,
        address=address,
        address_index=index_of(address),
        template=template,
        language=language,
        subject=subject,
        body=body,
        dedupe_key=dedupe_key,
        created_at=at,
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
            jobs.enqueue(kind=DELIVER, payload={"message": str(message.pk)}, at=at, dedupe_key=f"message:{message.pk}")
    except IntegrityError:
        # Somebody else wrote the same key between our look and our insert.
        return Message.objects.get(dedupe_key=dedupe_key)
    return message


def written(*, template: str, channel: str, context: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Subject and text of a message as it would go: what :func:`send` writes, and what a page shows before."""
    values = {"recipient": None, **context, "site_url": settings.SITE_URL}
    with translation.override(language):
        return " ".join(_render(template, "subject", values).split())[:SUBJECT_LENGTH], _body(template, channel, values)


def keep_no_text(template: str) -> None:
    """Messages of ``template`` lose text and address as soon as they went, or could not go: their text opens
    something that is nobody else's business. They are not sent again. Called when an application starts."""
    _NOT_KEPT.add(template)


def send_many(
    *, recipients: Sequence[tuple[int, Mapping[str, Any]]], template: str, dedupe_key: str, at: datetime
) -> jobs.Job:
    """Write one e-mail to each of many users, some at a time, in a job.

    :param recipients: user id and the context of that user's text (values that JSON can hold).
    :param dedupe_key: of the whole mailing; each user's message gets ``<dedupe_key>:<user id>``, so
        a mailing that is repeated or resumed writes to nobody twice.
    """
    payload = {
        "recipients": [[user_id, dict(context)] for user_id, context in recipients],
        "template": template,
        "dedupe_key": dedupe_key,
        "at": at.isoformat(),
    }
    return jobs.enqueue(kind=SEND_MANY, payload=payload, at=at, dedupe_key=f"mailing:{dedupe_key}")


@jobs.handler(SEND_MANY)
def _send_chunk(job: jobs.Job) -> jobs.Continue | None:
    chunk, rest = job.payload["recipients"][:CHUNK], job.payload["recipients"][CHUNK:]
    users = User.objects.filter(is_active=True).in_bulk([user_id for user_id, _context in chunk])
    for user_id, context in chunk:
        # Somebody whose account was closed meanwhile is passed over.
        if user_id in users:
            send(
                to=users[user_id],
                template=job.payload["template"],
                context=context,
                dedupe_key=f"{job.payload['dedupe_key']}:{user_id}",
                at=datetime.fromisoformat(job.payload["at"]),
            )
    done = job.progress_done + len(chunk)
    return jobs.Continue({**job.payload, "recipients": rest}, done, done + len(rest)) if rest else None


def has_short_text(template: str) -> bool:
    """Is there a text of its own for text messages?"""
    try:
        get_template(f"messages/{template}.sms.txt")
    except TemplateDoesNotExist:
        return False
    return True


def index_of(address: str) -> str:
    """By which the messages to one address are found; letter case does not tell addresses apart."""
    return blind_index("address", address.lower())


@transaction.atomic
def note_receipt(*, message_id: uuid.UUID, sending: int, state: str, reason: str, at: datetime) -> bool:
    """Note what the gateway reports. False where there is no such message.

    A report that comes twice, late, or of an earlier sending changes nothing; but a message that
    arrived has arrived, whichever sending it was.
    """
    message = Message.objects.select_for_update(of=("self",)).filter(pk=message_id).first()
    if message is None:
        return False
    is_current = sending == message.round or state == MessageState.DELIVERED
    if is_current and message.may_become(state):
        message.state, message.reported_at = MessageState(state), at
        message.reason = reason if state == MessageState.UNDELIVERABLE else ""
        message.save(update_fields=["state", "reported_at", "reason"])
    return True


@transaction.atomic
def retry(*, message: Message, by: Any, at: datetime) -> Message:
    """Send again what failed or could not be delivered.

    What failed keeps its reference, since the gateway may have taken it after all; what the gateway
    could not deliver is a new sending to it.

    :raises NotToBeRetried: on its way, arrived, or its address was erased.
    """
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if not message.may_become(MessageState.QUEUED) or not message.address:
        raise NotToBeRetried
    earlier = message.state
    message.round += earlier == MessageState.UNDELIVERABLE
    message.state, message.error, message.reason, message.reported_at = MessageState.QUEUED, "", "", None
    message.save(update_fields=["round", "state", "error", "reason", "reported_at"])
    _deliver_again(message, at)
    record(verb="messages.retry", object=message, by=by, at=at, detail={"was": earlier, "channel": message.channel})
    return message


@transaction.atomic
def retry_failed(*, by: Any, at: datetime) -> int:
    """Send everything again that failed up to now, some at a time, in a job. Returns how many that is."""
    failed = _failed_until(at)
    count = failed.count()
    first = failed.order_by("created_at", "pk").first()
    if first is not None:
        jobs.enqueue(kind=RETRY_FAILED, payload={"until": at.isoformat(), "done": 0, "total": count}, at=at)
        record(verb="messages.retry_failed", object=first, by=by, at=at, detail={"count": count})
    return count


@jobs.handler(RETRY_FAILED)
def _retry_chunk(job: jobs.Job) -> jobs.Continue | None:
    until = datetime.fromisoformat(job.payload["until"])
    waiting = _failed_until(until).select_for_update(of=("self",))
    chunk = list(waiting.order_by("created_at", "pk")[:CHUNK])
    for message in chunk:
        message.state, message.error = MessageState.QUEUED, ""
        message.save(update_fields=["state", "error"])
        _deliver_again(message, job.moment)
    done = job.payload["done"] + len(chunk)
    return jobs.Continue({**job.payload, "done": done}, done, job.payload["total"]) if chunk else None


def _failed_until(at: datetime) -> QuerySet[Message]:
    """What can be sent again: what lost its address cannot."""
    return Message.objects.filter(state=MessageState.FAILED, created_at__lte=at).exclude(address_index="")


def erase_texts(messages: QuerySet[Message]) -> int:
    """Erase texts and addresses of ``messages``; that they were sent, and when, stays. Returns how many.

    What had not gone yet does not go any more.
    """
    return messages.update(subject="", body="", address="", address_index="", error="", gateway_id="")


def old_texts(at: datetime) -> QuerySet[Message]:
    """Messages whose texts have served their purpose."""
    found = Message.objects.filter(created_at__lt=at - TEXTS_KEPT).exclude(state=MessageState.QUEUED)
    return found.exclude(address_index="")


def forget_old_texts(*, at: datetime, limit: int) -> int:
    """Erase the texts of a year ago, at most ``limit``."""
    ids = list(old_texts(at).order_by("created_at", "pk").values_list("pk", flat=True)[:limit])
    return erase_texts(Message.objects.filter(pk__in=ids))


def _deliver_again(message: Message, at: datetime) -> None:
    failed = jobs.Job.objects.filter(
        kind=DELIVER, dedupe_key__startswith=f"message:{message.pk}", state=JobState.FAILED
    ).first()
    if failed is None or not jobs.retry(job_id=failed.pk, at=at):
        key = f"message:{message.pk}:{message.round}:{at.isoformat()}"
        jobs.enqueue(kind=DELIVER, payload={"message": str(message.pk)}, at=at, dedupe_key=key)


def _hand_over(job: jobs.Job) -> HandedOver | None:
    """Give the message to its gateway, outside any transaction: a slow server holds nobody up.

    Where the worker dies between the gateway's yes and our commit, the job runs again and the same
    message is handed over once more: with the same Message-ID and date, or under the same idempotency
    key, so that whoever receives it knows it again.
    """
    message = Message.objects.get(pk=job.payload["message"])
    if message.state not in WAITING:
        return None
    if not message.address:
        return HandedOver(refused=ERASED)
    try:
        return HandedOver(gateway_id=gateways.deliver(message))
    except PermanentFailure as refused:
        return HandedOver(refused=refused.reason)


def _record_failure(job: jobs.Job, at: datetime) -> None:
    Message.objects.filter(pk=job.payload["message"], state__in=WAITING).update(
        state=MessageState.FAILED, error=job.error, attempts=job.attempts
    )
    _keep_or_forget(Message.objects.get(pk=job.payload["message"]))


@jobs.handler(DELIVER, prepare=_hand_over, on_failed=_record_failure)
def _record_delivery(job: jobs.Job, handed: HandedOver | None) -> None:
    if handed is None:
        return
    message = Message.objects.select_for_update(of=("self",)).get(pk=job.payload["message"])
    message.attempts, message.gateway_id = job.attempts, handed.gateway_id
    message.sent_at = message.sent_at if handed.refused else job.moment
    outcome = MessageState.UNDELIVERABLE if handed.refused else MessageState.SENT
    # The gateway's report may have been faster than this note.
    if message.may_become(outcome):
        message.state, message.reason = outcome, handed.refused
        message.reported_at = job.moment if handed.refused else None
    message.save(update_fields=["state", "sent_at", "attempts", "gateway_id", "reason", "reported_at"])
    _keep_or_forget(message)


def _keep_or_forget(message: Message) -> None:
    if message.template in _NOT_KEPT:
        erase_texts(Message.objects.filter(pk=message.pk))


def _address(to: User | str, channel: str) -> str:
    address = to if isinstance(to, str) else (to.email if channel == Channel.EMAIL else "")
    if not address:
        raise NoAddress
    try:
        return address if channel == Channel.EMAIL else normalize_telephone(address)
    except InvalidAddress as error:
        raise NoAddress from error


def _body(template: str, channel: str, values: dict[str, Any]) -> str:
    if channel == Channel.EMAIL:
        return _render(template, "body", values).strip() + "\n"
    part = "sms" if has_short_text(template) else "body"
    return segments.plain(" ".join(_render(template, part, values).split()))


def _render(template: str, part: str, values: dict[str, Any]) -> str:
    # Plain text: escaping would show «&#x27;» to the reader.
    engine_template: Any = get_template(f"messages/{template}.{part}.txt")
    return engine_template.template.render(Context(values, autoescape=False))
