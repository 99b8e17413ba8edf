"""Answering: one standard a page, its evidence, who took part, in which channels."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from portal.foundation.files.domain import FileRefused
from portal.foundation.people.access import Policy
from portal.foundation.people.roles import Role
from quality import rules
from quality.domain import assessments as verbs
from quality.domain.errors import AnswerConflict, AssessmentError, EvidenceInFuture
from quality.forms.assessments import AnswerForm, ContextForm, ParticipantForm
from quality.models import AnswerEvidence, Assessment, AssessmentParticipant, Standard
from quality.queries import assessments as reads
from quality.queries import indicators as indicator_reads
from quality.queries import levels as level_reads
from quality.views.assessments import AssessmentMixin, AssessmentVerbView

ANSWER = Policy(roles=frozenset({Role.TEAM_MEMBER, Role.COORDINATOR}), rule=rules.can_answer_assessment)


class DraftMixin(AssessmentMixin):
    """Screens that change a self-diagnosis in progress. Where it cannot be changed they lead to reading it."""

    policy = ANSWER

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            verbs.require_answerable(self.subject, timezone.now())
        except AssessmentError as refused:
            messages.info(request, str(refused))
            return redirect("quality:assessment_show", pk=self.subject.pk)
        return super().get(request, *args, **kwargs)  # type: ignore[misc]

    def crumbs(self) -> list[tuple[str, str]]:
        tasks = (_("Tasks"), reverse("quality:assessment_tasks", args=[self.subject.pk]))
        return [*super().crumbs(), tasks]


class DraftVerbView(DraftMixin, AssessmentVerbView):
    """A form that asks for one verb on a self-diagnosis in progress; the tasks come next."""

    def back(self) -> str:
        return reverse("quality:assessment_tasks", args=[self.subject.pk])


class TasksView(DraftMixin, TemplateView):
    """Every standard with its state, by component; what else the report needs."""

    template_name = "quality/assessment_tasks.html"

    def crumbs(self) -> list[tuple[str, str]]:
        return super().crumbs()[:-1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tasks = reads.tasks(self.subject, self.today)
        groups = [(group, [self._row(task) for task in group.tasks]) for group in reads.by_component(tasks)]
        return super().get_context_data(
            groups=groups,
            done=sum(task.complete for task in tasks),
            total=len(tasks),
            about=self._about(),
            **kwargs,
        )

    def _row(self, task: reads.StandardTask) -> dict[str, Any]:
        url = reverse("quality:assessment_answer", args=[self.subject.pk, task.standard.code])
        return {
            "title": str(task.standard),
            "url": url,
            "state": task.state_label,
            "tone": TONES[task.state],
            "hint": _("Level %(level)s") % {"level": task.answer.level}
            if task.answer and task.answer.level is not None
            else "",
        }

    def _about(self) -> list[dict[str, Any]]:
        named = self.subject.participants.count()
        return [
            {
                "title": _("Who takes part"),
                "url": reverse("quality:assessment_participants", args=[self.subject.pk]),
                "state": _("Done") if named else _("Not started"),
                "tone": "good" if named else "neutral",
            },
            {
                "title": _("Ways of attention and strengths"),
                "url": reverse("quality:assessment_context", args=[self.subject.pk]),
                "state": _("Done") if self.subject.strengths else _("Optional"),
                "tone": "good" if self.subject.strengths else "neutral",
            },
        ]


TONES = {
    "not_started": "neutral",
    "evidence_missing": "attention",
    "evidence_old": "attention",
    "done": "good",
    "not_applicable": "good",
    "na_pending": "info",
    "na_refused": "bad",
}


class StandardMixin(AssessmentMixin):
    """The standard that the address names, of the self-diagnosis's own catalogue."""

    @cached_property
    def standard(self) -> Standard:
        standards = Standard.objects.filter(version=self.subject.catalogue_id).select_related("component")
        return get_object_or_404(standards, code=self.kwargs["code"])

    def answer(self) -> Any:
        answers = self.subject.answers.select_related("answered_by", "standard").prefetch_related("evidence__file")
        return answers.filter(standard=self.standard).first()


