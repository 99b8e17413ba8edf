"""What people are told about a self-diagnosis, written in the verb's own transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import translation

from portal.foundation.documents import domain as documents
from portal.foundation.messages import domain as messages
from portal.foundation.people.models import RoleAssignment, User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from quality.models import Answer, Assessment

REPORT = "quality.assessment_report"


def submitted(*, assessment: Assessment, by: Any, at: datetime) -> None:
    """Tell the regional team that a self-diagnosis came in, and order its report."""
    documents.request_document(kind=REPORT, subject=assessment, language=by.language, by=by, at=at)
    region = assessment.municipality.region
    if region is not None:
        _tell(_holders(region, (Role.REGIONAL_TEAM,), at.date()), "quality_submitted", assessment, at, by=by)


def returned(*, assessment: Assessment, at: datetime) -> None:
    """Tell the municipal team that the region sent its self-diagnosis back."""
    team = _holders(assessment.municipality, (Role.COORDINATOR, Role.TEAM_MEMBER), at.date())
    _tell(team, "quality_returned", assessment, at)


def not_applicable_refused(*, answer: Answer, at: datetime) -> None:
    """Tell the municipal team that the region did not accept that a standard does not apply."""
    assessment = answer.assessment
    team = _holders(assessment.municipality, (Role.COORDINATOR, Role.TEAM_MEMBER), at.date())
    told = {"standard": answer.standard, "remarks": answer.review_remarks}
    _tell(team, "quality_not_applicable_refused", assessment, at, part=answer.standard.code, **told)


def verified(*, assessment: Assessment, at: datetime) -> None:
    """Tell the municipal team that its levels were verified."""
    team = _holders(assessment.municipality, (Role.COORDINATOR, Role.TEAM_MEMBER), at.date())
    _tell(team, "quality_verified", assessment, at)


def _holders(territory: Territory, roles: tuple[Role, ...], on: date) -> list[User]:
    held = RoleAssignment.objects.in_force(on).filter(territory=territory, role__in=roles)
    return list(User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("pk"))


def _tell(
    people: list[User], template: str, assessment: Assessment, at: datetime, *, part: str = "", **extra: Any
) -> None:
    for person in people:
        with translation.override(person.language):
            path = reverse("quality:assessment_show", args=[assessment.pk])
        messages.send(
            to=person,
            template=template,
            context={"assessment": assessment, "municipality": assessment.municipality, "path": path, **extra},
            # The time is part of the key: what is verified twice is told twice.
            dedupe_key=f"{template}:{assessment.pk}:{part}:{at.isoformat()}:{person.pk}",
            at=at,
        )
