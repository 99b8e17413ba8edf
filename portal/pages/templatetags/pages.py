"""Addresses of the public pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from plans.enums import ActionState
from plans.models import Action
from portal.foundation.territories.models import Territory
from portal.pages.models import MunicipalitiesPage

register = template.Library()


@register.simple_tag(takes_context=True)
def finder_url(context: dict[str, Any]) -> str:
    """Address of the municipality finder in the active language; "" before the site is set up."""
    page = _finder(context)
    return page.get_url(context.get("request")) or "" if page else ""


@register.simple_tag(takes_context=True)
def municipality_url(context: dict[str, Any], territory: Territory) -> str:
    """Address of a municipality's public page in the active language; "" before the site is set up."""
    page = _finder(context)
    return page.municipality_url(territory, context.get("request")) if page else ""


def _finder(context: dict[str, Any]) -> Any:
    page = context.get("page")
    if isinstance(page, MunicipalitiesPage):
        return page
    render_context = context.render_context  # type: ignore[attr-defined]
    if "finder" not in render_context:
        language = (get_language() or "es")[:2]
        render_context["finder"] = MunicipalitiesPage.objects.live().filter(locale__language_code=language).first()
    return render_context["finder"]


ACTION_TONES = {
    ActionState.VERIFIED: "good",
    ActionState.DONE: "info",
    ActionState.IN_PROGRESS: "info",
    ActionState.REJECTED: "attention",
}


@register.filter
def action_tone(action: Action) -> str:
    """The tone of an improvement's state, for ``{% tag %}``."""
    return ACTION_TONES.get(ActionState(action.state), "neutral")
