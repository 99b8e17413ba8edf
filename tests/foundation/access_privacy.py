"""What test_access.py expects of receipts, messages and personal data. See access_samples.py."""

from __future__ import annotations

from django.utils import timezone

from portal.foundation.messages import domain as messages
from portal.foundation.people import privacy
from portal.foundation.people.domain.copies import request_copy
from portal.foundation.people.domain.requests import open_request
from portal.foundation.people.models import Person
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from tests.factories.people import UserFactory, user_with_role
from tests.foundation.access_kit import AT, EVERYBODY, NOBODY, SIGNED_IN, SUPERUSER, Expect, Sample

ANSWERS_ABOUT_DATA = frozenset({Role.COORDINATOR, Role.DIDECO, Role.NATIONAL_TEAM, SUPERUSER})
SEES_MESSAGES = frozenset({Role.NATIONAL_TEAM})
RUNS_RETENTION = frozenset({Role.NATIONAL_TEAM, SUPERUSER})


def a_data_request(here: Territory) -> Sample:
    """Of a person registered there, who has no account."""
    person = Person.objects.create(given_names="Rosa Reservada", territory=here)
    subject = privacy.load("people.person", str(person.pk))
    assert subject is not None
    request = open_request(subject=subject, kind="rectification", text="Mi nombre está mal", by=None, at=AT)
    return Sample({"pk": request.pk}, ("Rosa Reservada", "Mi nombre está mal"))


def a_copy(here: Territory) -> Sample:
    owner = user_with_role(Role.TEAM_MEMBER, here)
    return Sample({"pk": request_copy(by=owner, language="es", at=timezone.now()).pk})


def a_member(here: Territory) -> Sample:
    person = user_with_role(Role.TEAM_MEMBER, here, user=UserFactory(name="Rosa Integrante"))
    return Sample({"pk": person.pk}, ("Rosa Integrante",))


def a_kind_of_data(here: Territory) -> Sample:
    return Sample({"key": "people.account"})


def a_message(here: Territory) -> Sample:
    sent = messages.send(to="rosa@example.cl", template="receipt_news", context={}, dedupe_key=here.code, at=AT)
    return Sample({"message_id": sent.pk}, ("r•••@example.cl",))


PRIVACY: dict[str, Expect] = {
    # receipts: without an open one, every page of theirs leads to the form
    "receipts:open": Expect(EVERYBODY),
    "receipts:show": Expect(EVERYBODY),
    "receipts:own_data": Expect(EVERYBODY),
    "receipts:own_copy": Expect(EVERYBODY),
    "receipts:forget_contact": Expect(EVERYBODY),
    "receipts:ask": Expect(EVERYBODY),
    "receipts:close": Expect(EVERYBODY),
    # messages
    "messages:receipt": Expect(EVERYBODY),  # only takes signed posts
    "dashboards:message_list": Expect(SEES_MESSAGES),
    "dashboards:message_retry_failed": Expect(SEES_MESSAGES),
    "dashboards:message_show": Expect(SEES_MESSAGES, a_message),
    "dashboards:message_retry": Expect(SEES_MESSAGES, a_message),
    # personal data: the own pages name nobody, so another's are found by nobody
    "privacy:overview": Expect(SIGNED_IN),
    "privacy:held": Expect(SIGNED_IN, a_kind_of_data, anywhere=True),
    "privacy:looks": Expect(SIGNED_IN),
    "privacy:copy_request": Expect(SIGNED_IN),
    "privacy:copy": Expect(NOBODY, a_copy),
    "privacy:copy_download": Expect(NOBODY, a_copy),
    "privacy:own_request_open": Expect(SIGNED_IN),
    "privacy:own_request": Expect(NOBODY, a_data_request),
    "privacy:own_request_withdraw": Expect(NOBODY, a_data_request),
    "privacy:notice": Expect(EVERYBODY),
    "privacy:retention": Expect(RUNS_RETENTION),
    "privacy:retention_apply": Expect(RUNS_RETENTION),
    "privacy:request_list": Expect(ANSWERS_ABOUT_DATA),
    "privacy:request": Expect(ANSWERS_ABOUT_DATA, a_data_request),
    "privacy:request_answer": Expect(ANSWERS_ABOUT_DATA, a_data_request),
    "privacy:request_correct": Expect(ANSWERS_ABOUT_DATA, a_data_request),
    "privacy:request_extend": Expect(ANSWERS_ABOUT_DATA, a_data_request),
    "privacy:request_take": Expect(ANSWERS_ABOUT_DATA, a_member),
}
