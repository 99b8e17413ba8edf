"""For how long data is kept: what anybody reads, and what the national team sees done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal.foundation.people import privacy, rules
from portal.foundation.people.access import PUBLIC, Policy, PolicyMixin
from portal.foundation.people.domain.retention import apply_now
from portal.foundation.people.queries.privacy import retention_overview

RUN_TONES = {"running": "info", "done": "good", "failed": "bad"}


class Notice(PolicyMixin, TemplateView):
    """What the platform holds about people, why, by which law and until when; the list that serves their rights."""

    policy = PUBLIC
    template_name = "people/privacy_notice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = privacy.kinds()
        bases = list(dict.fromkeys(str(kind.basis) for kind in kinds))
        return super().get_context_data(kinds=kinds, bases=bases, **kwargs)


class RetentionOverview(PolicyMixin, TemplateView):
    policy = Policy(rule=rules.can_run_retention)
    template_name = "people/retention.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        states = retention_overview(timezone.now())
        rows = [(state, RUN_TONES[state.last.state] if state.last else "") for state in states]
        return super().get_context_data(rows=rows, due=sum(state.due for state in states), **kwargs)


class ApplyRetention(PolicyMixin, View):
    policy = Policy(rule=rules.can_run_retention)
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        apply_now(by=request.user, at=timezone.now())
        messages.success(request, _("The terms are being applied. Look again in a moment."))
        return redirect("privacy:retention")
