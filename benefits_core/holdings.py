"""What this module holds about people, and for how long: declared to ``people.privacy``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from benefits_core.domain import appointments, attentions, queue_days, queue_imports
from benefits_core.enums import AppointmentState
from benefits_core.models import Appointment, Attention
from portal.foundation.people import privacy
from portal.foundation.people.holdings import PROPORTION, PUBLIC_TASK
from portal.foundation.people.privacy import Erasure, PersonalData, Retention, Subject


def declare() -> None:
    for kind in (ATTENTIONS, APPOINTMENTS):
        privacy.register(kind)
    privacy.register_hold(_holds)
    for rule in (NAMES, FILES, TELEPHONES):
        privacy.register_retention(rule)


def _attentions_of(subject: Subject) -> QuerySet[Attention]:
    rows = (
        Attention.objects.counted().select_related("service_point", "territory", "matter", "procedure").newest_first()
    )
    return rows.filter(person=subject.person) if subject.person else rows.none()


def _erase(*, subject: Subject, by: Any, at: datetime) -> Erasure:
    return Erasure(erased=attentions.forget_person(person=subject.person, by=by, at=at))


def _appointments_of(subject: Subject) -> QuerySet[Appointment]:
    rows = Appointment.objects.select_related("matter", "service_point", "territory").order_by("-starts_at")
    receipt = subject.receipt
    if receipt is not None and receipt.subject_type == Appointment._meta.label_lower:
        return rows.filter(pk=receipt.subject_id)
    return rows.filter(person=subject.person) if subject.person else rows.none()


def _forget_appointments(*, subject: Subject, by: Any, at: datetime) -> Erasure:
    found = list(_appointments_of(subject).exclude(encrypted_name=""))
    for appointment in found:
        appointments.forget_name(appointment=appointment, by=by, at=at)
    return Erasure(erased=len(found), why=_("The time stays taken, without saying for whom."))


def _holds(subject: Subject, at: datetime) -> str:
    """Nobody erases whoever is expected: the place would be held by somebody who can be neither called nor told."""
    coming = _appointments_of(subject).filter(state=AppointmentState.BOOKED, ends_at__gt=at).last()
    if coming is None:
        return ""
    day = date_format(coming.starts_at.astimezone(coming.territory.zone), "DATE_FORMAT")
    return gettext("There is an appointment on %(day)s. Cancel it, or wait until it is over.") % {"day": day}


def _exported_attention(row: Attention) -> dict[str, Any]:
    return {
        "at": row.arrived_at,
        "ended_at": row.ended_at,
        "place": f"{row.service_point.name}, {row.territory.name}",
        "channel": row.get_channel_display(),
        "matter": str(row.matter),
        "procedure": str(row.procedure or ""),
        "preferential": row.preferential,
        "wait": row.wait_minutes,
        "service": row.service_minutes,
        "outcome": row.get_outcome_display(),
    }


ATTENTIONS = PersonalData(
    key="benefits_core.attentions",
    label=_("When we attended you"),
    purpose=_("To serve you without asking again what you told us."),
    basis=PUBLIC_TASK,
    kept=_("As long as your name in the register. Then they count without your name."),
    of_person=_attentions_of,
    fields={
        "at": _("When"),
        "ended_at": _("When it ended"),
        "place": _("Where"),
        "channel": _("Channel"),
        "matter": _("Matter"),
        "procedure": _("Procedure"),
        "preferential": _("Preferential attention"),
        "wait": _("Minutes of wait"),
        "service": _("Minutes of service"),
        "outcome": _("How it ended"),
    },
    export=_exported_attention,
    erase=_erase,
    holds=privacy.held_by_modules,
    order=35,
)

APPOINTMENTS = PersonalData(
    key="benefits_core.appointments",
    label=_("Your appointments"),
    purpose=_("To expect you, to remind you, and to know how long you waited."),
    basis=PUBLIC_TASK,
    kept=_("Your name and your contact: a month after the day. That somebody came: always."),
    of_person=_appointments_of,
    fields={
        "at": _("When"),
        "place": _("Where"),
        "point": _("Service point"),
        "matter": _("Matter"),
        "preferential": _("Preferential attention"),
        "name": _("Name"),
        "state": _("State"),
    },
    export=lambda row: {
        "at": row.starts_at,
        "place": row.territory.name,
        "point": row.service_point.name,
        "matter": str(row.matter),
        "preferential": row.preferential,
        "name": row.name,
        "state": row.get_state_display(),
    },
    erase=_forget_appointments,
    holds=_holds,
    order=61,
)

NAMES = Retention(
    key="benefits_core.appointment_names",
    label=_("Names and contacts of appointments"),
    term=_("One month after the day"),
    basis=PROPORTION,
    due=lambda at: appointments.due_names(at).count(),
    apply=appointments.forget_names,
    order=60,
)

FILES = Retention(
    key="benefits_core.queue_files",
    label=_("Files of queue machines and their rejected rows"),
    term=_("One month after they came"),
    basis=PROPORTION,
    due=queue_imports.count_due,
    apply=queue_imports.purge_imports,
    order=61,
)

TELEPHONES = Retention(
    key="benefits_core.ticket_contacts",
    label=_("Telephones and kinds of priority of numbers in the queue"),
    term=_("The end of the day"),
    basis=PROPORTION,
    due=queue_days.count_due,
    apply=queue_days.forget_due,
    order=59,
)
