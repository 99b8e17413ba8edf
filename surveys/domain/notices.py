"""Who is told what, in the transaction of the verb that brings it about.

Messages name a complaint by its code and lead to its page; they carry nothing of what it says.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation

from portal.foundation.messages.domain import NoAddress, send
from portal.foundation.people.models import RoleAssignment, User
from portal.foundation.people.roles import Role
from portal.foundation.receipts import domain as receipts
from portal.foundation.receipts.queries import receipt_of
from surveys.domain.checks import local_day
from surveys.enums import ComplaintAbout, Escalation
from surveys.models import Complaint

_ROLE_OF = {
    Escalation.OWNER: Role.COORDINATOR,  # where nobody is in charge yet
    Escalation.COORDINATOR: Role.COORDINATOR,
    Escalation.DIDECO: Role.DIDECO,
    Escalation.REGION: Role.REGIONAL_TEAM,
}


def tell_person(complaint: Complaint, template: str, *, at: datetime, **context: Any) -> None:
    """To the contact that was left with the receipt; where there is none, the receipt's page says it."""
    receipt = receipt_of(complaint)
    if receipt is None:
        return
    receipts.notify(
        receipt=receipt,
        template=template,
        context={"municipality": complaint.territory.name, "path": reverse("receipts:open"), **context},
        dedupe_key=f"{template}:{at.isoformat()}",
        at=at,
    )


def tell_staff(
    complaint: Complaint, people: Iterable[User], template: str, *, key: str, by: Any, at: datetime, **context: Any
) -> None:
    """To each of ``people`` but ``by``, whoever left, and whoever is complained about.

    :param key: what makes this message one, besides its receiver.
    """
    for person in people:
        is_by = by is not None and person.pk == by.pk
        if is_by or person.pk == complaint.about_user_id or not person.is_active:
            continue
        with translation.override(person.language):
            path = complaint.get_absolute_url()
        values = {"complaint": str(complaint), "municipality": complaint.territory.name, "path": path, **context}
        try:
            send(to=person, template=template, context=values, dedupe_key=f"{template}:{key}:{person.pk}", at=at)
        except NoAddress:
            continue


def reach(complaint: Complaint, level: Escalation, at: datetime) -> list[User]:
    """Whom ``level`` of the chain is, and, where nobody there may read it, the next ones up.

    What comes to the regional team becomes readable to it: the caller stores ``reaches_region``.
    """
    for step in Escalation:
        if step < max(level, _lowest(complaint)):
            continue
        found = [complaint.owner] if step == Escalation.OWNER and complaint.owner else _holders(complaint, step, at)
        able = [person for person in found if person.pk != complaint.about_user_id and person.is_active]
        if able:
            complaint.reaches_region |= step == Escalation.REGION
            return able
    return []


def _lowest(complaint: Complaint) -> Escalation:
    """Where somebody in charge may be meant, and nobody has settled who, it begins above them."""
    is_lead = complaint.is_unsettled and complaint.about == ComplaintAbout.LEAD
    return Escalation.DIDECO if is_lead else Escalation.OWNER


def _holders(complaint: Complaint, step: Escalation, at: datetime) -> list[User]:
    role = _ROLE_OF[step]
    place = complaint.territory.region if role == Role.REGIONAL_TEAM else complaint.territory
    held = RoleAssignment.objects.in_force(local_day(complaint.territory, at)).filter(role=role, territory=place)
    return list(User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("pk"))
