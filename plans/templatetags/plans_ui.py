"""Template tags of the plan's screens. ``{% load plans_ui %}``."""

from __future__ import annotations

from typing import Any

from django import template

from plans import documents
from plans.enums import ActionState, CommentState, PlanState
from plans.queries.execution import evidence_words

register = template.Library()

TONES: dict[str, str] = {
    PlanState.PROPOSED: "attention",
    PlanState.IN_FORCE: "info",
    PlanState.CLOSED: "good",
    ActionState.VALIDATED: "info",
    ActionState.IN_PROGRESS: "info",
    ActionState.DONE: "attention",
    ActionState.VERIFIED: "good",
    ActionState.REJECTED: "bad",
    CommentState.PENDING: "attention",
    CommentState.PUBLISHED: "good",
}


@register.filter
def tone(state: str) -> str:
    """``{% tag plan.get_state_display plan.state|tone %}``: the tone that repeats what the state says."""
    return TONES.get(state, "neutral")


@register.filter
def money(action: Any, field: str = "amount") -> str:
    """``{{ action|money }}`` or ``{{ action|money:"spent" }}``: the amount with its currency."""
    return documents.money(getattr(action, field), action.currency)


@register.filter
def evidence(line: Any) -> str:
    """``{{ line|evidence }}``: how much evidence it has, by moment."""
    return evidence_words(line)
