"""Reports of delivery: hostile until signed, and harmless when they come twice, late or in the wrong order."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.foundation.audit.models import AuditEvent
from portal.foundation.jobs.models import Job
from portal.foundation.messages import domain, signatures
from portal.foundation.messages.errors import NotToBeRetried
from portal.foundation.messages.models import Channel, Message, MessageState
from tests.factories.people import UserFactory
from tests.foundation.messages import fakes

pytestmark = pytest.mark.django_db
DOOR = "/acuses/sms/"
KEY = "una-clave-solo-de-prueba"
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> None:
    settings.SMS_URL = f"https://mejora:{KEY}@sms.example.cl"
    settings.SMS_GATEWAY = fakes.PATH
    fakes.FakeGateway.forget()


def text_message(number: str = "+56987654321") -> Message:
    key = str(Message.objects.count())
    return domain.send(to=number, channel=Channel.SMS, template="test_reminder", context={}, dedupe_key=key, at=AT)


def sent(message: Message) -> Message:
    domain.jobs.run(job_id=Job.objects.get(dedupe_key=f"message:{message.pk}").pk, now=lambda: AT)
    message.refresh_from_db()
    return message


def report(content: Any, *, key: str = KEY, at: datetime = AT, header: str | None = None) -> int:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    signature = signatures.sign(body, key=key, at=at) if header is None else header
    with time_machine.travel(AT, tick=False):
        return (
            Client(enforce_csrf_checks=True)
            .post(DOOR, body, content_type="application/json", headers={"X-Signature": signature})
            .status_code
        )


def content_of(message: Message, status: str = "delivered", **changes: Any) -> dict[str, Any]:
    return {"reference": message.reference, "status": status, "reason": "", "at": AT.isoformat(), **changes}


def test_a_signed_report_says_that_the_message_arrived() -> None:
    message = sent(text_message())

    answers = [report(content_of(message)) for _copy in range(3)]

    message.refresh_from_db()
    assert answers == [204, 204, 204]
    assert (message.state, message.reported_at, message.reason) == (MessageState.DELIVERED, AT, "")


def test_a_report_may_be_faster_than_the_worker_s_own_note() -> None:
    message = text_message()

    report(content_of(message))
    sent(message)

    assert (message.state, message.reported_at) == (MessageState.DELIVERED, AT)
    # Nobody hands it over again.
    assert fakes.FakeGateway.accepted == {}


def test_what_could_not_be_delivered_says_why_and_may_still_arrive() -> None:
    message = sent(text_message())

    report(content_of(message, "undeliverable", reason="absent_subscriber"))
    message.refresh_from_db()
    first = (message.state, message.reason)
    report(content_of(message))
    report(content_of(message, "undeliverable", reason="late"))

    message.refresh_from_db()
    assert first == (MessageState.UNDELIVERABLE, "absent_subscriber")
    assert (message.state, message.reason) == (MessageState.DELIVERED, "")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1,v1=",
        "x" * 9000,
        "t=9999999999999999999,v1=" + "0" * 64,
        "t=1772452800,v1=" + "0" * 64,
        "t=١٧٧٢٤٥٢٨٠٠,v1=" + "0" * 64,
    ],
)
def test_without_the_key_nobody_reports(header: str) -> None:
    message = sent(text_message())

    assert report(content_of(message), header=header) == 403
    assert Message.objects.get().state == MessageState.SENT


def test_another_key_an_old_signature_and_another_body_are_refused() -> None:
    message = sent(text_message())
    body = json.dumps(content_of(message)).encode()
    overheard = signatures.sign(body, key=KEY, at=AT)

    answers = [
        report(body, key="otra-clave"),
        report(body, at=AT - timedelta(minutes=6)),
        report(body, at=AT + timedelta(minutes=6)),
        report(body.replace(b"delivered", b"undeliverable"), header=overheard),
    ]

    assert answers == [403] * 4
    assert report(body, at=AT - timedelta(minutes=4)) == 204


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"[" * 5000,
        b"{",
        b'{"reference": 3, "status": "delivered"}',
        b'{"reference": "x", "status": "delivered"}',
        b'{"reference": "00000000-0000-0000-0000-000000000000", "status": "sent"}',
        b'{"reference": "00000000-0000-0000-0000-000000000000.99999", "status": "delivered"}',
        b'{"reference": "00000000-0000-0000-0000-000000000000", "status": "delivered", "reason": "<b>"}',
        b'{"reference": "00000000-0000-0000-0000-000000000000", "status": "delivered", "reason": "a b\\n"}',
        b"\xff\xfe",
    ],
)
def test_what_cannot_be_read_is_refused_though_it_is_signed(body: bytes) -> None:
    assert report(body) == 400


def test_a_message_that_is_not_ours_and_a_body_that_is_too_large() -> None:
    unknown = {"reference": str(uuid.uuid4()), "status": "delivered"}

    assert report(unknown) == 404
    assert report(b"x" * 10_001) == 413


def test_where_no_gateway_is_set_up_nothing_is_reported(settings: Any) -> None:
    message = sent(text_message())
    settings.SMS_URL = "console://"

    assert report(content_of(message)) == 404
    assert report(content_of(message), key="") == 404


def test_a_report_is_not_asked_for_by_a_browser() -> None:
    assert Client().get(DOOR).status_code == 405


def test_a_failed_message_is_sent_again_under_the_same_reference() -> None:
    message = text_message("+56987650500")
    job = Job.objects.get()
    for _attempt in range(job.max_attempts):
        job.refresh_from_db()
        domain.jobs.run(job_id=job.pk, now=lambda: job.not_before)
    message.refresh_from_db()
    before = (message.state, message.reference)
    national = UserFactory()

    domain.retry(message=message, by=national, at=AT)

    message.refresh_from_db()
    job.refresh_from_db()
    event = AuditEvent.objects.get(verb="messages.retry")
    assert before == (MessageState.FAILED, message.reference)
    assert (message.state, message.error, job.state) == (MessageState.QUEUED, "", "queued")
    assert (event.by_user_id, event.detail) == (national.pk, {"was": "failed", "channel": "sms"})


def test_what_could_not_be_delivered_is_a_new_sending() -> None:
    message = sent(text_message("+56987650404"))
    first = message.reference

    domain.retry(message=message, by=UserFactory(), at=AT)
    again = Message.objects.get()
    report({"reference": first, "status": "undeliverable", "reason": "late"})
    unmoved = Message.objects.get().state
    report({"reference": first, "status": "delivered"})

    assert (again.state, again.reference, unmoved) == (MessageState.QUEUED, f"{first}.1", MessageState.QUEUED)
    assert Message.objects.get().state == MessageState.DELIVERED
    assert Job.objects.filter(state="queued").count() == 1


def test_what_is_on_its_way_or_arrived_is_not_sent_again() -> None:
    message = sent(text_message())

    with pytest.raises(NotToBeRetried):
        domain.retry(message=message, by=UserFactory(), at=AT)
    report(content_of(message))
    with pytest.raises(NotToBeRetried):
        domain.retry(message=message, by=UserFactory(), at=AT)

    assert Message.objects.get().state == MessageState.DELIVERED
