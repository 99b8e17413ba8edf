"""What waits for a person in the searches for themes: one query, whatever their number."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.foundation.clocks.due import WorkItem
from surveys.enums import RunState
from surveys.models import ThemeRun
from surveys.rules import THEME_LEADERS

WAITING = (RunState.READING, RunState.NAMING, RunState.FAILED)


def tasks_for(user: Any, today: date) -> list[WorkItem]:
    """Texts to read and themes to name, for whoever leads the team; they have no last day."""
    mine = user.scope.territories("municipality_id", "municipality__path", THEME_LEADERS)
    titles = {
        RunState.READING: _("Read texts for themes"),
        RunState.NAMING: _("Name the themes"),
        RunState.FAILED: _("Look for themes again"),
    }
    return [
        WorkItem(
            key=f"surveys.themes:{run.pk}:{run.state}",
            title=titles[RunState(run.state)],
            detail=_("From %(first)s to %(last)s")
            % {"first": date_format(run.starts_on), "last": date_format(run.ends_on)},
            url=run.get_absolute_url(),
            due_on=None,
            territory_name=run.municipality.name,
        )
        for run in ThemeRun.objects.filter(mine, state__in=WAITING).select_related("municipality").order_by("pk")
    ]
