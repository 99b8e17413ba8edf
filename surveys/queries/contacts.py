"""What somebody sent, as part of the history of contacts that ``benefits_core`` shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits_core.contacts import Contact, ContactSource
from portal.foundation.people.roles import Role
from portal.foundation.receipts.keys import grouped
from surveys.enums import ComplaintKind, ComplaintState
from surveys.models import Complaint, ComplaintQuerySet

LEADERS = frozenset({Role.COORDINATOR, Role.DIDECO})


def rows(person: Any, user: Any) -> ComplaintQuerySet:
    """Only what ``user`` may know the name of: the same as ``rules.can_see_who_complained``, as a condition."""
    leads = user.scope.territories("territory_id", "territory__path", LEADERS)
    return Complaint.objects.visible_to(user).filter(leads | Q(owner=user)).filter(reduce(or_, sent_by(person)))


def sent_by(person: Any) -> list[Q]:
    """How a complaint can be that person's: a clerk wrote the name down, or the account joined to it sent it."""
    own = [Q(person=person)]
    return [*own, Q(author=person.user_id)] if person.user_id else own


def describe(row: str, at: datetime, values: Sequence[str]) -> Contact:
    kind, state, code, place = values
    return Contact(
        at,
        _("Complaints and suggestions"),
        f"{ComplaintKind(kind).label} {grouped(code) if code else row}",
        str(ComplaintState(state).label),
        place,
        reverse("surveys:complaint", args=[row]),
    )


COMPLAINTS = ContactSource(
    key="surveys.complaint",
    label=_("Complaints and suggestions"),
    rows=rows,
    at="received_at",
    columns=("kind", "state", "code", "territory__name"),
    describe=describe,
    has_receipt=True,
)
