"""What is being written: kept sealed, opened by its key alone, sent once, and forgotten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.foundation.files.domain import FileRefused
from portal.foundation.files.models import StoredFile
from portal.foundation.receipts import domain as receipts
from surveys.domain import drafts
from surveys.errors import DraftGone, InvalidContent
from surveys.models import Complaint, ComplaintDraft
from tests.factories.complaints import NOW, TEXT
from tests.factories.people import UserFactory
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def begun(**answers: object) -> str:
    values = {"territory": MunicipalityFactory().pk, "kind": "complaint", "text": TEXT, **answers}
    return drafts.begin(answers=values, at=NOW)


def upload(name: str = "foto.txt", content: bytes = b"uno") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_nobody_reads_a_draft_without_its_key() -> None:
    key = begun(contact="vecina@example.cl")

    row = ComplaintDraft.objects.get()
    assert TEXT not in row.sealed
    assert key not in (row.key_hash + row.sealed)
    assert drafts.look(key="otra", at=NOW) is None
    assert drafts.look(key=key, at=NOW).answers["contact"] == "vecina@example.cl"


def test_each_answer_is_kept_and_counts_the_idle_time_anew() -> None:
    key = begun()

    drafts.answer_question(key=key, answers={"about": "staff"}, at=NOW + 23 * HOUR)

    later = drafts.look(key=key, at=NOW + 46 * HOUR)
    assert later is not None
    assert (later.answers["text"], later.answers["about"]) == (TEXT, "staff")
    assert drafts.look(key=key, at=NOW + 48 * HOUR) is None
    with pytest.raises(DraftGone):
        drafts.answer_question(key=key, answers={}, at=NOW + 48 * HOUR)


def test_files_are_kept_guarded_five_at_most_and_can_be_taken_away() -> None:
    key = begun()
    drafts.add_files(key=key, uploads=[upload() for _ in range(4)], at=NOW)

    with pytest.raises(InvalidContent):
        drafts.add_files(key=key, uploads=[upload(), upload()], at=NOW)
    with pytest.raises(FileRefused):
        drafts.add_files(key=key, uploads=[upload("a.exe", b"MZ")], at=NOW)
    row = ComplaintDraft.objects.get()
    drafts.remove_file(key=key, file_id=row.files.first().pk, at=NOW)

    assert (row.files.count(), StoredFile.objects.filter(is_guarded=True).count()) == (3, 3)


def test_sent_it_is_a_complaint_with_its_files_and_the_answers_are_gone() -> None:
    key = begun(contact="vecina@example.cl")
    drafts.add_files(key=key, uploads=[upload()], at=NOW)
    author = UserFactory()

    sent = drafts.send(key=key, author=author, at=NOW)

    made = Complaint.objects.get()
    assert (made.text, made.author, made.files.count()) == (TEXT, author, 1)
    assert receipts.open(code=sent.receipt.code, secret=sent.secret, address="1", at=NOW) == sent.receipt
    assert TEXT not in str(drafts.look(key=key, at=NOW))
    with pytest.raises(DraftGone):
        drafts.answer_question(key=key, answers={"text": "otra"}, at=NOW)


def test_sent_again_it_shows_the_same_receipt_for_a_while() -> None:
    key = begun()
    first = drafts.send(key=key, at=NOW)

    again = drafts.send(key=key, at=NOW + timedelta(minutes=5))

    assert (again.complaint, again.receipt, again.secret) == (first.complaint, first.receipt, first.secret)
    assert Complaint.objects.count() == 1
    assert first.secret not in ComplaintDraft.objects.get().sealed
    with pytest.raises(DraftGone):
        drafts.send(key=key, at=NOW + timedelta(minutes=20))


def test_an_answer_that_is_missing_is_named() -> None:
    with pytest.raises(InvalidContent) as refused:
        drafts.send(key=begun(text=""), at=NOW)

    assert refused.value.field == "text"


def test_what_lies_idle_goes_with_its_bytes(settings, tmp_path: Path, django_capture_on_commit_callbacks) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path
    key, sent = begun(), begun()
    drafts.add_files(key=key, uploads=[upload()], at=NOW)
    drafts.send(key=sent, at=NOW)

    with django_capture_on_commit_callbacks(execute=True):
        removed = drafts.purge(at=NOW + 23 * HOUR), drafts.purge(at=NOW + 25 * HOUR)

    assert removed == (0, 2)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert Complaint.objects.count() == 1


def test_whoever_leaves_the_computer_leaves_nothing() -> None:
    key = begun()
    drafts.add_files(key=key, uploads=[upload()], at=NOW)

    drafts.forget(key=key, at=NOW)

    assert (ComplaintDraft.objects.count(), StoredFile.objects.count()) == (0, 0)
