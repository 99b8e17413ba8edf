"""The terms that run over a complaint, and what was set for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from portal.foundation.clocks.models import Clock
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from surveys.models import AnswerTemplate, Complaint, ComplaintTerms

ANSWER_CLOCK = "surveys.answer"
ACKNOWLEDGE_CLOCK = "surveys.acknowledge"
REOPENING_CLOCK = "surveys.reopening"


def running_clock(complaint: Complaint, kind: str) -> Clock | None:
    """The clock of that kind that has not stopped; it may be paused."""
    return Clock.objects.of(complaint).filter(kind=kind, stopped_on__isnull=True).select_related("territory").first()


def due_days(complaints: Iterable[Complaint], kind: str) -> dict[int, date]:
    """Complaint → the day on which its clock of that kind ends, where one runs; one query."""
    subjects = [str(complaint.pk) for complaint in complaints]
    found = Clock.objects.running().filter(kind=kind, subject_type=Complaint._meta.label_lower, subject_id__in=subjects)
    return {int(subject): due_on for subject, due_on in found.values_list("subject_id", "due_on")}


def terms_of(territory: Any) -> QuerySet[ComplaintTerms]:
    """Every set of terms of a municipality, the newest first."""
    return ComplaintTerms.objects.filter(territory=territory).select_related("set_by")


def templates_for(complaint: Complaint) -> list[AnswerTemplate]:
    """The templates that may begin an answer to it."""
    usable = AnswerTemplate.objects.usable_at(complaint.territory)
    return list(usable.filter(kind__in=["", complaint.kind]))


@dataclass(frozen=True)
class PlaceSettings:
    """What one municipality has set."""

    territory: Territory
    in_force: ComplaintTerms
    history: list[ComplaintTerms]
    templates: list[AnswerTemplate]


def settings_of(user: Any, today: date) -> list[PlaceSettings]:
    """Terms and templates of each municipality that ``user`` leads."""
    places = Territory.objects.municipalities().filter(
        user.scope.territories("pk", "path", frozenset({Role.COORDINATOR, Role.DIDECO}))
    )
    return [
        PlaceSettings(
            territory=place,
            in_force=ComplaintTerms.objects.in_force(place, today),
            history=list(terms_of(place)),
            templates=list(AnswerTemplate.objects.usable_at(place)),
        )
        for place in places
    ]
