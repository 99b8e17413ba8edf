"""Who looks after a complaint: never the person whom it is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from surveys.domain import notices
from surveys.domain.checks import lock_for_staff, move, require_open, store
from surveys.enums import ComplaintState
from surveys.errors import InvalidContent, NotAllowed
from surveys.models import Complaint, ComplaintAssignment
from surveys.queries.people import may_look_after


@transaction.atomic
def assign(*, complaint: Complaint, to: Any, by: Any, at: datetime) -> Complaint:
    """Put somebody of the municipality's team in charge.

    :raises NotAllowed: it is about that person, or may be while nobody has settled who is meant.
    :raises InvalidContent: not of the team on that day.
    """
    held = lock_for_staff(complaint, by)
    require_open(held)
    if to.pk == held.about_user_id:
        raise NotAllowed(_("A complaint is never assigned to the person it is about."))
    if not may_look_after(to, held, at):
        message = (
            _("First settle who it is about. Until then only whoever leads the team looks after it.")
            if held.is_unsettled
            else _("This person is not in the municipality's team.")
        )
        raise InvalidContent(message, "to")
    if held.owner_id == to.pk:
        return held
    held.assignments.filter(ended_at__isnull=True).update(ended_at=at)
    ComplaintAssignment.objects.create(complaint=held, assignee=to, assigned_by=by, assigned_at=at)
    held.owner = to
    if held.state == ComplaintState.RECEIVED:
        move(held, ComplaintState.IN_STUDY)
    store(held, "owner", "state")
    record(verb="surveys.assign", object=held, by=by, at=at, territory=held.territory, detail={"to": to.pk})
    key = f"{held.pk}:{held.revision}"
    notices.tell_staff(held, [to], "complaint_assigned", key=key, by=by, at=at, due_on=held.due_on)
    return held
