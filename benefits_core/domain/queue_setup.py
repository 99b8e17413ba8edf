"""What a municipality decides about a queue: its rule, the buttons of the kiosk, counters and devices."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from benefits_core.enums import DeviceKind
from benefits_core.errors import ClosedToChange, InvalidContent
from benefits_core.models import Desk, DeviceLink, Matter, Queue, QueueKind
from benefits_core.queries.queues import hash_of
from portal.foundation.audit.domain import record
from portal.foundation.territories.models import ServicePoint

NAME_LENGTH = 40
DESK_LENGTH = 20
DEVICE_LENGTH = 60
FAVORED_TURNS = (1, 10)
PROMISED = (0, 240)
CHANCES = (0, 5)
BACK_MINUTES = (0, 60)
# How exactly the last use of a device is told: a call screen asks every few seconds.
USE_TOLD_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class IssuedLink:
    """The only moment at which the token is known: it is shown once and kept nowhere."""

    link: DeviceLink
    token: str = field(repr=False)


@transaction.atomic
def open_queue(*, service_point: ServicePoint, by: Any, at: datetime) -> Queue:
    """Give turns at a service point from now on; one that does already stays as it is.

    :raises InvalidContent: a closed service point.
    """
    if not service_point.is_active:
        raise InvalidContent(_("This service point is closed."), "service_point")
    queue, is_new = Queue.objects.get_or_create(service_point=service_point)
    if is_new:
        _note("open_queue", queue, queue, by, at)
    return queue


@transaction.atomic
def set_rule(
    *,
    queue: Queue,
    is_open: bool,
    in_hours: bool,
    favored_turns: int,
    promised_minutes: int | None,
    chances: int,
    back_minutes: int,
    by: Any,
    at: datetime,
) -> Queue:
    """Say when numbers are given and whose turn it is; it counts from the next call on.

    :raises InvalidContent: a number out of its limits; ``field`` names which.
    """
    queue = locked(queue)
    for name, value, (least, most) in (
        ("favored_turns", favored_turns, FAVORED_TURNS),
        ("promised_minutes", promised_minutes, PROMISED),
        ("chances", chances, CHANCES),
        ("back_minutes", back_minutes, BACK_MINUTES),
    ):
        if value is not None and not least <= value <= most:
            raise InvalidContent(
                _("Write a number between %(least)s and %(most)s.") % {"least": least, "most": most}, name
            )
    queue.is_open, queue.in_hours = is_open, in_hours
    queue.favored_turns, queue.promised_minutes = favored_turns, promised_minutes
    queue.chances, queue.back_minutes = chances, back_minutes
    queue.save()
    _note("set_queue_rule", queue, queue, by, at, detail={"favored_turns": favored_turns, "chances": chances})
    return queue


# --- Buttons of the kiosk


@transaction.atomic
def add_kind(
    *, queue: Queue, letter: str, name: str, name_en: str = "", matters: Collection[Matter], by: Any, at: datetime
) -> QueueKind:
    """Add a button with its letter; it comes after those that are there.

    :raises InvalidContent: no name, no matter or one that is not offered, or a letter that is taken.
    """
    queue = locked(queue)
    last = QueueKind.objects.filter(queue=queue).order_by("-position").first()
    kind = QueueKind(
        queue=queue, letter=_letter(letter), name=_names(name, name_en), position=(last.position if last else 0) + 1
    )
    _check_matters(queue, matters)
    _save_kind(kind, matters)
    _note("add_queue_kind", kind, queue, by, at)
    return kind


@transaction.atomic
def change_kind(
    *, kind: QueueKind, letter: str, name: str, name_en: str = "", matters: Collection[Matter], by: Any, at: datetime
) -> QueueKind:
    """Say anew what a button is called and stands for; numbers that were given keep their letter.

    :raises InvalidContent: as :func:`add_kind`.
    """
    queue = locked(kind.queue)
    kind = QueueKind.objects.select_related("queue").get(pk=kind.pk)
    kind.letter, kind.name = _letter(letter), _names(name, name_en)
    _check_matters(queue, matters)
    _save_kind(kind, matters)
    _note("change_queue_kind", kind, queue, by, at)
    return kind


@transaction.atomic
def switch_kind(*, kind: QueueKind, offer: bool, by: Any, at: datetime) -> QueueKind:
    """Show a button at the kiosk, or stop; who holds one of its numbers is called all the same."""
    queue = locked(kind.queue)
    kind = QueueKind.objects.get(pk=kind.pk)
    kind.is_active = offer
    kind.save(update_fields=["is_active"])
    _note("offer_queue_kind" if offer else "retire_queue_kind", kind, queue, by, at)
    return kind


# --- Counters


@transaction.atomic
def add_desk(*, queue: Queue, name: str, kinds: Collection[QueueKind] = (), by: Any, at: datetime) -> Desk:
    """Add a counter; without ``kinds`` it calls every kind.

    :raises InvalidContent: no name, one that is taken, or kinds of another queue.
    """
    queue = locked(queue)
    desk = Desk(queue=queue, name=_desk_name(name))
    _save_desk(desk, kinds)
    _note("add_desk", desk, queue, by, at)
    return desk


@transaction.atomic
def change_desk(*, desk: Desk, name: str, kinds: Collection[QueueKind] = (), by: Any, at: datetime) -> Desk:
    """Say anew what a counter is called and which kinds it calls.

    :raises InvalidContent: as :func:`add_desk`.
    """
    queue = locked(desk.queue)
    desk = Desk.objects.select_related("queue").get(pk=desk.pk)
    desk.name = _desk_name(name)
    _save_desk(desk, kinds)
    _note("change_desk", desk, queue, by, at)
    return desk


@transaction.atomic
def switch_desk(*, desk: Desk, use: bool, by: Any, at: datetime) -> Desk:
    """Put a counter to use, or away.

    :raises ClosedToChange: somebody attends there now.
    """
    queue = locked(desk.queue)
    desk = Desk.objects.get(pk=desk.pk)
    if not use and desk.clerk_id is not None:
        raise ClosedToChange(_("Somebody attends at this counter now."))
    desk.is_active = use
    desk.save(update_fields=["is_active"])
    _note("use_desk" if use else "retire_desk", desk, queue, by, at)
    return desk


# --- Devices


@transaction.atomic
def issue_link(*, queue: Queue, kind: str, name: str, prints: bool = False, by: Any, at: datetime) -> IssuedLink:
    """Give a kiosk or a call screen its key.

    :raises InvalidContent: no name or no such kind.
    """
    plain = _text(name, DEVICE_LENGTH, "name")
    if kind not in DeviceKind.values:
        raise InvalidContent(_("Choose one of the options shown."), "kind")
    token = secrets.token_urlsafe(32)
    link = DeviceLink.objects.create(
        queue=queue,
        kind=kind,
        name=plain,
        prints=prints and kind == DeviceKind.KIOSK,
        token_hash=hash_of(token),
        issued_by=by,
        issued_at=at,
    )
    _note("issue_device_link", link, queue, by, at, detail={"kind": kind})
    return IssuedLink(link, token)


@transaction.atomic
def revoke_link(*, link: DeviceLink, by: Any, at: datetime) -> DeviceLink:
    """The device shows nothing and gives nothing any more; what was revoked stays revoked."""
    link = DeviceLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = at, by
        link.save(update_fields=["revoked_at", "revoked_by"])
        _note("revoke_device_link", link, link.queue, by, at)
    return link


def note_use(*, link: DeviceLink, at: datetime) -> None:
    """Remember that a device works, to within :data:`USE_TOLD_EVERY`."""
    if link.last_used_at is None or link.last_used_at < at - USE_TOLD_EVERY:
        DeviceLink.objects.filter(pk=link.pk).update(last_used_at=at)


# --- What the verbs of queues share


def locked(queue: Queue) -> Queue:
    """Lock the queue for this transaction: verbs of one service point follow each other."""
    rows = Queue.objects.select_for_update(of=("self",)).select_related("service_point__territory")
    return rows.get(pk=queue.pk)


def _save_kind(kind: QueueKind, matters: Collection[Matter]) -> None:
    try:
        with transaction.atomic():
            kind.save()
    except IntegrityError as error:
        raise InvalidContent(_("That letter is taken already."), "letter") from error
    kind.matters.set(matters)


def _save_desk(desk: Desk, kinds: Collection[QueueKind]) -> None:
    if any(kind.queue_id != desk.queue_id for kind in kinds):
        raise InvalidContent(_("Choose one of the options shown."), "kinds")
    try:
        with transaction.atomic():
            desk.save()
    except IntegrityError as error:
        raise InvalidContent(_("There is a counter of that name already."), "name") from error
    desk.kinds.set(kinds)


def _check_matters(queue: Queue, matters: Collection[Matter]) -> None:
    if not matters:
        raise InvalidContent(_("Choose at least one matter."), "matters")
    offered = set(Matter.objects.offered_in(queue.territory).values_list("pk", flat=True))
    if any(matter.pk not in offered for matter in matters):
        raise InvalidContent(_("The municipality does not offer this matter any more."), "matters")


def _letter(text: str) -> str:
    letter = text.strip().upper()
    if not re.fullmatch("[A-Z]", letter):
        raise InvalidContent(_("Write one letter from A to Z."), "letter")
    return letter


def _names(name: str, name_en: str) -> dict[str, str]:
    texts = {"es": _text(name, NAME_LENGTH, "name")}
    if name_en.strip():
        texts["en"] = _text(name_en, NAME_LENGTH, "name_en")
    return texts


def _desk_name(text: str) -> str:
    return _text(text, DESK_LENGTH, "name")


def _text(text: str, longest: int, name: str) -> str:
    plain = " ".join(text.split())
    if not plain:
        raise InvalidContent(_("Write the name."), name)
    if len(plain) > longest:
        raise InvalidContent(_("Write %s characters at most.") % longest, name)
    return plain


def _note(verb: str, row: Any, queue: Queue, by: Any, at: datetime, *, detail: dict[str, Any] | None = None) -> None:
    record(
        verb=f"benefits_core.{verb}", object=row, by=by, at=at, territory=queue.service_point.territory, detail=detail
    )
