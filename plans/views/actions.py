"""Screens of a line: its page, writing it, and what is done with it once signed."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from plans import rules, sources
from plans.domain import actions as domain
from plans.domain import execution
from plans.domain.checks import (
    require_deferrable,
    require_done,
    require_draft,
    require_in_force,
    require_step,
    require_takes_evidence,
    require_worked_on,
)
from plans.enums import ActionState, PlanState
from plans.errors import ActionConflict, AddedAlready, Obstacle, TargetNotAbove
from plans.forms.execution import (
    EffectForm,
    EvidenceForm,
    FinishForm,
    MilestoneForm,
    ProgressForm,
    ReachForm,
    VerifyForm,
)
from plans.forms.lines import HIDDEN, LineForm, fingerprint
from plans.forms.plans import ReasonForm
from plans.models import Action, Milestone
from plans.queries.gaps import level_in_force
from plans.queries.plans import escalated
from plans.views.screens import ActionMixin, ActionScreen, ActionVerbView, PlanScreen, VerbView
from portal.foundation.documents.domain import request_document
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.roles import Role
from portal.foundation.screens import PagedList

WRITE_PLAN = Policy(roles=frozenset(rules.WRITERS), rule=rules.can_write_plan)
WRITE_ACTION = Policy(roles=frozenset(rules.WRITERS), rule=rules.can_write_action)


class ActionShow(ActionScreen):
    """Everything of one line, and what can be done with it now."""

    template_name = "plans/action_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        action, user = self.action, self.request.user
        in_force = self.plan.state == PlanState.IN_FORCE
        writes = rules.can_write_action(user, action)
        worked_on = in_force and action.state in (ActionState.IN_PROGRESS, ActionState.REJECTED)
        return super().get_context_data(
            parts=action.standards.select_related("standard__component"),
            sources=action.sources.all(),
            milestones=action.milestones.select_related("reached_by"),
            evidence=action.evidence.select_related("file", "added_by"),
            reports=action.reports.select_related("reported_by"),
            reviews=action.verifications.select_related("verified_by"),
            late=in_force and action.is_late(self.today),
            edits=writes and self.plan.state == PlanState.DRAFT,
            starts=writes and in_force and action.state == ActionState.VALIDATED,
            resumes=writes and in_force and action.state == ActionState.REJECTED,
            works=writes and worked_on,
            shows=writes
            and (worked_on or action.state == ActionState.DRAFT or (in_force and action.state == "validated")),
            finishes=writes and in_force and action.state == ActionState.IN_PROGRESS,
            defers=rules.can_lead_action(user, action)
            and in_force
            and action.state in (ActionState.VALIDATED, ActionState.IN_PROGRESS, ActionState.REJECTED),
            verifies=in_force and action.state == ActionState.DONE and rules.can_verify_action(user, action),
            checks=writes and action.state in (ActionState.DONE, ActionState.VERIFIED) and not action.effect,
            **kwargs,
        )

    def crumbs(self) -> list[tuple[Any, str]]:
        return super().crumbs()[:-1]


class SourcesView(PlanScreen):
    """What a new line can be drawn from, by kind."""

    policy = WRITE_PLAN
    template_name = "plans/source_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        drawn = set(self.plan.actions.values_list("sources__kind", "sources__reference"))
        kinds = [
            (kind, [(choice, (kind.key, choice.reference) in drawn) for choice in choices])
            for kind, choices in sources.choices(self.plan.municipality, self.plan.cycle).items()
        ]
        return super().get_context_data(kinds=kinds, **kwargs)


class LineFormView(VerbView):
    """The form of a line, new or stored."""

    template_name = "plans/action_form.html"
    form_class = LineForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"plan": self.plan, "today": self.today}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(levels=level_in_force(self.plan.municipality, self.plan.cycle), **kwargs)

    def refuse(self, form: LineForm, refusal: Exception) -> HttpResponse:
        if isinstance(refusal, TargetNotAbove):
            refusal.field = form.target_field(refusal.standard)
        return super().refuse(form, refusal)


class AddActionView(LineFormView):
    policy = WRITE_PLAN
    requires = staticmethod(require_draft)
    heading = _("New line of the plan")
    submit = _("Add the line")
    done = _("The line was added.")

    def get_initial(self) -> dict[str, Any]:
        draft = self._draft()
        initial: dict[str, Any] = {"owner": self.request.user.pk, "title": draft.title[:150], "problem": draft.problem}
        initial["token"] = uuid4().hex
        for row, (standard, target) in enumerate(draft.standards, start=1):
            initial |= {f"standard_{row}": standard.pk, f"standard_{row}_target": target}
        return initial

    def perform(self, form: LineForm, at: datetime) -> Action:
        kind, reference = self.source
        return domain.add_action(
            plan=self.plan,
            content=form.content,
            standards=form.standards,
            sources=[(kind, reference)] if kind else [],
            form_token=form.cleaned_data["token"],
            by=self.request.user,
            at=at,
        )

    def refuse(self, form: LineForm, refusal: Exception) -> HttpResponse:
        if not isinstance(refusal, AddedAlready):
            return super().refuse(form, refusal)
        data = self.request.POST.copy()
        data["token"] = uuid4().hex
        again = LineForm(data, **{name: value for name, value in self.get_form_kwargs().items() if name != "data"})
        self.missing = [
            Obstacle(gettext("To change that line, open it."), refusal.action.get_absolute_url()),
            Obstacle(gettext("If this is another line, press the button again: nothing that you wrote is lost.")),
        ]
        again.add_error(None, str(refusal))
        return self.form_invalid(again)

    def target(self, result: Action) -> str:
        return result.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kind, reference = self.source
        known = sources.get(kind)
        described = known.describe(reference) if known else ""
        return super().get_context_data(source_kind=known, source=described, **kwargs)

    @property
    def source(self) -> tuple[str, str]:
        """Kind and reference of what the line is drawn from, offered to this municipality; or two empty texts."""
        kind, reference = self.request.GET.get("kind", ""), self.request.GET.get("reference", "")
        if not kind:
            return "", ""
        known = sources.get(kind)
        reference = known.current(reference) if known else ""
        offered = known.choices(self.plan.municipality, self.plan.cycle) if known else []
        if reference not in {choice.reference for choice in offered}:
            raise Http404
        return kind, reference

    def _draft(self) -> sources.SourceDraft:
        kind, reference = self.source
        known = sources.get(kind)
        return known.draft(reference) if known else sources.SourceDraft()


class EditActionView(ActionMixin, LineFormView):
    policy = WRITE_ACTION
    requires = staticmethod(require_draft)
    heading = _("Change the line")
    done = _("The line was saved.")

    def get_initial(self) -> dict[str, Any]:
        return LineForm.initial_of(self.action)

    def perform(self, form: LineForm, at: datetime) -> Action:
        return domain.edit_action(
            action=self.action,
            content=form.content,
            standards=form.standards,
            revision=form.cleaned_data["revision"] or 0,
            by=self.request.user,
            at=at,
        )

    def form_valid(self, form: LineForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ActionConflict as conflict:
            return self._conflict(form, conflict)

    def _conflict(self, form: LineForm, conflict: ActionConflict) -> HttpResponse:
        """The stored line with this person's changes in it, and each of these beside what is stored."""
        stored = conflict.action
        initial, merged = LineForm.initial_of(stored), form.merged(stored)
        again = LineForm(plan=self.plan, today=self.today, initial=merged)
        changed = [
            name
            for name in again.fields
            if name not in HIDDEN and fingerprint(merged.get(name)) != fingerprint(initial.get(name))
        ]
        context = self.get_context_data(
            form=again,
            conflict=str(conflict),
            differing=[
                (again[name].label, _shown(again, name, initial), _shown(again, name, merged)) for name in changed
            ],
            stored=stored,
        )
        return self.render_to_response(context, status=409)


