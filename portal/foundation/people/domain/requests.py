"""What people ask about their data, and the answer with its term.

Thirty calendar days, once thirty more with a reason (Ley 19.628, art. 11). An erasure that is granted
is carried out with the answer, in one transaction.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.people import privacy
from portal.foundation.people.domain import erasure, persons
from portal.foundation.people.domain.retention import old_request_texts
from portal.foundation.people.errors import PeopleError
from portal.foundation.people.models import DataRequest
from portal.foundation.people.models.privacy import (
    ALLOWED_TRANSITIONS,
    RequestChannel,
    RequestKind,
    RequestOutcome,
    RequestState,
)
from portal.foundation.people.privacy import Subject
from portal.foundation.people.rules import can_answer_request

TERM = timedelta(days=30)
TEXT_LENGTH = 2000
REASON_LENGTH = 300


@transaction.atomic
def open_request(
    *, subject: Subject, kind: str, text: str, by: Any, at: datetime, channel: str = RequestChannel.OWN
) -> DataRequest:
    """Take a request; the person is told its number and its day.

    :param text: what to correct or to stop; an erasure may do without.
    :raises PeopleError: nothing was written where something has to be, or the same waits already.
    """
    words = _clean(text, TEXT_LENGTH)
    if kind != RequestKind.ERASURE and not words:
        raise PeopleError(_("Write what we should do."))
    request = DataRequest(
        kind=kind,
        channel=channel,
        subject_type=subject.label,
        subject_id=subject.id,
        territory=subject.territory,
        text=words,
        due_on=_day_there(at, subject) + TERM,
        created_at=at,
        created_by=by,
    )
    try:
        with transaction.atomic():
            request.save(force_insert=True, by_verb=True)
    except IntegrityError as error:
        raise PeopleError(_("You asked for this already, and it waits for an answer.")) from error
    detail = {"kind": kind, "channel": channel, "subject": f"{subject.label}:{subject.id}"}
    record(verb="people.open_request", object=request, by=by, at=at, territory=request.territory, detail=detail)
    _tell(subject, "data_request_received", request, at)
    return request


@transaction.atomic
def withdraw_request(*, request: DataRequest, by: Any, at: datetime) -> DataRequest:
    """The person does not want it any more. :raises PeopleError: answered or withdrawn already."""
    request = _close(request, RequestState.WITHDRAWN, by, at)
    request.save(by_verb=True)
    record(verb="people.withdraw_request", object=request, by=by, at=at, territory=request.territory)
    return request


@transaction.atomic
def extend_request(*, request: DataRequest, reason: str, by: Any, at: datetime) -> DataRequest:
    """Take thirty days more, once, with a reason that the person reads.

    :raises PeopleError: not the actor's, extended before, closed, or without a reason.
    """
    request = _lock(request)
    _require_actor(request, by)
    if not request.is_open or request.extended_at:
        raise PeopleError(_("The term can be made longer once, before the answer."))
    reason = _clean(reason, REASON_LENGTH)
    if not reason:
        raise PeopleError(_("Give the reason."))
    request.due_on += TERM
    request.extended_at, request.extension_reason = at, reason
    request.save(by_verb=True)
    record(verb="people.extend_request", object=request, by=by, at=at, territory=request.territory)
    _tell(privacy.load(request.subject_type, request.subject_id), "data_request_extended", request, at)
    return request


@transaction.atomic
def answer_request(*, request: DataRequest, grant: bool, answer: str, by: Any, at: datetime) -> DataRequest:
    """Answer with reasons; an erasure that is granted is carried out now.

    :param grant: False refuses; a granted erasure may still be done in part, where the law keeps some of it.
    :raises PeopleError: not the actor's, closed already, no answer, or the person is gone.
    """
    request = _close(request, RequestState.ANSWERED, by, at)
    _require_actor(request, by)
    request.answer = _clean(answer, TEXT_LENGTH)
    if not request.answer:
        raise PeopleError(_("Write the answer: what was done, or why it cannot be done."))
    subject = privacy.load(request.subject_type, request.subject_id)
    if subject is None:
        raise PeopleError(_("There is nothing about this person any more."))
    request.outcome = RequestOutcome.DONE if grant else RequestOutcome.REFUSED
    # Before anything is erased, the address to tell included.
    _tell(subject, "data_request_answered", request, at)
    if grant and request.kind == RequestKind.ERASURE:
        request.results = erasure.erase(subject=subject, by=by, at=at)
        request.outcome = _outcome_of(request.results)
    request.save(by_verb=True)
    record(
        verb="people.answer_request",
        object=request,
        by=by,
        at=at,
        territory=request.territory,
        detail={
            "outcome": request.outcome,
            "erased": {row["key"]: row["erased"] for row in request.results},
            "kept": {row["key"]: row["kept"] for row in request.results},
        },
    )
    return request


def can_be_corrected(request: DataRequest) -> bool:
    """Is it a rectification that waits, or that was granted?"""
    granted = request.outcome in (RequestOutcome.DONE, RequestOutcome.PARTLY)
    return request.kind == RequestKind.RECTIFICATION and (request.is_open or granted)


@transaction.atomic
def correct_subject(
    *,
    request: DataRequest,
    given_names: str,
    family_names: str,
    birth_date: date | None,
    run: str = "",
    by: Any,
    at: datetime,
) -> list[str]:
    """Put right what a rectification asks for, before its answer or after it; the person is told by e-mail.

    :raises PeopleError: not the actor's, refused or withdrawn, no registered person, or what ``correct_person`` says.
    """
    request = _lock(request)
    _require_actor(request, by)
    if not can_be_corrected(request):
        raise PeopleError(_("Only a rectification that waits or was granted can be carried out."))
    subject = privacy.load(request.subject_type, request.subject_id)
    if subject is None or subject.person is None:
        raise PeopleError(_("There is no registered person behind this request."))
    changed = persons.correct_person(
        person=subject.person,
        given_names=given_names,
        family_names=family_names,
        birth_date=birth_date,
        run=run,
        by=by,
        at=at,
        detail={"request": request.number},
    )
    _tell(subject, "data_corrected", request, at)
    return changed


def forget_texts(*, at: datetime, limit: int) -> int:
    """Erase what people and officials wrote in requests that were closed two years ago."""
    found = list(old_request_texts(at).order_by("pk").select_for_update(of=("self",))[:limit])
    for request in found:
        request.text, request.answer, request.extension_reason, request.texts_erased_at = "", "", "", at
    DataRequest.objects.bulk_update(found, ["text", "answer", "extension_reason", "texts_erased_at"])
    return len(found)


def _day_there(at: datetime, subject: Subject) -> date:
    zone = subject.territory.zone if subject.territory else timezone.get_default_timezone()
    return at.astimezone(zone).date()


def _outcome_of(results: list[dict[str, Any]]) -> str:
    erased = any(row["erased"] for row in results)
    kept = any(row["kept"] for row in results)
    if not erased and kept:
        return RequestOutcome.REFUSED
    return RequestOutcome.PARTLY if kept else RequestOutcome.DONE


def _close(request: DataRequest, state: RequestState, by: Any, at: datetime) -> DataRequest:
    request = _lock(request)
    if state not in ALLOWED_TRANSITIONS[request.state]:
        raise PeopleError(_("This request was closed already."))
    request.state, request.closed_at, request.closed_by = state, at, by
    return request


def _lock(request: DataRequest) -> DataRequest:
    return DataRequest.objects.select_for_update(of=("self",)).select_related("territory").get(pk=request.pk)


def _require_actor(request: DataRequest, by: Any) -> None:
    if not can_answer_request(by, request):
        raise PeopleError(_("You cannot answer this request."))


def _tell(subject: Subject | None, template: str, request: DataRequest, at: datetime) -> None:
    if subject is not None:
        privacy.subject_kind(subject.label).tell(subject=subject, template=template, request=request, at=at)


def _clean(text: str, limit: int) -> str:
    return text.replace("\x00", "").strip()[:limit]
