"""Which requests wait for whom."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.foundation.people import privacy
from portal.foundation.people.domain import requests
from portal.foundation.people.models import DataRequest, Person
from portal.foundation.people.queries.privacy import subject_of, tasks_for
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from tests.factories.people import UserFactory, user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
TODAY = date(2026, 3, 3)


def of_a_person(place: Territory) -> DataRequest:
    person = Person.objects.create(given_names="Rosa", territory=place)
    subject = privacy.load("people.person", str(person.pk))
    assert subject is not None
    return requests.open_request(subject=subject, kind="erasure", text="", by=None, at=AT)


def test_each_team_has_what_is_its_own_to_answer() -> None:
    here = MunicipalityFactory()
    local, account = of_a_person(here), UserFactory()
    general = requests.open_request(subject=subject_of(account), kind="erasure", text="", by=account, at=AT)
    national = user_with_role(Role.NATIONAL_TEAM, CountryFactory())
    requests.open_request(subject=subject_of(national), kind="erasure", text="", by=national, at=AT)
    people = {
        "dideco": user_with_role(Role.DIDECO, here),
        "elsewhere": user_with_role(Role.DIDECO, MunicipalityFactory()),
        "member": user_with_role(Role.TEAM_MEMBER, here),
        "national": national,
    }

    waiting = {name: [item.key for item in tasks_for(user, TODAY)] for name, user in people.items()}

    assert waiting == {
        "dideco": [f"people.data_request:{local.pk}"],
        "elsewhere": [],
        "member": [],
        "national": [f"people.data_request:{general.pk}"],
    }


def test_a_task_says_by_when_and_names_nobody() -> None:
    here = MunicipalityFactory(name="Quirihue")
    request = of_a_person(here)

    (item,) = tasks_for(user_with_role(Role.COORDINATOR, here), TODAY)

    assert (item.due_on, item.territory_name, request.number in str(item.title)) == (date(2026, 4, 1), "Quirihue", True)
    assert "Rosa" not in f"{item.title} {item.detail}"