def _shown(form: LineForm, name: str, values: dict[str, Any]) -> Any:
    """A value of the form as people read it: of a choice its label."""
    value = values.get(name)
    choices = {str(key): label for key, label in getattr(form.fields[name], "choices", [])}
    return choices.get(str(value), value)


class RemoveActionView(ActionVerbView):
    policy = WRITE_ACTION
    requires = staticmethod(require_draft)
    heading = _("Remove this line")
    lead = _("The line leaves the draft, with its milestones and its evidence. This cannot be undone.")
    submit = _("Remove the line")
    done = _("The line was removed.")
    warning = True

    def perform(self, form: Any, at: datetime) -> None:
        domain.remove_action(action=self.action, by=self.request.user, at=at)

    def target(self, result: Any) -> str:
        return self.plan.get_absolute_url()


class AddMilestoneView(ActionVerbView):
    policy = WRITE_ACTION
    requires = staticmethod(require_draft)
    form_class = MilestoneForm
    heading = _("Add a milestone")
    lead = _("A step that can be seen to be reached, with its day.")
    submit = _("Add the milestone")
    done = _("The milestone was added.")

    def perform(self, form: Any, at: datetime) -> Milestone:
        return domain.add_milestone(action=self.action, by=self.request.user, at=at, **form.cleaned_data)


