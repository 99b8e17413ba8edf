"""Template tags of the benefit core's screens. ``{% load benefits %}``."""

from __future__ import annotations

from typing import Any

from django import template

from benefits_core.enums import TermsState, VersionState
from benefits_core.queries.words import channels_in_words, term_in_words

register = template.Library()

TONES: dict[str, str] = {
    VersionState.DRAFT: "attention",
    VersionState.PUBLISHED: "good",
    TermsState.PROPOSED: "info",
}


@register.filter
def version_tone(state: str) -> str:
    """``{% tag version.get_state_display version.state|version_tone %}``: the tone that repeats what the state says."""
    return TONES.get(state, "neutral")


@register.filter
def term(promise: Any) -> str:
    """``{{ row.promise|term }}``: «10 working days»; also of a step term. Nothing of nothing."""
    return term_in_words(promise.amount, promise.unit) if promise else ""


@register.filter
def channel_names(channels: list[str]) -> str:
    """``{{ step.channels|channel_names }}``: the channels in words, joined by commas."""
    return channels_in_words(channels)
