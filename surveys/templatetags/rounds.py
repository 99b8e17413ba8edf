"""Template tags of the survey's screens. ``{% load rounds %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from surveys.enums import RoundState
from surveys.forms import answering
from surveys.questionnaire.model import DONT_KNOW, NOT_APPLICABLE, Question, Words

register = template.Library()

TONES: dict[str, str] = {
    RoundState.DRAFT: "neutral",
    RoundState.OPEN: "info",
    RoundState.CLOSED: "attention",
    RoundState.PUBLISHED: "good",
    RoundState.CANCELLED: "neutral",
}
WAYS = {
    "sample": _("Ask a part of them, drawn by chance."),
    "census": _("Ask everybody."),
    "census_wide": _("Ask everybody. Even so, the result will be less precise than five points."),
    "pool": _("Ask everybody, and join this year with the next: one year alone says little."),
    "nobody": _("The register of attentions has nobody to ask yet."),
}

LOSSES = {
    "no_such_number": _("The number does not exist"),
    "absent_subscriber": _("The telephone was off or out of reach"),
    "smtp_550": _("The mailbox does not exist"),
    "smtp_552": _("The mailbox is full"),
    "erased": _("The address was erased before it went"),
    "": _("It could not be handed over"),
}


@register.filter
def round_tone(state: str) -> str:
    """``{% tag round.get_state_display round.state|round_tone %}``."""
    return TONES.get(state, "neutral")


@register.filter
def way(code: str) -> Any:
    """What a municipality is advised to do."""
    return WAYS.get(code, "")


@register.filter
def loss(reason: str) -> Any:
    """Why messages did not arrive; the gateway's own word where it has one of its own."""
    return LOSSES.get(reason, reason)


@register.filter
def points(margin: float | None) -> float | None:
    """A margin of 0.05 is 5 points."""
    return None if margin is None else 100 * margin


@register.filter
def said(words: Words | None) -> str:
    return answering.said(words)


@register.filter
def mark_letter(code: str) -> str:
    """How a mark is written on paper, as it is typed later."""
    return {NOT_APPLICABLE: "n", DONT_KNOW: "s"}.get(code, code)


@register.filter
def option_label(question: Question, code: str) -> Any:
    return answering.option_label(question, code)
