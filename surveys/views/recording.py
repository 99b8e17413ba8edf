"""A clerk writes a complaint down for somebody, and prints the receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from benefits_core.models import Step
from portal.foundation.files.domain import FileRefused
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.errors import PeopleError
from portal.foundation.receipts import session
from portal.foundation.receipts.domain import Issued
from portal.foundation.receipts.queries import receipt_of
from portal.foundation.screens import VerbFormView
from portal.foundation.territories.models import Territory
from surveys import rules
from surveys.domain import complaints
from surveys.domain.complaints import Complained, Named, Received
from surveys.errors import SurveysError
from surveys.forms.recording import RecordForm
from surveys.models import Complaint, ComplaintTerms
from surveys.queries.people import places_to_record

RECORDS = Policy(roles=rules.RECORDERS)


class RecordView(PolicyMixin, VerbFormView):
    """One page for the whole of it: the person is in front of the desk."""

    policy = RECORDS
    form_class = RecordForm
    refusals = (SurveysError, FileRefused, PeopleError)
    heading = _("Write down a complaint or suggestion")
    lead = _("It has no cost, and nobody may be treated worse for it. Tell the person so.")
    submit = _("Save and give the receipt")
    done = ""
    subject: Territory

    def get_subject(self) -> Territory:
        places = places_to_record(self.request.user)
        wanted = self.request.GET.get("municipalidad")
        return get_object_or_404(places, slug=wanted) if wanted else get_object_or_404(places.order_by("pk")[:1])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"territory": self.subject, "clerk": self.request.user}

    def field_of(self, refusal: Exception) -> str:
        return "files" if isinstance(refusal, FileRefused) else super().field_of(refusal)

    def perform(self, form: Any, at: datetime) -> Received:
        chosen, user = form.cleaned_data, self.request.user
        named = Named(chosen["given_names"], chosen["family_names"], chosen["run"]) if chosen["given_names"] else None
        received = complaints.receive(
            territory=self.subject,
            content=Complained(
                kind=chosen["kind"],
                channel=chosen["channel"],
                text=chosen["text"],
                category=form.chosen_category(),
                happened_on=chosen["happened_on"],
                service_point=chosen["service_point"],
                step=Step.objects.filter(pk=chosen["step"] or 0).first(),
                about=chosen["about"],
                about_words=chosen["about_words"],
                preferential=chosen["preferential"],
                received_on=chosen["received_on"],
            ),
            uploads=chosen["files"],
            named=named,
            contact=chosen["contact"],
            dedupe_key=form.dedupe_key,
            handed=chosen["handed"] == "si",
            by=user,
            at=at,
        )
        if received.secret:
            session.keep_to_print(self.request, Issued(received.receipt, received.secret))
        return received

    def target(self, result: Received) -> str:
        return reverse("surveys:recorded", args=[result.complaint.pk])

    def back(self) -> str:
        reads = rules.reads_complaints(self.request.user)
        return reverse("surveys:inbox") if reads else reverse("surveys:record")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Complaints and suggestions"), self.back())] if rules.reads_complaints(self.request.user) else []
        return super().get_context_data(territory=self.subject, crumbs=crumbs, **kwargs)


class RecordedMixin(PolicyMixin):
    """What this very clerk wrote down."""

    policy = RECORDS
    subject: Complaint
    request: HttpRequest
    kwargs: dict[str, Any]

    def get_subject(self) -> Complaint:
        own = Complaint.objects.filter(recorded_by=self.request.user).select_related("territory")
        return get_object_or_404(own, pk=self.kwargs["pk"])


class RecordedView(RecordedMixin, TemplateView):
    """The receipt to print: the four words are on the paper and not on the screen, save for the telephone."""

    template_name = "surveys/complaint_recorded.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        complaint = self.subject
        receipt = receipt_of(complaint)
        return super().get_context_data(
            complaint=complaint,
            shown=session.to_show(self.request, receipt) if receipt else None,
            terms=ComplaintTerms.objects.in_force(complaint.territory, complaint.received_on),
            reads=rules.reads_complaints(self.request.user),
            receipt=receipt,
            site_address=settings.SITE_URL,
            **kwargs,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class HandedView(RecordedMixin, View):
    """The words are not shown again: the person has the paper, or it goes out later (``enviar``)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "enviar" not in request.POST and self.subject.acknowledged_at is None:
            try:
                complaints.acknowledge(complaint=self.subject, by=request.user, at=timezone.now())
            except SurveysError as refusal:
                messages.info(request, str(refusal))
        session.hide(request)
        return redirect("surveys:inbox" if rules.reads_complaints(request.user) else "surveys:record")
