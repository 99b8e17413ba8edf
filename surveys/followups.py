"""What came of a survey, told by the modules above: a line of a plan that answers what weighed and was weak.

In ``apps.ready`` of such a module::

    followups.register("plans.lines", lines_of)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FollowUp:
    """One thing done about the survey's results, in words that everybody may read; ``url`` is its public page."""

    title: str
    state: str
    url: str = ""


Tell = Callable[[Any], list[FollowUp]]

_TELLERS: dict[str, Tell] = {}


def register(key: str, tell: Tell) -> None:
    """``tell(round)`` gives what came of that round, in constant queries; another one under the same key is refused."""
    if _TELLERS.get(key, tell) is not tell:
        raise ValueError(f"follow-up {key} is registered already")
    _TELLERS[key] = tell


def unregister(key: str) -> None:
    """Remove one (for tests)."""
    _TELLERS.pop(key, None)


def of_round(round: Any) -> list[FollowUp]:
    return [one for _key, tell in sorted(_TELLERS.items()) for one in tell(round)]
