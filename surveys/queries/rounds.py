"""The survey's rounds, and how far each is; never what was answered while it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from portal.foundation.cycles.models import Cycle, CycleState
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from surveys.enums import SAMPLED_MODES, AnswerMode, Audience, InstrumentState, RoundState
from surveys.models import Instrument, Round, RoundResponse, Stratum, SurveyScreen
from surveys.statistics import sampling

PLANNERS = frozenset({Role.COORDINATOR, Role.DIDECO})


def rounds_of(user: Any) -> QuerySet[Round]:
    return Round.objects.visible_to(user).select_related("territory__region", "cycle", "instrument")


def places_to_plan(user: Any) -> QuerySet[Territory]:
    return Territory.objects.municipalities().filter(user.scope.territories("pk", "path", PLANNERS))


def published_instruments() -> QuerySet[Instrument]:
    return Instrument.objects.filter(state=InstrumentState.PUBLISHED)


def open_cycle() -> Cycle | None:
    return Cycle.objects.filter(state=CycleState.OPEN).first()


@dataclass(frozen=True)
class Completes:
    """One stratum: people, how many are to answer, how many were asked and how many answered."""

    stratum: Stratum
    answered: int

    @property
    def missing(self) -> int:
        return max(0, self.stratum.target - self.answered)


@dataclass(frozen=True)
class Fieldwork:
    """How a round goes, in numbers of answers alone. ``voluntary``: by the open link and at a screen of the office.
    ``modes``: each way in which answers came, and how many."""

    strata: list[Completes]
    answered: int
    voluntary: int
    modes: list[tuple[str, int]]
    advice: sampling.Advice | None

    @property
    def target(self) -> int:
        return sum(one.stratum.target for one in self.strata)


def fieldwork(round: Round) -> Fieldwork:
    """Two queries."""
    strata = list(round.strata.all())
    counts = (
        RoundResponse.objects.filter(round=round, is_screened_out=False)
        .values("mode", "channel")
        .annotate(people=Count("pk"))
    )
    answered: dict[str, int] = {}
    voluntary = 0
    modes: dict[str, int] = {}
    for row in counts:
        modes[row["mode"]] = modes.get(row["mode"], 0) + row["people"]
        if round.asks_everybody or row["mode"] in SAMPLED_MODES:
            answered[row["channel"]] = answered.get(row["channel"], 0) + row["people"]
        else:
            voluntary += row["people"]
    return Fieldwork(
        strata=[Completes(one, answered.get(one.channel, 0)) for one in strata],
        answered=sum(answered.values()),
        voluntary=voluntary,
        modes=[(str(mode.label), modes[mode]) for mode in AnswerMode if mode in modes],
        advice=sampling.advise(sum(one.population for one in strata), float(round.response)) if strata else None,
    )


def rounds_to_help_with(user: Any, roles: frozenset[Role]) -> QuerySet[Round]:
    """Surveys of people who were served, open where ``user`` may help."""
    found = Round.objects.filter(user.scope.territories("territory_id", "territory__path", roles))
    return found.filter(state=RoundState.OPEN, audience=Audience.USERS).select_related("territory__region", "cycle")


def screens_of(user: Any) -> QuerySet[SurveyScreen]:
    visible = Round.objects.visible_to(user)
    return SurveyScreen.objects.filter(round__in=visible).select_related("round__territory__region", "round__cycle")


def published_round(place: Territory, year: int, audience: str = Audience.USERS) -> Round | None:
    """The municipality's survey of that year, once its results are out."""
    found = Round.objects.published().filter(territory=place, cycle__year=year, audience=audience)
    return found.select_related("territory__region", "cycle", "instrument", "result").first()


def published_years(place: Territory, audience: str = Audience.USERS) -> list[int]:
    found = Round.objects.published().filter(territory=place, audience=audience)
    return list(found.order_by("-cycle__year").values_list("cycle__year", flat=True))
