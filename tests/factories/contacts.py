"""Contacts of a round, and their invitations sent, by the product's own verbs."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.core import mail

from portal.foundation.jobs.domain import run_due
from portal.foundation.jobs.models import Job, JobState
from surveys.domain import contacts, mailings
from surveys.models import Round, SurveyMailing
from tests.factories.rounds import NOW

LINK = re.compile(r"/encuesta/([A-Z0-9]{10})/")
STOP = re.compile(r"/encuesta/no/([A-Z0-9]{10})/")


def listed(count: int, channel: str = "presencial", start: int = 0) -> bytes:
    """A csv of ``count`` people with an e-mail each."""
    people = range(start, start + count)
    return "\n".join(["contacto;canal", *(f"vecina{number}@example.cl;{channel}" for number in people)]).encode()


def add(round: Round, count: int = 3, channel: str = "presencial", **options: Any) -> contacts.Added:
    content = options.pop("content", None) or listed(count, channel, options.pop("start", 0))
    return contacts.add_contacts(round=round, content=content, by=round.created_by, at=NOW, **options)


def invite(round: Round, at: datetime = NOW) -> SurveyMailing:
    """Order the invitations; the job is the caller's to run."""
    round.refresh_from_db()
    return mailings.send_invitations(round=round, revision=round.revision, by=round.created_by, at=at)


def remind(round: Round, at: datetime) -> SurveyMailing:
    round.refresh_from_db()
    return mailings.send_reminders(round=round, revision=round.revision, by=round.created_by, at=at)


def work(at: datetime = NOW) -> None:
    """Let a worker do everything that is due, messages too."""
    while Job.objects.filter(state=JobState.QUEUED, not_before__lte=at).exists():
        run_due(now=lambda: at)


def codes() -> dict[str, str]:
    """Address → code of the invitation that went there."""
    return {message.to[0]: LINK.search(str(message.body))[1] for message in mail.outbox}  # type: ignore[index]


def stops() -> dict[str, str]:
    """Address → code of «no more messages»."""
    return {message.to[0]: STOP.search(str(message.body))[1] for message in mail.outbox}  # type: ignore[index]
