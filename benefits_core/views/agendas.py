"""The agenda of the team: a day of a service point, bookings by clerks, and when appointments are taken."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from benefits_core import rules
from benefits_core.domain import agendas as agenda_verbs
from benefits_core.domain import appointments as verbs
from benefits_core.domain import tickets
from benefits_core.errors import BenefitsError
from benefits_core.forms.appointments import (
    AgendaFilterForm,
    ClerkBookForm,
    CloseDayForm,
    EndRuleForm,
    ExtraForm,
    RuleForm,
)
from benefits_core.models import AgendaException, AgendaRule, Appointment, Ticket
from benefits_core.queries.appointments import agenda_of_day, booked_then, found_in_agenda, points_with_agenda
from benefits_core.views.attentions import person_of
from benefits_core.views.booking import moment_in
from benefits_core.views.places import PlaceMixin, PlaceVerbView
from portal.foundation.audit.domain import record_looks
from portal.foundation.people.access import Policy
from portal.foundation.people.roles import Role
from portal.foundation.receipts import session
from portal.foundation.receipts.domain import Issued
from portal.foundation.receipts.queries import receipt_of
from portal.foundation.territories.models import ServicePoint, Territory
from portal.foundation.ui.forms import ConfirmForm

COORDINATOR = frozenset({Role.COORDINATOR})
SEARCHED = timedelta(days=21)


class AgendaMixin(PlaceMixin):
    policy = Policy(roles=rules.RECORDERS, rule=rules.can_record_attention)
    section = "agenda"


class DayAgenda(AgendaMixin, TemplateView):
    """Who is expected on a day at a service point, what is free, and what to do with each."""

    template_name = "benefits_core/agenda_day.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = AgendaFilterForm(self.request.GET)
        asked = form.cleaned_data if form.is_valid() else {}
        day = asked.get("dia") or self.today
        points = points_with_agenda(self.place)
        wanted = self.request.GET.get("punto", "")
        point = next((each for each in points if str(each.pk) == wanted), points[0] if points else None)
        text = asked.get("q", "").strip()
        found = found_in_agenda(self.place, text, day - SEARCHED, day + SEARCHED) if text else []
        slots = agenda_of_day(point, day) if point and not text else []
        # Names in clear: each person whose name is shown can read who looked.
        expected = [*found, *(each for slot in slots for each in slot.expected)]
        record_looks(
            by=self.request.user,
            objects=[each.appointment for each in expected if each.name],
            purpose=gettext("To see who has an appointment"),
            at=timezone.now(),
            territory=self.place,
        )
        return super().get_context_data(
            form=form,
            day=day,
            before=day - timedelta(days=1),
            after=day + timedelta(days=1),
            points=points,
            point=point,
            text=text,
            found=found,
            slots=slots,
            now=timezone.now(),
            runs=rules.can_run_service_points(self.request.user, self.place),
            is_today=day == self.today,
            today=self.today,
            **kwargs,
        )


class ClerkBook(AgendaMixin, PlaceVerbView):
    """A clerk books for somebody who is here or on the telephone."""

    form_class = ClerkBookForm
    template_name = "benefits_core/agenda_book.html"
    submit = _("Book it")
    done = ""

    @cached_property
    def point(self) -> ServicePoint:
        points = ServicePoint.objects.open().select_related("territory")
        return get_object_or_404(points, pk=self.kwargs["pk"], territory=self.place)

    @cached_property
    def starts_at(self) -> datetime:
        return moment_in(self.kwargs["moment"], self.place)

    def get_heading(self) -> str:
        return gettext("Book an appointment")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "place": self.place}

    def get_initial(self) -> dict[str, Any]:
        return {"token": uuid4()}

    def perform(self, form: Any, at: datetime) -> verbs.Booked:
        cleaned = form.cleaned_data
        booked = verbs.book(
            service_point=self.point,
            starts_at=self.starts_at,
            matter=cleaned["matter"],
            name=cleaned["name"],
            contact=cleaned["contact"],
            preferential=cleaned["preferential"],
            person=person_of(form, self.place, self.request.user, at),
            form_token=cleaned["token"],
            by=self.request.user,
            at=at,
        )
        if booked.secret:
            session.keep_to_print(self.request, Issued(booked.receipt, booked.secret))
        return booked

    def target(self, result: verbs.Booked) -> str:
        return reverse("benefits_core:appointment_slip", args=[result.appointment.pk])

    def back(self) -> str:
        address = reverse("benefits_core:agenda", args=[self.place.slug])
        return f"{address}?punto={self.point.pk}&dia={self.starts_at.date().isoformat()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(point=self.point, starts_at=self.starts_at, **kwargs)


class AppointmentMixin(AgendaMixin):
    """The subject is an appointment."""

    policy = Policy(roles=rules.RECORDERS, rule=rules.can_run_appointment)
    subject: Appointment  # type: ignore[assignment]

    def get_subject(self) -> Appointment:  # type: ignore[override]
        visible = Appointment.objects.visible_to(self.request.user).select_related(
            "territory", "service_point__territory", "matter"
        )
        return get_object_or_404(visible, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    @property
    def place(self) -> Territory:
        return self.subject.territory

    def back(self) -> str:
        address = reverse("benefits_core:agenda", args=[self.place.slug])
        return f"{address}?punto={self.subject.service_point_id}&dia={self.subject.day.isoformat()}"


class Slip(AppointmentMixin, TemplateView):
    """The paper for whoever was booked by a clerk: the words are on it and not on the screen."""

    template_name = "benefits_core/appointment_slip.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        receipt = receipt_of(self.subject)
        return super().get_context_data(
            appointment=self.subject,
            shown=session.to_show(self.request, receipt) if receipt else None,
            receipt=receipt,
            back=self.back(),
            site_address=settings.SITE_URL,
            **kwargs,
        )


class DoWithAppointment(AppointmentMixin, View):
    """Arrived, attended, did not come: one button each, back to the agenda."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        verb = {"arrive": tickets.welcome, "serve": verbs.serve, "miss": verbs.miss}.get(request.POST.get("do", ""))
        if verb is None:
            return redirect(self.back())
        try:
            result = verb(appointment=self.subject, by=request.user, at=timezone.now())
        except BenefitsError as refused:
            messages.error(request, str(refused))
            return redirect(self.back())
        if verb is verbs.serve:
            messages.success(request, gettext("The service has begun. Finish it here when it ends."))
            return redirect("benefits_core:attention_record", self.place.slug)
        if isinstance(result, Ticket):
            messages.success(request, gettext("The number in the queue is %(code)s.") % {"code": result.code})
        return redirect(self.back())


