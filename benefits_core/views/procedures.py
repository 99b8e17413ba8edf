"""Procedures for everybody: what can be asked for, by which steps, within which term."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from benefits_core import rules
from benefits_core.models import Procedure, ProcedureVersion, Step
from benefits_core.queries import public
from benefits_core.queries.anchors import heir_of, pinned_for, public_counts
from benefits_core.queries.differences import difference
from benefits_core.queries.flows import drawn, neighbors
from benefits_core.queries.terms import own_terms
from portal.foundation.offers.registry import offers_for
from portal.foundation.people.access import PUBLIC, PolicyMixin
from portal.foundation.screens import PagedList
from portal.foundation.territories.models import Territory


class PlaceMixin(PolicyMixin):
    """The municipality that ``?municipalidad=`` names, by its short name or as a person typed it."""

    policy = PUBLIC
    kwargs: dict[str, Any]

    @cached_property
    def place(self) -> public.Place:
        return public.place_of(self.request.GET.get("municipalidad", ""))

    @property
    def municipality(self) -> Territory | None:
        return self.place.municipality

    @property
    def today(self) -> date:
        return timezone.localdate(timezone=self.municipality.zone if self.municipality else None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.municipality and request.GET.get("municipalidad") != self.municipality.slug:
            query = request.GET.copy()
            query["municipalidad"] = self.municipality.slug
            return redirect(f"{request.path}?{query.urlencode()}")
        response: HttpResponse = super().get(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(place=self.place, today=self.today, **kwargs)  # type: ignore[misc]


class ProcedureList(PlaceMixin, PagedList):
    """What can be asked for: the national procedures, and those of the municipality that was chosen."""

    template_name = "benefits_core/procedure_list.html"
    context_object_name = "versions"
    paginate_by = 20

    def get_queryset(self) -> Any:
        self.text = self.request.GET.get("q", "").strip()[:100]
        return public.listed(self.today, text=self.text, territory=self.municipality)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(text=self.text, **kwargs)


class VersionPage(PlaceMixin, TemplateView):
    """A page about one version that is or was in force."""

    subject: ProcedureVersion

    def get_subject(self) -> ProcedureVersion:
        versions = ProcedureVersion.objects.public(self.today).select_related("procedure__territory")
        return get_object_or_404(versions, procedure__key=self.kwargs["key"], number=self.kwargs["number"])

    @property
    def version(self) -> ProcedureVersion:
        return self.subject

    @property
    def procedure(self) -> Procedure:
        return self.version.procedure

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        in_force = self.version.is_current(self.today)
        newest = self.version if in_force else public.version_to_show(self.procedure, self.today)
        return super().get_context_data(
            version=self.version,
            procedure=self.procedure,
            is_in_force=in_force,
            newest=newest,
            crumbs=self.crumbs(),
            **kwargs,
        )

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Procedures"), reverse("benefits_core:procedures") + self.place.query)]


class ProcedureShow(VersionPage):
    """The version in force today, else the last one: its steps drawn as a flow."""

    template_name = "benefits_core/procedure_show.html"

    def get_subject(self) -> ProcedureVersion:
        procedure = get_object_or_404(Procedure.objects.select_related("territory"), key=self.kwargs["key"])
        version = public.version_to_show(procedure, self.today)
        if version is None:
            raise Http404
        version.procedure = procedure
        return version

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = own_terms(self.procedure, self.municipality, self.today)
        user = self.request.user
        return super().get_context_data(
            rows=drawn(self.version, own.promises),
            own=own,
            coming=public.coming_version(self.procedure, self.today),
            manages=user.is_authenticated and rules.reads_procedures(user),
            **kwargs,
        )


class VersionShow(ProcedureShow):
    """One version of the dated history."""

    def get_subject(self) -> ProcedureVersion:
        return VersionPage.get_subject(self)


class HistoryShow(ProcedureShow):
    """Every version that is or was in force, with its dates and what it changed."""

    template_name = "benefits_core/procedure_history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = ProcedureVersion.objects.public(self.today).filter(procedure=self.procedure).order_by("-number")
        return super().get_context_data(versions=versions, **kwargs)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*super().crumbs(), (self.version, self.procedure.get_absolute_url() + self.place.query)]


class ChangesShow(VersionPage):
    """What a version changed against the one before it."""

    template_name = "benefits_core/procedure_changes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        earlier = ProcedureVersion.objects.public(self.today).filter(
            procedure=self.procedure, number__lt=self.version.number
        )
        before = earlier.order_by("-number").first()
        return super().get_context_data(difference=difference(before, self.version) if before else None, **kwargs)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            *super().crumbs(),
            (self.version.procedure, self.procedure.get_absolute_url() + self.place.query),
            (_("Versions"), reverse("benefits_core:procedure_history", args=[self.procedure.key]) + self.place.query),
        ]


class StepShow(VersionPage):
    """One step: what is promised, what is measured, and everything pinned to it."""

    template_name = "benefits_core/step_show.html"
    subject: Any

    def get_subject(self) -> Any:
        version = super().get_subject()
        step = get_object_or_404(version.steps, key=self.kwargs["step_key"])
        step.version = version
        return step

    @property
    def step(self) -> Step:
        return self.subject

    @property
    def version(self) -> ProcedureVersion:
        return self.step.version

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = own_terms(self.procedure, self.municipality, self.today)
        rows = drawn(self.version, own.promises)
        before, after = neighbors(rows, self.step)
        context = super().get_context_data(
            step=self.step,
            row=next(row for row in rows if row.step.pk == self.step.pk),
            before=before,
            after=after,
            own=own,
            measured=public.measured_at(self.step, self.municipality, self.today),
            counts=public_counts(self.step, self.municipality),
            invitations=public.invitations(self.step, self.municipality),
            **kwargs,
        )
        if not context["is_in_force"] and context["newest"] is not None:
            context["heir"] = heir_of(self.step, context["newest"])
        return context | self._for_staff()

    def _for_staff(self) -> dict[str, Any]:
        user = self.request.user
        if not user.is_authenticated or not rules.reads_procedures(user):
            return {}
        is_own = self.municipality is not None and user.scope.has(*rules.READERS, at=self.municipality)
        return {
            "is_staff_page": True,
            "pinned": pinned_for(self.step, user, self.municipality if is_own else None),
            "offers": offers_for(public.STEP, self.step, user),
        }

    def crumbs(self) -> list[tuple[Any, str]]:
        address = self.version.get_public_url() if not self.version.is_current(self.today) else ""
        return [
            *super().crumbs(),
            (self.version.procedure, (address or self.procedure.get_absolute_url()) + self.place.query),
        ]
