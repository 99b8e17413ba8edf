"""Why it happened: one coding, and of one in ten a second one that is blind to the first."""

from __future__ import annotations

import pytest

from portal.foundation.people.roles import Role
from surveys.domain import coding
from surveys.enums import CodingRound, RootCause
from surveys.errors import InvalidContent, NotAllowed, NotPossibleNow
from surveys.queries.complaints import codings_shown, waits_for_second_coding_by
from tests.factories import complaints as factory
from tests.factories.complaints import NOW, worker
from tests.factories.quality import small_catalogue

pytestmark = pytest.mark.django_db


def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "is_sampled", lambda code: True)


def test_the_sample_is_one_in_ten_and_always_the_same() -> None:
    codes = [f"CODE{number:06}" for number in range(5000)]

    sampled = [code for code in codes if coding.is_sampled(code)]

    assert sampled == [code for code in codes if coding.is_sampled(code)]
    assert 400 < len(sampled) < 600


def test_the_cause_is_coded_to_standards_once_it_is_answered() -> None:
    standards = list(small_catalogue().standards.all()[:2])
    open_one = factory.complaint()
    with pytest.raises(NotPossibleNow):
        coding.code(complaint=open_one, cause=RootCause.TRAINING, by=worker(open_one.territory), at=NOW)

    made = factory.coded(cause=RootCause.TRAINING, standards=standards)

    assert (made.cause, list(made.codings.get().standards.order_by("number"))) == (RootCause.TRAINING, standards)
    with pytest.raises(InvalidContent):
        factory.coded(cause="mood")


def test_its_own_coder_may_change_it_and_nobody_else() -> None:
    made = factory.answered()
    coder = worker(made.territory)
    factory.coded(made, by=coder)

    factory.coded(made, by=coder, cause=RootCause.SYSTEM)

    made.refresh_from_db()
    assert made.cause == RootCause.SYSTEM
    with pytest.raises(NotPossibleNow):
        factory.coded(made, by=worker(made.territory))


def test_the_second_coder_is_another_person_and_sees_nothing_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn(monkeypatch)
    made = factory.answered()
    first, second, lead = worker(made.territory), worker(made.territory), worker(made.territory, Role.COORDINATOR)
    factory.coded(made, by=first)

    blind = [codings_shown(made, user) for user in (second, lead)]
    with pytest.raises(NotAllowed):
        coding.code_again(complaint=made, cause=RootCause.STAFFING, by=first, at=NOW)
    waits = [waits_for_second_coding_by(made, user) for user in (first, second)]
    coding.code_again(complaint=made, cause=RootCause.PROCEDURE, by=second, at=NOW)

    made.refresh_from_db()
    assert (blind, waits) == ([[], []], [False, True])
    assert [each.round for each in codings_shown(made, lead)] == [CodingRound.FIRST, CodingRound.SECOND]
    assert made.cause == RootCause.STAFFING  # the first counts until both agree
    with pytest.raises(NotPossibleNow):
        factory.coded(made, by=first, cause=RootCause.SYSTEM)


def test_what_both_agree_on_counts_and_the_two_codings_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn(monkeypatch)
    made = factory.coded()
    lead = worker(made.territory, Role.COORDINATOR)
    with pytest.raises(NotPossibleNow):
        coding.agree_coding(complaint=made, cause=RootCause.SYSTEM, by=lead, at=NOW)
    coding.code_again(complaint=made, cause=RootCause.PROCEDURE, by=worker(made.territory), at=NOW)

    coding.agree_coding(complaint=made, cause=RootCause.PROCEDURE, by=lead, at=NOW)

    made.refresh_from_db()
    assert (made.cause, made.codings.count()) == (RootCause.PROCEDURE, 3)
    assert made.codings.get(in_force=True).round == CodingRound.AGREED


def test_what_was_not_drawn_is_coded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "is_sampled", lambda code: False)
    made = factory.coded()

    with pytest.raises(NotPossibleNow):
        coding.code_again(complaint=made, cause=RootCause.SYSTEM, by=worker(made.territory), at=NOW)
