"""A worker killed while it invites: everybody gets one invitation, with a token of their own."""

from __future__ import annotations

import os
from email import message_from_bytes

import pytest
from django.utils import timezone

from portal.foundation.jobs import domain as jobs
from portal.foundation.jobs.models import Job, JobState
from portal.foundation.messages.models import Message, MessageState
from surveys.domain import contacts, mailings
from surveys.domain.codes import token_hash
from surveys.models import Invitation, Stratum, SurveyMailing
from tests.factories import contacts as factory
from tests.factories import rounds
from tests.foundation.messages.test_killed_worker import mail_server, wait_until, worker

PEOPLE = 120
KILL_AT = (10, 60)


@pytest.mark.django_db(transaction=True)
@pytest.mark.enable_socket
def test_every_person_is_invited_once_though_the_worker_is_killed(database_url, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "_dispatch", lambda _job_id: None)  # the worker's own beat finds the jobs
    now = timezone.now()
    round = rounds.opened(at=now)
    Stratum.objects.filter(round=round).update(to_invite=PEOPLE)
    contacts.add_contacts(round=round, content=factory.listed(PEOPLE), by=round.created_by, at=now)
    mailings.send_invitations(round=round, revision=round.revision, by=round.created_by, at=now)

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
        with worker(environment, tmp_path):
            wait_until(lambda: Invitation.objects.exists(), log)
        for count in KILL_AT:
            with worker(environment, tmp_path):
                wait_until(lambda: len(inbox.accepted) >= count, log)  # noqa: B023  awaited here
        with worker(environment, tmp_path):
            wait_until(lambda: not Job.objects.exclude(state=JobState.DONE).exists(), log)

    mails = {}
    for content in inbox.accepted:
        mail = message_from_bytes(content)
        mails[mail["Message-ID"]] = (mail["To"], factory.LINK.search(mail.get_payload(decode=True).decode())[1])
    assert sorted(address for address, _code in mails.values()) == sorted(
        f"vecina{number}@example.cl" for number in range(PEOPLE)
    )
    hashes = {token_hash(code) for _address, code in mails.values()}
    assert hashes == set(Invitation.objects.values_list("token_hash", flat=True))
    assert len(hashes) == PEOPLE
    assert Stratum.objects.get(round=round, channel="in_person").invited == PEOPLE
    assert SurveyMailing.objects.get().written == PEOPLE
    assert set(Message.objects.values_list("state", "body")) == {(MessageState.SENT, "")}
