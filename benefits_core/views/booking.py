"""Appointments for everybody: a time, a name, a receipt; moved and cancelled by the receipt alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView, View

from benefits_core.domain import appointments as verbs
from benefits_core.enums import AppointmentState
from benefits_core.errors import BenefitsError, InvalidContent, SlotTaken
from benefits_core.forms.appointments import BookForm
from benefits_core.models import Appointment
from benefits_core.queries.appointments import (
    Offer,
    bookable,
    days_to_book,
    offer_at,
    places_that_book,
    points_that_book,
)
from benefits_core.queries.matters import Promises
from portal.foundation.people import limits
from portal.foundation.people.access import PUBLIC, PolicyMixin
from portal.foundation.receipts import session
from portal.foundation.receipts.access import OpenedReceiptMixin
from portal.foundation.receipts.domain import Issued
from portal.foundation.screens import VerbFormView
from portal.foundation.territories.models import ServicePoint, Territory
from portal.foundation.territories.names import fold
from portal.foundation.ui.forms import ConfirmForm

MOMENT = "%Y%m%dT%H%M"
DAYS_SHOWN = 15
FOUND_AT_ONCE = 40
BOOKED_PER_HOUR = 20


class BareMixin(PolicyMixin):
    """Nothing of these pages stays in the browser: the next person may sit down at the same screen."""

    policy = PUBLIC

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class BookStart(PolicyMixin, TemplateView):
    """In which municipality."""

    policy = PUBLIC
    template_name = "benefits_core/book_start.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("q", "")[:80]
        places = places_that_book(timezone.localdate())
        for word in fold(asked).split():
            places = places.filter(search_name__contains=word)
        found = list(places[: FOUND_AT_ONCE + 1])
        return super().get_context_data(
            places=found[:FOUND_AT_ONCE], more=len(found) > FOUND_AT_ONCE, asked=asked, **kwargs
        )


class BookPlace(PolicyMixin, TemplateView):
    """Where and when: the days with free times, and the times of one of them."""

    policy = PUBLIC
    template_name = "benefits_core/book_place.html"
    subject: Territory

    def get_subject(self) -> Territory:
        return get_object_or_404(Territory.objects.municipalities(), slug=self.kwargs["slug"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = timezone.now()
        today = timezone.localdate(timezone=self.subject.zone)
        points = list(points_that_book(self.subject, today).prefetch_related("hours"))
        asked = self.request.GET.get("punto", "")
        point = next((each for each in points if str(each.pk) == asked), points[0] if len(points) == 1 else None)
        return super().get_context_data(
            place=self.subject,
            points=points,
            point=point,
            **(day_choice(point, self.request.GET.get("dia", ""), at) if point else {}),
            **kwargs,
        )


def day_choice(point: ServicePoint, asked: str, at: datetime) -> dict[str, Any]:
    """The days with free times, the one that is shown, and its times."""
    days = days_to_book(point, at)
    chosen = next((day for day in days if day.isoformat() == asked), next(iter(days), None))
    return {
        "days": [(day, sum(offer.free for offer in offers)) for day, offers in list(days.items())[:DAYS_SHOWN]],
        "day": chosen,
        "offers": [(offer, f"{offer.starts_at:{MOMENT}}") for offer in days[chosen]] if chosen else [],
    }


class BookView(BareMixin, FormView):
    """Who comes and what for."""

    template_name = "benefits_core/book_form.html"
    form_class = BookForm
    subject: ServicePoint

    def get_subject(self) -> ServicePoint:
        points = ServicePoint.objects.open().select_related("territory")
        return get_object_or_404(points, pk=self.kwargs["pk"], territory__slug=self.kwargs["slug"])

    @cached_property
    def starts_at(self) -> datetime:
        return moment_in(self.kwargs["moment"], self.subject.territory)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "place": self.subject.territory}

    def get_initial(self) -> dict[str, Any]:
        return {"token": uuid4()}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.offer is None:
            messages.info(request, gettext("That time is not free any more. Choose another."))
            return redirect(self.back())
        return super().get(request, *args, **kwargs)

    @cached_property
    def offer(self) -> Offer | None:
        found = offer_at(self.subject, self.starts_at)
        return found if found and bookable([found], timezone.now()) else None

    def back(self) -> str:
        day = self.starts_at.astimezone(self.subject.territory.zone).date()
        address = reverse("benefits_core:book_place", args=[self.subject.territory.slug])
        return f"{address}?punto={self.subject.pk}&dia={day.isoformat()}"

    def form_valid(self, form: BookForm) -> HttpResponse:
        request, at = self.request, timezone.now()
        if form.is_trapped:
            # A robot is shown the same address as a person, and nothing is kept.
            return redirect("benefits_core:booked")
        address = limits.client_address(request)
        if not limits.allow(
            action="benefits_core.book", address=address, limit=BOOKED_PER_HOUR, window=timedelta(hours=1), at=at
        ):
            form.add_error(None, gettext("Many appointments came from your connection. Try again in one hour."))
            return self.render_to_response(self.get_context_data(form=form), status=429)
        cleaned = form.cleaned_data
        try:
            booked = verbs.book(
                service_point=self.subject,
                starts_at=self.starts_at,
                matter=cleaned["matter"],
                name=cleaned["name"],
                contact=cleaned["contact"],
                preferential=cleaned["preferential"],
                form_token=cleaned["token"],
                by=None,
                at=at,
            )
        except SlotTaken as refused:
            messages.info(request, str(refused))
            return redirect(self.back())
        except InvalidContent as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.form_invalid(form)
        if booked.secret:
            session.hand_over(request, Issued(booked.receipt, booked.secret))
        return redirect("benefits_core:booked")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            point=self.subject, place=self.subject.territory, starts_at=self.starts_at, back=self.back(), **kwargs
        )


class BookedView(BareMixin, TemplateView):
    """Code and words, once; when and where."""

    template_name = "benefits_core/booked.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        receipt = session.current(self.request)
        is_ours = receipt is not None and receipt.subject_type == Appointment._meta.label_lower
        appointment = receipt.subject if receipt is not None and is_ours else None
        shown = session.to_show(self.request, receipt) if receipt is not None and appointment else None
        return super().get_context_data(
            appointment=appointment,
            shown=shown,
            receipt=receipt,
            reminds=bool(appointment and verbs.will_be_reminded(appointment, timezone.now())),
            site_address=settings.SITE_URL,
            **kwargs,
        )


class LeaveView(BareMixin, View):
    """Ends it on this device."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session.forget(request)
        messages.success(request, gettext("Nothing of it is left on this device."))
        response = redirect("benefits_core:book_start")
        response["Clear-Site-Data"] = '"cache"'
        return response


