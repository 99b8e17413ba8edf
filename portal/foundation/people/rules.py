"""May I? Small predicates; views and verbs ask the same ones."""

from __future__ import annotations

from typing import Any

from portal.foundation.people.models import DataRequest, RoleAssignment, User
from portal.foundation.people.roles import (
    ACCOUNT_VIEWER_ROLES,
    DATA_PROTECTION_ROLES,
    GRANTABLE,
    SECOND_FACTOR_ROLES,
    STAFF_ROLES,
    Role,
)


def grantable_roles(user: User) -> frozenset[Role]:
    """The roles that ``user`` may grant somewhere."""
    if user.is_superuser:
        return frozenset(Role)
    return frozenset().union(*(GRANTABLE[role] for role in user.scope.roles if role in GRANTABLE))


def can_grant_role(user: User, role: Role, territory: Any) -> bool:
    """May ``user`` give, end or lend ``role`` at ``territory``? None is the whole country."""
    if user.is_superuser or user.scope.has(Role.NATIONAL_TEAM):
        return True
    granters = [granter for granter, granted in GRANTABLE.items() if role in granted]
    return territory is not None and user.scope.has(*granters, at=territory)


def can_see_accounts(user: User, _subject: Any = None) -> bool:
    return user.is_superuser or user.scope.has(*ACCOUNT_VIEWER_ROLES)


def can_invite_user(user: User, _subject: Any = None) -> bool:
    return bool(grantable_roles(user))


def can_end_role(user: User, assignment: RoleAssignment) -> bool:
    """Whoever may grant the role; and whoever has a stand-in may take the place again."""
    return assignment.stand_in_for_id == user.pk or can_grant_role(user, Role(assignment.role), assignment.territory)


def can_appoint_stand_in(user: User, assignment: RoleAssignment) -> bool:
    """Whoever may grant the role, or its holder; never a stand-in, whose turn it is not to
    lend it further. Only the programme's staff have stand-ins."""
    if assignment.stand_in_for_id is not None or assignment.role not in STAFF_ROLES:
        return False
    return assignment.user_id == user.pk or can_end_role(user, assignment)


def can_manage_account(user: User, account: User) -> bool:
    """May ``user`` close ``account`` or reset its second factor? Only if every role of it is ``user``'s to grant."""
    if account.pk == user.pk or (account.is_superuser and not user.is_superuser):
        return False
    if user.is_superuser or user.scope.has(Role.NATIONAL_TEAM):
        return True
    grants = account.scope.grants
    return bool(grants) and all(can_grant_role(user, grant.role, grant if grant.path else None) for grant in grants)


def can_answer_requests(user: User, _subject: Any = None) -> bool:
    """May ``user`` see what people of some place ask about their data?"""
    return user.is_superuser or user.scope.has(*DATA_PROTECTION_ROLES)


def can_answer_request(user: User, request: DataRequest) -> bool:
    """The national team any, a municipality those of its people; nobody the own one."""
    is_own = request.subject_type == "people.user" and request.subject_id == str(user.pk)
    if is_own or not can_answer_requests(user):
        return False
    if user.is_superuser or user.scope.has(Role.NATIONAL_TEAM):
        return True
    return request.territory is not None and user.scope.has(*DATA_PROTECTION_ROLES, at=request.territory)


def can_run_retention(user: User, _subject: Any = None) -> bool:
    return user.is_superuser or user.scope.has(Role.NATIONAL_TEAM)


def can_take_request(user: User, account: User) -> bool:
    """May ``user`` write down what the owner of ``account`` asks at the counter?"""
    return account.pk != user.pk and can_answer_requests(user)


def needs_second_factor(user: User) -> bool:
    return user.is_staff or user.is_superuser or bool(user.scope.roles & SECOND_FACTOR_ROLES)
