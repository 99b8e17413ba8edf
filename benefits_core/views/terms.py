"""A municipality's own terms: list, page, writing, proposal, publication."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from benefits_core import rules
from benefits_core.domain import terms as domain
from benefits_core.errors import BenefitsError
from benefits_core.exports.procedures import terms_frame
from benefits_core.forms.terms import EndTermsForm, PublishTermsForm, RemarksForm, TermsFilterForm, TermsForm
from benefits_core.models import MunicipalTerms, Procedure, Step
from benefits_core.queries import terms as reads
from benefits_core.queries.flows import Promise, drawn
from benefits_core.queries.procedures import current_version
from benefits_core.views.screens import READ, BenefitsVerbView
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.reporting.spreadsheets import csv_response, xlsx_response
from portal.foundation.screens import PagedList
from portal.foundation.territories.models import ServicePoint, Territory
from portal.foundation.ui.context import is_demo

WRITE = Policy(roles=rules.TERMS_WRITERS, rule=rules.can_write_terms)
PROPOSE = Policy(roles=rules.TERMS_PROPOSERS, rule=rules.can_propose_terms)
PUBLISH = Policy(roles=rules.TERMS_PUBLISHERS, rule=rules.can_publish_terms)


class TermsList(PolicyMixin, PagedList):
    """The terms that the person may see; what waits to be published comes first."""

    policy = READ
    template_name = "benefits_core/terms_list.html"
    context_object_name = "rows"

    def get_queryset(self) -> Any:
        self.filters = TermsFilterForm(self.request.GET)
        chosen = self.filters.cleaned_data if self.filters.is_valid() else {}
        return reads.overview(self.request.user, text=chosen.get("q", ""), state=chosen.get("estado", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(filters=self.filters, is_filtered=any(self.request.GET.values()), **kwargs)


class TermsFile(TermsList):
    """The filtered list as a file, one row for each promised step."""

    def frame(self) -> Any:
        return terms_frame(self.get_queryset())


class TermsCsv(TermsFile):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return csv_response("plazos-municipales.csv", self.frame(), is_demo=is_demo())


class TermsSpreadsheet(TermsFile):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return xlsx_response("plazos-municipales.xlsx", {str(_("Terms")): self.frame()}, is_demo=is_demo())


class OpenTerms(PolicyMixin, View):
    """Opens the draft of a municipality's own terms, or leads to the one in preparation."""

    policy = Policy(roles=rules.TERMS_WRITERS, rule=rules.can_open_terms)
    http_method_names = ["post"]
    subject: Territory

    def get_subject(self) -> Territory:
        places = Territory.objects.visible_to(self.request.user).municipalities()
        return get_object_or_404(places, pk=self.kwargs["municipality_id"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        procedure = get_object_or_404(Procedure.objects.visible_to(request.user), key=self.kwargs["key"])
        try:
            terms = domain.open_terms(procedure=procedure, territory=self.subject, by=request.user, at=timezone.now())
        except BenefitsError as refused:
            messages.error(request, str(refused))
            return redirect("benefits_core:manage_procedure", procedure.key)
        return redirect(terms)


class TermsMixin(PolicyMixin):
    """The subject is a municipality's terms; other territories' are not found."""

    policy = READ
    subject: MunicipalTerms

    def get_subject(self) -> MunicipalTerms:
        rows = MunicipalTerms.objects.visible_to(self.request.user).select_related(
            "procedure", "territory", "edited_by", "proposed_by", "published_by"
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def terms(self) -> MunicipalTerms:
        return self.subject

    @property
    def today(self) -> date:
        return timezone.localdate(timezone=self.terms.territory.zone)

    @cached_property
    def steps(self) -> list[Step]:
        """The steps of the procedure in force, which terms can be stated for."""
        version = current_version(self.terms.procedure, self.today)
        return list(version.steps.order_by("position")) if version else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(terms=self.terms, crumbs=self.crumbs(), **kwargs)  # type: ignore[misc]

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Municipalities' own terms"), reverse("benefits_core:terms_list")),
            (self.terms, self.terms.get_absolute_url()),
        ]


class TermsShow(TermsMixin, TemplateView):
    template_name = "benefits_core/terms_show.html"

    def crumbs(self) -> list[tuple[Any, str]]:
        return super().crumbs()[:-1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        terms, user = self.terms, self.request.user
        own = {term.step_key: Promise(term.amount, term.unit, is_own=True) for term in terms.step_terms.all()}
        version = current_version(terms.procedure, self.today)
        rows = drawn(version, own) if version else []
        known = {row.step.key for row in rows}
        return super().get_context_data(
            rows=rows,
            gone=[(key, promise) for key, promise in own.items() if key not in known],
            points=terms.service_points.all(),
            writes=terms.state == "draft" and rules.can_write_terms(user, terms),
            proposes=terms.state == "draft" and rules.can_propose_terms(user, terms),
            publishes=terms.state == "proposed" and rules.can_publish_terms(user, terms),
            ends=terms.state == "published" and terms.ends_on is None and rules.can_publish_terms(user, terms),
            **kwargs,
        )


class TermsVerbView(TermsMixin, BenefitsVerbView):
    """A verb on a municipality's terms."""

    def back(self) -> str:
        return self.terms.get_absolute_url()


class EditTerms(TermsVerbView):
    policy = WRITE
    template_name = "benefits_core/texts_page.html"
    form_class = TermsForm
    heading = _("Own terms and places")
    lead = _("Write only what your municipality can keep. The rest stays as in the national procedure.")
    done = _("The terms were saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        points = ServicePoint.objects.filter(territory=self.terms.territory, is_active=True)
        return super().get_form_kwargs() | {"steps": self.steps, "points": points}

    def get_initial(self) -> dict[str, Any]:
        return TermsForm.initial_of(self.terms)

    def stored_values(self, stored: MunicipalTerms) -> dict[str, Any]:
        return {name: value for name, value in TermsForm.initial_of(stored).items() if name != "service_points"}

    def perform(self, form: TermsForm, at: datetime) -> MunicipalTerms:
        return domain.edit_terms(
            terms=self.terms,
            promised=form.promised,
            service_points=form.cleaned_data["service_points"],
            note=form.written("note"),
            revision=form.cleaned_data["revision"] or 0,
            by=self.request.user,
            at=at,
        )


class ProposeTerms(TermsVerbView):
    policy = PROPOSE
    heading = _("Propose these terms")
    lead = _("The DIDECO or the regional team reads them and publishes them, or returns them with remarks.")
    submit = _("Propose")
    done = _("The terms were proposed.")

    def perform(self, form: Any, at: datetime) -> MunicipalTerms:
        return domain.propose_terms(terms=self.terms, by=self.request.user, at=at)


class ReturnTerms(TermsVerbView):
    policy = PUBLISH
    form_class = RemarksForm
    heading = _("Return with remarks")
    submit = _("Return")
    done = _("The terms were returned to the team.")

    def perform(self, form: Any, at: datetime) -> MunicipalTerms:
        return domain.return_terms(terms=self.terms, by=self.request.user, at=at, **form.cleaned_data)


class PublishTerms(TermsVerbView):
    policy = PUBLISH
    form_class = PublishTermsForm
    heading = _("Publish these terms")
    lead = _("From the first day on, citizens read them in the place of the national ones.")
    submit = _("Publish")
    done = _("The terms are published.")

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": self.today, "revision": self.terms.revision}

    def perform(self, form: Any, at: datetime) -> MunicipalTerms:
        return domain.publish_terms(terms=self.terms, by=self.request.user, at=at, **form.cleaned_data)


class EndTerms(TermsVerbView):
    policy = PUBLISH
    form_class = EndTermsForm
    heading = _("End these terms")
    lead = _("From that day the national terms apply again in this municipality.")
    submit = _("End the terms")
    done = _("The terms have an end.")

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": self.today}

    def perform(self, form: Any, at: datetime) -> MunicipalTerms:
        return domain.end_terms(terms=self.terms, by=self.request.user, at=at, **form.cleaned_data)


class DiscardTerms(TermsVerbView):
    policy = WRITE
    heading = _("Discard this draft")
    lead = _("The draft is deleted. The terms in force stay as they are.")
    submit = _("Discard the draft")
    done = _("The draft was discarded.")
    warning = True

    def perform(self, form: Any, at: datetime) -> Any:
        return domain.discard_terms(terms=self.terms, by=self.request.user, at=at)

    def target(self, result: Any) -> str:
        return reverse("benefits_core:terms_list")
