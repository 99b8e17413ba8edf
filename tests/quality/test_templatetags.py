"""How this module's numbers are written."""

from __future__ import annotations

import pytest

from quality.templatetags.quality import decimals, percent, signed, steps


@pytest.mark.parametrize(("share", "text"), [(0.0, "0 %"), (0.1667, "17 %"), (-0.125, "-12 %"), (1, "100 %")])
def test_percent_is_rounded(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(("value", "text"), [(2, "2"), (2.0, "2"), (1.5, "1,50"), (1.666, "1,67")])
def test_steps_are_whole_where_they_are_whole(value: float, text: str) -> None:
    assert steps(value) == text


def test_no_mean_is_nothing_rather_than_zero() -> None:
    assert (decimals(None), decimals(0.0)) == ("", "0,00")


@pytest.mark.parametrize(("change", "text"), [(2, "+2"), (0, "0"), (-1, "−1")])
def test_changes_carry_their_sign(change: int, text: str) -> None:
    assert signed(change) == text
