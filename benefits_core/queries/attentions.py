"""Reading the register: its list by key and not by offset, one day, and what a clerk has open."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits_core.enums import Channel, Outcome
from benefits_core.models import Attention, AttentionChange, Matter, Procedure
from benefits_core.queries.matters import names_of
from benefits_core.statistics import quantile
from portal.foundation.people.models import RoleAssignment, User
from portal.foundation.territories.models import ServicePoint, Territory

PAGE_SIZE = 50
# A list is of a stretch of time: without one, the last days; with one, a year at most.
DEFAULT_DAYS = 30
LONGEST_DAYS = 366
COUNTED_UP_TO = 1000


FIELD_LABELS = {
    "service_point": gettext_lazy("Service point"),
    "channel": gettext_lazy("Channel"),
    "arrived_at": gettext_lazy("Arrival"),
    "started_at": gettext_lazy("Start of the service"),
    "ended_at": gettext_lazy("End of the service"),
    "matter": gettext_lazy("Matter"),
    "procedure": gettext_lazy("Procedure"),
    "preferential": gettext_lazy("Preferential attention"),
    "outcome": gettext_lazy("Outcome"),
    "person": gettext_lazy("Person"),
}


@dataclass(frozen=True)
class AttentionFilter:
    """What to look for, as the list's address has it; an empty value does not narrow.

    ``number`` is an attention's own or the one that a queue machine gave it.
    """

    first: date
    last: date
    service_point: str = ""
    channel: str = ""
    matter: str = ""
    clerk: str = ""
    outcome: str = ""
    number: str = ""
    with_void: bool = False

    def as_data(self) -> dict[str, Any]:
        """As JSON can hold it; :meth:`from_data` reads it."""
        return {
            each.name: value.isoformat() if isinstance(value := getattr(self, each.name), date) else value
            for each in fields(self)
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> AttentionFilter:
        days = {name: date.fromisoformat(data[name]) for name in ("first", "last")}
        return cls(**{**data, **days})


@dataclass(frozen=True)
class AttentionPage:
    """``older`` is what to ask the next page with; None on the last one."""

    rows: list[Attention]
    older: str | None


def attentions(territory: Territory, wanted: AttentionFilter) -> QuerySet[Attention]:
    """The attentions of ``territory`` that match, newest first; without its relations."""
    begins = datetime.combine(wanted.first, time.min, territory.zone)
    ends = datetime.combine(wanted.last + timedelta(days=1), time.min, territory.zone)
    found = Attention.objects.filter(territory=territory, arrived_at__gte=begins, arrived_at__lt=ends)
    if not wanted.with_void:
        found = found.counted()
    for name, lookup in (("service_point", "service_point_id"), ("matter", "matter_id"), ("clerk", "recorded_by_id")):
        if getattr(wanted, name):
            found = found.filter(**{lookup: getattr(wanted, name)})
    for name in ("channel", "outcome"):
        if getattr(wanted, name):
            found = found.filter(**{name: getattr(wanted, name)})
    if wanted.number:
        numbered = Q(external_id=wanted.number)
        if wanted.number.isascii() and wanted.number.isdigit() and len(wanted.number) < 18:
            numbered |= Q(pk=int(wanted.number))
        found = found.filter(numbered)
    return found.newest_first()


def attention_page(territory: Territory, wanted: AttentionFilter, *, after: str = "") -> AttentionPage:
    """:data:`PAGE_SIZE` rows in one query, the next ones by key: the last page costs as much as the first.

    :param after: the ``older`` of the page before; anything else begins at the newest.
    """
    found = attentions(territory, wanted).select_related("service_point", "matter", "recorded_by")
    if key := _key_of(after):
        arrived_at, pk = key
        found = found.filter(Q(arrived_at__lt=arrived_at) | Q(arrived_at=arrived_at, pk__lt=pk)).filter(
            arrived_at__lte=arrived_at  # lets the index begin there
        )
    rows = list(found[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    older = f"{shown[-1].arrived_at.isoformat()}~{shown[-1].pk}" if len(rows) > PAGE_SIZE else None
    return AttentionPage(shown, older)


def capped_count(territory: Territory, wanted: AttentionFilter) -> tuple[int, bool]:
    """How many match, counted up to :data:`COUNTED_UP_TO`; True where there are more."""
    count = attentions(territory, wanted).order_by()[: COUNTED_UP_TO + 1].count()
    return min(count, COUNTED_UP_TO), count > COUNTED_UP_TO


def days_beside(territory: Territory, day: date) -> dict[str, date | None]:
    """The nearest days with attentions ``before`` and ``after`` a day, each by the index; one query."""
    rows = Attention.objects.counted().filter(territory=territory)
    earlier = rows.filter(day__lt=day).order_by("-day").values("day")[:1]
    later = rows.filter(day__gt=day).order_by("day").values("day")[:1]
    beside = Territory.objects.filter(pk=territory.pk).values(before=Subquery(earlier), after=Subquery(later))
    return beside.order_by().get()


def _key_of(text: str) -> tuple[datetime, int] | None:
    moment, _sign, number = text.partition("~")
    try:
        arrived_at, pk = datetime.fromisoformat(moment), int(number)
    except (ValueError, OverflowError):
        return None
    return (arrived_at, pk) if arrived_at.tzinfo and 0 < pk < 2**62 else None


def open_of(user: Any, territory: Territory) -> QuerySet[Attention]:
    """What ``user`` has begun in ``territory`` and not finished, the oldest first."""
    found = Attention.objects.open().filter(territory=territory, recorded_by=user)
    return found.select_related("service_point", "matter", "territory").order_by("started_at", "pk")


def last_of(user: Any, territory: Territory, count: int) -> list[Attention]:
    """The last attentions that ``user`` wrote down there, the newest first."""
    found = Attention.objects.filter(recorded_by=user, territory=territory, ended_at__isnull=False)
    return list(found.select_related("service_point", "matter", "territory").newest_first()[:count])


def clerks_of(territory: Territory, since: date) -> QuerySet[User]:
    """Who wrote attentions of ``territory`` down since that day, by name.

    Asked of each who ever had a role there, by the clerk's own index, and not of the attentions of the period.
    """
    had_a_role = RoleAssignment.objects.filter(territory__path__in=territory.chain()).values("user")
    wrote = Attention.objects.filter(territory=territory, recorded_by=OuterRef("pk"), day__gte=since)
    return User.objects.filter(Exists(wrote), pk__in=had_a_role).order_by("name", "email")


@dataclass
class Group:
    """One line of a day: how many, and how long they waited."""

    label: str
    count: int = 0
    preferential: int = 0
    waits: Counter[int] = field(default_factory=Counter)

    @property
    def measured(self) -> int:
        return sum(self.waits.values())

    @property
    def median(self) -> int | None:
        return quantile(self.waits, 0.5)

    @property
    def percentile_90(self) -> int | None:
        return quantile(self.waits, 0.9)


@dataclass(frozen=True)
class DaySummary:
    """One day of a municipality, by service point, channel, matter, hour of arrival and clerk."""

    total: Group
    by_point: list[Group]
    by_channel: list[Group]
    by_matter: list[Group]
    by_hour: list[Group]
    by_clerk: list[Group]
    open: int


def day_summary(territory: Territory, day: date) -> DaySummary:
    """The sums of one day, from its own rows; four queries."""
    total = Group("")
    groups: dict[str, dict[Any, Group]] = {name: {} for name in ("point", "channel", "matter", "hour", "clerk")}
    still_open = 0
    rows = Attention.objects.counted().filter(territory=territory, day=day).order_by()
    names = ("service_point_id", "channel", "matter_id", "arrived_at", "recorded_by_id")
    for point, channel, matter, arrived_at, clerk, wait, preferential, ended_at in rows.values_list(
        *names, "wait_seconds", "preferential", "ended_at"
    ):
        still_open += ended_at is None
        hour = arrived_at.astimezone(territory.zone).hour
        keys = {"point": point, "channel": channel, "matter": matter, "hour": hour, "clerk": clerk}
        for each in (total, *(groups[name].setdefault(key, Group("")) for name, key in keys.items())):
            each.count += 1
            each.preferential += preferential
            if wait is not None:
                each.waits[-(-wait // 60)] += 1
    points = dict(ServicePoint.objects.filter(territory=territory).values_list("pk", "name"))
    people = {user.pk: str(user) for user in User.objects.filter(pk__in=[key for key in groups["clerk"] if key])}
    return DaySummary(
        total=total,
        by_point=_named(groups["point"], points),
        by_channel=_named(groups["channel"], dict(Channel.choices)),
        by_matter=_named(groups["matter"], names_of(groups["matter"])),
        by_hour=[_label(group, f"{hour:02d}:00") for hour, group in sorted(groups["hour"].items())],
        by_clerk=_named(groups["clerk"], people),
        open=still_open,
    )


def _named(groups: dict[Any, Group], names: dict[Any, Any]) -> list[Group]:
    """The largest first."""
    named = [_label(group, str(names.get(key, "–"))) for key, group in groups.items()]
    return sorted(named, key=lambda group: (-group.count, group.label))


def _label(group: Group, label: str) -> Group:
    group.label = label
    return group


@dataclass(frozen=True)
class ChangedField:
    """A corrected field in people's words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Correction:
    change: AttentionChange
    fields: list[ChangedField]


