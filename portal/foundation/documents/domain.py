"""Asking for a report, and producing it in a job."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import digest_of, record
from portal.foundation.documents import registry
from portal.foundation.documents.models import Document, DocumentState
from portal.foundation.documents.render import render_pdf
from portal.foundation.documents.rules import can_read_subject
from portal.foundation.jobs import domain as jobs

PRODUCE = "documents.produce"


class DocumentError(Exception):
    """The document cannot be produced."""


class UnknownKind(DocumentError):
    def __init__(self) -> None:
        super().__init__(_("There is no report of that kind."))


class NotReadable(DocumentError):
    def __init__(self) -> None:
        super().__init__(_("You may not see this report."))


def request_document(*, kind: str, subject: models.Model, language: str, by: Any, at: datetime) -> Document:
    """Ask for a report of ``subject`` as it is now.

    Where one of the same data was asked for before, that one is returned, ready or on its way.

    :param by: a user; an anonymous visitor or None where the kind lets them read.
    :raises UnknownKind: no such kind is registered; NotReadable: ``by`` may not see it.
    """
    known = registry.get(kind)
    if known is None:
        raise UnknownKind
    if by is not None and not can_read_subject(by, known, subject):
        raise NotReadable
    with translation.override(language):
        data = json.loads(json.dumps(known.data(subject, language), cls=DjangoJSONEncoder))
        name = f"{slugify(known.file_name(subject) if known.file_name else str(known.title))}.pdf"
    identity = {
        "kind": kind,
        "subject_type": subject._meta.label_lower,
        "subject_id": str(subject.pk),
        "language": language,
        "data_digest": digest_of(data),
    }
    existing = _alive(identity)
    return existing or _create(identity, data=data, name=name, territory=known.territory(subject), by=by, at=at)


def _alive(identity: dict[str, str]) -> Document | None:
    return Document.objects.filter(**identity).exclude(state=DocumentState.FAILED).first()


def _create(identity: dict[str, str], *, data: Any, name: str, territory: Any, by: Any, at: datetime) -> Document:
    user = by if getattr(by, "is_authenticated", False) else None
    try:
        with transaction.atomic():
            document = Document.objects.create(
                **identity, data=data, name=name, territory=territory, created_by=user, created_at=at
            )
            detail = {key: identity[key] for key in ("kind", "subject_type", "subject_id")}
            record(verb="documents.request", object=document, by=user, at=at, territory=territory, detail=detail)
            payload = {"document": str(document.pk)}
            jobs.enqueue(kind=PRODUCE, payload=payload, at=at, dedupe_key=f"document:{document.pk}", max_attempts=3)
    except IntegrityError:
        # Two people asked for the same report at the same moment.
        existing = _alive(identity)
        if existing is None:
            raise
        return existing
    return document


def record_download(*, document: Document, by: Any, at: datetime) -> None:
    """Note in the audit who took a copy of a report; anonymous visitors are not noted."""
    if getattr(by, "is_authenticated", False):
        record(verb="documents.download", object=document, by=by, at=at, territory=document.territory)


def _render(job: jobs.Job) -> tuple[Document, bytes] | None:
    document = Document.objects.select_related("territory").get(pk=job.payload["document"])
    kind = registry.get(document.kind)
    if document.state == DocumentState.READY:
        return None
    if kind is None:
        raise UnknownKind
    with translation.override(document.language):
        # Not among the data by which the same report is found again: tomorrow's would then be another one.
        zone = document.territory.zone if document.territory else timezone.get_default_timezone()
        made_on = date_format(document.created_at.astimezone(zone), "DATE_FORMAT")
        return document, render_pdf(kind.template, {**(document.data or {}), "made_on": made_on})


def _record_failure(job: jobs.Job, at: datetime) -> None:
    Document.objects.filter(pk=job.payload["document"]).update(
        state=DocumentState.FAILED, error=job.error, finished_at=at, data=None
    )


@jobs.handler(PRODUCE, prepare=_render, on_failed=_record_failure)
def _store(job: jobs.Job, rendered: tuple[Document, bytes] | None) -> None:
    if rendered is None:
        return
    document, content = rendered
    document.content.save(document.name, ContentFile(content), save=False)
    document.size = len(content)
    document.sha256 = hashlib.sha256(content).hexdigest()
    document.state = DocumentState.READY
    document.data = None
    document.finished_at = job.moment
    document.save()
