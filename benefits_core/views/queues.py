"""Queues for the coordinator: the day, the days before, and what is decided about each."""

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
from django.views.generic import TemplateView, View

from benefits_core import rules
from benefits_core.domain import desks as desk_verbs
from benefits_core.domain import queue_setup as verbs
from benefits_core.errors import BenefitsError
from benefits_core.forms.queues import DeskForm, KindForm, LinkForm, QueueFilterForm, QueueRuleForm
from benefits_core.models import Desk, DeviceLink, Queue, QueueKind
from benefits_core.queries.queues import (
    WholeDay,
    desks_of,
    gives_numbers,
    links_of,
    queue_day,
    queue_days,
    queues_of,
)
from benefits_core.views.places import PlaceMixin, PlaceVerbView, places_of
from portal.foundation.people.access import Policy
from portal.foundation.people.identifiers import decrypt, encrypt
from portal.foundation.people.roles import Role
from portal.foundation.screens import PagedList
from portal.foundation.territories.models import ServicePoint, Territory
from portal.foundation.ui.forms import ConfirmForm

COORDINATOR = frozenset({Role.COORDINATOR})
NEW_LINK = "benefits_core.new_link"


class QueueView(PlaceMixin, TemplateView):
    """Who waits and for how long, which counters are open, and what the day was like so far."""

    policy = Policy(roles=rules.READERS, rule=rules.can_read_statistics)
    template_name = "benefits_core/queue_day.html"
    section = "queue"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = QueueFilterForm(self.request.GET)
        day = (form.cleaned_data["dia"] if form.is_valid() else None) or self.today
        queues = list(queues_of(self.place).prefetch_related("service_point__hours"))
        wanted = self.request.GET.get("punto", "")
        queue = next((each for each in queues if str(each.service_point_id) == wanted), next(iter(queues), None))
        context = super().get_context_data(
            form=form,
            day=day,
            is_today=day == self.today,
            queues=queues,
            queue=queue,
            runs=rules.can_run_service_points(self.request.user, self.place),
            records=rules.can_record_attention(self.request.user, self.place),
            **kwargs,
        )
        return {**context, **self.of_queue(queue, day)} if queue else context

    def of_queue(self, queue: Queue, day: Any) -> dict[str, Any]:
        now = timezone.now()
        if day != self.today:
            return {"summary": queue_day(queue, day, now), "now": now}
        whole = WholeDay(queue, now)
        return {
            "summary": whole.summary,
            "now": now,
            "waiting": whole.ordered,
            "counters": whole.counters,
            "is_open": gives_numbers(queue, now),
        }


class OneQueueMixin(PlaceMixin):
    """The address names a queue too; both are read at once."""

    queue: Queue

    def get_subject(self) -> Territory:
        known = Queue.objects.filter(
            service_point__territory__in=places_of(self.request.user),  # type: ignore[attr-defined]
            service_point__territory__slug=self.kwargs["slug"],  # type: ignore[attr-defined]
        )
        self.queue = get_object_or_404(known.select_related("service_point__territory__region"), pk=self.kwargs["pk"])  # type: ignore[attr-defined]
        return self.queue.territory

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(queue=self.queue, **kwargs)


class QueueHistory(OneQueueMixin, PagedList):
    """Every day of a queue."""

    policy = Policy(roles=rules.READERS, rule=rules.can_read_statistics)
    template_name = "benefits_core/queue_history.html"
    context_object_name = "days"
    section = "queue"

    def get_queryset(self) -> Any:
        return queue_days(self.queue)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*super().crumbs(), (gettext("Queue"), reverse("benefits_core:queue", args=[self.place.slug]))]


class OpenQueue(PlaceVerbView):
    """Give numbers at a service point."""

    policy = Policy(roles=COORDINATOR, rule=rules.can_run_service_points)
    section = "queue"
    heading = _("Give numbers here?")
    lead = _("You say next which buttons the kiosk has and which counters there are.")
    submit = _("Give numbers here")
    done = _("The queue is there. Add its buttons and counters next.")

    @cached_property
    def point(self) -> ServicePoint:
        points = ServicePoint.objects.open().select_related("territory")
        return get_object_or_404(points, pk=self.kwargs["pk"], territory=self.place)

    def get_heading(self) -> str:
        return gettext("Give numbers at %(point)s?") % {"point": self.point.name}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        queue = Queue.objects.filter(service_point=self.point).first()
        if queue is not None:
            return redirect("benefits_core:queue_setup", self.place.slug, queue.pk)
        return super().get(request, *args, **kwargs)

    def perform(self, form: Any, at: datetime) -> Queue:
        return verbs.open_queue(service_point=self.point, by=self.request.user, at=at)

    def target(self, result: Queue) -> str:
        return reverse("benefits_core:queue_setup", args=[self.place.slug, result.pk])

    def back(self) -> str:
        return reverse("benefits_core:service_points", args=[self.place.slug])


