"""The surveys of a region or the country: how far each is, and what came out; never in order of what came out.

Changes of many municipalities are judged together (docs/algorithms/survey-comparison.md). Constant queries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from portal.foundation.cycles.models import Participation
from portal.foundation.territories.models import Territory
from surveys.enums import SAMPLED_MODES, Audience, RoundState
from surveys.models import Round, RoundResponse, Stratum
from surveys.queries.result_parts import ChangeShown, Shown, percent, shown
from surveys.statistics.answered import stored
from surveys.statistics.comparison import Verdict, corrected
from surveys.statistics.disclosure import PUBLIC
from surveys.statistics.standardized import weighed
from surveys.statistics.years import told_again


@dataclass(frozen=True)
class Outcome:
    """What came out in one municipality: the overall mark, and its change judged beside all the others'."""

    top: Shown
    is_voluntary: bool
    change: ChangeShown | None


@dataclass(frozen=True)
class Row:
    """One survey: ``answered`` of ``target`` (by those who were asked), ``outcome`` None before it is worked out."""

    round: Round
    outcome: Outcome | None

    @property
    def answered(self) -> int:
        return int(self.round.answered)  # type: ignore[attr-defined]

    @property
    def target(self) -> int:
        return int(self.round.target)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class RegionRow:
    """A region's surveys by state, and how many overall marks went up or down."""

    region: str
    slug: str
    states: dict[str, int]
    ups: int
    downs: int

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def published(self) -> int:
        return self.states.get(RoundState.PUBLISHED, 0)


@dataclass(frozen=True)
class Overview:
    """A place and a year. ``together``: the overall mark of the published ones, each as heavy as its people."""

    states: dict[str, int]
    without: int
    answered: int
    target: int
    together: Shown | None
    municipalities: int
    ups: int
    downs: int
    unchanged: int
    regions: list[RegionRow]
    outcomes: Mapping[int, Outcome]

    @property
    def total(self) -> int:
        return sum(self.states.values())


def rounds_in(place: Territory, year: int) -> QuerySet[Round]:
    """The surveys of who was served, by name of the municipality; with ``target`` and ``answered``."""
    strata = Stratum.objects.filter(round=OuterRef("pk")).order_by().values("round")
    came = RoundResponse.objects.filter(round=OuterRef("pk"), mode__in=SAMPLED_MODES, is_screened_out=False)
    return (
        Round.objects.filter(audience=Audience.USERS, cycle__year=year, territory__in=_within(place))
        .exclude(state=RoundState.CANCELLED)
        .annotate(
            target=_number(strata.annotate(sum=Sum("target")).values("sum")),
            population=_number(strata.annotate(sum=Sum("population")).values("sum")),
            answered=_number(came.order_by().values("round").annotate(sum=Count("pk")).values("sum")),
        )
        .select_related("territory__region", "cycle")
        .order_by("territory__search_name", "pk")
    )


def _within(place: Territory) -> QuerySet[Territory]:
    return Territory.objects.municipalities().within(place)


def _number(query: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(query, output_field=IntegerField()), 0)


def years_in(place: Territory) -> list[int]:
    found = Round.objects.filter(audience=Audience.USERS, territory__in=_within(place))
    years = found.exclude(state=RoundState.CANCELLED).order_by("-cycle__year").values_list("cycle__year", flat=True)
    return list(years.distinct())


