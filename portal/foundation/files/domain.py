"""Accepting, serving and cleaning up private uploads."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.module_loading import import_string

from portal.foundation.audit.domain import record
from portal.foundation.files import inspection
from portal.foundation.files.inspection import FileRefused
from portal.foundation.files.models import StoredFile, private_storage

__all__ = ["FileRefused", "attach", "discard", "purge_orphans", "record_download"]

ORPHAN_AGE = timedelta(days=1)


@transaction.atomic
def attach(*, upload: UploadedFile, territory: Any, by: Any, at: datetime, guarded: bool = False) -> StoredFile:
    """Check an upload and keep it.

    :param upload: as Django's form hands it over; read in pieces, never whole.
    :param guarded: see :class:`StoredFile`.
    :raises FileRefused: too large, of a type that is not accepted or not what its name says, damaged,
        protected by a password, or carrying programs; its text says what to do instead.
    """
    name = inspection.clean_name(upload.name or "")
    size = upload.size or 0
    inspection.check_size(size)
    content = cast("BinaryIO", upload.file)
    content_type = inspection.inspect(content, name)
    if settings.FILE_SCANNER:
        content.seek(0)
        import_string(settings.FILE_SCANNER)(content)
    stored = StoredFile(
        name=name,
        content_type=content_type,
        size=size,
        sha256=_sha256(upload),
        territory=territory,
        uploaded_by=by,
        uploaded_at=at,
        is_guarded=guarded,
    )
    upload.seek(0)
    stored.content.save(name, upload, save=False)
    stored.save(force_insert=True)
    record(
        verb="files.attach",
        object=stored,
        by=by,
        at=at,
        territory=territory,
        detail={"content_type": content_type, "size": stored.size, "sha256": stored.sha256},
    )
    return stored


def record_download(*, file: StoredFile, by: Any, at: datetime) -> None:
    """Note in the audit who took a copy."""
    record(verb="files.download", object=file, by=by, at=at, territory=file.territory)


@transaction.atomic
def discard(*, file: StoredFile, by: Any, at: datetime) -> None:
    """Remove a file that nothing needs any more, bytes included once that is committed."""
    detail = {"sha256": file.sha256, "deleted": True}
    record(verb="files.discard", object=file, by=by, at=at, territory=file.territory, detail=detail)
    storage, name = file.content.storage, str(file.content.name)
    file.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)


def purge_orphans(*, at: datetime) -> int:
    """Remove bytes whose row was never committed. Returns how many files.

    A file is written before its transaction commits; where that rolls back, the bytes stay behind.
    """
    root = Path(private_storage().location)
    before = (at - ORPHAN_AGE).timestamp()
    candidates = {
        str(path.relative_to(root)): path
        for path in root.glob("[0-9a-f][0-9a-f]/*")
        if path.is_file() and path.stat().st_mtime < before
    }
    kept = set(StoredFile.objects.values_list("content", flat=True).iterator())
    orphans = [path for relative, path in candidates.items() if relative not in kept]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _sha256(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()
