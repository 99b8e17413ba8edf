"""Screens of the plan: list, page, opening, proposal, signatures, new versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from plans import exports, rules
from plans.domain import plans as domain
from plans.domain.checks import (
    require_draft,
    require_in_force,
    require_proposed,
    require_unsigned,
    require_waiting,
)
from plans.enums import CommentState, PlanState
from plans.errors import PlansError
from plans.forms.plans import CarryOverForm, PlanFilterForm, ProposeForm, ReasonForm, RemarksForm, SignForm, SummaryForm
from plans.models import ImprovementPlan
from plans.queries import plans as reads
from plans.queries.execution import lines
from plans.queries.obstacles import closing_obstacles, proposal_obstacles
from plans.queries.people import SigningGround, signing_grounds
from plans.queries.plans import LineLeft
from plans.queries.signing import Signing, signed_already, signing_of, signing_refusal, standing_signatures
from plans.views.screens import PlanMixin, PlanScreen, VerbView
from portal.foundation.cycles.models import CycleState, Participation
from portal.foundation.cycles.queries import why_not_open
from portal.foundation.documents.domain import request_document
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.roles import Role
from portal.foundation.screens import PagedList
from portal.foundation.territories.models import Territory


class StartView(PolicyMixin, PagedList):
    """The plans that the person may see; for a region or the country with filters and pages."""

    policy = Policy(roles=rules.READERS)
    template_name = "plans/plan_list.html"
    context_object_name = "plans"

    def get_queryset(self) -> Any:
        user = self.request.user
        regions = Territory.objects.regions() if user.scope.has(Role.NATIONAL_TEAM) else None
        self.filters = PlanFilterForm(self.request.GET, years=reads.years(user), regions=regions)
        chosen = self.filters.cleaned_data if self.filters.is_valid() else {}
        return reads.overview(
            user,
            timezone.localdate(),
            text=chosen.get("q", ""),
            state=chosen.get("state", ""),
            year=chosen.get("year"),
            region=chosen.get("region"),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            filters=self.filters,
            sees_many=user.scope.has(Role.REGIONAL_TEAM, Role.NATIONAL_TEAM),
            to_be_opened=[
                place
                for place in reads.to_be_opened(user, timezone.localdate())
                if rules.can_open_plan(user, place.municipality)
            ],
            **kwargs,
        )


class OpenView(PolicyMixin, View):
    """Opens the draft of a municipality's year."""

    policy = Policy(
        roles=frozenset(rules.WRITERS), rule=lambda user, place: rules.can_open_plan(user, place.municipality)
    )
    http_method_names = ["post"]
    subject: Participation

    def get_subject(self) -> Participation:
        places = Participation.objects.visible_to(self.request.user).select_related("municipality", "cycle")
        return get_object_or_404(places, pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        place = self.subject
        try:
            plan = domain.open_plan(
                municipality=place.municipality, cycle=place.cycle, by=request.user, at=timezone.now()
            )
        except PlansError as refused:
            messages.error(request, str(refused))
            return redirect("plans:start")
        return redirect(plan)


class PlanShow(PlanScreen):
    """The board of one plan: what comes next, its lines, signatures, comments, accounts."""

    template_name = "plans/plan_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan, user = self.plan, self.request.user
        is_proposed = plan.state == PlanState.PROPOSED
        board = list(lines(plan))
        is_draft, is_in_force = plan.state == PlanState.DRAFT, plan.state == PlanState.IN_FORCE
        leads = rules.can_lead_plan(user, plan)
        shut = why_not_open(plan.cycle) if plan.is_in_preparation and plan.cycle.state != CycleState.OPEN else ""
        return super().get_context_data(
            lines=board,
            late={line.pk for line in board if is_in_force and line.is_late(self.today)},
            shut=shut,
            writes=rules.can_write_plan(user, plan) and not shut,
            leads=leads,
            waiting=signing_of(plan, self.today).waiting if is_proposed else [],
            validates=is_proposed and rules.can_sign_plan(user, plan),
            refusal=signing_refusal(user, plan, self.today) if is_proposed else "",
            missing=proposal_obstacles(plan, self.today) if is_draft and not shut else [],
            to_close=closing_obstacles(plan) if is_in_force and leads else [],
            takes_comments=plan.takes_comments(self.today),
            signatures=standing_signatures(plan),
            last_return=plan.returns.select_related("returned_by").first() if is_draft else None,
            comment_count=plan.comments.exclude(state=CommentState.HIDDEN).count(),
            links=plan.publications,
            report=getattr(plan, "execution_report", None),
            versions=reads.versions(plan),
            earlier=reads.earlier_with_open_lines(plan) if is_draft and leads and not shut else [],
            is_draft=is_draft,
            is_in_force=is_in_force,
            **kwargs,
        )

    def crumbs(self) -> list[tuple[Any, str]]:
        return super().crumbs()[:-1]


class SummaryView(VerbView):
    policy = Policy(roles=frozenset(rules.WRITERS), rule=rules.can_write_plan)
    requires = staticmethod(require_draft)
    form_class = SummaryForm
    heading = _("Summary for citizens")
    lead = _("What people read first on the public page. Short sentences, no abbreviations.")

    def get_initial(self) -> dict[str, Any]:
        return {"summary": self.plan.summary}

    def perform(self, form: Any, at: datetime) -> ImprovementPlan:
        return domain.edit_summary(plan=self.plan, by=self.request.user, at=at, **form.cleaned_data)


class ProposeView(VerbView):
    policy = Policy(roles=frozenset({Role.COORDINATOR}), rule=rules.can_lead_plan)
    requires = staticmethod(require_draft)
    template_name = "plans/plan_propose.html"
    form_class = ProposeForm
    heading = _("Propose the plan for validation")
    submit = _("Propose the plan")
    done = _("The plan is proposed. Those who validate it have been told.")

    def perform(self, form: Any, at: datetime) -> ImprovementPlan:
        return domain.propose_plan(plan=self.plan, by=self.request.user, at=at, **form.cleaned_data)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"plan": self.plan}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.missing = self.missing or (
            proposal_obstacles(self.plan, self.today) if self.plan.state == PlanState.DRAFT else []
        )
        unheard = not self.missing and not self.plan.was_open_to_comment()
        return super().get_context_data(lines=lines(self.plan), unheard=unheard, **kwargs)


