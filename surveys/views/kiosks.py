"""The survey on a screen of the office: no code, no account, and nothing left for whoever comes next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.views.generic import FormView, TemplateView, View

from portal.foundation.people import limits
from portal.foundation.people.access import PUBLIC, PolicyMixin
from surveys.domain import responses
from surveys.errors import TokenGone
from surveys.forms.answering import said
from surveys.forms.rounds import CodeForm
from surveys.questionnaire.answers import Checked
from surveys.views.answering import HOUR, WRONG_PER_HOUR, AnswerView

COOKIE = "mejora_survey_screen"
KEPT = timedelta(days=130)
TRIES_PER_HOUR = 60
# How long a page waits for somebody who went away, and how long the thanks stay.
IDLE_MINUTES, THANKS_SECONDS = 4, 12


class KioskOpen(PolicyMixin, View):
    """The address that is opened once on the screen: its key goes into a cookie, and out of the address."""

    policy = PUBLIC

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        at = timezone.now()
        is_allowed = limits.allow(
            action="surveys.screen",
            address=limits.client_address(request),
            limit=TRIES_PER_HOUR,
            window=HOUR,
            at=at,
        )
        try:
            if not is_allowed:
                raise TokenGone
            responses.find_screen(key, at=at)
        except TokenGone:
            return no_screen(request)
        response = redirect("surveys:kiosk")
        response["Cache-Control"] = "no-store"
        response.set_cookie(
            COOKIE,
            key,
            max_age=KEPT,
            httponly=True,
            secure=request.is_secure(),
            samesite="Lax",
        )
        return response


class KioskMixin(PolicyMixin):
    """The key in the browser's cookie says which survey; a wrong or removed one is told nothing.

    Every page goes back to the start by itself, without scripts, and none stays in the browser.
    """

    policy = PUBLIC
    idle_seconds = IDLE_MINUTES * 60
    is_home = False
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.screen = responses.find_screen(request.COOKIES.get(COOKIE, ""), at=timezone.now())
        except TokenGone:
            return no_screen(request)
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        if not self.is_home and response.status_code in (200, 429):
            response["Refresh"] = f"{self.idle_seconds}; url={kiosk_home()}"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {
            "round": self.screen.round,
            "home": kiosk_home(),
            "is_home": self.is_home,
            "idle_minutes": IDLE_MINUTES,
        }
        return super().get_context_data(**shown | kwargs)  # type: ignore[misc]


class Kiosk(KioskMixin, FormView):
    """Begin, or begin with the code of one's paper, which makes one of those who were asked."""

    template_name = "surveys/kiosk_start.html"
    form_class = CodeForm
    is_home = True

    def form_valid(self, form: CodeForm) -> HttpResponse:
        now, code = timezone.now(), form.cleaned_data["code"]
        try:
            door = responses.find_door(code, at=now)
        except TokenGone as gone:
            address = limits.client_address(self.request)
            if limits.allow(action="surveys.code", address=address, limit=WRONG_PER_HOUR, window=HOUR, at=now):
                form.add_error("code", str(gone))
                return self.form_invalid(form)
            form.add_error("code", gettext("Many codes were tried from your connection. Try again in one hour."))
            return self.render_to_response(self.get_context_data(form=form), status=429)
        if door.round.pk != self.screen.round.pk or door.invitation is None:
            form.add_error("code", gettext("This code is of another survey."))
            return self.form_invalid(form)
        return redirect("surveys:kiosk_slip", code)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consent=said(self.screen.round.questionnaire.consent), **kwargs)


class KioskAnswer(KioskMixin, AnswerView):
    """The questions, page by page, for whoever wants."""

    frame = "surveys/kiosk_frame.html"

    @cached_property
    def door(self) -> responses.Door:
        return self.screen

    def respond(self) -> Checked:
        return responses.respond_at_screen(
            key=self.request.COOKIES.get(COOKIE, ""), given=self.given, at=timezone.now()
        )

    def thanks(self) -> HttpResponse:
        return redirect("surveys:kiosk_thanks")

    def _gone(self, request: HttpRequest) -> HttpResponse:
        return redirect("surveys:kiosk")


class KioskSlip(KioskAnswer):
    """The same for whoever typed the code of a paper: it was drawn, so the answer counts in the sample."""

    @cached_property
    def door(self) -> responses.Door:
        return responses.find_door(self.kwargs["code"], at=timezone.now())

    def respond(self) -> Checked:
        return responses.respond(code=self.kwargs["code"], given=self.given, at=timezone.now())


class KioskThanks(KioskMixin, TemplateView):
    """Thanks, for some seconds."""

    template_name = "surveys/kiosk_thanks.html"
    idle_seconds = THANKS_SECONDS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


def no_screen(request: HttpRequest) -> HttpResponse:
    """The same for a key that never was, one that was removed, a survey that ended, and no key at all."""
    response = render(request, "surveys/kiosk_none.html", status=404)
    response["Cache-Control"] = "no-store"
    return response


def kiosk_home() -> str:
    """Where whoever comes next begins, in Spanish."""
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("surveys:kiosk")
