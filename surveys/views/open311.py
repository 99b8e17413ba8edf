"""Screens around Open311: how to use it, the points of service, keys, and the texts that everybody may read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from portal.foundation.people.access import PUBLIC, Policy, PolicyMixin
from portal.foundation.people.roles import Role
from portal.foundation.screens import PagedList, VerbFormView
from portal.foundation.ui.forms import ConfirmForm
from surveys import masking, rules
from surveys.domain import open311 as domain
from surveys.errors import SurveysError
from surveys.exports import open311 as exports
from surveys.forms.open311 import ApiKeyForm, PublicTextForm
from surveys.forms.themes import ReasonForm
from surveys.models import ApiKey, PublicText
from surveys.queries import open311 as reads
from surveys.views.screens import ComplaintVerbView

KEEPERS = frozenset({Role.NATIONAL_TEAM})


class Open311Show(PolicyMixin, TemplateView):
    """What it is, how to get a key, and an example of each request."""

    policy = PUBLIC
    template_name = "surveys/open311_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            base=f"{settings.SITE_URL}/open311/v2",
            services=reads.services(),
            keeps_keys=user.is_authenticated and user.scope.has(*KEEPERS),
            rows=reads.MOST_ROWS,
            **kwargs,
        )


class ServicePointsView(PolicyMixin, View):
    """Every service point with the number that ``address_id`` takes, as a table."""

    policy = PUBLIC
    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        return exports.service_points_csv()


class ApiKeyMixin(PolicyMixin):
    policy = Policy(roles=KEEPERS)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=self.crumbs(), **kwargs)  # type: ignore[misc]

    def crumbs(self) -> list[tuple[Any, str]]:
        return [("Open311", reverse("surveys:open311")), (_("Keys"), reverse("surveys:api_keys"))]


class ApiKeyListView(ApiKeyMixin, PagedList):
    template_name = "surveys/api_key_list.html"
    context_object_name = "keys"

    def get_queryset(self) -> Any:
        return reads.keys()

    def crumbs(self) -> list[tuple[Any, str]]:
        return super().crumbs()[:-1]


class IssueKeyView(ApiKeyMixin, VerbFormView):
    """The key is shown once, on the answer to the form: it is stored nowhere in clear."""

    form_class = ApiKeyForm
    refusals = (SurveysError,)
    heading = _("Give a key to an application")
    lead = _("With it the application sends complaints and suggestions. It is shown once, so have its keeper at hand.")
    submit = _("Give the key")

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            issued = domain.issue_key(by=self.request.user, at=timezone.now(), **form.cleaned_data)
        except SurveysError as refusal:
            return self.refuse(form, refusal)
        context = {"issued": issued, "crumbs": self.crumbs()}
        response = self.response_class(self.request, ["surveys/api_key_issued.html"], context)
        response["Cache-Control"] = "no-store"
        return response

    def back(self) -> str:
        return reverse("surveys:api_keys")


class RevokeKeyView(ApiKeyMixin, VerbFormView):
    form_class = ReasonForm
    refusals = (SurveysError,)
    heading = _("Revoke this key")
    submit = _("Revoke the key")
    done = _("The key was revoked. The application sends nothing more.")
    warning = True
    subject: ApiKey

    def get_subject(self) -> ApiKey:
        return get_object_or_404(ApiKey.objects.active(), pk=self.kwargs["pk"])

    def get_heading(self) -> Any:
        return f"{self.heading}: {self.subject}"

    def perform(self, form: Any, at: datetime) -> ApiKey:
        return domain.revoke_key(key=self.subject, by=self.request.user, at=at, **form.cleaned_data)

    def back(self) -> str:
        return reverse("surveys:api_keys")


class PublicTextView(ComplaintVerbView):
    """The text as everybody would read it; the person hides the rest and decides."""

    policy = Policy(roles=rules.SETTERS, rule=rules.can_publish_text)
    template_name = "surveys/complaint_public_text.html"
    form_class = PublicTextForm
    heading = _("Let everybody read this text")
    lead = _("It is shown as open data, with its category, its days and its state. Nothing says who wrote it.")
    submit = _("Publish the text")
    done = _("The text is public.")

    def perform(self, form: Any, at: datetime) -> PublicText:
        return domain.publish_text(complaint=self.complaint, hide=form.phrases(), by=self.request.user, at=at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            masked=masking.mask(self.complaint.text),
            shown=PublicText.objects.shown().filter(complaint=self.complaint).first(),
            **kwargs,
        )


class WithdrawTextView(ComplaintVerbView):
    policy = Policy(roles=rules.SETTERS, rule=rules.can_publish_text)
    form_class = ConfirmForm
    heading = _("Withdraw the text")
    lead = _("Nobody but the team reads it from now on.")
    submit = _("Withdraw the text")
    done = _("The text is not public any more.")

    def perform(self, form: Any, at: datetime) -> PublicText:
        return domain.withdraw_text(complaint=self.complaint, by=self.request.user, at=at)

    def back(self) -> str:
        return reverse("surveys:complaint_public_text", args=[self.complaint.pk])
