"""Complaints at each point of their life, brought there by the real verbs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from quality.models import ComplaintCategory
from surveys.domain import answers, assignments, coding, complaints, thread
from surveys.domain.answers import AnswerContent
from surveys.domain.complaints import Complained, Received
from surveys.enums import ComplaintChannel, ComplaintKind, Outcome, RootCause
from surveys.models import Complaint
from tests.factories.people import user_with_role
from tests.factories.quality import CatalogueVersionFactory, texts
from tests.factories.territories import MunicipalityFactory

# A Monday; with 30 working days, and 3 April a holiday, the term ends on 14 April 2026.
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
TEXT = "Esperé dos horas en el mesón y nadie me atendió."
_numbers = count(1)


def category(code: str = "R09") -> ComplaintCategory:
    """A category of the test catalogue; R14 and R15 say nothing of the service's quality."""
    made, _created = ComplaintCategory.objects.get_or_create(
        version=CatalogueVersionFactory(),
        code=code,
        defaults={
            "name": texts(f"Categoría {code}"),
            "route": "derivar" if code in ("R14", "R15") else "reclamo",
            "counts_as_service_quality": code not in ("R14", "R15"),
        },
    )
    return made


def content(**changes: Any) -> Complained:
    return Complained(**{"kind": ComplaintKind.COMPLAINT, "channel": ComplaintChannel.WEB, "text": TEXT, **changes})


def received(municipality: Territory | None = None, *, at: datetime = NOW, **changes: Any) -> Received:
    """Just come in, anonymous by the website unless said otherwise; the secret is there."""
    verb = {name: changes.pop(name) for name in tuple(changes) if name in VERB_ARGUMENTS}
    return complaints.receive(
        territory=municipality or MunicipalityFactory(), content=content(**changes), **{"by": None, **verb}, at=at
    )


VERB_ARGUMENTS = {"files", "uploads", "author", "named", "contact", "dedupe_key", "handed", "by"}


def complaint(municipality: Territory | None = None, **changes: Any) -> Complaint:
    return received(municipality, **changes).complaint


def worker(municipality: Territory, role: Role = Role.TEAM_MEMBER, **fields: Any) -> User:
    return user_with_role(role, municipality, **fields)


def assigned(
    made: Complaint | None = None,
    *,
    to: User | None = None,
    by: User | None = None,
    at: datetime = NOW,
    **changes: Any,
) -> Complaint:
    made = made or complaint(**changes)
    by = by or worker(made.territory, Role.COORDINATOR)
    return assignments.assign(complaint=made, to=to or worker(made.territory), by=by, at=at)


def answer_content(**changes: Any) -> AnswerContent:
    return AnswerContent(
        **{
            "outcome": Outcome.FOUNDED,
            "found": "Ese día faltó una persona en el mesón.",
            "action": "Desde hoy hay un reemplazo para cada turno.",
            "next_step": "Puede venir sin esperar el martes a las 10.",
            **changes,
        }
    )


def answered(
    made: Complaint | None = None,
    *,
    by: User | None = None,
    at: datetime = NOW,
    received_at: datetime = NOW,
    **changes: Any,
) -> Complaint:
    made = made or complaint(at=received_at, **changes)
    made.refresh_from_db()
    answers.answer(
        complaint=made,
        content=answer_content(),
        revision=made.revision,
        by=by or worker(made.territory),
        at=at,
    )
    made.refresh_from_db()
    return made


def closed(made: Complaint | None = None, *, at: datetime = NOW, **changes: Any) -> Complaint:
    made = made if made and made.answered_at else answered(made, at=at, **changes)
    return answers.close(complaint=made, by=worker(made.territory), at=at)


def coded(
    made: Complaint | None = None,
    *,
    cause: str = RootCause.STAFFING,
    standards: Any = (),
    by: User | None = None,
    at: datetime = NOW,
    **changes: Any,
) -> Complaint:
    made = made if made and made.answered_at else answered(made, at=at, **changes)
    coding.code(complaint=made, cause=cause, standards=standards, by=by or worker(made.territory), at=at)
    made.refresh_from_db()
    return made


def asked(made: Complaint | None = None, *, at: datetime = NOW, **changes: Any) -> Complaint:
    made = made or complaint(at=at, **changes)
    thread.ask_person(complaint=made, text="¿Qué día vino?", by=worker(made.territory), at=at)
    made.refresh_from_db()
    return made
