"""Terms, channels and languages as people say them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from benefits_core.enums import Channel, TermUnit

LANGUAGES = (("es", _("in Spanish")), ("en", _("in English")))


def term_in_words(amount: int | None, unit: str) -> str:
    """``10, "working_days"`` → «10 working days»; "" where nothing is promised."""
    if amount is None:
        return ""
    if unit == TermUnit.MINUTES:
        return ngettext("%(count)s minute", "%(count)s minutes", amount) % {"count": amount}
    return ngettext("%(count)s working day", "%(count)s working days", amount) % {"count": amount}


def channels_in_words(channels: Iterable[str]) -> str:
    """«At the counter, on the internet»."""
    names = [str(Channel(channel).label) for channel in channels]
    return ", ".join(names[:1] + [name[:1].lower() + name[1:] for name in names[1:]])
