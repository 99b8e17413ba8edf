"""What goes wrong in this module, said to the person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


class PeopleError(Exception):
    """A verb of this module refused; the text is translated and meant for the person."""


class AccountInUse(PeopleError):
    """The address has an account that the actor has not been asked about yet; ``account`` is it."""

    field = "email"

    def __init__(self, account: Any) -> None:
        super().__init__(_("This address already has an account."))
        self.account = account
