"""Messages by state, without their texts, and asking for them again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.foundation.audit.models import AuditEvent
from portal.foundation.jobs.models import Job
from portal.foundation.messages import domain
from portal.foundation.messages.models import Channel, Message, MessageState
from portal.foundation.people.roles import Role
from tests.factories.people import sign_in, user_with_role
from tests.factories.territories import CountryFactory

pytestmark = pytest.mark.django_db
LIST = "dashboards:message_list"
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def national(client: Client) -> Client:
    return sign_in(client, user_with_role(Role.NATIONAL_TEAM, CountryFactory()))


def message(state: str = MessageState.FAILED, *, to: str = "vecina@example.cl", **fields: Any) -> Message:
    number = Message.objects.count()
    written = domain.send(
        to=to,
        channel=Channel.EMAIL if "@" in to else Channel.SMS,
        template="receipt_news",
        context={},
        dedupe_key=f"k{number}",
        at=AT + timedelta(minutes=number),
    )
    Job.objects.filter(dedupe_key=f"message:{written.pk}").update(
        state="failed" if state == MessageState.FAILED else "done", finished_at=AT
    )
    reported = AT if state in {MessageState.DELIVERED, MessageState.UNDELIVERABLE} else None
    values = {"state": state, "reported_at": reported, "subject": f"Asunto {number}", "body": "Cuerpo reservado"}
    Message.objects.filter(pk=written.pk).update(**values | fields)
    return Message.objects.get(pk=written.pk)


def page_of(client: Client, **query: str) -> str:
    return client.get(reverse(LIST), query).content.decode()


def test_the_list_says_what_became_of_each_without_text_or_address(national: Client) -> None:
    message(MessageState.UNDELIVERABLE, to="+56987654321", reason="no_such_number")
    message(MessageState.FAILED, error="TemporaryFailure: http_401")
    message(MessageState.DELIVERED)

    page = page_of(national)

    assert "El número no existe." in page
    assert "SMS_URL" in page
    assert "+56•••321" in page
    assert [text for text in ("987654321", "vecina@", "Cuerpo reservado") if text in page] == []
    assert page.count(">Enviar de nuevo</button>") == 2
    assert AuditEvent.objects.filter(verb="look").count() == 0


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ({"estado": "delivered"}, {"Asunto 1"}),
        ({"canal": "sms"}, {"Asunto 2"}),
        ({"destino": "9 8765 4321"}, {"Asunto 2"}),
        ({"destino": " VECINA@example.cl"}, {"Asunto 0", "Asunto 1"}),
        ({"destino": "vecina"}, set()),
        ({"desde": "2026-03-03"}, set()),
        ({"desde": "2026-03-02", "hasta": "2026-03-02"}, {"Asunto 0", "Asunto 1", "Asunto 2"}),
        ({"estado": "<script>"}, {"Asunto 0", "Asunto 1", "Asunto 2"}),
        ({"pagina": "99"}, {"Asunto 0", "Asunto 1", "Asunto 2"}),
    ],
)
def test_filters_narrow_the_list(national: Client, query: dict[str, str], subjects: set[str]) -> None:
    message()
    message(MessageState.DELIVERED)
    message(MessageState.SENT, to="+56987654321")

    page = page_of(national, **query)

    assert {text for text in ("Asunto 0", "Asunto 1", "Asunto 2") if text in page} == subjects


def test_looking_for_one_address_and_opening_a_message_are_looks(national: Client) -> None:
    sent = message()

    page_of(national, destino="vecina@example.cl")
    page = national.get(reverse("dashboards:message_show", args=[sent.pk])).content.decode()

    looks = AuditEvent.objects.filter(verb="look", object_type="outbox.message", object_id=str(sent.pk))
    assert looks.count() == 2
    assert all(look.purpose and look.by_user_id and look.mac for look in looks)
    assert ("v•••@example.cl" in page, "vecina@" in page, "Cuerpo reservado" in page) == (True, False, False)


def test_a_failed_message_is_sent_again_once(
    national: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    failed = message()

    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            answer = national.post(reverse("dashboards:message_retry", args=[failed.pk]))

    failed.refresh_from_db()
    assert answer.url == reverse(LIST)
    assert (failed.state, len(mail.outbox)) == (MessageState.SENT, 1)
    assert AuditEvent.objects.filter(verb="messages.retry").count() == 1


def test_everything_that_failed_is_sent_again_some_at_a_time(
    national: Client, django_capture_on_commit_callbacks: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "CHUNK", 2)
    for _each in range(5):
        message()
    message(MessageState.DELIVERED)

    with django_capture_on_commit_callbacks(execute=True):
        national.post(reverse("dashboards:message_retry_failed"))

    assert len(mail.outbox) == 5
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT, MessageState.DELIVERED}
    assert AuditEvent.objects.get(verb="messages.retry_failed").detail == {"count": 5}


def test_with_nothing_sent_the_list_says_so(national: Client) -> None:
    assert "Aún no hay mensajes" in page_of(national)


def test_the_list_costs_the_same_for_one_and_for_three(national: Client, constant_queries: Callable[..., int]) -> None:
    assert constant_queries(national, reverse(LIST), message) <= 11
    assert constant_queries(national, reverse(LIST) + "?destino=vecina@example.cl", message) <= 16
