"""Screens of the procedures' editors: list, procedure, version, check, publication, differences."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from benefits_core import rules
from benefits_core.domain import procedures as domain
from benefits_core.domain.imports import import_procedure
from benefits_core.domain.procedure_file import LARGEST_FILE
from benefits_core.errors import BenefitsError, EditConflict
from benefits_core.forms.procedures import (
    CompareForm,
    EndForm,
    ImportForm,
    NewProcedureForm,
    ProcedureFilterForm,
    PublishForm,
    VersionForm,
)
from benefits_core.models import MunicipalTerms, ProcedureVersion
from benefits_core.queries import editing
from benefits_core.queries.anchors import orphans_waiting
from benefits_core.queries.content import content_hash
from benefits_core.queries.differences import difference
from benefits_core.queries.flows import drawn
from benefits_core.queries.problems import version_problems
from benefits_core.views.screens import (
    EDIT,
    EDIT_PROCEDURE,
    PUBLISH,
    PUBLISH_PROCEDURE,
    READ,
    BenefitsVerbView,
    ProcedureMixin,
    ProcedureVerbView,
    VersionMixin,
    VersionScreen,
    VersionVerbView,
)
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.roles import MUNICIPAL_ROLES
from portal.foundation.screens import PagedList
from portal.foundation.territories.models import Territory


class ManageList(PolicyMixin, PagedList):
    """Every procedure that the person may see, with its versions."""

    policy = READ
    template_name = "benefits_core/manage_list.html"
    context_object_name = "procedures"

    def get_queryset(self) -> Any:
        self.filters = ProcedureFilterForm(self.request.GET)
        chosen = self.filters.cleaned_data if self.filters.is_valid() else {}
        return editing.overview(
            self.request.user,
            timezone.localdate(),
            text=chosen.get("q", ""),
            scope=chosen.get("ambito", ""),
            state=chosen.get("estado", ""),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            filters=self.filters,
            is_filtered=any(self.request.GET.values()),
            creates=rules.can_create_procedure(self.request.user),
            **kwargs,
        )


class PlacesView(PolicyMixin, BenefitsVerbView):
    """A form that asks for whom: the country or one of the person's municipalities."""

    policy = Policy(roles=rules.EDITORS, rule=rules.can_create_procedure)

    def get_form_kwargs(self) -> dict[str, Any]:
        places = editing.places_to_create(self.request.user)
        self.places = {str(place.pk) if place else "pais": place for place in places}
        names = [(key, str(place) if place else gettext("The whole country")) for key, place in self.places.items()]
        return super().get_form_kwargs() | {"places": names}

    def target(self, result: ProcedureVersion) -> str:
        return result.get_absolute_url()

    def back(self) -> str:
        return reverse("benefits_core:manage")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Procedures, for the team"), reverse("benefits_core:manage"))]
        return super().get_context_data(crumbs=crumbs, **kwargs)


class CreateProcedure(PlacesView):
    form_class = NewProcedureForm
    heading = _("New procedure")
    lead = _("It begins as an empty draft. Nobody outside the team sees it until it is published.")
    submit = _("Create the draft")
    done = _("The draft was created. Write its texts and add its steps.")

    def perform(self, form: Any, at: datetime) -> ProcedureVersion:
        data = form.cleaned_data
        return domain.create_procedure(
            key=data["key"],
            kind=data["kind"],
            name={"es": data["name_es"], "en": data["name_en"]},
            territory=self.places[data["territory"]],
            by=self.request.user,
            at=at,
        )


class ImportProcedure(PlacesView):
    """Reads a procedure's file into a draft; what is wrong is said with its place in the file."""

    form_class = ImportForm
    heading = _("Read a procedure from a file")
    lead = _("A known procedure gets a new draft; another one is created. Nothing is published.")
    submit = _("Read the file")
    done = _("The file was read into a draft. Check it before you publish.")

    def perform(self, form: Any, at: datetime) -> ProcedureVersion:
        return import_procedure(
            content=form.cleaned_data["file"].read(LARGEST_FILE + 1),
            territory=self.places[form.cleaned_data["territory"]],
            by=self.request.user,
            at=at,
        )

    def field_of(self, refusal: Exception) -> str:
        return "file"


