"""What goes wrong in this module, said to the person."""

from __future__ import annotations

from typing import Any


class BenefitsError(Exception):
    """A verb of this module refused; the text is translated and meant for the person."""


class InvalidContent(BenefitsError):
    """What was written is missing, too long or contradicts itself; ``field`` names where."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class ClosedToChange(BenefitsError):
    """The object is in a state that does not allow this now."""


class EditConflict(BenefitsError):
    """Another person saved meanwhile; ``stored`` is what stands now."""

    def __init__(self, message: str, stored: Any) -> None:
        super().__init__(message)
        self.stored = stored


class NotReady(BenefitsError):
    """Something is missing first; ``missing`` says what, each with the address where it can be mended."""

    def __init__(self, message: str, missing: list[Any]) -> None:
        super().__init__(message)
        self.missing = missing


class ImportRefused(BenefitsError):
    """A file was not taken; ``place`` is where in it, and the reason is the text."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.place, self.reason = place, reason


class SecondPersonNeeded(BenefitsError):
    """Who wrote or proposed does not publish: another person has to."""


class SlotTaken(InvalidContent):
    """The time cannot be booked: it is not there any more, or somebody was quicker."""
