"""Service points and their hours, matters, and the longest waits that a municipality promises."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from benefits_core import rules
from benefits_core.domain import matters as matter_verbs
from benefits_core.errors import BenefitsError
from benefits_core.forms.service_points import HoursForm, MatterForm, ServicePointForm
from benefits_core.forms.statistics import PromiseForm
from benefits_core.models import Matter
from benefits_core.queries.appointments import booked_after
from benefits_core.queries.matters import matter_rows, promise_rows
from benefits_core.views.places import PlaceMixin, PlaceVerbView
from portal.foundation.people.access import Policy
from portal.foundation.people.roles import Role
from portal.foundation.territories import domain as territory_verbs
from portal.foundation.territories.models import ServicePoint, Territory
from portal.foundation.ui.forms import ConfirmForm

COORDINATOR = frozenset({Role.COORDINATOR})
RUNS_MATTERS = frozenset({Role.COORDINATOR, Role.NATIONAL_TEAM})


class ServicePointList(PlaceMixin, TemplateView):
    """Where the municipality attends, and when."""

    policy = Policy(roles=rules.READERS, rule=rules.can_read_statistics)
    template_name = "benefits_core/service_point_list.html"
    section = "points"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        points = ServicePoint.objects.filter(territory=self.place).prefetch_related("hours")
        return super().get_context_data(
            points=points.order_by("-is_active", "name"),
            runs=rules.can_run_service_points(self.request.user, self.place),
            **kwargs,
        )


class ServicePointVerbView(PlaceVerbView):
    """A verb on the service points of the coordinator's municipality."""

    policy = Policy(roles=COORDINATOR, rule=rules.can_run_service_points)
    section = "points"

    def back(self) -> str:
        return reverse("benefits_core:service_points", args=[self.place.slug])

    @property
    def point(self) -> ServicePoint:
        if not hasattr(self, "_point"):
            self._point = get_object_or_404(ServicePoint, pk=self.kwargs["pk"], territory=self.place)
        return self._point

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*super().crumbs(), (gettext("Service points"), self.back())]


class AddServicePoint(ServicePointVerbView):
    form_class = ServicePointForm
    heading = _("Add a service point")
    submit = _("Add")
    done = _("The service point is there. Write its hours next.")

    def perform(self, form: Any, at: datetime) -> ServicePoint:
        return territory_verbs.open_service_point(
            territory=self.place, by=self.request.user, at=at, **form.cleaned_data
        )

    def target(self, result: ServicePoint) -> str:
        return reverse("benefits_core:service_point_hours", args=[self.place.slug, result.pk])


class ChangeServicePoint(ServicePointVerbView):
    form_class = ServicePointForm
    heading = _("Change the service point")

    def get_initial(self) -> dict[str, Any]:
        return ServicePointForm.initial_of(self.point)

    def perform(self, form: Any, at: datetime) -> ServicePoint:
        return territory_verbs.change_service_point(
            service_point=self.point, by=self.request.user, at=at, **form.cleaned_data
        )


class SetHours(ServicePointVerbView):
    form_class = HoursForm
    heading = _("Opening hours")
    lead = _("Leave a day empty where nobody attends. The second shift is for after a pause.")

    def get_heading(self) -> str:
        return gettext("Opening hours of %(point)s") % {"point": self.point.name}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "hours": list(self.point.hours.all())}

    def perform(self, form: Any, at: datetime) -> Any:
        return territory_verbs.set_opening_hours(
            service_point=self.point, openings=form.openings(), by=self.request.user, at=at
        )


class CloseServicePoint(ServicePointVerbView):
    form_class = ConfirmForm
    heading = _("Close the service point?")
    lead = _("Nothing new can be recorded there. Its attentions stay in the register.")
    submit = _("Close it")
    done = _("The service point is closed.")
    warning = True

    def perform(self, form: Any, at: datetime) -> ServicePoint:
        return territory_verbs.close_service_point(service_point=self.point, by=self.request.user, at=at)

    def get_done(self, result: ServicePoint) -> Any:
        if not (count := booked_after(result, timezone.now())):
            return self.done
        return ngettext(
            "The service point is closed. %(count)s person has an appointment there. Tell that person, and cancel it.",
            "The service point is closed. %(count)s people have an appointment there. Tell them, and cancel them.",
            count,
        ) % {"count": count}


