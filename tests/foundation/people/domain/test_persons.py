"""Persons, identifiers and households."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import override_settings

from portal.foundation.audit.models import AuditEvent
from portal.foundation.people import identifiers
from portal.foundation.people.domain.persons import (
    form_household,
    identify_person,
    join_household,
    leave_household,
    register_person,
)
from portal.foundation.people.errors import PeopleError
from portal.foundation.people.models import Identifier, Person
from portal.foundation.people.queries import person_with
from portal.foundation.people.roles import Role
from tests.factories.people import user_with_role
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 4, 1, 15, tzinfo=UTC)
RUN = "12.531.909-2"


def person(territory=None, name: str = "Ana") -> Person:
    return register_person(
        given_names=name, family_names="Soto", territory=territory or MunicipalityFactory(), by=None, at=AT
    )


def identify(who: Person, value: str = RUN, scheme: str = "cl_run") -> Identifier:
    return identify_person(person=who, scheme=scheme, value=value, by=None, at=AT)


def test_identifier_is_kept_encrypted_and_audited_without_its_value() -> None:
    made = identify(person())

    assert made.value == "125319092"
    assert "12531909" not in made.encrypted_value + made.blind_index
    events = AuditEvent.objects.filter(verb="people.identify_person")
    assert [event.detail["scheme"] for event in events] == ["cl_run"]
    assert "12531909" not in str([event.detail for event in events])


@pytest.mark.parametrize("written", ["12531909-2", "125319092", " 12.531.909-2 "])
def test_found_however_it_is_written(written: str) -> None:
    municipality = MunicipalityFactory()
    who = person(municipality)
    identify(who)

    found = person_with(scheme="cl_run", value=written, user=user_with_role(Role.TEAM_MEMBER, municipality))

    assert found == who


def test_not_found_from_another_municipality() -> None:
    identify(person())

    found = person_with(scheme="cl_run", value=RUN, user=user_with_role(Role.TEAM_MEMBER, MunicipalityFactory()))

    assert found is None


@pytest.mark.parametrize(
    "scheme, value",
    [
        ("cl_run", "12.531.909-3"),
        ("cl_run", ""),
        ("cl_run", "'; drop table"),
        ("es_dni", "54362315Z"),
        ("it_cf", "RCCMNL83S18D969Z"),
        ("other", " "),
        ("other", "x" * 41),
    ],
)
def test_wrong_number_is_refused(scheme: str, value: str) -> None:
    with pytest.raises(PeopleError, match="no es válido"):
        identify(person(), value, scheme)


@pytest.mark.parametrize(
    "scheme, value", [("es_dni", "54362315-K"), ("es_nie", "x-2482300w"), ("it_cf", "RCCMNL83S18D969H")]
)
def test_other_countries_numbers_are_checked_too(scheme: str, value: str) -> None:
    assert identify(person(), value, scheme).scheme == scheme


def test_an_identifier_has_one_person() -> None:
    identify(person())

    with pytest.raises(PeopleError, match="Otra persona"):
        identify(person(name="Rosa"), "12531909-2")

    assert Identifier.objects.count() == 1


def test_renewed_key_reads_old_values_and_finds_them() -> None:
    with override_settings(IDENTIFIER_KEY="old"):
        made = identify(person())
        index = identifiers.blind_index("cl_run", "125319092")

    with override_settings(IDENTIFIER_KEY="new,old"):
        assert made.value == "125319092"
        assert identifiers.blind_index("cl_run", "125319092") == index
        renewed = identifiers.encrypt("125319092")
    with override_settings(IDENTIFIER_KEY="new"):
        assert identifiers.decrypt(renewed) == "125319092"


@pytest.mark.parametrize("fields", [{"given_names": "  "}, {"birth_date": date(2030, 1, 1)}])
def test_impossible_person_is_refused(fields: dict) -> None:
    values = {"given_names": "Ana", "family_names": "", "territory": MunicipalityFactory(), "by": None, "at": AT}

    with pytest.raises(PeopleError):
        register_person(**{**values, **fields})


def test_household_has_a_dated_composition() -> None:
    head, child = person(), person(name="Luz")
    household = form_household(head=head, starts_on=date(2026, 1, 1), by=None, at=AT)
    member = join_household(
        household=household, person=child, relation="child", starts_on=date(2026, 2, 1), by=None, at=AT
    )
    leave_household(member=member, on=date(2026, 3, 1), by=None, at=AT)

    def on(day: date) -> list[str]:
        return [each.person.given_names for each in household.composition(day)]

    assert on(date(2026, 1, 15)) == ["Ana"]
    assert on(date(2026, 3, 1)) == ["Ana", "Luz"]
    assert on(date(2026, 3, 2)) == ["Ana"]


def test_one_household_at_a_time_and_one_head() -> None:
    head, other = person(), person(name="Luz")
    household = form_household(head=head, starts_on=date(2026, 1, 1), by=None, at=AT)

    with pytest.raises(PeopleError, match="ya pertenece"):
        form_household(head=head, starts_on=date(2026, 2, 1), by=None, at=AT)
    with pytest.raises(PeopleError, match="ya tiene jefe"):
        join_household(household=household, person=other, relation="head", starts_on=date(2026, 2, 1), by=None, at=AT)


def test_nobody_leaves_twice_or_before_joining() -> None:
    household = form_household(head=person(), starts_on=date(2026, 1, 1), by=None, at=AT)
    member = household.members.get()

    with pytest.raises(PeopleError, match="anterior al primero"):
        leave_household(member=member, on=date(2025, 12, 31), by=None, at=AT)
    leave_household(member=member, on=date(2026, 3, 1), by=None, at=AT)
    with pytest.raises(PeopleError, match="ya dejó"):
        leave_household(member=member, on=date(2026, 3, 2), by=None, at=AT)
