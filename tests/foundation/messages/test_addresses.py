"""Addresses: one written form, and as much of it as staff may see."""

from __future__ import annotations

import pytest

from portal.foundation.messages.addresses import InvalidAddress, masked, normalize_email, normalize_telephone


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("9 8765 4321", "+56987654321"),
        ("987654321", "+56987654321"),
        ("+56 9 8765 4321", "+56987654321"),
        ("56987654321", "+56987654321"),
        ("(+56) 9-8765-4321", "+56987654321"),
        ("+34 600 123 456", "+34600123456"),
        ("+39 320 123 4567", "+393201234567"),
        ("+1 415 555 2671", "+14155552671"),
    ],
)
def test_a_mobile_number_has_one_form(typed: str, written: str) -> None:
    assert normalize_telephone(typed) == written


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hola",
        "123",
        "2 2345 6789",  # a fixed line of Santiago
        "+56 32 212 3456",
        "9 1234 5678",  # no mobile of Chile begins so
        "9 8765 432",
        "9 8765 43210",
        "+56 9 8765 4321 ext. 5",
        "+999 987654321",
        "9" * 300,
        "\u0669\u0668",
    ],
)
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidAddress):
        normalize_telephone(typed)


@pytest.mark.parametrize(
    "typed", ["", "rosa", "rosa@", "@example.cl", "a b@example.cl", "rosa@example.cl\nBcc: x@y.cl"]
)
def test_what_is_no_e_mail_is_refused(typed: str) -> None:
    with pytest.raises(InvalidAddress):
        normalize_email(typed)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rosa@example.cl", "r•••@example.cl"),
        ("+56987654321", "+56•••321"),
        ("12345", "•••"),
        ("", ""),
    ],
)
def test_staff_see_enough_to_know_it_again(address: str, shown: str) -> None:
    assert masked(address) == shown
