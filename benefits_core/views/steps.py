"""Screens of the steps of a draft: add, change, move, remove, and what follows each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from benefits_core import rules
from benefits_core.domain import steps as domain
from benefits_core.errors import BenefitsError
from benefits_core.forms.procedures import LinkForm, RevisionForm, StepForm
from benefits_core.models import Step, StepLink
from benefits_core.queries.editing import former_steps
from benefits_core.queries.flows import drawn_step
from benefits_core.views.screens import EDIT, BenefitsVerbView, StepMixin, StepVerbView, VersionMixin, VersionVerbView
from portal.foundation.people.access import Policy

EDIT_STEP = Policy(roles=rules.EDITORS, rule=rules.can_edit_step)


class AddStep(VersionVerbView):
    policy = EDIT
    template_name = "benefits_core/texts_page.html"
    form_class = StepForm
    heading = _("New step")
    lead = _("It is added at the end, and the last step leads to it. You can move it afterwards.")
    submit = _("Add the step")
    done = _("The step was added.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"former": former_steps(self.version)}

    def perform(self, form: StepForm, at: datetime) -> Step:
        return domain.add_step(
            version=self.version,
            content=form.content,
            same_as=form.cleaned_data.get("same_as", ""),
            by=self.request.user,
            at=at,
        )


class EditStep(StepVerbView):
    policy = EDIT_STEP
    template_name = "benefits_core/texts_page.html"
    form_class = StepForm
    heading = _("Change the step")
    done = _("The step was saved.")

    def get_initial(self) -> dict[str, Any]:
        return StepForm.initial_of(self.step)

    def stored_values(self, stored: Step) -> dict[str, Any]:
        return StepForm.initial_of(stored)

    def perform(self, form: StepForm, at: datetime) -> Step:
        return domain.edit_step(
            step=self.step,
            content=form.content,
            revision=form.cleaned_data["revision"] or 0,
            by=self.request.user,
            at=at,
        )


class MoveStep(StepMixin, View):
    """One place up or down, as the button says."""

    policy = EDIT_STEP
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by = -1 if "up" in request.POST else 1
        revision = request.POST.get("revision", "")
        try:
            domain.move_step(
                step=self.step,
                to=self.step.position + by,
                revision=int(revision) if revision.isdecimal() else 0,
                by=request.user,
                at=timezone.now(),
            )
        except BenefitsError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, gettext("The step was moved."))
        return redirect(f"{self.version.get_absolute_url()}#{self.step.key}")


class RemoveStep(StepVerbView):
    policy = EDIT_STEP
    form_class = RevisionForm
    heading = _("Remove this step")
    lead = _("What led to it will lead to the step that comes after it.")
    submit = _("Remove the step")
    done = _("The step was removed.")
    warning = True

    def get_initial(self) -> dict[str, Any]:
        return {"revision": self.version.revision}

    def get_heading(self) -> str:
        return _("Remove the step “%(step)s”") % {"step": self.step}

    def perform(self, form: Any, at: datetime) -> Any:
        revision = form.cleaned_data["revision"] or 0
        return domain.remove_step(step=self.step, revision=revision, by=self.request.user, at=at)


class LinkStep(StepVerbView):
    """What follows a step: what there is already, and a form for one more."""

    policy = EDIT_STEP
    template_name = "benefits_core/step_links.html"
    form_class = LinkForm
    submit = _("Add")
    done = _("What follows the step was saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        others = self.version.steps.exclude(pk=self.step.pk).order_by("position")
        return super().get_form_kwargs() | {"steps": list(others)}

    def get_initial(self) -> dict[str, Any]:
        return {"revision": self.version.revision, "kind": "next"}

    def get_heading(self) -> str:
        return _("What follows “%(step)s”") % {"step": self.step}

    def perform(self, form: LinkForm, at: datetime) -> StepLink:
        data = form.cleaned_data
        return domain.link_steps(
            source=self.step,
            target=get_object_or_404(self.version.steps, pk=data["target"]),
            kind=data["kind"],
            condition=form.written("condition"),
            revision=data["revision"] or 0,
            by=self.request.user,
            at=at,
        )

    def target(self, result: StepLink) -> str:
        return reverse("benefits_core:step_link", args=[self.step.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=drawn_step(self.step), **kwargs)


class RemoveLink(VersionMixin, BenefitsVerbView):
    policy = Policy(roles=rules.EDITORS, rule=rules.can_edit_link)
    form_class = RevisionForm
    heading = _("Remove what follows")
    submit = _("Remove")
    done = _("The link was removed.")

    def get_subject(self) -> StepLink:
        visible = Step.objects.visible_to(self.request.user)
        links = StepLink.objects.filter(source__in=visible).select_related(
            "source", "target", "version__procedure__territory", "version__edited_by"
        )
        return get_object_or_404(links, pk=self.kwargs["pk"])

    @property
    def version(self) -> Any:
        return self.subject.version

    def get_initial(self) -> dict[str, Any]:
        return {"revision": self.version.revision}

    def get_heading(self) -> str:
        names = {"source": self.subject.source, "target": self.subject.target}
        return _("“%(source)s” will no longer lead to “%(target)s”") % names

    def perform(self, form: Any, at: datetime) -> Any:
        return domain.unlink_steps(
            link=self.subject, revision=form.cleaned_data["revision"] or 0, by=self.request.user, at=at
        )

    def back(self) -> str:
        return reverse("benefits_core:step_link", args=[self.subject.source_id])
