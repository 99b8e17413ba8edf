"""Counters against guessing: exact, shared, forgetful."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.db import connection
from django.test import RequestFactory, override_settings

from portal.foundation.people import limits
from portal.foundation.people.domain.retention import forget_attempts
from portal.foundation.people.models import Attempt

AT = datetime(2026, 4, 1, 15, 2, tzinfo=UTC)
WINDOW = timedelta(minutes=10)


def try_once(at: datetime = AT, action: str = "plans.comment", address: str = "10.0.0.1", limit: int = 3) -> bool:
    return limits.allow(action=action, address=address, limit=limit, window=WINDOW, at=at)


@pytest.mark.django_db
def test_allows_up_to_the_limit_within_a_window() -> None:
    assert [try_once() for _ in range(5)] == [True, True, True, False, False]
    assert try_once(AT + WINDOW)


@pytest.mark.django_db
def test_addresses_and_actions_are_counted_apart() -> None:
    for _ in range(4):
        try_once()

    assert try_once(address="10.0.0.2")
    assert try_once(action="receipts.open")
    assert not try_once()


@pytest.mark.django_db
def test_success_forgets_the_mistakes() -> None:
    for _ in range(4):
        try_once()

    limits.forget(action="plans.comment", address="10.0.0.1", window=WINDOW, at=AT)

    assert try_once()


@pytest.mark.django_db
def test_address_is_not_kept_and_keys_of_two_days_cannot_be_joined() -> None:
    try_once()
    try_once(AT + timedelta(days=1))

    keys = list(Attempt.objects.values_list("key", flat=True))
    assert "10.0.0.1" not in str(keys)
    assert len(set(keys)) == 2


@pytest.mark.django_db
def test_old_counters_and_records_are_forgotten() -> None:
    try_once(AT - timedelta(days=3))
    try_once(AT)
    for age in (31, 29):
        for model in (AccessAttempt, AccessLog):
            fields = {"get_data": "", "post_data": "", "failures_since_start": 1} if model is AccessAttempt else {}
            made = model.objects.create(username=f"a{age}", ip_address="10.0.0.1", **fields)
            model.objects.filter(pk=made.pk).update(attempt_time=AT - timedelta(days=age))

    deleted = forget_attempts(at=AT, limit=100)

    assert deleted == 3
    assert [Attempt.objects.count(), AccessAttempt.objects.count(), AccessLog.objects.count()] == [1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_simultaneous_tries_are_all_counted() -> None:
    answers: list[bool] = []

    def work() -> None:
        try:
            answers.extend(try_once(limit=10) for _ in range(5))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Attempt.objects.get().count == 30
    assert answers.count(True) == 10


@pytest.mark.parametrize(
    "count, forwarded, expected",
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "6.6.6.6, 200.1.1.1", "200.1.1.1"),
        (2, "6.6.6.6, 200.1.1.1, 10.0.0.9", "200.1.1.1"),
        (1, "", "127.0.0.1"),
        (2, "6.6.6.6", "127.0.0.1"),
    ],
)
def test_invented_forwarding_is_not_believed(count: int, forwarded: str, expected: str) -> None:
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded} if forwarded else {})

    with override_settings(TRUSTED_PROXY_COUNT=count):
        assert limits.client_address(request) == expected
