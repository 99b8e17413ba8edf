"""What goes wrong in this module, said to the person."""

from __future__ import annotations

from typing import Any


class PlansError(Exception):
    """A verb of this module refused; the text is translated and meant for the person."""


class PlanClosedToChange(PlansError):
    """The plan is not a draft any more (or not yet in force), so this cannot be done to it now."""


class InvalidContent(PlansError):
    """What was written is missing, too long or contradicts itself; ``field`` names where."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TargetNotAbove(InvalidContent):
    """A line would not raise a standard: its target is not above today's level; ``standard`` is which."""

    def __init__(self, message: str, standard: Any) -> None:
        super().__init__(message, "standards")
        self.standard = standard


class ActionConflict(PlansError):
    """Another member saved the line meanwhile; ``action`` is what is stored now."""

    def __init__(self, message: str, action: Any) -> None:
        super().__init__(message)
        self.action = action


class AddedAlready(PlansError):
    """The page that was sent has given a line before, and says something else now; ``action`` is that line."""

    def __init__(self, message: str, action: Any) -> None:
        super().__init__(message)
        self.action = action


class Obstacles(PlansError):
    """Something is missing first; ``missing`` says what, one sentence each, with an address where known."""

    def __init__(self, message: str, missing: list[Obstacle]) -> None:
        super().__init__(message)
        self.missing = missing


class Obstacle(str):
    """One thing that is missing; ``url`` is where it can be mended."""

    url: str

    def __new__(cls, text: str, url: str = "") -> Obstacle:
        obstacle = super().__new__(cls, text)
        obstacle.url = url
        return obstacle


class SignatureRefused(PlansError):
    """The signature was not taken; the text says why."""


class ContentChanged(SignatureRefused):
    """What is signed is not what the person saw, or not what was proposed."""


class CommentRefused(PlansError):
    """The comment was not taken."""