def overview(place: Territory, year: int) -> Overview:
    """Totals of all the surveys of the place, whatever page is shown; three queries."""
    rows = list(
        rounds_in(place, year).values_list(
            "pk",
            "territory_id",
            "territory__region__name",
            "territory__region__slug",
            "state",
            "target",
            "answered",
            "population",
            "result__figures__summary",
        )
    )
    outcomes = _outcomes({pk: summary for pk, *_rest, summary in rows if summary})
    without = (
        Participation.objects.active()
        .filter(cycle__year=year, municipality__in=_within(place))
        .exclude(municipality__in=[territory for _pk, territory, *_rest in rows])
        .count()
    )
    verdicts = Counter(one.change.verdict for one in outcomes.values() if one.change)
    people = {pk: population for pk, *_rest, population, _summary in rows}
    together = _together({pk: summary for pk, *_rest, summary in rows if summary}, people)
    return Overview(
        states=dict(Counter(state for _pk, _place, _region, _slug, state, *_rest in rows)),
        without=without,
        answered=sum(answered for *_rest, answered, _people, _summary in rows),
        target=sum(target for *_rest, target, _answered, _people, _summary in rows),
        together=together[0],
        municipalities=together[1],
        ups=verdicts[Verdict.UP],
        downs=verdicts[Verdict.DOWN],
        unchanged=verdicts[Verdict.NO_CHANGE] + verdicts[Verdict.COMPOSITION],
        regions=_regions(rows, outcomes),
        outcomes=outcomes,
    )


def rows(rounds: Iterable[Round], outcomes: Mapping[int, Outcome]) -> list[Row]:
    return [Row(round, outcomes.get(round.pk)) for round in rounds]


def _outcomes(summaries: Mapping[int, Mapping[str, Any]]) -> dict[int, Outcome]:
    """Figures of ten people or more; the changes corrected for being as many as the place has."""
    tops = {pk: shown(one["top"], PUBLIC) for pk, one in summaries.items() if one["top"]}
    told = {
        pk: change
        for pk, one in summaries.items()
        if pk in tops
        and not tops[pk].is_hidden
        and (change := one["change"])
        and change["before"]
        and change["before"]["n"] >= PUBLIC
        and change["p"] is not None
    }
    judged = corrected({pk: told_again(change) for pk, change in told.items()})
    found = {}
    for pk, top in tops.items():
        change = None
        if pk in told:
            one, raw = judged[pk], told[pk]
            # What other brackets explain stays explained.
            verdict = raw["verdict"] if raw["verdict"] == Verdict.COMPOSITION and one.is_claimed else one.verdict.value
            change = ChangeShown(
                what="",
                before=shown(raw["before"], PUBLIC),
                after=top,
                verdict=verdict,
                points=percent(raw["difference"]),
                low=percent(raw["low"]),
                high=percent(raw["high"]),
            )
        found[pk] = Outcome(top, summaries[pk]["basis"] == "voluntary", change)
    return found


def _together(summaries: Mapping[int, Mapping[str, Any]], people: Mapping[int, int]) -> tuple[Shown | None, int]:
    """Only of those whose own figure is shown, so that nothing follows of the others."""
    cells = {
        str(pk): stored(one["top"])
        for pk, one in summaries.items()
        if one["basis"] == "sample" and one["top"] and one["top"]["n"] >= PUBLIC and people[pk]
    }
    if len(cells) < 2:
        return None, len(cells)
    found = weighed(cells, {pk: people[int(pk)] for pk in cells})
    interval = found.interval
    low, high = (100 * interval.low, 100 * interval.high) if interval else (None, None)
    return Shown(percent(found.value), found.n, low, high), len(cells)


def _regions(rows: Iterable[tuple[Any, ...]], outcomes: Mapping[int, Outcome]) -> list[RegionRow]:
    states: dict[tuple[str, str], Counter[str]] = {}
    changed: dict[tuple[str, str], Counter[str]] = {}
    for pk, _place, name, slug, state, *_rest in rows:
        states.setdefault((name, slug), Counter())[state] += 1
        outcome = outcomes.get(pk)
        if outcome and outcome.change:
            changed.setdefault((name, slug), Counter())[outcome.change.verdict] += 1
    none: Counter[str] = Counter()
    return [
        RegionRow(
            name,
            slug,
            dict(states[name, slug]),
            changed.get((name, slug), none)[Verdict.UP],
            changed.get((name, slug), none)[Verdict.DOWN],
        )
        for name, slug in sorted(states)
    ]
