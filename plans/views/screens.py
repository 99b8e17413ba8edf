"""What the screens of this module share: how a plan or a line is found, and how a verb is asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from plans import rules
from plans.errors import ActionConflict, PlansError
from plans.models import Action, ImprovementPlan
from portal.foundation.files.domain import FileRefused
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.screens import VerbFormView


class PlanMixin(PolicyMixin):
    """The subject is the plan that the address names; other territories' plans are not found."""

    policy = Policy(roles=rules.READERS, rule=rules.can_read_plan)
    subject: ImprovementPlan

    def get_subject(self) -> ImprovementPlan:
        plans = ImprovementPlan.objects.visible_to(self.request.user).select_related("municipality", "cycle", "amends")
        return get_object_or_404(plans, pk=self.kwargs["pk"])

    @property
    def plan(self) -> ImprovementPlan:
        return self.subject

    @property
    def today(self) -> date:
        """The day in the municipality's own zone."""
        return timezone.localdate(timezone=self.plan.municipality.zone)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(plan=self.plan, crumbs=self.crumbs(), **kwargs)  # type: ignore[misc]

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Improvement plans"), reverse("plans:start")),
            (f"{self.plan.municipality} {self.plan.cycle.year}", self.plan.get_absolute_url()),
        ]


class ActionMixin(PlanMixin):
    """The subject is a line."""

    policy = Policy(roles=rules.READERS, rule=rules.can_read_action)
    subject: Action  # type: ignore[assignment]

    def get_subject(self) -> Action:  # type: ignore[override]
        actions = Action.objects.visible_to(self.request.user).select_related(
            "plan__municipality", "plan__cycle", "owner", "stand_in", "edited_by", "carried_from__plan__cycle"
        )
        return get_object_or_404(actions, pk=self.kwargs["pk"])

    @property
    def plan(self) -> ImprovementPlan:
        return self.subject.plan

    @property
    def action(self) -> Action:
        return self.subject

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(action=self.action, **kwargs)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*super().crumbs(), (str(self.action), self.action.get_absolute_url())]


class VerbView(PlanMixin, VerbFormView):
    """A form that asks for one verb on a plan.

    ``requires``: the check of the verb itself that asks nothing of what is typed, so that whoever
    opens the page learns it before writing.
    """

    refusals = (PlansError, FileRefused)
    requires: ClassVar[Callable[[Any], None] | None] = None

    def check(self) -> None:
        """:raises PlansError: what the verb would refuse whatever is typed."""
        if self.requires is not None:
            self.requires(self.plan)

    def refusal(self) -> str:
        try:
            self.check()
        except PlansError as refused:
            return str(refused)
        return ""

    def refuse(self, form: forms.Form, refusal: Exception) -> HttpResponse:
        if isinstance(refusal, ActionConflict):
            raise refusal  # the line's own form shows both texts
        return super().refuse(form, refusal)

    def back(self) -> str:
        return self.subject.get_absolute_url()


class ActionVerbView(ActionMixin, VerbView):
    """A verb on one line. ``of_line``: as ``requires``, of the line."""

    of_line: ClassVar[Callable[[Any], None] | None] = None

    def check(self) -> None:
        super().check()
        if self.of_line is not None:
            self.of_line(self.action)


class PlanScreen(PlanMixin, TemplateView):
    """A page about one plan."""


class ActionScreen(ActionMixin, TemplateView):
    """A page about one line."""
