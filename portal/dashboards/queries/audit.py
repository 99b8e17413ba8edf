"""Reading the audit for people: pages of events with the names of those who acted."""

from __future__ import annotations

from dataclasses import dataclass

from portal.dashboards.queries.verbs import VERBS
from portal.foundation.audit.domain import LOOK
from portal.foundation.audit.models import AuditEvent
from portal.foundation.people.models import User
from portal.foundation.territories.models import Territory

PAGE_SIZE = 50


@dataclass(frozen=True)
class EventFilter:
    """What to look for; an empty value does not narrow."""

    email: str = ""
    verb: str = ""
    object_type: str = ""
    object_id: str = ""
    territory_code: str = ""
    only_looks: bool = False


@dataclass(frozen=True)
class EventRow:
    """``action`` and ``place`` in words; a verb or a code that is not known stands for itself."""

    event: AuditEvent
    actor: str
    action: str
    place: str


@dataclass(frozen=True)
class EventPage:
    """``older_than`` is the id to ask the next page with; None on the last one."""

    rows: list[EventRow]
    older_than: int | None


def event_page(wanted: EventFilter, *, older_than: int | None = None) -> EventPage:
    """The newest events first, :data:`PAGE_SIZE` a page, in three queries however long the audit is."""
    events = AuditEvent.objects.order_by("-id")
    if wanted.email:
        events = events.filter(by_user_id__in=User.objects.filter(email__iexact=wanted.email).values("pk"))
    if wanted.only_looks:
        events = events.filter(verb=LOOK)
    if wanted.verb:
        events = events.filter(verb__startswith=wanted.verb)
    for field in ("object_type", "object_id", "territory_code"):
        if getattr(wanted, field):
            events = events.filter(**{field: getattr(wanted, field)})
    if older_than is not None:
        # By key, not by offset: the last page costs as much as the first.
        events = events.filter(pk__lt=older_than)
    found = list(events[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    people = User.objects.in_bulk({event.by_user_id for event in shown if event.by_user_id})
    codes = {event.territory_code for event in shown} - {""}
    places = dict(Territory.objects.filter(code__in=codes).values_list("code", "name"))
    rows = [
        EventRow(
            event,
            actor=str(people.get(event.by_user_id, "") if event.by_user_id else ""),
            action=str(VERBS.get(event.verb, event.verb)),
            place=places.get(event.territory_code, event.territory_code),
        )
        for event in shown
    ]
    return EventPage(rows, shown[-1].pk if len(found) > PAGE_SIZE else None)
