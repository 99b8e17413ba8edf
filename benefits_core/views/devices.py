"""Kiosk and call screen: devices of a service point that hold its key, and nobody's account.

Nothing of these pages stays in the browser, and they lead nowhere else.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.views.generic import FormView, TemplateView, View

from benefits_core.domain import queue_setup, tickets
from benefits_core.enums import DeviceKind, PriorityKind
from benefits_core.errors import BenefitsError
from benefits_core.forms.queues import AnnounceForm, TakeForm
from benefits_core.models import DeviceLink, Queue, QueueKind, Ticket
from benefits_core.queries.queues import Line, board_of, gives_numbers, kinds_of, link_of, today_at
from portal.foundation.people import limits
from portal.foundation.people.access import PUBLIC, PolicyMixin

# One cookie for each kind: the same computer may show both.
COOKIE = "mejora_device_{}"
KEPT = timedelta(days=400)
HOME = {DeviceKind.KIOSK: "benefits_core:kiosk", DeviceKind.DISPLAY: "benefits_core:display"}
TRIES_PER_HOUR = 60
NUMBERS_PER_HOUR = 300
ANNOUNCED_PER_HOUR = 120
# How long a page of the kiosk waits for somebody who went away.
IDLE_SECONDS, SHOWN_SECONDS = 120, 45


class OpenDevice(PolicyMixin, View):
    """The address that is opened once on the device: its key goes into a cookie, and out of the address."""

    policy = PUBLIC

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        at = timezone.now()
        is_allowed = limits.allow(
            action="benefits_core.device",
            address=limits.client_address(request),
            limit=TRIES_PER_HOUR,
            window=timedelta(hours=1),
            at=at,
        )
        link = link_of(token) if is_allowed else None
        if link is None:
            return unknown_device(request)
        response = redirect(HOME[DeviceKind(link.kind)])
        response["Cache-Control"] = "no-store"
        response.set_cookie(
            COOKIE.format(link.kind),
            token,
            max_age=KEPT,
            httponly=True,
            secure=request.is_secure(),
            samesite="Lax",
        )
        return response


class DeviceMixin(PolicyMixin):
    """The key in the browser's cookie says whose page it is; a wrong or revoked one is told nothing."""

    policy = PUBLIC
    device_kind: ClassVar[DeviceKind]
    link: DeviceLink

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        link = link_of(request.COOKIES.get(COOKIE.format(self.device_kind), ""), self.device_kind)
        if link is None:
            return unknown_device(request)
        self.link = link
        queue_setup.note_use(link=link, at=timezone.now())
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    @property
    def queue(self) -> Queue:
        return self.link.queue

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"queue": self.queue, "point": self.queue.service_point, "place": self.queue.territory}
        return super().get_context_data(**shown | kwargs)  # type: ignore[misc]


class KioskMixin(DeviceMixin):
    device_kind = DeviceKind.KIOSK
    idle = IDLE_SECONDS

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if self.idle and response.status_code == 200:
            # For browsers without scripts too: whoever comes next begins at the beginning, in Spanish.
            response["Refresh"] = f"{self.idle}; url={kiosk_home()}"
        return response


class Kiosk(KioskMixin, TemplateView):
    """What do you come for? One button for each kind."""

    template_name = "benefits_core/kiosk.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            kinds=kinds_of(self.queue), is_open=gives_numbers(self.queue, timezone.now()), **kwargs
        )


class KioskTake(KioskMixin, FormView):
    """Do you go first? Each answer gives the number."""

    template_name = "benefits_core/kiosk_take.html"
    form_class = TakeForm

    @cached_property
    def kind(self) -> QueueKind:
        return get_object_or_404(kinds_of(self.queue), pk=self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return {"token": uuid4()}

    def form_valid(self, form: TakeForm) -> HttpResponse:
        at, cleaned = timezone.now(), form.cleaned_data
        if not _allowed("benefits_core.ticket", self.link, NUMBERS_PER_HOUR, at):
            form.add_error(None, gettext("Too many numbers were taken here. Ask at the counter."))
            return self.render_to_response(self.get_context_data(form=form), status=429)
        try:
            ticket = tickets.issue(
                queue=self.queue,
                kind=self.kind,
                priority_kind=cleaned["priority_kind"],
                contact=cleaned["contact"],
                form_token=cleaned["token"],
                by=None,
                at=at,
            )
        except BenefitsError as refused:
            field = getattr(refused, "field", "")
            form.add_error(field if field in form.fields else None, str(refused))
            return self.form_invalid(form)
        return redirect("benefits_core:kiosk_ticket", ticket.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=self.kind, priorities=PriorityKind.choices, **kwargs)


class KioskAnnounce(KioskMixin, FormView):
    """I have an appointment: the code of its receipt gives the number."""

    template_name = "benefits_core/kiosk_announce.html"
    form_class = AnnounceForm

    def form_valid(self, form: AnnounceForm) -> HttpResponse:
        at = timezone.now()
        if not _allowed("benefits_core.announce", self.link, ANNOUNCED_PER_HOUR, at):
            form.add_error(None, gettext("Too many codes were tried here. Ask at the counter."))
            return self.render_to_response(self.get_context_data(form=form), status=429)
        try:
            ticket = tickets.announce(queue=self.queue, code=form.cleaned_data["code"], by=None, at=at)
        except BenefitsError as refused:
            form.add_error("code", str(refused))
            return self.form_invalid(form)
        return redirect("benefits_core:kiosk_ticket", ticket.pk)


class KioskTicket(KioskMixin, TemplateView):
    """The number, on the screen and on paper; of today and of this service point alone."""

    template_name = "benefits_core/kiosk_ticket.html"
    idle = SHOWN_SECONDS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = timezone.now()
        line = Line(self.queue, at)
        of_today = Ticket.objects.filter(queue=self.queue, day=today_at(self.queue, at)).select_related("kind")
        ticket = get_object_or_404(of_today, pk=self.kwargs["pk"])
        waits = ticket in line.waiting
        return super().get_context_data(
            ticket=ticket,
            waits=waits,
            before=line.expected_before(ticket) if waits else 0,
            minutes=line.estimate(ticket) if waits else None,
            prints=self.link.prints,
            home=kiosk_home(),
            **kwargs,
        )


class Display(DeviceMixin, TemplateView):
    """For the waiting room: who is called where, and how many wait. No names, ever."""

    device_kind = DeviceKind.DISPLAY
    template_name = "benefits_core/display.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = timezone.now()
        return super().get_context_data(board=board_of(self.queue, at), now=at, **kwargs)


def unknown_device(request: HttpRequest) -> HttpResponse:
    """The same for a key that never was, one that was revoked, and no key at all."""
    response = render(request, "benefits_core/device_unknown.html", status=404)
    response["Cache-Control"] = "no-store"
    return response


def kiosk_home() -> str:
    """Where whoever comes next begins."""
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("benefits_core:kiosk")


def _allowed(action: str, link: DeviceLink, limit: int, at: Any) -> bool:
    return limits.allow(action=action, address=f"device {link.pk}", limit=limit, window=timedelta(hours=1), at=at)
