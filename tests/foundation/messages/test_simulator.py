"""The simulator reports to the running site as a real gateway would; its faults are the same for the same seed."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.foundation.jobs import domain as jobs
from portal.foundation.jobs.models import Job
from portal.foundation.messages import domain
from portal.foundation.messages.models import Channel, Message, MessageState
from portal.foundation.messages.simulator import Faults, Simulator
from tests.foundation.messages.simulators import simulator

PATIENCE_SECONDS = 30


@pytest.mark.django_db(transaction=True)
def test_every_message_ends_as_its_telephone_says(live_server: Any, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(jobs, "_dispatch", lambda _job_id: None)
    numbers = ["+56987654321", "+56987654322", "+56987650410", "+56987650404", "+56987650503"]
    settings.SITE_URL = live_server.url
    settings.SMS_GATEWAY = "portal.foundation.messages.gateways.HttpGateway"
    for number in numbers:
        domain.send(
            to=number, channel=Channel.SMS, template="test_reminder", context={}, dedupe_key=number, at=timezone.now()
        )

    with simulator("--duplicate", "1", "--report-after", "0.05") as gateway:
        settings.SMS_URL = gateway.url
        for _round in range(2):
            for job in Job.objects.exclude(state="done"):
                jobs.run(job_id=job.pk, now=lambda: job.not_before)  # noqa: B023  run at once
        end = time.monotonic() + PATIENCE_SECONDS
        while Message.objects.filter(state=MessageState.SENT).exists():
            assert time.monotonic() < end
            time.sleep(0.05)
        received = {row["to"]: row["requests"] for row in gateway.received()}

    found = {message.address: (message.state, message.reason) for message in Message.objects.all()}
    assert found == {
        "+56987654321": ("delivered", ""),
        "+56987654322": ("delivered", ""),
        "+56987650410": ("undeliverable", "absent_subscriber"),
        "+56987650404": ("undeliverable", "no_such_number"),
        "+56987650503": ("delivered", ""),
    }
    assert received == dict.fromkeys(set(numbers) - {"+56987650404"}, 1)


def answers_of(seed: int) -> list[int]:
    faults = Faults(seed=seed, failing=0.5, report_after=0)
    known = Simulator(faults=faults, user="u", password="p")
    content = {"to": "+56987654321", "text": "Hola"}
    return [known.take(f"k{number}", content)[0] for number in range(40)]


def test_the_same_seed_meets_the_same_messages_with_faults() -> None:
    assert answers_of(3) == answers_of(3) != answers_of(4)
    assert set(Counter(answers_of(3))) == {202, 500}


def test_a_share_beyond_all_is_refused() -> None:
    with pytest.raises(CommandError, match="0 to 1"):
        call_command("sms_simulator", slow=2.0)
