"""What is held about whoever complained: shown, taken away, erased once the case is over, and forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.foundation.audit.verification import verify
from portal.foundation.people import privacy
from portal.foundation.people.privacy import Subject
from portal.foundation.receipts.holdings import subject_of
from portal.foundation.receipts.queries import receipt_of
from surveys.domain import senders, thread
from surveys.domain.complaints import Named
from surveys.errors import NotPossibleNow
from surveys.models import Complaint
from tests.factories import complaints as factory
from tests.factories.complaints import NOW, TEXT, complaint, worker
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def kind() -> privacy.PersonalData:
    found = privacy.kind("surveys.complaints")
    assert found is not None
    return found


def test_each_way_to_come_finds_the_own_ones_alone() -> None:
    user = UserFactory()
    signed_in, by_receipt = complaint(author=user), complaint()
    at_counter = complaint(channel="counter", by=worker(by_receipt.territory), named=Named("Rosa"))
    subjects = [
        Subject("people.user", str(user.pk), user=user),
        Subject("people.person", str(at_counter.person.pk), person=at_counter.person),
        subject_of(receipt_of(by_receipt)),
        Subject("people.user", "0", user=UserFactory()),
    ]

    found = [list(kind().of_person(subject)) for subject in subjects]

    assert found == [[signed_in], [at_counter], [by_receipt], []]


def test_the_copy_has_what_the_person_read_and_no_internal_note() -> None:
    made = factory.answered(complaint(author=UserFactory()))
    thread.add_note(complaint=made, text="Nota reservada", by=worker(made.territory), at=NOW)

    copy = kind().export(made)

    assert copy["text"] == TEXT
    assert factory.answer_content().found in copy["thread"]
    assert "Nota reservada" not in str(copy)


def test_while_it_is_open_nothing_is_erased() -> None:
    user = UserFactory()
    made = complaint(author=user)
    subject = Subject("people.user", str(user.pk), user=user)

    assert made.shown_code in str(kind().holds(subject, NOW))
    with pytest.raises(NotPossibleNow):
        senders.erase_sender(complaint=made, by=None, at=NOW)


def test_erased_the_case_stays_without_anything_of_the_person(
    settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path
    user = UserFactory()
    made = complaint(author=user, uploads=[SimpleUploadedFile("foto.txt", b"uno")], about_words="El joven")
    thread.reply(complaint=made, text="Y otra cosa", uploads=[SimpleUploadedFile("dos.txt", b"dos")], by=user, at=NOW)
    factory.closed(factory.answered(made))

    with django_capture_on_commit_callbacks(execute=True):
        done = kind().erase(subject=Subject("people.user", str(user.pk), user=user), by=None, at=NOW)

    made = Complaint.objects.get()
    kept = made.text + made.about_words + "".join(made.entries.values_list("text", flat=True))
    assert (done.erased, made.author, made.files.count()) == (1, None, 0)
    assert all(words not in kept for words in (TEXT, "Y otra cosa", "El joven"))
    assert made.answers.get().found == factory.answer_content().found
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    findings = [found for found in verify(at=NOW + timedelta(days=1)) if str(found.where).startswith("surveys.")]
    assert findings == []


def test_names_are_forgotten_two_years_after_the_end() -> None:
    old = factory.closed(factory.answered(complaint(author=UserFactory())))
    still_open = complaint(author=UserFactory())
    rule = privacy.rule("surveys.complaint_names")
    assert rule is not None
    days = [timedelta(days=729), timedelta(days=731)]

    due = [rule.due(NOW + after) for after in days]
    done = rule.apply(at=NOW + days[1], limit=10)

    old.refresh_from_db()
    still_open.refresh_from_db()
    assert (due, done) == ([0, 1], 1)
    assert (old.author, old.text) == (None, TEXT)
    assert still_open.author is not None
