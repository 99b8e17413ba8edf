"""Screens of the office on which whoever wants answers a survey."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from surveys.domain.checks import clean_text
from surveys.domain.codes import key_hash
from surveys.errors import NotPossibleNow
from surveys.models import Round, SurveyScreen

NAME_LENGTH = 60
MOST_SCREENS = 20


@transaction.atomic
def add_screen(*, round: Round, name: str, by: Any, at: datetime) -> tuple[SurveyScreen, str]:
    """Give a screen its key, which is returned once and kept nowhere.

    :raises InvalidContent: without a name.
    :raises NotPossibleNow: the survey is not open, asks a team, or has enough screens.
    """
    held = Round.objects.select_for_update(of=("self",)).select_related("territory__region").get(pk=round.pk)
    if not held.is_open or held.asks_everybody:
        raise NotPossibleNow(_("This survey takes no answers now."))
    if held.screens.count() >= MOST_SCREENS:
        raise NotPossibleNow(_("This survey has %(most)s screens already.") % {"most": MOST_SCREENS})
    key = secrets.token_urlsafe(32)
    screen = SurveyScreen.objects.create(
        round=held,
        name=clean_text(name, label=_("Name"), field="name", limit=NAME_LENGTH),
        key_hash=key_hash(key),
        added_by=by,
        added_at=at,
    )
    record(verb="surveys.add_screen", object=held, by=by, at=at, territory=held.territory)
    return screen, key


@transaction.atomic
def remove_screen(*, screen: SurveyScreen, by: Any, at: datetime) -> None:
    """It shows the survey no more."""
    if SurveyScreen.objects.filter(pk=screen.pk).delete()[0]:
        round = screen.round
        record(verb="surveys.remove_screen", object=round, by=by, at=at, territory=round.territory)
