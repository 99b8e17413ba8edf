"""A worker killed between the gateway's yes and its own note: the telephone rings once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from portal.foundation.jobs import domain as jobs
from portal.foundation.jobs.models import Job, JobState
from portal.foundation.messages import domain
from portal.foundation.messages.models import Channel, Message, MessageState
from tests.foundation.messages.simulators import simulator
from tests.foundation.messages.test_killed_worker import wait_until, worker

# Longer than the test needs to see that the message was taken and to kill whoever waits for the answer.
SLOW_SECONDS = "8"


@pytest.mark.django_db(transaction=True)
@pytest.mark.enable_socket
def test_a_message_is_sent_once_though_the_worker_dies_before_noting_it(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_dispatch", lambda _job_id: None)  # the worker's own beat finds the job
    message = domain.send(
        to="+56987654321",
        channel=Channel.SMS,
        template="test_reminder",
        context={"task": "Evidencia"},
        dedupe_key="k",
        at=timezone.now(),
    )

    with simulator("--slow", "1", "--slow-seconds", SLOW_SECONDS, "--report-after", "60") as gateway:
        environment: dict[str, Any] = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.foundation.messages.worker_settings",
            "DATABASE_URL": database_url,
            "DATA_DIR": str(tmp_path),
            "CELERY_BROKER_URL": "filesystem://",
            "SMS_URL": gateway.url,
        }
        log = tmp_path / "worker.log"
        with worker(environment, tmp_path):
            wait_until(gateway.received, log)
        after_the_kill = Message.objects.get().state
        with worker(environment, tmp_path):
            wait_until(lambda: not Job.objects.exclude(state=JobState.DONE).exists(), log)
        (received,) = gateway.received()

    message.refresh_from_db()
    assert after_the_kill == MessageState.QUEUED
    assert (received["reference"], received["text"]) == (message.reference, message.body)
    assert received["requests"] == 2, "it was asked for again, and taken once"
    assert (message.state, message.gateway_id) == (MessageState.SENT, received["id"])
