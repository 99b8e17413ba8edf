"""The yearly survey: what people who were served answered, by slip and by the open link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import surveys
from portal.demo.accounts import Team
from portal.demo.timeline import Timeline
from portal.foundation.cycles.models import Cycle
from portal.foundation.jobs.domain import run
from surveys.domain import contacts, mailings, papers, responses, rounds, screens
from surveys.domain.instruments import load_instruments
from surveys.enums import Audience
from surveys.models import Instrument, Round
from surveys.questionnaire.model import Kind, Question, Questionnaire, Role

FILE = Path(surveys.__file__).parent / "data" / "questionnaire-cl-rsh-0.2.0.yaml"
OPEN_DAYS = 60
SMALL_SURVEY = 100
SERVED_BY = {"in_person": "oficina", "outreach": "terreno", "virtual": "web"}
OPINIONS = (
    "Que den más horas por la mañana.",
    "Que expliquen los papeles antes de ir.",
    "Me atendieron muy bien, sigan así.",
    "Que avisen en qué va el trámite.",
)
OFFICE_CONTACTS, WEB_CONTACTS = 30, 20
AT_THE_SCREEN, READ_ALOUD, PAPERS = 3, 2, 4
PROBLEMS = ("R01", "R02", "R03", "R04")
# Invented, like everything here: what people say of their bracket, and the mix that figures are standardized to.
BRACKETS = {"40": 48, "50_60": 19, "70_100": 22, "ns": 6, "nr": 5}
MIX = {"40": 55, "50_60": 19, "70_100": 26}
SKILLS = {"sola": 50, "ayuda": 25, "no_puede": 15, "sin_internet": 7, "nr": 3}
SERVED_WHEN = {"m1": 30, "m3": 40, "m12": 28, "mas": 2}


@dataclass(frozen=True)
class Served:
    """How people were served in one year: the usual mark, and how far each question lies from it."""

    mean: float
    leans: dict[str, float]


# Waiting and knowing how a request goes are what people like least; a year later the waiting is shorter.
USUAL = Served(5.5, {"P02": -1.0, "P09": -0.8, "P15": -0.9, "P05": 0.4})
BETTER = Served(5.8, {"P01": 0.7, "P02": 0.1, "P09": -0.8, "P15": -0.9, "P05": 0.4})


def publish(*, timeline: Timeline) -> None:
    load_instruments(content=FILE.read_bytes(), by=None, at=timeline.moment(0))


def ask(
    *, team: Team, cycle: Cycle, timeline: Timeline, rng: Random, people: int, volunteers: int, ends: bool
) -> Round:
    """A survey of one year: closed and worked out where it ``ends``, else it takes answers."""
    share = 0.92 if timeline.is_current else 0.8
    begins = timeline.moment(share)
    planned = rounds.plan_round(
        territory=team.municipality,
        cycle=cycle,
        instrument=Instrument.objects.get(audience=Audience.USERS),
        opens_on=timeline.day(share),
        closes_on=timeline.day(share) + timedelta(days=OPEN_DAYS),
        by=team.coordinator,
        at=begins,
    )
    round = rounds.open_round(round=planned, open_link=True, revision=planned.revision, by=team.coordinator, at=begins)
    _answer(round, timeline, rng, people, volunteers, leaves=0 if ends else 0.5)
    if not ends:
        _invite(round, timeline)
        _at_the_office(round, timeline, rng)
        _on_paper(round, team, timeline, rng)
    else:
        round = rounds.close_round(round=round, by=team.coordinator, at=timeline.moment(0.96))
        run(job_id=round.job_id, now=lambda: timeline.moment(0.97))  # type: ignore[arg-type]
    return round


def _answer(round: Round, timeline: Timeline, rng: Random, people: int, volunteers: int, *, leaves: float) -> None:
    """People of each channel in proportion; whoever comes by the open link is less content.

    :param leaves: the share of those to invite who are still to be written to.
    """
    strata = list(round.strata.all())
    whole = sum(one.population for one in strata)
    at = timeline.moment(0.94)
    # Where few answer, the service goes on as it was: of one of the two it cannot be said that it changed.
    served = BETTER if timeline.is_current and people > SMALL_SURVEY else USUAL
    worse = replace(served, mean=served.mean - 1)
    for stratum in strata:
        count = max(1, people * stratum.population // whole)
        asked = min(int(stratum.to_invite * (1 - leaves)), responses.MOST_AT_ONCE)
        tokens = responses.invite_on_paper(stratum=stratum, count=max(count, asked), by=round.created_by, at=at)
        for token in tokens[:count]:
            said = _said(round.questionnaire, rng, stratum.channel, served)
            responses.respond(code=token, given=said, at=at)
    for _number in range(volunteers):
        said = _said(round.questionnaire, rng, rng.choice(sorted(SERVED_BY)), worse)
        responses.respond(code=str(round.open_code), given=said, at=at)


def _invite(round: Round, timeline: Timeline) -> None:
    """Some contacts of a list: those of the office were written to, the others wait."""
    at = timeline.moment(0.94)
    for channel, count in (("in_person", OFFICE_CONTACTS), ("virtual", WEB_CONTACTS)):
        rows = "\n".join(f"vecina.{channel}.{number}@correo.demo.cl" for number in range(count))
        contacts.add_contacts(
            round=round, content=f"contacto\n{rows}\n".encode(), channel=channel, by=round.created_by, at=at
        )
        if channel == "in_person":
            round.refresh_from_db()
            mailing = mailings.send_invitations(round=round, revision=round.revision, by=round.created_by, at=at)
            run(job_id=mailing.job_id, now=lambda: at)  # type: ignore[arg-type]


def _at_the_office(round: Round, timeline: Timeline, rng: Random) -> None:
    """A screen in the waiting room, and some to whom a clerk read the questions."""
    at = timeline.moment(0.94)
    _screen, key = screens.add_screen(round=round, name="Sala de espera", by=round.created_by, at=at)
    for _number in range(AT_THE_SCREEN):
        said = _said(round.questionnaire, rng, "in_person", BETTER)
        responses.respond_at_screen(key=key, given=said, at=at)
    stratum = round.strata.get(channel="in_person")
    for code in responses.invite_on_paper(stratum=stratum, count=READ_ALOUD, by=round.created_by, at=at):
        said = _said(round.questionnaire, rng, "in_person", BETTER)
        responses.respond(code=code, given=said, is_assisted=True, at=at)


def _on_paper(round: Round, team: Team, timeline: Timeline, rng: Random) -> None:
    """Papers of the ground: some typed twice alike, one that the two read otherwise, one that waits."""
    at = timeline.moment(0.94)
    stratum = round.strata.filter(channel="outreach").first()
    if stratum is None:
        return
    codes = responses.invite_on_paper(stratum=stratum, count=PAPERS, by=round.created_by, at=at)
    for number, code in enumerate(codes):
        said = _said(round.questionnaire, rng, "outreach", BETTER) | {"F3": "m1"}
        typed = {"round": round, "code": code, "at": at}
        papers.type_paper(given=said, by=team.member, **typed)
        if number == 0:
            continue
        other = {"P01": "1" if said["P01"] != "1" else "2"} if number == 1 else {}
        papers.type_paper(given=said | other, by=team.coordinator, **typed)


def _said(questionnaire: Questionnaire, rng: Random, channel: str, served: Served) -> dict[str, Any]:
    """What one person answers: marks that go together, and a problem where they are low.

    Whoever has a low bracket is a little more content, and on the internet it is a little harder.
    """
    bracket = rng.choices(*zip(*BRACKETS.items(), strict=True))[0]
    mood = rng.gauss(served.mean, 1.2) + (0.3 if bracket == "40" else 0.0) - (0.3 if channel == "virtual" else 0.0)
    said = {one.code: _answered(one, rng, mood, served) for one in questionnaire.questions}
    when = rng.choices(*zip(*SERVED_WHEN.items(), strict=True))[0]
    skill = rng.choices(*zip(*SKILLS.items(), strict=True))[0]
    known = {"F1": SERVED_BY[channel], "F3": when, "P20": bracket, "D5": skill}
    return {code: answer for code, answer in said.items() if answer} | known


def _answered(question: Question, rng: Random, mood: float, served: Served) -> Any:
    if question.kind in (Kind.MARK, Kind.AGREE):
        if question.role is Role.SCORE and rng.random() < 0.004:
            return "na"
        return str(min(7, max(1, round(mood + rng.gauss(served.leans.get(question.code, 0.0), 0.9)))))
    if question.kind is Kind.RECOMMEND:
        return str(min(10, max(0, round(mood * 1.5 + rng.gauss(0, 1)))))
    if question.kind is Kind.MULTI:
        return ["no"] if mood > 5 else [rng.choice(PROBLEMS)]
    if question.kind is Kind.TEXT:
        return rng.choice(OPINIONS) if rng.random() < 0.2 else ""
    return rng.choice(question.codes)
