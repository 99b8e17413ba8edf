"""Papers typed in by two people, each without seeing the other's, and decided upon where they differ."""

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
from django.views.generic import TemplateView

from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.screens import VerbFormView
from surveys import rules
from surveys.domain import papers
from surveys.domain.papers import Outcome
from surveys.errors import SurveysError
from surveys.forms.answering import MESSAGES
from surveys.forms.papers import DecideForm, PaperCodeForm, PaperForm
from surveys.models import PaperEntry, Round
from surveys.queries import papers as reads
from surveys.queries.rounds import rounds_to_help_with

CODE, TYPED = "codigo", "digitado"
SAID = {
    Outcome.FIRST: _("Kept. Another person types it the second time."),
    Outcome.AGREED: _("Both typings agree: the answers are kept."),
    Outcome.DIFFERS: _("The two typings differ. Decide with the paper at hand."),
}


class HelpedMixin(PolicyMixin):
    """An open survey of people, for those who help there."""

    policy = Policy(roles=rules.ROUND_HELPERS, rule=rules.can_help_with_round)
    subject: Round

    def get_subject(self) -> Round:
        found = rounds_to_help_with(self.request.user, rules.ROUND_HELPERS).select_related("instrument")
        return get_object_or_404(found, pk=self.kwargs["pk"])


class PaperPrint(HelpedMixin, TemplateView):
    """The whole questionnaire on paper, with the numbers that are typed later."""

    template_name = "surveys/paper_print.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Papers"), reverse("surveys:papers", args=[self.subject.pk]))]
        shown = {"round": self.subject, "questionnaire": self.subject.questionnaire, "crumbs": crumbs}
        return super().get_context_data(**shown | kwargs)


class PaperType(HelpedMixin, TemplateView):
    """First the code of the paper; then the whole paper on one page. The code travels in the form alone."""

    template_name = "surveys/papers.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._ask_code(PaperCodeForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        code_form = PaperCodeForm(request.POST)
        if not code_form.is_valid():
            return self._ask_code(code_form)
        code, at = code_form.cleaned_data[CODE], timezone.now()
        try:
            if TYPED not in request.POST:
                papers.find_paper(round=self.subject, code=code, by=request.user, at=at)
                return self._ask_paper(PaperForm(questionnaire=self.subject.questionnaire), code)
            form = PaperForm(request.POST, questionnaire=self.subject.questionnaire)
            if not form.is_valid():
                return self._ask_paper(form, code)
            typed = papers.type_paper(round=self.subject, code=code, given=form.given, by=request.user, at=at)
        except SurveysError as refusal:
            code_form.add_error(CODE, str(refusal))
            return self._ask_code(code_form)
        if typed.outcome == Outcome.WRONG:
            form.tell(typed.checked.errors)
            return self._ask_paper(form, code)
        messages.success(request, SAID[typed.outcome])
        if typed.outcome == Outcome.DIFFERS and typed.entry is not None:
            return redirect("surveys:paper_decide", typed.entry.pk)
        return redirect("surveys:papers", self.subject.pk)

    def _ask_code(self, form: PaperCodeForm) -> HttpResponse:
        found = reads.papers_of(self.subject, self.request.user)
        return self._no_store(self.get_context_data(form=form, round=self.subject, found=found))

    def _ask_paper(self, form: PaperForm, code: str) -> HttpResponse:
        self.template_name = "surveys/paper_type.html"
        return self._no_store(self.get_context_data(form=form, round=self.subject, code=code))

    def _no_store(self, context: dict[str, Any]) -> HttpResponse:
        response = self.render_to_response(context)
        response["Cache-Control"] = "no-store"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=[(_("Help to answer"), reverse("surveys:help_list"))], **kwargs)


class PaperMixin(PolicyMixin):
    """An entry that was typed twice, for one of the two."""

    policy = Policy(roles=rules.ROUND_HELPERS, rule=rules.can_decide_paper)
    subject: PaperEntry
    refusals = (SurveysError,)

    def get_subject(self) -> PaperEntry:
        return get_object_or_404(reads.to_decide(self.request.user), pk=self.kwargs["pk"])

    def back(self) -> str:
        return reverse("surveys:papers", args=[self.subject.round_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Help to answer"), reverse("surveys:help_list")), (_("Papers"), self.back())]
        return super().get_context_data(**{"crumbs": crumbs} | kwargs)  # type: ignore[misc]


class PaperDecide(PaperMixin, VerbFormView):
    form_class = DecideForm
    template_name = "surveys/paper_decide.html"
    heading = _("Which one is as on the paper?")
    lead = _("The two typings differ here. Look at the paper and choose.")
    submit = _("Keep the answers")
    done = _("The answers are kept.")

    def get_form_kwargs(self) -> dict[str, Any]:
        entry = self.subject
        asked = entry.round.questionnaire.by_code
        questions = [asked[code] for code in papers.differing(entry)]
        return super().get_form_kwargs() | {"questions": questions, "first": entry.first, "second": entry.second}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            checked = papers.decide_paper(
                entry=self.subject,
                readings=form.readings,
                reasons=form.reasons,
                by=self.request.user,
                at=timezone.now(),
            )
        except self.refusals as refusal:
            return self.refuse(form, refusal)
        if not checked.is_whole:
            for code, error in checked.errors.items():
                form.add_error(code if code in form.fields else None, f"{code}: {MESSAGES[error]}")
            return self.form_invalid(form)
        messages.success(self.request, self.get_done(checked))
        return redirect(self.back())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(entry=self.subject, **kwargs)


class PaperDiscard(PaperMixin, VerbFormView):
    heading = _("Type the paper anew")
    lead = _("Both typings are forgotten. Two people type the paper again.")
    submit = _("Forget both")
    warning = True

    def perform(self, form: Any, at: datetime) -> None:
        papers.discard_paper(entry=self.subject, by=self.request.user, at=at)

    def get_done(self, result: Any) -> str:
        return gettext("Both typings are forgotten.")
