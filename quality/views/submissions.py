"""Checking, submitting and correcting a self-diagnosis."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal.foundation.people.access import Policy
from portal.foundation.people.roles import MUNICIPAL_ROLES, Role
from quality import rules
from quality.domain import assessments as verbs
from quality.domain.errors import AlreadySubmitted, NotComplete
from quality.forms.assessments import CorrectForm, SubmitForm
from quality.models import Assessment
from quality.queries import assessments as reads
from quality.views.answers import ANSWER, DraftMixin, DraftVerbView
from quality.views.assessments import AssessmentMixin, AssessmentVerbView, refused

SUBMIT = Policy(roles=frozenset({Role.COORDINATOR, Role.DIDECO}), rule=rules.can_submit_assessment)
MUNICIPAL = Policy(roles=MUNICIPAL_ROLES, rule=rules.can_read_assessment)


class CheckView(DraftMixin, TemplateView):
    """All the answers on one page, what is missing first."""

    policy = MUNICIPAL
    template_name = "quality/assessment_check.html"

    def crumbs(self) -> list[tuple[str, str]]:
        return AssessmentMixin.crumbs(self)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tasks = reads.tasks(self.subject, self.today)
        return super().get_context_data(
            groups=reads.by_component(tasks),
            problems=reads.problems(self.subject, self.today),
            participants=self.subject.participants.all(),
            can_answer=rules.can_answer_assessment(self.request.user, self.subject),
            can_submit=rules.can_submit_assessment(self.request.user, self.subject),
            **kwargs,
        )


class SubmitView(DraftVerbView):
    """The last word. Sent twice, or by two people at once, it happens once."""

    policy = SUBMIT
    form_class = SubmitForm
    heading = gettext_lazy("Submit the self-diagnosis")
    submit = gettext_lazy("Submit")
    done = ""

    def crumbs(self) -> list[tuple[str, str]]:
        return AssessmentMixin.crumbs(self)

    def perform(self, form: Any, at: datetime) -> Assessment:
        return verbs.submit_assessment(assessment=self.subject, by=self.request.user, at=at)

    def refuse(self, form: Any, refusal: Exception) -> HttpResponse:
        if isinstance(refusal, AlreadySubmitted):
            messages.info(self.request, str(refusal))
            return redirect(self.target(refusal.assessment))
        if isinstance(refusal, NotComplete):
            messages.error(self.request, str(refusal))
            return redirect(self.back())
        return super().refuse(form, refusal)

    def target(self, result: Assessment) -> str:
        return reverse("quality:assessment_submitted", args=[self.subject.pk])

    def back(self) -> str:
        return reverse("quality:assessment_check", args=[self.subject.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = _("After this nobody can change the answers. An error is mended by a correction, with its reason.")
        return super().get_context_data(caution=text, **kwargs)


class SubmittedView(AssessmentMixin, TemplateView):
    """What was done, and what happens next."""

    policy = MUNICIPAL
    template_name = "quality/assessment_submitted.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.subject.in_progress:
            return redirect("quality:assessment_show", pk=self.subject.pk)
        return super().get(request, *args, **kwargs)


class CorrectView(AssessmentMixin, AssessmentVerbView):
    """Begins a new version; the one in force keeps counting until that is submitted."""

    policy = ANSWER
    form_class = CorrectForm
    heading = gettext_lazy("Correct the self-diagnosis")
    lead = gettext_lazy(
        "A new version begins with the same answers and evidence. The present one counts until you submit the new one."
    )
    submit = gettext_lazy("Start the correction")
    done = gettext_lazy("The correction has all the answers of the version before.")

    def get_initial(self) -> dict[str, Any]:
        return {"reason": self.subject.return_remarks}

    def refusal(self) -> str:
        return refused(lambda: verbs.require_correctable(self.subject, timezone.now()))

    def perform(self, form: Any, at: datetime) -> Assessment:
        return verbs.correct_assessment(assessment=self.subject, by=self.request.user, at=at, **form.cleaned_data)

    def target(self, result: Assessment) -> str:
        return reverse("quality:assessment_tasks", args=[result.pk])
