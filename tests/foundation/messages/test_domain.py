"""Messages: written with the caller's transaction, delivered once, failures visible."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.exceptions import FieldError
from django.db import connection, transaction

from portal.foundation.jobs.models import Job, JobState
from portal.foundation.messages import domain, gateways
from portal.foundation.messages.domain import NoAddress
from portal.foundation.messages.models import Channel, Message, MessageState
from tests.factories.people import UserFactory

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def send(**changes):
    values = {"template": "test_reminder", "context": {"task": "Evidencia"}, "dedupe_key": "k", "at": AT}
    return domain.send(**{**values, **changes})


@pytest.mark.django_db
def test_a_message_is_delivered_after_the_caller_commits(django_capture_on_commit_callbacks):
    user = UserFactory(name="Ana")

    with django_capture_on_commit_callbacks(execute=True):
        message = send(to=user)
        assert mail.outbox == []

    message.refresh_from_db()
    email = mail.outbox[0]
    assert len(mail.outbox) == 1
    assert (email.subject, email.to) == ("Recordatorio: Evidencia", [user.email])
    assert email.body == "es Evidencia Ana http://localhost:8000\n"
    assert (message.state, message.attempts, message.sent_at is not None) == (MessageState.SENT, 1, True)


@pytest.mark.django_db
def test_nothing_is_sent_for_a_transaction_that_rolls_back(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        send(to="ana@example.cl")
        raise RuntimeError

    assert mail.outbox == []
    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_the_text_is_in_the_recipients_language_and_not_escaped():
    message = send(to=UserFactory(language="en", name="D'Artagnan"), context={"task": "A & B\r\nBcc: x@example.cl"})

    assert message.subject == "Reminder: A & B Bcc: x@example.cl"
    assert "D'Artagnan" in message.body


@pytest.mark.django_db
def test_a_repeated_call_sends_nothing_twice(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = send(to="ana@example.cl")
        second = send(to="ana@example.cl", context={"task": "Otra"})

    assert second == first
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_delivery_that_is_repeated_is_the_same_mail():
    message = send(to="ana@example.cl")

    first, second = (gateways.as_email(message).message() for _copy in range(2))

    assert first["Message-ID"] == f"<{message.pk.hex}@localhost>"
    assert (first["Message-ID"], first["Date"]) == (second["Message-ID"], second["Date"])


@pytest.mark.django_db
def test_a_server_that_refuses_is_tried_again_then_the_failure_shows(settings, monkeypatch):
    def refuse(message):
        raise ConnectionRefusedError("server away")

    monkeypatch.setattr(gateways, "deliver", refuse)
    message = send(to="ana@example.cl")
    job = Job.objects.get()

    for _attempt in range(job.max_attempts):
        job.refresh_from_db()
        domain.jobs.run(job_id=job.pk, now=lambda: job.not_before)

    job.refresh_from_db()
    message.refresh_from_db()
    assert job.state == JobState.FAILED
    assert (message.state, message.attempts) == (MessageState.FAILED, 8)
    assert message.error == "ConnectionRefusedError: server away"


@pytest.mark.django_db
def test_a_text_message_leaves_by_the_configured_gateway(caplog, django_capture_on_commit_callbacks):
    caplog.set_level(logging.INFO)

    with django_capture_on_commit_callbacks(execute=True):
        message = send(to="9 8765 4321", channel=Channel.SMS)

    message.refresh_from_db()
    assert (message.state, message.address) == (MessageState.SENT, "+56987654321")
    assert "SMS to +56•••321" in caplog.text
    assert "Evidencia" not in caplog.text  # what people are told is not for the log of a country
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_user_without_telephone_gets_no_text_message():
    with pytest.raises(NoAddress):
        send(to=UserFactory(), channel=Channel.SMS)

    assert Message.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["2 2345 6789", "123", "rosa@example.cl", ""])
def test_what_is_no_mobile_number_gets_no_text_message(number):
    with pytest.raises(NoAddress):
        send(to=number, channel=Channel.SMS)

    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_a_text_message_has_a_text_of_its_own_written_plainly():
    message = send(to="987654321", channel=Channel.SMS, context={"task": "«Acción»"})

    assert message.body == 'es "Accion" en breve'


@pytest.mark.django_db
def test_an_address_is_encrypted_and_found_by_its_index():
    message = send(to="Rosa@example.cl")
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM outbox_message")
        (stored,) = cursor.fetchone()

    assert "osa" not in stored
    assert Message.objects.get(address_index=domain.index_of("rosa@example.cl")) == message
    assert (message.masked_address, str(message)) == ("R•••@example.cl", "test_reminder → R•••@example.cl")
    with pytest.raises(FieldError):
        Message.objects.filter(address="Rosa@example.cl")


@pytest.mark.django_db
def test_a_mailing_writes_to_each_active_user_once(django_capture_on_commit_callbacks):
    users = [UserFactory() for _ in range(30)]
    closed = UserFactory(is_active=False)
    recipients = [(user.pk, {"task": user.name}) for user in [*users, closed]]

    for _repeated in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            job = domain.send_many(recipients=recipients, template="test_reminder", dedupe_key="marzo", at=AT)

    job.refresh_from_db()
    assert sorted(email.to[0] for email in mail.outbox) == sorted(user.email for user in users)
    assert {email.subject for email in mail.outbox} == {f"Recordatorio: {user.name}" for user in users}
    assert (job.state, job.progress_done) == (JobState.DONE, 25)


# --- Texts that are not kept


@pytest.fixture
def not_kept(monkeypatch):
    monkeypatch.setattr(domain, "_NOT_KEPT", set())
    domain.keep_no_text("test_reminder")


@pytest.mark.django_db
def test_a_text_that_is_not_kept_is_gone_when_the_message_went(not_kept, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        message = send(to="ana@example.cl")
        assert message.body

    message.refresh_from_db()
    assert "Evidencia" in mail.outbox[0].body
    assert (message.state, message.subject, message.body, message.address) == (MessageState.SENT, "", "", "")
    assert send(to="ana@example.cl").pk == message.pk


@pytest.mark.django_db
def test_a_text_that_is_not_kept_is_gone_when_the_message_failed_and_is_not_sent_again(not_kept, monkeypatch):
    monkeypatch.setattr(gateways, "deliver", lambda _message: 1 / 0)
    message = send(to="ana@example.cl")
    Job.objects.update(max_attempts=1)
    domain.jobs.run(job_id=Job.objects.get().pk, now=lambda: AT)

    message.refresh_from_db()
    assert (message.state, message.body, message.address) == (MessageState.FAILED, "", "")
    assert domain.retry_failed(by=None, at=AT) == 0
    with pytest.raises(domain.NotToBeRetried):
        domain.retry(message=message, by=None, at=AT)
