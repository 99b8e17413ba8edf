"""Requests about data and copies, asked for and answered at the same moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import translation

from portal.foundation.people.domain import copies, requests
from portal.foundation.people.errors import PeopleError
from portal.foundation.people.models import DataExport, DataRequest
from portal.foundation.people.queries.privacy import subject_of
from portal.foundation.people.roles import Role
from portal.foundation.receipts import domain as receipts
from portal.foundation.receipts.errors import AlreadyIssued
from portal.foundation.receipts.models import Receipt
from tests.factories.people import UserFactory, user_with_role
from tests.factories.receipts import issued
from tests.factories.territories import CountryFactory, ServicePointFactory

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)


def at_once(call: Callable[[], Any], times: int = 3) -> Counter[str]:
    """Make the same call in as many threads that start together; counts how they ended."""
    barrier = Barrier(times)

    def run(_number: int) -> str:
        try:
            barrier.wait(timeout=10)
            with translation.override("es"):
                call()
        except (PeopleError, AlreadyIssued) as refused:
            return type(refused).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(max_workers=times) as pool:
        return Counter(pool.map(run, range(times)))


def test_of_the_same_request_sent_at_once_one_is_taken() -> None:
    subject = subject_of(UserFactory())

    ended = at_once(lambda: requests.open_request(subject=subject, kind="erasure", text="", by=subject.user, at=AT))

    assert ended == {"done": 1, "PeopleError": 2}
    assert DataRequest.objects.count() == 1


def test_of_answers_given_at_once_one_counts() -> None:
    user, by = UserFactory(), user_with_role(Role.NATIONAL_TEAM, CountryFactory())
    request = requests.open_request(subject=subject_of(user), kind="erasure", text="", by=user, at=AT)

    ended = at_once(lambda: requests.answer_request(request=request, grant=True, answer="Listo", by=by, at=AT))

    assert ended == {"done": 1, "PeopleError": 2}
    assert DataRequest.objects.get().outcome == "partly"


def test_of_copies_asked_for_at_once_one_is_made() -> None:
    user = UserFactory()

    assert at_once(lambda: copies.request_copy(by=user, language="es", at=AT)) == {"done": 3}
    assert DataExport.objects.count() == 1


def test_of_receipts_issued_at_once_one_opens() -> None:
    subject = ServicePointFactory()

    assert at_once(lambda: issued(subject=subject)) == {"done": 1, "AlreadyIssued": 2}
    assert Receipt.objects.count() == 1


def test_guesses_made_at_once_are_all_counted() -> None:
    given = issued()

    def guess() -> None:
        try:
            receipts.open(code=given.receipt.code, secret="otra cosa", address="203.0.113.7", at=AT)
        except receipts.ReceiptRefused:
            return

    for _round in range(4):
        at_once(guess)
    with pytest.raises(receipts.ReceiptRefused):
        receipts.open(code=given.receipt.code, secret=given.secret, address="198.51.100.1", at=AT)
