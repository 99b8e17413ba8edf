"""Invitations and reminders by e-mail and text message: drawn by lot, written some at a time by a job.

A batch writes its tokens, its messages and its marks in one transaction, so a worker that is killed loses
nobody and writes to nobody twice. Who answered is known by their invitation being gone, never by an answer.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.jobs.domain import enqueue
from portal.foundation.messages import domain as messages
from portal.foundation.messages.models import MessageState
from surveys.domain.checks import local_day
from surveys.domain.codes import invitation_code, opt_out_code, token_hash
from surveys.domain.contacts import answered, message_key
from surveys.errors import NotPossibleNow
from surveys.models import Invitation, Round, Stratum, SurveyContact, SurveyMailing
from surveys.queries.mailings import messages_of, reminders, room

SEND = "surveys.send_mailing"
INVITATION, REMINDER = "survey_invitation", "survey_reminder"
MOST_REMINDERS = 2
DAYS_BETWEEN = 5
WRITTEN_AT_ONCE = 50
MARKED_AT_ONCE = 500


@transaction.atomic
def send_invitations(*, round: Round, revision: int, by: Any, at: datetime) -> SurveyMailing:
    """Draw people by lot, up to how many are to be asked in each stratum, and order their invitations.

    :raises NotPossibleNow: no answers are taken now, a mailing is on its way, nobody waits, or enough were asked.
    """
    held = _held(round, revision, at)
    drawn: list[int] = []
    for stratum in held.strata.all():
        waiting = SurveyContact.objects.filter(stratum=stratum, wave=0).order_by("lot")
        drawn += waiting.values_list("pk", flat=True)[: room(stratum)]
    if not drawn:
        raise NotPossibleNow(_("There is nobody to invite: no contact waits, or enough people were asked."))
    return _order(held, drawn, False, by, at)


@transaction.atomic
def send_reminders(*, round: Round, revision: int, by: Any, at: datetime) -> SurveyMailing:
    """Order a reminder to those who have not answered, twice at most and some days apart.

    :raises NotPossibleNow: also too soon, or nobody may be reminded again.
    """
    held = _held(round, revision, at)
    due = reminders(held, local_day(held.territory, at), DAYS_BETWEEN, MOST_REMINDERS)
    if due.too_soon_until:
        raise NotPossibleNow(_("Leave people %(days)s days to answer before you remind them.") % {"days": DAYS_BETWEEN})
    pks = list(due.contacts.values_list("pk", flat=True))
    if not pks:
        raise NotPossibleNow(_("There is nobody to remind."))
    return _order(held, pks, True, by, at)


@transaction.atomic
def write_some(*, mailing: SurveyMailing, by: Any, at: datetime) -> SurveyMailing:
    """The next batch of a mailing; it is finished when nothing is left to write, or the round takes no answers."""
    held = _lock(mailing.round)
    mailing = SurveyMailing.objects.select_for_update().get(pk=mailing.pk)
    if mailing.finished_at:
        return mailing
    batch = list(
        SurveyContact.objects.select_for_update(of=("self",))
        .filter(mailing=mailing)
        .select_related("stratum")
        .order_by("lot")[:WRITTEN_AT_ONCE]
    )
    if held.takes_answers(local_day(held.territory, at)) and batch:
        _write(held, mailing, batch, at)
        mailing.save(update_fields=["written"])
        return mailing
    return finish_mailing(mailing=mailing, by=by, at=at)


@transaction.atomic
def finish_mailing(*, mailing: SurveyMailing, by: Any, at: datetime) -> SurveyMailing:
    """Nothing more is written: all are, or the job gave up. Whoever is left can be drawn again."""
    SurveyContact.objects.filter(mailing=mailing).update(mailing=None)
    mailing.finished_at = at
    mailing.save(update_fields=["finished_at"])
    detail = {"written": mailing.written, "total": mailing.total}
    round = mailing.round
    record(verb="surveys.finish_mailing", object=round, by=by, at=at, territory=round.territory, detail=detail)
    return mailing


def text_of(
    *, round: Round, kind: str, language: str, code: str, stop: str, is_reminder: bool = False
) -> tuple[str, str]:
    """Subject and text of one message, as it goes."""
    return messages.written(
        template=REMINDER if is_reminder else INVITATION,
        channel=kind,
        context=_context(round, code, stop),
        language=language,
    )


def _order(held: Round, pks: list[int], is_reminder: bool, by: Any, at: datetime) -> SurveyMailing:
    mailing = SurveyMailing.objects.create(
        round=held, is_reminder=is_reminder, ordered_by=by, ordered_at=at, total=len(pks)
    )
    for start in range(0, len(pks), MARKED_AT_ONCE):
        SurveyContact.objects.filter(pk__in=pks[start : start + MARKED_AT_ONCE]).update(mailing=mailing)
    mailing.job_id = enqueue(kind=SEND, payload={"mailing": mailing.pk}, at=at, dedupe_key=f"{SEND}:{mailing.pk}").pk
    mailing.save(update_fields=["job_id"])
    held.revision += 1
    held.save(by_verb=True, update_fields=["revision"])
    verb = "surveys.send_reminders" if is_reminder else "surveys.send_invitations"
    record(verb=verb, object=held, by=by, at=at, territory=held.territory, detail={"count": len(pks)})
    return mailing


def _write(held: Round, mailing: SurveyMailing, batch: list[SurveyContact], at: datetime) -> None:
    codes = {contact.pk: invitation_code(contact.lot) for contact in batch}
    hashes = {pk: token_hash(code) for pk, code in codes.items()}
    gone = answered(batch, hashes)
    SurveyContact.objects.filter(pk__in=gone).delete()
    left = [contact for contact in batch if contact.pk not in gone]
    unreachable = _unreachable(held, left)
    reached = [contact for contact in left if contact.pk not in unreachable]
    _invite([one for one in reached if not one.wave], hashes)
    again = [hashes[one.pk] for one in reached if one.wave]
    Invitation.objects.filter(token_hash__in=again).update(wave=F("wave") + 1)
    for contact in reached:
        with translation.override(contact.language):
            messages.send(
                to=contact.address,
                template=REMINDER if contact.wave else INVITATION,
                context=_context(held, codes[contact.pk], opt_out_code(contact.address)),
                dedupe_key=message_key(held, contact, contact.wave + 1),
                at=at,
                channel=contact.kind,
            )
    SurveyContact.objects.filter(pk__in=[one.pk for one in reached]).update(wave=F("wave") + 1)
    SurveyContact.objects.filter(pk__in=[one.pk for one in left]).update(mailing=None)
    mailing.written += len(reached)


def _invite(fresh: list[SurveyContact], hashes: dict[int, str]) -> None:
    """Tokens of a batch, in the order of their hashes: not even their numbers say whose is which."""
    made = [Invitation(stratum=contact.stratum, token_hash=hashes[contact.pk], is_message=True) for contact in fresh]
    Invitation.objects.bulk_create(sorted(made, key=lambda one: one.token_hash))
    for stratum, count in Counter(contact.stratum_id for contact in fresh).items():
        Stratum.objects.filter(pk=stratum).update(invited=F("invited") + count)


def _unreachable(held: Round, contacts: list[SurveyContact]) -> set[int]:
    """Whose last message could not be delivered: a reminder would go astray too."""
    keys = {message_key(held, contact, contact.wave): contact.pk for contact in contacts if contact.wave}
    lost = messages_of(held).filter(dedupe_key__in=keys, state=MessageState.UNDELIVERABLE)
    return {keys[key] for key in lost.values_list("dedupe_key", flat=True)}


def _context(round: Round, code: str, stop: str) -> dict[str, Any]:
    return {
        "place": round.territory.name,
        "closes_on": round.closes_on,
        "link": settings.SITE_URL + reverse("surveys:answer", args=[code]),
        "stop": settings.SITE_URL + reverse("surveys:opt_out", args=[stop]),
    }


def _lock(round: Round) -> Round:
    return (
        Round.objects.select_for_update(of=("self",))
        .select_related("territory__region", "cycle", "instrument")
        .get(pk=round.pk)
    )


def _held(round: Round, revision: int, at: datetime) -> Round:
    held = _lock(round)
    if held.revision != revision:
        raise NotPossibleNow(_("Somebody changed this round meanwhile. Look at it again."))
    if not held.takes_answers(local_day(held.territory, at)):
        raise NotPossibleNow(_("This survey takes no answers now."))
    if held.mailings.filter(finished_at=None).exists():
        raise NotPossibleNow(_("Messages are on their way. Wait until all are written."))
    return held
