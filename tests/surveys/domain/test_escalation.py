"""When a term runs out: the owner, the coordinator, the DIDECO and the region, each once; and the close by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from portal.foundation.clocks import domain as clocks
from portal.foundation.clocks.models import Clock
from portal.foundation.messages.models import Message
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from surveys.domain import complaints, escalation
from surveys.enums import ComplaintAbout, ComplaintChannel, ComplaintState, Escalation
from surveys.models import Complaint
from tests.factories import complaints as factory
from tests.factories.complaints import complaint, worker
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 15, tzinfo=UTC)


@pytest.fixture
def pass_time(django_capture_on_commit_callbacks) -> Callable[[datetime], None]:
    """Let the hourly sweep of the clocks run at that moment, and its jobs after it."""

    def run(at: datetime) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            clocks.escalate(at=at)

    return run


def people(municipality: Territory) -> dict[Role, User]:
    found = {role: worker(municipality, role) for role in (Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO)}
    return found | {Role.REGIONAL_TEAM: worker(municipality.region, Role.REGIONAL_TEAM)}


def told() -> Counter[str]:
    return Counter(Message.objects.filter(template="complaint_escalated").values_list("address", flat=True))


def test_each_next_person_up_is_told_once(pass_time) -> None:
    municipality = MunicipalityFactory()
    team = people(municipality)
    made = factory.assigned(
        complaint(municipality), to=team[Role.TEAM_MEMBER], by=team[Role.COORDINATOR]
    )  # due on 14 April
    seen = []

    for moment in (noon(3, 12), noon(3, 16), noon(4, 10), noon(4, 14), noon(4, 15), noon(4, 21), noon(4, 21)):
        pass_time(moment)
        seen.append([role for role, user in team.items() if told()[user.email]])

    made.refresh_from_db()
    order = list(team)
    assert seen == [[], order[:1], order[:2], order[:2], order[:3], order, order]
    assert set(told().values()) == {1}
    assert (made.escalation, made.reaches_region) == (Escalation.REGION, True)
    assert list(Complaint.objects.visible_to(team[Role.REGIONAL_TEAM])) == [made]


def test_steps_that_come_together_miss_nobody(pass_time) -> None:
    municipality = MunicipalityFactory()
    team = people(municipality)
    factory.assigned(complaint(municipality), to=team[Role.TEAM_MEMBER], by=team[Role.COORDINATOR])

    pass_time(noon(5, 4))

    assert told() == Counter(user.email for user in team.values())


def test_whoever_stands_for_two_levels_is_told_once(pass_time) -> None:
    municipality = MunicipalityFactory()
    team = people(municipality)
    made = complaint(municipality)

    pass_time(noon(4, 20))

    made.refresh_from_db()
    assert made.escalation >= Escalation.COORDINATOR
    assert told()[team[Role.COORDINATOR].email] == 1


def test_answered_in_time_nobody_is_told_more(pass_time) -> None:
    municipality = MunicipalityFactory()
    people(municipality)
    factory.answered(complaint(municipality), at=noon(3, 10))

    pass_time(noon(3, 20))

    assert told() == Counter()


def test_the_chain_jumps_over_the_person_it_is_about(pass_time) -> None:
    municipality = MunicipalityFactory()
    team = people(municipality)
    made = complaint(municipality, about=ComplaintAbout.LEAD)
    complaints.settle_about(complaint=made, person=team[Role.COORDINATOR], by=team[Role.DIDECO], at=noon(3, 2))

    pass_time(noon(4, 10))

    assert told() == Counter({team[Role.DIDECO].email: 1})
    assert not Complaint.objects.visible_to(team[Role.COORDINATOR]).exists()


def test_a_letter_without_its_acknowledgement_is_asked_for(pass_time) -> None:
    municipality = MunicipalityFactory()
    team = people(municipality)
    clerk = team[Role.TEAM_MEMBER]
    complaint(municipality, channel=ComplaintChannel.LETTER, handed=False, by=clerk)

    for moment in (noon(3, 2), noon(3, 3), noon(3, 4)):
        pass_time(moment)

    asked = Message.objects.filter(template="complaint_acknowledge").values_list("address", flat=True)
    assert list(asked.order_by("created_at")) == [team[Role.COORDINATOR].email, team[Role.DIDECO].email]


def test_what_nobody_reopens_is_closed_the_day_after_the_term(pass_time) -> None:
    made = factory.answered(at=noon(3, 16))  # may be reopened until the 30th

    pass_time(noon(3, 30))
    made.refresh_from_db()
    before = made.state
    pass_time(noon(3, 31))

    made.refresh_from_db()
    assert (before, made.state) == (ComplaintState.ANSWERED, ComplaintState.CLOSED)
    assert made.closed_at is not None
    assert not Clock.objects.of(made).filter(stopped_on=None).exists()


def test_the_same_step_ordered_twice_is_taken_once(django_capture_on_commit_callbacks) -> None:
    municipality = MunicipalityFactory()
    people(municipality)
    clock = Clock.objects.of(complaint(municipality)).get()

    for _time in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            escalation.ask_for_step(clock_id=clock.pk, step=2, at=noon(4, 10))

    assert sum(told().values()) == 1  # nobody is in charge: the coordinator stands at both steps
    assert Complaint.objects.get().escalation == Escalation.COORDINATOR


def test_a_reopened_case_climbs_the_chain_anew(pass_time) -> None:
    from surveys.domain import answers

    municipality = MunicipalityFactory()
    team = people(municipality)
    made = complaint(municipality)
    pass_time(noon(3, 16))
    factory.answered(made, at=noon(3, 16))
    answers.reopen(complaint=made, reason="No es así", at=noon(3, 17))

    pass_time(noon(3, 31))

    made.refresh_from_db()
    assert made.due_on == date(2026, 4, 29)
    assert told()[team[Role.COORDINATOR].email] == 2
