"""What the yearly survey measures: the overall mark, the marks of what a standard asks for, and that it was held.

Figures are those that were frozen, never computed again. A survey speaks for the year in which it was opened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import PUBLIC, Indicator, Measurement, Period, Source
from portal.foundation.territories.models import TerritoryLevel
from surveys.enums import SAMPLED_MODES, Audience
from surveys.models import Round, Stratum
from surveys.statistics.disclosure import INSIDE
from surveys.statistics.disclosure import PUBLIC as FEWEST_IN_PUBLIC

ASKED = Source("surveys.RoundResult", _("people drawn from the register of attentions"), is_sample=True)
WANTED = Source("surveys.RoundResult", _("people who wanted to answer, by the open link"), is_sample=True)
HELD = Source("surveys.Round · surveys.RoundResponse", _("answers to the survey whose results are published"))
# The standards whose attributes the questionnaire asks about.
ASKED_ABOUT = (
    *("E02", "E03", "E04", "E05", "E06", "E07", "E09", "E10", "E11", "E12", "E14", "E15", "E16", "E17", "E18", "E19"),
    *("E20", "E21", "E22", "E23", "E24", "E25", "E26", "E29", "E30", "E31"),
)


def overall_mark(
    *, territories: Sequence[Any], period: Period, audience: str, subject: Any = None
) -> list[Measurement]:
    """Percent who gave a 6 or a 7 to the service; one query."""
    rounds = _last(territories, period, "result__figures__summary__top")
    return [_measured(one, rounds.get(one.pk), period, audience) for one in territories]


def standard_marks(
    *, territories: Sequence[Any], period: Period, audience: str, subject: Any = None
) -> list[Measurement]:
    """Mean percent who gave a 6 or a 7 to what the standard asks for; one query, and none without a standard."""
    code = str(getattr(subject, "code", ""))
    if code not in ASKED_ABOUT:
        return [_measured(one, None, period, audience) for one in territories]
    rounds = _last(territories, period, f"result__figures__standards__{code}")
    return [_measured(one, rounds.get(one.pk), period, audience) for one in territories]


def survey_held(*, territories: Sequence[Any], period: Period, audience: str, subject: Any = None) -> list[Measurement]:
    """Answers of those who were asked, in percent of those wanted, of a survey whose results are out; one query.

    Without a value where no survey was held: that is the evidence missing.
    """
    targets = Stratum.objects.filter(round=OuterRef("pk")).order_by().values("round").annotate(sum=Sum("target"))
    came = Count("responses", filter=Q(responses__mode__in=SAMPLED_MODES, responses__is_screened_out=False))
    rounds = (
        _rounds(territories, period)
        .annotate(target=Coalesce(Subquery(targets.values("sum"), output_field=IntegerField()), 0), came=came)
        .select_related("territory", "cycle", "result")
        .defer("result__figures")
    )
    last = {one.territory_id: one for one in rounds}
    return [_held(one, last.get(one.pk), period) for one in territories]


def _rounds(territories: Sequence[Any], period: Period) -> Any:
    """Of each municipality its surveys of the period, the last one at the end."""
    places = [one.pk for one in territories if one.level == TerritoryLevel.COMMUNE]
    found = Round.objects.published().filter(audience=Audience.USERS, territory__in=places)
    return found.filter(opens_on__range=(period.starts_on, period.ends_on)).order_by("opens_on", "pk")


Found = tuple[Mapping[str, Any] | None, str, str, str, Any, Any, Any, int]


def _last(territories: Sequence[Any], period: Period, figure: str) -> dict[int, Found]:
    rows = _rounds(territories, period).values_list(
        "territory_id",
        figure,
        "result__figures__basis",
        "result__method",
        "territory__slug",
        "opens_on",
        "closes_on",
        "result__computed_at",
        "cycle__year",
    )
    return {place: tuple(row) for place, *row in rows}


def _measured(territory: Any, found: Found | None, period: Period, audience: str) -> Measurement:
    if found is None or not found[0] or found[0]["value"] is None:
        return _nothing(territory, period, ASKED)
    figure, basis, method, slug, opens_on, closes_on, taken_at, year = found
    n = figure["n"]
    suppressed = n < (FEWEST_IN_PUBLIC if audience == PUBLIC else INSIDE)
    low, high = figure["low"], figure["high"]
    has_interval = not suppressed and low is not None and high is not None
    return Measurement(
        territory_id=territory.pk,
        value=None if suppressed else 100 * figure["value"],
        n=0 if suppressed else n,
        denominator=0 if suppressed else n,
        low=100 * low if has_interval else None,
        high=100 * high if has_interval else None,
        suppressed=suppressed,
        period=Period(opens_on, closes_on),
        taken_at=taken_at,
        source=ASKED if basis == "sample" else WANTED,
        query_version=f"surveys.results/{method}",
        url=reverse("surveys:public_results", args=[slug, year]),
    )


def _held(territory: Any, round: Any, period: Period) -> Measurement:
    if round is None or not round.target:
        return _nothing(territory, period, HELD)
    return Measurement(
        territory_id=territory.pk,
        value=100 * round.came / round.target,
        n=round.came,
        denominator=round.target,
        low=None,
        high=None,
        suppressed=False,
        period=Period(round.opens_on, round.closes_on),
        taken_at=round.result.computed_at,
        source=HELD,
        query_version="surveys.held/1",
        url=reverse("surveys:public_results", args=[round.territory.slug, round.cycle.year]),
    )


def _nothing(territory: Any, period: Period, source: Source) -> Measurement:
    taken_at = datetime.combine(period.ends_on, time.min, UTC)
    return Measurement(territory.pk, None, 0, 0, None, None, False, period, taken_at, source, "surveys.results/0")


Measure = Callable[..., list[Measurement]]

INDICATORS = (
    Indicator(
        key="surveys.overall_mark",
        label=_("People who gave the service a 6 or a 7"),
        unit="%",
        direction=1,
        measure=overall_mark,
        is_ratio=True,
    ),
    Indicator(
        key="surveys.standard_marks",
        label=_("Marks 6 and 7 to what this standard asks for, in the survey"),
        unit="%",
        direction=1,
        measure=standard_marks,
        standard_codes=ASKED_ABOUT,
        subject_types=("quality.standard",),
        is_ratio=True,
        needs_subject=True,
    ),
    Indicator(
        key="surveys.survey_held",
        label=_("Survey held and published: answers, of those wanted"),
        unit="%",
        direction=1,
        measure=survey_held,
        standard_codes=("E28",),
        is_ratio=True,
        # Evidence of its standard; the public reads the results themselves.
        needs_subject=True,
    ),
)


def register() -> None:
    for indicator in INDICATORS:
        registry.register(indicator)
