"""Appointments: booked by a citizen or a clerk, moved, cancelled, attended; nobody is booked over another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from benefits_core.domain.attentions import start_attention
from benefits_core.enums import APPOINTMENT_TRANSITIONS, AppointmentState, AttentionSource, Channel
from benefits_core.errors import ClosedToChange, InvalidContent, SlotTaken
from benefits_core.models import Appointment, Attention, Matter
from benefits_core.queries.appointments import DAYS_AHEAD, NOTICE, Offer, offer_at
from portal.foundation.audit.domain import record
from portal.foundation.clocks.working_days import add_working_days
from portal.foundation.jobs import domain as jobs
from portal.foundation.people.identifiers import encrypt
from portal.foundation.people.models import Person
from portal.foundation.receipts import domain as receipts
from portal.foundation.receipts.errors import InvalidContact
from portal.foundation.receipts.models import Receipt
from portal.foundation.territories.models import ServicePoint

NAME_LENGTH = 80
# A citizen moves an appointment so often; after that, by talking to the team.
MOST_MOVES = 3
NAMES_KEPT = timedelta(days=30)
REMIND = "benefits_core.remind_appointments"
CHANNELS = {
    ServicePoint.Kind.OFFICE: Channel.COUNTER,
    ServicePoint.Kind.OUTREACH: Channel.OUTREACH,
    ServicePoint.Kind.VIRTUAL: Channel.VIRTUAL,
    ServicePoint.Kind.TELEPHONE: Channel.TELEPHONE,
}


@dataclass(frozen=True)
class Booked:
    """An appointment with its receipt; ``secret`` is "" where the form had been sent before."""

    appointment: Appointment
    receipt: Receipt
    secret: str


@transaction.atomic
def book(
    *,
    service_point: ServicePoint,
    starts_at: datetime,
    matter: Matter,
    name: str,
    contact: str = "",
    preferential: bool = False,
    person: Person | None = None,
    form_token: UUID | None = None,
    by: Any,
    at: datetime,
) -> Booked:
    """Take a place at that time, and give its holder a receipt. The same form sent twice books once.

    :param contact: an e-mail or a mobile number, to confirm and to remind; voluntary.
    :param by: the clerk who books for somebody; None for the citizen alone, who is held to the notice.
    :raises InvalidContent: no name, a wrong contact, a closed point, a matter that is not offered.
    :raises SlotTaken: there is no such time, it cannot be booked any more, or its last place just went.
    """
    if form_token and (sent := Appointment.objects.filter(form_token=form_token).first()):
        return Booked(sent, Receipt.objects.of(sent).get(), "")
    if not service_point.is_active:
        raise InvalidContent(_("This service point is closed."), "service_point")
    if not Matter.objects.offered_in(service_point.territory).filter(pk=matter.pk).exists():
        raise InvalidContent(_("The municipality does not offer this matter any more."), "matter")
    plain = _name(name)
    offer = _open_offer(service_point, starts_at, is_citizen=by is None, at=at)
    appointment = Appointment(
        service_point=service_point,
        territory=service_point.territory,
        matter=matter,
        preferential=preferential,
        encrypted_name=encrypt(plain),
        person=person,
        form_token=form_token,
        booked_by=by,
        booked_at=at,
    )
    try:
        _take_seat(appointment, offer)
    except IntegrityError:
        # The button pressed twice: the other request wrote the token first.
        sent = Appointment.objects.get(form_token=form_token)
        return Booked(sent, Receipt.objects.of(sent).get(), "")
    try:
        issued = receipts.issue(
            subject=appointment, territory=appointment.territory, by=by, at=at, contact=contact or None
        )
    except InvalidContact as refused:
        raise InvalidContent(str(refused), "contact") from refused
    _note("book", appointment, by, at)
    _tell(appointment, issued.receipt, "appointment_booked", "booked", at)
    return Booked(appointment, issued.receipt, issued.secret)


@transaction.atomic
def move(*, appointment: Appointment, starts_at: datetime, by: Any, at: datetime) -> Appointment:
    """Give the place back and take another one at the same service point.

    :raises ClosedToChange: it is over, or the citizen moved it too often already.
    :raises SlotTaken: as :func:`book`.
    """
    appointment = _locked(appointment)
    _move_to(appointment, AppointmentState.BOOKED)
    if by is None:
        _check_notice(appointment, at)
        if appointment.moves >= MOST_MOVES:
            raise ClosedToChange(_("You have moved it several times. Call the municipality to change it again."))
    offer = _open_offer(appointment.service_point, starts_at, is_citizen=by is None, at=at)
    if offer.starts_at == appointment.starts_at:
        raise InvalidContent(_("That is the time that you have already."), "starts_at")
    appointment.moves += 1
    _take_seat(appointment, offer)
    _note("move", appointment, by, at)
    _tell(appointment, _receipt(appointment), "appointment_moved", f"moved:{appointment.moves}", at)
    return appointment


@transaction.atomic
def cancel(*, appointment: Appointment, by: Any, at: datetime) -> Appointment:
    """Give the place back.

    :raises ClosedToChange: it is over, or begins in a moment.
    """
    appointment = _locked(appointment)
    _move_to(appointment, AppointmentState.CANCELLED)
    if by is None:
        _check_notice(appointment, at, notice=timedelta(0))
    appointment.closed_at = at
    appointment.save(by_verb=True)
    _note("cancel", appointment, by, at)
    receipt = _receipt(appointment)
    _tell(appointment, receipt, "appointment_cancelled", "cancelled", at)
    receipts.close(receipt=receipt, at=at)
    return appointment


@transaction.atomic
def arrive(*, appointment: Appointment, by: Any, at: datetime) -> Appointment:
    """Note that the person is here, on the day itself; also one who comes after having been given up.

    :raises ClosedToChange: another day, or over already.
    """
    appointment = _locked(appointment)
    if at.astimezone(appointment.territory.zone).date() != appointment.day:
        raise ClosedToChange(_("This appointment is not for today."))
    _move_to(appointment, AppointmentState.ARRIVED)
    appointment.arrived_at, appointment.closed_at = at, None
    appointment.save(by_verb=True)
    _note("arrive", appointment, by, at)
    return appointment


@transaction.atomic
def serve(*, appointment: Appointment, by: Any, at: datetime) -> Attention:
    """Begin to attend the person: the attention's wait runs from the time that was promised.

    Whoever comes early does not wait for it; whoever comes late waits from then on.

    :raises ClosedToChange: the person has not arrived.
    """
    appointment = _locked(appointment)
    _move_to(appointment, AppointmentState.SERVED)
    arrived = appointment.arrived_at or at
    attention = start_attention(
        service_point=appointment.service_point,
        channel=CHANNELS[ServicePoint.Kind(appointment.service_point.kind)],
        matter=appointment.matter,
        arrived_at=min(max(arrived, appointment.starts_at), at),
        preferential=appointment.preferential,
        person=appointment.person,
        source=AttentionSource.APPOINTMENT,
        by=by,
        at=at,
    )
    appointment.attention, appointment.closed_at = attention, at
    appointment.save(by_verb=True)
    _note("serve", appointment, by, at)
    receipts.close(receipt=_receipt(appointment), at=at)
    return attention


@transaction.atomic
def note_served(*, appointment: Appointment, attention: Attention, by: Any, at: datetime) -> Appointment:
    """Link what came of an appointment whose holder was attended by the queue; one that is over stays as it is."""
    appointment = _locked(appointment)
    if appointment.state != AppointmentState.ARRIVED:
        return appointment
    _move_to(appointment, AppointmentState.SERVED)
    appointment.attention, appointment.closed_at = attention, at
    appointment.save(by_verb=True)
    _note("serve", appointment, by, at)
    receipts.close(receipt=_receipt(appointment), at=at)
    return appointment


@transaction.atomic
def miss(*, appointment: Appointment, by: Any, at: datetime) -> Appointment:
    """Note that the person did not come.

    :raises ClosedToChange: the time has not come yet, or it is over already.
    """
    appointment = _locked(appointment)
    if at < appointment.starts_at:
        raise ClosedToChange(_("The time of this appointment has not come yet."))
    _move_to(appointment, AppointmentState.NO_SHOW)
    appointment.closed_at = at
    appointment.save(by_verb=True)
    _note("miss", appointment, by, at)
    receipts.close(receipt=_receipt(appointment), at=at)
    return appointment


def remind_tomorrow(*, at: datetime) -> jobs.Job:
    """Ask for the reminders of today: to everybody who is expected on the next working day.

    Asking again today asks for the same work.
    """
    day = at.date().isoformat()
    return jobs.enqueue(kind=REMIND, payload={"after": 0}, at=at, dedupe_key=f"{REMIND}:{day}")


@transaction.atomic
def remind(*, appointment: Appointment, at: datetime) -> None:
    """Write to the contact, once for each time that the appointment is for; without a contact nothing happens."""
    receipt = _receipt(appointment)
    key = f"reminder:{appointment.starts_at.isoformat()}"
    _tell(appointment, receipt, "appointment_reminder", key, at)


def is_due_for_reminder(appointment: Appointment, at: datetime) -> bool:
    """Is today, there, the working day before the appointment?"""
    today = at.astimezone(appointment.territory.zone).date()
    return add_working_days(appointment.day, -1, appointment.territory) == today


def will_be_reminded(appointment: Appointment, at: datetime) -> bool:
    """Does the day of its reminder, the working day before, still come? On that very day it may be over."""
    today = at.astimezone(appointment.territory.zone).date()
    return add_working_days(appointment.day, -1, appointment.territory) > today


@transaction.atomic
def forget_names(*, at: datetime, limit: int) -> int:
    """Erase at most ``limit`` names of appointments of more than a month ago, with their contacts; returns how many."""
    rows = list(due_names(at).order_by("pk")[:limit])
    for row in rows:
        _forget(row, by=None, at=at)
    return len(rows)


@transaction.atomic
def forget_name(*, appointment: Appointment, by: Any, at: datetime) -> Appointment:
    """Erase who the person is, because he or she asks; the time stays taken."""
    appointment = _locked(appointment)
    _forget(appointment, by=by, at=at)
    return appointment


def due_names(at: datetime) -> Any:
    """Appointments whose name has to go."""
    last: date = (at - NAMES_KEPT).date()
    return Appointment.objects.filter(day__lt=last).exclude(encrypted_name="")


def _forget(appointment: Appointment, *, by: Any, at: datetime) -> None:
    appointment.encrypted_name, appointment.person = "", None
    appointment.save(by_verb=True, update_fields=["encrypted_name", "person"])
    _note("forget", appointment, by, at)
    receipt = _receipt(appointment)
    if receipt.contact:
        receipts.forget_contact(receipt=receipt, by=by, at=at)


def _open_offer(point: ServicePoint, starts_at: datetime, *, is_citizen: bool, at: datetime) -> Offer:
    offer = offer_at(point, starts_at)
    if offer is None or offer.ends_at <= at:
        raise SlotTaken(_("There is no such time any more. Choose another."), "starts_at")
    if is_citizen:
        too_late = starts_at < at + NOTICE
        too_early = starts_at > at + timedelta(days=DAYS_AHEAD + 1)
        if not offer.online or too_late or too_early:
            raise SlotTaken(_("That time cannot be booked here. Choose another."), "starts_at")
    if not offer.free:
        raise SlotTaken(_("Somebody else took that time just now. Choose another."), "starts_at")
    return offer


def _take_seat(appointment: Appointment, offer: Offer) -> None:
    """Write the row at the first free seat; the database says which are taken, whoever else tries now.

    :raises SlotTaken: there is none left; IntegrityError: the row's token is there already.
    """
    token = appointment.form_token if appointment.pk is None else None
    for _attempt in range(offer.capacity + 1):
        held = Appointment.objects.active().filter(service_point=appointment.service_point, starts_at=offer.starts_at)
        taken = set(held.values_list("seat", flat=True))
        seat = next((number for number in range(1, offer.capacity + 1) if number not in taken), None)
        if seat is None:
            break
        appointment.starts_at, appointment.ends_at, appointment.seat = offer.starts_at, offer.ends_at, seat
        appointment.day = offer.starts_at.astimezone(appointment.territory.zone).date()
        try:
            with transaction.atomic():
                appointment.save(by_verb=True)
        except IntegrityError:
            if token and Appointment.objects.filter(form_token=token).exists():
                raise
        else:
            return
    raise SlotTaken(_("Somebody else took that time just now. Choose another."), "starts_at")


def _check_notice(appointment: Appointment, at: datetime, notice: timedelta = NOTICE) -> None:
    if appointment.starts_at < at + notice:
        raise ClosedToChange(_("It is too late to change it here. Call the municipality."))


def _move_to(appointment: Appointment, state: AppointmentState) -> None:
    if state not in APPOINTMENT_TRANSITIONS[appointment.state]:
        raise ClosedToChange(
            _("The appointment is «%(state)s», so this is not possible now.")
            % {"state": appointment.get_state_display()}
        )
    appointment.state = state


def _locked(appointment: Appointment) -> Appointment:
    rows = Appointment.objects.select_for_update(of=("self",))
    return rows.select_related("territory", "service_point__territory", "matter").get(pk=appointment.pk)


def _receipt(appointment: Appointment) -> Receipt:
    return Receipt.objects.of(appointment).select_related("territory").get()


def _tell(appointment: Appointment, receipt: Receipt, template: str, key: str, at: datetime) -> None:
    """Write to the contact, in its own language and the municipality's own time."""
    local = appointment.starts_at.astimezone(appointment.territory.zone)
    with override(receipt.language):
        context = {
            "day": f"{date_format(local, 'l')} {date_format(local, 'MONTH_DAY_FORMAT')}",
            "hour": date_format(local, "H:i"),
            "point": appointment.service_point.name,
            "address": appointment.service_point.address,
            "place": appointment.territory.name,
            "path": reverse("benefits_core:book_place", args=[appointment.territory.slug]),
        }
        receipts.notify(receipt=receipt, template=template, context=context, dedupe_key=key, at=at)


def _name(text: str) -> str:
    plain = " ".join(text.split())
    if not plain:
        raise InvalidContent(_("Write the name."), "name")
    if len(plain) > NAME_LENGTH:
        raise InvalidContent(_("Write %s characters at most.") % NAME_LENGTH, "name")
    return plain


def _note(verb: str, appointment: Appointment, by: Any, at: datetime) -> None:
    record(
        verb=f"benefits_core.{verb}_appointment",
        object=appointment,
        by=by,
        at=at,
        territory=appointment.territory,
        detail={"starts_at": appointment.starts_at.isoformat()},
    )
