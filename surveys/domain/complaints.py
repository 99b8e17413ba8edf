"""A complaint comes in, is acknowledged, classified, led elsewhere or withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from benefits_core.models import Step
from benefits_core.queries.procedures import steps_to_choose
from portal.foundation.audit.domain import record
from portal.foundation.clocks import domain as clocks
from portal.foundation.files.models import StoredFile
from portal.foundation.people.domain.persons import identify_person, name_person, register_person
from portal.foundation.people.identifiers import InvalidIdentifier, blind_index, normalize
from portal.foundation.people.models import Identifier, Person
from portal.foundation.people.models.persons import Scheme
from portal.foundation.people.queries import person_with
from portal.foundation.people.roles import Role
from portal.foundation.receipts import domain as receipts
from portal.foundation.receipts.errors import InvalidContact
from portal.foundation.receipts.models import Receipt
from portal.foundation.receipts.queries import receipt_of
from portal.foundation.territories.models import ServicePoint, Territory
from portal.foundation.territories.names import fold
from quality.models import ComplaintCategory
from quality.queries.catalogue import latest_version
from surveys.domain import notices
from surveys.domain.checks import (
    MAX_FILES,
    clean_text,
    local_day,
    lock,
    lock_for_staff,
    move,
    require_open,
    stop_clock,
    store,
)
from surveys.domain.thread import keep_files, write
from surveys.enums import (
    ALERT_CATEGORIES,
    ASSISTED_CHANNELS,
    ROUTE_CATEGORIES,
    ComplaintAbout,
    ComplaintChannel,
    ComplaintKind,
    ComplaintRoute,
    ComplaintState,
    EntryKind,
    Escalation,
)
from surveys.errors import InvalidContent, NotAllowed, NotPossibleNow
from surveys.models import Complaint, ComplaintTerms
from surveys.queries.terms import ACKNOWLEDGE_CLOCK, ANSWER_CLOCK, REOPENING_CLOCK

# A letter may have lain somewhere; a longer time is a slip of the pen.
OLDEST_RECEIPT = timedelta(days=90)
OLDEST_FACT = timedelta(days=3 * 366)
SHORT_TEXT = 200
COORDINATOR_AHEAD = -2
DIDECO_AFTER = 1
REGION_AFTER = 5


@dataclass(frozen=True)
class Named:
    """Who complains, as a clerk writes it down; the national number is voluntary."""

    given_names: str
    family_names: str = ""
    run: str = ""


@dataclass(frozen=True)
class Complained:
    """What is said, besides where and by whom. Days are of the municipality's own zone."""

    kind: str
    channel: str
    text: str
    category: ComplaintCategory | None = None
    happened_on: date | None = None
    service_point: ServicePoint | None = None
    step: Step | None = None
    about: str = ComplaintAbout.NOBODY
    about_words: str = ""
    preferential: bool = False
    received_on: date | None = None


@dataclass(frozen=True)
class Received:
    """``secret`` is known here alone, and is empty where the complaint had been sent before."""

    complaint: Complaint
    receipt: Receipt
    secret: str = field(default="", repr=False)


@transaction.atomic
def receive(
    *,
    territory: Territory,
    content: Complained,
    files: Sequence[StoredFile] = (),
    uploads: Sequence[Any] = (),
    author: Any = None,
    named: Named | None = None,
    contact: str = "",
    dedupe_key: str | None = None,
    handed: bool = True,
    by: Any,
    at: datetime,
) -> Received:
    """Take a complaint in, start its terms and give its receipt.

    :param files: kept already (guarded); :param uploads: as a form hands them over. Five in all.
    :param author: who signed in to write it; :param named: whom a clerk writes it down for. Neither: anonymous.
    :param contact: an e-mail or mobile number to be told at; voluntary.
    :param dedupe_key: what sent it: a second call with the same key returns the first complaint.
    :param handed: the receipt reaches the person at once, which acknowledges it; not so with most letters.
    :param by: the clerk, or None where it came by itself.
    :raises InvalidContent: something is missing or contradicts itself; ``field`` names it.
    """
    if dedupe_key is not None and (earlier := _sent_before(dedupe_key)):
        return earlier
    complaint = _checked(territory, content, by, at)
    complaint.author, complaint.recorded_by, complaint.dedupe_key = author, by, dedupe_key
    complaint.person = _person(named, territory, by, at) if named else None
    try:
        with transaction.atomic():
            complaint.save(force_insert=True, by_verb=True)
    except IntegrityError:
        earlier = _sent_before(dedupe_key) if dedupe_key is not None else None
        if earlier is None:
            raise
        return earlier
    if len(files) + len(uploads) > MAX_FILES:
        raise InvalidContent(_("Send %(count)s files at most.") % {"count": MAX_FILES}, "files")
    keep_files(complaint, None, files=files, uploads=uploads, by=by or author, at=at)
    try:
        issued = receipts.issue(subject=complaint, territory=territory, by=by, at=at, contact=contact)
    except InvalidContact as refused:
        raise InvalidContent(str(refused), "contact") from refused
    complaint.code = issued.receipt.code
    start_answer_clock(complaint, by=by, at=at)
    if handed:
        complaint.acknowledged_at = at
    else:
        _start_acknowledge_clock(complaint, by=by, at=at)
    _alert_if_needed(complaint, by=by, at=at)
    told = notices.reach(complaint, Escalation.COORDINATOR, at)
    complaint.save(by_verb=True)
    detail = {"kind": complaint.kind, "channel": complaint.channel, "code": complaint.code}
    record(verb="surveys.receive", object=complaint, by=by or author, at=at, territory=territory, detail=detail)
    if contact and complaint.acknowledged_at:
        notices.tell_person(complaint, "complaint_received", at=at)
    notices.tell_staff(complaint, told, "complaint_arrived", key=str(complaint.pk), by=by, at=at)
    return Received(complaint, issued.receipt, issued.secret)


