"""The survey for the team: planned, opened, watched by numbers of answers alone, closed, read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from portal.foundation.documents.qr import qr_svg
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.screens import PagedList, VerbFormView
from surveys import rules
from surveys.domain import responses, rounds
from surveys.enums import RoundState
from surveys.errors import NotPossibleNow, SurveysError
from surveys.forms.rounds import CallOffForm, OpenForm, PlanForm, RevisionForm, RoundFilterForm, SlipsForm
from surveys.models import Instrument, Round
from surveys.queries import rounds as reads
from surveys.queries.papers import papers_of
from surveys.questionnaire.pages import pages

USUAL_DAYS = 45


def crumbs_of(round: Round) -> list[tuple[Any, str]]:
    """What leads to a page about one survey."""
    return [*_crumbs(), (str(round), round.get_absolute_url())]


def _crumbs() -> list[tuple[Any, str]]:
    return [(_("Surveys"), reverse("surveys:round_list"))]


class RoundList(PolicyMixin, PagedList):
    """The surveys of the places that one sees."""

    policy = Policy(roles=rules.ROUND_READERS)
    template_name = "surveys/round_list.html"
    context_object_name = "rounds"

    def get_queryset(self) -> Any:
        found = reads.rounds_of(self.request.user)
        return found.filter(state=self.state) if self.state else found

    @property
    def state(self) -> str:
        wanted = self.request.GET.get("estado", "")
        return wanted if wanted in RoundState.values else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            state=self.state,
            filters=RoundFilterForm(self.request.GET),
            plans=rules.can_plan_round(self.request.user),
            watches=rules.watches_rounds(self.request.user),
            **kwargs,
        )


class InstrumentShow(PolicyMixin, TemplateView):
    """A published questionnaire as it is asked, page by page."""

    policy = Policy(roles=rules.ROUND_READERS)
    template_name = "surveys/instrument_show.html"

    def get_subject(self) -> Instrument:
        return get_object_or_404(reads.published_instruments(), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        questionnaire = self.subject.questionnaire
        shown = {"instrument": self.subject, "questionnaire": questionnaire, "pages": pages(questionnaire)}
        return super().get_context_data(crumbs=_crumbs(), **kwargs | shown)


class RoundPlan(PolicyMixin, VerbFormView):
    policy = Policy(roles=rules.ROUND_LEADERS, rule=rules.can_plan_round)
    form_class = PlanForm
    refusals = (SurveysError,)
    heading = _("Plan a survey")
    lead = _("You will see how many people to ask, and how precise the result can be, before it opens.")
    submit = _("Plan it")
    done = _("The survey is planned. Look at the numbers before you open it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        places, instruments = reads.places_to_plan(self.request.user), reads.published_instruments()
        return super().get_form_kwargs() | {"places": places, "instruments": instruments}

    def get_initial(self) -> dict[str, Any]:
        today = timezone.localdate()
        usual = {"response": 25, "opens_on": today, "closes_on": today + timedelta(days=USUAL_DAYS)}
        places = list(reads.places_to_plan(self.request.user)[:2])
        return usual | ({"territory": places[0].pk} if len(places) == 1 else {})

    def refusal(self) -> Any:
        return "" if reads.open_cycle() else _("No cycle is open now.")

    def perform(self, form: Any, at: datetime) -> Round:
        said, cycle = form.cleaned_data, reads.open_cycle()
        if cycle is None:
            raise NotPossibleNow(_("No cycle is open now."))
        return rounds.plan_round(
            territory=said["territory"],
            cycle=cycle,
            instrument=said["instrument"],
            opens_on=said["opens_on"],
            closes_on=said["closes_on"],
            response=Decimal(said["response"]) / 100,
            by=self.request.user,
            at=at,
        )

    def target(self, result: Round) -> str:
        return result.get_absolute_url()

    def back(self) -> str:
        return reverse("surveys:round_list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=_crumbs(), **kwargs)


class RoundMixin(PolicyMixin):
    policy = Policy(roles=rules.ROUND_READERS)
    subject: Round

    def get_subject(self) -> Round:
        return get_object_or_404(reads.rounds_of(self.request.user), pk=self.kwargs["pk"])

    @property
    def today(self) -> date:
        return timezone.localdate(timezone=self.subject.territory.zone)


class RoundShow(RoundMixin, TemplateView):
    """How far it is: answers against the target by stratum, and no score before it is closed."""

    template_name = "surveys/round_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        round = self.subject
        link = f"{settings.SITE_URL}{reverse('surveys:answer', args=[round.open_code])}" if round.open_code else ""
        shown = {
            "round": round,
            "field": reads.fieldwork(round),
            "leads": rules.can_lead_round(self.request.user, round),
            "helps": round.is_open and not round.asks_everybody and rules.can_help_with_round(self.request.user, round),
            "screens": round.screens.all() if round.is_open else [],
            "open_link": link,
            "takes_answers": round.takes_answers(self.today),
            "crumbs": _crumbs(),
        }
        return super().get_context_data(**kwargs | shown)


class RoundVerbView(RoundMixin, VerbFormView):
    """A form that asks for one verb on a round."""

    policy = Policy(roles=rules.ROUND_LEADERS, rule=rules.can_lead_round)
    form_class = RevisionForm
    refusals = (SurveysError,)

    def get_initial(self) -> dict[str, Any]:
        return {"revision": self.subject.revision}

    def asked(self, form: Any, at: datetime) -> dict[str, Any]:
        """What every verb on a round takes."""
        return {"round": self.subject, "revision": form.cleaned_data["revision"], "by": self.request.user, "at": at}

    def back(self) -> str:
        return self.subject.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"crumbs": crumbs_of(self.subject)} | kwargs)


class RoundOpen(RoundVerbView):
    heading = _("Open the survey")
    lead = _("The questionnaire cannot change afterwards, and nobody sees a score until it is closed.")
    submit = _("Open it")
    done = _("The survey is open.")

    def get_form_class(self) -> type[forms.Form]:
        return RevisionForm if self.subject.asks_everybody else OpenForm

    def perform(self, form: Any, at: datetime) -> Round:
        return rounds.open_round(open_link=form.cleaned_data.get("open_link", False), **self.asked(form, at))


class RoundClose(RoundVerbView):
    heading = _("Close the survey")
    lead = _("No more answers are taken, those who did not answer are forgotten, and the results are worked out.")
    submit = _("Close it for good")
    done = _("The survey is closed. Its results are being worked out.")
    warning = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        left = papers_of(self.subject, self.request.user).left
        caution = ngettext(
            "%(count)s paper was not read alike by two people yet. It will not be counted.",
            "%(count)s papers were not read alike by two people yet. They will not be counted.",
            left,
        ) % {"count": left}
        return super().get_context_data(**{"caution": caution if left else ""} | kwargs)

    def perform(self, form: Any, at: datetime) -> Round:
        return rounds.close_round(**self.asked(form, at))


class RoundCallOff(RoundVerbView):
    form_class = CallOffForm
    heading = _("Call the survey off")
    lead = _("It is kept with its reason, and another one can be planned.")
    submit = _("Call it off")
    done = _("The survey is called off.")
    warning = True

    def perform(self, form: Any, at: datetime) -> Round:
        return rounds.call_off(reason=form.cleaned_data["reason"], **self.asked(form, at))


class RoundSlips(RoundVerbView):
    """Slips of paper with a code each, shown once, to print and hand out."""

    form_class = SlipsForm
    heading = _("Print slips")
    lead = _("Each slip has a code that is good for one answer. They are shown once: print them at once.")
    submit = _("Make the slips")

    def get_initial(self) -> dict[str, Any]:
        return {"count": 20, "form_token": uuid4()}

    def refusal(self) -> Any:
        return "" if self.subject.is_open else _("Slips are printed while the survey is open.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"strata": self.subject.strata.all()}

    def form_valid(self, form: Any) -> HttpResponse:
        said = form.cleaned_data
        try:
            tokens = responses.invite_on_paper(
                stratum=said["stratum"],
                count=said["count"],
                form_token=said["form_token"],
                by=self.request.user,
                at=timezone.now(),
            )
        except SurveysError as refusal:
            return self.refuse(form, refusal)
        response = self._printed(self.request, tokens)
        response["Cache-Control"] = "no-store"
        return response

    def _printed(self, request: HttpRequest, tokens: list[str]) -> HttpResponse:
        base = settings.SITE_URL
        slips = [
            {"code": f"{token[:5]} {token[5:]}", "qr": qr_svg(base + reverse("surveys:answer", args=[token]))}
            for token in tokens
        ]
        self.template_name = "surveys/round_slips.html"
        shown = {"round": self.subject, "slips": slips, "address": base + reverse("surveys:code")}
        return self.render_to_response(self.get_context_data(**shown))
