"""Rounds of the survey, made by the product's own verbs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from benefits_core.models import AttentionMonth
from portal.foundation.territories.models import Territory
from surveys.domain import responses, rounds
from surveys.enums import Audience
from surveys.models import Instrument, Round, Stratum
from surveys.questionnaire.reading import written
from tests.factories.cycles import CycleFactory
from tests.factories.people import UserFactory
from tests.factories.territories import MunicipalityFactory, ServicePointFactory
from tests.surveys.questionnaire import shipped

NOW = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
TODAY = date(2026, 10, 5)
# A whole answer of somebody content, who was served at the office.
CONTENT: dict[str, Any] = {
    "F1": "oficina",
    "F2": "actualizacion",
    "F3": "m1",
    **{f"P{number:02}": "7" for number in range(1, 17)},
    "P17": ["no"],
    "P18": "10",
}


@cache
def _contents() -> dict[str, Any]:
    found = shipped.shipped()
    return {
        Audience.USERS: written(found["user"]),
        Audience.TEAM: written(found["team"].for_audience(Audience.TEAM)),
        Audience.REGIONAL: written(found["team"].for_audience(Audience.REGIONAL)),
    }


def instrument(audience: str = Audience.USERS) -> Instrument:
    existing = Instrument.objects.filter(audience=audience).first()
    if existing is not None:
        return existing
    made = Instrument(
        audience=audience,
        version="0.2.0",
        state="published",
        content=_contents()[audience],
        created_at=NOW,
        published_at=NOW,
    )
    made.save(by_verb=True)
    return made


def served(place: Territory, today: date = TODAY, **people: int) -> None:
    """Attentions of the month before ``today`` on the register, by channel of the register."""
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    point = ServicePointFactory(territory=place)
    for channel, count in people.items():
        AttentionMonth.objects.create(
            service_point=point,
            territory=place,
            month=month,
            channel=channel,
            preferential=False,
            count=count,
        )


def planned(
    place: Territory | None = None,
    *,
    audience: str = Audience.USERS,
    by: Any = None,
    at: datetime = NOW,
    **options: Any,
) -> Round:
    place = place or MunicipalityFactory()
    if audience == Audience.USERS and not AttentionMonth.objects.filter(territory=place).exists():
        served(place, at.date(), counter=700, outreach=100, virtual=200)
    return rounds.plan_round(
        territory=place,
        cycle=options.pop("cycle", None) or CycleFactory(year=2026, state="open"),
        instrument=instrument(audience),
        opens_on=at.date(),
        closes_on=at.date() + timedelta(days=30),
        by=by or UserFactory(),
        at=at,
        **options,
    )


def opened(place: Territory | None = None, *, open_link: bool = True, at: datetime = NOW, **options: Any) -> Round:
    made = planned(place, at=at, **options)
    return rounds.open_round(round=made, open_link=open_link, revision=made.revision, by=made.created_by, at=at)


def token(round: Round, channel: str = "in_person") -> str:
    stratum = Stratum.objects.get(round=round, channel=channel)
    return responses.invite_on_paper(stratum=stratum, count=1, by=round.created_by, at=NOW)[0]
