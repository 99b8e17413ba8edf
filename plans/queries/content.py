"""What is signed, and what the audit protects: plain values, read from the database each time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from plans.enums import ActionState, PlanState
from plans.models import Action, ActionStandard, ExecutionReport, ImprovementPlan, PlanComment, PublicationLink
from plans.models.actions import PLANNED_FIELDS
from portal.foundation.audit.domain import digest_of

# Before the work begins a line's state only follows its plan's.
_FOLLOWS_PLAN = (ActionState.DRAFT, ActionState.PROPOSED, ActionState.VALIDATED)
# What a line is made of besides its own fields.
PARTS = (
    Prefetch("standards", ActionStandard.objects.select_related("standard__version")),
    "sources",
    "milestones",
)


def planned_content(plan: ImprovementPlan) -> dict[str, Any]:
    """Plan and lines as a signature covers them: no execution, people by account number.

    Always read afresh, so that what was altered meanwhile shows.
    """
    stored = ImprovementPlan.objects.select_related("municipality", "cycle", "amends").get(pk=plan.pk)
    # Only where it is: the hash of a plan signed before this was asked stays the same.
    in_haste = {"no_comment_reason": stored.no_comment_reason} if stored.no_comment_reason else {}
    return in_haste | {
        "municipality": stored.municipality.code,
        "cycle": stored.cycle.year,
        "version": stored.number,
        "amends": stored.amends.number if stored.amends else None,
        "amendment_reason": stored.amendment_reason,
        "summary": stored.summary,
        "actions": [_planned_action(action) for action in _with_parts(Action.objects.filter(plan_id=plan.pk))],
    }


def content_hash(plan: ImprovementPlan) -> str:
    """SHA-256 (hex) of the plan's content as it is stored now."""
    return digest_of(planned_content(plan))


def audited_plan(plan: ImprovementPlan) -> dict[str, Any]:
    frozen = plan.state not in (PlanState.DRAFT, PlanState.DISCARDED)
    return {
        "state": plan.state,
        "summary": plan.summary,
        "content_hash": plan.content_hash,
        "signed": digest_of(plan.signed_content) if plan.signed_content else "",
        "stored": content_hash(plan) if frozen else "",
        "signatures": [
            [signature.role, signature.signed_by_id, signature.content_hash]
            for signature in plan.signatures.filter(revoked_at__isnull=True).order_by("role")
        ],
    }


def audited_action(action: Action) -> dict[str, Any]:
    """``action`` comes fresh from the database; its parts are read here."""
    prefetch_related_objects([action], *PARTS)
    missed = {"missed_reason": action.missed_reason} if action.missed_reason else {}
    return missed | {
        "planned": _planned_action(action),
        "state": "" if action.state in _FOLLOWS_PLAN else action.state,
        "progress": action.progress,
        "spent": _money(action.spent),
        "lesson": action.lesson,
        "effect": action.effect,
        "deferral_reason": action.deferral_reason,
        "levels": [[part.standard.code, part.claimed_level, part.level_after] for part in action.standards.all()],
        "reached": [[milestone.name, milestone.reached_on] for milestone in action.milestones.all()],
        "evidence": [
            [str(file), moment, dated_on, description]
            for file, moment, dated_on, description in action.evidence.order_by("id").values_list(
                "file_id", "moment", "dated_on", "description"
            )
        ],
        "verifications": [
            list(review)
            for review in action.verifications.order_by("id").values_list("accepted", "remarks", "verified_by_id")
        ],
    }


def audited_comment(comment: PlanComment) -> dict[str, Any]:
    return {
        "text": comment.text,
        "state": comment.state,
        "hidden_reason": comment.hidden_reason,
        "answer": comment.answer,
    }


def audited_report(report: ExecutionReport) -> dict[str, Any]:
    return {
        "achievements": report.achievements,
        "deviations": report.deviations,
        "lessons": report.lessons,
        "content": report.content,
    }


def audited_link(link: PublicationLink) -> dict[str, Any]:
    return {"kind": link.kind, "url": link.url, "place": link.place, "published_on": link.published_on}


def _with_parts(actions: Any) -> Any:
    return actions.order_by("number").prefetch_related(*PARTS)


def _planned_action(action: Action) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for name in PLANNED_FIELDS:
        value = getattr(action, name)
        content[name] = _money(value) if name == "amount" else value
    content["starts_on"], content["ends_on"] = action.starts_on.isoformat(), action.ends_on.isoformat()
    content["effect_check_on"] = action.effect_check_on.isoformat() if action.effect_check_on else None
    content["standards"] = [
        {
            "code": part.standard.code,
            "catalogue": part.standard.version.version,
            "level_before": part.level_before,
            "before_series": part.before_series,
            "target": part.target,
        }
        for part in action.standards.all()
    ]
    content["sources"] = [
        {"kind": source.kind, "reference": source.reference, "label": source.label} for source in action.sources.all()
    ]
    content["milestones"] = [
        {"name": milestone.name, "due_on": milestone.due_on.isoformat()} for milestone in action.milestones.all()
    ]
    return content


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.4f}"
