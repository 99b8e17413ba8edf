"""What this module holds about people, and for how long: declared to ``people.privacy``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.foundation.audit.domain import record
from portal.foundation.messages import domain
from portal.foundation.messages.models import Message
from portal.foundation.people import privacy
from portal.foundation.people.holdings import PROPORTION, PUBLIC_TASK
from portal.foundation.people.privacy import Erasure, PersonalData, Retention, Subject

FIELDS = {
    "at": _("When"),
    "channel": _("Channel"),
    "address": _("Sent to"),
    "subject": pgettext_lazy("message", "Subject"),
    "text": _("Text"),
    "state": _("State"),
}
PURPOSE = _("To tell you what happens, and to know whether it arrived.")
KEPT = _("Text and address: one year. That it was sent: always.")


def declare() -> None:
    privacy.register(SENT)
    privacy.register_retention(TEXTS)


def export(message: Message) -> dict[str, Any]:
    """One message in plain values; for the other modules that send too."""
    return {
        "at": message.created_at,
        "channel": message.get_channel_display(),
        "address": message.address,
        "subject": message.subject,
        "text": message.body,
        "state": message.get_state_display(),
    }


def _to(subject: Subject) -> QuerySet[Message]:
    rows = Message.objects.exclude(address_index="").order_by("-created_at", "pk")
    return rows.filter(recipient=subject.user) if subject.user else rows.none()


def _erase(*, subject: Subject, by: Any, at: datetime) -> Erasure:
    count = domain.erase_texts(Message.objects.filter(recipient=subject.user).exclude(address_index=""))
    record(verb="messages.erase_texts", object=subject.user, by=by, at=at, detail={"count": count})
    return Erasure(erased=count)


SENT = PersonalData(
    key="messages.sent",
    label=_("Messages that we sent you"),
    purpose=PURPOSE,
    basis=PUBLIC_TASK,
    kept=KEPT,
    of_person=_to,
    fields=FIELDS,
    export=export,
    erase=_erase,
    order=50,
)

TEXTS = Retention(
    key="messages.texts",
    label=_("Texts and addresses of messages"),
    term=_("One year"),
    basis=PROPORTION,
    due=lambda at: domain.old_texts(at).count(),
    apply=domain.forget_old_texts,
    order=20,
)
