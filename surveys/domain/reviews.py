"""The quarterly review: who met, what was agreed about which cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.territories.models import Territory
from surveys.domain.checks import clean_text, local_day
from surveys.enums import RootCause
from surveys.errors import InvalidContent, NotPossibleNow
from surveys.models import QuarterlyReview, ReviewAgreement
from surveys.queries.people import team
from surveys.statistics import Quarter

MAX_AGREEMENTS = 10


@dataclass(frozen=True)
class Agreed:
    """One agreement; ``owner`` and ``due_on`` are voluntary."""

    text: str
    cause: str = ""
    owner: Any = None
    due_on: date | None = None


@transaction.atomic
def record_review(
    *,
    territory: Territory,
    quarter: Quarter,
    held_on: date,
    participants: str,
    notes: str = "",
    agreements: Sequence[Agreed] = (),
    revision: int | None = None,
    by: Any,
    at: datetime,
) -> QuarterlyReview:
    """Write down the meeting, or write it anew.

    :param revision: the one on the writer's screen; None where there was no review yet.
    :raises NotPossibleNow: somebody wrote it meanwhile.
    :raises InvalidContent: a day in the future or before the quarter, nobody who took part, too many agreements.
    """
    if not quarter.starts_on <= held_on <= local_day(territory, at):
        raise InvalidContent(_("Write a day from the beginning of the quarter until today."), "held_on")
    if len(agreements) > MAX_AGREEMENTS:
        raise InvalidContent(_("Write %(count)s agreements at most.") % {"count": MAX_AGREEMENTS}, "agreement_0")
    values = {
        "held_on": held_on,
        "participants": clean_text(participants, label=_("Who took part"), field="participants", limit=1000),
        "notes": clean_text(notes, label=_("What was talked about"), field="notes", required=False),
        "recorded_by": by,
        "recorded_at": at,
    }
    where = {"territory": territory, "year": quarter.year, "quarter": quarter.number}
    review = QuarterlyReview.objects.select_for_update(of=("self",)).filter(**where).first()
    if (review.revision if review else None) != revision:
        raise NotPossibleNow(_("Somebody wrote this review while you were writing. Open it again."))
    if review is None:
        try:
            with transaction.atomic():
                review = QuarterlyReview.objects.create(**where, **values)
        except IntegrityError:
            raise NotPossibleNow(_("Somebody wrote this review while you were writing. Open it again.")) from None
    else:
        for name, value in values.items():
            setattr(review, name, value)
        review.revision += 1
        review.save()
        review.agreements.all().delete()
    possible = set(team(territory, local_day(territory, at)).values_list("pk", flat=True))
    ReviewAgreement.objects.bulk_create(
        [_agreement(review, number, agreed, possible) for number, agreed in enumerate(agreements)]
    )
    detail = {"year": quarter.year, "quarter": quarter.number, "agreements": len(agreements)}
    record(verb="surveys.record_review", object=review, by=by, at=at, territory=territory, detail=detail)
    return review


def _agreement(review: QuarterlyReview, number: int, agreed: Agreed, possible: set[int]) -> ReviewAgreement:
    if agreed.cause and agreed.cause not in RootCause.values:
        raise InvalidContent(_("Choose a cause."), f"cause_{number}")
    if agreed.owner is not None and agreed.owner.pk not in possible:
        raise InvalidContent(_("This person is not in the municipality's team."), f"owner_{number}")
    return ReviewAgreement(
        review=review,
        cause=agreed.cause,
        text=clean_text(agreed.text, label=_("Agreement"), field=f"agreement_{number}", limit=500),
        owner=agreed.owner,
        due_on=agreed.due_on,
    )
