"""The region reads, accepts or refuses, returns, and verifies levels: one component a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from portal.foundation.people.access import Policy
from portal.foundation.people.roles import Role
from quality import rules
from quality.domain import assessments as verbs
from quality.domain import levels as level_verbs
from quality.domain.errors import NotUnderReview, ReviewPending
from quality.enums import AssessmentState
from quality.forms.assessments import NotApplicableForm, ReturnForm, VerifyForm
from quality.models import Answer, Assessment, LevelRecord
from quality.queries import assessments as reads
from quality.queries import levels as level_reads
from quality.views.answers import StandardMixin
from quality.views.assessments import AssessmentMixin, AssessmentVerbView

REVIEW = Policy(roles=frozenset({Role.REGIONAL_TEAM}), rule=rules.can_review_assessment)


@dataclass(frozen=True)
class ComponentReview:
    """How far the review of one component has come: standards answered, and verified in this review."""

    tasks: reads.ComponentTasks
    reviewed: dict[str, LevelRecord]

    @property
    def total(self) -> int:
        return sum(task.answer is not None for task in self.tasks.tasks)

    @property
    def done(self) -> int:
        return sum(task.standard.code in self.reviewed for task in self.tasks.tasks)


class ReviewMixin(AssessmentMixin):
    """Loads the answers, component by component, with what the region verified of them."""

    @cached_property
    def tasks(self) -> list[reads.StandardTask]:
        return reads.tasks(self.subject, self.today)

    @cached_property
    def verified(self) -> dict[str, LevelRecord]:
        return level_reads.verified_of(self.subject)

    @cached_property
    def reviewed(self) -> dict[str, LevelRecord]:
        return level_reads.reviewed(self.subject)

    @cached_property
    def components(self) -> list[ComponentReview]:
        return [ComponentReview(group, self.reviewed) for group in reads.by_component(self.tasks)]


class ReviewVerbView(AssessmentMixin, AssessmentVerbView):
    """A verb of the regional team on the submitted version; the review comes next."""

    policy = REVIEW

    def refusal(self) -> str:
        return "" if self.subject.state == AssessmentState.SUBMITTED else str(NotUnderReview())

    def back(self) -> str:
        return reverse("quality:assessment_review", args=[self.subject.pk])

    def crumbs(self) -> list[tuple[str, str]]:
        return [*super().crumbs(), (_("Review"), reverse("quality:assessment_review", args=[self.subject.pk]))]


class ReviewView(ReviewMixin, TemplateView):
    """What the review has come to: what waits for an answer first, then each component."""

    policy = REVIEW
    template_name = "quality/assessment_review.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.subject.state != AssessmentState.SUBMITTED:
            messages.info(request, str(NotUnderReview()))
            return redirect("quality:assessment_show", pk=self.subject.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        done, total = sum(each.done for each in self.components), sum(each.total for each in self.components)
        return super().get_context_data(
            kept=len(self.verified.keys() - self.reviewed.keys()) if self.subject.number > 1 else 0,
            pending=[task for task in self.tasks if task.state == "na_pending"],
            rows=[self._row(each) for each in self.components],
            done=done,
            total=total,
            can_finish=done and self.subject.verified_at is None,
            drift=reads.drift(self.tasks, self.verified),
            **kwargs,
        )

    def _row(self, each: ComponentReview) -> dict[str, Any]:
        is_done = each.done == each.total
        states = {True: _("Done"), False: _("Begun")} if each.done else {True: _("Done"), False: _("Not started")}
        return {
            "title": str(each.tasks.component),
            "url": reverse("quality:assessment_review_component", args=[self.subject.pk, each.tasks.component.code]),
            "state": states[is_done],
            "tone": "good" if is_done else "info" if each.done else "neutral",
            "hint": _("%(done)s of %(total)s standards verified") % {"done": each.done, "total": each.total},
        }


class ReviewComponentView(ReviewMixin, ReviewVerbView):
    """Every answer of a component beside its evidence, with its verified level. Saved, it leads to the next one."""

    template_name = "quality/assessment_review_component.html"
    form_class = VerifyForm
    submit = gettext_lazy("Save and continue")

    @cached_property
    def component(self) -> ComponentReview:
        code = self.kwargs["code"]
        found = next((each for each in self.components if each.tasks.component.code == code), None)
        if found is None:
            raise Http404
        return found

    def refusal(self) -> str:
        waits = any(task.state == "na_pending" for task in self.tasks)
        return super().refusal() or (str(ReviewPending()) if waits else "")

    def away(self) -> str:
        return super().away() if super().refusal() else self.back()

    def get_heading(self) -> str:
        return str(self.component.tasks.component)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "tasks": self.component.tasks.tasks,
            "verified": {code: (record.level, record.remarks) for code, record in self.verified.items()},
        }

    def perform(self, form: Any, at: datetime) -> list[LevelRecord]:
        return level_verbs.verify_levels(
            assessment=self.subject,
            levels=form.levels(),
            remarks=form.remarks(),
            is_last=False,
            by=self.request.user,
            at=at,
        )

    def get_done(self, result: list[LevelRecord]) -> str:
        text = ngettext("%(count)d level was verified.", "%(count)d levels were verified.", len(result))
        return text % {"count": len(result)}

    def target(self, result: list[LevelRecord]) -> str:
        """The next component that is not done; after the last one, the review."""
        codes = [each.tasks.component.code for each in self.components]
        following = self.components[codes.index(self.kwargs["code"]) + 1 :]
        left = next((each.tasks.component.code for each in following if each.done < each.total), None)
        return reverse("quality:assessment_review_component", args=[self.subject.pk, left]) if left else self.back()


class FinishReviewView(ReviewVerbView):
    """Ends a review that leaves standards blank."""

    heading = gettext_lazy("Finish the review")
    submit = gettext_lazy("Finish the review")
    done = gettext_lazy("The review is finished. The team has been told.")

    def perform(self, form: Any, at: datetime) -> Assessment:
        return level_verbs.finish_review(assessment=self.subject, by=self.request.user, at=at)

    def target(self, result: Assessment) -> str:
        return self.away()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # What the region verified of an earlier version, or of an improvement, stays in force.
        verified = level_reads.verified_of(self.subject).keys()
        blank = [
            answer.standard.code
            for answer in self.subject.answers.select_related("standard").order_by("standard__number")
            if answer.standard.code not in verified
        ]
        text = _("These standards stay without a verified level: %(codes)s.") % {"codes": ", ".join(blank)}
        return super().get_context_data(lead=text if blank else "", **kwargs)


class NotApplicableView(StandardMixin, ReviewVerbView):
    """Accept or refuse that a standard does not apply."""

    template_name = "quality/assessment_not_applicable.html"
    form_class = NotApplicableForm
    heading = gettext_lazy("The team says that it does not apply")
    submit = gettext_lazy("Record")
    done = gettext_lazy("Your answer was recorded.")

    @cached_property
    def not_applicable(self) -> Answer:
        found = self.subject.answers.select_related("assessment", "answered_by").prefetch_related("evidence__file")
        return get_object_or_404(found, standard=self.standard, not_applicable=True)

    def perform(self, form: Any, at: datetime) -> Answer:
        return verbs.review_not_applicable(
            answer=self.not_applicable,
            accepted=form.cleaned_data["decision"] == "accepted",
            remarks=form.cleaned_data["remarks"],
            by=self.request.user,
            at=at,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(standard=self.standard, answer=self.not_applicable, **kwargs)


class ReturnView(ReviewVerbView):
    """Sends the self-diagnosis back to its team."""

    form_class = ReturnForm
    heading = gettext_lazy("Return the self-diagnosis")
    lead = gettext_lazy("The team makes a correction with your remarks. Its levels stay in force until then.")
    submit = gettext_lazy("Return it")
    done = gettext_lazy("The self-diagnosis was returned to its team.")

    def perform(self, form: Any, at: datetime) -> Assessment:
        return verbs.return_assessment(assessment=self.subject, by=self.request.user, at=at, **form.cleaned_data)

    def target(self, result: Assessment) -> str:
        return self.away()
