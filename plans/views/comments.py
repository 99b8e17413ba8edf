"""Comments on the draft: the public's page, and the team's list."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView

from plans import rules
from plans.domain import comments
from plans.domain.checks import require_draft
from plans.enums import CommentState
from plans.errors import InvalidContent, PlansError
from plans.forms.plans import AnswerForm, CommentForm, HideForm, UntilForm
from plans.models import ImprovementPlan, PlanComment
from plans.queries import plans as reads
from plans.views.screens import PlanMixin, VerbView
from portal.foundation.people import limits
from portal.foundation.people.access import PUBLIC, Policy, PolicyMixin
from portal.foundation.people.roles import Role
from portal.foundation.screens import PagedList

# Whole towns share an address (mobile carriers), and so does a meeting of neighbors: these stop machines only.
# Nothing is shown before the team has read it, and the form has its trap besides.
FROM_A_NETWORK, ON_A_PLAN_FROM_A_NETWORK = 600, 120


class PublicPlanMixin(PolicyMixin):
    """The plan in preparation that is open to comment, or was; anything else is not found."""

    policy = PUBLIC
    subject: ImprovementPlan

    def get_subject(self) -> ImprovementPlan:
        plans = ImprovementPlan.objects.public().select_related("municipality", "cycle")
        plan = get_object_or_404(plans, pk=self.kwargs["pk"])
        if plan.comments_open_until is None:
            raise Http404
        return plan


class CommentView(PublicPlanMixin, FormView):
    """The draft in plain words, and a form for anybody's comment."""

    template_name = "plans/comment_form.html"
    form_class = CommentForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"plan": self.subject}

    def get_initial(self) -> dict[str, Any]:
        return {"line": self.request.GET.get("linea")}

    def form_valid(self, form: CommentForm) -> HttpResponse:
        at = timezone.now()
        if form.is_trapped:
            # A robot is told the same as a person, and nothing is kept.
            return redirect("plans:comment_sent", self.subject.pk)
        if not self._within_limits(at):
            form.add_error(None, gettext("Many comments came from your connection. Please try again in one hour."))
            return self.render_to_response(self.get_context_data(form=form), status=429)
        values = form.cleaned_data
        try:
            comments.comment(
                plan=self.subject,
                action=values["line"],
                name=values["name"],
                organization=values["organization"],
                text=values["text"],
                at=at,
            )
        except InvalidContent as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.form_invalid(form)
        except PlansError as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        return redirect("plans:comment_sent", self.subject.pk)

    def _within_limits(self, at: datetime) -> bool:
        address = limits.client_address(self.request)
        counted = ((address, FROM_A_NETWORK), (f"{address} {self.subject.pk}", ON_A_PLAN_FROM_A_NETWORK))
        return all(
            limits.allow(action="plans.comment", address=who, limit=limit, window=timedelta(hours=1), at=at)
            for who, limit in counted
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate(timezone=self.subject.municipality.zone)
        public = self.subject.actions.by_priority().prefetch_related("standards__standard")
        return super().get_context_data(
            plan=self.subject,
            lines=public,
            comments=reads.published_comments(self.subject),
            is_open=self.subject.takes_comments(today),
            **kwargs,
        )


class CommentSentView(PublicPlanMixin, TemplateView):
    template_name = "plans/comment_sent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(plan=self.subject, **kwargs)


class CommentListView(PlanMixin, PagedList):
    """What was commented: to review, to answer, answered, hidden."""

    template_name = "plans/comment_list.html"
    context_object_name = "comments"

    def get_queryset(self) -> Any:
        return self.plan.comments.select_related("action", "answered_by", "moderated_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        counts = {
            "pending": self.plan.comments.filter(state=CommentState.PENDING).count(),
            "unanswered": self.plan.comments.filter(state=CommentState.PUBLISHED, answered_at__isnull=True).count(),
        }
        return super().get_context_data(
            leads=rules.can_lead_plan(user, self.plan),
            writes=rules.can_write_plan(user, self.plan),
            takes_comments=self.plan.takes_comments(self.today),
            counts=counts,
            **kwargs,
        )


class OpenCommentsView(VerbView):
    policy = Policy(roles=frozenset({Role.COORDINATOR}), rule=rules.can_lead_plan)
    requires = staticmethod(require_draft)
    form_class = UntilForm
    heading = _("Open the draft to comment")
    lead = _("The draft is shown to everybody, and people and neighborhood organizations can comment until that day.")
    submit = _("Open to comment")
    done = _("The draft is open to comment.")

    def get_initial(self) -> dict[str, Any]:
        return {"until": self.plan.comments_open_until}

    def perform(self, form: Any, at: datetime) -> Any:
        return comments.open_comments(plan=self.plan, by=self.request.user, at=at, **form.cleaned_data)

    def back(self) -> str:
        return reverse("plans:comments", args=[self.plan.pk])


class CloseCommentsView(VerbView):
    policy = Policy(roles=frozenset({Role.COORDINATOR}), rule=rules.can_lead_plan)
    heading = _("Close the comments")
    lead = _("Nobody will be able to comment from now on. Comments already received stay.")
    submit = _("Close the comments")
    done = _("The comments are closed.")

    def perform(self, form: Any, at: datetime) -> Any:
        return comments.close_comments(plan=self.plan, by=self.request.user, at=at)

    def back(self) -> str:
        return reverse("plans:comments", args=[self.plan.pk])


class CommentVerbView(VerbView):
    """A verb on one comment; shows the comment above the form."""

    template_name = "plans/comment_verb.html"
    subject: PlanComment  # type: ignore[assignment]

    def get_subject(self) -> PlanComment:  # type: ignore[override]
        plans = ImprovementPlan.objects.visible_to(self.request.user)
        comments = PlanComment.objects.filter(plan__in=plans).select_related(
            "plan__municipality", "plan__cycle", "action"
        )
        return get_object_or_404(comments, pk=self.kwargs["pk"])

    @property
    def plan(self) -> ImprovementPlan:
        return self.subject.plan

    def back(self) -> str:
        return reverse("plans:comments", args=[self.plan.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(comment=self.subject, **kwargs)


class PublishCommentView(CommentVerbView):
    policy = Policy(roles=frozenset({Role.COORDINATOR}), rule=rules.can_moderate_comment)
    heading = _("Publish this comment")
    submit = _("Publish")
    done = _("The comment is on the public page.")

    def perform(self, form: Any, at: datetime) -> Any:
        return comments.publish_comment(comment=self.subject, by=self.request.user, at=at)


class HideCommentView(CommentVerbView):
    policy = Policy(roles=frozenset({Role.COORDINATOR}), rule=rules.can_moderate_comment)
    form_class = HideForm
    heading = _("Hide this comment")
    submit = _("Hide")
    done = _("The comment is hidden.")

    def perform(self, form: Any, at: datetime) -> Any:
        return comments.hide_comment(comment=self.subject, by=self.request.user, at=at, **form.cleaned_data)


class AnswerCommentView(CommentVerbView):
    policy = Policy(roles=frozenset(rules.WRITERS), rule=rules.can_answer_comment)
    form_class = AnswerForm
    heading = _("Answer this comment")
    submit = pgettext_lazy("button", "Answer")
    done = _("Your answer is on the public page.")

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.subject.answer}

    def perform(self, form: Any, at: datetime) -> Any:
        return comments.answer_comment(comment=self.subject, by=self.request.user, at=at, **form.cleaned_data)
