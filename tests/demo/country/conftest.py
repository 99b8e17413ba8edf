"""The small demonstration, built once for all the tests that look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from plans.models import Action, PlanComment
from portal.demo.country import DemoCountry
from portal.demo.sizes import SMALL
from portal.foundation.people.models import User
from quality.models import LevelRecord

NOW = datetime(2026, 11, 23, 6, 21, tzinfo=UTC)  # at night in Chile, on a Monday


def build() -> None:
    DemoCountry(size=SMALL, seed=7, now=NOW, tell=lambda _text: None).build()


def told() -> dict[str, Any]:
    """What a visitor would notice, without the numbers of rows."""
    return {
        "people": list(User.objects.order_by("email").values_list("email", "name")),
        "levels": list(
            LevelRecord.objects.order_by("pk").values_list(
                "municipality__code", "cycle__year", "standard__code", "series", "level", "dated_on"
            )
        ),
        "lines": list(Action.objects.order_by("pk").values_list("title", "state", "progress", "owner__email")),
        "comments": list(PlanComment.objects.order_by("pk").values_list("text", "name", "created_at")),
    }


@pytest.fixture(scope="package")
def told_before(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Builds it twice, and leaves the second one standing; gives what the first one told."""
    with django_db_blocker.unblock(), transaction.atomic():
        first = transaction.savepoint()
        build()
        story = told()
        transaction.savepoint_rollback(first)
        build()
        yield story
        transaction.set_rollback(True)


@pytest.fixture
def small_country(told_before: dict[str, Any], db: None) -> None:
    """What a test changes in it is undone; what was built stays for the next."""
