"""The survey's rounds, and how far each is; never what was answered while it is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from portal.foundation.cycles.models import Cycle, CycleState
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from portal.foundation.ui.translated import localized
from quality.models import Standard
from surveys.enums import SAMPLED_MODES, AnswerMode, Audience, InstrumentState, RoundState
from surveys.models import Instrument, Round, RoundResponse, RoundResult, Stratum, SurveyScreen
from surveys.statistics import sampling
from surveys.statistics.profiles import bracket_question
from surveys.statistics.standardized import UNKNOWN

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


def reference_mix(cycle: Cycle) -> dict[str, float] | None:
    """The mix of brackets of the cycle or, where it has none of its own, of the last cycle before it that has."""
    kept = Cycle.objects.filter(year__lte=cycle.year).exclude(reference_mix={}).order_by("-year")
    return kept.values_list("reference_mix", flat=True).first()


def figures_before(round: Round) -> dict[str, Any] | None:
    """The frozen figures of the last survey before this one, with its ``year``; None where there is none.

    What was worked out after this one's results is not taken: they are frozen without it.
    """
    found = RoundResult.objects.filter(
        round__territory=round.territory_id, round__audience=round.audience, round__cycle__year__lt=round.cycle.year
    )
    own = RoundResult.objects.filter(round=round).values_list("computed_at", flat=True).first()
    if own is not None:
        found = found.filter(computed_at__lte=own)
    last = found.select_related("round__cycle").order_by("-round__cycle__year").first()
    return last.figures | {"year": last.round.cycle.year} if last else None


def attributes_of_standards(cycle: Cycle) -> dict[str, list[str]]:
    """Code of each standard of the cycle's catalogue → codes of its attributes. Two queries."""
    found = Standard.objects.filter(version__version=cycle.catalogue_version).prefetch_related("attributes")
    return {one.code: sorted(each.code for each in one.attributes.all()) for one in found.order_by("number")}


def round_before(round: Round) -> Round | None:
    """The last survey before this one whose results are out."""
    found = Round.objects.published().filter(
        territory=round.territory_id, audience=round.audience, cycle__year__lt=round.cycle.year
    )
    return found.select_related("cycle", "territory__region").order_by("-cycle__year").first()


def brackets() -> list[tuple[str, str]]:
    """Code and name of each bracket that the newest published survey asks for; none where it asks for none."""
    newest = published_instruments().filter(audience=Audience.USERS).order_by("-published_at", "-pk").first()
    asked = bracket_question(newest.questionnaire, None) if newest else None
    options = asked.options if asked else ()
    return [
        (one.value, localized({"es": one.label.es, "en": one.label.en})) for one in options if one.value not in UNKNOWN
    ]


def last_day(round: Round) -> date:
    """The last day on which answers came: that of its closing, where it was closed early."""
    if round.closed_at is None:
        return round.closes_on
    return min(round.closes_on, timezone.localtime(round.closed_at, round.territory.zone).date())
