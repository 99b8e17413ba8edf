"""What people of the demonstration ask about their data, who looked at it, and messages that did not arrive."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import chain

from benefits_core.domain import appointments, attentions
from benefits_core.domain.attentions import AttentionContent
from benefits_core.enums import Channel, Outcome
from benefits_core.models import Matter
from benefits_core.queries.appointments import days_to_book
from portal.demo.accounts import DOMAIN, Team
from portal.demo.timeline import ZONE, working_days
from portal.foundation.audit.domain import record_look
from portal.foundation.jobs import domain as jobs
from portal.foundation.messages import domain as messages
from portal.foundation.messages.models import Channel as MessageChannel
from portal.foundation.messages.models import MessageState
from portal.foundation.people.domain import persons, requests, retention
from portal.foundation.people.models import Person, User
from portal.foundation.people.models.privacy import RequestKind
from portal.foundation.people.queries.privacy import subject_of
from portal.foundation.territories.models import ServicePoint

# Made up: the check digit is right, and nobody has it.
IDENTIFIER = "7.654.321-6"
MORNING = time(10, 30)
LOOKS = (
    (40, "Para atender una consulta en el mesón"),
    (12, "Para revisar si falta un antecedente"),
    (3, "Para responder una solicitud sobre datos"),
)
# What she came for, days ago: in the morning after each look but the last.
VISITS = ((40, "actualizacion", Outcome.IN_PROCESS), (12, "cartola", Outcome.RESOLVED))
TEXTS_SENT = (
    ("9 6123 4501", MessageState.DELIVERED, ""),
    ("9 6123 4502", MessageState.DELIVERED, ""),
    ("9 6123 4503", MessageState.UNDELIVERABLE, "absent_subscriber"),
    ("9 6123 4504", MessageState.UNDELIVERABLE, "no_such_number"),
)


def seed(*, team: Team, national: User, now: datetime) -> None:
    """The main municipality's part; everything lies in the weeks before ``now``."""
    citizen = _register(User.objects.get(email=f"ciudadana@{DOMAIN}"), team, now)
    _look(citizen, team, now)
    _attend(citizen, team, now)
    _ask(citizen, team, national, now)
    _send_texts(now)
    _apply_terms(now)


def _ago(now: datetime, days: int, minutes: int = 0) -> datetime:
    """In office hours of the last working day that lies ``days`` or more before ``now``."""
    latest = now.astimezone(ZONE).date() - timedelta(days=max(days, 1))
    worked = [day for year in (latest.year - 1, latest.year) for day in working_days(year) if day <= latest]
    return datetime.combine(worked[-1], MORNING, tzinfo=ZONE) + timedelta(minutes=minutes)


def _register(user: User, team: Team, now: datetime) -> User:
    """The citizen is registered where she lives, joined to her account by whoever attended her."""
    given, _space, family = user.name.partition(" ")
    at, by = _ago(now, 60), team.member
    person = persons.register_person(
        given_names=given,
        family_names=family,
        territory=team.municipality,
        birth_date=date(1974, 5, 9),
        by=by,
        at=at,
    )
    persons.identify_person(person=person, scheme="cl_run", value=IDENTIFIER, by=by, at=at)
    persons.form_household(head=person, starts_on=at.date(), by=by, at=at)
    Person.objects.filter(pk=person.pk).update(user=user)
    return User.objects.select_related("person__territory").get(pk=user.pk)


def _look(citizen: User, team: Team, now: datetime) -> None:
    for days, purpose in LOOKS:
        record_look(
            by=team.member,
            object=citizen.person,
            purpose=purpose,
            at=_ago(now, days),
            territory=team.municipality,
        )


def _attend(citizen: User, team: Team, now: datetime) -> None:
    """She was attended twice and comes again: her contacts can be seen together."""
    point = ServicePoint.objects.filter(territory=team.municipality, kind=ServicePoint.Kind.OFFICE).earliest("pk")
    offered = {matter.key: matter for matter in Matter.objects.offered_in(team.municipality)}
    for days, key, outcome in VISITS:
        at = _ago(now, days, minutes=20)
        content = AttentionContent(
            service_point=point,
            channel=Channel.COUNTER,
            matter=offered[key],
            outcome=outcome,
            ended_at=at,
            wait_minutes=14,
            service_minutes=11,
            person=citizen.person,
        )
        attentions.record_attention(content=content, by=team.member, at=at)
    at = _ago(now, 1, minutes=20)
    free = chain.from_iterable(days_to_book(point, at).values())
    if offer := next((each for each in free if each.starts_at > now), None):
        appointments.book(
            service_point=point,
            starts_at=offer.starts_at,
            matter=offered["rectificacion"],
            name=citizen.name,
            person=citizen.person,
            by=team.member,
            at=at,
        )


def _ask(citizen: User, team: Team, national: User, now: datetime) -> None:
    """One answered, one that waits, and one that is late."""
    subject = subject_of(citizen)
    first = requests.open_request(
        subject=subject,
        kind=RequestKind.RECTIFICATION,
        text="Mi segundo apellido está mal escrito.",
        by=citizen,
        at=_ago(now, 30),
    )
    requests.answer_request(
        request=first,
        grant=True,
        answer="Lo corregimos en el registro. Gracias por avisar.",
        by=team.dideco,
        at=_ago(now, 24),
    )
    requests.open_request(subject=subject, kind=RequestKind.ERASURE, text="", by=citizen, at=_ago(now, 5))
    applicant = User.objects.get(email=f"solicitante@{DOMAIN}")
    requests.open_request(
        subject=subject_of(applicant),
        kind=RequestKind.OBJECTION,
        text="No quiero recibir correos con noticias.",
        by=applicant,
        at=_ago(now, 33),
    )


def _send_texts(now: datetime) -> None:
    for number, (telephone, outcome, reason) in enumerate(TEXTS_SENT):
        at = _ago(now, 9, minutes=number)
        message = messages.send(
            to=telephone,
            channel=MessageChannel.SMS,
            template="receipt_news",
            context={},
            dedupe_key=f"demo:text:{number}",
            at=at,
        )
        messages.note_receipt(
            message_id=message.pk, sending=0, state=outcome, reason=reason, at=at + timedelta(minutes=1)
        )


def _apply_terms(now: datetime) -> None:
    """As every day."""
    at = _ago(now, 1)
    for job in retention.apply_all(on=at.date(), at=at):
        jobs.run(job_id=job.pk, now=lambda: at)
