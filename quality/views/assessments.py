"""Finding, opening and reading self-diagnoses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal.foundation.cycles.models import Participation
from portal.foundation.cycles.queries import current_cycle, known_cycles, open_cycles
from portal.foundation.documents.domain import request_document
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.roles import MUNICIPAL_ROLES, Role
from portal.foundation.reporting.spreadsheets import xlsx_response
from portal.foundation.screens import VerbFormView
from portal.foundation.territories.models import Territory
from quality import rules
from quality.domain import assessments as verbs
from quality.domain.errors import AssessmentError, QualityError
from quality.domain.notices import REPORT
from quality.enums import SELF_DIAGNOSIS_WINDOW
from quality.exports.assessments import assessment_frames
from quality.forms.assessments import ListFilterForm
from quality.models import Assessment
from quality.queries import assessments as reads
from quality.queries import levels as level_reads

PAGE_SIZE = 30
LIST_ROLES = frozenset({Role.REGIONAL_TEAM, Role.NATIONAL_TEAM})


class AssessmentMixin(PolicyMixin):
    """Loads the self-diagnosis that the address names; knows its way back up."""

    subject: Assessment

    def get_subject(self) -> Assessment:
        visible = Assessment.objects.visible_to(self.request.user).select_related(
            "municipality__region", "cycle", "catalogue", "corrects", "submitted_by", "returned_by", "verified_by"
        )
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    @property
    def today(self) -> Any:
        return verbs.local_date(self.subject, timezone.now())

    def crumbs(self) -> list[tuple[str, str]]:
        """The start and the self-diagnosis; a page below it adds nothing."""
        label = _("%(place)s %(year)s") % {"place": self.subject.municipality, "year": self.subject.cycle.year}
        return [
            (_("Self-diagnosis"), reverse("quality:assessment_start")),
            (label, reverse("quality:assessment_show", args=[self.subject.pk])),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(  # type: ignore[misc]
            assessment=self.subject, crumbs=self.crumbs(), today=self.today, **kwargs
        )


class AssessmentVerbView(VerbFormView):
    """After :class:`AssessmentMixin`: a form that asks for one verb on a self-diagnosis; its page comes next."""

    subject: Assessment
    refusals = (QualityError,)
    template_name = "quality/assessment_verb.html"

    def back(self) -> str:
        return self.away()

    def away(self) -> str:
        return reverse("quality:assessment_show", args=[self.subject.pk])


def refused(check: Callable[[], None]) -> str:
    """Why the check says no, in words for the person; "" where it does not."""
    try:
        check()
    except AssessmentError as refusal:
        return str(refusal)
    return ""


class StartView(PolicyMixin, TemplateView):
    """My municipality's self-diagnosis of every open year, and of the years before."""

    policy = Policy(roles=rules.READERS)
    template_name = "quality/assessment_start.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.scope.has(*MUNICIPAL_ROLES):
            return redirect("quality:assessment_list")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = self.request.user, timezone.localdate()
        places = Territory.objects.municipalities().filter(user.scope.territories("pk", "path", roles=MUNICIPAL_ROLES))
        mine = Participation.objects.active().filter(municipality__in=places)
        cycles = open_cycles(today)
        rows = [row for cycle in cycles for row in reads.overview(mine, cycle, today)]
        return super().get_context_data(
            is_open=bool(cycles),
            rows=[MyYear(row, rules.can_open_assessment(user, row.municipality), today) for row in rows],
            past=reads.history_of(places, besides=cycles),
            sees_list=user.scope.has(*LIST_ROLES),
            **kwargs,
        )


@dataclass(frozen=True)
class MyYear:
    """A municipality in an open year, with how far its self-diagnosis has come (``reads.overview``)."""

    row: Any
    can_open: bool
    today: date

    @property
    def window(self) -> tuple[date, date] | None:
        return self.row.cycle.window(SELF_DIAGNOSIS_WINDOW)

    @property
    def has_begun(self) -> bool:
        return self.row.cycle.has_begun(self.today)


class ListView(PolicyMixin, TemplateView):
    """The municipalities of the region, or of the country, with how far each has come in one year."""

    policy = Policy(roles=LIST_ROLES)
    template_name = "quality/assessment_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        form = ListFilterForm(self.request.GET, cycles=known_cycles(), current=current_cycle(today))
        rows: Any = Participation.objects.none()
        if form.cycle and form.is_valid():
            visible = Participation.objects.active().visible_to(self.request.user)
            wanted = {"search": "q", "state": "state", "stage": "stage"}
            rows = reads.filter_overview(
                reads.overview(visible, form.cycle, today),
                **{name: form.cleaned_data[field] for name, field in wanted.items()},
            )
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("pagina"))
        return super().get_context_data(form=form, cycle=form.cycle, page_obj=page, **kwargs)