@transaction.atomic
def acknowledge(*, complaint: Complaint, by: Any, at: datetime) -> Complaint:
    """The person has the receipt now. :raises NotPossibleNow: had it already."""
    held = lock_for_staff(complaint, by)
    if held.acknowledged_at is not None:
        raise NotPossibleNow(_("The receipt was handed over already."))
    held.acknowledged_at = at
    stop_clock(held, ACKNOWLEDGE_CLOCK, by=by, at=at)
    store(held, "acknowledged_at")
    record(verb="surveys.acknowledge", object=held, by=by, at=at, territory=held.territory)
    notices.tell_person(held, "complaint_received", at=at)
    return held


@transaction.atomic
def classify(
    *,
    complaint: Complaint,
    kind: str,
    category: ComplaintCategory,
    preferential: bool,
    step: Step | None = None,
    by: Any,
    at: datetime,
) -> Complaint:
    """Say what it is. What the person chose stays beside it.

    Discrimination and breach of personal data reach the DIDECO at once. A change of kind keeps the term.

    :raises NotPossibleNow: it is over.
    """
    held = lock_for_staff(complaint, by)
    require_open(held)
    if kind not in ComplaintKind.values:
        raise InvalidContent(_("This kind does not exist."), "kind")
    held.kind, held.category, held.preferential = kind, category, preferential
    held.step = _checked_step(step, held.territory, local_day(held.territory, at)) if step != held.step else step
    held.classified_at = at
    _alert_if_needed(held, by=by, at=at)
    store(held, "kind", "category", "preferential", "step", "classified_at", "alert", "alerted_at", "reaches_region")
    detail = {"kind": kind, "category": category.code}
    record(verb="surveys.classify", object=held, by=by, at=at, territory=held.territory, detail=detail)
    return held


@transaction.atomic
def settle_about(*, complaint: Complaint, person: Any, by: Any, at: datetime) -> Complaint:
    """Say which member of the team it is about; from now on that person neither handles nor reads it.

    :param person: a user, or None where it is about nobody of the team.
    :raises NotAllowed: one settles nothing about oneself.
    """
    held = lock_for_staff(complaint, by)
    if by is not None and person is not None and person.pk == by.pk:
        raise NotAllowed(_("Ask another person to settle this: it is about you."))
    held.about_user, held.about_settled_at = person, at
    if person is None:
        held.about = ComplaintAbout.NOBODY
    elif held.about == ComplaintAbout.NOBODY:
        held.about = ComplaintAbout.STAFF
    if person is not None and held.owner_id == person.pk:
        held.assignments.filter(ended_at__isnull=True).update(ended_at=at)
        held.owner = None
    # Whoever is at the top of the municipality has nobody above but the region.
    if person is not None and _is_dideco(held, person, at):
        held.reaches_region = True
    told = notices.reach(held, Escalation.COORDINATOR, at) if held.owner is None else []
    store(held, "about_user", "about_settled_at", "about", "owner", "reaches_region")
    record(verb="surveys.settle_about", object=held, by=by, at=at, territory=held.territory)
    notices.tell_staff(held, told, "complaint_arrived", key=f"{held.pk}:{held.revision}", by=by, at=at)
    return held


