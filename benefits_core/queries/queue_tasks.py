"""What waits for a person at the queue: whom one called and has not finished with."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from benefits_core.queries.queues import current_of
from benefits_core.rules import RECORDERS
from portal.foundation.clocks.due import WorkItem


def tasks_for(user: Any, today: date) -> list[WorkItem]:
    """One query, for those who attend people."""
    ticket = current_of(user) if user.scope.has(*RECORDERS) else None
    if ticket is None:
        return []
    return [
        WorkItem(
            key=f"benefits_core.ticket:{ticket.pk}",
            title=_("Finish with number %(code)s") % {"code": ticket.code},
            detail=ticket.queue.service_point.name,
            url=reverse("benefits_core:counter", args=[ticket.territory.slug]),
            due_on=None,
            territory_name=ticket.territory.name,
        )
    ]
