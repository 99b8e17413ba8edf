"""Recording: called by every verb inside its own transaction. Sealing and publishing: by tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import models, transaction

from portal.foundation.audit.chain import digest_of, mark_of, parts_of, seal_of
from portal.foundation.audit.models import AuditEvent, AuditHead
from portal.foundation.jobs import domain as jobs

__all__ = [
    "digest_of",
    "publish_head",
    "record",
    "record_look",
    "record_looks",
    "register_content",
    "registered_content",
    "seal",
]

Content = Callable[[Any], dict[str, Any]]

LOOK = "look"
SEAL_BATCH = 500
MAIL_HEAD = "audit.mail_head"
# After a commit the sealer is asked for at most this often by one process; the beat asks each minute.
ASK_EVERY_SECONDS = 5

_CONTENT: dict[str, Content] = {}


def register_content(model: type[models.Model], content: Content) -> None:
    """Declare what of ``model`` is protected: ``content(instance)`` gives the audited values.

    ``verify`` recomputes the digest of every registered object and compares it with the digest in
    the object's last event, so a row altered past the verbs is found. Each key of the content is a
    field group, by which ``verify`` says what was altered.
    """
    _CONTENT[model._meta.label_lower] = content


def registered_content() -> dict[str, Content]:
    """Return label → content function of every protected model."""
    return dict(_CONTENT)


def record(
    *,
    verb: str,
    object: models.Model,
    by: Any,
    at: datetime,
    territory: Any = None,
    detail: dict[str, Any] | None = None,
    purpose: str = "",
) -> AuditEvent:
    """Append one event in the caller's transaction.

    :param verb: the domain verb's name, such as ``"quality.answer_standard"``.
    :param object: the row acted upon (already saved). A verb that deletes a protected row records
        it before, with ``detail={"deleted": True}``.
    :param by: the acting user; ``None`` for the system itself.
    :param territory: a Territory, for filtering; its code is copied.
    :param detail: codes and counts that JSON can hold, never personal values.
    """
    label, object_id = object._meta.label_lower, str(object.pk)
    content = _stored_content(label, object)
    event = AuditEvent(
        at=at,
        by_user_id=getattr(by, "pk", None),
        verb=verb,
        object_type=label,
        object_id=object_id,
        territory_code=getattr(territory, "code", ""),
        purpose=purpose,
        digest="" if content is None else digest_of(content),
        parts={} if content is None else parts_of(label, object_id, content),
        detail=detail or {},
    )
    event.mac = mark_of(event)
    event.save(force_insert=True)
    transaction.on_commit(_ask_for_seal, robust=True)
    return event


def record_look(*, by: Any, object: models.Model, purpose: str, at: datetime, territory: Any = None) -> AuditEvent:
    """Note that ``by`` saw personal data of ``object``, and for which purpose."""
    return record(verb=LOOK, object=object, by=by, at=at, territory=territory, purpose=purpose)


def record_looks(*, by: Any, objects: Iterable[models.Model], purpose: str, at: datetime, territory: Any = None) -> int:
    """Note that ``by`` saw personal data of each of ``objects``: the rows of one page, in one statement.

    Returns how many. What is looked at needs no digest, since a look changes nothing.
    """
    events = [
        AuditEvent(
            at=at,
            by_user_id=getattr(by, "pk", None),
            verb=LOOK,
            object_type=each._meta.label_lower,
            object_id=str(each.pk),
            territory_code=getattr(territory, "code", ""),
            purpose=purpose,
        )
        for each in objects
    ]
    for event in events:
        event.mac = mark_of(event)
    AuditEvent.objects.bulk_create(events)
    if events:
        transaction.on_commit(_ask_for_seal, robust=True)
    return len(events)


def seal(*, at: datetime) -> int:
    """Give the committed events that have none their number and seal. Returns how many."""
    total = 0
    while True:
        count = _seal_batch(at)
        total += count
        if count < SEAL_BATCH:
            return total


@transaction.atomic
def publish_head(*, on: date, at: datetime) -> AuditHead:
    """Keep a copy of the live head as the head of day ``on``, and mail it; once a day.

    :param on: the day in the country's own time.
    """
    head, created = AuditHead.objects.get_or_create(published_on=on, defaults=_live_values(at))
    if created and settings.AUDIT_HEAD_EMAIL:
        jobs.enqueue(kind=MAIL_HEAD, payload={"head": head.pk}, at=at, dedupe_key=f"audit-head:{on.isoformat()}")
    return head


def _stored_content(label: str, object: models.Model) -> dict[str, Any] | None:
    """The protected values as the database gives them back: ``Decimal("1")`` may come back ``1.00``."""
    if label not in _CONTENT:
        return None
    return _CONTENT[label](object._meta.model._base_manager.get(pk=object.pk))


def _ask_for_seal() -> None:
    # One question for many commits: a mailing that records 500 events asks once.
    if cache.add("audit.seal_asked", 1, ASK_EVERY_SECONDS):
        from portal.foundation.audit.tasks import seal_events

        seal_events.delay()


@transaction.atomic
def _seal_batch(at: datetime) -> int:
    """The head's row is the lock: two sealers never give the same number."""
    head = AuditHead.objects.live().select_for_update().get()
    events = list(AuditEvent.objects.unsealed()[:SEAL_BATCH])
    places = []
    for event in events:
        head.sequence += 1
        head.seal = seal_of(event, sequence=head.sequence, previous=head.seal)
        places.append((event.pk, head.sequence, head.seal))
    if events:
        AuditEvent.objects.set_seals(places)
        head.at = at
        head.save(update_fields=["sequence", "seal", "at"])
    return len(events)


def _live_values(at: datetime) -> dict[str, Any]:
    live = AuditHead.objects.live().get()
    return {"sequence": live.sequence, "seal": live.seal, "at": at}


def _mail_head(job: jobs.Job) -> None:
    head = AuditHead.objects.get(pk=job.payload["head"])
    EmailMessage(
        subject=f"Mejora {settings.SITE_URL}: {head.published_on} · {head.sequence}",
        body=f"{settings.SITE_URL}\n{head.published_on}\n{head.sequence}\n{head.seal}\n",
        to=[settings.AUDIT_HEAD_EMAIL],
    ).send()


@jobs.handler(MAIL_HEAD, prepare=_mail_head)
def _head_mailed(job: jobs.Job, _sent: None) -> None:
    """Nothing to write: the job's own row says that the head was mailed."""
