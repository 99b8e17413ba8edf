"""Every screen of the plan is opened on the same day of April."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture(autouse=True)
def in_april() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 4, 10, 18, tzinfo=UTC), tick=True):
        yield
