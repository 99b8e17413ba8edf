"""Accounts of the year: execution report, publication, closing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plans import rules
from plans.domain import accountability
from plans.domain.checks import require_in_force
from plans.forms.plans import PublicationForm, ReportForm
from plans.models import ExecutionReport
from plans.queries.execution import lines
from plans.queries.obstacles import closing_obstacles
from plans.views.plans import PlanDocumentView
from plans.views.screens import PlanScreen, VerbView
from portal.foundation.people.access import Policy
from portal.foundation.people.roles import Role

LEAD = Policy(roles=frozenset({Role.COORDINATOR}), rule=rules.can_lead_plan)


class ReportShow(PlanScreen):
    """Planned and done, line by line; with the report's own words once it is sent."""

    template_name = "plans/report_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            report=ExecutionReport.objects.filter(plan=self.plan).select_related("submitted_by").first(),
            lines=lines(self.plan),
            leads=rules.can_lead_plan(self.request.user, self.plan),
            **kwargs,
        )


class SubmitReportView(VerbView):
    policy = LEAD
    requires = staticmethod(require_in_force)
    form_class = ReportForm
    heading = _("Send the execution report")
    lead = _("It keeps every line as it is today, and does not change afterwards.")
    submit = _("Send the report")
    done = _("The execution report was sent.")

    def perform(self, form: Any, at: datetime) -> ExecutionReport:
        return accountability.submit_execution_report(plan=self.plan, by=self.request.user, at=at, **form.cleaned_data)

    def back(self) -> str:
        return reverse("plans:report", args=[self.plan.pk])


class AddPublicationView(VerbView):
    policy = LEAD
    requires = staticmethod(require_in_force)
    form_class = PublicationForm
    heading = _("Record where the accounts were published")
    lead = _("The year cannot be closed without one publication at least.")
    done = _("The publication was recorded.")

    def get_initial(self) -> dict[str, Any]:
        return {"published_on": self.today}

    def perform(self, form: Any, at: datetime) -> Any:
        return accountability.record_publication(plan=self.plan, by=self.request.user, at=at, **form.cleaned_data)


class CloseYearView(VerbView):
    policy = LEAD
    requires = staticmethod(require_in_force)
    template_name = "plans/plan_close.html"
    heading = _("Close the year")
    lead = _("Nothing of this year's plan can be changed afterwards.")
    submit = _("Close the year")
    done = _("The year is closed.")

    def perform(self, form: Any, at: datetime) -> Any:
        return accountability.close_year(plan=self.plan, by=self.request.user, at=at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.missing = self.missing or closing_obstacles(self.plan)
        return super().get_context_data(**kwargs)


class ReportDocumentView(PlanDocumentView):
    kind = "plans.execution"