@transaction.atomic
def lead_elsewhere(*, complaint: Complaint, route: str, explanation: str, by: Any, at: datetime) -> Complaint:
    """It is another procedure's matter: tell the person where, and count it apart.

    What has a category of its own gets it; what was late by then stays late.

    :param route: one of :class:`~surveys.enums.ComplaintRoute`.
    :raises NotPossibleNow: it is classified as serious.
    :raises NotAllowed: the DIDECO was alerted, so that nobody below leads it elsewhere.
    """
    held = lock_for_staff(complaint, by)
    if route not in ComplaintRoute.values:
        raise InvalidContent(_("This route does not exist."), "route")
    text = clean_text(explanation, label=_("What the person has to know"), field="explanation")
    if held.category is not None and held.category.code in ALERT_CATEGORIES:
        raise NotPossibleNow(_("It is serious, so it is answered here. If it is another thing, say first what it is."))
    if held.alert and by is not None and not by.scope.has(Role.DIDECO, Role.REGIONAL_TEAM, at=held.territory):
        raise NotAllowed(_("The DIDECO was alerted of this case. Only the DIDECO can lead it elsewhere."))
    if held.is_late(local_day(held.territory, at)) and held.answered_at is None:
        held.in_term = False
    move(held, ComplaintState.ROUTED)
    held.route, held.category = route, _category_of(route, held)
    write(held, EntryKind.ROUTED, text, by=by, at=at)
    _end(held, by=by, at=at)
    store(held, "state", "route", "category", "in_term", "closed_at", "due_on", "paused_on")
    record(
        verb="surveys.lead_elsewhere",
        object=held,
        by=by,
        at=at,
        territory=held.territory,
        detail={"route": route, "category": held.category.code if held.category else ""},
    )
    notices.tell_person(held, "complaint_routed", at=at, route=ComplaintRoute(route).label)
    return held


@transaction.atomic
def withdraw(*, complaint: Complaint, reason: str = "", by: Any = None, at: datetime) -> Complaint:
    """The person takes it back, with or without a reason.

    :param by: None where the receipt opened it; the author who signed in.
    """
    held = lock(complaint)
    text = clean_text(reason, label=_("Reason"), field="reason", limit=1000, required=False)
    move(held, ComplaintState.WITHDRAWN)
    write(held, EntryKind.WITHDRAWN, text, by=by, at=at)
    _end(held, by=by, at=at)
    told = notices.reach(held, Escalation.OWNER, at)
    store(held, "state", "closed_at", "due_on", "paused_on", "reaches_region")
    record(verb="surveys.withdraw", object=held, by=by, at=at, territory=held.territory)
    notices.tell_staff(held, told, "complaint_withdrawn", key=str(held.pk), by=by, at=at)
    return held


def start_answer_clock(complaint: Complaint, *, by: Any, at: datetime) -> None:
    """The legal term by the terms of the day on which it counts from, and the chain of who is told."""
    since = local_day(complaint.territory, at)
    if complaint.reopened_at is None:
        since = complaint.received_on
    terms = ComplaintTerms.objects.in_force(complaint.territory, since)
    owner = terms.internal_days - terms.answer_days
    clock = clocks.start(
        kind=ANSWER_CLOCK,
        subject=complaint,
        territory=complaint.territory,
        term_days=terms.answer_days,
        steps=[owner, max(owner, COORDINATOR_AHEAD), DIDECO_AFTER, REGION_AFTER],
        by=by,
        at=_moment(complaint.territory, since, at),
    )
    complaint.term_days, complaint.due_on, complaint.paused_on = terms.answer_days, clock.due_on, None


def _start_acknowledge_clock(complaint: Complaint, *, by: Any, at: datetime) -> None:
    terms = ComplaintTerms.objects.in_force(complaint.territory, complaint.received_on)
    clocks.start(
        kind=ACKNOWLEDGE_CLOCK,
        subject=complaint,
        territory=complaint.territory,
        term_days=terms.acknowledge_days,
        steps=[0, DIDECO_AFTER],
        by=by,
        at=_moment(complaint.territory, complaint.received_on, at),
    )


def _moment(territory: Territory, day: date, at: datetime) -> datetime:
    """``at`` itself, or noon of an earlier day there."""
    return at if day == local_day(territory, at) else datetime.combine(day, time(12), tzinfo=territory.zone)


def _end(complaint: Complaint, *, by: Any, at: datetime) -> None:
    """Stop what runs; the contact is forgotten in 90 days."""
    for kind in (ANSWER_CLOCK, ACKNOWLEDGE_CLOCK, REOPENING_CLOCK):
        stopped = stop_clock(complaint, kind, by=by, at=at)
        if stopped is not None and kind == ANSWER_CLOCK:
            complaint.due_on = stopped.due_on
    complaint.paused_on = None
    complaint.closed_at = at
    receipt = receipt_of(complaint)
    if receipt is not None:
        receipts.close(receipt=receipt, at=at)


