"""What tests of themes stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.factories import themes


@pytest.fixture
def notes() -> Iterator[None]:
    """A source of made-up texts."""
    with themes.notes():
        yield
