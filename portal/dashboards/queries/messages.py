"""Messages and what became of them, for whoever runs the platform: never their texts, addresses masked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.foundation.messages.addresses import InvalidAddress, normalize_telephone
from portal.foundation.messages.domain import index_of
from portal.foundation.messages.models import Message, MessageState

TONES = {
    MessageState.QUEUED: "info",
    MessageState.SENT: "neutral",
    MessageState.DELIVERED: "good",
    MessageState.UNDELIVERABLE: "bad",
    MessageState.FAILED: "bad",
}
REASONS = {
    "no_such_number": gettext_lazy("The number does not exist."),
    "erased": gettext_lazy("The person asked us to erase the address before it went."),
    "absent_subscriber": gettext_lazy("The telephone was off or out of reach for too long."),
    "smtp_550": gettext_lazy("The mailbox does not exist."),
    "smtp_552": gettext_lazy("The mailbox is full."),
    "ConnectError": gettext_lazy("The gateway did not answer. Ask whoever runs it."),
    "ConnectTimeout": gettext_lazy("The gateway did not answer. Ask whoever runs it."),
    "ReadTimeout": gettext_lazy("The gateway answered too late."),
    "http_401": gettext_lazy("The gateway does not accept our password. Check SMS_URL."),
    "http_403": gettext_lazy("The gateway does not accept our password. Check SMS_URL."),
    "http_429": gettext_lazy("The gateway asks us to send more slowly."),
    "http_500": gettext_lazy("The gateway had a fault."),
    "http_503": gettext_lazy("The gateway had a fault."),
}


@dataclass(frozen=True)
class MessageFilter:
    """What to look for; an empty value does not narrow. ``destino`` is a whole address."""

    estado: str = ""
    canal: str = ""
    destino: str = ""
    desde: date | None = None
    hasta: date | None = None


@dataclass(frozen=True)
class MessageRow:
    """One message as the list shows it; ``why`` explains a failure in words."""

    message: Message
    tone: str
    why: str
    may_retry: bool


def found_messages(wanted: MessageFilter) -> QuerySet[Message]:
    """The newest first, without their texts."""
    found = Message.objects.defer("body").order_by("-created_at", "pk")
    if wanted.estado:
        found = found.filter(state=wanted.estado)
    if wanted.canal:
        found = found.filter(channel=wanted.canal)
    if wanted.destino:
        found = found.filter(address_index=index_of(_one_form(wanted.destino)))
    if wanted.desde:
        found = found.filter(created_at__gte=_start_of(wanted.desde))
    if wanted.hasta:
        found = found.filter(created_at__lt=_start_of(wanted.hasta, following=True))
    return found


def counted_by_state() -> list[tuple[str, int]]:
    """Label of each state and how many messages are in it, in the order of a message's life; one query."""
    counts = dict(Message.objects.values_list("state").annotate(count=Count("pk")).order_by())
    return [(str(state.label), counts.get(state.value, 0)) for state in MessageState]


def described(messages: Iterable[Message]) -> list[MessageRow]:
    return [
        MessageRow(
            message,
            TONES[MessageState(message.state)],
            why_not(message),
            message.may_become(MessageState.QUEUED) and bool(message.address),
        )
        for message in messages
    ]


def why_not(message: Message) -> str:
    """Why it failed or could not be delivered, in words where the code is known; "" for any other state."""
    if message.state == MessageState.UNDELIVERABLE:
        code = message.reason
    elif message.state == MessageState.FAILED:
        code = message.error.rpartition(": ")[2]
    else:
        return ""
    return str(REASONS.get(code, code or _("The gateway gave no reason.")))


def _one_form(address: str) -> str:
    try:
        return normalize_telephone(address)
    except InvalidAddress:
        return address.strip()


def _start_of(day: date, *, following: bool = False) -> datetime:
    start = datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())
    return start + timedelta(days=1) if following else start
