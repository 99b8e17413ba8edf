"""What this module holds about people, and for how long: declared to ``privacy``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessLog
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.foundation.audit.domain import record
from portal.foundation.audit.models import AuditEvent
from portal.foundation.people import privacy
from portal.foundation.people.domain import erasure, mail, requests, retention
from portal.foundation.people.models import DataRequest, HouseholdMember, Identifier, Person, RoleAssignment, User
from portal.foundation.people.privacy import Erasure, PersonalData, Retention, Subject, SubjectKind
from portal.foundation.people.queries.privacy import subject_of

# Ley 19.628 as Ley 21.719 wrote it anew: purpose and proportion (art. 3), the person's rights (art. 4 to 9).
PROPORTION = _("Ley 19.628, article 3: data is kept only for as long as its purpose needs.")
PUBLIC_TASK = _("Ley 19.628, article 20: public bodies hold the data that their functions need.")
RECORD = _("Ley 19.628, article 14: whoever holds data has to be able to show what was done with it.")


def declare() -> None:
    """Register everything; called when the application starts."""
    for kind in (ACCOUNT, ROLES, PERSON, IDENTIFIERS, HOUSEHOLD, WAYS_IN, ADDRESSES, SIGN_INS, REQUESTS, ACTS):
        privacy.register(kind)
    for rule in (ATTEMPTS, SESSIONS, COPIES, REQUEST_TEXTS, CLOSED_ACCOUNTS):
        privacy.register_retention(rule)
    for subject in (BY_ACCOUNT, BY_PERSON):
        privacy.register_subject(subject)


# --- By which rows people come


def _load_account(subject_id: str) -> Subject | None:
    user = User.objects.select_related("person__territory").filter(pk=subject_id).first()
    return subject_of(user) if user else None


def _load_person(subject_id: str) -> Subject | None:
    person = Person.objects.select_related("territory", "user").filter(pk=subject_id).first()
    if person is None:
        return None
    return Subject("people.person", str(person.pk), user=person.user, person=person, territory=person.territory)


def _tell_account(*, subject: Subject, template: str, request: DataRequest, at: datetime) -> None:
    if subject.user is not None and not subject.user.erased_at:
        mail.send_account_mail(template=template, user=subject.user, at=at, request=request)


def _name_of(subject: Subject) -> str:
    return str(subject.user or subject.person)


BY_ACCOUNT = SubjectKind("people.user", _load_account, _name_of, _tell_account)
BY_PERSON = SubjectKind("people.person", _load_person, _name_of, _tell_account)


# --- The account


def _users(subject: Subject) -> QuerySet[Any]:
    return User.objects.filter(pk=subject.user.pk).order_by("pk") if subject.user else User.objects.none()


def _of_user(rows: QuerySet[Any], subject: Subject) -> QuerySet[Any]:
    return rows.filter(user=subject.user) if subject.user else rows.none()


ACCOUNT = PersonalData(
    key="people.account",
    label=_("Your account"),
    purpose=_("To let you in, to write to you, and to show who did what."),
    basis=PUBLIC_TASK,
    kept=_("While the account is open, and five years after it closes."),
    of_person=_users,
    fields={
        "name": _("Name"),
        "email": _("E-mail"),
        "language": _("Language"),
        "since": _("Account since"),
        "last_sign_in": _("Last sign-in"),
        "is_open": _("Is open"),
    },
    export=lambda user: {
        "name": user.name,
        "email": user.email,
        "language": user.language,
        "since": user.date_joined,
        "last_sign_in": user.last_login,
        "is_open": user.is_active,
    },
    erase=erasure.erase_account,
    holds=erasure.account_holds,
    order=10,
)

ROLES = PersonalData(
    key="people.roles",
    label=_("Your roles"),
    purpose=_("To know what you may do and where."),
    basis=PUBLIC_TASK,
    kept=_("Always: signatures and decisions name them."),
    of_person=lambda subject: _of_user(
        RoleAssignment.objects.select_related("territory", "stand_in_for").order_by("starts_on", "pk"), subject
    ),
    fields={
        "role": _("Role"),
        "place": _("Place"),
        "from": _("First day"),
        "to": _("Last day"),
        "stands_in_for": _("Stands in for"),
        "reason": _("Reason"),
    },
    export=lambda row: {
        "role": row.get_role_display(),
        "place": row.territory.name if row.territory else "",
        "from": row.starts_on,
        "to": row.ends_on,
        "stands_in_for": str(row.stand_in_for) if row.stand_in_for else "",
        "reason": row.reason,
    },
    kept_because=_("They say who answered for a place on a day. Without the account they name nobody."),
    order=20,
)

WAYS_IN = PersonalData(
    key="people.second_factor",
    label=_("Your sign-in in two steps"),
    purpose=_("To know that it is you. The secret itself is never shown."),
    basis=PUBLIC_TASK,
    kept=_("Until you remove it or the account closes."),
    of_person=lambda subject: _of_user(Authenticator.objects.order_by("pk"), subject),
    fields={"kind": _("Kind"), "since": _("Since"), "last_used": _("Last used")},
    export=lambda row: {"kind": row.get_type_display(), "since": row.created_at, "last_used": row.last_used_at},
    erase=lambda *, subject, by, at: _forget(Authenticator.objects.filter(user=subject.user), subject, by, at),
    holds=erasure.account_holds,
    order=40,
)

ADDRESSES = PersonalData(
    key="people.email_addresses",
    label=_("E-mail addresses that you confirmed"),
    purpose=_("To write to the right person."),
    basis=PUBLIC_TASK,
    kept=_("While the account is open."),
    of_person=lambda subject: _of_user(EmailAddress.objects.order_by("pk"), subject),
    fields={"email": _("E-mail"), "confirmed": _("Confirmed"), "first": _("The first one")},
    export=lambda row: {"email": row.email, "confirmed": row.verified, "first": row.primary},
    erase=lambda *, subject, by, at: _forget(EmailAddress.objects.filter(user=subject.user), subject, by, at),
    holds=erasure.account_holds,
    order=41,
)


def _sign_ins(subject: Subject) -> QuerySet[Any]:
    rows = AccessLog.objects.order_by("-attempt_time")
    return rows.filter(username=subject.user.email) if subject.user else rows.none()


def _forget_sign_ins(*, subject: Subject, by: Any, at: datetime) -> Erasure:
    record(verb="people.erase_sign_ins", object=subject.user, by=by, at=at)
    return Erasure(erased=erasure.forget_sign_ins(email=subject.user.email))


SIGN_INS = PersonalData(
    key="people.sign_ins",
    label=_("When and from where you signed in"),
    purpose=_("To stop whoever guesses passwords."),
    basis=PROPORTION,
    kept=_("30 days."),
    of_person=_sign_ins,
    fields={
        "at": _("When"),
        "address": _("Network address"),
        "device": _("Browser"),
        "left_at": _("Signed out"),
    },
    export=lambda row: {
        "at": row.attempt_time,
        "address": row.ip_address,
        "device": row.user_agent,
        "left_at": row.logout_time,
    },
    erase=_forget_sign_ins,
    order=42,
)


# --- The registered person


def _of_person(rows: QuerySet[Any], subject: Subject) -> QuerySet[Any]:
    return rows.filter(person=subject.person) if subject.person else rows.none()


PERSON = PersonalData(
    key="people.person",
    label=_("Your name in the register of people served"),
    purpose=_("To serve you and to know you again."),
    basis=PUBLIC_TASK,
    kept=_("While you have something open with us. Then until you ask us to erase it."),
    of_person=lambda subject: (
        Person.objects.select_related("territory")
        .filter(pk=subject.person.pk if subject.person else None)
        .order_by("pk")
    ),
    fields={
        "given_names": _("Given names"),
        "family_names": _("Family names"),
        "birth_date": _("Date of birth"),
        "place": _("Place"),
    },
    export=lambda row: {
        "given_names": row.given_names,
        "family_names": row.family_names,
        "birth_date": row.birth_date,
        "place": row.territory.name,
    },
    erase=erasure.erase_person,
    holds=privacy.held_by_modules,
    order=30,
)

IDENTIFIERS = PersonalData(
    key="people.identifiers",
    label=_("Your identity documents"),
    purpose=_("To tell you apart from others of the same name."),
    basis=PUBLIC_TASK,
    kept=_("As long as your name in the register."),
    of_person=lambda subject: _of_person(Identifier.objects.order_by("pk"), subject),
    fields={"document": _("Document"), "number": _("Number")},
    export=lambda row: {"document": row.get_scheme_display(), "number": row.value},
    erase=erasure.erase_identifiers,
    holds=privacy.held_by_modules,
    order=31,
)

HOUSEHOLD = PersonalData(
    key="people.household",
    label=_("The households you belonged to"),
    purpose=_("To explain decisions about a household."),
    basis=PUBLIC_TASK,
    kept=_("As long as the decisions that were made with it."),
    of_person=lambda subject: _of_person(HouseholdMember.objects.order_by("starts_on", "pk"), subject),
    fields={
        "household": _("Household"),
        "relation": _("Relation"),
        "from": _("First day"),
        "to": _("Last day"),
    },
    export=lambda row: {
        "household": row.household_id,
        "relation": row.get_relation_display(),
        "from": row.starts_on,
        "to": row.ends_on,
    },
    kept_because=_("Decisions about a household rest on it. Without your name it names nobody."),
    order=32,
)


# --- Requests and the record

REQUESTS = PersonalData(
    key="people.data_requests",
    label=_("What you asked about your data"),
    purpose=_("To answer you, and to show that we did."),
    basis=RECORD,
    kept=_("Their texts: two years after the answer. That there was one: always."),
    of_person=lambda subject: DataRequest.objects.about(subject.label, subject.id).order_by("pk"),
    fields={
        "number": _("Number"),
        "kind": _("What"),
        "text": _("Your words"),
        "asked_on": _("Asked on"),
        "state": _("State"),
        "answer": _("Answer"),
    },
    export=lambda row: {
        "number": row.number,
        "kind": row.get_kind_display(),
        "text": row.text,
        "asked_on": row.created_at,
        "state": row.get_state_display(),
        "answer": row.answer,
    },
    kept_because=_("The law asks us to show how we answered. We erase the texts two years later."),
    order=80,
)


def _acts(subject: Subject) -> QuerySet[Any]:
    rows = AuditEvent.objects.order_by("-id")
    return rows.filter(by_user_id=subject.user.pk) if subject.user else rows.none()


ACTS = PersonalData(
    key="people.acts",
    label=_("What you did on the platform"),
    purpose=_("So that nobody can change the record of who did what."),
    basis=RECORD,
    kept=_("Always. The record holds numbers and codes, and no names."),
    of_person=_acts,
    fields={
        "at": _("When"),
        "action": _("Action"),
        "object": _("Object"),
        "territory": _("Territory"),
        "purpose": pgettext_lazy("audit", "Purpose"),
    },
    export=lambda row: {
        "at": row.at,
        "action": row.verb,
        "object": f"{row.object_type} {row.object_id}",
        "territory": row.territory_code,
        "purpose": row.purpose,
    },
    kept_because=_("The record of actions is sealed: nobody can change it. Without the account it names nobody."),
    order=90,
)


def _forget(rows: QuerySet[Any], subject: Subject, by: Any, at: datetime) -> Erasure:
    count = rows.delete()[0]
    record(verb="people.erase_ways_in", object=subject.user, by=by, at=at, detail={"count": count})
    return Erasure(erased=count)


# --- For how long

ATTEMPTS = Retention(
    key="people.attempts",
    label=_("Failed and repeated attempts, and sign-ins"),
    term=_("Counters two days, sign-ins 30 days"),
    basis=PROPORTION,
    due=retention.attempts_due,
    apply=retention.forget_attempts,
    order=10,
)
SESSIONS = Retention(
    key="people.sessions",
    label=_("Sessions of browsers that are over"),
    term=_("12 hours"),
    basis=PROPORTION,
    due=retention.sessions_due,
    apply=retention.forget_sessions,
    order=11,
)
COPIES = Retention(
    key="people.copies",
    label=_("Copies of one's own data to download"),
    term=_("7 days"),
    basis=PROPORTION,
    due=retention.copies_due,
    apply=retention.forget_copies,
    order=12,
)
REQUEST_TEXTS = Retention(
    key="people.request_texts",
    label=_("Texts of answered requests about data"),
    term=_("Two years after the answer"),
    basis=PROPORTION,
    due=retention.request_texts_due,
    apply=requests.forget_texts,
    order=40,
)
CLOSED_ACCOUNTS = Retention(
    key="people.closed_accounts",
    label=_("Name and e-mail of closed accounts"),
    term=_("Five years after closing"),
    basis=_("Ley 18.883, article 154: what officials did can be examined for four years."),
    due=retention.closed_accounts_due,
    apply=retention.pseudonymize_closed_accounts,
    order=50,
)
