"""What the screens of themes share: how a run, a theme or a text is found, and how a verb is asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal.foundation.audit.domain import record_look
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.screens import VerbFormView
from portal.foundation.ui.forms import ConfirmForm
from surveys import rules
from surveys.errors import SurveysError
from surveys.models import Theme, ThemeRun, ThemeText


class RunMixin(PolicyMixin):
    """The subject is the search that the address names; other territories' searches are not found."""

    policy = Policy(roles=rules.THEME_READERS, rule=rules.can_read_run)
    subject: ThemeRun

    def get_subject(self) -> ThemeRun:
        runs = ThemeRun.objects.visible_to(self.request.user).select_related("municipality__region", "previous")
        return get_object_or_404(runs, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    @property
    def run(self) -> ThemeRun:
        return self.subject

    @property
    def today(self) -> date:
        """The day in the municipality's own zone."""
        return timezone.localdate(timezone=self.run.municipality.zone)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(run=self.run, crumbs=self.crumbs(), **kwargs)  # type: ignore[misc]

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Themes"), reverse("surveys:themes")), (run_title(self.run), self.run.get_absolute_url())]


class LedRunMixin(RunMixin):
    """The same for whoever leads the municipality's team."""

    policy = Policy(roles=rules.THEME_LEADERS, rule=rules.can_lead_run)


class ThemeMixin(RunMixin):
    """The subject is a theme."""

    policy = Policy(roles=rules.THEME_LEADERS, rule=rules.can_lead_theme)
    subject: Theme  # type: ignore[assignment]

    def get_subject(self) -> Theme:  # type: ignore[override]
        themes = Theme.objects.visible_to(self.request.user).select_related("run__municipality", "continues")
        return get_object_or_404(themes, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    @property
    def run(self) -> ThemeRun:
        return self.subject.run

    @property
    def theme(self) -> Theme:
        return self.subject

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(theme=self.theme, **kwargs)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*super().crumbs(), (str(self.theme), self.theme.get_absolute_url())]


class TextMixin(RunMixin):
    """The subject is one masked text."""

    policy = Policy(roles=rules.THEME_LEADERS, rule=rules.can_read_theme_text)
    subject: ThemeText  # type: ignore[assignment]

    def get_subject(self) -> ThemeText:  # type: ignore[override]
        runs = ThemeRun.objects.visible_to(self.request.user)
        texts = ThemeText.objects.filter(run__in=runs).select_related("run__municipality", "theme")
        return get_object_or_404(texts, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    @property
    def run(self) -> ThemeRun:
        return self.subject.run


class RunVerbView(LedRunMixin, VerbFormView):
    """A form that asks for one verb on a run."""

    form_class: type[forms.Form] = ConfirmForm
    refusals = (SurveysError,)

    def back(self) -> str:
        return self.run.get_absolute_url()


class ThemeVerbView(ThemeMixin, VerbFormView):
    """A form that asks for one verb on a theme."""

    form_class: type[forms.Form] = ConfirmForm
    refusals = (SurveysError,)

    def back(self) -> str:
        return self.theme.get_absolute_url()

    def target(self, result: Any) -> str:
        return self.run.get_absolute_url()


class RunScreen(RunMixin, TemplateView):
    """A page about one run."""


class TextsAreRead:
    """Mixin of a page that shows texts: that it was opened, and what for, is noted in the audit."""

    look_purpose = gettext_lazy("Review of masked texts for themes")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run: ThemeRun = self.run  # type: ignore[attr-defined]
        record_look(
            by=request.user,
            object=run,
            purpose=str(self.look_purpose),
            at=timezone.now(),
            territory=run.municipality,
        )
        response: HttpResponse = super().get(request, *args, **kwargs)  # type: ignore[misc]
        response["Cache-Control"] = "private, no-store"
        return response


def run_title(run: ThemeRun) -> str:
    """«Quillota, 1 de enero de 2026 a 30 de junio de 2026»."""
    days = {"first": date_format(run.starts_on), "last": date_format(run.ends_on)}
    return _("%(municipality)s, from %(first)s to %(last)s") % {"municipality": run.municipality, **days}
