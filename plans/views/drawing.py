"""From what a line can answer to the form of a new line: a gap, a cause of complaints, what is weak in the survey."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.generic import View

from plans import rules
from plans.domain.checks import require_draft
from plans.errors import PlansError
from plans.queries import causes, drivers, gaps
from plans.queries.plans import version_at_work
from portal.foundation.cycles.queries import current_cycle
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.territories.models import Territory
from quality.models import LevelRecord
from surveys.queries.causes import Cause, cause_with
from surveys.queries.drivers import WeakDriver, driver_with


class DrawFromGapView(PolicyMixin, View):
    """From a gap, of either series, to the form of a new line in the municipality's draft of that year."""

    policy = Policy(roles=frozenset(rules.WRITERS), rule=lambda user, gap: rules.can_open_plan(user, gap.municipality))
    subject: LevelRecord

    def get_subject(self) -> LevelRecord:
        records = LevelRecord.objects.visible_to(self.request.user).select_related("municipality", "cycle")
        return get_object_or_404(records, pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        gap = self.subject
        plan = version_at_work(gap.municipality, gap.cycle)
        if plan is None:
            messages.info(request, gettext("Open the draft of the plan first. Then you can draw lines from gaps."))
            return redirect("plans:start")
        try:
            require_draft(plan)
        except PlansError as refused:
            messages.info(request, str(refused))
            return redirect(plan)
        reference = gaps.current_gap(str(gap.pk))
        if reference not in {choice.reference for choice in gaps.gap_choices(gap.municipality, gap.cycle)}:
            messages.info(request, gettext("This standard has no gap any more."))
            return redirect("quality:gap_report", gap.cycle.year, gap.municipality.slug)
        return redirect(f"{reverse('plans:action_add', args=[plan.pk])}?kind={gaps.KEY}&reference={reference}")


class DrawFromCauseView(PolicyMixin, View):
    """From a repeated cause of complaints to the form of a new line in the open year's draft."""

    policy = Policy(roles=frozenset(rules.WRITERS), rule=lambda user, cause: rules.can_open_plan(user, cause.territory))
    subject: Cause

    def get_subject(self) -> Cause:
        try:
            cause = cause_with(self.kwargs["reference"])
        except LookupError as error:
            raise Http404 from error
        get_object_or_404(Territory.objects.visible_to(self.request.user), pk=cause.territory.pk)
        return cause

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        cause, cycle = self.subject, current_cycle(timezone.localdate())
        plan = version_at_work(cause.territory, cycle) if cycle else None
        if plan is None:
            messages.info(request, gettext("Open the draft of the plan first. Then you can draw lines from causes."))
            return redirect("plans:start")
        try:
            require_draft(plan)
        except PlansError as refused:
            messages.info(request, str(refused))
            return redirect(plan)
        if cause.reference not in {choice.reference for choice in causes.cause_choices(cause.territory, plan.cycle)}:
            messages.info(request, gettext("This cause was not repeated, so no line can be drawn from it."))
            return redirect("plans:sources", plan.pk)
        return redirect(f"{reverse('plans:action_add', args=[plan.pk])}?kind={causes.KEY}&reference={cause.reference}")


class DrawFromDriverView(PolicyMixin, View):
    """From what weighs and is weak in the survey to the form of a new line in the open year's draft."""

    policy = Policy(
        roles=frozenset(rules.WRITERS), rule=lambda user, driver: rules.can_open_plan(user, driver.territory)
    )
    subject: WeakDriver

    def get_subject(self) -> WeakDriver:
        try:
            driver = driver_with(self.kwargs["reference"])
        except LookupError as error:
            raise Http404 from error
        get_object_or_404(Territory.objects.visible_to(self.request.user), pk=driver.territory.pk)
        return driver

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        driver, cycle = self.subject, current_cycle(timezone.localdate())
        plan = version_at_work(driver.territory, cycle) if cycle else None
        if plan is None:
            messages.info(
                request, gettext("Open the draft of the plan first. Then you can draw lines from the survey.")
            )
            return redirect("plans:start")
        try:
            require_draft(plan)
        except PlansError as refused:
            messages.info(request, str(refused))
            return redirect(plan)
        choices = {choice.reference for choice in drivers.driver_choices(driver.territory, plan.cycle)}
        if driver.reference not in choices:
            messages.info(request, gettext("That survey is too old to draw a line from."))
            return redirect("plans:sources", plan.pk)
        return redirect(
            f"{reverse('plans:action_add', args=[plan.pk])}?kind={drivers.KEY}&reference={driver.reference}"
        )