# --- By the receipt


class OwnMixin(OpenedReceiptMixin):
    """The subject is the appointment whose receipt is open in this browser."""

    subject_label = "benefits_core.appointment"
    subject: Appointment

    def may_change(self) -> bool:
        return self.subject.state == AppointmentState.BOOKED and self.subject.starts_at > timezone.now()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(  # type: ignore[misc]
            appointment=self.subject,
            point=self.subject.service_point,
            place=self.subject.territory,
            receipt=self.receipt,
            may_change=self.may_change(),
            **kwargs,
        )


class OwnShow(OwnMixin, TemplateView):
    """When and where, and what one can do."""

    template_name = "benefits_core/own_appointment.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = self.subject.day
        promises = Promises([self.subject.territory])
        channel = verbs.CHANNELS[ServicePoint.Kind(self.subject.service_point.kind)]
        promised = promises.of(self.subject.territory_id, channel, day)
        return super().get_context_data(promised=promised, **kwargs)


class OwnMove(OwnMixin, TemplateView):
    """Another time at the same service point."""

    template_name = "benefits_core/own_move.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_change():
            return redirect("benefits_core:own_appointment")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        choice = day_choice(self.subject.service_point, self.request.GET.get("dia", ""), timezone.now())
        return super().get_context_data(**choice, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            starts_at = moment_in(request.POST.get("hora", ""), self.subject.territory)
            verbs.move(appointment=self.subject, starts_at=starts_at, by=None, at=timezone.now())
        except BenefitsError as refused:
            messages.error(request, str(refused))
            return redirect("benefits_core:own_move")
        messages.success(request, gettext("Your appointment is moved."))
        return redirect("benefits_core:own_appointment")


class OwnCancel(OwnMixin, VerbFormView):
    refusals = (BenefitsError,)
    form_class = ConfirmForm
    heading = _("Cancel your appointment?")
    lead = _("Somebody else can take that time. You can book another one whenever you want.")
    submit = _("Cancel the appointment")
    done = _("Your appointment is cancelled.")
    warning = True

    def perform(self, form: Any, at: datetime) -> Appointment:
        return verbs.cancel(appointment=self.subject, by=None, at=at)

    def back(self) -> str:
        return reverse("benefits_core:own_appointment")


def moment_in(text: str, place: Territory) -> datetime:
    """The time that an address names, in the municipality's own zone.

    :raises Http404: where it names none.
    """
    try:
        return datetime.strptime(text, MOMENT).replace(tzinfo=place.zone)
    except ValueError:
        raise Http404 from None