class MilestoneVerbView(ActionVerbView):
    """The subject is the milestone's line; the milestone itself is ``milestone``."""

    policy = WRITE_ACTION

    def get_subject(self) -> Action:  # type: ignore[override]
        actions = Action.objects.visible_to(self.request.user)
        found = Milestone.objects.filter(action__in=actions).select_related(
            "action__plan__municipality", "action__plan__cycle"
        )
        self.milestone = get_object_or_404(found, pk=self.kwargs["pk"])
        return self.milestone.action


class RemoveMilestoneView(MilestoneVerbView):
    requires = staticmethod(require_draft)
    heading = _("Remove this milestone")
    submit = _("Remove the milestone")
    done = _("The milestone was removed.")
    warning = True

    def perform(self, form: Any, at: datetime) -> None:
        domain.remove_milestone(milestone=self.milestone, by=self.request.user, at=at)


class ReachMilestoneView(MilestoneVerbView):
    requires = staticmethod(require_in_force)
    of_line = staticmethod(require_worked_on)
    form_class = ReachForm
    heading = _("Milestone reached")
    done = _("The milestone was noted as reached.")

    def get_initial(self) -> dict[str, Any]:
        return {"reached_on": self.today}

    def perform(self, form: Any, at: datetime) -> Milestone:
        return execution.reach_milestone(milestone=self.milestone, by=self.request.user, at=at, **form.cleaned_data)


class StartActionView(ActionVerbView):
    policy = WRITE_ACTION
    requires = staticmethod(require_in_force)
    of_line = staticmethod(partial(require_step, state=ActionState.IN_PROGRESS))
    heading = _("Start the work on this line")
    submit = _("Start the work")
    done = _("The line is in progress.")

    def get_heading(self) -> Any:
        return _("Take this line up again") if self.action.state == ActionState.REJECTED else self.heading

    def perform(self, form: Any, at: datetime) -> Action:
        return execution.start_action(action=self.action, by=self.request.user, at=at)


class ReportProgressView(ActionVerbView):
    policy = WRITE_ACTION
    requires = staticmethod(require_in_force)
    of_line = staticmethod(require_worked_on)
    form_class = ProgressForm
    heading = _("Report progress")
    done = _("The progress was saved.")

    def get_initial(self) -> dict[str, Any]:
        return {"progress": self.action.progress}

    def perform(self, form: Any, at: datetime) -> Any:
        return execution.report_progress(action=self.action, by=self.request.user, at=at, **form.cleaned_data)


