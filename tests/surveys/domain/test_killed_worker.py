"""A worker killed while it escalates: every person is told of every step, and nobody of one twice."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime

import pytest

from portal.foundation.clocks import domain as clocks
from portal.foundation.jobs import domain as jobs
from portal.foundation.jobs.models import Job, JobState
from portal.foundation.messages.models import Message
from portal.foundation.people.roles import Role
from surveys.models import Complaint
from tests.factories.complaints import complaint
from tests.factories.complaints import worker as somebody
from tests.factories.territories import MunicipalityFactory
from tests.foundation.messages.test_killed_worker import wait_until, worker

CASES = 40
KILL_AT = (10, 60, 110)
LONG_OVERDUE = datetime(2026, 5, 4, 15, tzinfo=UTC)


def told() -> int:
    return Message.objects.filter(template="complaint_escalated").count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.enable_socket
def test_no_step_is_lost_and_none_is_taken_twice(database_url, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "_dispatch", lambda _job_id: None)  # the worker's own beat finds the jobs
    municipality = MunicipalityFactory()
    people = [somebody(municipality, role) for role in (Role.COORDINATOR, Role.DIDECO)]
    people.append(somebody(municipality.region, Role.REGIONAL_TEAM))
    for _number in range(CASES):
        complaint(municipality)
    clocks.escalate(at=LONG_OVERDUE)

    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.foundation.messages.worker_settings",
        "DATABASE_URL": database_url,
        "DATA_DIR": str(tmp_path),
        "CELERY_BROKER_URL": "filesystem://",
    }
    log = tmp_path / "worker.log"
    for count in KILL_AT:
        with worker(environment, tmp_path):
            wait_until(lambda: told() >= count, log)  # noqa: B023  awaited here
    with worker(environment, tmp_path):
        wait_until(lambda: not Job.objects.exclude(state__in=[JobState.DONE, JobState.FAILED]).exists(), log)

    # Owner and coordinator are one person where nobody is in charge: four steps, three people, each told once.
    expected = {person.email: CASES for person in people}
    addresses = Message.objects.filter(template="complaint_escalated").values_list("address", flat=True)
    assert Counter(addresses) == expected
    assert set(Complaint.objects.values_list("escalation", flat=True)) == {4}
