"""One message a day to everybody for whom something is late or nearly due.

A durable job walks through the users some at a time. What is due is looked up outside the
transaction; the messages of a chunk and the place reached are committed together, and each message
is keyed by user and day: a worker that dies loses nobody, and nobody hears twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import translation

from portal.dashboards.queries.tasks import TaskGroups, staff, tasks_for
from portal.foundation.jobs import domain as jobs
from portal.foundation.jobs.models import Job
from portal.foundation.messages.domain import send
from portal.foundation.people.models import User

REMIND = "dashboards.remind"
CHUNK = 25
# A digest is read on a phone; the page has the rest.
MOST_LISTED = 10


@dataclass(frozen=True)
class Digest:
    user: User
    groups: TaskGroups
    address: str


def remind_everybody(*, on: date, at: datetime) -> Job:
    """Ask for the reminders of the day ``on``; asking twice sends them once."""
    payload = {"on": on.isoformat(), "at": at.isoformat(), "after": 0, "done": 0}
    return jobs.enqueue(kind=REMIND, payload=payload, at=at, dedupe_key=f"reminders:{on.isoformat()}")


def _look_up(job: Job) -> list[Digest]:
    """What is due for the next users, in each one's own language; slow, and repeatable."""
    on = date.fromisoformat(job.payload["on"])
    digests = []
    for user in staff(job.payload["after"], CHUNK, on):
        with translation.override(user.language):
            digests.append(Digest(user, tasks_for(user, on), reverse("dashboards:tasks")))
    return digests


@jobs.handler(REMIND, prepare=_look_up)
def _send_chunk(job: Job, digests: list[Digest]) -> jobs.Continue | None:
    on = job.payload["on"]
    for digest in digests:
        pressing = digest.groups.pressing
        if pressing:
            send(
                to=digest.user,
                template="reminder",
                context={
                    "items": pressing[:MOST_LISTED],
                    "more": max(0, len(pressing) - MOST_LISTED),
                    "count": len(pressing),
                    "late": len(digest.groups.late),
                    "soon": len(digest.groups.soon),
                    "path": digest.address,
                },
                dedupe_key=f"reminder:{on}:{digest.user.pk}",
                at=datetime.fromisoformat(job.payload["at"]),
            )
    if len(digests) < CHUNK:
        return None
    done = job.payload["done"] + len(digests)
    return jobs.Continue({**job.payload, "after": digests[-1].user.pk, "done": done}, done, done + 1)
