"""Failed work is seen by the national team, and tried again once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.urls import reverse

from portal.foundation.audit.models import AuditEvent
from portal.foundation.jobs.models import Job, JobState
from portal.foundation.messages.domain import DELIVER
from portal.foundation.messages.models import Message, MessageState
from portal.foundation.people.roles import Role
from tests.factories.people import sign_in, user_with_role
from tests.factories.territories import CountryFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
FAILURES = "dashboards:failures"


@pytest.fixture
def national(client):
    return sign_in(client, user_with_role(Role.NATIONAL_TEAM, CountryFactory()))


def failed_message() -> Job:
    number = Message.objects.count()
    message = Message.objects.create(
        address="vecina@example.cl", template="reminder", subject="Recordatorio", body="Cuerpo reservado\n",
        dedupe_key=f"k{number}", state=MessageState.FAILED, created_at=AT,
    )  # fmt: skip
    return Job.objects.create(
        kind=DELIVER, payload={"message": str(message.pk)}, state=JobState.FAILED, attempts=8,
        error="SMTPServerDisconnected: <closed>", not_before=AT, created_at=AT, finished_at=AT,
    )  # fmt: skip


def test_a_failed_message_is_listed_without_its_text_or_address(national):
    failed_message()

    page = national.get(reverse(FAILURES)).content.decode()

    assert "Recordatorio" in page
    assert "SMTPServerDisconnected: &lt;closed&gt;" in page
    assert "vecina@example.cl" not in page
    assert "Cuerpo reservado" not in page


def test_trying_again_sends_it_once_and_is_recorded(national, django_capture_on_commit_callbacks):
    job = failed_message()

    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            national.post(reverse("dashboards:retry", args=[job.pk]))

    job.refresh_from_db()
    assert (job.state, Message.objects.get().state) == (JobState.DONE, MessageState.SENT)
    assert [message.to for message in mail.outbox] == [["vecina@example.cl"]]
    assert AuditEvent.objects.filter(verb="dashboards.retry_job", object_id=str(job.pk)).count() == 1


def test_the_list_costs_the_same_for_one_and_for_three(national, constant_queries):
    assert constant_queries(national, reverse(FAILURES), failed_message) <= 10