class AddEvidenceView(ActionVerbView):
    policy = WRITE_ACTION
    of_line = staticmethod(require_takes_evidence)
    form_class = EvidenceForm
    heading = _("Add evidence")
    lead = _("A file that shows the state before, during or after.")
    submit = _("Add the evidence")
    done = _("The evidence was added.")

    def perform(self, form: Any, at: datetime) -> Any:
        values = dict(form.cleaned_data)
        return execution.upload_evidence(
            action=self.action, upload=values.pop("file"), by=self.request.user, at=at, **values
        )


class FinishActionView(ActionVerbView):
    policy = WRITE_ACTION
    requires = staticmethod(require_in_force)
    of_line = staticmethod(partial(require_step, state=ActionState.DONE))
    form_class = FinishForm
    heading = _("Finish this line")
    lead = _("The regional team will look at the evidence. Only its verification changes the verified level.")
    submit = _("Finish the line")
    done = _("The line is finished. The regional team has been told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"action": self.action}

    def perform(self, form: FinishForm, at: datetime) -> Action:
        return execution.finish_action(
            action=self.action,
            claimed_levels=form.levels,
            lesson=form.cleaned_data["lesson"],
            missed_reason=form.cleaned_data.get("missed_reason", ""),
            spent=form.cleaned_data["spent"],
            by=self.request.user,
            at=at,
        )


class VerifyActionView(ActionVerbView):
    policy = Policy(roles=frozenset({Role.REGIONAL_TEAM}), rule=rules.can_verify_action)
    requires = staticmethod(require_in_force)
    of_line = staticmethod(partial(require_step, state=ActionState.VERIFIED))
    template_name = "plans/action_verify.html"
    form_class = VerifyForm
    heading = _("Verify this line")
    submit = _("Save the verdict")
    done = _("Your verdict was saved. Whoever is in charge of the line has been told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"action": self.action}

    def perform(self, form: VerifyForm, at: datetime) -> Any:
        accepted = form.cleaned_data["accepted"]
        return execution.verify_action(
            action=self.action,
            accepted=accepted,
            levels=form.levels if accepted else {},
            remarks=form.cleaned_data["remarks"],
            by=self.request.user,
            at=at,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            parts=self.action.standards.select_related("standard"),
            milestones=self.action.milestones.all(),
            evidence=self.action.evidence.select_related("file"),
            **kwargs,
        )


class CheckEffectView(ActionVerbView):
    policy = WRITE_ACTION
    of_line = staticmethod(require_done)
    form_class = EffectForm
    heading = _("Check the effect")
    lead = _("Some time after the end, write what the line brought about.")
    done = _("The effect was saved.")

    def perform(self, form: Any, at: datetime) -> Action:
        return execution.check_effect(action=self.action, by=self.request.user, at=at, **form.cleaned_data)


class DeferActionView(ActionVerbView):
    policy = Policy(roles=frozenset({Role.COORDINATOR}), rule=rules.can_lead_action)
    requires = staticmethod(require_in_force)
    of_line = staticmethod(require_deferrable)
    form_class = ReasonForm
    heading = _("Leave this line for the next year")
    lead = _("The line is closed in this year's plan. The next year's plan can take it over.")
    submit = _("Leave it for the next year")
    done = _("The line is left for the next year.")

    def perform(self, form: Any, at: datetime) -> Action:
        return execution.defer_action(action=self.action, by=self.request.user, at=at, **form.cleaned_data)


class ActionDocumentView(ActionMixin, View):
    """Asks for the one-page print of a line."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        document = request_document(
            kind="plans.line",
            subject=self.subject,
            language=get_language() or "es",
            by=request.user,
            at=timezone.now(),
        )
        return redirect("documents:show", document.pk)


class EscalatedView(PolicyMixin, PagedList):
    """Lines whose cause lies on the national level, of every open year."""

    policy = Policy(roles=frozenset({Role.NATIONAL_TEAM, Role.REGIONAL_TEAM}))
    template_name = "plans/escalated_list.html"
    context_object_name = "actions"

    def get_queryset(self) -> Any:
        return escalated(self.request.user)
