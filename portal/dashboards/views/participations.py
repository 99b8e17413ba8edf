"""Who takes part in a cycle: enrolling one, many, or last year's; pausing, withdrawing, resuming."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.dashboards.forms.cycles import STAYS, CopyForm, EnrollForm, EnrollManyForm, StatusForm
from portal.dashboards.views.cycles import CycleMixin, CycleVerbView
from portal.foundation.cycles import domain
from portal.foundation.cycles.models import NEXT_STAGE, Cycle, CycleState, Participation, ParticipationStatus, Stage
from portal.foundation.cycles.queries import copyable_by_stage, previous_cycle
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.roles import NATIONAL_ROLES

NOT_CLOSED = frozenset({CycleState.DRAFT, CycleState.OPEN})


class _OfCycle(CycleVerbView):
    states = NOT_CLOSED

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "cycle": self.subject}


class Enroll(CycleMixin, _OfCycle):
    policy = Policy(roles=NATIONAL_ROLES)
    form_class = EnrollForm
    heading = gettext_lazy("Enroll a municipality")
    submit = gettext_lazy("Enroll")

    def perform(self, form: Any, at: datetime) -> Participation:
        return domain.enroll(
            municipality=form.cleaned_data["municipality"],
            cycle=self.subject,
            stage=Stage(form.cleaned_data["stage"]),
            by=self.request.user,
            at=at,
        )

    def get_done(self, result: Participation) -> str:
        return _("%(name)s takes part now.") % {"name": result.municipality.name}


class EnrollMany(CycleMixin, _OfCycle):
    policy = Policy(roles=NATIONAL_ROLES)
    form_class = EnrollManyForm
    heading = gettext_lazy("Enroll a list")
    submit = gettext_lazy("Enroll the list")

    def perform(self, form: Any, at: datetime) -> list[Participation]:
        return domain.enroll_many(cycle=self.subject, enrollments=form.read.enrollments, by=self.request.user, at=at)

    def get_done(self, result: list[Participation]) -> str:
        return _enrolled(len(result))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lead=_("If one line is wrong, nothing is saved: correct it and send the list again."), **kwargs
        )


class CopyParticipants(CycleMixin, CycleVerbView):
    policy = Policy(roles=NATIONAL_ROLES)
    template_name = "dashboards/cycle_copy.html"
    form_class = CopyForm
    states = NOT_CLOSED
    heading = gettext_lazy("Copy the participants of the cycle before")
    submit = gettext_lazy("Enroll them")

    @cached_property
    def source(self) -> Cycle | None:
        return previous_cycle(self.subject)

    def refusal(self) -> str:
        return super().refusal() or ("" if self.source else _("There is no cycle before this one."))

    def perform(self, form: Any, at: datetime) -> list[Participation]:
        assert self.source  # the page is refused without one
        return domain.copy_participants(
            source=self.source,
            cycle=self.subject,
            third_stage_stays=form.cleaned_data["third_stage"] == STAYS,
            by=self.request.user,
            at=at,
        )

    def get_done(self, result: list[Participation]) -> str:
        return _enrolled(len(result))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.source
        counts = copyable_by_stage(self.source, self.subject)
        rows = [(stage.label, NEXT_STAGE[stage].label, counts.get(stage, 0)) for stage in NEXT_STAGE]
        return super().get_context_data(source=self.source, rows=rows, total=sum(counts.values()), **kwargs)


class ChangeStatus(PolicyMixin, CycleVerbView):
    policy = Policy(roles=NATIONAL_ROLES)
    form_class = StatusForm
    states = NOT_CLOSED
    submit = gettext_lazy("Save")
    subject: Participation

    def get_subject(self) -> Participation:
        found = Participation.objects.visible_to(self.request.user).select_related("municipality", "cycle")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def cycle(self) -> Cycle:
        return self.subject.cycle

    def refusal(self) -> str:
        return super().refusal() or (_("The municipality's year is closed already.") if self.subject.closed_at else "")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "participation": self.subject}

    def perform(self, form: Any, at: datetime) -> Participation:
        return domain.change_status(
            participation=self.subject,
            status=ParticipationStatus(form.cleaned_data["status"]),
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            at=at,
        )

    def get_done(self, result: Participation) -> str:
        return _("%(name)s: %(status)s.") % {
            "name": result.municipality.name,
            "status": result.get_status_display().lower(),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = _("Now: %(status)s.") % {"status": self.subject.get_status_display().lower()}
        lead = " ".join(text for text in (state, self.subject.status_reason) if text)
        return super().get_context_data(heading=self.subject.municipality.name, lead=lead, **kwargs)


def _enrolled(count: int) -> str:
    return ngettext("%(count)s municipality enrolled.", "%(count)s municipalities enrolled.", count) % {"count": count}
