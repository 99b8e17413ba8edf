"""Who holds which role on which day."""

from __future__ import annotations

from datetime import date

import pytest

from portal.foundation.people import queries
from portal.foundation.people.roles import Role
from tests.factories.people import UserFactory, user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 4, 1)


def test_holders_are_those_in_force_at_exactly_that_place() -> None:
    municipality = MunicipalityFactory()
    holder = user_with_role(Role.DIDECO, municipality, user=UserFactory(name="Ana"))
    stand_in = user_with_role(
        Role.DIDECO,
        municipality,
        user=UserFactory(name="Berta"),
        starts_on=DAY,
        ends_on=DAY,
        stand_in_for=holder,
    )
    user_with_role(Role.DIDECO, municipality, ends_on=date(2026, 3, 31))
    user_with_role(Role.DIDECO, municipality, starts_on=date(2026, 4, 2))
    user_with_role(Role.DIDECO, municipality, user=UserFactory(is_active=False))
    user_with_role(Role.DIDECO, MunicipalityFactory())
    user_with_role(Role.COORDINATOR, municipality)

    found = queries.holders_of(role=Role.DIDECO, territory=municipality, on=DAY)

    assert list(found) == [holder, stand_in]


def test_holding_says_by_which_assignment_one_signs() -> None:
    municipality = MunicipalityFactory()
    holder = user_with_role(Role.DIDECO, municipality)
    user = user_with_role(Role.DIDECO, municipality, ends_on=DAY, stand_in_for=holder)

    lent = queries.holding(user=user, role=Role.DIDECO, territory=municipality, on=DAY)
    assert lent.stand_in_for == holder
    user_with_role(Role.DIDECO, municipality, user=user, starts_on=DAY)
    own = queries.holding(user=user, role=Role.DIDECO, territory=municipality, on=DAY)
    assert own.stand_in_for is None
    assert queries.holding(user=user, role=Role.COORDINATOR, territory=municipality, on=DAY) is None
    assert queries.holding(user=user, role=Role.DIDECO, territory=MunicipalityFactory(), on=DAY) is None


def test_covering_finds_the_place_and_those_above() -> None:
    municipality = MunicipalityFactory()
    country = user_with_role(Role.NATIONAL_TEAM, CountryFactory())
    region = user_with_role(Role.REGIONAL_TEAM, municipality.region)
    team = user_with_role(Role.TEAM_MEMBER, municipality)
    user_with_role(Role.REGIONAL_TEAM, MunicipalityFactory().region)

    found = queries.assignments_covering(
        territory=municipality, on=DAY, roles=frozenset({Role.TEAM_MEMBER, Role.REGIONAL_TEAM, Role.NATIONAL_TEAM})
    )

    assert [each.user for each in found] == [team, region, country]


def test_team_and_stand_ins() -> None:
    municipality = MunicipalityFactory()
    holder = user_with_role(Role.COORDINATOR, municipality)
    other = user_with_role(Role.COORDINATOR, municipality, ends_on=DAY, stand_in_for=holder)
    user_with_role(Role.CITIZEN, municipality)

    assert {each.user for each in queries.team_of(municipality=municipality, on=DAY)} == {holder, other}
    assert [each.user for each in queries.stand_ins_of(user=holder, on=DAY)] == [other]
    assert list(queries.stand_ins_of(user=other, on=DAY)) == []


def test_accounts_are_searched_within_what_one_sees() -> None:
    municipality = MunicipalityFactory()
    coordinator = user_with_role(Role.COORDINATOR, municipality, user=UserFactory(name="Zoe Coordina"))
    ana = user_with_role(Role.TEAM_MEMBER, municipality, user=UserFactory(name="Ana Soto Ruiz"))
    user_with_role(Role.CITIZEN, municipality, user=ana)
    user_with_role(Role.TEAM_MEMBER, MunicipalityFactory(), user=UserFactory(name="Ana Ajena"))

    def found(**asked: str) -> list[str]:
        return [each.name for each in queries.accounts(user=coordinator, on=DAY, **asked)]

    assert found() == ["Ana Soto Ruiz", "Zoe Coordina"]
    assert found(text="ruiz ana") == ["Ana Soto Ruiz"]
    assert found(text="ajena") == []
    assert found(role=Role.TEAM_MEMBER) == ["Ana Soto Ruiz"]
