"""May I? Small predicates by role and place; what the plan's state allows is the verbs' matter."""

from __future__ import annotations

from typing import Any

from plans.models import Action, ImprovementPlan, PlanComment
from portal.foundation.people.roles import STAFF_ROLES, Role

READERS = STAFF_ROLES
WRITERS = (Role.TEAM_MEMBER, Role.COORDINATOR)
SIGNERS = (Role.COORDINATOR, Role.DIDECO, Role.REGIONAL_TEAM)


def reads_plans(user: Any) -> bool:
    """Does the entry of the main navigation concern this user?"""
    return user.scope.has(*READERS)


def can_read_plan(user: Any, plan: ImprovementPlan) -> bool:
    return user.scope.has(Role.TEAM_MEMBER, *SIGNERS, Role.NATIONAL_TEAM, at=plan.municipality)


def can_read_action(user: Any, action: Action) -> bool:
    return can_read_plan(user, action.plan)


def can_open_plan(user: Any, municipality: Any) -> bool:
    return municipality is not None and user.scope.has(*WRITERS, at=municipality)


def can_write_plan(user: Any, plan: ImprovementPlan) -> bool:
    return user.scope.has(*WRITERS, at=plan.municipality)


def can_write_action(user: Any, action: Action) -> bool:
    return can_write_plan(user, action.plan)


def can_lead_plan(user: Any, plan: ImprovementPlan) -> bool:
    """Propose, open to comment, amend, carry over, give accounts and close: the coordinator's."""
    return user.scope.has(Role.COORDINATOR, at=plan.municipality)


def can_lead_action(user: Any, action: Action) -> bool:
    return can_lead_plan(user, action.plan)


def can_answer_comment(user: Any, comment: PlanComment) -> bool:
    return can_write_plan(user, comment.plan)


def can_moderate_comment(user: Any, comment: PlanComment) -> bool:
    return can_lead_plan(user, comment.plan)


def can_sign_plan(user: Any, plan: ImprovementPlan) -> bool:
    """May open the page of signature; which signature he or she may give is the verb's matter."""
    return user.scope.has(*SIGNERS, at=plan.municipality)


def can_return_plan(user: Any, plan: ImprovementPlan) -> bool:
    return can_sign_plan(user, plan)


def can_verify_action(user: Any, action: Action) -> bool:
    """Only the regional team of the municipality's own region."""
    return user.scope.has(Role.REGIONAL_TEAM, at=action.plan.municipality)
