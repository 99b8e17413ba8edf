"""Reading what a program asks: addresses' arguments and posted forms, with every fault said in one answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.utils.translation import gettext as _

from portal.foundation.territories.models import Territory
from surveys.queries.open311 import CLOSED, LONGEST_SPAN, MOST_ROWS, OPEN, RequestFilter

FORM = "application/x-www-form-urlencoded"
LARGEST_BODY = 64 * 1024
# Times as the W3C profile of ISO 8601 has them, with the zone that GeoReport asks for.
_W3C = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")
_ATTRIBUTE = re.compile(r"attribute\[([\w-]{1,40})\](\[\])?")
MOST_IDS = MOST_ROWS
NUMBER_DIGITS = 12


class ApiRefused(Exception):
    """Answered with ``status`` and one entry for each of ``errors`` (code, description)."""

    def __init__(self, status: int, *errors: str, code: int | None = None) -> None:
        super().__init__(*errors)
        self.status = status
        self.errors = [{"code": code or status, "description": text} for text in errors]


@dataclass(frozen=True)
class Page:
    number: int
    size: int


def posted(request: HttpRequest) -> QueryDict:
    """The posted form.

    :raises ApiRefused: of another type, not in UTF-8, too long, or cut off.
    """
    if request.content_type != FORM:
        raise ApiRefused(400, _("Send the fields as %(type)s.") % {"type": FORM})
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST_BODY:
        raise ApiRefused(400, _("This is too long: send %(limit)s KB at most.") % {"limit": LARGEST_BODY // 1024})
    try:
        fields = request.POST
    except (BadRequest, RequestDataTooBig, SuspiciousOperation, UnreadablePostError) as error:
        raise ApiRefused(400, _("This could not be read. Send the fields in UTF-8.")) from error
    texts = [text for name, values in fields.lists() for text in (name, *values)]
    if any("\ufffd" in text or "\x00" in text for text in texts):
        raise ApiRefused(400, _("This could not be read. Send the fields in UTF-8."))
    return fields


def attributes(fields: QueryDict) -> dict[str, list[str]]:
    """Answers to a service's questions: ``attribute[code]=value`` or, several times, ``attribute[code][]=value``."""
    found: dict[str, list[str]] = {}
    for name, values in fields.lists():
        if match := _ATTRIBUTE.fullmatch(name):
            found.setdefault(match[1], []).extend(value for value in values if value.strip())
    return {code: values for code, values in found.items() if values}


def requests_filter(fields: QueryDict, territory: Territory, today: date) -> RequestFilter:
    """Which requests are asked for; the last 90 days where no day is given.

    :raises ApiRefused: a time without its zone, more than 90 days, another status.
    """
    ids = _listed(fields, "service_request_id")
    if ids:
        numbers = [int(number) for number in ids[:MOST_IDS] if number.isdecimal() and len(number) <= NUMBER_DIGITS]
        return RequestFilter(today, today, tuple(numbers))
    statuses = _listed(fields, "status")
    if set(statuses) - {OPEN, CLOSED}:
        raise ApiRefused(400, _("status is open, closed, or both parted by a comma."))
    starts_on, ends_on = _days(fields, territory, today)
    return RequestFilter(starts_on, ends_on, None, tuple(_listed(fields, "service_code")[:100]), tuple(statuses))


def page(fields: QueryDict) -> Page:
    """:raises ApiRefused: no numbers, or outside their bounds."""
    number, size = fields.get("page", "").strip() or "1", fields.get("page_size", "").strip() or str(MOST_ROWS)
    if not (number.isdecimal() and 1 <= int(number[:9]) <= 1_000_000 and len(number) <= 7):
        raise ApiRefused(400, _("page is a number from 1 on."))
    if not (size.isdecimal() and len(size) <= 4 and 1 <= int(size) <= MOST_ROWS):
        raise ApiRefused(400, _("page_size is a number from 1 to 1000."))
    return Page(int(number), int(size))


def moment(text: str) -> datetime | None:
    """A time in W3C format with its zone; None where it is none."""
    if not _W3C.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def day(text: str, territory: Territory) -> date | None:
    """A day, or the day there of a time with its zone; None where it is neither."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else _local(moment(text), territory)
    except ValueError:
        return None


def number(text: str) -> Decimal | None:
    """A number with a decimal point; None where it is none."""
    if not re.fullmatch(r"[+-]?\d{1,3}(\.\d{1,20})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _days(fields: QueryDict, territory: Territory, today: date) -> tuple[date, date]:
    given: dict[str, datetime] = {}
    for name in ("start_date", "end_date"):
        if text := fields.get(name, "").strip():
            read = moment(text.replace(" ", "+"))
            if read is None:
                wanted = _("%(name)s is a time with its zone, such as 2026-01-31T00:00:00Z.") % {"name": name}
                raise ApiRefused(400, wanted)
            given[name] = read
    starts_on = _first_day(given.get("start_date"), territory)
    ends_on = _local(given.get("end_date"), territory)
    if starts_on and ends_on:
        if given["end_date"] < given["start_date"]:
            raise ApiRefused(400, _("end_date comes before start_date."))
        if given["end_date"] - given["start_date"] > LONGEST_SPAN:
            raise ApiRefused(400, _("Ask for 90 days at most."))
        return starts_on, ends_on
    if starts_on:
        return starts_on, min(starts_on + LONGEST_SPAN, max(today, starts_on))
    ends_on = ends_on or today
    return ends_on - LONGEST_SPAN, ends_on


def _first_day(start: datetime | None, territory: Territory) -> date | None:
    """The first day there that begins at ``start`` or after it: requests carry the midnight of their day."""
    first = _local(start, territory)
    if start is None or first is None:
        return None
    local = start.astimezone(territory.zone)
    return (
        first if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0) else first + timedelta(1)
    )


def _local(read: datetime | None, territory: Territory) -> date | None:
    if read is None:
        return None
    try:
        return read.astimezone(territory.zone).date()
    except OverflowError:
        return None


def _listed(fields: QueryDict, name: str) -> list[str]:
    """Values parted by commas, or given several times; empty ones count as not given."""
    parts: Iterable[str] = ",".join(fields.getlist(name)).split(",")
    return [part.strip() for part in parts if part.strip()]
