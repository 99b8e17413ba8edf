"""Template tags of the themes. ``{% load themes %}``."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from surveys import sources
from surveys.enums import RunState, ThemeState
from surveys.exports import themes as exports
from surveys.masking import Kind

register = template.Library()

TONES: dict[str, str] = {
    RunState.COLLECTING: "info",
    RunState.READING: "attention",
    RunState.GROUPING: "info",
    RunState.NAMING: "attention",
    RunState.FAILED: "bad",
    RunState.CLOSED: "good",
    ThemeState.PROPOSED: "attention",
    ThemeState.ACCEPTED: "good",
}
CHANGE_TONES = {"more": "attention", "less": "info", "unclear": "neutral", "new": "neutral", "gone": "neutral"}
KINDS = {
    Kind.RUN: gettext_lazy("RUN"),
    Kind.PHONE: gettext_lazy("telephone"),
    Kind.EMAIL: gettext_lazy("e-mail"),
    Kind.ADDRESS: gettext_lazy("address"),
    Kind.WORD: gettext_lazy("words hidden by the reader"),
}
# Stability of a group in words (Hennig 2007): what a reader may expect of it.
CLEAR, VAGUE = 0.85, 0.75


@register.filter
def theme_tone(state: str) -> str:
    """``{% tag run.get_state_display run.state|theme_tone %}``: the tone that repeats what the state says."""
    return TONES.get(state, "neutral")


@register.filter
def change_tone(verdict: str) -> str:
    return CHANGE_TONES[verdict]


@register.filter
def verdict(key: str) -> str:
    """``{{ change.verdict|verdict }}``: what a comparison says."""
    return exports.verdict(key)


@register.filter
def percent(share: float | None) -> str:
    """``{{ theme.share|percent }}``: «12 %», or «–» where nothing is known."""
    return "–" if share is None else f"{100 * share:.0f} %"


@register.filter
def masked_kinds(found: dict[str, int]) -> str:
    """``{{ text.found|masked_kinds }}``: «RUN (2), telephone»."""
    return ", ".join(
        f"{KINDS[Kind(kind)]} ({count})" if count > 1 else str(KINDS[Kind(kind)]) for kind, count in found.items()
    )


@register.filter
def month_name(key: str) -> str:
    """``{{ "2026-03"|month_name }}``: «marzo de 2026»."""
    year, month = key.split("-")
    return date_format(date(int(year), int(month), 1), "YEAR_MONTH_FORMAT")


@register.filter
def of(mapping: dict[str, Any] | None, key: Any) -> Any:
    """``{{ theme.by_month|of:month }}``."""
    return (mapping or {}).get(key)


@register.filter
def source_label(key: str) -> str:
    return sources.label_of(key)


@register.simple_tag
def original_url(text: Any) -> str:
    """Where the original of a masked text stands; empty where its source has no page."""
    source = sources.get(text.source)
    return source.url(text.reference) if source and source.url else ""


@register.filter
def texts(count: int | None) -> str:
    """``{{ theme.texts|texts }}``: «12 texts», or that there are few."""
    if count is None:
        return _("fewer than 5 texts")
    return ngettext("%(count)s text", "%(count)s texts", count) % {"count": count}


@register.filter
def clearness(stability: float | None) -> str:
    """How well a proposed group held, in words."""
    if stability is None:
        return ""
    if stability >= CLEAR:
        return _("clear group")
    return _("fairly clear group") if stability >= VAGUE else _("vague group: read its texts with care")
