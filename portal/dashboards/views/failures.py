"""Failed background work: the national team sees it, and asks for it again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal.dashboards.domain.failures import retry_job
from portal.dashboards.queries.failures import described, failed_jobs
from portal.foundation.jobs.models import Job
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.roles import NATIONAL_ROLES

PAGE_SIZE = 50


class FailureList(PolicyMixin, TemplateView):
    policy = Policy(roles=NATIONAL_ROLES)
    template_name = "dashboards/failure_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(failed_jobs(), PAGE_SIZE).get_page(self.request.GET.get("pagina"))
        return super().get_context_data(page_obj=page, failures=described(page.object_list), **kwargs)


class RetryJob(PolicyMixin, View):
    policy = Policy(roles=NATIONAL_ROLES)
    subject: Job

    def get_subject(self) -> Job:
        return get_object_or_404(Job, pk=self.kwargs["job_id"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if retry_job(job=self.subject, by=request.user, at=timezone.now()):
            messages.success(request, _("It will be tried again shortly."))
        else:
            messages.info(request, _("Somebody has taken this up already."))
        return redirect("dashboards:failures")
