"""Issuing, opening against guessers, writing to the contact and forgetting it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import IntegrityError, transaction
from django.utils import translation

from portal.foundation.audit.domain import seal
from portal.foundation.audit.guarded import BareWrite
from portal.foundation.audit.models import AuditEvent
from portal.foundation.audit.verification import verify
from portal.foundation.messages.models import Message
from portal.foundation.people.models import Attempt
from portal.foundation.people.roles import Role
from portal.foundation.receipts import domain, hashing, keys, queries
from portal.foundation.receipts.errors import AlreadyIssued, InvalidContact, ReceiptRefused
from portal.foundation.receipts.models import Receipt
from tests.factories.people import user_with_role
from tests.factories.receipts import NOW, issued
from tests.factories.territories import MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.7"


def opened(code: str, secret: str, *, address: str = ADDRESS, at: datetime = NOW) -> Receipt:
    return domain.open(code=code, secret=secret, address=address, at=at)


def refused(code: str, secret: str, **where: Any) -> str:
    with pytest.raises(ReceiptRefused) as refusal:
        opened(code, secret, **where)
    return str(refusal.value)


def hashes_made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list that grows with every hash."""
    work: list[str] = []
    hasher = type(hashing._hasher())
    encode = hasher.encode
    monkeypatch.setattr(
        hasher, "encode", lambda self, *args, **kwargs: (work.append("hash"), encode(self, *args, **kwargs))[1]
    )
    return work


def test_the_secret_is_kept_nowhere() -> None:
    given = issued(contact="rosa@example.cl")

    row = Receipt.objects.values().get()
    event = AuditEvent.objects.get(verb="receipts.issue")
    everything = f"{row} {event.detail} {event.parts} {given!r}"
    assert [word for word in given.secret.split() if word in everything] == []
    assert "rosa" not in str(row)
    assert hashing.is_hash_of(row["secret_hash"], keys.normalize_secret(given.secret))
    assert (event.object_id, event.detail["subject_id"]) == (str(given.receipt.pk), given.receipt.subject_id)


def test_code_and_secret_open_it_however_they_are_typed() -> None:
    given = issued()
    code = given.receipt.shown_code.lower().replace("0", "o").replace("1", "l")

    assert opened(code, given.secret.upper().replace(" ", ", ")) == given.receipt
    assert AuditEvent.objects.filter(verb="receipts.open", object_id=str(given.receipt.pk)).count() == 1


def test_a_subject_has_one_receipt() -> None:
    given = issued()

    with pytest.raises(AlreadyIssued):
        issued(subject=given.receipt.subject)

    assert Receipt.objects.count() == 1


def test_a_code_that_was_drawn_before_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = issued()
    draws = iter([first.receipt.code, first.receipt.code, "ZZZZZ99999"])
    monkeypatch.setattr(keys, "draw_code", lambda: next(draws))

    assert issued().receipt.code == "ZZZZZ99999"


def test_wrong_code_wrong_secret_and_too_many_attempts_are_answered_alike() -> None:
    given = issued()

    answers = {refused("AAAAAAAAAA", given.secret), refused(given.receipt.code, "uno dos tres cuatro")}
    answers |= {refused(given.receipt.code, "otra cosa") for _attempt in range(domain.TRIES_PER_CODE)}
    answers.add(refused(given.receipt.code, given.secret))
    answers.add(refused("", ""))

    assert len(answers) == 1


def test_wrong_code_and_wrong_secret_cost_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    given = issued()
    work = hashes_made(monkeypatch)

    refused("AAAAAAAAAA", given.secret)
    for_the_code, work[:] = list(work), []
    refused(given.receipt.code, "uno dos tres cuatro")

    assert (for_the_code, work) == (["hash"], ["hash"])


def test_issuing_and_opening_cost_one_hash_each(monkeypatch: pytest.MonkeyPatch) -> None:
    work = hashes_made(monkeypatch)

    given = issued()
    assert work == ["hash"]
    opened(given.receipt.code, given.secret)
    assert work == ["hash", "hash"]


