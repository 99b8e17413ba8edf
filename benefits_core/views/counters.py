"""The clerk's counter: choose it, call, attend, finish, send on. Every step is one key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from benefits_core import rules
from benefits_core.domain import calls, desks
from benefits_core.enums import TicketState
from benefits_core.errors import BenefitsError, ClosedToChange
from benefits_core.forms.queues import TicketFinishForm, TransferForm
from benefits_core.models import Desk, Ticket
from benefits_core.queries.queues import Line, current_of, desk_of, desks_to_choose, takes
from benefits_core.views.attentions import person_of
from benefits_core.views.places import PlaceMixin, PlaceVerbView
from portal.foundation.people.access import Policy
from portal.foundation.territories.models import Territory


class CounterView(PlaceMixin, TemplateView):
    """Where one sits, whom one called, and what comes next."""

    policy = Policy(roles=rules.RECORDERS, rule=rules.can_record_attention)
    template_name = "benefits_core/counter.html"
    section = "counter"

    @cached_property
    def desk(self) -> Desk | None:
        return desk_of(self.request.user, self.place)

    @cached_property
    def ticket(self) -> Ticket | None:
        found = current_of(self.request.user)
        return found if found and found.territory_id == self.place.pk else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        context = super().get_context_data(desk=self.desk, ticket=self.ticket, now=now, **kwargs)
        if self.ticket is not None and self.ticket.state == TicketState.SERVING:
            context.setdefault("form", TicketFinishForm(ticket=self.ticket, auto_id="finish_%s"))
        if self.desk is None:
            return {**context, "choices": desks_to_choose(self.place)}
        waiting = [each for each in Line(self.desk.queue, now).waiting if takes(self.desk, each)]
        longest = min((each.arrived_at for each in waiting), default=None)
        return {**context, "count": len(waiting), "longest": longest}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        at, what = timezone.now(), request.POST.get("do", "")
        try:
            named = self.named_ticket()
            if what == "finish" and named is not None:
                return self.finish(named, at)
            self.do(what, named, at)
        except BenefitsError as refused:
            messages.error(request, str(refused))
        return redirect("benefits_core:counter", self.place.slug)

    def named_ticket(self) -> Ticket | None:
        """The number that the page showed: a page gone back to must not end one that was called since."""
        number = self.request.POST.get("ticket", "")
        if not (number.isascii() and number.isdigit() and len(number) < 18):
            return None
        known = Ticket.objects.visible_to(self.request.user).filter(territory=self.place)
        return known.select_related("queue__service_point__territory", "territory", "kind").filter(pk=number).first()

    def do(self, what: str, named: Ticket | None, at: datetime) -> None:
        """One verb; a button that is not there any more does nothing."""
        user = self.request.user
        on_ticket = {"again": calls.call_again, "miss": calls.miss, "start": calls.start}
        on_desk = {"pause": desks.pause_desk, "resume": desks.resume_desk, "leave": desks.leave_desk}
        if what == "take":
            number = self.request.POST.get("desk", "")
            known = Desk.objects.filter(queue__service_point__territory=self.place).select_related("queue")
            desk = get_object_or_404(known, pk=int(number) if number.isascii() and number.isdigit() else 0)
            desks.take_desk(desk=desk, by=user, at=at)
        elif what == "next" and self.desk is not None:
            if calls.call_next(desk=self.desk, by=user, at=at) is None:
                messages.info(self.request, gettext("Nobody waits for your counter now."))
        elif what in on_ticket and named is not None:
            on_ticket[what](ticket=named, by=user, at=at)
        elif what in on_desk and self.desk is not None:
            on_desk[what](desk=self.desk, by=user, at=at)

    def finish(self, ticket: Ticket, at: datetime) -> HttpResponse:
        form = TicketFinishForm(self.request.POST, ticket=ticket, auto_id="finish_%s")
        if form.is_valid():
            try:
                done = calls.finish(
                    ticket=ticket,
                    outcome=form.cleaned_data["outcome"],
                    matter=form.cleaned_data["matter"],
                    person=person_of(form, self.place, self.request.user, at),
                    by=self.request.user,
                    at=at,
                )
            except BenefitsError as refused:
                field = getattr(refused, "field", "")
                form.add_error(field if field in form.fields else None, str(refused))
            else:
                messages.success(
                    self.request,
                    gettext("%(code)s is attended: attention %(number)s.")
                    % {"code": done.code, "number": str(done.attention_id)},
                )
                return redirect("benefits_core:counter", self.place.slug)
        if ticket != self.ticket:
            raise ClosedToChange(gettext("Nothing was done: the page you had open showed another number."))
        return self.render_to_response(self.get_context_data(form=form))


class TicketMixin(PlaceMixin):
    """The subject is a number of the queue."""

    policy = Policy(roles=rules.RECORDERS, rule=rules.can_run_ticket)
    subject: Ticket  # type: ignore[assignment]
    section = "counter"

    def get_subject(self) -> Ticket:  # type: ignore[override]
        visible = Ticket.objects.visible_to(self.request.user).select_related(
            "territory", "queue__service_point__territory", "kind", "appointment"
        )
        return get_object_or_404(visible, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    @property
    def place(self) -> Territory:
        return self.subject.territory

    def back(self) -> str:
        return reverse("benefits_core:counter", args=[self.place.slug])


class TransferTicket(TicketMixin, PlaceVerbView):
    form_class = TransferForm
    submit = _("Send on")
    lead = _("The person keeps the number and does not lose the place: the wait counts from the arrival.")

    def get_heading(self) -> str:
        return gettext("Send %(code)s on") % {"code": self.subject.code}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "ticket": self.subject}

    def get_initial(self) -> dict[str, Any]:
        return {"kind": self.subject.kind_id}

    def perform(self, form: Any, at: datetime) -> Ticket:
        return calls.transfer(ticket=self.subject, by=self.request.user, at=at, **form.cleaned_data)

    def get_done(self, result: Ticket) -> str:
        return gettext("%(code)s waits for another counter.") % {"code": result.code}


class WithdrawTicket(TicketMixin, PlaceVerbView):
    """Whoever went away is not called any more."""

    section = "queue"
    submit = _("Take it out")
    lead = _("It is not called any more. It counts among those who went away without being attended.")
    warning = True

    def get_heading(self) -> str:
        return gettext("Take %(code)s out of the queue?") % {"code": self.subject.code}

    def perform(self, form: Any, at: datetime) -> Ticket:
        return calls.withdraw(ticket=self.subject, by=self.request.user, at=at)

    def get_done(self, result: Ticket) -> str:
        return gettext("%(code)s is out of the queue.") % {"code": result.code}

    def back(self) -> str:
        address = reverse("benefits_core:queue", args=[self.place.slug])
        return f"{address}?punto={self.subject.queue.service_point_id}"
