"""At the office: screens for whoever wants to answer, and reading the questions aloud to whoever was asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.foundation.documents.qr import qr_svg
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.screens import PagedList, VerbFormView
from surveys import rules
from surveys.domain import responses, screens
from surveys.errors import SurveysError, TokenGone
from surveys.forms.rounds import AssistForm, ScreenForm
from surveys.models import Round, SurveyScreen
from surveys.queries import rounds as reads
from surveys.questionnaire.answers import Checked
from surveys.views.answering import AnswerView
from surveys.views.rounds import RoundVerbView, crumbs_of

CODE, DECLARED = "codigo", "declara"


class ScreenAdd(RoundVerbView):
    """The address of a new screen, shown once."""

    form_class = ScreenForm
    heading = _("Put the survey on a screen")
    lead = _("For a tablet or computer of the office. Whoever wants answers there, and nothing stays on it.")
    submit = _("Make its address")

    def refusal(self) -> Any:
        return "" if self.subject.is_open else _("Screens are added while the survey is open.")

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            _screen, key = screens.add_screen(
                round=self.subject, name=form.cleaned_data["name"], by=self.request.user, at=timezone.now()
            )
        except SurveysError as refusal:
            return self.refuse(form, refusal)
        self.template_name = "surveys/screen_added.html"
        address = settings.SITE_URL + reverse("surveys:kiosk_open", args=[key])
        response = self.render_to_response(self.get_context_data(address=address, qr=qr_svg(address)))
        response["Cache-Control"] = "no-store"
        return response


class ScreenRemove(PolicyMixin, VerbFormView):
    policy = Policy(roles=rules.ROUND_LEADERS, rule=rules.can_lead_screen)
    refusals = (SurveysError,)
    heading = _("Remove the screen")
    lead = _("It shows the survey no more. What was answered there stays.")
    submit = _("Remove it")
    done = _("The screen is removed.")
    warning = True
    subject: SurveyScreen

    def get_subject(self) -> SurveyScreen:
        return get_object_or_404(reads.screens_of(self.request.user), pk=self.kwargs["pk"])

    def perform(self, form: Any, at: datetime) -> None:
        screens.remove_screen(screen=self.subject, by=self.request.user, at=at)

    def back(self) -> str:
        return self.subject.round.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=crumbs_of(self.subject.round), **kwargs)


class HelpList(PolicyMixin, PagedList):
    """The surveys in which one may help."""

    policy = Policy(roles=rules.ROUND_HELPERS)
    template_name = "surveys/help_list.html"
    context_object_name = "rounds"

    def get_queryset(self) -> Any:
        return reads.rounds_to_help_with(self.request.user, rules.ROUND_HELPERS)


class AssistView(AnswerView):
    """First the code and what whoever helps declares; then the questions, which carry both along.

    Neither the address nor the session holds the code, and nothing says who helped whom.
    """

    policy = Policy(roles=rules.ROUND_HELPERS, rule=rules.can_help_with_round)
    subject: Round

    def get_subject(self) -> Round:
        return get_object_or_404(
            reads.rounds_to_help_with(self.request.user, rules.ROUND_HELPERS), pk=self.kwargs["pk"]
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._begin(AssistForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AssistForm(request.POST)
        if not form.is_valid():
            return self._begin(form)
        try:
            is_here = self.door.round.pk == self.subject.pk
        except TokenGone as gone:
            form.add_error(CODE, str(gone))
            return self._begin(form)
        if not is_here:
            form.add_error(CODE, gettext("This code is of another survey."))
            return self._begin(form)
        return super().post(request, *args, **kwargs)

    @cached_property
    def door(self) -> responses.Door:
        return responses.as_assisted(responses.find_door(self.request.POST.get(CODE, ""), at=timezone.now()))

    def respond(self) -> Checked:
        return responses.respond(
            code=self.request.POST.get(CODE, ""), given=self.given, is_assisted=True, at=timezone.now()
        )

    def carried(self) -> list[tuple[str, str]]:
        return [(CODE, self.request.POST.get(CODE, "")), (DECLARED, "on")]

    def thanks(self) -> HttpResponse:
        messages.success(self.request, gettext("The answers arrived. Thank the person."))
        return redirect("surveys:assist", self.subject.pk)

    def _gone(self, request: HttpRequest) -> HttpResponse:
        """Used meanwhile, as by a page sent twice."""
        form = AssistForm(request.POST)
        form.add_error(CODE, str(TokenGone()))
        return self._begin(form)

    def _begin(self, form: forms.Form) -> HttpResponse:
        self.template_name = "surveys/assist_start.html"
        crumbs = [(_("Help to answer"), reverse("surveys:help_list"))]
        return self.render_to_response(self.get_context_data(form=form, round=self.subject, crumbs=crumbs))