class CancelAppointment(AppointmentMixin, PlaceVerbView):
    form_class = ConfirmForm
    heading = _("Cancel the appointment?")
    lead = _("The time is free again. We tell the person where we have a contact.")
    submit = _("Cancel the appointment")
    done = _("The appointment is cancelled.")
    warning = True

    def perform(self, form: Any, at: datetime) -> Appointment:
        return verbs.cancel(appointment=self.subject, by=self.request.user, at=at)


# --- When appointments are taken


class Rules(PlaceMixin, TemplateView):
    """The rules of every service point, and the days that are not like the others."""

    policy = Policy(roles=COORDINATOR, rule=rules.can_run_service_points)
    template_name = "benefits_core/agenda_rules.html"
    section = "agenda"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        points = ServicePoint.objects.open().filter(territory=self.place).order_by("name")
        own = AgendaRule.objects.filter(service_point__in=points).exclude(ends_on__lt=self.today)
        days = AgendaException.objects.filter(service_point__in=points, day__gte=self.today)
        return super().get_context_data(
            rows=[
                (
                    point,
                    [rule for rule in own if rule.service_point_id == point.pk],
                    [day for day in days if day.service_point_id == point.pk],
                )
                for point in points
            ],
            **kwargs,
        )


class RuleVerbView(PlaceVerbView):
    policy = Policy(roles=COORDINATOR, rule=rules.can_run_service_points)
    section = "agenda"

    @cached_property
    def point(self) -> ServicePoint:
        return get_object_or_404(ServicePoint.objects.open(), pk=self.kwargs["pk"], territory=self.place)

    def back(self) -> str:
        return reverse("benefits_core:agenda_rules", args=[self.place.slug])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*super().crumbs(), (gettext("When appointments are taken"), self.back())]


class AddRule(RuleVerbView):
    form_class = RuleForm
    heading = _("Add hours for appointments")
    submit = _("Add")
    done = _("The hours are in the agenda.")

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": self.today, "weekdays": [0, 1, 2, 3, 4]}

    def perform(self, form: Any, at: datetime) -> list[AgendaRule]:
        cleaned = dict(form.cleaned_data)
        return agenda_verbs.add_rules(
            service_point=self.point, weekdays=cleaned.pop("weekdays"), by=self.request.user, at=at, **cleaned
        )


class EndRule(RuleVerbView):
    form_class = EndRuleForm
    heading = _("End these hours")
    submit = _("End them")
    done = _("The hours end.")

    @cached_property
    def rule(self) -> AgendaRule:
        rules_here = AgendaRule.objects.filter(service_point__territory=self.place).select_related("service_point")
        return get_object_or_404(rules_here, pk=self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return {"last": self.today}

    def get_heading(self) -> str:
        return gettext("End the hours of %(rule)s") % {"rule": self.rule}

    def perform(self, form: Any, at: datetime) -> Any:
        return agenda_verbs.end_rule(rule=self.rule, by=self.request.user, at=at, **form.cleaned_data)


class CloseDay(RuleVerbView):
    form_class = CloseDayForm
    heading = _("Close a day")
    lead = _("Nothing is offered then. What is booked already stays: tell those people.")
    submit = _("Close it")
    done = _("The day is closed.")

    def perform(self, form: Any, at: datetime) -> AgendaException:
        return agenda_verbs.close_day(service_point=self.point, by=self.request.user, at=at, **form.cleaned_data)

    def get_done(self, result: AgendaException) -> Any:
        if not (count := booked_then(result)):
            return self.done
        return ngettext(
            "The day is closed. %(count)s person has an appointment then. Tell that person, and cancel it.",
            "The day is closed. %(count)s people have an appointment then. Tell them, and cancel them.",
            count,
        ) % {"count": count}

    def target(self, result: AgendaException) -> str:
        """Whoever has to be told is in the agenda of that day."""
        if not booked_then(result):
            return self.back()
        asked = urlencode({"punto": self.point.pk, "dia": result.day.isoformat()})
        return f"{reverse('benefits_core:agenda', args=[self.place.slug])}?{asked}"


class AddSlots(RuleVerbView):
    form_class = ExtraForm
    heading = _("Add slots to one day")
    submit = _("Add")
    done = _("The slots are in the agenda.")

    def perform(self, form: Any, at: datetime) -> AgendaException:
        return agenda_verbs.add_slots(service_point=self.point, by=self.request.user, at=at, **form.cleaned_data)


class RemoveException(RuleVerbView):
    form_class = ConfirmForm
    heading = _("Make this day like its weekday again?")
    submit = _("Yes")
    done = _("The day is like its weekday again.")

    def perform(self, form: Any, at: datetime) -> None:
        here = AgendaException.objects.filter(service_point__territory=self.place).select_related("service_point")
        exception = get_object_or_404(here, pk=self.kwargs["pk"])
        agenda_verbs.remove_exception(exception=exception, by=self.request.user, at=at)
