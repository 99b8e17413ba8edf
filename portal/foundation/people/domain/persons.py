"""Persons, what identifies them, and the households they form."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record, record_look
from portal.foundation.people.errors import PeopleError
from portal.foundation.people.identifiers import InvalidIdentifier, blind_index, encrypt, normalize
from portal.foundation.people.models import Household, HouseholdMember, Identifier, Person, Scheme, User


@transaction.atomic
def register_person(
    *,
    given_names: str,
    family_names: str,
    territory: Any,
    birth_date: date | None = None,
    by: User | None,
    at: datetime,
) -> Person:
    """Register somebody who is served; an identifier is optional and comes apart.

    :raises PeopleError: no name, or born in the future.
    """
    if not given_names.strip():
        raise PeopleError(_("Write the name."))
    if birth_date is not None and birth_date > at.date():
        raise PeopleError(_("The date of birth cannot be in the future."))
    person = Person.objects.create(
        given_names=given_names.strip(), family_names=family_names.strip(), birth_date=birth_date, territory=territory
    )
    record(verb="people.register_person", object=person, by=by, at=at, territory=territory)
    return person


@transaction.atomic
def name_person(*, person: Person, given_names: str, family_names: str, by: User | None, at: datetime) -> Person:
    """Write down the name of somebody who was known by an identifier alone.

    A name that is there stays: it is put right by :func:`correct_person`, because its owner asks.

    :raises PeopleError: no name.
    """
    if not given_names.strip():
        raise PeopleError(_("Write the name."))
    held = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if held.given_names or held.family_names or held.erased_at is not None:
        return held
    held.given_names, held.family_names = given_names.strip(), family_names.strip()
    held.save(update_fields=["given_names", "family_names"])
    record(verb="people.name_person", object=held, by=by, at=at, territory=held.territory)
    return held


@transaction.atomic
def identify_person(*, person: Person, scheme: str, value: str, by: User | None, at: datetime) -> Identifier:
    """Add an identifier: check digit verified, stored encrypted.

    :raises PeopleError: not valid in its scheme, or another person's already.
    """
    try:
        normalized = normalize(scheme, value)
    except InvalidIdentifier as error:
        raise PeopleError(_("This number is not valid. Check it and write it again.")) from error
    try:
        with transaction.atomic():
            identifier = Identifier.objects.create(
                person=person,
                scheme=scheme,
                encrypted_value=encrypt(normalized),
                blind_index=blind_index(scheme, normalized),
            )
    except IntegrityError as error:
        raise PeopleError(_("Another person already has this identifier.")) from error
    record(
        verb="people.identify_person",
        object=identifier,
        by=by,
        at=at,
        territory=person.territory,
        detail={"scheme": scheme, "person": person.pk},
    )
    return identifier


@transaction.atomic
def find_or_register(*, scheme: str, value: str, territory: Any, purpose: str, by: User | None, at: datetime) -> Person:
    """The person with that identifier; where nobody has it, one is registered there without a name.

    :param purpose: why somebody looks; kept in the audit where the person was known.
    :raises PeopleError: not valid in its scheme.
    """
    try:
        normalized = normalize(scheme, value)
    except InvalidIdentifier as error:
        raise PeopleError(_("This number is not valid. Check it and write it again.")) from error
    index = blind_index(scheme, normalized)
    known = Person.objects.filter(identifiers__scheme=scheme, identifiers__blind_index=index)
    person = known.first()
    if person is None:
        try:
            with transaction.atomic():
                person = Person.objects.create(territory=territory)
                identifier = Identifier.objects.create(
                    person=person, scheme=scheme, encrypted_value=encrypt(normalized), blind_index=index
                )
        except IntegrityError:
            # Two counters wrote the same number at once.
            person = known.get()
        else:
            detail = {"scheme": scheme, "person": person.pk}
            record(verb="people.register_person", object=person, by=by, at=at, territory=territory)
            record(verb="people.identify_person", object=identifier, by=by, at=at, territory=territory, detail=detail)
            return person
    record_look(by=by, object=person, purpose=purpose, at=at, territory=territory)
    return person


@transaction.atomic
def correct_person(
    *,
    person: Person,
    given_names: str,
    family_names: str,
    birth_date: date | None,
    run: str = "",
    by: User | None,
    at: datetime,
    detail: dict[str, Any] | None = None,
) -> list[str]:
    """Put right what is written of a person (Ley 19.628, art. 6). Returns the names of the fields that changed.

    :param run: the right number, where the one that is kept is wrong; "" leaves it.
    :param detail: codes for the audit, such as the request that asked for it; values are never recorded.
    :raises PeopleError: erased, no name, born in the future, a number that is wrong or another person's, no change.
    """
    held = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if held.erased_at is not None:
        raise PeopleError(_("There is nothing about this person any more."))
    given, family = " ".join(given_names.split()), " ".join(family_names.split())
    if not given:
        raise PeopleError(_("Write the name."))
    if birth_date is not None and birth_date > at.astimezone(held.territory.zone).date():
        raise PeopleError(_("The date of birth cannot be in the future."))
    wanted = {"given_names": given, "family_names": family, "birth_date": birth_date}
    changed = [name for name, value in wanted.items() if getattr(held, name) != value]
    for name in changed:
        setattr(held, name, wanted[name])
    if run and _correct_identifier(held, run):
        changed.append("run")
    if not changed:
        raise PeopleError(_("Nothing is different from what we have."))
    held.save(update_fields=list(wanted))
    known = {"fields": changed, **(detail or {})}
    record(verb="people.correct_person", object=held, by=by, at=at, territory=held.territory, detail=known)
    return changed


def _correct_identifier(person: Person, run: str) -> bool:
    """Write the right number in place of the wrong one; False where it is the same."""
    try:
        normalized = normalize(Scheme.CL_RUN, run)
    except InvalidIdentifier as error:
        raise PeopleError(_("This number is not valid. Check it and write it again.")) from error
    index = blind_index(Scheme.CL_RUN, normalized)
    kept = person.identifiers.filter(scheme=Scheme.CL_RUN).first() or Identifier(person=person, scheme=Scheme.CL_RUN)
    if kept.blind_index == index:
        return False
    kept.encrypted_value, kept.blind_index = encrypt(normalized), index
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as error:
        raise PeopleError(_("Another person already has this identifier.")) from error
    return True


@transaction.atomic
def form_household(*, head: Person, starts_on: date, by: User | None, at: datetime) -> Household:
    """A household whose first member is its head.

    :raises PeopleError: the person belongs to a household already.
    """
    household = Household.objects.create(territory=head.territory, created_at=at)
    record(verb="people.form_household", object=household, by=by, at=at, territory=head.territory)
    join_household(
        household=household, person=head, relation=HouseholdMember.Relation.HEAD, starts_on=starts_on, by=by, at=at
    )
    return household


@transaction.atomic
def join_household(
    *, household: Household, person: Person, relation: str, starts_on: date, by: User | None, at: datetime
) -> HouseholdMember:
    """Let ``person`` belong to ``household`` from that day.

    :raises PeopleError: a member of a household on that day already, or a second head.
    """
    earlier = person.memberships.exclude(ends_on__lt=starts_on)
    if earlier.exists():
        raise PeopleError(_("This person already belongs to a household."))
    try:
        with transaction.atomic():
            member = HouseholdMember.objects.create(
                household=household, person=person, relation=relation, starts_on=starts_on
            )
    except IntegrityError as error:
        raise PeopleError(_("This household already has a head.")) from error
    record(
        verb="people.join_household",
        object=member,
        by=by,
        at=at,
        territory=household.territory,
        detail={"relation": relation},
    )
    return member


@transaction.atomic
def leave_household(*, member: HouseholdMember, on: date, by: User | None, at: datetime) -> None:
    """``on`` is the last day as a member.

    :raises PeopleError: left already, or before joining.
    """
    if member.ends_on is not None:
        raise PeopleError(_("This person left the household already."))
    if on < member.starts_on:
        raise PeopleError(_("The last day cannot be before the first day."))
    member.ends_on = on
    member.save(update_fields=["ends_on"])
    record(verb="people.leave_household", object=member, by=by, at=at, territory=member.household.territory)
