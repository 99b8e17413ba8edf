"""Where messages leave: e-mail through Django's backend, text messages through a configured gateway.

What a gateway over HTTP is asked (``SMS_URL=https://user:password@host/path``)::

    POST <SMS_URL>/messages        Authorization: Basic …   Idempotency-Key: <reference>
    {"to": "+56987654321", "text": "…", "reference": "…", "callback": "https://…/acuses/sms/"}

    202 {"id": "…"}                                accepted; the same key again gives the same id
    400, 404, 410, 413, 422 {"error": "code"}      never to this address
    anything else, or no answer in time            perhaps later; with Retry-After, not before it (an hour at most)

Later it reports at ``callback``, signed (see ``signatures``), once or more often::

    {"reference": "…", "status": "delivered" | "undeliverable", "reason": "code", "at": "2026-03-02T12:00:00Z"}
"""

from __future__ import annotations

import logging
import re
import smtplib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from portal.foundation.messages.addresses import masked
from portal.foundation.messages.errors import PermanentFailure, TemporaryFailure
from portal.foundation.messages.models import Channel, Message

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
LONGEST_ANSWER = 64 * 1024
LONGEST_ASKED_SECONDS = 24 * 60 * 60
PERMANENT = {400, 404, 410, 413, 422}


class Gateway(Protocol):
    """Hands one text message over and returns the gateway's own id of it, or raises DeliveryFailure."""

    def send(self, message: Message) -> str: ...


class ConsoleGateway:
    """Writes the text message to the log: for development, and until a country names its gateway."""

    def send(self, message: Message) -> str:
        # What people are told is nobody's to read in a log, except where it is made up.
        text = message.body if settings.DEBUG or settings.DEMO else f"{len(message.body)} characters"
        logger.info("SMS to %s: %s", masked(message.address), text)
        return ""


@dataclass(frozen=True)
class Endpoint:
    """``SMS_URL`` in its parts."""

    url: str
    user: str
    password: str


def endpoint() -> Endpoint:
    parts = urlsplit(settings.SMS_URL)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    address = f"{host}:{parts.port}" if parts.port else host
    return Endpoint(
        f"{parts.scheme}://{address}{parts.path.rstrip('/')}",
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def callback_key() -> str:
    """What reports of deliveries are signed with; empty where there is no gateway that could report."""
    return endpoint().password if settings.SMS_URL.startswith("http") else ""


class HttpGateway:
    """Any gateway that speaks the protocol above."""

    def send(self, message: Message) -> str:
        import httpx

        at = endpoint()
        limits = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        content = {
            "to": message.address,
            "text": message.body,
            "reference": message.reference,
            "callback": settings.SITE_URL + reverse("messages:receipt"),
        }
        try:
            with (
                httpx.Client(timeout=limits, auth=(at.user, at.password), trust_env=False) as client,
                client.stream(
                    "POST", f"{at.url}/messages", json=content, headers={"Idempotency-Key": message.reference}
                ) as response,
            ):
                answer = _answer(response)
        except httpx.HTTPError as error:
            # Only its kind: the library's text may repeat the address it was given.
            raise TemporaryFailure(type(error).__name__) from None
        if response.status_code in PERMANENT:
            raise PermanentFailure(_code(answer.get("error")) or f"http_{response.status_code}")
        if response.status_code not in {200, 201, 202} or "id" not in answer:
            wait = asked_wait(response.headers.get("Retry-After", ""), timezone.now())
            raise TemporaryFailure(f"http_{response.status_code}", wait)
        return _code(answer["id"])


def deliver(message: Message) -> str:
    """Hand ``message`` over; returns the gateway's id of it, where it gives one.

    :raises PermanentFailure: it can never arrive; anything else that is raised may pass.
    """
    if message.channel != Channel.EMAIL:
        gateway: Gateway = import_string(settings.SMS_GATEWAY)()
        return gateway.send(message)
    try:
        as_email(message).send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        if codes and all(code >= 500 for code in codes):
            raise PermanentFailure(f"smtp_{codes[0]}") from None
        raise TemporaryFailure("smtp_refused") from None
    return ""


def as_email(message: Message) -> EmailMessage:
    """The e-mail of a message: the same identifier and date however often it is handed over."""
    return EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.address],
        headers={
            "Message-ID": message_id(message),
            "Date": format_datetime(message.created_at),
            "Auto-Submitted": "auto-generated",
        },
    )


def message_id(message: Message) -> str:
    """Stable for the row, so that a second copy is recognised as the same mail."""
    return f"<{message.reference.replace('-', '')}@{urlsplit(settings.SITE_URL).hostname}>"


def asked_wait(value: str, at: datetime) -> timedelta | None:
    """What a ``Retry-After`` asks for, in seconds or until a date (RFC 9110, 10.2.3); None where it says neither.

    How much of it is honoured is for the queue to say.
    """
    text = value.strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text[:9]), LONGEST_ASKED_SECONDS))
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    # Without a zone it is in GMT, as HTTP's dates are.
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(until - at, timedelta())


def _answer(response: Any) -> dict[str, Any]:
    """The JSON object of a response, read no further than it may be long; empty for anything else."""
    import json

    content = b""
    for piece in response.iter_bytes():
        content += piece
        if len(content) > LONGEST_ANSWER:
            return {}
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _code(value: Any) -> str:
    """A short code of the gateway's, with nothing in it that is not one."""
    return re.sub(r"[^\w.:-]", "", str(value or ""), flags=re.ASCII)[:100]
