"""How a level of 0 to 3 is shown: by a number, by a pattern and by words; colour only repeats it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

LEVELS = (0, 1, 2, 3)


def level_name(value: int) -> str:
    """The words of a level on the programme's scale."""
    return {
        0: _("Absent"),
        1: _("Defined or partial"),
        2: _("Applied"),
        3: _("Measured and improved"),
    }[value]


def badge(
    value: int | None, *, is_not_applicable: bool = False, names: Mapping[int, str] | None = None
) -> dict[str, Any]:
    """What ``components/level_badge.html`` draws.

    :param value: 0 to 3, or None where nothing is known; :param names: level → words, where a
        cycle's catalogue names its levels otherwise.
    """
    if is_not_applicable:
        return {"mark": "", "name": _("Not applicable"), "is_none": True}
    if value is None:
        return {"mark": "", "name": _("No data"), "is_none": True}
    return {"mark": value, "name": (names or {}).get(value) or level_name(value), "is_none": False}
