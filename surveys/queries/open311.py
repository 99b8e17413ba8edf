"""What everybody may read of complaints by Open311: no name, no text that nobody reviewed, and days, not hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.foundation.territories.models import Territory
from portal.foundation.ui.translated import localized
from quality.models import ComplaintCategory
from quality.queries.catalogue import latest_version
from surveys.enums import OPEN_STATES, OTHER_CATEGORY, ComplaintAbout, ComplaintChannel, ComplaintState, Outcome
from surveys.models import ApiKey, Complaint, PublicText

OPEN, CLOSED = "open", "closed"
NOTES = {
    ComplaintState.RECEIVED: gettext_lazy("It was received."),
    ComplaintState.IN_STUDY: gettext_lazy("It is being looked into."),
    ComplaintState.WAITING: gettext_lazy("It waits for a reply of the person."),
    ComplaintState.ANSWERED: gettext_lazy("It was answered."),
    ComplaintState.CLOSED: gettext_lazy("It was answered and is closed."),
    ComplaintState.ROUTED: gettext_lazy("It was led to another service."),
}
LONGEST_SPAN = timedelta(days=90)
MOST_ROWS = 1000


@dataclass(frozen=True)
class RequestFilter:
    """What is asked for. Days are of the municipality's own zone; ``ids``, where given, override the rest."""

    starts_on: date
    ends_on: date
    ids: tuple[int, ...] | None = None
    codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()


def municipality(jurisdiction: str) -> Territory | None:
    """The municipality with that name for addresses (``quillota``) or official code (``05501``)."""
    named = Q(slug=jurisdiction) | Q(code=jurisdiction)
    return Territory.objects.municipalities().filter(named).first()


def services() -> list[ComplaintCategory]:
    """The categories of the latest catalogue, by code."""
    return list(ComplaintCategory.objects.filter(version=latest_version()).order_by("code"))


def service(code: str) -> ComplaintCategory | None:
    return ComplaintCategory.objects.filter(version=latest_version(), code=code).first()


def published(territory: Territory) -> QuerySet[Complaint]:
    """What is listed: neither what was taken back, nor what is about somebody of the team, nor what is serious."""
    return (
        Complaint.objects.filter(territory=territory, about=ComplaintAbout.NOBODY, about_user__isnull=True, alert="")
        .exclude(state=ComplaintState.WITHDRAWN)
        .select_related("category", "service_point")
    )


def requests(territory: Territory, wanted: RequestFilter, *, page: int, page_size: int) -> list[dict[str, Any]]:
    """One page of what is listed, the newest first; two queries whatever their number."""
    found = published(territory)
    if wanted.ids is not None:
        found = found.filter(pk__in=wanted.ids)
    else:
        found = found.filter(received_on__range=(wanted.starts_on, wanted.ends_on)).filter(_of_codes(wanted.codes))
        if len(set(wanted.statuses)) == 1:
            is_open = Q(state__in=OPEN_STATES)
            found = found.filter(is_open if wanted.statuses[0] == OPEN else ~is_open)
    first = (page - 1) * page_size
    return _described(found.order_by("-received_on", "-pk")[first : first + page_size], territory)


def request(territory: Territory, number: int) -> dict[str, Any] | None:
    """One of them; None where it is not listed."""
    found = _described(published(territory).filter(pk=number), territory)
    return found[0] if found else None


def request_of_code(territory: Territory, code: str) -> int | None:
    """The number of what an application sent, by the code of its receipt; None where it is not listed."""
    listed = published(territory).filter(channel=ComplaintChannel.OPEN311, code=code)
    return listed.values_list("pk", flat=True).first()


def keys() -> QuerySet[ApiKey]:
    """Every key, active ones first."""
    return ApiKey.objects.select_related("territory", "created_by", "revoked_by").order_by("revoked_at", "name", "pk")


def _of_codes(codes: Sequence[str]) -> Q:
    """What has no category yet is listed under «other matters», so it is found there."""
    if not codes:
        return Q()
    wanted = Q(category__code__in=codes)
    return wanted | Q(category__isnull=True) if OTHER_CATEGORY in codes else wanted


def _described(complaints: Iterable[Complaint], territory: Territory) -> list[dict[str, Any]]:
    rows = list(
        complaints.prefetch_related(  # type: ignore[attr-defined]
            Prefetch("public_text", PublicText.objects.shown(), to_attr="shown_text")
        )
    )
    names = {category.code: localized(category.name) for category in services()}
    return [_request(row, territory, names) for row in rows]


def _request(complaint: Complaint, territory: Territory, names: dict[str, str]) -> dict[str, Any]:
    code = complaint.category.code if complaint.category else OTHER_CATEGORY
    is_open = complaint.state in OPEN_STATES
    point = complaint.service_point
    text = getattr(complaint, "shown_text", None)
    return {
        "service_request_id": str(complaint.pk),
        "status": OPEN if is_open else CLOSED,
        "status_notes": _notes(complaint),
        "service_name": names.get(code) or (localized(complaint.category.name) if complaint.category else ""),
        "service_code": code,
        "description": text.text if text else None,
        "agency_responsible": _("Municipality of %(name)s") % {"name": territory.name},
        "service_notice": _notice(complaint) if is_open else None,
        "requested_datetime": _start_of(complaint.received_on, territory),
        "updated_datetime": _start_of(_changed_on(complaint, territory), territory),
        "expected_datetime": _end_of(complaint.due_on, territory) if is_open and complaint.due_on else None,
        "address": ", ".join(part for part in (point.name, point.address, territory.name) if part) if point else None,
        "address_id": str(point.pk) if point else None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _notes(complaint: Complaint) -> str:
    """The state in words, and how it was answered."""
    words = str(NOTES[ComplaintState(complaint.state)])
    return f"{words} {Outcome(complaint.outcome).label}." if complaint.outcome else words


def _notice(complaint: Complaint) -> str | None:
    if complaint.due_on is None:
        return None
    return _("The municipality answers by %(day)s at the latest.") % {"day": date_format(complaint.due_on)}


def _changed_on(complaint: Complaint, territory: Territory) -> date:
    moments = [
        complaint.closed_at,
        complaint.answered_at,
        complaint.reopened_at,
        complaint.classified_at,
        complaint.acknowledged_at,
    ]
    known = [moment for moment in moments if moment is not None]
    if not known:
        return complaint.received_on
    return max(complaint.received_on, max(known).astimezone(territory.zone).date())


def _start_of(day: date, territory: Territory) -> str:
    """Midnight of the day: the hour could tell who it was."""
    return datetime.combine(day, time(), tzinfo=territory.zone).isoformat()


def _end_of(day: date, territory: Territory) -> str:
    return datetime.combine(day, time(23, 59, 59), tzinfo=territory.zone).isoformat()
