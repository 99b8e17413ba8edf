"""What this module holds about people, and for how long: declared to ``people.privacy``."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.foundation.people import privacy
from portal.foundation.people.holdings import PROPORTION, PUBLIC_TASK
from portal.foundation.people.privacy import Erasure, PersonalData, Retention, Subject
from surveys.domain import contacts, drafts, senders, text_copies
from surveys.enums import OPEN_STATES
from surveys.models import Complaint, ComplaintQuerySet, SurveyContact, SurveyOptOut, ThemeText
from surveys.queries.contacts import sent_by


def declare() -> None:
    privacy.register(COMPLAINTS)
    privacy.register(COPIES)
    privacy.register_hold(_holds)
    privacy.register(CONTACTS)
    privacy.register(WISHES)
    for rule in (NAMES, DRAFTS, THEME_TEXTS, OLD_CONTACTS):
        privacy.register_retention(rule)


def complaints_of(subject: Subject) -> ComplaintQuerySet:
    """What the person sent signed in, by a clerk, or with the receipt that opened this."""
    found = Complaint.objects.select_related("territory", "category").order_by("-received_at")
    sent = [Q(author=subject.user)] if subject.user is not None else []
    if subject.person is not None:
        sent += sent_by(subject.person)
    if sent:
        return found.filter(reduce(or_, sent))
    receipt = subject.receipt
    is_ours = receipt is not None and receipt.subject_type == Complaint._meta.label_lower
    return found.filter(pk=int(receipt.subject_id)) if is_ours else found.none()


def _export(complaint: Complaint) -> dict[str, Any]:
    entries = complaint.entries.public()
    return {
        "code": complaint.shown_code,
        "place": complaint.territory.name,
        "kind": complaint.get_kind_display(),
        "at": complaint.received_at,
        "text": complaint.text,
        "state": complaint.get_state_display(),
        "thread": "\n\n".join(f"{entry.get_kind_display()}: {entry.text}" for entry in entries),
        "satisfaction": complaint.satisfaction,
    }


def _erase(*, subject: Subject, by: Any, at: datetime) -> Erasure:
    erased = 0
    for complaint in complaints_of(subject).exclude(state__in=OPEN_STATES):
        senders.erase_sender(complaint=complaint, by=by, at=at)
        erased += 1
    why = _("The case, its answer and its place in the figures stay, without anything of yours.")
    return Erasure(erased=erased, kept=erased, why=why)


def _holds(subject: Subject, at: datetime) -> str:
    still_open = complaints_of(subject).filter(state__in=OPEN_STATES).first()
    if still_open is None:
        return ""
    return gettext("Case %(code)s is still open. Take it back, or wait for its answer.") % {
        "code": still_open.shown_code
    }


def _forget_drafts(*, at: datetime, limit: int) -> int:
    return drafts.purge(at=at, limit=limit)


COMPLAINTS = PersonalData(
    key="surveys.complaints",
    label=_("Complaints and suggestions that you sent"),
    purpose=_("To answer you, and to do better what went wrong."),
    basis=PUBLIC_TASK,
    kept=_("Your name: two years after the case ends. What was said, without your name: always."),
    of_person=complaints_of,
    fields={
        "code": _("Code"),
        "place": _("Municipality"),
        "kind": _("Kind"),
        "at": _("Day"),
        "text": _("What you wrote"),
        "state": _("State"),
        "thread": _("What was said"),
        "satisfaction": _("Satisfaction (1-7)"),
    },
    export=_export,
    erase=_erase,
    holds=_holds,
    order=60,
)

NAMES = Retention(
    key="surveys.complaint_names",
    label=_("Names of those who complained"),
    term=_("Two years after the case ends"),
    basis=PROPORTION,
    due=lambda at: senders.names_due(at).count(),
    apply=senders.forget_names,
    order=60,
)

DRAFTS = Retention(
    key="surveys.drafts",
    label=_("Complaints that were begun and not sent"),
    term=_("One day after the last answer"),
    basis=PROPORTION,
    due=lambda at: drafts.idle(at).count(),
    apply=_forget_drafts,
    order=61,
)


def _copies_of(subject: Subject) -> QuerySet[ThemeText]:
    return text_copies.copies_of(list(complaints_of(subject).values_list("pk", flat=True))).order_by("-said_on", "pk")


def _erase_copies(*, subject: Subject, by: Any, at: datetime) -> Erasure:
    over = complaints_of(subject).exclude(state__in=OPEN_STATES)
    erased = sum(text_copies.erase_copies(complaint=complaint, by=by, at=at) for complaint in over)
    return Erasure(erased=erased)


COPIES = PersonalData(
    key="surveys.theme_texts",
    label=_("Copies of what you wrote, without what names you"),
    purpose=_("To see what many people write about. Somebody reads them and hides what names anybody."),
    basis=PUBLIC_TASK,
    kept=_("Two years after the search for themes was closed."),
    of_person=_copies_of,
    fields={"at": _("Day"), "text": _("What is kept of it")},
    export=lambda text: {"at": text.said_on, "text": text.text},
    erase=_erase_copies,
    order=61,
)

THEME_TEXTS = Retention(
    key="surveys.theme_texts",
    label=_("Masked texts that were read to find themes"),
    term=_("Two years after the search was closed"),
    basis=PROPORTION,
    due=lambda at: text_copies.texts_due(at).count(),
    apply=text_copies.forget_texts,
    order=62,
)


def _contacts_of(subject: Subject) -> QuerySet[SurveyContact]:
    """By the addresses that the person is known by here: contacts themselves name nobody."""
    found = SurveyContact.objects.filter(address_index__in=_indexes(subject))
    return found.select_related("stratum__round__territory").order_by("pk")


def _indexes(subject: Subject) -> list[str]:
    addresses = [getattr(subject.user, "email", ""), getattr(subject.receipt, "address", "")]
    return [contacts.index_of(address) for address in addresses if address]


def _wishes_of(subject: Subject) -> QuerySet[SurveyOptOut]:
    return SurveyOptOut.objects.filter(address_index__in=_indexes(subject)).order_by("pk")


def _export_contact(contact: SurveyContact) -> dict[str, Any]:
    return {
        "place": contact.stratum.round.territory.name,
        "kind": contact.get_kind_display(),
        "address": contact.address,
        "messages": contact.wave,
    }


def _erase_contacts(*, subject: Subject, by: Any, at: datetime) -> Erasure:
    return Erasure(erased=contacts.erase_contacts(found=_contacts_of(subject), by=by, at=at))


CONTACTS = PersonalData(
    key="surveys.contacts",
    label=_("Where we can ask you how you were served"),
    purpose=_("To invite by lot to the yearly survey. It is joined to no answer."),
    basis=PUBLIC_TASK,
    kept=_("Until the survey closes, or until you want no more messages."),
    of_person=_contacts_of,
    fields={
        "place": _("Municipality"),
        "kind": _("Kind"),
        "address": _("Sent to"),
        "messages": _("Messages sent"),
    },
    export=_export_contact,
    erase=_erase_contacts,
    order=62,
)

WISHES = PersonalData(
    key="surveys.opt_outs",
    label=_("That you want no more messages about surveys"),
    purpose=_("To leave you in peace, whichever list you are on."),
    basis=PUBLIC_TASK,
    kept=_("Always, as a sign from which nobody reads your address."),
    of_person=_wishes_of,
    fields={"since": _("Since")},
    export=lambda wish: {"since": wish.since},
    kept_because=_("Without it we would write to you again."),
    order=63,
)

OLD_CONTACTS = Retention(
    key="surveys.contacts",
    label=_("Contacts of surveys"),
    term=_("Until the survey closes; where it never opened, until its last day"),
    basis=PROPORTION,
    due=lambda at: contacts.contacts_due(at).count(),
    apply=contacts.forget_old_contacts,
    order=63,
)