class ManageProcedure(ProcedureMixin, PagedList):
    """One procedure: its versions, newest first, and what can be done with it."""

    template_name = "benefits_core/manage_procedure.html"
    context_object_name = "versions"

    def get_queryset(self) -> Any:
        return self.procedure.versions.select_related("edited_by", "published_by").order_by("-number")

    def crumbs(self) -> list[tuple[Any, str]]:
        return super().crumbs()[:1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        versions = self.procedure.versions
        newest = versions.public(self.today).first() or versions.filter(state="published").first()
        return super().get_context_data(
            today=self.today,
            current=versions.current(self.today).first(),
            draft=versions.filter(state="draft").first(),
            waiting=orphans_waiting(newest) if newest else 0,
            newest=newest,
            edits=rules.can_edit_procedure(user, self.procedure),
            publishes=rules.can_publish_procedure(user, self.procedure),
            own_terms=self._own_terms(),
            **kwargs,
        )

    def _own_terms(self) -> list[tuple[Territory, MunicipalTerms | None, bool]]:
        """Each of the person's municipalities with its newest terms, and whether he or she may write them."""
        user = self.request.user
        if self.procedure.territory_id is not None or not user.scope.has(*MUNICIPAL_ROLES):
            return []
        places = list(Territory.objects.municipalities().filter(user.scope.territories("pk", "path", MUNICIPAL_ROLES)))
        rows = MunicipalTerms.objects.filter(procedure=self.procedure, territory__in=places).order_by("number")
        newest = {row.territory_id: row for row in rows}
        return [(place, newest.get(place.pk), rules.can_open_terms(user, place)) for place in places]


class OpenDraft(ProcedureMixin, View):
    """Opens the draft of a new version, or leads to the one that is open."""

    policy = EDIT_PROCEDURE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = domain.open_draft(procedure=self.procedure, by=request.user, at=timezone.now())
        return redirect(draft)


class RetireProcedure(ProcedureVerbView):
    policy = PUBLISH_PROCEDURE
    form_class = EndForm
    heading = _("End this procedure")
    lead = _("From that day nobody can ask for it. Its pages stay, with the date and the reason.")
    submit = _("End the procedure")
    done = _("The procedure has an end.")
    warning = True

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": self.today}

    def perform(self, form: Any, at: datetime) -> Any:
        return domain.retire_procedure(procedure=self.procedure, by=self.request.user, at=at, **form.cleaned_data)


class VersionScreenShow(VersionScreen):
    """The board of one version: its texts, its steps and what leads from one to another."""

    template_name = "benefits_core/version_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, version = self.request.user, self.version
        problems = version_problems(version) if version.is_draft else []
        return super().get_context_data(
            rows=drawn(version),
            texts=_texts_of(version),
            edits=version.is_draft and rules.can_edit_version(user, version),
            publishes=rules.can_publish_version(user, version),
            blocking=sum(problem.is_blocking for problem in problems),
            is_coming=version.is_coming(self.today),
            is_current=version.is_current(self.today),
            is_public=version.state != "draft" and not version.is_coming(self.today),
            waiting=0 if version.is_draft else orphans_waiting(version),
            earlier=self.procedure.versions.filter(number__lt=version.number).first(),
            **kwargs,
        )

    def crumbs(self) -> list[tuple[Any, str]]:
        return super().crumbs()[:-1]


class EditVersion(VersionVerbView):
    policy = EDIT
    template_name = "benefits_core/texts_page.html"
    form_class = VersionForm
    heading = _("Texts of the procedure")
    lead = _("Write both languages. A draft can be saved with gaps; the check names them.")
    done = _("The texts were saved.")

    def get_initial(self) -> dict[str, Any]:
        return VersionForm.initial_of(self.version)

    def stored_values(self, stored: ProcedureVersion) -> dict[str, Any]:
        return VersionForm.initial_of(stored)

    def perform(self, form: VersionForm, at: datetime) -> Any:
        return domain.edit_version(
            version=self.version,
            content=form.content,
            revision=form.cleaned_data["revision"] or 0,
            by=self.request.user,
            at=at,
        )


class DiscardDraft(VersionVerbView):
    policy = EDIT
    heading = _("Discard this draft")
    lead = _("The draft and its steps are deleted. The version in force stays as it is.")
    submit = _("Discard the draft")
    done = _("The draft was discarded.")
    warning = True

    def perform(self, form: forms.Form, at: datetime) -> Any:
        return domain.discard_draft(version=self.version, by=self.request.user, at=at)

    def target(self, result: Any) -> str:
        return reverse("benefits_core:manage_procedure", args=[self.procedure.key])


class CheckVersion(VersionScreen):
    """What has to be mended before the draft can be published, and what to look at."""

    template_name = "benefits_core/version_check.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        problems = version_problems(self.version)
        user = self.request.user
        return super().get_context_data(
            blocking=[problem for problem in problems if problem.is_blocking],
            advice=[problem for problem in problems if not problem.is_blocking],
            edits=self.version.is_draft and rules.can_edit_version(user, self.version),
            publishes=self.version.is_draft and rules.can_publish_version(user, self.version),
            **kwargs,
        )


class PublishVersion(VersionVerbView):
    """The publisher reads the whole draft, what changes, and chooses the first day."""

    policy = PUBLISH
    template_name = "benefits_core/version_publish.html"
    form_class = PublishForm
    heading = _("Publish this version")
    submit = _("Publish")
    done = _("The version is published.")

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": self.today, "seen": content_hash(self.version)}

    def perform(self, form: Any, at: datetime) -> Any:
        return domain.publish_version(version=self.version, by=self.request.user, at=at, **form.cleaned_data)

    def refuse(self, form: forms.Form, refusal: Exception) -> HttpResponse:
        if isinstance(refusal, EditConflict):
            # What is read on the page that comes back is what is stored now.
            form.data = form.data.copy()
            form.data["seen"] = content_hash(self.version)
        return super().refuse(form, refusal)

    def target(self, result: ProcedureVersion) -> str:
        if orphans_waiting(result):
            messages.info(self.request, gettext("Some things are pinned to steps that this version does not have."))
            return reverse("benefits_core:orphans", args=[result.pk])
        return result.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before = self.procedure.versions.filter(
            number__lt=self.version.number, state__in=("published", "retired")
        ).first()
        return super().get_context_data(
            rows=drawn(self.version),
            texts=_texts_of(self.version),
            difference=difference(before, self.version) if before else None,
            is_last_writer=self.version.edited_by_id == self.request.user.pk,
            **{
                "missing": self.missing
                or [problem for problem in version_problems(self.version) if problem.is_blocking]
            }
            | kwargs,
        )


class HandOver(VersionMixin, View):
    """Tells those who publish that the draft is ready."""

    policy = EDIT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            domain.hand_over(version=self.version, by=request.user, at=timezone.now())
        except BenefitsError as refused:
            messages.error(request, str(refused))
            return redirect("benefits_core:version_check", self.version.pk)
        messages.success(request, gettext("Those who publish were told that the draft is ready."))
        return redirect(self.version)


class CallBack(VersionVerbView):
    policy = PUBLISH
    heading = _("Call this version back")
    lead = _("It becomes a draft again. The version in force goes on.")
    submit = _("Call back")
    done = _("The version is a draft again.")

    def perform(self, form: forms.Form, at: datetime) -> Any:
        return domain.call_back(version=self.version, by=self.request.user, at=at)


class CompareVersions(VersionScreen):
    """What changes from one version to another, in words."""

    template_name = "benefits_core/version_compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = list(self.procedure.versions.exclude(pk=self.version.pk))
        form = CompareForm(self.request.GET, versions=others)
        asked = form.cleaned_data["con"] if form.is_valid() else None
        earlier = [other for other in others if other.number < self.version.number]
        other = (
            get_object_or_404(self.procedure.versions, number=asked) if asked else next(iter(earlier or others), None)
        )
        pair = sorted([other, self.version], key=lambda version: version.number) if other else None
        if asked is None and other:
            form = CompareForm({"con": other.number}, versions=others)
        return super().get_context_data(
            form=form, others=others, difference=difference(*pair) if pair else None, **kwargs
        )


def _texts_of(version: ProcedureVersion) -> list[dict[str, Any]]:
    """The version's own texts as rows of a summary list, both languages."""
    names = ("name", "summary", "audience", "result", "cost", "legal_source", "change_note")
    return [
        {
            "key": version._meta.get_field(name).verbose_name.capitalize(),
            "value": [f"{language.upper()} · {text}" for language, text in getattr(version, name).items()] or None,
        }
        for name in names
        if getattr(version, name) or name != "change_note" or version.number > 1
    ]
