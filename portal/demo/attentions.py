"""Two years of attentions in every municipality that takes part: by hour, weekday and season."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from benefits_core.domain import matters
from benefits_core.domain.attentions import AttentionContent, record_many
from benefits_core.enums import AttentionSource, Channel, Outcome
from benefits_core.models import Matter
from portal.demo.accounts import Team
from portal.demo.timeline import Timeline
from portal.foundation.clocks.working_days import is_working_day
from portal.foundation.territories import domain as territories
from portal.foundation.territories.domain import Opening
from portal.foundation.territories.models import ServicePoint, Territory

YEARS = 2
FEWEST_A_DAY, MOST_A_DAY = 4, 8
# How the day, the week and the year go: shares around one.
HOURS = {8: 0.7, 9: 1.5, 10: 1.7, 11: 1.4, 12: 1.0, 13: 0.7}
WEEKDAYS = (1.3, 1.05, 1.0, 0.95, 0.8)
MONTHS = (0.7, 0.6, 1.35, 1.2, 1.1, 1.0, 0.95, 1.0, 0.9, 1.05, 1.1, 0.9)
POINTS = (
    ("Oficina del Registro Social de Hogares", ServicePoint.Kind.OFFICE, "Edificio consistorial, primer piso", 0.62),
    ("Delegación rural", ServicePoint.Kind.OFFICE, "Sede de la junta de vecinos", 0.13),
    ("Mesa telefónica", ServicePoint.Kind.TELEPHONE, "", 0.13),
    ("Correo y formulario web", ServicePoint.Kind.VIRTUAL, "", 0.08),
    ("Operativos en terreno", ServicePoint.Kind.OUTREACH, "", 0.04),
)
CHANNELS = {
    ServicePoint.Kind.OFFICE: Channel.COUNTER,
    ServicePoint.Kind.TELEPHONE: Channel.TELEPHONE,
    ServicePoint.Kind.VIRTUAL: Channel.VIRTUAL,
    ServicePoint.Kind.OUTREACH: Channel.OUTREACH,
}
# Mean minutes of wait at an hour as busy as the mean one, and how often somebody measured it.
WAITS = {
    Channel.COUNTER: (17.0, 0.94),
    Channel.TELEPHONE: (6.0, 0.9),
    Channel.VIRTUAL: (45.0, 0.8),
    Channel.OUTREACH: (9.0, 0.35),
}
MATTERS = {
    "ingreso": 0.12,
    "actualizacion": 0.2,
    "rectificacion": 0.08,
    "complemento": 0.06,
    "integrantes": 0.11,
    "domicilio": 0.1,
    "estado": 0.15,
    "cartola": 0.13,
    "otra": 0.05,
}
OUTCOMES = {
    Outcome.RESOLVED: 0.44,
    Outcome.IN_PROCESS: 0.24,
    Outcome.INFORMED: 0.16,
    Outcome.INCOMPLETE: 0.1,
    Outcome.REFERRED: 0.05,
    Outcome.LEFT: 0.01,
}
PROMISES = {Channel.COUNTER: 30, Channel.TELEPHONE: 15, Channel.VIRTUAL: 120}


@dataclass(frozen=True)
class Office:
    """What the attentions of one municipality are drawn from."""

    team: Team
    points: list[ServicePoint]
    matters: list[Matter]
    pace: float


def set_up_country(*, country: Territory, since: datetime) -> None:
    """The national matters and longest waits."""
    matters.load_matters(territory=country, by=None, at=since)
    for channel, minutes in PROMISES.items():
        matters.promise_wait(
            territory=country,
            channel=channel,
            minutes=minutes,
            starts_on=since.astimezone(country.zone).date().replace(day=1),
            by=None,
            at=since,
        )


def open_office(*, team: Team, since: datetime, rng: Random) -> Office:
    """The service points of a municipality with their hours, run by its coordinator."""
    # Some are open already: the municipality's own terms of a procedure name them.
    known = {point.name: point for point in ServicePoint.objects.filter(territory=team.municipality)}
    points = [
        known.get(name)
        or territories.open_service_point(
            territory=team.municipality, name=name, kind=kind, address=address, by=team.coordinator, at=since
        )
        for name, kind, address, _share in POINTS
    ]
    for point in points[:3]:
        week = [Opening(day, time(8, 30), time(14, 0)) for day in range(5)]
        territories.set_opening_hours(service_point=point, openings=week, by=team.coordinator, at=since)
    offered = {matter.key: matter for matter in Matter.objects.offered_in(team.municipality)}
    return Office(team, points, [offered[key] for key in MATTERS], rng.uniform(FEWEST_A_DAY, MOST_A_DAY))


def attend(*, office: Office, now: datetime, rng: Random) -> int:
    """Everything that was attended in the last two years, up to the last working day; returns how many."""
    count = 0
    last_year = now.astimezone(office.team.municipality.zone).year
    for year in range(last_year - YEARS + 1, last_year + 1):
        timeline = Timeline(year, now)
        at = timeline.moment(1)
        contents = [content for day in timeline.worked for content in _day(office, day, rng) if content.ended_at <= at]
        clerks = [office.team.member if rng.random() < 0.8 else office.team.coordinator for _ in contents]
        count += record_many(
            territory=office.team.municipality,
            contents=contents,
            clerks=clerks,
            source=AttentionSource.MANUAL,
            by=office.team.coordinator,
            at=at,
        )
    return count


def _day(office: Office, day: date, rng: Random) -> Iterator[AttentionContent]:
    if not is_working_day(day, office.team.municipality):
        return
    # Each month a little better: what the plans are for.
    progress = 1.0 - 0.012 * (day.month + 12 * (day.year % 2))
    pace = office.pace * WEEKDAYS[day.weekday()] * MONTHS[day.month - 1]
    for _ in range(round(rng.gauss(pace, pace / 5))):
        yield _one(office, day, progress, rng)


def _one(office: Office, day: date, progress: float, rng: Random) -> AttentionContent:
    point = rng.choices(office.points, [share for *_rest, share in POINTS])[0]
    channel = CHANNELS[ServicePoint.Kind(point.kind)]
    hour = rng.choices(list(HOURS), list(HOURS.values()))[0]
    preferential = rng.random() < 0.22
    mean, measured = WAITS[channel]
    wait = rng.expovariate(1 / (mean * HOURS[hour] * progress * (0.55 if preferential else 1.0)))
    served = max(2.0, rng.lognormvariate(2.2, 0.5))
    arrived = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), office.team.municipality.zone)
    wait = min(wait, 180.0)
    return AttentionContent(
        service_point=point,
        channel=channel,
        matter=rng.choices(office.matters, list(MATTERS.values()))[0],
        outcome=rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0],
        ended_at=(arrived + timedelta(minutes=wait + served)).astimezone(UTC),
        wait_minutes=round(wait, 2) if rng.random() < measured else None,
        service_minutes=round(served, 2),
        preferential=preferential,
    )
