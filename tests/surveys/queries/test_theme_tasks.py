"""What waits for whoever leads a team in the searches for themes."""

from __future__ import annotations

import pytest

from portal.foundation.people.roles import Role
from surveys.queries.theme_tasks import tasks_for
from tests.factories import themes as factory
from tests.factories.territories import MunicipalityFactory
from tests.factories.themes import NOW, leader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notes")]


def test_reading_and_naming_wait_for_whoever_leads_the_team_of_the_place() -> None:
    here = MunicipalityFactory()
    run = factory.to_read(here)
    today = NOW.date()

    (task,) = tasks_for(leader(here), today)

    assert (task.title, task.url, task.due_on) == ("Leer textos para temas", run.get_absolute_url(), None)
    assert tasks_for(leader(here, Role.DIDECO), today) == [task]
    assert tasks_for(leader(here, Role.TEAM_MEMBER), today) == []
    assert tasks_for(leader(MunicipalityFactory()), today) == []
    assert [task.title for task in tasks_for(leader(factory.by_hand().municipality), today)] == [
        "Poner nombre a los temas"
    ]
    assert tasks_for(leader(factory.closed().municipality), today) == []