def test_the_hash_is_argon2_by_the_least_parameters_of_owasp() -> None:
    hasher = hashing.SecretHasher()

    kept = hasher.encode("uno dos tres cuatro", hasher.salt())

    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert hasher.verify("uno dos tres cuatro", kept) and not hasher.verify("uno dos tres cinco", kept)


def test_a_receipt_with_the_dearer_hash_of_before_still_opens() -> None:
    dearer = hashers.Argon2PasswordHasher()

    kept = dearer.encode("uno dos tres cuatro", dearer.salt())

    assert hashing.SecretHasher().verify("uno dos tres cuatro", kept)


def test_guessing_one_code_is_stopped_from_any_address_and_opens_again_later() -> None:
    given = issued()
    for attempt in range(domain.TRIES_PER_CODE):
        refused(given.receipt.code, "otra cosa", address=f"203.0.113.{attempt}")

    refused(given.receipt.code, given.secret, address="198.51.100.1")

    assert opened(given.receipt.code, given.secret, at=NOW + domain.TRIES_WINDOW) == given.receipt


def test_guessing_codes_from_one_address_is_stopped() -> None:
    given = issued()
    for attempt in range(domain.TRIES_PER_ADDRESS):
        refused(f"AAAAAAA{attempt:03}", "otra cosa")

    refused(given.receipt.code, given.secret)

    assert opened(given.receipt.code, given.secret, address="198.51.100.1") == given.receipt


def test_earlier_mistakes_are_forgiven_to_whoever_opens_it() -> None:
    given = issued()
    for _round in range(3):
        for _attempt in range(domain.TRIES_PER_CODE - 1):
            refused(given.receipt.code, "otra cosa")
        assert opened(given.receipt.code, given.secret) == given.receipt


def test_no_address_and_no_code_stands_in_the_counters() -> None:
    given = issued()
    refused(given.receipt.code, "otra cosa")

    kept = str(list(Attempt.objects.values()))

    assert (ADDRESS in kept, given.receipt.code in kept) == (False, False)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Rosa@Example.CL ", ("email", "Rosa@example.cl")),
        ("9 8765 4321", ("sms", "+56987654321")),
        ("+56 9 8765-4321", ("sms", "+56987654321")),
        ("+34 600 123 456", ("sms", "+34600123456")),
        ("", ("", "")),
        ("   ", ("", "")),
    ],
)
def test_a_contact_is_kept_in_one_form(typed: str, kept: tuple[str, str]) -> None:
    receipt = issued(contact=typed).receipt

    assert (receipt.contact_channel, receipt.address) == kept


@pytest.mark.parametrize(
    "typed", ["rosa", "rosa@", "12345", "2 2345 6789", "+56 2 2345 6789", "600 123 4567", "9" * 99]
)
def test_what_is_no_contact_is_refused(typed: str) -> None:
    with pytest.raises(InvalidContact):
        issued(contact=typed)

    assert Receipt.objects.count() == 0


def test_the_contact_is_written_to_in_its_language_and_once() -> None:
    with translation.override("en"):
        given = issued(contact="rosa@example.cl")

    for _call in range(2):
        domain.notify(receipt=given.receipt, template="reminder", context={"count": 2}, dedupe_key="answered", at=NOW)
    without = domain.notify(
        receipt=issued().receipt, template="reminder", context={"count": 2}, dedupe_key="answered", at=NOW
    )

    message = Message.objects.get()
    assert (message.language, message.recipient, without) == ("en", None, None)
    assert message.state == "queued"


def test_a_telephone_gets_a_short_text_that_says_nothing_of_the_case() -> None:
    given = issued(contact="9 8765 4321")

    message = domain.notify(
        receipt=given.receipt, template="reminder", context={"count": 2}, dedupe_key="answered", at=NOW
    )

    assert message is not None
    assert (message.template, message.address) == ("receipt_news", "+56987654321")
    assert message.body == (
        f"Mejora: hay novedades en su caso {given.receipt.shown_code}. "
        "Léalas con sus cuatro palabras en http://localhost:8000/seguimiento/"
    )
    assert [word for word in given.secret.split() if word in message.body] == []


