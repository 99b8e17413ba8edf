"""Answering the survey: a code, a few pages, thanks. No account, no script; nothing is kept until it is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from portal.foundation.people import limits
from portal.foundation.people.access import PUBLIC, PolicyMixin
from surveys.domain import responses
from surveys.enums import AnswerMode
from surveys.errors import TokenGone
from surveys.forms.answering import PageForm, said
from surveys.forms.rounds import CodeForm
from surveys.questionnaire.answers import Checked, check
from surveys.questionnaire.model import Kind, Question
from surveys.questionnaire.pages import Page, pages

# Whole towns share an address: what is limited are codes that open nothing.
WRONG_PER_HOUR, SENT_PER_HOUR, HOUR = 100, 600, timedelta(hours=1)
DONE = "encuesta"
FIRST = 0
DONE_SECONDS = 15 * 60


class CodeView(PolicyMixin, FormView):
    """The code of a printed slip, typed in."""

    policy = PUBLIC
    template_name = "surveys/answer_code.html"
    form_class = CodeForm

    def form_valid(self, form: CodeForm) -> HttpResponse:
        return redirect("surveys:answer", form.cleaned_data["code"])


class DoorMixin(PolicyMixin):
    """What the code of the address opens; a code that opens nothing is answered alike, whatever it was."""

    policy = PUBLIC
    kwargs: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except TokenGone:
            response = self._gone(request)
        # Going back finds the page again; the thanks at the end take them all from a shared screen.
        response["Cache-Control"] = "private, no-cache"
        return response

    @cached_property
    def door(self) -> responses.Door:
        return responses.find_door(self.kwargs["code"], at=timezone.now())

    def _gone(self, request: HttpRequest) -> HttpResponse:
        if request.COOKIES.get(DONE):
            # Sent twice, or gone back to: it is kept already.
            return redirect("surveys:answered")
        address = limits.client_address(request)
        is_patient = limits.allow(
            action="surveys.code", address=address, limit=WRONG_PER_HOUR, window=HOUR, at=timezone.now()
        )
        shown = {"too_many": not is_patient, "form": CodeForm()}
        return render(request, "surveys/answer_gone.html", shown, status=404 if is_patient else 429)


class StartView(DoorMixin, TemplateView):
    """What it is, how long it takes, and that nobody learns who answered what."""

    template_name = "surveys/answer_start.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        questionnaire = self.door.round.questionnaire
        return super().get_context_data(
            round=self.door.round,
            title=said(questionnaire.title),
            consent=said(questionnaire.consent),
            status_note=said(questionnaire.status_note),
            minutes=questionnaire.minutes,
            **kwargs,
        )


class AnswerView(DoorMixin, TemplateView):
    """One page after the other; each post brings all that was answered so far."""

    template_name = "surveys/answer_page.html"
    frame = "base.html"

    def respond(self) -> Checked:
        """Keep what was answered."""
        return responses.respond(code=self.kwargs["code"], given=self.given, at=timezone.now())

    def thanks(self) -> HttpResponse:
        """What comes when it is kept."""
        response = redirect("surveys:answered")
        response.set_cookie(
            DONE, "1", max_age=DONE_SECONDS, httponly=True, samesite="Lax", path=reverse("surveys:code")
        )
        return response

    def carried(self) -> list[tuple[str, str]]:
        """What travels along besides the answers."""
        return []

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        here = self._page_number(request.POST.get("pagina", ""))
        if here is None:
            return self._show(FIRST)
        if "volver" in request.POST:
            return self._show(self._before(here))
        wrong = {code: error for code, error in self.checked.errors.items() if code in self._codes(here)}
        if wrong:
            return self._show(here, wrong)
        following = self._after(here)
        if following is not None:
            return self._show(following)
        return self._send() if self._is_within_limits() else self._later(here)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show(FIRST)

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        return pages(self.door.round.questionnaire)

    @cached_property
    def given(self) -> dict[str, Any]:
        known = self.door.round.questionnaire.by_code
        return {code: self.request.POST.getlist(code) for code in known if code in self.request.POST}

    @cached_property
    def checked(self) -> Checked:
        return check(self.door.round.questionnaire, self.given)

    def _asked(self, page: int) -> tuple[Question, ...]:
        return tuple(one for one in self.pages[page] if one.code in self.checked.asked)

    def _codes(self, page: int) -> set[str]:
        return {one.code for one in self.pages[page]}

    def _before(self, page: int) -> int:
        return next((one for one in range(page - 1, -1, -1) if self._asked(one)), FIRST)

    def _after(self, page: int) -> int | None:
        """The next page with something to ask; None at the end."""
        return next((one for one in range(page + 1, len(self.pages)) if self._asked(one)), None)

    def _page_number(self, text: str) -> int | None:
        is_page = text.isascii() and text.isdigit() and int(text[:4]) < len(self.pages)
        return int(text[:4]) if is_page else None

    def _is_within_limits(self) -> bool:
        """By the open link or at a screen anybody may answer as often as they like: a network's are counted."""
        if self.door.mode not in (AnswerMode.OPEN, AnswerMode.KIOSK):
            return True
        address = limits.client_address(self.request)
        return limits.allow(
            action="surveys.respond", address=address, limit=SENT_PER_HOUR, window=HOUR, at=timezone.now()
        )

    def _later(self, page: int) -> HttpResponse:
        messages.error(
            self.request, _("Many answers came from your connection. Yours are still on this page: send in one hour.")
        )
        response = self._show(page)
        response.status_code = 429
        return response

    def _send(self) -> HttpResponse:
        checked = self.respond()
        if not checked.is_whole:
            # Something of an earlier page was taken away meanwhile.
            wrong = next(page for page in range(len(self.pages)) if self._codes(page) & set(checked.errors))
            return self._show(wrong, checked.errors)
        return self.thanks()

    def _show(self, page: int, errors: Any = None) -> HttpResponse:
        questions = self._asked(page)
        codes = {one.code for one in questions}
        channel = self.checked.channel or self.door.channel
        form = PageForm(
            self.request.POST if errors else None,
            initial={} if errors else self._initial(questions),
            questions=questions,
            channel=channel,
        )
        if errors:
            form.tell(errors)
        rest = [(code, value) for code, values in self.given.items() if code not in codes for value in values]
        rest += self.carried()
        return self.render_to_response(
            self.get_context_data(
                form=form,
                page=page,
                rest=rest,
                number=page + 1,
                total=len(self.pages),
                is_first=page == FIRST,
                is_last=self._after(page) is None,
                round=self.door.round,
                frame=self.frame,
                scale_help=self._scale_help(questions),
            )
        )

    def _initial(self, questions: tuple[Question, ...]) -> dict[str, Any]:
        several = {one.code for one in questions if one.kind is Kind.MULTI}
        return {code: values if code in several else values[0] for code, values in self.given.items() if values}

    def _scale_help(self, questions: tuple[Question, ...]) -> str:
        has_marks = any(one.kind in (Kind.MARK, Kind.AGREE) for one in questions)
        return said(self.door.round.questionnaire.scale_help) if has_marks else ""


class AnsweredView(PolicyMixin, TemplateView):
    """Thanks, and where the results will be read."""

    policy = PUBLIC
    template_name = "surveys/answered.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        # The next person may sit down at the same screen.
        response["Clear-Site-Data"] = '"cache"'
        return response