def _alert_if_needed(complaint: Complaint, *, by: Any, at: datetime) -> None:
    """Categories R11 and R13: the DIDECO, or where it is about that person the region, hears at once."""
    category = complaint.category or complaint.category_said
    alert = ALERT_CATEGORIES.get(category.code) if category else None
    if alert is None or complaint.alert:
        return
    complaint.alert, complaint.alerted_at = alert, at
    told = notices.reach(complaint, Escalation.DIDECO, at)
    notices.tell_staff(
        complaint, told, "complaint_alert", key=str(complaint.pk), by=None, at=at, alert=str(alert.label)
    )


def _category_of(route: str, complaint: Complaint) -> ComplaintCategory | None:
    """The category that is counted apart for that route; the present one where it has none."""
    code = next((code for code, leads in ROUTE_CATEGORIES.items() if leads == route), "")
    if complaint.category is not None and complaint.category.code == code:
        return complaint.category
    version = complaint.category.version if complaint.category else latest_version()
    return ComplaintCategory.objects.filter(version=version, code=code).first() or complaint.category


def _sent_before(dedupe_key: str) -> Received | None:
    found = Complaint.objects.filter(dedupe_key=dedupe_key).select_related("territory").first()
    receipt = receipt_of(found) if found else None
    return Received(found, receipt) if found and receipt else None


def _checked(territory: Territory, content: Complained, by: Any, at: datetime) -> Complaint:
    """The row to store; raises InvalidContent."""
    if not territory.has_municipality:
        raise InvalidContent(_("Choose a municipality."), "territory")
    if content.kind not in ComplaintKind.values:
        raise InvalidContent(_("This kind does not exist."), "kind")
    if content.channel not in ComplaintChannel.values or (by is None and content.channel in ASSISTED_CHANNELS):
        raise InvalidContent(_("This channel does not exist."), "channel")
    if content.about not in ComplaintAbout.values:
        raise InvalidContent(_("Choose one of the options shown."), "about")
    today = local_day(territory, at)
    received_on = content.received_on or today
    if not today - OLDEST_RECEIPT <= received_on <= today:
        raise InvalidContent(_("It was received today or in the last 90 days."), "received_on")
    happened_on = content.happened_on
    if happened_on is not None and not received_on - OLDEST_FACT <= happened_on <= received_on:
        raise InvalidContent(_("Write a date of the last three years, and not a future one."), "happened_on")
    point = content.service_point
    if point is not None and point.territory_id != territory.pk:
        raise InvalidContent(_("This place is not in that municipality."), "service_point")
    text = clean_text(content.text, label=_("What happened"), field="text")
    return Complaint(
        territory=territory,
        kind=content.kind,
        channel=content.channel,
        category_said=content.category,
        category=content.category,
        text=text,
        search_text=fold(text),
        language=(translation.get_language() or "es")[:5],
        happened_on=happened_on,
        service_point=point,
        step=_checked_step(content.step, territory, today),
        preferential=content.preferential,
        about=content.about,
        about_words=clean_text(
            content.about_words, label=_("Who it is about"), field="about_words", limit=SHORT_TEXT, required=False
        ),
        received_at=_moment(territory, received_on, at),
        received_on=received_on,
    )


def _checked_step(step: Step | None, territory: Territory, today: date) -> Step | None:
    if step is None:
        return None
    offered = {each.pk for choice in steps_to_choose(territory, today) for each in choice.steps}
    if step.pk not in offered:
        raise InvalidContent(_("This step is not in force any more. Choose another one."), "step")
    return step


def _person(named: Named, territory: Territory, by: Any, at: datetime) -> Person:
    """The person with that number among those whom the clerk may see, else a new one."""
    known = person_with(scheme=Scheme.CL_RUN, value=named.run, user=by) if named.run else None
    if known is not None and known.given_names:
        return known
    given, family = (
        clean_text(named.given_names, label=_("Name"), field="given_names", limit=120),
        clean_text(named.family_names, label=_("Surname"), field="family_names", limit=120, required=False),
    )
    if known is not None:  # attended before by the number alone
        return name_person(person=known, given_names=given, family_names=family, by=by, at=at)
    person = register_person(given_names=given, family_names=family, territory=territory, by=by, at=at)
    if named.run:
        try:
            index = blind_index(Scheme.CL_RUN, normalize(Scheme.CL_RUN, named.run))
        except InvalidIdentifier:
            raise InvalidContent(_("This number is not valid. Check it and write it again."), "run") from None
        # Somebody another municipality knows by that number stays unknown to this clerk.
        if not Identifier.objects.filter(scheme=Scheme.CL_RUN, blind_index=index).exists():
            identify_person(person=person, scheme=Scheme.CL_RUN, value=named.run, by=by, at=at)
    return person


def _is_dideco(complaint: Complaint, person: Any, at: datetime) -> bool:
    held = person.role_assignments.in_force(local_day(complaint.territory, at))
    return held.filter(role=Role.DIDECO, territory=complaint.territory).exists()
