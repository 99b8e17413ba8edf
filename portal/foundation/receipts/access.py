"""The door of the pages that an opened receipt leads to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.foundation.people.access import PUBLIC, PolicyMixin
from portal.foundation.receipts import session
from portal.foundation.receipts.models import Receipt


class OpenedReceiptMixin(PolicyMixin):
    """First base of a page for whoever sent something: the address names no object, the receipt does.

    ``self.receipt`` is open in this browser, ``self.subject`` is what it is about, of the kind that
    ``subject_label`` names. Without one the person is led to write code and words. Nothing of the
    page stays in the browser.
    """

    policy = PUBLIC
    subject_label: ClassVar[str]
    receipt: Receipt

    def get_subject(self) -> Any:
        return self.receipt.subject

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        receipt = session.current(request)
        if receipt is None or not self.suits(receipt):
            messages.info(request, _("Write your code and your four words to see it."))
            return redirect("receipts:open")
        self.receipt = receipt
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def suits(self, receipt: Receipt) -> bool:
        return receipt.subject_type == self.subject_label.lower() and receipt.subject is not None
