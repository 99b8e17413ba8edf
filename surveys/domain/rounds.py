"""A round of the survey: planned from the register, opened, closed; called off while nobody has answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.cycles.models import Cycle, CycleState
from portal.foundation.jobs.domain import enqueue
from portal.foundation.receipts.keys import draw_code
from portal.foundation.territories.models import Territory
from surveys import engine
from surveys.domain.checks import clean_text, local_day
from surveys.domain.contacts import forget_contacts
from surveys.enums import ROUND_TRANSITIONS, RoundState
from surveys.errors import InvalidContent, NotPossibleNow
from surveys.models import Instrument, Invitation, PaperEntry, Round, RoundResult, Stratum, SurveyScreen
from surveys.queries.frame import populations
from surveys.statistics import sampling

COMPUTE = "surveys.compute_round"
LONGEST_DAYS = 120
CLOSED_AT_ONCE = 50


@transaction.atomic
def plan_round(
    *,
    territory: Territory,
    cycle: Cycle,
    instrument: Instrument,
    opens_on: date,
    closes_on: date,
    response: Decimal = Decimal("0.25"),
    by: Any,
    at: datetime,
) -> Round:
    """A round in preparation, with as many to ask in each channel as the register of attentions says.

    :param response: share (0-1] of those asked who are expected to answer.
    :raises InvalidContent: days that cannot be, a response that cannot be, a questionnaire not published.
    :raises NotPossibleNow: the cycle is not open, or the year has this survey already.
    """
    if cycle.state != CycleState.OPEN:
        raise NotPossibleNow(_("The cycle is not open."))
    if not instrument.is_frozen:
        raise InvalidContent(_("Choose a published questionnaire."), "instrument")
    _check_days(territory, opens_on, closes_on, at)
    if not Decimal("0.05") <= response <= 1:
        raise InvalidContent(_("Write a share between 5 and 100 %."), "response")
    planned = Round(
        territory=territory,
        cycle=cycle,
        instrument=instrument,
        audience=instrument.audience,
        opens_on=opens_on,
        closes_on=closes_on,
        response=response,
        created_by=by,
        created_at=at,
    )
    try:
        with transaction.atomic():
            planned.save(by_verb=True)
    except IntegrityError:
        raise NotPossibleNow(_("This municipality has this survey in this cycle already.")) from None
    Stratum.objects.bulk_create(_strata(planned, at))
    record(verb="surveys.plan_round", object=planned, by=by, at=at, territory=territory)
    return planned


def _check_days(territory: Territory, opens_on: date, closes_on: date, at: datetime) -> None:
    if opens_on < local_day(territory, at):
        raise InvalidContent(_("Write today or a later day."), "opens_on")
    if closes_on <= opens_on:
        raise InvalidContent(_("Write a day after the first one."), "closes_on")
    if closes_on - opens_on > timedelta(days=LONGEST_DAYS):
        raise InvalidContent(_("A survey stays open for %(days)s days at most.") % {"days": LONGEST_DAYS}, "closes_on")


def _strata(planned: Round, at: datetime) -> list[Stratum]:
    """One for each channel that served somebody; the team's survey asks everybody and has none."""
    if planned.asks_everybody:
        return []
    people = populations(planned.territory, local_day(planned.territory, at))
    advice = sampling.advise(sum(people.values()), float(planned.response))
    targets = sampling.allocate(people, advice.needed)
    return [_stratum(planned, channel, people[channel], targets[channel]) for channel in people]


def _stratum(planned: Round, channel: str, population: int, target: int) -> Stratum:
    asked = min(population, sampling.invitations_for(target, float(planned.response)))
    return Stratum(round=planned, channel=channel, population=population, target=target, to_invite=asked)


