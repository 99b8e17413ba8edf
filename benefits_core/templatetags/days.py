"""Days as people say them. ``{% load days %}``."""

from __future__ import annotations

from datetime import date, timedelta

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext

register = template.Library()


@register.filter(expects_localtime=True)
def long_day(value: date | None) -> str:
    """``{{ day|long_day }}``: weekday, day and month, «miércoles 4 de marzo»."""
    return f"{date_format(value, 'l')} {date_format(value, 'MONTH_DAY_FORMAT')}" if value else ""


@register.filter(expects_localtime=True)
def short_day(value: date | None) -> str:
    """``{{ day|short_day }}``: «mié 4 mar». Spanish writes days and months small, English does not."""
    words = date_format(value, "D j M") if value else ""
    return words.lower() if (get_language() or "es").startswith("es") else words


@register.filter
def in_minutes(value: timedelta | None) -> str:
    """``{{ wait|in_minutes }}``: whole minutes of a length of time, «12 minutos»."""
    if value is None:
        return ""
    count = int(value.total_seconds() // 60)
    return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}
