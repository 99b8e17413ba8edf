"""Papers typed in twice: by two people, kept where both agree, decided upon where they do not."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from portal.foundation.audit.models import AuditEvent
from portal.foundation.people.models import User
from surveys import engine
from surveys.domain import papers, responses, rounds
from surveys.domain.papers import Outcome
from surveys.enums import AnswerMode
from surveys.errors import InvalidContent, NotAllowed, NotPossibleNow, TokenGone
from surveys.models import Invitation, PaperDecision, PaperEntry, PaperTally, Round, RoundResponse
from surveys.queries import rounds as round_reads
from surveys.queries.papers import papers_of, to_decide
from tests.factories import contacts as contact_factory
from tests.factories import rounds as factory
from tests.factories.people import UserFactory
from tests.factories.rounds import CONTENT, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return UserFactory()


@pytest.fixture
def beto() -> User:
    return UserFactory()


def typed(round: Round, code: str, by: User, **changes: Any) -> papers.Typed:
    return papers.type_paper(round=round, code=code, given=CONTENT | changes, by=by, at=NOW)


def differing(round: Round, ana: User, beto: User) -> PaperEntry:
    """A paper on which two marks were read otherwise."""
    code = factory.token(round, "virtual")
    typed(round, code, ana)
    found = typed(round, code, beto, P01="1", P05="2", P21="Que avisen").entry
    assert found is not None
    return found


def test_what_two_people_read_alike_becomes_a_response(ana: User, beto: User) -> None:
    round = factory.opened()
    code = factory.token(round, "virtual")
    before = AuditEvent.objects.count()

    first = typed(round, f"{code[:5]} {code[5:].lower()}", ana)
    assert (first.outcome, RoundResponse.objects.count(), Invitation.objects.count()) == (Outcome.FIRST, 0, 1)
    second = typed(round, code, beto)

    assert second.outcome == Outcome.AGREED
    assert RoundResponse.objects.values_list("mode", "channel").get() == (AnswerMode.PAPER, "virtual")
    assert not PaperEntry.objects.exists() and not Invitation.objects.exists()
    tally = PaperTally.objects.get(round=round)
    assert (tally.papers, tally.items, tally.agreed) == (1, len(CONTENT), len(CONTENT))
    assert AuditEvent.objects.count() == before
    assert round_reads.fieldwork(round).answered == 1


def test_nobody_types_the_same_paper_twice(ana: User) -> None:
    round = factory.opened()
    code = factory.token(round)
    entry = typed(round, code, ana).entry

    with pytest.raises(NotAllowed):
        typed(round, code, ana)
    with pytest.raises(NotAllowed):
        papers.find_paper(round=round, code=code, by=ana, at=NOW)
    assert entry is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperEntry.objects.filter(pk=entry.pk).update(second={}, second_by=ana)


def test_where_they_differ_one_of_the_two_decides_and_why_is_kept(ana: User, beto: User) -> None:
    round = factory.opened()
    entry = differing(round, ana, beto)
    assert papers.differing(entry) == ["P01", "P05", "P21"]
    assert engine.count(round.store or 0) == 0

    kept = papers.decide_paper(
        entry=entry,
        readings={"P01": "second", "P05": "first", "P21": "second"},
        reasons={"P01": "La marca está corregida con lápiz"},
        by=ana,
        at=NOW,
    )

    assert kept.is_whole
    stored = next(engine.read(round.store or 0))
    assert (stored.values["P01"], stored.values["P05"], stored.values["P21"]) == (("1",), ("7",), ("Que avisen",))
    assert list(PaperDecision.objects.values_list("question", "reason", "decided_by")) == [
        ("P01", "La marca está corregida con lápiz", ana.pk),
        ("P05", "", ana.pk),
        ("P21", "", ana.pk),
    ]
    assert {field.name for field in PaperDecision._meta.get_fields()} == {
        "id",
        "round",
        "question",
        "reason",
        "decided_by",
    }
    assert not PaperEntry.objects.exists()
    items = len(CONTENT) + 1
    found = papers_of(round, ana)
    assert (found.left, found.agreement) == (0, pytest.approx(100 * (items - 3) / items))


def test_nobody_else_decides_and_every_item_has_to_be(ana: User, beto: User) -> None:
    round = factory.opened()
    entry = differing(round, ana, beto)
    whole = {"P01": "first", "P05": "first", "P21": "first"}

    with pytest.raises(NotAllowed):
        papers.decide_paper(entry=entry, readings=whole, reasons={}, by=UserFactory(), at=NOW)
    with pytest.raises(NotAllowed):
        papers.discard_paper(entry=entry, by=UserFactory(), at=NOW)
    for wrong in ({}, whole | {"P05": "third"}):
        with pytest.raises(InvalidContent):
            papers.decide_paper(entry=entry, readings=wrong, reasons={}, by=beto, at=NOW)
    with pytest.raises(InvalidContent):
        papers.decide_paper(entry=entry, readings=whole, reasons={"P01": "x" * 201}, by=beto, at=NOW)
    assert engine.count(round.store or 0) == 0
    assert list(to_decide(ana)) == list(to_decide(beto)) == [entry]
    assert not to_decide(UserFactory()).exists()


def test_a_third_typing_waits_for_the_decision_and_a_decision_comes_once(ana: User, beto: User) -> None:
    round = factory.opened()
    code = factory.token(round)
    typed(round, code, ana)
    entry = typed(round, code, beto, P01="1").entry
    assert entry is not None

    with pytest.raises(NotPossibleNow):
        typed(round, code, UserFactory())
    papers.decide_paper(entry=entry, readings={"P01": "first"}, reasons={}, by=beto, at=NOW)
    with pytest.raises(NotPossibleNow):
        papers.decide_paper(entry=entry, readings={"P01": "first"}, reasons={}, by=beto, at=NOW)
    assert engine.count(round.store or 0) == 1


def test_a_paper_that_both_misread_is_typed_anew(ana: User, beto: User) -> None:
    round = factory.opened()
    entry = differing(round, ana, beto)
    papers.discard_paper(entry=entry, by=beto, at=NOW)
    assert not PaperEntry.objects.exists()
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("changes", [{"P01": "8"}, {"F1": ""}, {"P17": ["no", "R01"]}])
def test_what_cannot_be_is_told_and_not_kept(ana: User, changes: dict[str, Any]) -> None:
    round = factory.opened()
    found = typed(round, factory.token(round), ana, **changes)
    assert found.outcome == Outcome.WRONG
    assert set(found.checked.errors) == set(changes)
    assert not PaperEntry.objects.exists()


@pytest.mark.parametrize("code", ["", "AAAAAAAAAA", "x" * 5000, "' OR 1=1 --"])
def test_a_guessed_code_is_no_paper(ana: User, code: str) -> None:
    with pytest.raises(TokenGone):
        typed(factory.opened(), code, ana)


def test_only_slips_of_the_same_survey_come_back_on_paper(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.foundation.jobs.domain._dispatch", lambda _job_id: None)
    round, other = factory.opened(), factory.opened()
    contact_factory.add(round, 1)
    contact_factory.invite(round)
    contact_factory.work()
    message = next(iter(contact_factory.codes().values()))

    for code in (factory.token(other), str(round.open_code), message):
        with pytest.raises(TokenGone):
            typed(round, code, ana)


def test_a_paper_whose_code_was_used_on_the_internet_counts_once(ana: User, beto: User) -> None:
    round = factory.opened()
    code = factory.token(round)
    typed(round, code, ana)
    entry = typed(round, code, beto, P01="1").entry
    assert entry is not None
    responses.respond(code=code, given=CONTENT, at=NOW)

    with pytest.raises(TokenGone):
        papers.decide_paper(entry=entry, readings={"P01": "first"}, reasons={}, by=ana, at=NOW)
    with pytest.raises(TokenGone):
        typed(round, code, ana)
    assert engine.count(round.store or 0) == 1
    assert not PaperDecision.objects.exists()
    papers.discard_paper(entry=entry, by=ana, at=NOW)


def test_what_is_not_decided_when_it_closes_is_forgotten(ana: User, beto: User) -> None:
    round = factory.opened()
    differing(round, ana, beto)
    code = factory.token(round)
    typed(round, code, ana)

    rounds.close_round(round=round, by=None, at=NOW)

    assert not PaperEntry.objects.exists()
    assert engine.count(round.store or 0) == 0
    with pytest.raises(TokenGone):
        typed(round, code, beto)
