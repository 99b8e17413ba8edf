"""The programme's years: list, page of one, preparing, changing, opening and closing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal.dashboards import rules
from portal.dashboards.forms.cycles import CloseForm, CycleForm, ParticipantFilterForm, ReopenForm
from portal.dashboards.queries.cycles import participants
from portal.foundation.cycles import domain
from portal.foundation.cycles.models import REOPENED_WITHIN, Cycle, CycleState, Milestone
from portal.foundation.cycles.queries import (
    Unfinished,
    counted_cycles,
    last_cycle,
    open_cycles,
    previous_cycle,
    unfinished,
)
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.models import User
from portal.foundation.people.roles import NATIONAL_ROLES, REGIONAL_ROLES
from portal.foundation.screens import VerbFormView
from portal.foundation.territories.queries import regions
from quality.models import CatalogueVersion
from surveys.queries.rounds import brackets

CYCLES_A_PAGE = 20
PARTICIPANTS_A_PAGE = 50
# The field that a refused setting belongs to; any other refusal stands above the form.
FIELD_OF: dict[type[Exception], str] = {
    domain.YearTaken: "year",
    domain.EndsBeforeStart: "ends_on",
    domain.ThresholdsReversed: "consolidated_at",
    domain.ClosingReasonMissing: "reason",
    domain.ReopeningReasonMissing: "reason",
}
STATE_TONES = {CycleState.DRAFT: "info", CycleState.OPEN: "good", CycleState.CLOSED: "neutral"}


class CycleMixin(PolicyMixin):
    """The subject is the cycle of the year in the address."""

    subject: Cycle

    def get_subject(self) -> Cycle:
        return get_object_or_404(Cycle, year=self.kwargs["year"])  # type: ignore[attr-defined]


class CycleVerbView(VerbFormView):
    """A form that asks for one verb on a cycle.

    ``states``: those in which the verb makes sense. In any other the page says so and leads back.
    """

    refusals = (domain.CycleError,)
    template_name = "dashboards/cycle_form.html"
    states: frozenset[CycleState] = frozenset(CycleState)
    subject: Any = None

    def cycle(self) -> Cycle | None:
        """The cycle that the page is about; None before there is one."""
        return self.subject

    def refusal(self) -> str:
        cycle = self.cycle()
        if cycle is None or cycle.state in self.states:
            return ""
        return _("The cycle is «%(state)s».") % {"state": cycle.get_state_display()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.get(request) if self.refusal() else super().post(request, *args, **kwargs)

    def field_of(self, refusal: Exception) -> str:
        return FIELD_OF.get(type(refusal), "")

    def back(self) -> str:
        cycle = self.cycle()
        return reverse("dashboards:cycle_show", args=[cycle.year]) if cycle else reverse("dashboards:cycle_list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cycle = self.cycle()
        crumbs = [(_("Cycles"), reverse("dashboards:cycle_list")), *([(str(cycle), self.back())] if cycle else [])]
        return super().get_context_data(cycle=cycle, crumbs=crumbs, **kwargs)


class CycleList(PolicyMixin, TemplateView):
    policy = Policy(roles=NATIONAL_ROLES | REGIONAL_ROLES)
    template_name = "dashboards/cycle_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Paginator(counted_cycles(self.request.user), CYCLES_A_PAGE)
        page = found.get_page(self.request.GET.get("pagina"))
        rows = [(cycle, STATE_TONES[CycleState(cycle.state)]) for cycle in page]
        return super().get_context_data(
            page_obj=page, rows=rows, runs_cycles=rules.runs_cycles(self.request.user), **kwargs
        )


class CycleShow(CycleMixin, TemplateView):
    """The settings of a year, and the municipalities that take part: a region sees its own."""

    policy = Policy(roles=NATIONAL_ROLES | REGIONAL_ROLES)
    template_name = "dashboards/cycle_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, cycle = self.request.user, self.subject
        form = ParticipantFilterForm(self.request.GET, regions=list(regions().visible_to(user)))
        pages = Paginator(participants(user, cycle, form.wanted()), PARTICIPANTS_A_PAGE)
        runs = rules.runs_cycles(user)
        return super().get_context_data(
            cycle=cycle,
            tone=STATE_TONES[CycleState(cycle.state)],
            windows=[(milestone.label, cycle.window(milestone)) for milestone in Milestone],
            form=form,
            page_obj=pages.get_page(self.request.GET.get("pagina")),
            runs_cycles=runs,
            changes=_changes(cycle),
            reopens_until=_reopens_until(cycle) if runs else None,
            source=previous_cycle(cycle) if runs else None,
            breadcrumbs=[(_("Cycles"), reverse("dashboards:cycle_list"))],
            **kwargs,
        )


def _changes(cycle: Cycle) -> list[tuple[str, datetime, Any, str]]:
    """The last closing and the last reopening: what, when, by whom, why; the first first."""
    marks = [
        (_("Closed"), cycle.closed_at, cycle.closed_by_id, cycle.closing_reason),
        (_("Opened again"), cycle.reopened_at, cycle.reopened_by_id, cycle.reopening_reason),
    ]
    people = User.objects.in_bulk([who for _what, at, who, _why in marks if at and who])
    happened = [(what, at, people.get(who), why) for what, at, who, why in marks if at]
    return sorted(happened, key=lambda change: change[1])


def _reopens_until(cycle: Cycle) -> datetime | None:
    until = cycle.reopens_until()
    return until if until and timezone.now() <= until else None


class _Settings(CycleVerbView):
    form_class = CycleForm

    def get_form_kwargs(self) -> dict[str, Any]:
        editions = list(CatalogueVersion.objects.values_list("version", flat=True))
        return {
            **super().get_form_kwargs(),
            "editions": editions,
            "today": timezone.localdate(),
            "cycle": self.cycle(),
            "before": last_cycle(),
            "brackets": brackets(),
        }


class CreateCycle(PolicyMixin, _Settings):
    policy = Policy(roles=NATIONAL_ROLES)
    heading = gettext_lazy("Prepare a cycle")
    submit = gettext_lazy("Save the cycle")
    done = gettext_lazy("The cycle is in preparation. Enroll the municipalities next.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before = last_cycle()
        text = _("It starts from the dates and levels of %(name)s, one year later. Change what differs.")
        return super().get_context_data(lead=text % {"name": before.name} if before else "", **kwargs)

    def perform(self, form: Any, at: datetime) -> Cycle:
        settings = form.settings()
        settings["windows"] = {key: window for key, window in settings["windows"].items() if window}
        return domain.create_cycle(by=self.request.user, at=at, **settings)

    def target(self, result: Cycle) -> str:
        return reverse("dashboards:cycle_show", args=[result.year])


class ChangeCycle(CycleMixin, _Settings):
    policy = Policy(roles=NATIONAL_ROLES)
    states = frozenset({CycleState.DRAFT, CycleState.OPEN})
    heading = gettext_lazy("Change the cycle")
    submit = gettext_lazy("Save the changes")
    done = gettext_lazy("The changes are saved.")

    def perform(self, form: Any, at: datetime) -> Cycle:
        return domain.change_cycle(cycle=self.subject, by=self.request.user, at=at, **form.settings())

    def target(self, result: Cycle) -> str:
        return reverse("dashboards:cycle_show", args=[result.year])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_open = self.subject.state == CycleState.OPEN
        text = _("The cycle is open. Only its name and its dates for each milestone can change.") if is_open else ""
        return super().get_context_data(lead=text, **kwargs)


class OpenCycle(CycleMixin, CycleVerbView):
    policy = Policy(roles=NATIONAL_ROLES)
    states = frozenset({CycleState.DRAFT})
    heading = gettext_lazy("Open the cycle?")
    submit = gettext_lazy("Open the cycle")
    done = gettext_lazy("The cycle is open.")

    def perform(self, form: Any, at: datetime) -> Cycle:
        return domain.open_cycle(cycle=self.subject, by=self.request.user, at=at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cycle, today = self.subject, timezone.localdate()
        count = cycle.participations.active().count()
        lead = [_("Municipalities that take part: %(count)s.") % {"count": count}]
        if cycle.has_begun(today):
            lead.append(_("They can start to work today."))
        else:
            lead.append(_("They can start to work on %(day)s.") % {"day": date_format(cycle.starts_on)})
        lead += [
            _("%(name)s stays open beside it, until you close it.") % {"name": other.name}
            for other in open_cycles(today)
        ]
        caution = [_("Levels and catalogue cannot change any more.")]
        if not count:
            caution.insert(0, _("No municipality takes part yet. Enroll them first."))
        return super().get_context_data(lead=" ".join(lead), caution=" ".join(caution), **kwargs)


class CloseCycle(CycleMixin, CycleVerbView):
    """Names what the closing cuts short; then it asks for the reason, and that this was read."""

    policy = Policy(roles=NATIONAL_ROLES)
    states = frozenset({CycleState.OPEN})
    template_name = "dashboards/cycle_close.html"
    form_class = CloseForm
    heading = gettext_lazy("Close the cycle?")
    submit = gettext_lazy("Close the cycle")
    done = gettext_lazy("The cycle is closed.")
    warning = True

    @cached_property
    def unfinished(self) -> Unfinished:
        return unfinished(self.subject, timezone.localdate())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "unfinished": self.unfinished}

    def perform(self, form: Any, at: datetime) -> Cycle:
        reason = form.cleaned_data.get("reason", "")
        return domain.close_cycle(cycle=self.subject, reason=reason, by=self.request.user, at=at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        places, windows = self.unfinished.places, self.unfinished.windows
        caution = _("Self-diagnoses, draft plans and comments of the year stop for everybody.")
        undone = _("Within %(days)s days you can open it again, with a reason.") % {"days": REOPENED_WITHIN.days}
        return super().get_context_data(
            lead=_("Municipalities that have not closed their year: %(count)s.") % {"count": places.count()},
            caution=f"{caution} {undone}",
            windows=[(milestone.label, window) for milestone, window in windows.items()],
            places=places,
            **kwargs,
        )


class ReopenCycle(CycleMixin, CycleVerbView):
    """Takes a closing back while there is time."""

    policy = Policy(roles=NATIONAL_ROLES)
    states = frozenset({CycleState.CLOSED})
    form_class = ReopenForm
    heading = gettext_lazy("Open the cycle again?")
    submit = gettext_lazy("Open it again")
    done = gettext_lazy("The cycle is open again.")

    def refusal(self) -> str:
        if refusal := super().refusal():
            return refusal
        until = self.subject.reopens_until()
        return "" if until and timezone.now() <= until else str(domain.ReopeningTooLate())

    def perform(self, form: Any, at: datetime) -> Cycle:
        return domain.reopen_cycle(cycle=self.subject, by=self.request.user, at=at, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = _("The municipalities go on where they were. Dates that have passed stay: change them after.")
        return super().get_context_data(lead=text, **kwargs)
