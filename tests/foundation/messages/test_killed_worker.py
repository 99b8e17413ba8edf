"""A worker killed while it sends 500 reminders: every one arrives, none as two mails.

What is guaranteed. Every message reaches its server at least once, whenever workers die. Where one
dies between the server's yes and our commit, the same mail is handed over once more, with the same
Message-ID, date and text, so that the receiving side shows one. That window is one message for each
process that was killed; nothing else is ever repeated.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.utils import timezone

from portal.foundation.jobs import domain as jobs
from portal.foundation.jobs.models import Job, JobState
from portal.foundation.messages import domain
from portal.foundation.messages.models import Message, MessageState
from portal.foundation.people.models import User
from tests.factories.people import UserFactory

REMINDERS = 500
PROCESSES = 2
KILL_AT = (40, 160, 330)
PATIENCE_SECONDS = 90


class Inbox:
    """A mail server that keeps what it accepted."""

    def __init__(self) -> None:
        self.accepted: list[bytes] = []

    async def handle_DATA(self, _server, _session, envelope):
        self.accepted.append(envelope.content)
        return "250 OK"


@contextmanager
def mail_server():
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield inbox, port
    finally:
        controller.stop()


@contextmanager
def worker(environment, folder):
    """A real worker with its beat, in a process group of its own."""
    command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--beat", "--loglevel", "WARNING"]
    command += ["--concurrency", str(PROCESSES), "--schedule", str(folder / "beat")]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(condition, log):
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, log.read_text(errors="replace")[-3000:]
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
@pytest.mark.enable_socket
def test_every_reminder_arrives_though_the_worker_is_killed(database_url, tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "_dispatch", lambda _job_id: None)  # the worker's own beat finds the job
    users = User.objects.bulk_create(UserFactory.build_batch(REMINDERS))
    domain.send_many(
        recipients=[(user.pk, {"task": f"Tarea {user.pk}"}) for user in users],
        template="test_reminder",
        dedupe_key="recordatorio",
        at=timezone.now() - timedelta(minutes=5),
    )

    with mail_server() as (inbox, port):
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.foundation.messages.worker_settings",
            "DATABASE_URL": database_url,
            "DATA_DIR": str(tmp_path),
            "CELERY_BROKER_URL": "filesystem://",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        }
        log = tmp_path / "worker.log"
        for count in KILL_AT:
            with worker(environment, tmp_path):
                wait_until(lambda: len(inbox.accepted) >= count, log)  # noqa: B023  awaited here
        with worker(environment, tmp_path):
            wait_until(lambda: not Job.objects.exclude(state=JobState.DONE).exists(), log)

    mails: dict[str, set[bytes]] = {}
    for content in inbox.accepted:
        mails.setdefault(message_from_bytes(content)["Message-ID"], set()).add(content)
    recipients = [message_from_bytes(next(iter(copies)))["To"] for copies in mails.values()]
    assert sorted(recipients) == sorted(user.email for user in users)
    assert {len(copies) for copies in mails.values()} == {1}, "a repeated mail is the same to the last byte"
    assert len(inbox.accepted) - len(mails) <= PROCESSES * len(KILL_AT)
    assert Message.objects.filter(state=MessageState.SENT).count() == REMINDERS
    assert Message.objects.count() == REMINDERS
