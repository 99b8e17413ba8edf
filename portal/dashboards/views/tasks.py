"""The first screen after signing in: what waits for me, and where everything is."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal.dashboards.queries.tasks import pauses_of, progress_of_year, tasks_for
from portal.foundation.clocks.due import WorkItem
from portal.foundation.cycles.queries import open_cycles
from portal.foundation.people.access import SIGNED_IN, PolicyMixin
from portal.foundation.people.roles import MUNICIPAL_ROLES, NATIONAL_ROLES, REGIONAL_ROLES, Role
from portal.foundation.ui import navigation


class TaskList(PolicyMixin, TemplateView):
    policy = SIGNED_IN
    template_name = "dashboards/task_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = self.request.user, timezone.localdate()
        groups = tasks_for(user, today)
        follows = user.scope.has(*REGIONAL_ROLES, *NATIONAL_ROLES)
        return super().get_context_data(
            groups=[
                (_("Already late"), [_entry(item, _("Was due on %(day)s"), "bad") for item in groups.late]),
                (_("Due soon"), [_entry(item, _("Due on %(day)s"), "attention") for item in groups.soon]),
                (_("Later"), [_entry(item, _("Due on %(day)s"), "neutral") for item in groups.later]),
                (_("Without a term"), [_entry(item, _("No term"), "neutral") for item in groups.without_term]),
            ],
            has_tasks=bool(groups),
            intro=_intro(user),
            pauses=pauses_of(user, today),
            progress=[
                (cycle, progress_of_year(user, cycle))
                for cycle in (open_cycles(today) if follows else [])
                if cycle.has_begun(today)
            ],
            links=[link for link in navigation.links_for(user, "") if link.url != self.request.path]
            or [navigation.Link(reverse("wagtail_serve", args=[""]), _("Find your municipality"))],
            **kwargs,
        )


def _entry(item: WorkItem, words: str, tone: str) -> dict[str, Any]:
    day = date_format(item.due_on, "DATE_FORMAT") if item.due_on else ""
    hint = " · ".join(str(part) for part in (item.territory_name, item.detail) if part)
    return {"title": item.title, "url": item.url, "hint": hint, "state": words % {"day": day}, "tone": tone}


def _intro(user: Any) -> str:
    """One sentence on what this person does here, by the widest role."""
    roles = user.scope.roles
    if roles & NATIONAL_ROLES:
        return _("You follow the programme in the whole country.")
    if roles & REGIONAL_ROLES:
        return _("You accompany your region's municipalities: review, verify and answer.")
    if Role.DIDECO in roles:
        return _("You validate the improvement plan with the coordinator.")
    if Role.COORDINATOR in roles:
        return _("You lead your team's self-diagnosis and improvement plan.")
    if roles & MUNICIPAL_ROLES:
        return _("You answer the self-diagnosis and carry the improvements out.")
    if Role.EDITOR in roles:
        return _("You write the pages and the news of this site.")
    return _("From here you reach what your account gives you.")
