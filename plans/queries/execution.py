"""The state of a plan's lines: for the execution report, which keeps it, and for its screens."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.enums import EvidenceMoment
from plans.models import Action, ActionStandard, ImprovementPlan
from quality.sources import LevelSource


def evidence_words(line: Any) -> str:
    """How much evidence a line of :func:`lines` has: «1 before, 0 during, 2 after»."""
    return _("%(before)s before, %(during)s during, %(after)s after") % {
        "before": line.evidence_before,
        "during": line.evidence_during,
        "after": line.evidence_after,
    }


def lines(plan: ImprovementPlan) -> Any:
    """The plan's lines by priority with what their screens show, in a constant number of queries."""
    return (
        Action.objects.filter(plan=plan)
        .by_priority()
        .select_related("owner", "stand_in")
        .prefetch_related(
            Prefetch("standards", ActionStandard.objects.select_related("standard")),
            "milestones",
        )
        .annotate(
            evidence_before=_evidence(EvidenceMoment.BEFORE),
            evidence_during=_evidence(EvidenceMoment.DURING),
            evidence_after=_evidence(EvidenceMoment.AFTER),
        )
    )


def execution_content(plan: ImprovementPlan) -> dict[str, Any]:
    """Each line as it stands now, as plain values: planned and done, evidence, levels, money, lesson."""
    return {"lines": [_line(action) for action in lines(plan)]}


def describe_actions(ids: Collection[str]) -> dict[str, LevelSource]:
    """Verified improvements as the sources of levels; one query."""
    found = Action.objects.filter(pk__in=ids).values_list("pk", "number", "plan__cycle__year", "title")
    return {
        str(pk): LevelSource(
            _("Improvement %(number)s of the plan of %(year)s: %(title)s")
            % {"number": number, "year": year, "title": title},
            reverse("plans:action", args=[pk]),
        )
        for pk, number, year, title in found
    }


def _evidence(moment: str) -> Count:
    return Count("evidence", filter=Q(evidence__moment=moment), distinct=True)


def _line(action: Action) -> dict[str, Any]:
    milestones = list(action.milestones.all())
    return {
        "number": action.number,
        "title": action.title,
        "state": action.state,
        "progress": action.progress,
        "starts_on": action.starts_on.isoformat(),
        "ends_on": action.ends_on.isoformat(),
        "started_at": action.started_at.isoformat() if action.started_at else None,
        "done_at": action.done_at.isoformat() if action.done_at else None,
        "milestones": len(milestones),
        "milestones_reached": sum(milestone.reached_on is not None for milestone in milestones),
        "evidence": {
            "before": action.evidence_before,  # type: ignore[attr-defined]
            "during": action.evidence_during,  # type: ignore[attr-defined]
            "after": action.evidence_after,  # type: ignore[attr-defined]
        },
        "levels": [
            {
                "code": part.standard.code,
                "before": part.level_before,
                "target": part.target,
                "claimed": part.claimed_level,
                "after": part.level_after,
            }
            for part in action.standards.all()
        ],
        "currency": action.currency,
        "amount": None if action.amount is None else f"{action.amount:.4f}",
        "spent": None if action.spent is None else f"{action.spent:.4f}",
        "missed_reason": action.missed_reason,
        "lesson": action.lesson,
        "deferral_reason": action.deferral_reason,
    }
