"""One form for whoever holds a receipt, and the button that closes it again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from portal.foundation.people import limits
from portal.foundation.people.access import PUBLIC, PolicyMixin
from portal.foundation.people.domain.copies import file_of
from portal.foundation.people.domain.requests import open_request
from portal.foundation.people.errors import PeopleError
from portal.foundation.people.forms import DataRequestForm
from portal.foundation.people.models import DataRequest
from portal.foundation.people.queries import privacy as reads
from portal.foundation.receipts import registry, session
from portal.foundation.receipts.access import OpenedReceiptMixin
from portal.foundation.receipts.domain import forget_contact
from portal.foundation.receipts.domain import open as open_receipt
from portal.foundation.receipts.errors import ReceiptRefused, ReceiptsError
from portal.foundation.receipts.forms import OpenForm
from portal.foundation.receipts.holdings import subject_of
from portal.foundation.receipts.models import Receipt
from portal.foundation.screens import VerbFormView
from portal.foundation.ui.forms import ConfirmForm

ROWS_SHOWN = 50
# They have a list of their own on the page.
REQUESTS = "people.data_requests"


class OpenView(PolicyMixin, FormView):
    """Code and words; leads to the page of whatever the receipt is about."""

    policy = PUBLIC
    template_name = "receipts/receipt_open.html"
    form_class = OpenForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def get_initial(self) -> dict[str, Any]:
        return {"code": self.request.GET.get("codigo", "")}

    def form_valid(self, form: OpenForm) -> HttpResponse:
        try:
            receipt = open_receipt(**form.cleaned_data, address=limits.client_address(self.request), at=timezone.now())
        except ReceiptRefused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        session.hide(self.request)
        session.remember(self.request, receipt)
        return redirect(_page_of(receipt))


class AnyReceiptMixin(OpenedReceiptMixin):
    """Whatever the open receipt is about."""

    subject_label = ""

    def suits(self, receipt: Receipt) -> bool:
        return True


class ReceiptShow(AnyReceiptMixin, TemplateView):
    """The receipt itself: for a subject that has no page of its own."""

    template_name = "receipts/receipt_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kind = registry.get(self.receipt.subject_type)
        return super().get_context_data(
            receipt=self.receipt,
            kind=kind.name if kind else "",
            url=kind.url(self.subject) if kind and self.subject else "",
            **kwargs,
        )


class OwnData(AnyReceiptMixin, TemplateView):
    """What is held about somebody without an account, who looked, and what was asked: by the receipt alone."""

    template_name = "receipts/own_data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = subject_of(self.receipt)
        held = [
            (row.kind, reads.rows_of(row.kind, row.kind.of_person(person)[:ROWS_SHOWN]))
            for row in reads.held_about(person)
            if row.kind.key != REQUESTS
        ]
        looks = reads.described_looks(reads.looks_at(person)[:ROWS_SHOWN])
        return super().get_context_data(
            receipt=self.receipt, held=held, looks=looks, requests=reads.requests_about(person)[:ROWS_SHOWN], **kwargs
        )


class OwnCopy(AnyReceiptMixin, View):
    """The same to take away; it is little, so it is made at once."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        language = get_language() or settings.LANGUAGE_CODE
        content = file_of(subject_of(self.receipt), language=language, at=timezone.now())
        response = HttpResponse(content, content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="mis-datos-{self.receipt.code}.zip"'
        return response


class ForgetContact(AnyReceiptMixin, VerbFormView):
    form_class = ConfirmForm
    refusals = (ReceiptsError,)
    heading = gettext_lazy("Erase my contact")
    lead = gettext_lazy("We will not write to you any more. You still see your case with your code and your words.")
    submit = gettext_lazy("Erase it")
    done = gettext_lazy("We erased your contact and what we wrote to it.")

    def perform(self, form: Any, at: datetime) -> Receipt:
        return forget_contact(receipt=self.receipt, by=None, at=at)

    def back(self) -> str:
        return reverse("receipts:own_data")


class AskAboutData(AnyReceiptMixin, VerbFormView):
    form_class = DataRequestForm
    refusals = (PeopleError,)
    heading = gettext_lazy("Ask something about my data")
    lead = gettext_lazy("We answer within 30 days, with reasons. Read the answer here, with your code and your words.")
    submit = gettext_lazy("Send")

    def perform(self, form: Any, at: datetime) -> DataRequest:
        return open_request(subject=subject_of(self.receipt), **form.cleaned_data, by=None, at=at)

    def get_done(self, result: DataRequest) -> str:
        return _("We received your request %(number)s.") % {"number": result.number}

    def back(self) -> str:
        return reverse("receipts:own_data")


class CloseView(PolicyMixin, View):
    """Ends the look, and has the browser forget the pages: somebody else sits down next."""

    policy = PUBLIC

    def post(self, request: HttpRequest) -> HttpResponse:
        session.forget(request)
        messages.success(request, _("We closed it on this device."))
        response = redirect("receipts:open")
        response["Clear-Site-Data"] = '"cache"'
        response["Cache-Control"] = "no-store"
        return response


def _page_of(receipt: Receipt) -> str:
    kind = registry.get(receipt.subject_type)
    return kind.url(receipt.subject) if kind and receipt.subject is not None else "receipts:show"
