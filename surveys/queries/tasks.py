"""What of the complaints waits for a person: constant queries, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.foundation.clocks.due import WorkItem
from portal.foundation.people.roles import Role
from surveys.enums import OPEN_STATES, CodingRound, ComplaintState, Escalation
from surveys.models import Complaint, ComplaintCoding, ComplaintQuerySet, QuarterlyReview
from surveys.models.thread import waiting_to_be_read
from surveys.queries.terms import ACKNOWLEDGE_CLOCK, due_days
from surveys.rules import READERS
from surveys.statistics import Quarter

REVIEW_DAYS = 30
# The page has the rest: a list of tasks is read on a telephone.
MOST_OF_A_KIND = 50


def tasks_for(user: Any, today: date) -> list[WorkItem]:
    """To answer, to put in charge, to settle, to acknowledge, to code, and the quarter's review."""
    if not user.scope.has(*READERS):
        return []
    seen = Complaint.objects.visible_to(user).select_related("territory")
    return [
        *_own(seen, user, today),
        *_leading(seen, user, today),
        *_added(seen, user),
        *_acknowledgements(seen, user),
        *_codings(seen, user),
        *_reviews(user, today),
    ]


def _own(seen: ComplaintQuerySet, user: Any, today: date) -> Iterator[WorkItem]:
    """What one is in charge of. What waits for the person has no term while it does."""
    for made in seen.filter(owner=user, state__in=OPEN_STATES).order_by("due_on")[:MOST_OF_A_KIND]:
        detail = _kind(made, _("waits for the person") if made.state == ComplaintState.WAITING else "")
        due_on = _term(made, today)
        yield _item(made, "answer", _("Answer %(code)s"), detail, made.get_absolute_url(), due_on)


def _leading(seen: ComplaintQuerySet, user: Any, today: date) -> Iterator[WorkItem]:
    """For whoever leads: what has nobody in charge, and what is escalated to that very level."""
    leads = user.scope.territories("territory_id", "territory__path", frozenset({Role.COORDINATOR}))
    dideco = user.scope.territories("territory_id", "territory__path", frozenset({Role.DIDECO}))
    region = user.scope.territories("territory_id", "territory__path", frozenset({Role.REGIONAL_TEAM}))
    waiting = (
        (leads & (Q(owner__isnull=True) | Q(escalation__gte=Escalation.COORDINATOR)))
        | (dideco & (Q(escalation__gte=Escalation.DIDECO) | ~Q(alert="") | Q(about="lead", about_settled_at=None)))
        | (region & Q(reaches_region=True))
    )
    found = seen.filter(waiting, state__in=OPEN_STATES).exclude(owner=user)
    for made in found.order_by("due_on")[:MOST_OF_A_KIND]:
        if made.owner_id is None:
            title, key = _("Put somebody in charge of %(code)s"), "assign"
        else:
            title, key = _("See to %(code)s"), f"escalated.{made.escalation}"
        detail = _kind(made, made.get_alert_display() if made.alert else "")
        yield _item(made, key, title, detail, made.get_absolute_url(), _term(made, today))


def _added(seen: ComplaintQuerySet, user: Any) -> Iterator[WorkItem]:
    """What the person added after the answer: for whoever is in charge, or leads where nobody is."""
    leads = user.scope.territories("territory_id", "territory__path", frozenset({Role.COORDINATOR}))
    mine = Q(owner=user) | (leads & Q(owner__isnull=True))
    for made in seen.filter(waiting_to_be_read(), mine).order_by("answered_at")[:MOST_OF_A_KIND]:
        title = _("Read what the person added to %(code)s")
        yield _item(made, "added", title, made.get_kind_display(), made.get_absolute_url(), None)


def _acknowledgements(seen: ComplaintQuerySet, user: Any) -> Iterator[WorkItem]:
    team = user.scope.territories("territory_id", "territory__path", frozenset({Role.TEAM_MEMBER, Role.COORDINATOR}))
    waiting = list(seen.filter(team, acknowledged_at__isnull=True, state__in=OPEN_STATES)[:MOST_OF_A_KIND])
    due = due_days(waiting, ACKNOWLEDGE_CLOCK) if waiting else {}
    for made in waiting:
        url = reverse("surveys:complaint_acknowledge", args=[made.pk])
        detail = _kind(made, made.get_channel_display())
        yield _item(made, "acknowledge", _("Send the receipt of %(code)s"), detail, url, due.get(made.pk))


def _codings(seen: ComplaintQuerySet, user: Any) -> Iterator[WorkItem]:
    """The cause of what one answered oneself, and the second coding of what others coded."""
    over = [ComplaintState.ANSWERED, ComplaintState.CLOSED]
    own = Q(coded_at__isnull=True, state__in=over, owner=user)
    team = user.scope.territories("territory_id", "territory__path", frozenset({Role.COORDINATOR}))
    mine = ComplaintCoding.objects.filter(round=CodingRound.FIRST, coder=user)
    again = Q(needs_second_coding=True, second_coded_at__isnull=True) & team & ~Q(pk__in=mine.values("complaint"))
    for made in seen.filter(own | again).order_by("answered_at")[:MOST_OF_A_KIND]:
        is_again = made.coded_at is not None
        title = _("Code the cause of %(code)s a second time") if is_again else _("Code the cause of %(code)s")
        name = "complaint_code_again" if is_again else "complaint_code"
        url = reverse(f"surveys:{name}", args=[made.pk])
        yield _item(made, name, title, made.get_kind_display(), url, None)


def _reviews(user: Any, today: date) -> Iterator[WorkItem]:
    """The quarter that ended, in the month after it, where it had complaints and was not reviewed."""
    quarter = Quarter.of(today).previous
    until = date.fromordinal(quarter.ends_on.toordinal() + REVIEW_DAYS)
    leads = user.scope.territories("territory_id", "territory__path", frozenset({Role.COORDINATOR}))
    if today > until or not user.scope.has(Role.COORDINATOR):
        return
    held = QuarterlyReview.objects.filter(year=quarter.year, quarter=quarter.number)
    found = Complaint.objects.filter(leads, received_on__range=(quarter.starts_on, quarter.ends_on))
    places = found.exclude(territory__in=held.values("territory")).order_by("territory__name", "territory_id")
    for pk, slug, name in places.values_list("territory_id", "territory__slug", "territory__name").distinct():
        yield WorkItem(
            key=f"surveys.review:{pk}:{quarter}",
            title=_("Review the causes of the quarter with the team"),
            detail=_("Quarter %(number)s of %(year)s") % {"number": quarter.number, "year": quarter.year},
            url=reverse("surveys:review", args=[slug, quarter.year, quarter.number]),
            due_on=until,
            territory_name=name,
        )


def _term(made: Complaint, today: date) -> date | None:
    """Its term; none while it waits for the person, unless it was over before."""
    return None if made.paused_on and not made.is_late(today) else made.due_on


def _kind(made: Complaint, more: str) -> str:
    """Complaint, suggestion…: a code alone does not say what it is; then what else there is to know."""
    return ": ".join(part for part in (str(made.get_kind_display()), str(more)) if part)


def _item(made: Complaint, key: str, title: str, detail: str, url: str, due_on: date | None) -> WorkItem:
    return WorkItem(
        key=f"surveys.{key}:{made.pk}",
        title=title % {"code": made.shown_code},
        detail=detail,
        url=url,
        due_on=due_on,
        territory_name=made.territory.name,
    )
