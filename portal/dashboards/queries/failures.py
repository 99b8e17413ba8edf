"""Background work that failed for good, and what it was about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.foundation.jobs.models import Job, JobState
from portal.foundation.messages.domain import DELIVER, RETRY_FAILED, SEND_MANY
from portal.foundation.messages.models import Message

KINDS = {
    DELIVER: _("Message"),
    SEND_MANY: _("Mailing"),
    RETRY_FAILED: _("Sending failed messages again"),
    "documents.produce": _("Report"),
    "dashboards.remind": _("Reminders of the day"),
    "audit.mail_head": _("Seal of the day by e-mail"),
}


@dataclass(frozen=True)
class FailedJob:
    """``about`` is the subject of a message; never its text or its address."""

    job: Job
    kind: str
    about: str


def failed_jobs() -> QuerySet[Job]:
    """The newest first."""
    return Job.objects.filter(state=JobState.FAILED).order_by("-finished_at", "pk")


def described(jobs: Iterable[Job]) -> list[FailedJob]:
    """The jobs of one page with their names in words, in one query."""
    listed = list(jobs)
    ids = [job.payload["message"] for job in listed if job.kind == DELIVER]
    subjects = {str(pk): subject for pk, subject in Message.objects.filter(pk__in=ids).values_list("pk", "subject")}
    return [
        FailedJob(job, str(KINDS.get(job.kind, job.kind)), subjects.get(job.payload.get("message", ""), ""))
        for job in listed
    ]