class ReopenServicePoint(ServicePointVerbView):
    form_class = ConfirmForm
    heading = _("Open the service point again?")
    submit = _("Open it")
    done = _("The service point is open.")

    def perform(self, form: Any, at: datetime) -> ServicePoint:
        return territory_verbs.reopen_service_point(service_point=self.point, by=self.request.user, at=at)


class MatterPlaceMixin(PlaceMixin):
    """The subject is a municipality, or the country for the national team."""

    policy = Policy(roles=RUNS_MATTERS, rule=rules.can_run_matters)
    section = "matters"

    def get_subject(self) -> Territory:
        places = Territory.objects.visible_to(self.request.user).exclude(has_municipality=False, level="commune")
        return get_object_or_404(places, slug=self.kwargs["slug"])  # type: ignore[attr-defined]


class MatterList(MatterPlaceMixin, TemplateView):
    """What people come for: the country's matters, and the municipality's own."""

    template_name = "benefits_core/matter_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rows=matter_rows(self.place), **kwargs)


class MatterVerbView(MatterPlaceMixin, PlaceVerbView):
    form_class = MatterForm

    def back(self) -> str:
        return reverse("benefits_core:matters", args=[self.place.slug])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*super().crumbs(), (gettext("Matters"), self.back())]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "territory": self.place}


class AddMatter(MatterVerbView):
    heading = _("Add a matter")
    submit = _("Add")
    done = _("The matter is in the forms.")

    def perform(self, form: Any, at: datetime) -> Matter:
        return matter_verbs.add_matter(territory=self.place, by=self.request.user, at=at, **form.cleaned_data)


class ChangeMatter(MatterVerbView):
    heading = _("Change the matter")

    @property
    def matter(self) -> Matter:
        if not hasattr(self, "_matter"):
            self._matter = get_object_or_404(Matter, pk=self.kwargs["pk"], territory=self.place)
        return self._matter

    def get_initial(self) -> dict[str, Any]:
        return MatterForm.initial_of(self.matter)

    def perform(self, form: Any, at: datetime) -> Matter:
        return matter_verbs.change_matter(matter=self.matter, by=self.request.user, at=at, **form.cleaned_data)


class SwitchMatter(MatterPlaceMixin, View):
    """Offer a matter in the forms, or stop: an own one is retired, one of a place above is hidden."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        matter = get_object_or_404(Matter.objects.of_chain(self.place), pk=self.kwargs["pk"])
        by, at, offer = request.user, timezone.now(), request.POST.get("do") == "offer"
        try:
            if matter.territory_id == self.place.pk:
                verb = matter_verbs.restore_matter if offer else matter_verbs.retire_matter
                verb(matter=matter, by=by, at=at)
            elif offer:
                matter_verbs.show_matter(matter=matter, territory=self.place, by=by, at=at)
            else:
                matter_verbs.hide_matter(matter=matter, territory=self.place, by=by, at=at)
        except BenefitsError as refused:
            messages.error(request, str(refused))
        return redirect("benefits_core:matters", self.place.slug)


class PromiseList(PlaceMixin, TemplateView):
    """The longest waits that are promised, by channel."""

    policy = Policy(roles=rules.READERS, rule=rules.can_read_statistics)
    template_name = "benefits_core/promise_list.html"
    section = "promises"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            rows=promise_rows(self.place, self.today),
            runs=rules.can_run_service_points(self.request.user, self.place),
            **kwargs,
        )


class PromiseWait(PlaceVerbView):
    policy = Policy(roles=COORDINATOR, rule=rules.can_run_service_points)
    form_class = PromiseForm
    section = "promises"
    heading = _("Promise a longest wait")
    lead = _("Tell it to the public too: on the wall, on the web and when a turn is given.")
    submit = _("Promise it")
    done = _("The promise is noted.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "today": self.today}

    def perform(self, form: Any, at: datetime) -> Any:
        return matter_verbs.promise_wait(territory=self.place, by=self.request.user, at=at, **form.cleaned_data)

    def back(self) -> str:
        return reverse("benefits_core:wait_promises", args=[self.place.slug])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*super().crumbs(), (gettext("Longest waits"), self.back())]
