"""What waits for a person in the surveys: one query, whatever their number."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.foundation.clocks.due import WorkItem
from surveys.enums import RoundState
from surveys.models import Round
from surveys.rules import ROUND_LEADERS


def tasks_for(user: Any, today: date) -> list[WorkItem]:
    """Results that could not be worked out, for whoever leads the team; they have no last day."""
    mine = user.scope.territories("territory_id", "territory__path", ROUND_LEADERS)
    found = Round.objects.filter(mine, state=RoundState.FAILED).select_related("territory", "cycle").order_by("pk")
    return [
        WorkItem(
            key=f"surveys.results:{round.pk}",
            title=_("Have the results of the survey worked out again"),
            detail=f"{round.get_audience_display()} · {round.cycle.year}",
            url=reverse("surveys:round_try_again", args=[round.pk]),
            due_on=None,
            territory_name=round.territory.name,
        )
        for round in found
    ]
