"""What is written to the log of web pages."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from io import StringIO

import pytest


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the log of requests writes, after its own filters."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    requests = logging.getLogger("django.request")
    requests.addHandler(handler)
    yield written
    requests.removeHandler(handler)


def broken() -> None:
    raise PermissionError("not yours")


def test_a_refused_page_is_one_line(log: StringIO) -> None:
    try:
        broken()
    except PermissionError:
        logging.getLogger("django.request").warning("Forbidden: %s", "/personas/", exc_info=True)

    assert log.getvalue() == "Forbidden: /personas/\n"


def test_a_broken_page_keeps_its_traceback(log: StringIO) -> None:
    try:
        broken()
    except PermissionError:
        logging.getLogger("django.request").error("Internal Server Error: %s", "/personas/", exc_info=True)

    lines = log.getvalue().splitlines()
    assert lines[:2] == ["Internal Server Error: /personas/", "Traceback (most recent call last):"]
    assert lines[-1] == "PermissionError: not yours"