class SetupMixin(OneQueueMixin):
    """What the coordinator decides about the queue that the address names."""

    policy = Policy(roles=COORDINATOR, rule=rules.can_run_service_points)
    section = "queue"

    def back(self) -> str:
        return reverse("benefits_core:queue_setup", args=[self.place.slug, self.queue.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        address = reverse("benefits_core:queue", args=[self.place.slug])
        return [*super().crumbs(), (gettext("Queue"), f"{address}?punto={self.queue.service_point_id}")]


class QueueSetup(SetupMixin, TemplateView):
    """The rule, the buttons, the counters and the devices; a new device's address is shown once."""

    template_name = "benefits_core/queue_setup.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.new_link = request.session.pop(NEW_LINK, None)
        response = super().get(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        new = self.new_link
        shown = None
        if new and new["queue"] == self.queue.pk:
            shown = {"name": new["name"], "address": decrypt(new["address"])}
        return super().get_context_data(
            kinds=QueueKind.objects.filter(queue=self.queue).prefetch_related("matters"),
            desks=desks_of(self.queue).prefetch_related("kinds"),
            links=links_of(self.queue),
            new_link=shown,
            **kwargs,
        )


class SetupVerbView(SetupMixin, PlaceVerbView):
    def crumbs(self) -> list[tuple[Any, str]]:
        return [*super().crumbs(), (gettext("How it works"), self.back())]


class SetRule(SetupVerbView):
    form_class = QueueRuleForm
    heading = _("Whose turn it is, and when numbers are given")

    def get_initial(self) -> dict[str, Any]:
        return QueueRuleForm.initial_of(self.queue)

    def perform(self, form: Any, at: datetime) -> Queue:
        return verbs.set_rule(queue=self.queue, by=self.request.user, at=at, **form.cleaned_data)


class OfQueueForm(SetupVerbView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "queue": self.queue}


class AddKind(OfQueueForm):
    form_class = KindForm
    heading = _("Add a button to the kiosk")
    submit = _("Add")

    def perform(self, form: Any, at: datetime) -> QueueKind:
        return verbs.add_kind(queue=self.queue, by=self.request.user, at=at, **form.cleaned_data)


class ChangeKind(OfQueueForm):
    form_class = KindForm
    heading = _("Change the button")

    @cached_property
    def kind(self) -> QueueKind:
        return get_object_or_404(QueueKind.objects.filter(queue=self.queue), pk=self.kwargs["kind_pk"])

    def get_initial(self) -> dict[str, Any]:
        return KindForm.initial_of(self.kind)

    def perform(self, form: Any, at: datetime) -> QueueKind:
        return verbs.change_kind(kind=self.kind, by=self.request.user, at=at, **form.cleaned_data)


class AddDesk(OfQueueForm):
    form_class = DeskForm
    heading = _("Add a counter")
    submit = _("Add")

    def perform(self, form: Any, at: datetime) -> Desk:
        return verbs.add_desk(queue=self.queue, by=self.request.user, at=at, **form.cleaned_data)


class ChangeDesk(OfQueueForm):
    form_class = DeskForm
    heading = _("Change the counter")

    @cached_property
    def desk(self) -> Desk:
        return get_object_or_404(Desk.objects.filter(queue=self.queue), pk=self.kwargs["desk_pk"])

    def get_initial(self) -> dict[str, Any]:
        return DeskForm.initial_of(self.desk)

    def perform(self, form: Any, at: datetime) -> Desk:
        return verbs.change_desk(desk=self.desk, by=self.request.user, at=at, **form.cleaned_data)


class SwitchPart(SetupMixin, View):
    """Offer a button or stop, put a counter to use or away, or free it: one button each."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by, at, what = request.user, timezone.now(), request.POST.get("do", "")
        number = request.POST.get("which", "")
        pk = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0
        try:
            if what in ("offer", "retire"):
                kind = get_object_or_404(QueueKind.objects.filter(queue=self.queue), pk=pk)
                verbs.switch_kind(kind=kind, offer=what == "offer", by=by, at=at)
            elif what in ("use", "unused", "free"):
                desk = get_object_or_404(Desk.objects.filter(queue=self.queue), pk=pk)
                if what == "free":
                    desk_verbs.free_desk(desk=desk, by=by, at=at)
                else:
                    verbs.switch_desk(desk=desk, use=what == "use", by=by, at=at)
        except BenefitsError as refused:
            messages.error(request, str(refused))
        return redirect(self.back())


class IssueLink(SetupVerbView):
    form_class = LinkForm
    heading = _("Connect a kiosk or a call screen")
    lead = _("You get an address. Open it once on the device: from then on it works without anybody's account.")
    submit = _("Make the address")
    done = ""

    def perform(self, form: Any, at: datetime) -> verbs.IssuedLink:
        issued = verbs.issue_link(queue=self.queue, by=self.request.user, at=at, **form.cleaned_data)
        address = self.request.build_absolute_uri(reverse("benefits_core:device_open", args=[issued.token]))
        self.request.session[NEW_LINK] = {
            "queue": self.queue.pk,
            "name": issued.link.name,
            "address": encrypt(address),
        }
        return issued


class RevokeLink(SetupVerbView):
    form_class = ConfirmForm
    heading = _("Disconnect the device?")
    lead = _("It stops at once. To connect it again you need a new address.")
    submit = _("Disconnect it")
    done = _("The device is disconnected.")
    warning = True

    def get_heading(self) -> str:
        return gettext("Disconnect «%(name)s»?") % {"name": self.link.name}

    @cached_property
    def link(self) -> DeviceLink:
        return get_object_or_404(DeviceLink.objects.filter(queue=self.queue), pk=self.kwargs["link_pk"])

    def perform(self, form: Any, at: datetime) -> DeviceLink:
        return verbs.revoke_link(link=self.link, by=self.request.user, at=at)
