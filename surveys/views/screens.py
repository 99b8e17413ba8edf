"""What the team's screens share: how a complaint is found, and how a verb is asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.foundation.files.domain import FileRefused
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.screens import VerbFormView
from portal.foundation.ui.forms import ConfirmForm
from surveys import rules
from surveys.domain.checks import can_move, not_now
from surveys.errors import SurveysError
from surveys.models import Complaint
from surveys.queries import complaints as reads


class ComplaintMixin(PolicyMixin):
    """The subject is the complaint that the address names; what one may not read is not found."""

    policy = Policy(roles=rules.READERS, rule=rules.can_read_complaint)
    subject: Complaint

    def get_subject(self) -> Complaint:
        return get_object_or_404(reads.one(self.request.user), pk=self.kwargs["pk"])

    @property
    def complaint(self) -> Complaint:
        return self.subject

    @property
    def today(self) -> date:
        """The day in the municipality's own zone."""
        return timezone.localdate(timezone=self.complaint.territory.zone)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(complaint=self.complaint, crumbs=self.crumbs(), **kwargs)  # type: ignore[misc]

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Complaints and suggestions"), reverse("surveys:inbox")),
            (self.complaint.shown_code, self.complaint.get_absolute_url()),
        ]


class ComplaintVerbView(ComplaintMixin, VerbFormView):
    """A form that asks for one verb on a complaint."""

    policy = Policy(roles=rules.READERS, rule=rules.can_handle_complaint)
    form_class: type[forms.Form] = ConfirmForm
    refusals = (SurveysError, FileRefused)
    # The state that the verb leads to, where it leads to one.
    moves_to: str = ""

    def refusal(self) -> str:
        needed = self.moves_to
        return str(not_now(self.complaint)) if needed and not can_move(self.complaint, needed) else ""

    def field_of(self, refusal: Exception) -> str:
        return "files" if isinstance(refusal, FileRefused) else super().field_of(refusal)

    def back(self) -> str:
        return self.complaint.get_absolute_url()


class ComplaintScreen(ComplaintMixin, TemplateView):
    """A page about one complaint."""

    def crumbs(self) -> list[tuple[Any, str]]:
        return super().crumbs()[:-1]