def test_a_contact_is_erased_ninety_days_after_the_end_by_the_place_s_calendar() -> None:
    evening_in_chile = datetime(2026, 6, 2, 2, tzinfo=UTC)
    given = issued(contact="rosa@example.cl")

    closed = domain.close(receipt=given.receipt, at=evening_in_chile)
    before = domain.forget_due_contacts(at=datetime(2026, 8, 29, 12, tzinfo=UTC), limit=100)
    erased = domain.forget_due_contacts(at=datetime(2026, 8, 30, 12, tzinfo=UTC), limit=100)

    kept = Receipt.objects.get()
    assert closed.contact_delete_on == date(2026, 8, 30)
    assert (before, erased) == (0, 1)
    assert (kept.contact, kept.contact_channel, kept.contact_delete_on) == ("", "", None)
    assert kept.contact_deleted_at == datetime(2026, 8, 30, 12, tzinfo=UTC)
    assert AuditEvent.objects.filter(verb="receipts.forget_contact").count() == 1
    assert opened(given.receipt.code, given.secret) == kept


def test_what_goes_on_keeps_its_contact() -> None:
    given = issued(contact="rosa@example.cl")
    domain.close(receipt=given.receipt, at=NOW)
    domain.reopen(receipt=given.receipt, at=NOW)

    assert domain.forget_due_contacts(at=NOW + timedelta(days=400), limit=100) == 0
    assert Receipt.objects.get().address == "rosa@example.cl"


def test_a_contact_is_erased_at_once_when_its_owner_asks() -> None:
    given = issued(contact="9 8765 4321")

    for _call in range(2):
        domain.forget_contact(receipt=given.receipt, by=None, at=NOW)

    assert Receipt.objects.get().address == ""
    assert AuditEvent.objects.filter(verb="receipts.forget_contact").count() == 1


def test_contacts_are_erased_some_at_a_time() -> None:
    for number in range(5):
        domain.close(receipt=issued(contact=f"vecina{number}@example.cl").receipt, at=NOW)

    erased = [domain.forget_due_contacts(at=NOW + timedelta(days=91), limit=2) for _chunk in range(4)]

    assert erased == [2, 2, 1, 0]


def test_what_was_written_to_a_contact_goes_with_it() -> None:
    given, other = issued(contact="rosa@example.cl"), issued(contact="eva@example.cl")
    for each in (given, other):
        domain.notify(receipt=each.receipt, template="receipt_news", context={}, dedupe_key="news", at=NOW)

    domain.forget_contact(receipt=given.receipt, by=None, at=NOW)

    kept = {message.address: bool(message.body) for message in Message.objects.all()}
    assert kept == {"": False, "eva@example.cl": True}


def test_a_receipt_is_written_by_its_verbs_only() -> None:
    receipt = issued().receipt

    with pytest.raises(BareWrite):
        receipt.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.filter(pk=receipt.pk).update(contact="algo")


def test_a_key_given_past_the_verbs_is_found() -> None:
    mine, theirs = issued(), issued()
    Receipt.objects.filter(pk=theirs.receipt.pk).update(secret_hash=mine.receipt.secret_hash)
    seal(at=NOW)

    findings = verify(at=NOW)

    assert [(str(finding.problem), finding.detail) for finding in findings] == [("object altered", "secret")]


def test_staff_find_a_receipt_of_their_place_by_its_code() -> None:
    here = MunicipalityFactory()
    given = issued(subject=ServicePointFactory(territory=here))
    colleague = user_with_role(Role.TEAM_MEMBER, here)
    stranger = user_with_role(Role.TEAM_MEMBER, MunicipalityFactory())

    typed = given.receipt.shown_code.lower()

    assert queries.with_code(typed, colleague) == given.receipt
    assert queries.with_code(typed, stranger) is None
    assert queries.receipt_of(given.receipt.subject) == given.receipt
    assert queries.codes_of(type(given.receipt.subject), [given.receipt.subject_id]) == {
        given.receipt.subject_id: given.receipt.shown_code
    }