class SignView(VerbView):
    """Shows exactly what is signed, with its hash, and takes the signature."""

    policy = Policy(roles=frozenset(rules.SIGNERS), rule=rules.can_sign_plan)
    requires = staticmethod(require_proposed)
    template_name = "plans/plan_sign.html"
    form_class = SignForm
    heading = _("Validate the plan")
    submit = _("Sign")
    done = _("Your signature was recorded.")

    def check(self) -> None:
        if signed := signed_already(self.plan):
            raise PlansError(signed)
        super().check()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A page opened before others signed offers what cannot be given any more: say so, and by whom."""
        refusal = self.refusal() or ("" if self.grounds else signing_refusal(request.user, self.plan, self.today))
        if refusal:
            messages.info(request, refusal)
            return redirect(self.away())
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"grounds": self.grounds}

    @cached_property
    def validation(self) -> Signing:
        return signing_of(self.plan, self.today)

    @cached_property
    def grounds(self) -> list[SigningGround]:
        """The signatures that the person can give now."""
        held = signing_grounds(self.request.user, self.plan.municipality, self.today)
        return [ground for ground in held if not self.validation.refusal(self.request.user, ground)]

    def get_initial(self) -> dict[str, Any]:
        return {"content_hash": self.plan.content_hash}

    def perform(self, form: Any, at: datetime) -> Any:
        chosen = form.cleaned_data
        return domain.sign_plan(
            plan=self.plan,
            role=chosen["role"],
            content_hash=chosen["content_hash"],
            reason=chosen.get("reason", ""),
            by=self.request.user,
            at=at,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lines=lines(self.plan).prefetch_related("sources"),
            signatures=list(standing_signatures(self.plan)),
            waiting=self.validation.waiting,
            grounds=self.grounds,
            refusal=signing_refusal(self.request.user, self.plan, self.today),
            **kwargs,
        )


class ReturnView(VerbView):
    policy = Policy(roles=frozenset(rules.SIGNERS), rule=rules.can_return_plan)
    requires = staticmethod(require_waiting)
    form_class = RemarksForm
    heading = _("Return the plan with remarks")
    lead = _("The plan becomes a draft again, and the signatures given so far are revoked.")
    submit = _("Return the plan")
    done = _("The plan was returned. Its team has been told.")

    def perform(self, form: Any, at: datetime) -> Any:
        return domain.return_plan(plan=self.plan, by=self.request.user, at=at, **form.cleaned_data)


class AmendView(VerbView):
    policy = Policy(roles=frozenset({Role.COORDINATOR}), rule=rules.can_lead_plan)
    requires = staticmethod(require_in_force)
    form_class = ReasonForm
    heading = _("Prepare a new version")
    lead = _(
        "A signed plan does not change. The new version begins with a copy of every line and needs both signatures."
    )
    submit = _("Prepare the new version")
    done = _("This is the new version. The signed plan stays in force until it is validated.")

    def perform(self, form: Any, at: datetime) -> ImprovementPlan:
        return domain.amend_plan(plan=self.plan, by=self.request.user, at=at, **form.cleaned_data)

    def target(self, result: ImprovementPlan) -> str:
        return result.get_absolute_url()


class DiscardView(VerbView):
    policy = Policy(roles=frozenset({Role.COORDINATOR}), rule=rules.can_lead_plan)
    requires = staticmethod(require_unsigned)
    heading = _("Give up this new version")
    lead = _("The plan in force goes on as it is. What was written in this version is kept, but nobody sees it.")
    submit = _("Give up this version")
    done = _("The new version was given up.")
    warning = True

    def perform(self, form: Any, at: datetime) -> ImprovementPlan:
        return domain.discard_amendment(plan=self.plan, by=self.request.user, at=at)

    def target(self, result: ImprovementPlan) -> str:
        return result.amends.get_absolute_url() if result.amends else reverse("plans:start")


class CarryOverView(VerbView):
    """Brings the lines that an earlier year left open into this draft."""

    policy = Policy(roles=frozenset({Role.COORDINATOR}), rule=rules.can_lead_plan)
    requires = staticmethod(require_draft)
    heading = _("Bring over open lines")
    form_class = CarryOverForm
    lead = _("Lines that were not finished are copied into this draft. There you can change or remove them.")
    submit = _("Bring them over")

    @cached_property
    def earlier(self) -> ImprovementPlan:
        return get_object_or_404(ImprovementPlan, pk=self.kwargs["earlier"], municipality=self.plan.municipality)

    @cached_property
    def left(self) -> list[LineLeft]:
        """Those of that year that can be brought."""
        found = reads.lines_left(self.plan)
        return [line for line in found if line.action.plan_id == self.earlier.pk and not line.is_at_top]

    def check(self) -> None:
        super().check()
        if not self.left:
            raise PlansError(gettext("There is no line left to bring over from that year."))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"left": self.left}

    def perform(self, form: Any, at: datetime) -> list[Any]:
        chosen = form.cleaned_data["lines"]
        return domain.carry_over(plan=self.earlier, into=self.plan, chosen=chosen, by=self.request.user, at=at)

    def get_done(self, result: list[Any]) -> str:
        text = ngettext("%(count)s line was brought over.", "%(count)s lines were brought over.", len(result))
        return text % {"count": len(result)}


class PlanDocumentView(PlanMixin, View):
    """Asks for the plan, or its execution, as PDF."""

    http_method_names = ["post"]
    kind = "plans.plan"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        document = request_document(
            kind=self.kind, subject=self.subject, language=get_language() or "es", by=request.user, at=timezone.now()
        )
        return redirect("documents:show", document.pk)


class PlanSheetView(PlanMixin, View):
    """The plan as a spreadsheet."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        return exports.plan_xlsx(self.plan)
