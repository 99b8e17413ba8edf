"""Erasing a person: what may go goes, what has to stay says why, and the record of actions still verifies.

Whatever others did with the person's data, and whatever the person did in office, stays under a
number: the name goes, the act stays. No protected row is changed without its own event.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.people import privacy
from portal.foundation.people.domain.assignments import end_role
from portal.foundation.people.domain.cms import synchronize_cms_groups
from portal.foundation.people.models import Identifier, Person, User
from portal.foundation.people.privacy import Erasure, PersonalData, Subject, Text
from portal.foundation.people.roles import STAFF_ROLES

# What officials did can be examined for four years (Ley 18.883, art. 154; Ley 18.834, art. 158), and one for delay.
ANSWERABLE_FOR = timedelta(days=5 * 365)


@dataclass(frozen=True)
class Fate:
    """What an erasure would do with one kind of data."""

    kind: PersonalData
    count: int
    is_erased: bool
    why: Text


def preview(subject: Subject, at: datetime) -> list[Fate]:
    """What an erasure would erase now, and what it would keep and why."""
    fates = []
    for kind in privacy.kinds():
        count = kind.of_person(subject).count()
        if count:
            why = _why_kept(kind, subject, at)
            fates.append(Fate(kind, count, not why, why))
    return fates


@transaction.atomic
def erase(*, subject: Subject, by: Any, at: datetime) -> list[dict[str, Any]]:
    """Erase everything about ``subject`` that may be erased.

    The account comes last, since other kinds are found by it.

    :returns: one row for each kind of which something was held: key, label, erased, kept, why.
    """
    results = []
    for kind in reversed(privacy.kinds()):
        count = kind.of_person(subject).count()
        if not count:
            continue
        why = _why_kept(kind, subject, at)
        is_kept = bool(why) or kind.erase is None
        done = Erasure(kept=count, why=why) if is_kept else kind.erase(subject=subject, by=by, at=at)  # type: ignore[misc]
        results.append(
            {
                "key": kind.key,
                "label": str(kind.label),
                "erased": done.erased,
                "kept": done.kept,
                "why": str(done.why) if done.kept else "",
            }
        )
    return results[::-1]


def account_holds(subject: Subject, at: datetime) -> Text:
    """Why an account cannot be erased now; "" where it can."""
    user = subject.user
    if user is None:
        return ""
    if user.is_superuser or user.is_staff:
        return _("This account administers the platform.")
    today = at.date()
    offices = user.role_assignments.filter(role__in=STAFF_ROLES)
    if offices.not_over(today).exists():
        return _("The person works in the programme. The role has to end first.")
    last = offices.order_by("-ends_on").first()
    until = last.ends_on + ANSWERABLE_FOR if last is not None and last.ends_on else None
    if until is not None and until > today:
        return _("What this person did in office can be examined until %(day)s.") % {"day": date_format(until)}
    return privacy.held_by_modules(subject, at)


def erase_account(*, subject: Subject, by: Any, at: datetime) -> Erasure:
    """Close the account and take its name and e-mail away; its number stays."""
    pseudonymize_account(user=subject.user, by=by, at=at)
    return Erasure(erased=1)


@transaction.atomic
def pseudonymize_account(*, user: User, by: Any, at: datetime) -> None:
    """Nobody signs in with it any more, and nobody reads from it whose it was."""
    today = at.date()
    for assignment in user.role_assignments.not_over(today).select_related("territory", "user"):
        end_role(assignment=assignment, on=today, reason=_("The account was erased."), by=None, at=at)
    locked = User.objects.select_for_update().get(pk=user.pk)
    forget_ways_in(user=locked)
    forget_sign_ins(email=locked.email)
    locked.name, locked.email = "", f"erased-{locked.pk}@account.invalid"
    locked.is_active, locked.is_staff = False, False
    locked.closed_at, locked.erased_at, locked.last_login = locked.closed_at or at, at, None
    locked.set_unusable_password()
    locked.save()
    synchronize_cms_groups(user=locked, on=today)
    record(verb="people.erase_account", object=locked, by=by, at=at)


def forget_ways_in(*, user: User) -> int:
    """Delete second factors, confirmed addresses and identities of other providers; returns how many."""
    models = (Authenticator, EmailAddress, SocialAccount)
    return sum(model.objects.filter(user=user).delete()[0] for model in models)


def forget_sign_ins(*, email: str) -> int:
    """Delete the records of who tried to sign in with that e-mail; returns how many."""
    models = (AccessAttempt, AccessFailureLog, AccessLog)
    return sum(model.objects.filter(username=email).delete()[0] for model in models)


@transaction.atomic
def erase_person(*, subject: Subject, by: Any, at: datetime) -> Erasure:
    """Take name, birth and account away from a registered person; the number stays for what was decided."""
    person = Person.objects.select_for_update(of=("self",)).select_related("territory").get(pk=subject.person.pk)
    person.given_names, person.family_names, person.birth_date = "", "", None
    person.user, person.erased_at = None, at
    person.save()
    record(verb="people.erase_person", object=person, by=by, at=at, territory=person.territory)
    return Erasure(erased=1)


@transaction.atomic
def erase_identifiers(*, subject: Subject, by: Any, at: datetime) -> Erasure:
    """Delete the numbers that identify a person."""
    found = list(Identifier.objects.filter(person=subject.person).select_related("person__territory"))
    for identifier in found:
        record(
            verb="people.erase_identifier",
            object=identifier,
            by=by,
            at=at,
            territory=identifier.person.territory,
            detail={"deleted": True, "scheme": identifier.scheme},
        )
        identifier.delete()
    return Erasure(erased=len(found))


def _why_kept(kind: PersonalData, subject: Subject, at: datetime) -> Text:
    return kind.kept_because if kind.erase is None else kind.holds(subject, at)
