"""Files of queue machines on their way into the register."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from benefits_core import rules
from benefits_core.domain import queue_imports as verbs
from benefits_core.enums import ImportState
from benefits_core.exports.attentions import rejected_frame
from benefits_core.forms.queue_imports import ColumnsForm, UploadForm, ValuesForm
from benefits_core.models import AttentionImport
from benefits_core.queries.queue_imports import PREVIEW_ROWS, imports_of, preview
from benefits_core.views.places import PlaceMixin, PlaceVerbView
from portal.foundation.files.domain import FileRefused
from portal.foundation.jobs.models import Job
from portal.foundation.people.access import Policy
from portal.foundation.people.roles import Role
from portal.foundation.reporting.spreadsheets import csv_response
from portal.foundation.screens import PagedList
from portal.foundation.territories.models import Territory
from portal.foundation.ui.forms import ConfirmForm

IMPORTERS = frozenset({Role.TEAM_MEMBER, Role.COORDINATOR})
MOVING = {ImportState.READING, ImportState.RUNNING, ImportState.UNDOING}
REFRESH_SECONDS = "2"
TONES = {
    ImportState.REFUSED: "bad",
    ImportState.FAILED: "attention",
    ImportState.DONE: "good",
    ImportState.UNDONE: "neutral",
    ImportState.DISCARDED: "neutral",
}


class ImportList(PlaceMixin, PagedList):
    """The files that came, and the way to send another."""

    policy = Policy(roles=IMPORTERS, rule=rules.can_import)
    template_name = "benefits_core/import_list.html"
    context_object_name = "batches"
    section = "imports"

    def get_queryset(self) -> Any:
        return imports_of(self.place)


class Upload(PlaceVerbView):
    policy = Policy(roles=IMPORTERS, rule=rules.can_import)
    refusals = (*PlaceVerbView.refusals, FileRefused)
    form_class = UploadForm
    section = "imports"
    heading = _("Send a file of the queue machine")
    lead = _("You choose what each column is, and see what is wrong, before anything is recorded.")
    submit = _("Send the file")
    done = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "place": self.place}

    def perform(self, form: Any, at: datetime) -> AttentionImport:
        cleaned = form.cleaned_data
        return verbs.upload_file(
            service_point=cleaned["service_point"], upload=cleaned["file"], by=self.request.user, at=at
        )

    def field_of(self, refusal: Exception) -> str:
        return "file" if isinstance(refusal, FileRefused) else super().field_of(refusal)

    def target(self, result: AttentionImport) -> str:
        return reverse("benefits_core:import", args=[result.pk])

    def back(self) -> str:
        return reverse("benefits_core:imports", args=[self.place.slug])


class ImportMixin(PlaceMixin):
    """The subject is a file."""

    policy = Policy(roles=IMPORTERS, rule=rules.can_work_on_import)
    subject: AttentionImport  # type: ignore[assignment]
    section = "imports"

    def get_subject(self) -> AttentionImport:  # type: ignore[override]
        visible = AttentionImport.objects.visible_to(self.request.user).select_related(
            "territory", "service_point", "uploaded_by", "undone_by"
        )
        return get_object_or_404(visible, pk=self.kwargs["import_id"])  # type: ignore[attr-defined]

    @property
    def place(self) -> Territory:
        return self.subject.territory

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            *super().crumbs(),
            (gettext("Files"), reverse("benefits_core:imports", args=[self.place.slug])),
            (self.subject.file_name, self.address()),
        ]

    def address(self, name: str = "import") -> str:
        return reverse(f"benefits_core:{name}", args=[self.subject.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(batch=self.subject, **kwargs)


class ImportShow(ImportMixin, TemplateView):
    """How far the file is, what comes next, and in the end what came of it."""

    template_name = "benefits_core/import_show.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if self.subject.state in MOVING:
            response["Refresh"] = REFRESH_SECONDS
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch, at = self.subject, timezone.now()
        is_checked = batch.state == ImportState.CHECKED
        is_over = batch.state in (ImportState.DONE, ImportState.FAILED)
        return super().get_context_data(
            tone=TONES.get(batch.state, "info"),
            is_moving=batch.state in MOVING,
            job=Job.objects.filter(pk=batch.job_id).first() if batch.state in MOVING else None,
            preview=preview(batch, at) if is_checked else None,
            most=PREVIEW_ROWS,
            may_undo=is_over and bool(batch.recorded) and not verbs.is_used(batch),
            **kwargs,
        )


class ImportVerbView(ImportMixin, PlaceVerbView):
    done = ""

    def back(self) -> str:
        return self.address()


class ChooseColumns(ImportVerbView):
    form_class = ColumnsForm
    template_name = "benefits_core/import_columns.html"
    heading = _("What each column is")
    submit = _("Continue")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "batch": self.subject}

    def perform(self, form: Any, at: datetime) -> AttentionImport:
        return verbs.choose_columns(
            batch=self.subject,
            columns=form.columns(),
            date_order=form.cleaned_data["date_order"],
            by=self.request.user,
            at=at,
        )

    def target(self, result: AttentionImport) -> str:
        return self.address("import_values")


class ChooseValues(ImportVerbView):
    form_class = ValuesForm
    template_name = "benefits_core/import_values.html"
    heading = _("What the values are")
    lead = _("It is kept: the next file of this service point begins with it.")
    submit = _("Continue")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "batch": self.subject}

    def perform(self, form: Any, at: datetime) -> AttentionImport:
        return verbs.choose_values(
            batch=self.subject, matters=form.matters(), outcomes=form.outcomes(), by=self.request.user, at=at
        )


class RunImport(ImportVerbView):
    form_class = ConfirmForm
    heading = _("Record the rows of the file?")
    submit = _("Record them")

    def perform(self, form: Any, at: datetime) -> AttentionImport:
        return verbs.run_import(batch=self.subject, by=self.request.user, at=at)


class UndoImport(ImportVerbView):
    form_class = ConfirmForm
    heading = _("Undo the import?")
    lead = _("Every attention of this file leaves the register, and you can send the file again.")
    submit = _("Undo it")
    warning = True

    def perform(self, form: Any, at: datetime) -> AttentionImport:
        return verbs.undo_import(batch=self.subject, by=self.request.user, at=at)


class DiscardImport(ImportVerbView):
    form_class = ConfirmForm
    heading = _("Discard the file?")
    lead = _("Nothing of it was recorded.")
    submit = _("Discard it")
    done = _("The file is discarded.")

    def perform(self, form: Any, at: datetime) -> AttentionImport:
        return verbs.discard_import(batch=self.subject, by=self.request.user, at=at)

    def target(self, result: AttentionImport) -> str:
        return reverse("benefits_core:imports", args=[self.place.slug])


class RejectedRows(ImportMixin, View):
    """The rows that were not taken, with what is wrong, to mend and send again."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        return csv_response(f"rechazadas-{self.place.slug}.csv", rejected_frame(self.subject), is_demo=False)