def history_of(attention: Attention) -> list[Correction]:
    """The corrections of an attention, the oldest first, in words; three queries."""
    changes = list(attention.changes.select_related("changed_by"))
    ids: dict[str, set[int]] = {"matter": set(), "service_point": set(), "procedure": set()}
    for each in (each for change in changes for each in change.changes if each["field"] in ids):
        ids[each["field"]] |= {value for value in (each["before"], each["after"]) if value}
    names: dict[str, dict[Any, str]] = {
        "matter": names_of(ids["matter"]) if ids["matter"] else {},
        "service_point": dict(ServicePoint.objects.filter(pk__in=ids["service_point"]).values_list("pk", "name")),
        "procedure": {row.pk: str(row) for row in Procedure.objects.filter(pk__in=ids["procedure"])},
        "channel": {value: str(label) for value, label in Channel.choices},
        "outcome": {value: str(label) for value, label in Outcome.choices},
        "preferential": {True: _("Yes"), False: _("No")},
        "person": {True: _("noted"), False: _("not noted")},
    }
    zone = attention.territory.zone
    return [
        Correction(
            change,
            [
                ChangedField(
                    str(FIELD_LABELS[each["field"]]),
                    *(_in_words(each["field"], each[side], names, zone) for side in ("before", "after")),
                )
                for each in change.changes
            ],
        )
        for change in changes
    ]


def _in_words(name: str, value: Any, names: dict[str, dict[Any, str]], zone: Any) -> str:
    if value is None:
        return "–"
    if name in names:
        return names[name].get(value, str(value))
    return date_format(datetime.fromisoformat(value).astimezone(zone), "SHORT_DATETIME_FORMAT")


def matters_seen(territory: Territory) -> QuerySet[Matter]:
    """Every matter that a list of ``territory`` may hold, retired and hidden ones too."""
    return Matter.objects.of_chain(territory)