class OpenView(PolicyMixin, VerbFormView):
    """What a self-diagnosis asks for, and the button that opens it."""

    policy = Policy(
        roles=frozenset({Role.TEAM_MEMBER, Role.COORDINATOR}),
        rule=lambda user, place: rules.can_open_assessment(user, place.municipality),
    )
    template_name = "quality/assessment_open.html"
    refusals = (AssessmentError,)
    heading = gettext_lazy("Start the self-diagnosis")
    submit = gettext_lazy("Start the self-diagnosis")
    done = ""
    subject: Participation

    def get_subject(self) -> Participation:
        places = Participation.objects.active().visible_to(self.request.user).select_related("municipality", "cycle")
        return get_object_or_404(places, pk=self.kwargs["pk"])

    def refusal(self) -> str:
        place, now = self.subject, timezone.now()
        return refused(
            lambda: verbs.require_open(municipality=place.municipality, cycle=place.cycle, at=now, first=True)
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        existing = reads.latest_of(self.subject.municipality, self.subject.cycle)
        if existing is not None:
            return redirect("quality:assessment_show", pk=existing.pk)
        return super().get(request, *args, **kwargs)

    def perform(self, form: Any, at: datetime) -> Assessment:
        place = self.subject
        return verbs.open_assessment(municipality=place.municipality, cycle=place.cycle, by=self.request.user, at=at)

    def target(self, result: Assessment) -> str:
        return reverse("quality:assessment_tasks", args=[result.pk])

    def back(self) -> str:
        return reverse("quality:assessment_start")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        place = self.subject
        return super().get_context_data(
            municipality=place.municipality,
            cycle=place.cycle,
            window=place.cycle.window(SELF_DIAGNOSIS_WINDOW),
            crumbs=[(_("Self-diagnosis"), self.back())],
            **kwargs,
        )


class ShowView(AssessmentMixin, TemplateView):
    """The whole self-diagnosis, to read or to print."""

    policy = Policy(roles=rules.READERS, rule=rules.can_read_assessment)
    template_name = "quality/assessment_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assessment, user = self.subject, self.request.user
        tasks = reads.tasks(assessment, self.today)
        versions = reads.versions(assessment)
        verified = level_reads.verified_of(assessment)
        now, is_last = timezone.now(), versions[0].pk == assessment.pk
        shut = refused(lambda: verbs.require_answerable(assessment, now)) if assessment.in_progress else ""
        answerable = is_last and assessment.in_progress and not shut
        correctable = is_last and not refused(lambda: verbs.require_correctable(assessment, now))
        return super().get_context_data(
            groups=[
                (group, [(task, verified.get(task.standard.code)) for task in group.tasks])
                for group in reads.by_component(tasks)
            ],
            done=sum(task.complete for task in tasks),
            total=len(tasks),
            drift=reads.drift(tasks, verified),
            participants=assessment.participants.all(),
            versions=versions,
            latest=versions[0],
            shut=shut,
            can_answer=answerable and rules.can_answer_assessment(user, assessment),
            can_submit=answerable and rules.can_submit_assessment(user, assessment),
            can_correct=correctable and rules.can_correct_assessment(user, assessment),
            can_review=assessment.state == "submitted" and rules.can_review_assessment(user, assessment),
            **kwargs,
        )


class ReportView(AssessmentMixin, View):
    """Orders the report as PDF, and leads to the page that waits for it."""

    policy = Policy(roles=rules.READERS, rule=rules.can_read_assessment)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        document = request_document(
            kind=REPORT, subject=self.subject, language=get_language(), by=request.user, at=timezone.now()
        )
        return redirect("documents:show", document.pk)


class SheetView(AssessmentMixin, View):
    """The answers as a spreadsheet."""

    policy = Policy(roles=rules.READERS, rule=rules.can_read_assessment)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        name = f"autodiagnostico-{self.subject.municipality.slug}-{self.subject.cycle.year}.xlsx"
        return xlsx_response(name, assessment_frames(self.subject, self.today), is_demo=self.subject.cycle.is_demo)


class VersionsView(AssessmentMixin, TemplateView):
    """Every version of the year, and what each correction changed."""

    policy = Policy(roles=rules.READERS, rule=rules.can_read_assessment)
    template_name = "quality/assessment_versions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = reads.versions(self.subject)
        by_id = {version.pk: version for version in versions}
        compared = by_id.get(self.subject.corrects_id)
        return super().get_context_data(
            versions=versions,
            compared=compared,
            differences=reads.differences(compared, self.subject) if compared else [],
            **kwargs,
        )
