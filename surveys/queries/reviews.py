"""Quarters that were reviewed, and those that wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from portal.foundation.people.roles import MUNICIPAL_ROLES
from portal.foundation.territories.models import Territory
from surveys.models import Complaint, QuarterlyReview, ReviewAgreement
from surveys.statistics import Quarter

QUARTERS_BACK = 4


@dataclass(frozen=True)
class Waiting:
    territory: Territory
    quarter: Quarter


def reviews_of(user: Any) -> QuerySet[QuarterlyReview]:
    return (
        QuarterlyReview.objects.visible_to(user)
        .select_related("territory")
        .prefetch_related("agreements")
        .order_by("-year", "-quarter", "territory__search_name")
    )


def review_of(territory: Territory, quarter: Quarter) -> QuarterlyReview | None:
    agreements = Prefetch("agreements", ReviewAgreement.objects.select_related("owner"))
    found = QuarterlyReview.objects.filter(territory=territory, year=quarter.year, quarter=quarter.number)
    return found.select_related("recorded_by").prefetch_related(agreements).first()


def to_be_held(user: Any, today: date) -> list[Waiting]:
    """The last four quarters of the user's municipalities that had answers and no review; three queries."""
    places = Territory.objects.municipalities().filter(user.scope.territories("pk", "path", MUNICIPAL_ROLES))
    quarters = [Quarter.of(today)]
    while len(quarters) <= QUARTERS_BACK:
        quarters.append(quarters[-1].previous)
    known = {place.pk: place for place in places}
    held = set(QuarterlyReview.objects.filter(territory__in=known).values_list("territory_id", "year", "quarter"))
    answered = Complaint.objects.filter(territory__in=known, answered_on__gte=quarters[-1].starts_on)
    days = answered.order_by().values_list("territory_id", "answered_on").distinct()
    had = {(pk, Quarter.of(day)) for pk, day in days if day}
    return [
        Waiting(known[pk], quarter)
        for pk, quarter in sorted(had, key=lambda each: (each[1], each[0]), reverse=True)
        if quarter < quarters[0] and (pk, quarter.year, quarter.number) not in held
    ]
