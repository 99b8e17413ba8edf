"""Writing the invitations of a round, some at a time."""

from __future__ import annotations

from datetime import datetime

from portal.foundation.jobs import domain as jobs
from surveys.domain import mailings
from surveys.models import SurveyMailing


def _give_up(job: jobs.Job, at: datetime) -> None:
    mailing = _of(job)
    if mailing is not None:
        mailings.finish_mailing(mailing=mailing, by=None, at=at)


@jobs.handler(mailings.SEND, on_failed=_give_up)
def _write_some(job: jobs.Job) -> jobs.Continue | None:
    mailing = _of(job)
    if mailing is None:
        return None
    mailing = mailings.write_some(mailing=mailing, by=None, at=job.moment)
    if mailing.finished_at:
        return None
    left = mailing.contacts.count()
    return jobs.Continue(job.payload, mailing.total - left, mailing.total)


def _of(job: jobs.Job) -> SurveyMailing | None:
    """The mailing, where it is not finished."""
    found = SurveyMailing.objects.filter(pk=job.payload["mailing"], finished_at=None)
    return found.select_related("round__territory__region").first()
