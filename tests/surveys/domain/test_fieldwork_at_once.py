"""The survey's fieldwork with several people at the same moment, in threads of their own and on committed rows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.foundation.jobs import domain as jobs
from surveys import engine
from surveys.domain import mailings, papers, responses
from surveys.models import Invitation, PaperEntry, RoundResponse, SurveyContact, SurveyMailing
from tests.factories import contacts as contact_factory
from tests.factories import rounds as factory
from tests.factories.people import UserFactory
from tests.factories.rounds import CONTENT, NOW
from tests.surveys.domain.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(days=6)


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_dispatch", lambda _job_id: None)


def test_a_token_used_at_once_brings_one_response() -> None:
    round = factory.opened()
    code = factory.token(round)

    ended = at_once(*[lambda: responses.respond(code=code, given=CONTENT, at=NOW)] * 4)

    assert ended == {"done": 1, "TokenGone": 3}
    assert engine.count(round.store or 0) == RoundResponse.objects.count() == 1


def test_a_list_sent_at_once_is_added_once() -> None:
    round = factory.opened()
    content = contact_factory.listed(20)

    ended = at_once(*[lambda: contact_factory.add(round, content=content)] * 3)

    assert ended == {"done": 3}
    assert SurveyContact.objects.count() == 20


def test_of_those_who_send_the_invitations_at_once_one_does() -> None:
    round = factory.opened()
    contact_factory.add(round, 20)
    round.refresh_from_db()
    asked = {"round": round, "revision": round.revision, "by": round.created_by, "at": NOW}

    ended = at_once(*[lambda: mailings.send_invitations(**asked)] * 3)

    assert ended == {"done": 1, "NotPossibleNow": 2}
    assert SurveyMailing.objects.count() == 1
    contact_factory.work()
    assert Invitation.objects.count() == 20


def test_whoever_answers_while_a_reminder_is_written_counts_once() -> None:
    round = factory.opened()
    contact_factory.add(round, 6)
    contact_factory.invite(round)
    contact_factory.work()
    codes = list(contact_factory.codes().values())
    mailing = contact_factory.remind(round, LATER)

    ended = at_once(
        lambda: mailings.write_some(mailing=mailing, by=None, at=LATER),
        *(lambda code=code: responses.respond(code=code, given=CONTENT, at=LATER) for code in codes[:3]),
    )

    assert ended == {"done": 4}
    assert engine.count(round.store or 0) == 3
    assert Invitation.objects.count() == 3
    assert not SurveyContact.objects.exclude(mailing=None).exists()


def test_two_people_who_type_one_paper_at_once_are_its_first_and_its_second() -> None:
    round = factory.opened()
    code = factory.token(round)
    typists = [UserFactory(), UserFactory()]

    ended = at_once(
        *(lambda by=by: papers.type_paper(round=round, code=code, given=CONTENT, by=by, at=NOW) for by in typists)
    )

    assert ended == {"done": 2}
    assert engine.count(round.store or 0) == 1
    assert not PaperEntry.objects.exists()


def test_the_same_person_at_once_is_no_second_reader() -> None:
    round = factory.opened()
    code, by = factory.token(round), UserFactory()

    ended = at_once(*[lambda: papers.type_paper(round=round, code=code, given=CONTENT, by=by, at=NOW)] * 3)

    assert ended == {"done": 1, "NotAllowed": 2}
    assert engine.count(round.store or 0) == 0
