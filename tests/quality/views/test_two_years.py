"""Two years open at once: the next one, opened ahead, takes nothing away from whoever works in this one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.foundation.cycles.models import CycleState
from portal.foundation.people.roles import Role
from quality.domain import assessments
from quality.domain.errors import CycleNotBegun
from quality.queries.tasks import tasks_for
from tests.factories import quality as factories
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.people import sign_in, user_with_role
from tests.quality.views.pages import body

pytestmark = pytest.mark.django_db
NOVEMBER = datetime(2026, 11, 27, 15, tzinfo=UTC)
JANUARY = datetime(2027, 1, 5, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with time_machine.travel(NOVEMBER, tick=True):
        yield


@pytest.fixture
def draft() -> Any:
    """A self-diagnosis of 2026 half answered; 2027 is open already, with the same municipality."""
    made = factories.assessment(at=NOVEMBER)
    ParticipationFactory(municipality=made.municipality, cycle=CycleFactory(year=2027))
    return made


def client_of(role: Role, territory: Any) -> Client:
    return sign_in(Client(), user_with_role(role, territory))


def test_the_team_goes_on_with_this_year_and_reads_when_the_next_begins(draft: Any) -> None:
    page = body(sign_in(Client(), draft.opened_by).get(reverse("quality:assessment_start")))

    name = draft.municipality.name
    assert page.index(f"{name} 2026") < page.index(f"{name} 2027")
    assert reverse("quality:assessment_tasks", args=[draft.pk]) in page
    assert "El ciclo comienza el 1 de enero de 2027." in page
    assert "no participa este año" not in page


def test_tasks_are_of_this_year_until_the_next_begins_and_then_of_both(draft: Any) -> None:
    def told(day: date) -> list[tuple[str, str]]:
        draft.opened_by.__dict__.pop("scope", None)
        return [(str(item.title), item.territory_name[-4:]) for item in tasks_for(draft.opened_by, day)]

    assert told(NOVEMBER.date()) == [("Responder el autodiagnóstico", "2026")]
    assert told(JANUARY.date()) == [
        ("Empezar el autodiagnóstico", "2027"),
        ("Responder el autodiagnóstico", "2026"),
    ]


def test_work_in_the_earlier_year_is_finished_once_the_next_has_begun(draft: Any) -> None:
    with time_machine.travel(JANUARY, tick=True):
        standard = draft.catalogue.standards.get(code="E01")
        client = sign_in(Client(), draft.opened_by)

        answered = client.post(
            reverse("quality:assessment_answer", args=[draft.pk, "E01"]), {"level": "1", "revision": ""}
        )

    assert (answered.status_code, draft.answers.get().standard) == (302, standard)


def test_nobody_works_in_a_year_that_has_not_begun(draft: Any) -> None:
    place = draft.municipality.participations.get(cycle__year=2027)
    client = sign_in(Client(), draft.opened_by)
    address = reverse("quality:assessment_open", args=[place.pk])

    asked = body(client.get(address, follow=True))
    sent = body(client.post(address))

    for page in (asked, sent):
        assert "El ciclo comienza el 1 de enero de 2027." in page
    with pytest.raises(CycleNotBegun):
        assessments.open_assessment(municipality=place.municipality, cycle=place.cycle, by=draft.opened_by, at=NOVEMBER)


@pytest.mark.parametrize("name", ["quality:assessment_list", "quality:gap_list"])
def test_the_lists_show_this_year_and_any_other_that_is_chosen(draft: Any, name: str) -> None:
    former = CycleFactory(year=2025, state=CycleState.CLOSED)
    region = draft.municipality.region
    for _ in range(2):
        ParticipationFactory(cycle=former, municipality__parent__parent=region)
        ParticipationFactory(cycle=draft.cycle, municipality__parent__parent=region)
    client = client_of(Role.REGIONAL_TEAM, region)

    def shown(**query: str) -> set[int]:
        page = client.get(reverse(name), query)
        rows = page.context["page_obj"] if "page_obj" in page.context else page.context["rows"]
        return {getattr(row, "participation", row).cycle.year for row in rows}

    chosen = client.get(reverse(name), {"ciclo": "2025"})
    assert (shown(), shown(ciclo="2025"), shown(ciclo="2026")) == ({2026}, {2025}, {2026})
    assert '<option value="2025" selected>' in body(chosen)


def test_the_series_stays_when_another_year_of_the_gaps_is_chosen(draft: Any) -> None:
    client = client_of(Role.NATIONAL_TEAM, draft.municipality.region.parent)
    ParticipationFactory(cycle=draft.cycle)

    page = body(client.get(reverse("quality:gap_list"), {"serie": "verified"}))

    assert '<input type="hidden" name="serie" value="verified"' in page
