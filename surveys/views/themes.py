"""Screens of a search for themes: list, start, the run itself, its end, its downloads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.foundation.jobs.models import Job
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.roles import MUNICIPAL_ROLES, Role
from portal.foundation.screens import PagedList, VerbFormView
from portal.foundation.territories.models import Territory
from surveys import rules, sources
from surveys.domain import themes as domain
from surveys.enums import RunState
from surveys.errors import SurveysError
from surveys.exports import themes as exports
from surveys.forms.themes import ReasonForm, RunFilterForm, StartRunForm
from surveys.models import ThemeRun
from surveys.queries import theme_regions
from surveys.queries import themes as reads
from surveys.views.theme_screens import RunMixin, RunScreen, RunVerbView

REFRESH_SECONDS = "3"


class RunListView(PolicyMixin, PagedList):
    """The searches of the person's own municipalities; whoever watches several is led to their page."""

    policy = Policy(roles=rules.THEME_READERS)
    template_name = "surveys/theme_run_list.html"
    context_object_name = "runs"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.scope.has(*MUNICIPAL_ROLES):
            return redirect("surveys:theme_regions")
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        return reads.runs_of(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        led = reads.own_municipalities(user, rules.THEME_LEADERS)
        busy = set(ThemeRun.objects.open().filter(municipality__in=led).values_list("municipality_id", flat=True))
        return super().get_context_data(
            to_start=[place for place in led if place.pk not in busy],
            watches=user.scope.has(*rules.THEME_WATCHERS),
            **kwargs,
        )


class StartRunView(PolicyMixin, VerbFormView):
    """Which texts of which days."""

    policy = Policy(roles=rules.THEME_LEADERS, rule=rules.can_start_run)
    form_class = StartRunForm
    refusals = (SurveysError,)
    heading = _("Look for themes")
    lead = _("We collect what people wrote in those days and hide what names anybody. Then you read the texts.")
    submit = _("Collect the texts")
    done = ""
    subject: Territory

    def get_subject(self) -> Territory:
        places = Territory.objects.visible_to(self.request.user).municipalities()
        return get_object_or_404(places, pk=self.kwargs["municipality_id"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"today": timezone.localdate(timezone=self.subject.zone)}

    def perform(self, form: Any, at: datetime) -> ThemeRun:
        chosen = form.cleaned_data
        return domain.start_run(
            municipality=self.subject,
            starts_on=chosen["starts_on"],
            ends_on=chosen["ends_on"],
            source_keys=chosen["sources"],
            by=self.request.user,
            at=at,
        )

    def target(self, result: ThemeRun) -> str:
        return result.get_absolute_url()

    def back(self) -> str:
        return reverse("surveys:themes")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=[(_("Themes"), reverse("surveys:themes"))], **kwargs)


class RunShow(RunScreen):
    """How far the search has come, what comes next, its themes; asks again by itself while a job works."""

    template_name = "surveys/theme_run_show.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if self.run.is_working:
            # A header, not a script: it works without JavaScript.
            response["Refresh"] = REFRESH_SECONDS
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run, user = self.run, self.request.user
        belongs = rules.belongs_to_run(user, run)
        named = run.state == RunState.NAMING
        summary = run.summary or (reads.counted(run) if named else None)
        if summary and not belongs:
            summary = theme_regions.from_outside(summary)
        return super().get_context_data(
            leads=rules.can_lead_run(user, run),
            belongs=belongs,
            job=Job.objects.filter(pk=run.job_id).first() if run.is_working else None,
            counts=reads.reading_counts(run, user) if belongs and not run.is_over else None,
            themes=reads.live_themes(run) if named else [],
            summary=summary,
            standards=theme_regions.standards_of(summary),
            changes=reads.changes(run) if run.state == RunState.CLOSED else [],
            sources=[sources.label_of(key) for key in run.sources],
            **kwargs,
        )

    def crumbs(self) -> list[tuple[Any, str]]:
        return super().crumbs()[:-1]


class GroupView(RunVerbView):
    template_name = "surveys/theme_run_group.html"
    heading = _("Group the texts")
    lead = _("The texts that you have read are grouped by the words that they share. You give each group its name.")
    submit = _("Group the texts")
    done = ""

    def perform(self, form: Any, at: datetime) -> ThemeRun:
        return domain.ask_for_groups(run=self.run, by=self.request.user, at=at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(counts=reads.reading_counts(self.run, self.request.user), **kwargs)


class TryAgainView(RunVerbView):
    heading = _("Try again")
    lead = _("The work starts anew. Nothing that you have done is lost.")
    submit = _("Try again")
    done = ""

    def perform(self, form: Any, at: datetime) -> ThemeRun:
        return domain.try_again(run=self.run, by=self.request.user, at=at)


class ReadMoreView(RunVerbView):
    heading = _("Go back to reading")
    lead = _("The proposed groups are dropped. You read more texts, and then they are grouped again.")
    submit = _("Go back to reading")
    done = ""

    def perform(self, form: Any, at: datetime) -> ThemeRun:
        return domain.read_more(run=self.run, by=self.request.user, at=at)


class CloseRunView(RunVerbView):
    heading = _("Close the search")
    lead = _("The counts stay as they are now. The region and the country see them without any text.")
    submit = _("Close the search")
    done = _("The search is closed. Its counts do not change any more.")
    warning = True

    def perform(self, form: Any, at: datetime) -> ThemeRun:
        return domain.close_run(run=self.run, by=self.request.user, at=at)


class DiscardRunView(RunVerbView):
    form_class = ReasonForm
    heading = _("Discard the search")
    lead = _("Its masked texts and its themes are deleted. The texts that people sent stay where they are.")
    submit = _("Discard the search")
    done = _("The search was discarded.")
    warning = True

    def perform(self, form: Any, at: datetime) -> ThemeRun:
        return domain.discard_run(run=self.run, by=self.request.user, at=at, **form.cleaned_data)

    def target(self, result: ThemeRun) -> str:
        return reverse("surveys:themes")


class ClosedRunMixin(RunMixin):
    """A download of a run that counts something already; small numbers are hidden from others."""

    http_method_names = ["get"]

    def summary(self) -> dict[str, Any]:
        run = self.run
        counted = run.summary or reads.counted(run)
        return counted if rules.belongs_to_run(self.request.user, run) else theme_regions.from_outside(counted)


class RunSheetView(ClosedRunMixin, View):
    """Themes, months and changes as a spreadsheet."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        return exports.themes_xlsx(self.run, self.summary())


class RunCsvView(ClosedRunMixin, View):
    """The themes as a table."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        return exports.themes_csv(self.run, self.summary())


class ThemeRegionsView(PolicyMixin, PagedList):
    """What is said in the municipalities of a region or of the country: closed searches, counts alone."""

    policy = Policy(roles=rules.THEME_WATCHERS)
    template_name = "surveys/theme_regions.html"
    context_object_name = "runs"

    def get_queryset(self) -> Any:
        user = self.request.user
        regions = Territory.objects.regions() if user.scope.has(Role.NATIONAL_TEAM) else None
        self.filters = RunFilterForm(self.request.GET, years=theme_regions.years(user), regions=regions)
        chosen = self.filters.cleaned_data if self.filters.is_valid() else {}
        self.wanted = theme_regions.Wanted(
            text=chosen.get("q", ""), year=chosen.get("year"), region=chosen.get("region")
        )
        return theme_regions.latest_runs(user, self.wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            filters=self.filters,
            by_standard=theme_regions.by_standard(self.request.user, self.wanted),
            query=self.request.GET.urlencode(),
            **kwargs,
        )


class ThemeRegionsSheetView(ThemeRegionsView):
    """The same as a spreadsheet."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:  # type: ignore[override]
        runs = self.get_queryset()
        return exports.theme_regions_xlsx(runs, theme_regions.by_standard(request.user, self.wanted))
