"""Checking the whole: the chain of events, and every protected object against its last event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.foundation.audit.chain import digest_of, mark_of, parts_of, seal_of
from portal.foundation.audit.domain import Content, registered_content
from portal.foundation.audit.models import AuditEvent, AuditHead

CHUNK = 500
UNSEALED_FOR = timedelta(minutes=15)


class Problem(StrEnum):
    """What is wrong."""

    EVENT_ALTERED = "event altered"
    EVENTS_MISSING = "events missing"
    ORDER_ALTERED = "order or seal altered"
    HEAD_DIFFERS = "head differs from the chain"
    UNSEALED = "events left unsealed"
    OBJECT_ALTERED = "object altered"
    OBJECT_MISSING = "object missing"
    OBJECT_UNRECORDED = "object without event"


# The same for whoever reads the report: an auditor, not a programmer.
IN_WORDS = {
    Problem.EVENT_ALTERED: gettext_lazy("A note of the record was altered"),
    Problem.EVENTS_MISSING: gettext_lazy("Notes of the record are missing"),
    Problem.ORDER_ALTERED: gettext_lazy("The order or the seal of a note was altered"),
    Problem.HEAD_DIFFERS: gettext_lazy("A published seal differs from the record"),
    Problem.UNSEALED: gettext_lazy("Notes were left without a seal"),
    Problem.OBJECT_ALTERED: gettext_lazy("A record was altered outside the platform"),
    Problem.OBJECT_MISSING: gettext_lazy("A record was removed outside the platform"),
    Problem.OBJECT_UNRECORDED: gettext_lazy("A record was put in outside the platform"),
}


@dataclass(frozen=True)
class Finding:
    """``where`` names the event or the object; ``detail`` says what of it.

    ``name`` is the object's in people's words, and ``last`` the event that recorded it last.
    """

    problem: Problem
    where: str
    detail: str = ""
    name: str = ""
    last: AuditEvent | None = None

    def __str__(self) -> str:
        text = f"{IN_WORDS[self.problem]}: " + (f"{self.name} [{self.where}]" if self.name else self.where)
        if self.detail:
            text += f" ({self.detail})"
        if self.last is not None:
            text += ". " + _("Last recorded on %(moment)s: note %(number)s, %(verb)s.") % {
                "moment": date_format(timezone.localtime(self.last.at), "SHORT_DATETIME_FORMAT"),
                "number": self.last.sequence or "–",
                "verb": self.last.verb,
            }
        return text


def verify(*, at: datetime) -> list[Finding]:
    """Every alteration that can be told, in the order of the chain, then by kind of object."""
    return [*_chain(), *_heads(), *_tail(at), *_objects()]


def _chain() -> Iterator[Finding]:
    previous_seal, previous_number = "", 0
    for event in AuditEvent.objects.sealed().iterator(CHUNK):
        number = event.sequence or 0
        where = _("note %(number)s (row %(row)s, %(event)s)") % {"number": number, "row": event.pk, "event": event}
        if event.mac != mark_of(event):
            yield Finding(Problem.EVENT_ALTERED, where)
        if number != previous_number + 1:
            yield Finding(Problem.EVENTS_MISSING, _notes(previous_number + 1, number - 1))
        elif event.seal != seal_of(event, sequence=number, previous=previous_seal):
            yield Finding(Problem.ORDER_ALTERED, where)
        previous_seal, previous_number = event.seal, number


def _heads() -> Iterator[Finding]:
    seals: dict[int | None, str] = {head.sequence: "" for head in AuditHead.objects.all()}
    seals |= dict(AuditEvent.objects.filter(sequence__in=list(seals)).values_list("sequence", "seal"))
    last = AuditEvent.objects.sealed().last()
    newest = (last.sequence or 0) if last else 0
    for head in AuditHead.objects.order_by("pk"):
        if head.published_on:
            name = _("the seal published on %(day)s") % {"day": date_format(head.published_on)}
        else:
            name = _("the seal kept apart")
        if head.sequence > newest:
            yield Finding(Problem.EVENTS_MISSING, _notes(newest + 1, head.sequence), _("see %(seal)s") % {"seal": name})
        elif head.seal != seals[head.sequence]:
            yield Finding(Problem.HEAD_DIFFERS, _notes(head.sequence, head.sequence), name)


def _notes(first: int, last: int) -> str:
    if first == last:
        return _("note %(number)s") % {"number": first}
    return _("notes %(first)s to %(last)s") % {"first": first, "last": last}


def _tail(at: datetime) -> Iterator[Finding]:
    for event in AuditEvent.objects.unsealed().iterator(CHUNK):
        if event.mac != mark_of(event):
            where = _("note without a seal (row %(row)s, %(event)s)") % {"row": event.pk, "event": event}
            yield Finding(Problem.EVENT_ALTERED, where)
    late = AuditEvent.objects.unsealed().filter(at__lt=at - UNSEALED_FOR)
    count = late.count()
    if count:
        counted = ngettext("%(count)s note", "%(count)s notes", count) % {"count": count}
        yield Finding(Problem.UNSEALED, counted, _("the oldest is row %(row)s") % {"row": late[0].pk})


def _objects() -> Iterator[Finding]:
    for label, content in sorted(registered_content().items()):
        model = apps.get_model(label)
        yield from _missing(label, model)
        rows = model._base_manager.order_by("pk").iterator(CHUNK)
        while chunk := list(islice(rows, CHUNK)):
            yield from _altered(label, content, chunk)


def _missing(label: str, model: type[models.Model]) -> Iterator[Finding]:
    recorded = AuditEvent.objects.filter(object_type=label).exclude(digest="").order_by().values_list("object_id")
    ids = {object_id for (object_id,) in recorded.distinct().iterator(CHUNK)}
    present = {str(pk) for pk in model._base_manager.values_list("pk", flat=True).iterator(CHUNK)}
    for object_id in sorted(ids - present):
        last = AuditEvent.objects.filter(object_type=label, object_id=object_id).latest("id")
        if not last.detail.get("deleted"):
            yield Finding(Problem.OBJECT_MISSING, f"{label}:{object_id}", last=last)


def _altered(label: str, content: Content, objects: list[Any]) -> Iterator[Finding]:
    last_events = _last_events(label, [str(each.pk) for each in objects])
    for each in objects:
        where = f"{label}:{each.pk}"
        event = last_events.get(str(each.pk))
        if event is None:
            yield Finding(Problem.OBJECT_UNRECORDED, where, name=_name_of(each))
            continue
        values = content(each)
        if digest_of(values) != event.digest:
            parts = parts_of(label, str(each.pk), values)
            groups = sorted(
                name for name in parts.keys() | event.parts.keys() if parts.get(name) != event.parts.get(name)
            )
            yield Finding(Problem.OBJECT_ALTERED, where, ", ".join(groups), _name_of(each), event)


def _name_of(each: models.Model) -> str:
    """In people's words; empty where what it is named after was removed."""
    try:
        return str(each)
    except ObjectDoesNotExist:
        return ""


def _last_events(label: str, ids: list[str]) -> dict[str, AuditEvent]:
    """The last event with a digest of each object."""
    newest = (
        AuditEvent.objects.filter(object_type=label, object_id__in=ids)
        .exclude(digest="")
        .order_by()
        .values("object_id")
        .annotate(newest=models.Max("id"))
        .values("newest")
    )
    return {event.object_id: event for event in AuditEvent.objects.filter(pk__in=newest)}
