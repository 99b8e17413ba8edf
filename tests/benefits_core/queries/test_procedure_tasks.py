"""Who is told and asked what: drafts to publish, terms to publish, terms to mend."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benefits_core.domain import procedures, terms
from benefits_core.errors import NotReady
from benefits_core.queries.procedure_tasks import tasks_for
from portal.foundation.messages.models import Message
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from tests.factories import benefits
from tests.factories.people import UserFactory, user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db
AT, TODAY = benefits.NOW, benefits.TODAY


def titles(user):
    return [str(item.title) for item in tasks_for(User.objects.get(pk=user.pk), TODAY)]


def told():
    return sorted(Message.objects.values_list("template", "recipient__name"))


def test_a_draft_handed_over_waits_for_a_second_person_of_the_national_team():
    writer, publisher = (
        user_with_role(Role.NATIONAL_TEAM, CountryFactory(), user=UserFactory(name=name)) for name in ("Ana", "Eva")
    )
    draft = benefits.draft_version(by=writer)
    assert titles(publisher) == []

    for _time in range(2):
        procedures.hand_over(version=draft, by=writer, at=AT)

    assert told() == [("procedure_ready", "Eva")]
    assert titles(publisher) == [f"Publicar «{draft.name['es']}»"]
    assert titles(writer) == []


def test_a_change_takes_the_draft_back():
    publisher = user_with_role(Role.NATIONAL_TEAM, CountryFactory())
    draft = benefits.draft_version()
    procedures.hand_over(version=draft, by=UserFactory(), at=AT)

    benefits.add_step(draft, "Archivar")

    draft.refresh_from_db()
    assert draft.ready_at is None
    assert titles(publisher) == []


def test_an_incomplete_draft_is_not_handed_over():
    with pytest.raises(NotReady):
        procedures.hand_over(version=benefits.empty_draft(), by=UserFactory(), at=AT)


def test_a_municipality_s_own_draft_waits_for_its_dideco():
    here = MunicipalityFactory()
    dideco = user_with_role(Role.DIDECO, here, user=UserFactory(name="Eva"))
    other = user_with_role(Role.DIDECO, MunicipalityFactory())
    draft = benefits.draft_version(territory=here)

    procedures.hand_over(version=draft, by=UserFactory(), at=AT)

    assert told() == [("procedure_ready", "Eva")]
    assert len(titles(dideco)) == 1
    assert titles(other) == []


def test_proposed_terms_wait_for_dideco_and_where_there_is_none_the_region_is_told():
    here, there = MunicipalityFactory(), MunicipalityFactory()
    dideco = user_with_role(Role.DIDECO, here, user=UserFactory(name="Eva"))
    region = user_with_role(Role.REGIONAL_TEAM, there.region, user=UserFactory(name="Rita"))

    benefits.proposed_terms(territory=here), benefits.proposed_terms(territory=there)

    assert told() == [("terms_proposed", "Eva"), ("terms_proposed", "Rita")]
    assert titles(dideco) == titles(region) == ["Publicar los plazos propios de la comuna"]


def test_returned_terms_wait_for_the_team_and_their_writers_are_told():
    here = MunicipalityFactory()
    writer = user_with_role(Role.TEAM_MEMBER, here, user=UserFactory(name="Luz"))
    made = benefits.proposed_terms(territory=here, by=writer)

    terms.return_terms(terms=made, remarks="Dos días es poco", by=UserFactory(), at=AT)

    messages = Message.objects.filter(template="terms_returned")
    assert messages.count() == 2
    assert all("Dos días es poco" in message.body for message in messages)
    assert titles(writer) == ["Corregir los plazos devueltos"]


def test_tasks_cost_the_same_however_many_there_are():
    here = MunicipalityFactory()
    dideco = user_with_role(Role.DIDECO, here)

    def queries():
        user = User.objects.get(pk=dideco.pk)
        assert user.scope.grants
        with CaptureQueriesContext(connection) as captured:
            tasks_for(user, TODAY)
        return len(captured)

    benefits.proposed_terms(territory=here)
    with_one = queries()
    benefits.proposed_terms(territory=here), benefits.proposed_terms(territory=here)

    assert queries() == with_one


def left_behind(anchor_source, count):
    """``count`` procedures whose second version lacks a step of which somebody spoke."""
    for _number in range(count):
        old = benefits.published_version()
        anchor_source.pin(old.steps.get(key="revisar"), times=2)
        benefits.published_version(of=old.procedure, steps=("pedir", "responder"), starts_on=TODAY)


def test_former_steps_of_which_people_spoke_wait_for_whoever_edits(anchor_source):
    left_behind(anchor_source, 2)
    national = user_with_role(Role.NATIONAL_TEAM, CountryFactory())
    stranger = user_with_role(Role.COORDINATOR, MunicipalityFactory())

    found = [item for item in tasks_for(User.objects.get(pk=national.pk), TODAY) if "orphans" in item.key]

    assert [item.detail for item in found] == ["1 paso ya no existe"] * 2
    assert titles(stranger) == []


def test_former_steps_cost_the_same_however_many_procedures(anchor_source):
    national = user_with_role(Role.NATIONAL_TEAM, CountryFactory())
    counts = []
    for more in (1, 2):
        left_behind(anchor_source, more)
        user = User.objects.get(pk=national.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            tasks_for(user, TODAY)
        counts.append(len(queries))

    assert counts[0] == counts[1]
