"""What goes wrong in this module, said to the person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


class SurveysError(Exception):
    """A verb of this module refused; the text is translated and meant for the person."""


class InvalidContent(SurveysError):
    """What was written is missing, too long or contradicts itself; ``field`` names where."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class WordsNotFound(InvalidContent):
    """Words to hide that the text does not hold; ``text`` is the number of the text."""

    def __init__(self, message: str, text: int) -> None:
        super().__init__(message, "hide")
        self.text = text


class NotPossibleNow(SurveysError):
    """The complaint's state does not allow it."""


class NotAllowed(SurveysError):
    """It is this person, or this place, that may not."""


class ComplaintConflict(SurveysError):
    """Somebody did something with the complaint meanwhile; ``unsent`` keeps what was written."""

    def __init__(self, unsent: Any) -> None:
        super().__init__(
            _("Somebody worked on this complaint while you were writing. Your text was kept. Look at both and decide.")
        )
        self.unsent = unsent


class DraftGone(SurveysError):
    """What was being written lay idle for too long, or was sent and closed."""

    def __init__(self) -> None:
        super().__init__(_("What you were writing is not here any more. Please begin again."))


class TokenGone(SurveysError):
    """A code of the survey that opens nothing: unknown, used, or of a round that has ended."""

    def __init__(self) -> None:
        super().__init__(_("This code was used already, has expired or is not complete."))
