"""Accounts: invited by whoever may grant the role, closed or helped by whoever manages them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.people.domain.assignments import assign_role, end_role
from portal.foundation.people.domain.cms import synchronize_cms_groups
from portal.foundation.people.domain.mail import send_account_mail
from portal.foundation.people.errors import AccountInUse, PeopleError
from portal.foundation.people.models import RoleAssignment, User
from portal.foundation.people.roles import Role
from portal.foundation.people.rules import can_grant_role, can_manage_account


@transaction.atomic
def create_user(*, email: str, name: str, language: str = "es", by: User | None, at: datetime) -> User:
    """An account without roles and without a usable password, for the seed and for the verbs here.

    :raises PeopleError: the e-mail already has an account.
    """
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise PeopleError(_("This e-mail already has an account."))
    user = User.objects.create_user(email, None, name=name.strip(), language=language, date_joined=at)
    record(verb="people.create_user", object=user, by=by, at=at)
    return user


@transaction.atomic
def invite_user(
    *,
    email: str,
    name: str,
    language: str,
    role: Role,
    territory: Any,
    starts_on: date,
    ends_on: date | None = None,
    confirmed: int | None = None,
    by: User,
    at: datetime,
) -> RoleAssignment:
    """Give ``role`` to whoever has that e-mail, opening an account where there is none, and write to tell.

    Who already has an account, anywhere, keeps name and language.

    :param confirmed: id of the account that the actor was shown and means; None where none was shown.
    :raises AccountInUse: the address is that of an account that was not confirmed; nothing is given.
    :raises PeopleError: the role is not the actor's to grant, does not suit the place, is held
        already, or the account is closed.
    """
    if not can_grant_role(by, role, territory):
        raise PeopleError(_("You cannot give this role there."))
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = create_user(email=email, name=name, language=language, by=by, at=at)
    elif not user.is_active:
        raise PeopleError(_("This account is closed. Ask the national team to open it again."))
    elif user.pk != confirmed:
        raise AccountInUse(user)
    assignment = assign_role(
        user=user, role=role, territory=territory, starts_on=starts_on, ends_on=ends_on, by=by, at=at
    )
    send_invitation(assignment=assignment, by=by, at=at)
    return assignment


@transaction.atomic
def send_invitation(*, assignment: RoleAssignment, by: User, at: datetime) -> None:
    """Write to the holder of ``assignment``: the role given and, where no password is set, a link to set one."""
    send_account_mail(template="invitation", user=assignment.user, assignment=assignment, at=at)
    record(verb="people.send_invitation", object=assignment, by=by, at=at, territory=assignment.territory)


@transaction.atomic
def change_own_account(*, name: str, language: str, by: User, at: datetime) -> None:
    """Change the name by which others know one, and the language of pages and messages."""
    by.name, by.language = name.strip(), language
    by.save(update_fields=["name", "language"])
    record(verb="people.change_own_account", object=by, by=by, at=at)


@transaction.atomic
def deactivate_user(*, user: User, reason: str, on: date, by: User, at: datetime) -> None:
    """Close an account: no further sign-in, open sessions end, every role ends on that day.

    :raises PeopleError: no reason, or an account that is not the actor's to manage.
    """
    if not can_manage_account(by, user):
        raise PeopleError(_("You cannot manage this account."))
    if not reason.strip():
        raise PeopleError(_("Give the reason."))
    for assignment in user.role_assignments.not_over(on).select_related("territory"):
        end_role(assignment=assignment, on=on, reason=reason, by=by, at=at)
    user.is_active, user.closed_at = False, at
    user.save(update_fields=["is_active", "closed_at"])
    synchronize_cms_groups(user=user, on=on)
    record(verb="people.deactivate_user", object=user, by=by, at=at, detail={"reason": "given"})


@transaction.atomic
def reset_second_factor(*, user: User, by: User, at: datetime) -> None:
    """Forget a lost telephone: at the next sign-in the user sets the second factor up again.

    Sessions open now do not outlive it, since each one names the authenticator that it passed.

    :raises PeopleError: an account that is not the actor's to manage.
    """
    if not can_manage_account(by, user):
        raise PeopleError(_("You cannot manage this account."))
    Authenticator.objects.filter(user=user).delete()
    record(verb="people.reset_second_factor", object=user, by=by, at=at)
