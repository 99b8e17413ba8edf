"""Why a message did not go: said to a person, or to the job that tries it."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _


class MessageError(Exception):
    """The message cannot be written or sent again; the text is translated and meant for the person."""


class NoAddress(MessageError):
    """The recipient has no address in the channel."""

    def __init__(self) -> None:
        super().__init__(_("This person has no address for that kind of message."))


class NotToBeRetried(MessageError):
    """The message is on its way, has arrived, or its address was erased."""

    def __init__(self) -> None:
        super().__init__(_("This message cannot be sent again."))


class DeliveryFailure(Exception):
    """The gateway did not take the message. ``reason`` is a short code, never an address or a text."""

    def __init__(self, reason: str) -> None:
        self.reason = reason[:100]
        super().__init__(self.reason)


class TemporaryFailure(DeliveryFailure):
    """It may go later: the gateway is away, overloaded or wrongly set up.

    ``retry_after``: how long the gateway asks us to wait; None where it says nothing.
    """

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class PermanentFailure(DeliveryFailure):
    """It will never go to that address: trying again is of no use."""
