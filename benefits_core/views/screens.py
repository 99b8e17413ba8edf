"""What the staff's screens of procedures share: how a procedure, a version or a step is found."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from benefits_core import rules
from benefits_core.errors import BenefitsError, EditConflict
from benefits_core.models import Procedure, ProcedureVersion, Step
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.screens import VerbFormView
from portal.foundation.ui.forms import ConfirmForm

READ = Policy(roles=rules.READERS)
EDIT = Policy(roles=rules.EDITORS, rule=rules.can_edit_version)
EDIT_PROCEDURE = Policy(roles=rules.EDITORS, rule=rules.can_edit_procedure)
PUBLISH = Policy(roles=rules.PUBLISHERS, rule=rules.can_publish_version)
PUBLISH_PROCEDURE = Policy(roles=rules.PUBLISHERS, rule=rules.can_publish_procedure)


def day_of(procedure: Procedure) -> date:
    """Today where the procedure is given."""
    return timezone.localdate(timezone=procedure.territory.zone if procedure.territory else None)


class ProcedureMixin(PolicyMixin):
    """The subject is the procedure that the address names; other municipalities' own ones are not found."""

    policy = READ
    subject: Any

    def get_subject(self) -> Any:
        procedures = Procedure.objects.visible_to(self.request.user).select_related("territory")
        return get_object_or_404(procedures, key=self.kwargs["key"])

    @property
    def procedure(self) -> Procedure:
        return self.subject

    @property
    def today(self) -> date:
        return day_of(self.procedure)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(procedure=self.procedure, crumbs=self.crumbs(), **kwargs)  # type: ignore[misc]

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Procedures, for the team"), reverse("benefits_core:manage")),
            (self.procedure, reverse("benefits_core:manage_procedure", args=[self.procedure.key])),
        ]


class VersionMixin(ProcedureMixin):
    """The subject is a version, draft or published."""

    def get_subject(self) -> Any:
        versions = ProcedureVersion.objects.visible_to(self.request.user).select_related(
            "procedure__territory", "edited_by", "published_by", "copied_from", "ready_by"
        )
        return get_object_or_404(versions, pk=self.kwargs["pk"])

    @property
    def procedure(self) -> Procedure:
        return self.version.procedure

    @property
    def version(self) -> ProcedureVersion:
        return self.subject

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(version=self.version, **kwargs)

    def crumbs(self) -> list[tuple[Any, str]]:
        label = _("Version %(number)s") % {"number": self.version.number}
        return [*super().crumbs(), (label, self.version.get_absolute_url())]


class StepMixin(VersionMixin):
    """The subject is a step; who may is asked of its version."""

    def get_subject(self) -> Any:
        steps = Step.objects.visible_to(self.request.user).select_related(
            "version__procedure__territory", "version__edited_by"
        )
        return get_object_or_404(steps, pk=self.kwargs["pk"])

    @property
    def version(self) -> ProcedureVersion:
        return self.step.version

    @property
    def step(self) -> Step:
        return self.subject

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(step=self.step, **kwargs)


class BenefitsVerbView(VerbFormView):
    """A form that asks for one verb of this module.

    Where another person saved meanwhile, both texts are shown, and saving again keeps one's own.
    """

    form_class: type[forms.Form] = ConfirmForm
    refusals = (BenefitsError,)

    def refuse(self, form: forms.Form, refusal: Exception) -> HttpResponse:
        if isinstance(refusal, EditConflict) and "revision" in form.fields:
            return self.conflict(form, refusal)
        return super().refuse(form, refusal)

    def conflict(self, form: forms.Form, refusal: EditConflict) -> HttpResponse:
        """The form again, with what is stored now beside what was typed."""
        form.data = form.data.copy()
        form.data[form.add_prefix("revision")] = str(refusal.stored.revision)
        stored = self.stored_values(refusal.stored)
        differing = [
            (form[name].label, stored[name], form.data.get(form.add_prefix(name), ""))
            for name in form.fields
            if name in stored and name != "revision" and str(stored[name]) != form.data.get(form.add_prefix(name), "")
        ]
        context = self.get_context_data(form=form, conflict=str(refusal), differing=differing)
        return self.render_to_response(context, status=409)

    def stored_values(self, stored: Any) -> dict[str, Any]:
        """What the form would start with now, to be set against what was typed."""
        return {}


class VersionVerbView(VersionMixin, BenefitsVerbView):
    """A verb on one version."""

    def back(self) -> str:
        return self.version.get_absolute_url()


class StepVerbView(StepMixin, BenefitsVerbView):
    """A verb on one step."""

    def back(self) -> str:
        return self.version.get_absolute_url()


class ProcedureVerbView(ProcedureMixin, BenefitsVerbView):
    """A verb on a procedure."""

    def back(self) -> str:
        return reverse("benefits_core:manage_procedure", args=[self.procedure.key])


class VersionScreen(VersionMixin, TemplateView):
    """A page about one version."""
