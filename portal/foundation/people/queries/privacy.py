"""What is held about a person, who looked at it, and which requests wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import LOOK
from portal.foundation.audit.models import AuditEvent
from portal.foundation.clocks.due import WorkItem
from portal.foundation.people import privacy
from portal.foundation.people.models import DataExport, DataRequest, RetentionRun, RoleAssignment, User
from portal.foundation.people.models.privacy import RunState
from portal.foundation.people.privacy import PersonalData, Retention, Subject
from portal.foundation.people.roles import DATA_PROTECTION_ROLES, NATIONAL_ROLES, STAFF_ROLES

# Of a kind of data with more rows, looks are searched for at the newest.
ROWS_LOOKED_UP = 1000
LONGEST_ID = 18


@dataclass(frozen=True)
class Held:
    """One kind of data and how many rows of it are held."""

    kind: PersonalData
    count: int


@dataclass(frozen=True)
class Looked:
    """Somebody saw the data: ``who`` is a role and its place, and a name only where policy says so."""

    at: datetime
    who: str
    purpose: str
    what: str


@dataclass(frozen=True)
class RuleState:
    """A retention rule, what waits for it, and how it last ran."""

    rule: Retention
    due: int
    last: RetentionRun | None
    erased_in_a_year: int


def subject_of(user: User) -> Subject:
    """The signed-in person, with the registered person that the account was joined to, if any."""
    person = getattr(user, "person", None)
    return Subject("people.user", str(user.pk), user=user, person=person, territory=_home_of(user, person))


def held_about(subject: Subject) -> list[Held]:
    """Every kind of which something is held; one query for each kind that is declared."""
    counted = (Held(kind, kind.of_person(subject).count()) for kind in privacy.kinds())
    return [held for held in counted if held.count]


def rows_of(kind: PersonalData, rows: Iterable[Any]) -> list[list[tuple[str, str]]]:
    """The rows of one page as (heading, text)."""
    return [[(str(kind.fields[name]), in_words(value)) for name, value in kind.export(row).items()] for row in rows]


def in_words(value: Any) -> str:
    """A plain value as people read it; "" where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else str(value)


def looks_at(subject: Subject) -> QuerySet[AuditEvent]:
    """Looks at the person's data by others, the newest first."""
    found = Q(pk__in=[])
    for kind in privacy.kinds():
        rows = kind.of_person(subject)
        if rows.model is not AuditEvent:
            ids = [str(pk) for pk in rows.values_list("pk", flat=True)[:ROWS_LOOKED_UP]]
            if ids:
                found |= Q(object_type=rows.model._meta.label_lower, object_id__in=ids)
    looks = AuditEvent.objects.filter(found, verb=LOOK).order_by("-id")
    return looks.exclude(by_user_id=subject.user.pk) if subject.user else looks


def described_looks(events: Iterable[AuditEvent]) -> list[Looked]:
    """The looks of one page in words, in two queries."""
    shown = list(events)
    users = User.objects.in_bulk({event.by_user_id for event in shown if event.by_user_id})
    assignments = (
        RoleAssignment.objects.filter(user__in=users).select_related("territory", "organization").order_by("starts_on")
    )
    held: dict[int, list[RoleAssignment]] = {}
    for assignment in assignments:
        held.setdefault(assignment.user_id, []).append(assignment)
    names = {kind.of_person(Subject("", "")).model._meta.label_lower: str(kind.label) for kind in privacy.kinds()}
    return [
        Looked(
            at=event.at,
            who=_who(event, users.get(event.by_user_id or 0), held.get(event.by_user_id or 0, [])),
            purpose=event.purpose,
            what=names.get(event.object_type, event.object_type),
        )
        for event in shown
    ]


def all_looks(subject: Subject) -> Iterator[Looked]:
    """Every look, for the copy that a person takes away."""
    events = looks_at(subject)
    start = 0
    while chunk := described_looks(events[start : start + 500]):
        yield from chunk
        start += 500


def requests_about(subject: Subject) -> QuerySet[DataRequest]:
    return DataRequest.objects.about(subject.label, subject.id).order_by("-created_at", "-id")


def exports_of(user: User, at: datetime) -> QuerySet[DataExport]:
    """Copies that have not expired, the newest first, without their content."""
    return DataExport.objects.defer("content").filter(user=user, expires_at__gt=at).order_by("-created_at", "pk")


def requests_for(
    user: Any, *, state: str = "", kind: str = "", number: str = "", late: bool = False, on: date
) -> QuerySet[DataRequest]:
    """What ``user`` may answer, the most urgent first."""
    found = DataRequest.objects.visible_to(user).select_related("territory")
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    if number:
        found = found.filter(pk=_id_of(number))
    return found.overdue(on) if late else found


def tasks_for(user: Any, today: date) -> list[WorkItem]:
    """Requests that wait for ``user``'s answer; one query. A municipality's are its own to answer."""
    if not user.scope.has(*DATA_PROTECTION_ROLES):
        return []
    waiting = DataRequest.objects.visible_to(user).open().select_related("territory")
    own = Q(subject_type="people.user", subject_id=str(user.pk))
    if user.scope.has(*NATIONAL_ROLES):
        waiting = waiting.filter(territory=None)
    return [
        WorkItem(
            key=f"people.data_request:{row.pk}",
            title=_("Answer the request %(number)s about data") % {"number": row.number},
            detail=row.get_kind_display(),
            url=reverse("privacy:request", args=[row.pk]),
            due_on=row.due_on,
            territory_name=str(row.territory or ""),
        )
        for row in waiting.exclude(own)
    ]


def retention_overview(at: datetime) -> list[RuleState]:
    """Every rule with what waits for it; two queries and one for each rule."""
    newest = RetentionRun.objects.values("rule").annotate(newest=Max("pk")).values_list("newest", flat=True)
    last = {run.rule: run for run in RetentionRun.objects.filter(pk__in=list(newest)).select_related("by")}
    a_year_ago = at - timedelta(days=365)
    recent = RetentionRun.objects.filter(started_at__gte=a_year_ago, state=RunState.DONE)
    erased = dict(recent.order_by().values_list("rule").annotate(total=Sum("erased")))
    return [RuleState(rule, rule.due(at), last.get(rule.key), erased.get(rule.key) or 0) for rule in privacy.rules()]


def _id_of(number: str) -> int:
    """The row that people call «DP-000012», or plainly 12; 0, which no row has, for anything else."""
    digits = number.strip().upper().removeprefix("DP-").lstrip("0")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_ID else 0


def _home_of(user: User, person: Any) -> Any:
    """The municipality that answers the person: where he or she is registered."""
    return person.territory if person is not None else None


def _who(event: AuditEvent, user: User | None, assignments: list[RoleAssignment]) -> str:
    if event.by_user_id is None:
        return _("The system")
    on = timezone.localdate(event.at)
    in_force = [assignment for assignment in assignments if assignment.is_in_force(on)]
    staff = [assignment for assignment in in_force if assignment.role in STAFF_ROLES]
    held = (staff or in_force or assignments)[:1]
    parts = [
        str(part) for each in held for part in (each.get_role_display(), each.organization or each.territory or "")
    ]
    if settings.LOOKS_SHOW_NAMES and user is not None:
        parts.insert(0, user.get_full_name())
    return " · ".join(part for part in parts if part) or _("Administration of the platform")