@transaction.atomic
def open_round(*, round: Round, open_link: bool, revision: int, by: Any, at: datetime) -> Round:
    """Freeze the questionnaire in a store of its own and begin to take answers.

    :param open_link: whether anybody may answer by a link, which makes a voluntary sample; a team always answers
        by its link, since nobody of it is drawn.
    """
    held = _held(round, revision)
    _move(held, RoundState.OPEN)
    today = local_day(held.territory, at)
    if held.closes_on < today:
        raise NotPossibleNow(_("Its last day has passed."))
    held.opens_on = max(held.opens_on, today)
    held.opened_at = at
    held.open_code = draw_code() if open_link or held.asks_everybody else None
    held.store = engine.create(
        name=str(held.pk), questionnaire=held.questionnaire, opens_on=held.opens_on, closes_on=held.closes_on
    )
    _save(held)
    record(verb="surveys.open_round", object=held, by=by, at=at, territory=held.territory)
    return held


@transaction.atomic
def close_round(*, round: Round, revision: int | None = None, by: Any, at: datetime) -> Round:
    """Take no more answers, forget who was asked, and order the results.

    :param revision: None where the last day closes it.
    """
    held = _held(round, revision)
    _move(held, RoundState.CLOSED)
    held.closed_at = at
    held.open_code = None
    Invitation.objects.filter(stratum__round=held).delete()
    SurveyScreen.objects.filter(round=held).delete()
    PaperEntry.objects.filter(round=held).delete()
    forget_contacts(round=held, by=by, at=at)
    held.job_id = enqueue(kind=COMPUTE, payload={"round": held.pk}, at=at, dedupe_key=f"{COMPUTE}:{held.pk}").pk
    _save(held)
    record(verb="surveys.close_round", object=held, by=by, at=at, territory=held.territory)
    return held


def close_due(*, at: datetime) -> int:
    """Close the rounds whose last day has passed where they are. Returns how many."""
    late = Round.objects.filter(state=RoundState.OPEN, closes_on__lt=at.date()).select_related("territory__region")
    due = [one for one in late.order_by("closes_on")[:CLOSED_AT_ONCE] if one.closes_on < local_day(one.territory, at)]
    for one in due:
        close_round(round=one, by=None, at=at)
    return len(due)


@transaction.atomic
def call_off(*, round: Round, reason: str, revision: int, by: Any, at: datetime) -> Round:
    """A round in preparation that will not be held.

    :raises InvalidContent: without a reason.
    """
    held = _held(round, revision)
    _move(held, RoundState.CANCELLED)
    forget_contacts(round=held, by=by, at=at)
    held.called_off_reason = clean_text(reason, label=_("Reason"), field="reason", limit=300)
    _save(held)
    record(verb="surveys.call_off_round", object=held, by=by, at=at, territory=held.territory)
    return held


@transaction.atomic
def publish_results(
    *, round: Round, figures: Mapping[str, Any], digest: str, method: str, by: Any, at: datetime
) -> RoundResult:
    """Keep what the worker found, once; a second worker's result is not written."""
    held = _held(round, None)
    existing = RoundResult.objects.filter(round=held).first()
    if existing is not None:
        return existing
    _move(held, RoundState.PUBLISHED)
    result = RoundResult.objects.create(round=held, figures=figures, digest=digest, method=method, computed_at=at)
    _save(held)
    record(verb="surveys.publish_results", object=held, by=by, at=at, territory=held.territory)
    return result


def _held(round: Round, revision: int | None) -> Round:
    """:raises NotPossibleNow: somebody changed it since the page was opened."""
    held = (
        Round.objects.select_for_update(of=("self",))
        .select_related("territory__region", "cycle", "instrument")
        .get(pk=round.pk)
    )
    if revision is not None and held.revision != revision:
        raise NotPossibleNow(_("Somebody changed this round meanwhile. Look at it again."))
    return held


def _move(held: Round, state: str) -> None:
    if state not in ROUND_TRANSITIONS[held.state]:
        raise NotPossibleNow(
            _("The round is “%(state)s”, so this is not possible now.") % {"state": held.get_state_display()}
        )
    held.state = state


def _save(held: Round) -> None:
    held.revision += 1
    held.save(by_verb=True)
