from __future__ import annotations

import pytest

from benefits_core import anchors
from tests.factories.benefits import FakeSource


@pytest.fixture(autouse=True)
def nothing_else_is_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The core is tested without the modules above it, which come and go."""
    monkeypatch.setattr(anchors, "_SOURCES", {})


@pytest.fixture
def anchor_source(nothing_else_is_pinned: None) -> FakeSource:
    """Something that can be pinned to steps while the test lasts."""
    fake = FakeSource()
    anchors.register(fake.source)
    return fake
