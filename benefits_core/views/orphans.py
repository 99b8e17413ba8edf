"""What is pinned to steps that a new version does not have, and the ledger of where it belongs now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits_core import rules
from benefits_core.domain import mappings as domain
from benefits_core.forms.procedures import MapForm, ReasonForm
from benefits_core.models import Step, StepMapping
from benefits_core.queries.anchors import Orphan, orphans
from benefits_core.views.screens import EDIT, BenefitsVerbView, VersionMixin, VersionScreen, VersionVerbView
from portal.foundation.people.access import Policy


class OrphanList(VersionScreen):
    template_name = "benefits_core/orphan_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = [] if self.version.is_draft else orphans(self.version)
        undone = StepMapping.objects.filter(to_version=self.version, undone_at__isnull=False)
        return super().get_context_data(
            waiting=[orphan for orphan in found if orphan.mapping is None],
            decided=[orphan for orphan in found if orphan.mapping is not None],
            undone=undone.select_related("from_step", "to_step", "made_by", "undone_by"),
            edits=rules.can_edit_version(self.request.user, self.version),
            **kwargs,
        )


class MapStep(VersionVerbView):
    """Says what a former step is now."""

    policy = EDIT
    template_name = "benefits_core/orphan_map.html"
    form_class = MapForm
    submit = _("Record the decision")
    done = _("The decision was recorded. What was pinned to the step shows in its new place.")

    def get_heading(self) -> str:
        return _("What is “%(step)s” now?") % {"step": self.orphan.step}

    @property
    def orphan(self) -> Orphan:
        for orphan in orphans(self.version) if not self.version.is_draft else []:
            if orphan.step.pk == self.kwargs["step_pk"]:
                return orphan
        raise Http404

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"steps": list(self.version.steps.order_by("position"))}

    def perform(self, form: MapForm, at: datetime) -> StepMapping:
        chosen = form.step_id()
        return domain.map_step(
            step=get_object_or_404(Step, pk=self.kwargs["step_pk"], version__procedure=self.procedure),
            version=self.version,
            to_step=self.version.steps.get(pk=chosen) if chosen else None,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            at=at,
        )

    def back(self) -> str:
        return reverse("benefits_core:orphans", args=[self.version.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(orphan=self.orphan, **kwargs)


class UndoMapping(VersionMixin, BenefitsVerbView):
    policy = Policy(roles=rules.EDITORS, rule=rules.can_undo_mapping)
    form_class = ReasonForm
    heading = _("Undo this decision")
    lead = _("The step waits for a decision again. The record keeps both.")
    submit = _("Undo")
    done = _("The decision was undone.")

    def get_subject(self) -> StepMapping:
        mappings = StepMapping.objects.visible_to(self.request.user).active()
        return get_object_or_404(
            mappings.select_related("from_step__version", "to_step", "to_version__procedure__territory"),
            pk=self.kwargs["pk"],
        )

    @property
    def version(self) -> Any:
        return self.subject.to_version

    def perform(self, form: Any, at: datetime) -> Any:
        return domain.undo_mapping(mapping=self.subject, by=self.request.user, at=at, **form.cleaned_data)

    def back(self) -> str:
        return reverse("benefits_core:orphans", args=[self.version.pk])
