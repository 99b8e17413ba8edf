"""What goes wrong in this module, said to the person."""

from __future__ import annotations

from django.utils.translation import gettext as _


class ReceiptsError(Exception):
    """A verb of this module refused; the text is translated and meant for the person."""


class ReceiptRefused(ReceiptsError):
    """Wrong code, wrong words or too many attempts: always the same text, so that it tells a guesser nothing."""

    def __init__(self) -> None:
        super().__init__(
            _("The code and the words do not match. Check them and try again. After many attempts, wait one hour.")
        )


class AlreadyIssued(ReceiptsError):
    """The subject has its receipt; a second one would be a second key."""

    def __init__(self) -> None:
        super().__init__(_("A code was given for this already."))


class InvalidContact(ReceiptsError):
    """Neither an e-mail address nor a mobile number."""

    def __init__(self) -> None:
        super().__init__(_("Write an e-mail like name@example.cl, or a mobile number like 9 8765 4321."))
