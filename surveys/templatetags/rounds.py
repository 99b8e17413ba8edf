"""Template tags of the survey's screens. ``{% load rounds %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from surveys.enums import OBSTACLES, VERDICTS, RoundState, SurveyChannel
from surveys.forms import answering
from surveys.questionnaire.model import DONT_KNOW, NOT_APPLICABLE, Question, Words

register = template.Library()

TONES: dict[str, str] = {
    RoundState.DRAFT: "neutral",
    RoundState.OPEN: "info",
    RoundState.CLOSED: "attention",
    RoundState.FAILED: "bad",
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


VERDICT_TONES = {"up": "good", "down": "bad", "composition": "attention"}
QUADRANTS = {
    "improve": _("Improve first"),
    "keep": _("Take care of it"),
    "watch": _("Keep an eye on it"),
    "enough": _("Fine as it is"),
}
QUADRANT_TONES = {"improve": "attention", "keep": "good"}
WHY_NO_DRIVERS = {
    "too_few": _("Too few people marked everything, so it cannot be said what weighs more."),
    "nothing_varies": _("Nearly everybody gave the same marks, so it cannot be said what weighs more."),
    "nothing_explained": _("None of the questions goes together with the overall mark."),
}
WHY_ONLY_RAW = {
    "no_mix": _("No mix of brackets is kept for this year, so only the plain figure is shown."),
    "no_answers": _("Nobody answered."),
    "many_unknown": _("More than three in ten did not say their bracket, so only the plain figure is shown."),
    "small_cell": _("In one bracket fewer than ten people answered, so only the plain figure is shown."),
}


@register.filter
def verdict(code: str) -> Any:
    """What may be said of a change."""
    return VERDICTS.get(code, "")


@register.filter
def verdict_tone(code: str) -> str:
    return VERDICT_TONES.get(code, "neutral")


@register.filter
def obstacle(code: str) -> Any:
    """Why two years are no comparison."""
    return OBSTACLES.get(code, code)


@register.filter
def quadrant(code: str) -> Any:
    return QUADRANTS.get(code, "")


@register.filter
def quadrant_tone(code: str) -> str:
    return QUADRANT_TONES.get(code, "neutral")


@register.filter
def why_no_drivers(code: str) -> Any:
    return WHY_NO_DRIVERS.get(code, "")


@register.filter
def why_only_raw(code: str) -> Any:
    return WHY_ONLY_RAW.get(code, "")


@register.filter
def signed(points: float | None) -> str:
    """A difference with its sign: +4, −3, 0."""
    if points is None:
        return ""
    whole = round(points)
    return f"+{whole}" if whole > 0 else f"−{-whole}" if whole < 0 else "0"


@register.filter
def named(what: Question | str) -> str:
    """A question's text, or the name of a component."""
    return answering.said(what.text) if isinstance(what, Question) else str(what)


@register.filter
def channel_name(code: str) -> Any:
    return SurveyChannel(code).label if code in SurveyChannel.values else code


@register.filter
def of_code(by_code: dict[str, Any] | None, code: str) -> Any:
    """What is kept under the code; nothing where there is none."""
    return (by_code or {}).get(code, [])
