"""Checks that every verb of this module shares: texts of bearable length, states from the tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from plans.enums import ACTION_TRANSITIONS, PLAN_TRANSITIONS, ActionState, PlanState
from plans.errors import InvalidContent, PlanClosedToChange
from plans.models import Action, ImprovementPlan, PlanAuthor
from portal.foundation.cycles.models import CycleState
from portal.foundation.cycles.queries import why_not_open

LONG_TEXT = 4000
SHORT_TEXT = 150
# The button pressed twice, or the page before sent again: what says the same is kept once.
SENT_TWICE_WITHIN = timedelta(minutes=10)


def clean_text(value: str, *, label: Any, field: str = "", limit: int = LONG_TEXT, required: bool = True) -> str:
    """The text without outer spaces.

    :raises InvalidContent: empty where required, longer than ``limit`` characters, or with a NUL.
    """
    text = (value or "").strip()
    if required and not text:
        raise InvalidContent(_("“%(label)s” is missing.") % {"label": label}, field)
    if len(text) > limit:
        raise InvalidContent(
            _("“%(label)s” has %(length)s characters. Shorten it to %(limit)s.")
            % {"label": label, "length": len(text), "limit": limit},
            field,
        )
    if "\x00" in text:
        raise InvalidContent(_("“%(label)s” holds a character that cannot be stored.") % {"label": label}, field)
    return text


def local_day(plan: ImprovementPlan, at: datetime) -> date:
    """The day of ``at`` in the municipality's own zone."""
    return at.astimezone(plan.municipality.zone).date()


def not_in_the_future(day: date, today: date, field: str = "") -> date:
    if day > today:
        raise InvalidContent(_("The date cannot be in the future."), field)
    return day


def check_amount(amount: Decimal | None, currency: str, field: str = "amount") -> None:
    """:raises InvalidContent: negative, too many decimals for the currency, or an unknown currency."""
    # Loaded here: a web process starts without it.
    from babel.numbers import get_currency_precision, is_currency

    if not is_currency(currency):
        raise InvalidContent(_("This currency is not known."), "currency")
    if amount is None:
        return
    amount = Decimal(amount)
    if not amount.is_finite() or amount < 0:
        raise InvalidContent(_("The amount cannot be negative."), field)
    if amount >= Decimal(10) ** 12:
        raise InvalidContent(_("The amount is too large."), field)
    decimals = get_currency_precision(currency)
    if amount != amount.quantize(Decimal(1).scaleb(-decimals)):
        raise InvalidContent(
            _("Amounts in %(currency)s have %(count)s decimals.") % {"currency": currency, "count": decimals}, field
        )


def lock_plan(plan: ImprovementPlan) -> ImprovementPlan:
    """The stored plan, locked until the transaction ends."""
    return (
        ImprovementPlan.objects.select_for_update(of=("self",)).select_related("municipality", "cycle").get(pk=plan.pk)
    )


def lock_action(action: Action) -> Action:
    """The stored line, after its plan: both locked, always in that order."""
    plan = lock_plan(action.plan)
    stored = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    stored.plan = plan
    return stored


def require_open_year(plan: ImprovementPlan) -> None:
    """What prepares a plan ends with the year's cycle; what is in force is still carried out and accounted for."""
    if plan.cycle.state != CycleState.OPEN:
        raise PlanClosedToChange(why_not_open(plan.cycle))


def require_draft(plan: ImprovementPlan) -> None:
    """A draft, in a year that is still worked in."""
    require_unsigned(plan)
    require_open_year(plan)


def require_unsigned(plan: ImprovementPlan) -> None:
    if plan.state == PlanState.PROPOSED:
        raise PlanClosedToChange(
            _("The plan has been proposed for validation, so its lines do not change. A validator can return it.")
        )
    if plan.state != PlanState.DRAFT:
        raise PlanClosedToChange(_("The plan is signed. It changes only by a new version, with its reason."))


def require_proposed(plan: ImprovementPlan) -> None:
    """Waiting for signatures, in a year that is still worked in."""
    require_waiting(plan)
    require_open_year(plan)


def require_waiting(plan: ImprovementPlan) -> None:
    if plan.state != PlanState.PROPOSED:
        raise PlanClosedToChange(_("The plan is not waiting for signatures: it is “%(state)s”.") % _state_of(plan))


def require_in_force(plan: ImprovementPlan) -> None:
    if plan.state != PlanState.IN_FORCE:
        raise PlanClosedToChange(_("This can be done only while the plan is in force."))


def move_plan(plan: ImprovementPlan, state: str) -> None:
    if state not in _followers(PLAN_TRANSITIONS, plan.state):
        raise PlanClosedToChange(_("The plan is “%(state)s”, so this is not possible now.") % _state_of(plan))
    plan.state = state


def require_step(action: Action, state: str) -> None:
    """May the line pass to that state now?"""
    if state not in _followers(ACTION_TRANSITIONS, action.state):
        raise PlanClosedToChange(_("The line is “%(state)s”, so this is not possible now.") % _state_of(action))


def move_action(action: Action, state: str) -> None:
    require_step(action, state)
    action.state = state


def require_worked_on(action: Action) -> None:
    """In progress, or taken up again after the region did not verify it."""
    if action.state not in (ActionState.IN_PROGRESS, ActionState.REJECTED):
        raise PlanClosedToChange(_("The line is “%(state)s”, so this is not possible now.") % _state_of(action))


def require_takes_evidence(action: Action) -> None:
    if action.plan.state not in (PlanState.DRAFT, PlanState.IN_FORCE):
        require_in_force(action.plan)
    if action.state in (ActionState.VERIFIED, ActionState.CARRIED_OVER, ActionState.DONE):
        raise PlanClosedToChange(_("This line is finished, so nothing is added to it."))


def require_deferrable(action: Action) -> None:
    if action.state == ActionState.DONE:
        raise PlanClosedToChange(_("This line waits for the region's verification."))
    require_step(action, ActionState.CARRIED_OVER)


def require_done(action: Action) -> None:
    if action.state not in (ActionState.DONE, ActionState.VERIFIED):
        raise PlanClosedToChange(_("The effect is checked once the line is done."))
    if action.plan.state not in (PlanState.IN_FORCE, PlanState.CLOSED):
        require_in_force(action.plan)


def add_author(plan: ImprovementPlan, user: Any) -> None:
    PlanAuthor.objects.get_or_create(plan=plan, user=user)


def _followers(table: Mapping[str, frozenset[str]], state: str) -> frozenset[str]:
    return table.get(state, frozenset())


def _state_of(row: ImprovementPlan | Action) -> dict[str, str]:
    return {"state": row.get_state_display()}
