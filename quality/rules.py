"""Who may do what in the quality module. ``assessment`` may be None: then, is there anywhere one may?"""

from __future__ import annotations

from typing import Any

from portal.foundation.people.roles import MUNICIPAL_ROLES, Role
from quality.enums import AssessmentState

READERS = MUNICIPAL_ROLES | {Role.REGIONAL_TEAM, Role.NATIONAL_TEAM}


def can_open_assessment(user: Any, municipality: Any) -> bool:
    return user.scope.has(Role.TEAM_MEMBER, Role.COORDINATOR, at=municipality)


def can_read_assessment(user: Any, assessment: Any) -> bool:
    return user.scope.has(*READERS, at=assessment.municipality)


def can_answer_assessment(user: Any, assessment: Any) -> bool:
    return user.scope.has(Role.TEAM_MEMBER, Role.COORDINATOR, at=assessment.municipality)


def can_submit_assessment(user: Any, assessment: Any) -> bool:
    return user.scope.has(Role.COORDINATOR, Role.DIDECO, at=assessment.municipality)


def can_correct_assessment(user: Any, assessment: Any) -> bool:
    return can_answer_assessment(user, assessment)


def can_review_assessment(user: Any, assessment: Any) -> bool:
    """The regional team of the municipality's region: returns, accepts or refuses, verifies."""
    return can_verify_levels_of(user, assessment.municipality)


def can_verify_levels_of(user: Any, municipality: Any) -> bool:
    return user.scope.has(Role.REGIONAL_TEAM, at=municipality)


def is_waiting_for_region(assessment: Any) -> bool:
    """Submitted, and not verified yet."""
    return assessment.state == AssessmentState.SUBMITTED and assessment.verified_at is None


def reads_assessments(user: Any) -> bool:
    """Does the user hold any role that reads self-diagnoses?"""
    return user.scope.has(*READERS)
