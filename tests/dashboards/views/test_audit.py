"""The public heads, and the national team's record of actions."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.urls import reverse

from portal.dashboards.queries.verbs import VERBS
from portal.foundation.audit import domain
from portal.foundation.people.roles import Role
from tests.factories.people import UserFactory, sign_in, user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory, ServicePointFactory

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVENTS = "dashboards:audit_events"


@pytest.fixture
def national(client, db):
    return sign_in(client, user_with_role(Role.NATIONAL_TEAM, CountryFactory()))


def record(**changes):
    point = changes.pop("object", None) or ServicePointFactory()
    return domain.record(**{"verb": "test.write", "object": point, "by": None, "at": AT, **changes})


@pytest.mark.django_db
def test_anybody_reads_the_daily_heads(client):
    record()
    domain.seal(at=AT)
    head = domain.publish_head(on=date(2026, 3, 2), at=AT)

    page = client.get(reverse("dashboards:audit_heads")).content.decode()

    assert head.seal in page
    assert "2 de marzo de 2026" in page


@pytest.mark.django_db
def test_heads_cost_the_same_for_one_and_for_three(client, constant_queries):
    days = iter(range(1, 29))
    constant_queries(
        client, reverse("dashboards:audit_heads"), lambda: domain.publish_head(on=date(2026, 2, next(days)), at=AT)
    )


def test_events_cost_the_same_for_one_and_for_three(national, constant_queries):
    assert constant_queries(national, reverse(EVENTS), lambda: record(by=UserFactory())) <= 10


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO, Role.REGIONAL_TEAM])
def test_the_record_is_for_the_national_team_alone(client, db, role):
    record(purpose="Motivo reservado")
    sign_in(client, user_with_role(role, MunicipalityFactory()))

    response = client.get(reverse(EVENTS))

    assert response.status_code == 403
    assert "Motivo reservado" not in response.content.decode()


@pytest.mark.django_db
def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get(reverse(EVENTS)).status_code == 302


def test_filters_narrow_the_list(national):
    ana, luis = UserFactory(name="Ana Rojas"), UserFactory(name="Luis Soto")
    point = ServicePointFactory()
    domain.record_look(by=ana, object=point, purpose="Revisar la solicitud", at=AT, territory=point.territory)
    record(by=luis, verb="plans.sign")

    def verbs(**query):
        page = national.get(reverse(EVENTS), query).context["page"]
        return [(row.event.verb, row.actor) for row in page.rows if row.actor in ("Ana Rojas", "Luis Soto")]

    look, signed = ("look", "Ana Rojas"), ("plans.sign", "Luis Soto")
    assert verbs() == [signed, look]
    assert verbs(email=ana.email.upper()) == [look]
    assert verbs(only_looks="on") == [look]
    assert verbs(verb="plans.") == [signed]
    assert verbs(object_type="territories.servicepoint", object_id=str(point.pk)) == [look]
    assert verbs(territory_code=point.territory.code) == [look]
    assert verbs(email="nadie@example.cl") == []


def test_pages_follow_one_another_without_gap_or_repeat(national):
    made = {record(verb="test.paged").pk for _event in range(120)}
    shown, query = [], {"verb": "test.paged"}
    while True:
        page = national.get(reverse(EVENTS), query).context["page"]
        shown += [row.event.pk for row in page.rows]
        if page.older_than is None:
            break
        query["antes"] = page.older_than

    assert shown == sorted(made, reverse=True)


@pytest.mark.parametrize("older_than", ["", "x", "-1", "9" * 40, "²"])
def test_a_strange_page_is_the_first(national, older_than):
    record(verb="test.any")

    assert national.get(reverse(EVENTS), {"antes": older_than}).context["page"].rows[0].event.verb == "test.any"


def test_an_action_is_told_in_words_with_the_name_of_its_place(national):
    place = MunicipalityFactory(name="Comuna Nombrada")
    record(verb="plans.sign_plan", territory=place)

    page = national.get(reverse(EVENTS)).content.decode()

    assert "Firmó el plan" in page
    assert "Comuna Nombrada" in page


def test_every_verb_of_the_code_has_words():
    """Whoever writes a verb writes how the record of actions tells it."""
    said = re.compile(r'(?:verb=|_record\(|_move\([^"]*|_save\([^"]*)"([a-z]+\.[a-z_]+)"')
    folders = [
        path for path in settings.ROOT.rglob("domain*") if "tests" not in path.parts and ".venv" not in path.parts
    ]
    files = {file for path in folders for file in ([path] if path.suffix == ".py" else path.rglob("*.py"))}

    verbs = {verb for file in files if file.is_file() for verb in said.findall(file.read_text())}

    assert len(verbs) > 60
    assert verbs - set(VERBS) == set()
