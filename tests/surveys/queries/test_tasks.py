"""What waits for whom: never for the person it is about."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from surveys.domain import coding, complaints, thread
from surveys.enums import ComplaintAbout, ComplaintChannel, Escalation
from surveys.models import Complaint
from surveys.queries.complaints import InboxFilter, inbox
from surveys.queries.tasks import tasks_for
from tests.factories import complaints as factory
from tests.factories.complaints import NOW, complaint, worker
from tests.factories.people import UserFactory
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 3)


def keys(user: User, today: date = TODAY) -> list[str]:
    return sorted(item.key.rsplit(":", 1)[0] for item in tasks_for(User.objects.get(pk=user.pk), today))


def test_each_has_the_tasks_of_the_own_role() -> None:
    place = MunicipalityFactory()
    member, lead, dideco = (worker(place, role) for role in (Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO))
    complaint(place)
    factory.assigned(complaint(place), to=member, by=lead)
    complaint(place, channel=ComplaintChannel.LETTER, handed=False, by=member)
    complaint(place, category=factory.category("R13"))

    assert keys(member) == ["surveys.acknowledge", "surveys.answer"]
    assert keys(lead) == ["surveys.acknowledge", *["surveys.assign"] * 3]
    assert keys(dideco) == ["surveys.assign"]
    assert keys(UserFactory()) == []


def test_what_was_escalated_is_a_task_of_each_level_that_was_told() -> None:
    place = MunicipalityFactory()
    lead, dideco = worker(place, Role.COORDINATOR), worker(place, Role.DIDECO)
    made = factory.assigned(complaint(place), by=lead)
    before = keys(lead)

    Complaint.objects.filter(pk=made.pk).update(escalation=Escalation.DIDECO)

    assert before == []
    assert keys(lead) == keys(dideco) == [f"surveys.escalated.{Escalation.DIDECO.value}"]


def test_what_the_person_adds_after_the_answer_waits_until_somebody_writes_or_notes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(coding, "is_sampled", lambda code: False)
    place = MunicipalityFactory()
    member, lead = worker(place), worker(place, Role.COORDINATOR)
    owned = factory.answered(factory.assigned(complaint(place), to=member, by=lead), by=member)
    unowned = factory.answered(complaint(place), by=member)
    for made in (owned, unowned):
        factory.coded(made, by=member)
    before = keys(member) + keys(lead)

    for made in (owned, unowned):
        thread.reply(complaint=made, text="Falta una cosa", at=NOW)
    waiting = [keys(member), keys(lead)]
    found = inbox(User.objects.get(pk=lead.pk), InboxFilter(term="added"), TODAY)
    listed = set(found)
    thread.write_to_person(complaint=owned, text="Gracias", by=member, at=NOW)
    thread.add_note(complaint=unowned, text="Leído", by=lead, at=NOW)

    assert "surveys.added" not in before
    assert waiting == [["surveys.added"], ["surveys.added"]]
    assert listed == {owned, unowned}
    assert "surveys.added" not in keys(member) + keys(lead)


def test_its_term_is_the_tasks_and_a_pause_has_none() -> None:
    made = factory.assigned()
    terms = [item.due_on for item in tasks_for(made.owner, TODAY)]
    factory.asked(made)

    assert terms == [date(2026, 4, 14)]
    assert [item.due_on for item in tasks_for(User.objects.get(pk=made.owner.pk), TODAY)] == [None]


def test_a_letters_receipt_has_a_term_of_its_own() -> None:
    place = MunicipalityFactory()
    member = worker(place)
    complaint(place, channel=ComplaintChannel.LETTER, handed=False, by=member)

    assert [item.due_on for item in tasks_for(member, TODAY)] == [date(2026, 3, 3)]


def test_causes_wait_for_whoever_answered_and_for_a_second_coder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "is_sampled", lambda code: True)
    place = MunicipalityFactory()
    lead, member = worker(place, Role.COORDINATOR), worker(place)
    made = factory.answered(factory.assigned(complaint(place), to=member, by=lead), by=member)
    before = keys(member)
    factory.coded(made, by=member)

    assert before == ["surveys.complaint_code"]
    assert keys(member) == []
    assert keys(lead) == ["surveys.complaint_code_again"]


def test_the_quarter_that_ended_waits_for_its_review() -> None:
    place = MunicipalityFactory()
    lead = worker(place, Role.COORDINATOR)
    factory.answered(complaint(place))

    found = [item for item in tasks_for(lead, date(2026, 4, 6)) if item.key.startswith("surveys.review")]

    assert [item.due_on for item in found] == [date(2026, 4, 30)]
    assert [item for item in tasks_for(User.objects.get(pk=lead.pk), date(2026, 5, 4)) if "review" in item.key] == []


def test_nothing_waits_for_the_person_it_is_about() -> None:
    place = MunicipalityFactory()
    lead, dideco = worker(place, Role.COORDINATOR), worker(place, Role.DIDECO)
    made = complaint(place, about=ComplaintAbout.LEAD)
    before = [keys(lead), keys(dideco)]
    complaints.settle_about(complaint=made, person=lead, by=dideco, at=NOW)

    assert before == [[], ["surveys.assign"]]
    assert keys(lead) == []
    assert not Complaint.objects.visible_to(lead).exists()


def test_tasks_cost_the_same_however_many_there_are() -> None:
    place = MunicipalityFactory()
    member, lead = worker(place), worker(place, Role.COORDINATOR)

    def queries() -> int:
        user = User.objects.get(pk=member.pk)
        with CaptureQueriesContext(connection) as captured:
            tasks_for(user, TODAY)
        return len(captured)

    letter = {"channel": ComplaintChannel.LETTER, "handed": False, "by": lead}
    factory.assigned(complaint(place, **letter), to=member, by=lead)
    one = queries()
    for _number in range(3):
        factory.assigned(complaint(place, **letter), to=member, by=lead)

    assert queries() == one
