"""What somebody is writing: kept on the server after every question, readable with the writer's own key only."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from benefits_core.models import Step
from portal.foundation.files.domain import attach, discard
from portal.foundation.files.models import StoredFile
from portal.foundation.receipts.queries import receipt_of
from portal.foundation.territories.models import ServicePoint, Territory
from quality.models import ComplaintCategory
from surveys.domain.checks import MAX_FILES
from surveys.domain.complaints import Complained, Received, receive
from surveys.enums import ComplaintAbout, ComplaintChannel
from surveys.errors import DraftGone, InvalidContent
from surveys.models import ComplaintDraft, DraftFile

# Counted from the last answer, so that a bad connection or a bus ride loses nothing.
IDLE = timedelta(hours=24)
# Whoever walks away from a shared screen leaves it to the next person.
KIOSK_IDLE = timedelta(minutes=15)
SHOWN_FOR = timedelta(minutes=15)
PURGED_AT_ONCE = 200


@dataclass(frozen=True)
class Opened:
    """A draft that its key has opened: the row, and the answers so far by name of the question."""

    row: ComplaintDraft
    answers: dict[str, Any]


def begin(*, answers: Mapping[str, Any], at: datetime) -> str:
    """A new draft. Returns its key: the browser keeps it, the server only its hash."""
    key = secrets.token_urlsafe(32)
    ComplaintDraft.objects.create(key_hash=_hash(key), sealed=_seal(key, dict(answers)), created_at=at, touched_at=at)
    return key


def look(*, key: str, at: datetime) -> Opened | None:
    """The draft of that key; None where there is none, or it lay idle too long."""
    row = ComplaintDraft.objects.filter(key_hash=_hash(key)).select_related("complaint__territory").first()
    if row is None:
        return None
    answers = _unseal(key, row.sealed)
    is_kiosk = answers.get("channel") == ComplaintChannel.KIOSK
    kept = SHOWN_FOR if row.complaint_id else KIOSK_IDLE if is_kiosk else IDLE
    return Opened(row, answers) if at - row.touched_at <= kept else None


@transaction.atomic
def answer_question(*, key: str, answers: Mapping[str, Any], at: datetime) -> Opened:
    """Keep the answers of one question beside the others.

    :raises DraftGone: it lay idle too long, or was sent.
    """
    opened = _lock(key, at)
    opened.answers.update(answers)
    opened.row.sealed, opened.row.touched_at = _seal(key, opened.answers), at
    opened.row.save(update_fields=["sealed", "touched_at"])
    return opened


@transaction.atomic
def add_files(*, key: str, uploads: Sequence[Any], at: datetime) -> Opened:
    """Keep files beside the answers, five in all.

    :raises FileRefused: one is not accepted, and then none is; InvalidContent: too many; DraftGone.
    """
    opened = _lock(key, at)
    if opened.row.files.count() + len(uploads) > MAX_FILES:
        raise InvalidContent(_("Send %(count)s files at most.") % {"count": MAX_FILES}, "files")
    territory = _territory(opened.answers)
    for upload in uploads:
        file = attach(upload=upload, territory=territory, by=None, at=at, guarded=True)
        DraftFile.objects.create(draft=opened.row, file=file)
    opened.row.touched_at = at
    opened.row.save(update_fields=["touched_at"])
    return opened


@transaction.atomic
def remove_file(*, key: str, file_id: int, at: datetime) -> None:
    """Take one of the files away. Nothing happens where it is not there any more."""
    opened = _lock(key, at)
    for found in opened.row.files.filter(pk=file_id).select_related("file__territory"):
        _drop(found, at)


def send(*, key: str, author: Any = None, at: datetime) -> Received:
    """Make the draft a complaint. Sent again (a second press, a page loaded again), it gives the same receipt.

    :param author: who signed in and wants it under his or her name; None is anonymous.
    :raises DraftGone: it lay idle too long; InvalidContent: an answer is missing or does not fit any more.
    """
    with transaction.atomic():
        opened = _lock(key, at, sent_too=True)
        row = opened.row
        if row.complaint is not None:
            receipt = receipt_of(row.complaint)
            assert receipt is not None
            return Received(row.complaint, receipt, opened.answers.get("secret", ""))
        content = _content(opened.answers)
        territory = _territory(opened.answers)
        files = StoredFile.objects.filter(pk__in=row.files.values("file"))
        files.update(territory=territory)  # another municipality may have been chosen meanwhile
        received = receive(
            territory=territory,
            content=content,
            files=list(files),
            author=author,
            contact=str(opened.answers.get("contact") or ""),
            dedupe_key=f"draft:{row.pk}",
            by=None,
            at=at,
        )
        row.files.all().delete()
        row.complaint, row.touched_at = received.complaint, at
        row.sealed = _seal(key, {"secret": received.secret})
        row.save(update_fields=["complaint", "touched_at", "sealed"])
        return received


@transaction.atomic
def forget(*, key: str, at: datetime) -> None:
    """The person leaves this computer: what is not sent goes, and what was shown is shown no more."""
    row = ComplaintDraft.objects.select_for_update(of=("self",)).filter(key_hash=_hash(key)).first()
    if row is not None:
        _remove(row, at)


def idle(at: datetime) -> QuerySet[ComplaintDraft]:
    """What lay idle too long."""
    return ComplaintDraft.objects.filter(touched_at__lt=at - IDLE)


@transaction.atomic
def purge(*, at: datetime, limit: int = PURGED_AT_ONCE) -> int:
    """Remove at most ``limit`` drafts that lay idle too long. Returns how many."""
    rows = list(idle(at).select_for_update(of=("self",)).order_by("pk")[:limit])
    for row in rows:
        _remove(row, at)
    return len(rows)


def _content(answers: Mapping[str, Any]) -> Complained:
    """What was answered, as rows; what is gone meanwhile is left out."""
    day = answers.get("happened_on")
    return Complained(
        kind=str(answers.get("kind") or ""),
        channel=str(answers.get("channel") or ComplaintChannel.WEB),
        text=str(answers.get("text") or ""),
        category=_row(ComplaintCategory.objects.all(), answers.get("category")),
        happened_on=date.fromisoformat(day) if day else None,
        service_point=_row(ServicePoint.objects.filter(territory=answers["territory"]), answers.get("service_point")),
        step=_row(Step.objects.all(), answers.get("step")),
        about=str(answers.get("about") or ComplaintAbout.NOBODY),
        about_words=str(answers.get("about_words") or ""),
        preferential=bool(answers.get("preferential")),
    )


def _row(rows: Any, pk: Any) -> Any:
    return rows.filter(pk=pk).first() if pk else None


def _territory(answers: Mapping[str, Any]) -> Territory:
    wanted = answers.get("territory") or 0
    found = Territory.objects.municipalities().select_related("region").filter(pk=wanted).first()
    if found is None:
        raise InvalidContent(_("Choose a municipality."), "territory")
    return found


def _lock(key: str, at: datetime, *, sent_too: bool = False) -> Opened:
    opened = look(key=key, at=at)
    if opened is None or (opened.row.complaint_id and not sent_too):
        raise DraftGone
    row = ComplaintDraft.objects.select_for_update(of=("self",)).get(pk=opened.row.pk)
    if row.complaint_id and not sent_too:
        raise DraftGone
    return Opened(row, _unseal(key, row.sealed))


def _remove(row: ComplaintDraft, at: datetime) -> None:
    for found in row.files.select_related("file__territory"):
        _drop(found, at)
    row.delete()


def _drop(found: DraftFile, at: datetime) -> None:
    file = found.file
    found.delete()
    discard(file=file, by=None, at=at)


def _hash(key: str) -> str:
    return hashlib.sha256(f"surveys.draft:{key}".encode()).hexdigest()


def _cipher(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"surveys.draft.seal:{key}".encode()).digest()))


def _seal(key: str, answers: Mapping[str, Any]) -> str:
    return _cipher(key).encrypt(json.dumps(answers).encode()).decode()


def _unseal(key: str, sealed: str) -> dict[str, Any]:
    try:
        found = json.loads(_cipher(key).decrypt(sealed.encode()))
    except (InvalidToken, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
