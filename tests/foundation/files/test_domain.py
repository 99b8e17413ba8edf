"""Keeping an upload: bounded, hashed, audited; nothing left behind."""

from __future__ import annotations

import hashlib
import io
import os
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction

from portal.foundation.audit.models import AuditEvent
from portal.foundation.files import domain
from portal.foundation.files.domain import FileRefused
from portal.foundation.files.models import StoredFile
from tests.factories.people import UserFactory
from tests.factories.territories import MunicipalityFactory
from tests.foundation.files import samples

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def attach(name="acta.pdf", content=None, **changes):
    upload = SimpleUploadedFile(name, samples.pdf() if content is None else content)
    return domain.attach(**{"upload": upload, "territory": MunicipalityFactory(), "by": None, "at": AT, **changes})


def stored_paths(root) -> list[Path]:
    return [path for path in Path(root).rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_an_accepted_file_is_kept_by_id_with_its_hash_and_an_event():
    content, user, municipality = samples.pdf(), UserFactory(), MunicipalityFactory()

    stored = attach("Acta Ñ.pdf", content, by=user, territory=municipality)

    assert (stored.name, stored.content_type, stored.size) == ("Acta Ñ.pdf", "application/pdf", len(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.content.name == f"{stored.pk.hex[:2]}/{stored.pk.hex}"
    assert stored.content.open().read() == content
    event = AuditEvent.objects.get()
    assert (event.verb, event.object_id, event.by_user_id) == ("files.attach", str(stored.pk), user.pk)
    assert (event.territory_code, event.detail["sha256"]) == (municipality.code, stored.sha256)


@pytest.mark.django_db
def test_a_refused_file_leaves_no_row_no_event_and_no_bytes(settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path

    with pytest.raises(FileRefused):
        attach("factura.pdf", samples.EXE)

    assert (StoredFile.objects.count(), AuditEvent.objects.count(), stored_paths(tmp_path)) == (0, 0, [])


class Bottomless(io.RawIOBase):
    """A stream that fails the test when it is read."""

    def read(self, size=-1):
        raise AssertionError("the file was read")


@pytest.mark.django_db
def test_a_file_of_200_megabytes_is_refused_unread():
    upload = UploadedFile(Bottomless(), "video.pdf", size=200 * 1024 * 1024)

    with pytest.raises(FileRefused) as refused:
        domain.attach(upload=upload, territory=MunicipalityFactory(), by=None, at=AT)

    assert "20,0" in str(refused.value)


@pytest.mark.django_db
def test_an_empty_file_is_refused():
    with pytest.raises(FileRefused):
        attach("vacio.txt", b"")


@pytest.mark.django_db
def test_a_large_text_is_checked_in_bounded_memory(tmp_path):
    path = tmp_path / "largo.txt"
    path.write_bytes("línea de texto\n".encode() * 1_000_000)
    with path.open("rb") as content:
        upload = UploadedFile(content, "largo.txt", size=path.stat().st_size)
        tracemalloc.start()
        domain.attach(upload=upload, territory=MunicipalityFactory(), by=None, at=AT)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < 8 * 1024 * 1024  # of 15 MB; the pieces, and modules imported on the way


def refuse_everything(content):
    raise FileRefused(f"scanned {content.read(4)!r}")


@pytest.mark.django_db
def test_the_configured_scanner_sees_the_bytes_and_may_refuse(settings):
    settings.FILE_SCANNER = f"{__name__}.refuse_everything"

    with pytest.raises(FileRefused) as refused:
        attach()

    assert str(refused.value) == "scanned b'%PDF'"


@pytest.mark.django_db
def test_bytes_of_a_transaction_that_rolled_back_are_removed_a_day_later(settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path
    kept = attach()
    with pytest.raises(RuntimeError), transaction.atomic():
        attach()
        raise RuntimeError
    assert len(stored_paths(tmp_path)) == 2
    for path in stored_paths(tmp_path):
        os.utime(path, (AT.timestamp(), AT.timestamp()))

    removed = domain.purge_orphans(at=AT + timedelta(hours=23)), domain.purge_orphans(at=AT + timedelta(days=2))

    assert removed == (0, 1)
    assert stored_paths(tmp_path) == [tmp_path / kept.content.name]


@pytest.mark.django_db
def test_a_discarded_file_leaves_an_event_and_no_bytes(settings, tmp_path, django_capture_on_commit_callbacks):
    settings.PRIVATE_FILES_ROOT = tmp_path
    stored = attach()

    with django_capture_on_commit_callbacks(execute=True):
        domain.discard(file=stored, by=None, at=AT)

    assert (StoredFile.objects.count(), stored_paths(tmp_path)) == (0, [])
    assert AuditEvent.objects.get(verb="files.discard").detail["deleted"] is True
