"""What is pinned to the steps of procedures: told to the steps' own pages through ``benefits_core.anchors``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from benefits_core.anchors import AnchoredItem, Invitation
from portal.foundation.territories.models import Territory
from surveys.enums import ComplaintState
from surveys.models import Complaint


def counts(steps: Sequence[Any], *, territory: Any = None) -> Mapping[int, int]:
    """Step id → complaints, suggestions, compliments and enquiries pinned to it; one query."""
    found = Complaint.objects.filter(step__in=[step.pk for step in steps]).exclude(state=ComplaintState.WITHDRAWN)
    if territory is not None:
        found = found.filter(territory__in=Territory.objects.within(territory).values("pk"))
    return dict(found.order_by().values_list("step").annotate(Count("pk")))


def items(steps: Sequence[Any], user: Any, *, limit: int) -> list[AnchoredItem]:
    """The newest that ``user`` may read: by code and category, never by what was said; one query."""
    found = Complaint.objects.visible_to(user).filter(step__in=[step.pk for step in steps]).select_related("category")
    return [
        AnchoredItem(
            label=f"{made.shown_code} · {made.category or made.get_kind_display()}",
            at=made.received_at,
            state=str(made.get_state_display()),
            url=made.get_absolute_url(),
        )
        for made in found.order_by("-received_at", "-pk")[:limit]
    ]


def invite(step: Any, territory: Any) -> Invitation:
    """Anybody's way to write about the step; no query."""
    wanted = {"paso": step.pk} | ({"municipalidad": territory.slug} if territory is not None else {})
    return Invitation(_("Did something go wrong at this step?"), f"{reverse('surveys:start')}?{urlencode(wanted)}")
