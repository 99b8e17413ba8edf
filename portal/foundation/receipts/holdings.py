"""What this module holds about people without an account, and for how long: declared to ``people.privacy``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.foundation.messages import holdings as messages
from portal.foundation.messages.models import Message
from portal.foundation.people import privacy
from portal.foundation.people.holdings import PROPORTION, PUBLIC_TASK
from portal.foundation.people.models import DataRequest
from portal.foundation.people.privacy import Erasure, PersonalData, Retention, Subject, SubjectKind
from portal.foundation.receipts import domain, registry
from portal.foundation.receipts.models import Receipt

LABEL = "receipts.receipt"


def declare() -> None:
    for kind in (RECEIPT, NEWS):
        privacy.register(kind)
    privacy.register_retention(CONTACTS)
    privacy.register_subject(BY_RECEIPT)


def subject_of(receipt: Receipt) -> Subject:
    """Whoever holds the receipt: nobody knows more about the person than what was sent with it."""
    return Subject(LABEL, str(receipt.pk), receipt=receipt, territory=receipt.territory)


def _load(subject_id: str) -> Subject | None:
    receipt = Receipt.objects.select_related("territory").filter(pk=subject_id).first()
    return subject_of(receipt) if receipt else None


def _tell(*, subject: Subject, template: str, request: DataRequest, at: datetime) -> None:
    domain.notify(
        receipt=subject.receipt, template=domain.NEWS, context={}, dedupe_key=f"{template}:{request.pk}", at=at
    )


BY_RECEIPT = SubjectKind(LABEL, _load, lambda subject: subject.receipt.shown_code, _tell)


def _receipts(subject: Subject) -> QuerySet[Receipt]:
    found = Receipt.objects.select_related("territory").order_by("pk")
    return found.filter(pk=subject.receipt.pk) if subject.receipt else found.none()


def _kind_of(receipt: Receipt) -> str:
    kind = registry.get(receipt.subject_type)
    return str(kind.name) if kind else ""


def _erase(*, subject: Subject, by: Any, at: datetime) -> Erasure:
    had_contact = bool(subject.receipt.contact)
    domain.forget_contact(receipt=subject.receipt, by=by, at=at)
    why = _("Code and words stay, so that you can still open it. They do not say who you are.")
    return Erasure(erased=int(had_contact), kept=1, why=why)


RECEIPT = PersonalData(
    key="receipts.receipt",
    label=_("Your code and your contact"),
    purpose=_("To let you back to what you sent, and to tell you of news."),
    basis=PUBLIC_TASK,
    kept=_("The contact: 90 days after your case ends. The code: as long as the case."),
    of_person=_receipts,
    fields={
        "code": _("Code"),
        "about": _("What you sent"),
        "place": _("Where"),
        "at": _("Day"),
        "contact": _("Contact"),
        "erased_on": _("We erase the contact on"),
    },
    export=lambda row: {
        "code": row.shown_code,
        "about": _kind_of(row),
        "place": row.territory.name,
        "at": row.created_at,
        "contact": row.address,
        "erased_on": row.contact_delete_on,
    },
    erase=_erase,
    order=55,
)

NEWS = PersonalData(
    key="receipts.messages",
    label=_("Messages about your case"),
    purpose=messages.PURPOSE,
    basis=PUBLIC_TASK,
    kept=_("As long as the contact."),
    of_person=lambda subject: (
        domain.messages_of(subject.receipt) if subject.receipt else Message.objects.none()
    ).order_by("-created_at", "pk"),
    fields=messages.FIELDS,
    export=messages.export,
    # They go with the contact.
    erase=lambda *, subject, by, at: Erasure(erased=domain.erase_messages(subject.receipt)),
    order=56,
)

CONTACTS = Retention(
    key="receipts.contacts",
    label=_("Contacts of people without an account"),
    term=_("90 days after the case ends"),
    basis=PROPORTION,
    due=lambda at: Receipt.objects.with_contact_due(at.date()).count(),
    apply=domain.forget_due_contacts,
    order=30,
)
