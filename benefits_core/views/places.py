"""What the screens of attentions, queues and agendas share: the municipality that their address names."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from benefits_core import rules
from benefits_core.errors import BenefitsError
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.screens import VerbFormView
from portal.foundation.territories.domain import TerritoryError
from portal.foundation.territories.models import Territory


class PlaceMixin(PolicyMixin):
    """The subject is a municipality where the user attends, or which he or she oversees."""

    policy = Policy(roles=rules.REGISTER_READERS, rule=rules.can_read_register)
    subject: Territory
    section = ""

    def get_subject(self) -> Territory:
        return get_object_or_404(places_of(self.request.user), slug=self.kwargs["slug"])  # type: ignore[attr-defined]

    @property
    def place(self) -> Territory:
        return self.subject

    @property
    def today(self) -> date:
        """The day in the municipality's own zone."""
        return timezone.localdate(timezone=self.place.zone)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Attentions"), reverse("benefits_core:attention_start")),
            (self.place.name, reverse("benefits_core:attention_list", args=[self.place.slug])),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {
            "place": self.place,
            "today": self.today,
            "crumbs": self.crumbs(),
            "sections": sections_of(self.request.user, self.place, self.section),
        }
        return super().get_context_data(**shown | kwargs)  # type: ignore[misc]


class PlaceVerbView(PlaceMixin, VerbFormView):
    """A form that asks for one verb in a municipality."""

    refusals = (BenefitsError, TerritoryError)


def places_of(user: Any) -> Any:
    """The municipalities whose register ``user`` may open."""
    within = user.scope.territories("pk", "path", rules.REGISTER_READERS)
    return Territory.objects.municipalities().filter(within).select_related("region")


def sections_of(user: Any, place: Territory, current: str) -> list[dict[str, Any]]:
    """The pages of a municipality that ``user`` may open, for the list of links above each of them."""
    records, runs = rules.can_record_attention(user, place), rules.can_run_service_points(user, place)
    entries = [
        ("entry", _("Record"), "attention_record", records),
        ("counter", _("My counter"), "counter", records),
        ("agenda", _("Agenda"), "agenda", records),
        ("queue", _("Queue"), "queue", rules.can_read_statistics(user, place)),
        ("list", _("List"), "attention_list", True),
        ("history", _("Contacts of a person"), "history", rules.can_read_history(user, place)),
        ("day", _("Day"), "attention_day", True),
        ("statistics", _("Statistics"), "attention_statistics", rules.can_read_statistics(user, place)),
        ("imports", _("Files"), "imports", rules.can_import(user, place)),
        ("points", _("Service points"), "service_points", rules.can_read_statistics(user, place)),
        ("matters", _("Matters"), "matters", runs),
        ("promises", _("Longest waits"), "wait_promises", rules.can_read_statistics(user, place)),
    ]
    return [
        {"url": reverse(f"benefits_core:{name}", args=[place.slug]), "label": label, "is_current": key == current}
        for key, label, name, is_shown in entries
        if is_shown
    ]
