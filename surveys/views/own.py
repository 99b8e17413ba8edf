"""The own case, for whoever sent it: by the receipt, or signed in. Status, thread, reply, rating, reopening."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.generic import TemplateView, View

from portal.foundation.files.domain import FileRefused
from portal.foundation.files.views import private_download
from portal.foundation.people.access import SIGNED_IN, PolicyMixin
from portal.foundation.receipts import session
from portal.foundation.receipts.access import OpenedReceiptMixin
from portal.foundation.receipts.queries import receipt_of
from portal.foundation.screens import PagedList, VerbFormView
from surveys.documents.receipts import receipt_pdf
from surveys.domain import answers, complaints, thread
from surveys.domain.checks import can_move, not_now
from surveys.enums import OVER_STATES, ComplaintState
from surveys.errors import NotPossibleNow, SurveysError
from surveys.forms.own import RateForm, ReopenForm, ReplyForm, WithdrawForm
from surveys.models import Complaint, ComplaintTerms
from surveys.queries import complaints as reads


class OwnMixin(OpenedReceiptMixin):
    """The subject is the complaint whose receipt is open in this browser."""

    subject_label = "surveys.complaint"
    subject: Complaint

    @property
    def today(self) -> Any:
        return timezone.localdate(timezone=self.subject.territory.zone)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(complaint=self.subject, receipt=self.receipt, **kwargs)  # type: ignore[misc]


class OwnShow(OwnMixin, TemplateView):
    """How it goes, in plain words; what was said; what one can do."""

    template_name = "surveys/own_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        complaint, at = self.subject, timezone.now()
        return super().get_context_data(
            thread=reads.thread(complaint, public=True),
            files=reads.first_files(complaint),
            expected_on=reads.expected_on(complaint, at) if complaint.is_open else None,
            is_late=complaint.is_late(self.today),
            is_over=complaint.state in OVER_STATES,
            can_rate=answers.rating_refusal(complaint) is None,
            can_reopen=answers.reopening_refusal(complaint, at) is None,
            **kwargs,
        )


class OwnReceiptPdf(OwnMixin, View):
    """The receipt to print or to keep; with the words only while the page after sending may show them."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        complaint, shown = self.subject, session.to_show(request, self.receipt)
        words = shown.words if shown else ""
        terms = ComplaintTerms.objects.in_force(complaint.territory, complaint.received_on)
        content = receipt_pdf(complaint, code=self.receipt.shown_code, words=words, terms=terms)
        name = f"comprobante-{self.receipt.code}.pdf"
        return HttpResponse(
            content,
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
        )


class OwnFileView(OwnMixin, View):
    """A file of the thread that the person may read."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        kept = get_object_or_404(reads.files_for_the_person(self.subject), pk=kwargs["pk"])
        return private_download(kept.file.content, kept.file.name, kept.file.content_type)


class OwnVerbView(OwnMixin, VerbFormView):
    """A form that asks for one verb on the own case."""

    refusals = (SurveysError, FileRefused)
    template_name = "surveys/own_form.html"

    def refusal(self) -> str:
        return str(self.why_not() or "")

    def why_not(self) -> NotPossibleNow | None:
        """Why the verb would refuse now."""
        return None

    def field_of(self, refusal: Exception) -> str:
        return "files" if isinstance(refusal, FileRefused) else super().field_of(refusal)

    def back(self) -> str:
        return reverse("surveys:own")

    @property
    def author(self) -> Any:
        """Who signed in to write it; None where the receipt alone opened it."""
        user = self.request.user
        return user if user.is_authenticated and user.pk == self.subject.author_id else None


class OwnReplyView(OwnVerbView):
    form_class: type[forms.Form] = ReplyForm
    heading = _("Add something")
    submit = _("Send")
    done = _("We received it.")

    def why_not(self) -> NotPossibleNow | None:
        return not_now(self.subject) if self.subject.state in OVER_STATES else None

    def perform(self, form: Any, at: datetime) -> Any:
        chosen = form.cleaned_data
        return thread.reply(complaint=self.subject, text=chosen["text"], uploads=chosen["files"], by=self.author, at=at)


class OwnRateView(OwnVerbView):
    form_class = RateForm
    heading = _("Rate how it was handled")
    submit = pgettext_lazy("button", "Rate")
    done = _("Thank you. Your rating helps to do it better.")

    def why_not(self) -> NotPossibleNow | None:
        return answers.rating_refusal(self.subject)

    def get_initial(self) -> dict[str, Any]:
        return {"satisfaction": self.subject.satisfaction, "comment": self.subject.satisfaction_comment}

    def perform(self, form: Any, at: datetime) -> Any:
        return answers.rate(complaint=self.subject, by=self.author, at=at, **form.cleaned_data)


class OwnReopenView(OwnVerbView):
    form_class = ReopenForm
    heading = _("Reopen the case")
    submit = pgettext_lazy("button", "Reopen")
    done = _("Your case is open again, with a new term.")

    def why_not(self) -> NotPossibleNow | None:
        return answers.reopening_refusal(self.subject, timezone.now())

    def perform(self, form: Any, at: datetime) -> Any:
        return answers.reopen(complaint=self.subject, by=self.author, at=at, **form.cleaned_data)


class OwnWithdrawView(OwnVerbView):
    form_class = WithdrawForm
    heading = _("Take it back")
    lead = _("The municipality will not answer it. This cannot be undone.")
    submit = _("Take it back")
    done = _("You took it back. Nobody will answer it.")
    warning = True

    def why_not(self) -> NotPossibleNow | None:
        return None if can_move(self.subject, ComplaintState.WITHDRAWN) else not_now(self.subject)

    def perform(self, form: Any, at: datetime) -> Any:
        return complaints.withdraw(complaint=self.subject, by=self.author, at=at, **form.cleaned_data)


class MineView(PolicyMixin, PagedList):
    """What somebody sent under the own name."""

    policy = SIGNED_IN
    template_name = "surveys/own_list.html"
    context_object_name = "complaints"

    def get_queryset(self) -> Any:
        return Complaint.objects.filter(author=self.request.user).select_related("territory").order_by("-received_at")


class OpenMineView(PolicyMixin, View):
    """Opens one of the own cases as its receipt would."""

    policy = SIGNED_IN
    http_method_names = ["post"]
    subject: Complaint

    def get_subject(self) -> Complaint:
        return get_object_or_404(Complaint, pk=self.kwargs["pk"], author=self.request.user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        receipt = receipt_of(self.subject)
        if receipt is not None:
            session.remember(request, receipt)
        return redirect("surveys:own")
