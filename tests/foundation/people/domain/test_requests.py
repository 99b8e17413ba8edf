"""What people ask about their data: the term, who answers, and what an erasure erases and keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessLog
from django.core import mail
from django.db import IntegrityError, transaction

from portal.foundation.audit.domain import seal
from portal.foundation.audit.models import AuditEvent
from portal.foundation.audit.verification import Problem, verify
from portal.foundation.messages import domain as messages
from portal.foundation.messages.models import Message
from portal.foundation.people import privacy
from portal.foundation.people.domain import erasure, persons, requests
from portal.foundation.people.domain.assignments import assign_role
from portal.foundation.people.errors import PeopleError
from portal.foundation.people.models import DataRequest, Identifier, Person, RoleAssignment, User
from portal.foundation.people.privacy import Subject
from portal.foundation.people.queries.privacy import subject_of
from portal.foundation.people.roles import Role
from tests.factories.people import UserFactory, user_with_role, with_second_factor
from tests.factories.territories import CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)


def national() -> User:
    return user_with_role(Role.NATIONAL_TEAM, CountryFactory())


def asked(subject: Subject, kind: str = "erasure", text: str = "", **fields: Any) -> DataRequest:
    return requests.open_request(subject=subject, kind=kind, text=text, by=subject.user, at=AT, **fields)


def registered(**fields: Any) -> Person:
    person = persons.register_person(
        given_names="Rosa", family_names="Reclama", territory=MunicipalityFactory(), by=None, at=AT, **fields
    )
    persons.identify_person(person=person, scheme="cl_run", value="12.345.678-5", by=None, at=AT)
    return person


def subject_of_person(person: Person) -> Subject:
    subject = privacy.load("people.person", str(person.pk))
    assert subject is not None
    return subject


def test_a_request_has_a_number_and_thirty_days(django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    user = UserFactory(email="rosa@example.cl")

    with django_capture_on_commit_callbacks(execute=True):
        request = asked(subject_of(user), "rectification", "  Mi nombre es Rosa María\x00  ")

    assert (request.text, request.due_on) == ("Mi nombre es Rosa María", date(2026, 4, 1))
    assert request.number == f"DP-{request.pk:06}"
    assert (mail.outbox[0].to, request.number in mail.outbox[0].body) == (["rosa@example.cl"], True)


def test_its_words_are_encrypted() -> None:
    request = asked(subject_of(UserFactory()), "rectification", "Palabra reservada")

    assert DataRequest.objects.get().text == "Palabra reservada"
    raw = DataRequest.objects.extra(select={"raw": "text"}).values_list("raw", flat=True)
    assert "Palabra" not in str(list(raw))
    assert "Palabra" not in str(AuditEvent.objects.get(object_id=str(request.pk)).detail)


def test_the_same_is_not_asked_twice_while_it_waits() -> None:
    subject = subject_of(UserFactory())
    first = asked(subject)

    with pytest.raises(PeopleError):
        asked(subject)
    requests.withdraw_request(request=first, by=subject.user, at=AT)

    assert asked(subject).pk != first.pk


@pytest.mark.parametrize("kind", ["rectification", "objection"])
def test_what_to_correct_or_to_stop_has_to_be_said(kind: str) -> None:
    with pytest.raises(PeopleError):
        asked(subject_of(UserFactory()), kind, "   ")


def test_the_term_is_made_longer_once_and_with_a_reason() -> None:
    request, by = asked(subject_of(UserFactory())), national()

    with pytest.raises(PeopleError):
        requests.extend_request(request=request, reason=" ", by=by, at=AT)
    longer = requests.extend_request(request=request, reason="Hay que buscar en el archivo", by=by, at=AT)
    with pytest.raises(PeopleError):
        requests.extend_request(request=request, reason="Otra vez", by=by, at=AT)

    assert longer.due_on == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("role", "is_here", "may"),
    [
        (Role.NATIONAL_TEAM, True, True),
        (Role.DIDECO, True, True),
        (Role.COORDINATOR, True, True),
        (Role.TEAM_MEMBER, True, False),
        (Role.REGIONAL_TEAM, True, False),
        (Role.DIDECO, False, False),
    ],
)
def test_who_answers(role: Role, is_here: bool, may: bool) -> None:
    person = registered()
    request = asked(subject_of_person(person), "rectification", "Mi nombre")
    place = person.territory if is_here else MunicipalityFactory()
    places = {Role.NATIONAL_TEAM: CountryFactory(), Role.REGIONAL_TEAM: place.region}
    by = user_with_role(role, places.get(role, place))

    if may:
        requests.answer_request(request=request, grant=True, answer="Está corregido", by=by, at=AT)
    else:
        with pytest.raises(PeopleError):
            requests.answer_request(request=request, grant=True, answer="Está corregido", by=by, at=AT)

    assert DataRequest.objects.get().state == ("answered" if may else "open")
    assert DataRequest.objects.visible_to(by).exists() is may


def test_nobody_answers_the_own_request() -> None:
    by = national()
    request = asked(subject_of(by), "rectification", "Mi nombre")

    with pytest.raises(PeopleError):
        requests.answer_request(request=request, grant=True, answer="Listo", by=by, at=AT)


def test_an_answer_is_given_once_and_has_words() -> None:
    request, by = asked(subject_of(UserFactory()), "rectification", "Mi nombre"), national()

    with pytest.raises(PeopleError):
        requests.answer_request(request=request, grant=True, answer=" ", by=by, at=AT)
    answered = requests.answer_request(request=request, grant=False, answer="No se puede", by=by, at=AT)
    with pytest.raises(PeopleError):
        requests.answer_request(request=request, grant=True, answer="Sí", by=by, at=AT)
    with pytest.raises(PeopleError):
        requests.withdraw_request(request=request, by=by, at=AT)

    assert (answered.outcome, answered.closed_by) == ("refused", by)


@pytest.mark.parametrize(
    "change", [{"state": "answered"}, {"closed_at": AT}, {"outcome": "done"}, {"state": "answered", "closed_at": AT}]
)
def test_the_database_refuses_half_an_answer(change: dict[str, Any]) -> None:
    request = asked(subject_of(UserFactory()))

    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequest.objects.filter(pk=request.pk).update(**change)


# --- Erasure


def altered() -> list[str]:
    """What verification finds, but for the rows that only tests put in without a verb."""
    return [str(finding) for finding in verify(at=AT) if finding.problem != Problem.OBJECT_UNRECORDED]


def citizen_with_everything() -> User:
    user = UserFactory(name="Rosa Reclama", email="rosa@example.cl")
    user_with_role(Role.CITIZEN, MunicipalityFactory(), user=user)
    with_second_factor(user)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    AccessLog.objects.create(username=user.email, ip_address="203.0.113.7", user_agent="x")
    messages.send(to=user, template="reminder", context={"count": 2}, dedupe_key="k", at=AT)
    person = registered()
    person.user = user
    person.save()
    return User.objects.get(pk=user.pk)


def fates(request: DataRequest) -> dict[str, tuple[int, int]]:
    return {row["key"]: (row["erased"], row["kept"]) for row in request.results}


def test_a_granted_erasure_takes_the_name_and_leaves_the_number(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    user = citizen_with_everything()
    request = asked(subject_of(user))

    with django_capture_on_commit_callbacks(execute=True):
        done = requests.answer_request(request=request, grant=True, answer="Borramos su cuenta.", by=national(), at=AT)

    erased = User.objects.get(pk=user.pk)
    person = Person.objects.get()
    assert fates(done) == {
        "people.account": (1, 0),
        "people.roles": (0, 1),
        "people.person": (1, 0),
        "people.identifiers": (1, 0),
        "people.second_factor": (1, 0),
        "people.email_addresses": (1, 0),
        "people.sign_ins": (1, 0),
        "messages.sent": (1, 0),
        "people.data_requests": (0, 1),
        "people.acts": (0, 1),
    }
    assert done.outcome == "partly"
    assert all(row["why"] for row in done.results if row["kept"])
    assert (str(erased), erased.is_active, erased.erased_at) == (f"Cuenta borrada {user.pk}", False, AT)
    assert erased.has_usable_password() is False
    assert (str(person), person.user, Identifier.objects.count()) == (f"Persona borrada {person.pk}", None, 0)
    assert (Message.objects.get().body, Message.objects.get().address) == ("", "")
    assert (Authenticator.objects.count(), EmailAddress.objects.count()) == (0, 0)
    # The answer still reaches the person.
    assert mail.outbox[-1].to == ["rosa@example.cl"]
    assert "Borramos su cuenta." in mail.outbox[-1].body


def test_after_an_erasure_the_record_of_actions_still_verifies() -> None:
    user = citizen_with_everything()
    request = asked(subject_of(user))

    requests.answer_request(request=request, grant=True, answer="Listo", by=national(), at=AT)
    seal(at=AT)

    assert altered() == []
    assert RoleAssignment.objects.get(user=user).ends_on == AT.date()


def test_what_officials_did_is_kept_for_as_long_as_it_can_be_examined() -> None:
    user = user_with_role(Role.COORDINATOR, MunicipalityFactory(), user=UserFactory(name="Ana Coordina"))
    by = national()

    in_office = erasure.account_holds(subject_of(user), AT)
    RoleAssignment.objects.filter(user=user).update(ends_on=date(2025, 12, 31))
    done = requests.answer_request(request=asked(subject_of(user)), grant=True, answer="Lea por qué", by=by, at=AT)
    later = erasure.account_holds(subject_of(user), AT + timedelta(days=6 * 365))

    kept = next(row for row in done.results if row["key"] == "people.account")
    assert (kept["erased"], kept["kept"], "2030" in kept["why"]) == (0, 1, True)
    assert str(User.objects.get(pk=user.pk)) == "Ana Coordina"
    assert (bool(in_office), later) == (True, "")


@pytest.fixture
def hold() -> Iterator[None]:
    def open_case(subject: Subject, at: datetime) -> str:
        return "Hay una solicitud abierta." if subject.person else ""

    privacy.register_hold(open_case)
    yield
    privacy.unregister_hold(open_case)


@pytest.mark.usefixtures("hold")
def test_a_module_keeps_the_identity_while_something_is_open() -> None:
    person = registered()
    request = asked(subject_of_person(person))

    preview = {
        fate.kind.key: (fate.is_erased, str(fate.why)) for fate in erasure.preview(subject_of_person(person), AT)
    }
    done = requests.answer_request(request=request, grant=True, answer="Lea por qué", by=national(), at=AT)

    assert preview["people.person"] == (False, "Hay una solicitud abierta.")
    assert fates(done)["people.identifiers"] == (0, 1)
    assert (done.outcome, Person.objects.get().given_names) == ("refused", "Rosa")


def test_an_erasure_that_fails_halfway_erases_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    user = citizen_with_everything()
    request = asked(subject_of(user))
    monkeypatch.setattr(erasure, "forget_ways_in", lambda *, user: 1 / 0)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        requests.answer_request(request=request, grant=True, answer="Listo", by=national(), at=AT)

    assert Identifier.objects.count() == 1
    assert DataRequest.objects.get().state == "open"


def test_an_erased_account_gets_no_role_again() -> None:
    user = citizen_with_everything()
    requests.answer_request(request=asked(subject_of(user)), grant=True, answer="Listo", by=national(), at=AT)

    with pytest.raises(PeopleError):
        assign_role(user=user, role=Role.CITIZEN, territory=MunicipalityFactory(), starts_on=AT.date(), by=None, at=AT)
