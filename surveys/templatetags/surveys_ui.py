"""Template tags of this module's screens. ``{% load surveys_ui %}``."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext as _

from portal.foundation.ui.translated import localized
from surveys.enums import ComplaintChannel, ComplaintState, RootCause
from surveys.queries.figures import Figures
from surveys.queries.public import PublicCell

register = template.Library()

TONES: dict[str, str] = {
    ComplaintState.RECEIVED: "attention",
    ComplaintState.IN_STUDY: "info",
    ComplaintState.WAITING: "neutral",
    ComplaintState.ANSWERED: "good",
    ComplaintState.CLOSED: "good",
    ComplaintState.ROUTED: "neutral",
    ComplaintState.WITHDRAWN: "neutral",
}


@register.filter
def tone(state: str) -> str:
    """``{% tag complaint.get_state_display complaint.state|tone %}``: the tone that repeats what the state says."""
    return TONES.get(state, "neutral")


@register.filter
def is_late(complaint: Any, today: date) -> bool:
    """``{% if complaint|is_late:today %}``: past its term, and not waiting for the person."""
    return complaint.is_late(today)


Rows = list[tuple[Any, Any, Any]]


@register.filter
def ages(figures: Figures) -> Rows:
    """How many are late by how much."""
    names = (_("Up to a week"), _("Up to a month"), _("Up to three months"), _("More than three months"))
    return [(name, count, None) for name, count in zip(names, figures.overdue_by_age, strict=True)]


@register.filter
def categories(figures: Figures) -> Rows:
    """Complaints by category, those without one last."""
    rows = [(f"{each.code} {localized(each.name)}", each.count, each.per_thousand) for each in figures.by_category]
    return [*rows, (_("Without a category"), figures.without_category, None)]


@register.filter
def channels(figures: Figures) -> Rows:
    return [(ComplaintChannel(key).label, count, None) for key, count in _most_first(figures.by_channel)]


@register.filter
def causes(figures: Figures) -> Rows:
    return [(RootCause(key).label, count, None) for key, count in _most_first(figures.by_cause)]


@register.filter
def apart(figures: Figures) -> Rows:
    """What is solved elsewhere and says nothing of the service."""
    names = {
        "R14": _("Disagreement with the bracket or the result"),
        "R15": _("National platform or call centre"),
        "information": _("Requests for public information"),
    }
    return [(names[key], count, None) for key, count in figures.apart.items()]


@register.filter
def cells(found: list[PublicCell]) -> Rows:
    """The cells of the public page."""
    return [(cell.name, cell.count, cell.per_thousand) for cell in found]


def _most_first(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
