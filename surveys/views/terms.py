"""The municipality's terms and its templates of answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.screens import VerbFormView
from portal.foundation.territories.models import Territory
from portal.foundation.ui.forms import ConfirmForm
from surveys import rules
from surveys.domain import terms as domain
from surveys.errors import SurveysError
from surveys.forms.terms import TemplateForm, TermsForm
from surveys.models import AnswerTemplate, ComplaintTerms
from surveys.queries import terms as reads

SETS = Policy(roles=rules.SETTERS)


class SettingsView(PolicyMixin, TemplateView):
    """Terms in force, to come and past, and the templates, of each municipality that the person leads."""

    policy = SETS
    template_name = "surveys/terms.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        places = reads.settings_of(self.request.user, timezone.localdate())
        return super().get_context_data(places=places, site_address=settings.SITE_URL, crumbs=_crumbs(), **kwargs)


class PlaceVerbView(PolicyMixin, VerbFormView):
    """A verb on the municipality that the address names."""

    policy = Policy(roles=rules.SETTERS, rule=rules.can_set_terms)
    refusals = (SurveysError,)
    subject: Any

    def get_subject(self) -> Any:
        places = Territory.objects.visible_to(self.request.user).municipalities()
        return get_object_or_404(places, slug=self.kwargs["slug"])

    def back(self) -> str:
        return reverse("surveys:terms")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [*_crumbs(), (_("Terms and templates"), self.back())]
        return super().get_context_data(crumbs=crumbs, **kwargs)


class SetTermsView(PlaceVerbView):
    form_class = TermsForm
    heading = _("Set new terms")
    submit = _("Save the terms")
    done = _("The terms are saved.")

    @property
    def today(self) -> date:
        return timezone.localdate(timezone=self.subject.zone)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"today": self.today}

    def get_initial(self) -> dict[str, Any]:
        now = ComplaintTerms.objects.in_force(self.subject, self.today)
        names = ("answer_days", "internal_days", "acknowledge_days", "ordinance")
        return {name: getattr(now, name) for name in names} | {"starts_on": self.today}

    def perform(self, form: Any, at: datetime) -> Any:
        return domain.set_terms(territory=self.subject, by=self.request.user, at=at, **form.cleaned_data)


class AddTemplateView(PlaceVerbView):
    form_class = TemplateForm
    heading = _("New template")
    lead = _("A beginning for an answer. Whoever answers changes it before it is sent.")
    submit = _("Save the template")
    done = _("The template is saved.")

    def perform(self, form: Any, at: datetime) -> Any:
        return domain.save_template(territory=self.subject, by=self.request.user, at=at, **form.cleaned_data)


class TemplateVerbView(PlaceVerbView):
    policy = Policy(roles=rules.SETTERS, rule=rules.can_edit_template)

    def get_subject(self) -> AnswerTemplate:
        own = AnswerTemplate.objects.visible_to(self.request.user).filter(is_active=True)
        return get_object_or_404(own.select_related("territory"), pk=self.kwargs["pk"])


class EditTemplateView(TemplateVerbView):
    form_class = TemplateForm
    heading = _("Change the template")
    submit = _("Save the template")
    done = _("The template is saved.")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.subject, name) for name in ("title", "kind", "found", "action", "next_step")}

    def perform(self, form: Any, at: datetime) -> Any:
        template = self.subject
        return domain.save_template(
            template=template, territory=template.territory, by=self.request.user, at=at, **form.cleaned_data
        )


class RetireTemplateView(TemplateVerbView):
    form_class = ConfirmForm
    heading = _("Retire the template")
    lead = _("Nobody is offered it any more. Answers that began with it stay as they are.")
    submit = _("Retire it")
    done = _("The template is retired.")
    warning = True

    def perform(self, form: Any, at: datetime) -> Any:
        return domain.retire_template(template=self.subject, by=self.request.user, at=at)


def _crumbs() -> list[tuple[Any, str]]:
    return [(_("Complaints and suggestions"), reverse("surveys:inbox"))]
