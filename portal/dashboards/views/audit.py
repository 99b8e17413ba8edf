"""The audit's two pages: what anybody can check, and who did what."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.views.generic import TemplateView

from portal.dashboards.forms.audit import AuditFilterForm
from portal.dashboards.queries.audit import EventFilter, event_page
from portal.foundation.audit.models import AuditHead
from portal.foundation.people.access import PUBLIC, Policy, PolicyMixin
from portal.foundation.people.roles import NATIONAL_ROLES

HEADS_A_PAGE = 60
LONGEST_ID = 18


class AuditHeads(PolicyMixin, TemplateView):
    """The daily heads, for whoever keeps a copy and compares."""

    policy = PUBLIC
    template_name = "dashboards/audit_heads.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = Paginator(AuditHead.objects.published(), HEADS_A_PAGE)
        return super().get_context_data(page_obj=pages.get_page(self.request.GET.get("pagina")), **kwargs)


class AuditEvents(PolicyMixin, TemplateView):
    """Who did what, and who looked at personal data."""

    policy = Policy(roles=NATIONAL_ROLES)
    template_name = "dashboards/audit_events.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = AuditFilterForm(self.request.GET)
        wanted = EventFilter(**form.cleaned_data) if form.is_valid() else EventFilter()
        page = event_page(wanted, older_than=_number(self.request.GET.get("antes", "")))
        return super().get_context_data(form=form, page=page, **kwargs)


def _number(text: str) -> int | None:
    """A row's id out of the address; anything else is the first page."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else None