class AnswerView(StandardMixin, DraftMixin, FormView):
    """One standard: what it asks, what was said before, and the answer."""

    template_name = "quality/assessment_answer.html"
    form_class = AnswerForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "standard": self.standard, "today": self.today}

    def get_initial(self) -> dict[str, Any]:
        return AnswerForm.initial_of(self.answer())

    def form_valid(self, form: AnswerForm) -> HttpResponse:
        try:
            verbs.answer_standard(
                assessment=self.subject,
                standard=self.standard,
                by=self.request.user,
                at=timezone.now(),
                **form.answer(),
            )
        except AnswerConflict as conflict:
            return self._conflict(form, conflict)
        except FileRefused as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)
        except EvidenceInFuture as error:
            form.add_error("dated_on", str(error))
            return self.form_invalid(form)
        except AssessmentError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        self._say_saved()
        return redirect(self._next_url())

    def _say_saved(self) -> None:
        """Also what the answer still needs: nobody has to wait for the last page to learn it."""
        saved = _("Saved: %(standard)s.") % {"standard": self.standard}
        task = next(task for task in reads.tasks(self.subject, self.today) if task.standard == self.standard)
        if task.problem:
            messages.warning(self.request, f"{saved} {task.problem_label}")
        else:
            messages.success(self.request, saved)

    def _conflict(self, form: AnswerForm, conflict: AnswerConflict) -> HttpResponse:
        """Both answers on one page; what was typed stays in the form, now over the other's revision."""
        data = form.data.copy()
        data["revision"] = str(conflict.theirs.revision)
        again = AnswerForm(data, standard=self.standard, today=self.today)
        for name in ("file", "dated_on", "description"):
            del again.fields[name]
        return self.render_to_response(
            self.get_context_data(form=again, theirs=conflict.theirs, kept_file=bool(form.files.get("file"))),
            template="quality/assessment_conflict.html",
        )

    def render_to_response(self, context: dict[str, Any], template: str = "", **kwargs: Any) -> HttpResponse:
        if not template:
            return super().render_to_response(context, **kwargs)
        return self.response_class(
            request=self.request, template=[template], context=context, using=self.template_engine, status=409
        )

    def _next_url(self) -> str:
        """The same page for more evidence, else the next standard, else the page that checks all."""
        if "stay" in self.request.POST:
            return self.request.path
        following = self._neighbors()["after"]
        if following is None:
            return reverse("quality:assessment_check", args=[self.subject.pk])
        return reverse("quality:assessment_answer", args=[self.subject.pk, following.code])

    def _neighbors(self) -> dict[str, Any]:
        standards = Standard.objects.filter(version=self.subject.catalogue_id)
        number = self.standard.number
        return {
            "before": standards.filter(number__lt=number).order_by("-number").first(),
            "after": standards.filter(number__gt=number).order_by("number").first(),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        place, cycle, code = self.subject.municipality, self.subject.cycle, self.standard.code
        return super().get_context_data(
            standard=self.standard,
            answer=self.answer(),
            previous=level_reads.previous_levels(place, cycle).get(code),
            verified=level_reads.verified_levels(place).get(code),
            indicators=indicator_reads.beside(self.standard, place, cycle),
            neighbors=self._neighbors(),
            **kwargs,
        )


class HistoryView(StandardMixin, TemplateView):
    """Who answered a standard, when, with which level."""

    policy = Policy(roles=rules.READERS, rule=rules.can_read_assessment)
    template_name = "quality/assessment_history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answer = self.answer()
        return super().get_context_data(
            standard=self.standard,
            changes=reads.answer_history(answer) if answer else [],
            **kwargs,
        )


class RemoveEvidenceView(DraftVerbView):
    """Asks before it removes."""

    heading = gettext_lazy("Remove this evidence?")
    warning = True
    submit = gettext_lazy("Remove")
    done = gettext_lazy("The evidence was removed.")

    @cached_property
    def evidence(self) -> AnswerEvidence:
        found = AnswerEvidence.objects.filter(answer__assessment=self.subject).select_related(
            "file", "answer__standard", "answer__assessment"
        )
        return get_object_or_404(found, pk=self.kwargs["evidence_id"])

    def perform(self, form: Any, at: datetime) -> None:
        verbs.remove_evidence(evidence=self.evidence, by=self.request.user, at=at)

    def back(self) -> str:
        return reverse("quality:assessment_answer", args=[self.subject.pk, self.evidence.answer.standard.code])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.evidence
        return super().get_context_data(
            lead=f"{item.description} ({item.file.name}, {date_format(item.dated_on, 'SHORT_DATE_FORMAT')})",
            caution=_("It will no longer support %(standard)s.") % {"standard": item.answer.standard},
            **kwargs,
        )


class ContextView(DraftVerbView):
    form_class = ContextForm
    heading = gettext_lazy("Ways of attention and strengths")

    def get_initial(self) -> dict[str, Any]:
        return {"channel": self.subject.channel, "strengths": self.subject.strengths}

    def perform(self, form: Any, at: datetime) -> Assessment:
        return verbs.set_context(assessment=self.subject, by=self.request.user, at=at, **form.cleaned_data)


class ParticipantsView(DraftVerbView):
    """Everybody who took part, and a form for one more."""

    template_name = "quality/assessment_participants.html"
    form_class = ParticipantForm
    heading = gettext_lazy("Who takes part")
    submit = gettext_lazy("Add")

    def perform(self, form: Any, at: datetime) -> AssessmentParticipant:
        return verbs.add_participant(assessment=self.subject, by=self.request.user, at=at, **form.cleaned_data)

    def get_done(self, result: AssessmentParticipant) -> str:
        return _("%(name)s was added.") % {"name": result.name}

    def target(self, result: AssessmentParticipant) -> str:
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(participants=self.subject.participants.all(), **kwargs)


class RemoveParticipantView(DraftVerbView):
    """Asks before it removes."""

    heading = gettext_lazy("Remove this participant?")
    warning = True
    submit = gettext_lazy("Remove")
    done = gettext_lazy("The participant was removed.")

    @cached_property
    def participant(self) -> AssessmentParticipant:
        return get_object_or_404(self.subject.participants, pk=self.kwargs["participant_id"])

    def perform(self, form: Any, at: datetime) -> None:
        verbs.remove_participant(participant=self.participant, by=self.request.user, at=at)

    def back(self) -> str:
        return reverse("quality:assessment_participants", args=[self.subject.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.participant
        return super().get_context_data(lead=", ".join(filter(None, (person.name, person.position))), **kwargs)
