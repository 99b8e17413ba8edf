"""Invitations and what they bring back: a token is good for one response, and nothing joins the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.receipts.keys import normalize_code
from surveys import engine
from surveys.domain.checks import local_day
from surveys.domain.codes import key_hash, slip_codes, token_hash
from surveys.enums import AnswerMode
from surveys.errors import InvalidContent, NotPossibleNow, TokenGone
from surveys.models import Invitation, Round, RoundResponse, SlipBatch, Stratum, SurveyScreen
from surveys.questionnaire.answers import Checked, check
from surveys.questionnaire.model import Channel

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Door:
    """What a code opens: a round, and for an invitation its own row."""

    round: Round
    mode: str
    invitation: Invitation | None = None

    @property
    def channel(self) -> Channel | None:
        """Through which channel the person was served, where the invitation knows."""
        return Channel(self.invitation.stratum.channel) if self.invitation else None


def find_door(code: str, *, at: datetime) -> Door:
    """The round that a token or an open code leads to.

    :raises TokenGone: unknown, used, or of a round that takes no answers; never told apart.
    """
    normalized = normalize_code(code)
    related = "stratum__round"
    invitation = (
        Invitation.objects.filter(token_hash=token_hash(normalized))
        .select_related(f"{related}__territory__region", f"{related}__instrument", f"{related}__cycle")
        .first()
    )
    if invitation is not None:
        door = Door(invitation.stratum.round, AnswerMode.INVITED, invitation)
    else:
        opened = Round.objects.filter(open_code=normalized).exclude(open_code=None)
        found = opened.select_related("territory__region", "instrument", "cycle").first()
        if found is None:
            raise TokenGone
        door = Door(found, AnswerMode.OPEN)
    if not door.round.takes_answers(local_day(door.round.territory, at)):
        raise TokenGone
    return door


@transaction.atomic
def invite_on_paper(
    *, stratum: Stratum, count: int, form_token: UUID | None = None, by: Any, at: datetime
) -> list[str]:
    """Make slips to hand out. Their codes are returned to be printed; only keyed hashes of them are kept.

    :param form_token: of the form that asked; the same one again gives the same codes and makes nothing.
    :raises InvalidContent: none, or more than at one time.
    :raises NotPossibleNow: the round takes no answers.
    """
    if not 1 <= count <= MOST_AT_ONCE:
        raise InvalidContent(_("Write a number from 1 to %(most)s.") % {"most": MOST_AT_ONCE}, "count")
    held = Round.objects.select_for_update(of=("self",)).select_related("territory__region").get(pk=stratum.round_id)
    if not held.is_open:
        raise NotPossibleNow(_("This survey takes no answers now."))
    form_token = form_token or uuid4()
    made = SlipBatch.objects.filter(form_token=form_token).first()
    if made is not None:
        return slip_codes(form_token, made.count)
    codes = slip_codes(form_token, count)
    SlipBatch.objects.create(stratum=stratum, form_token=form_token, count=count)
    Invitation.objects.bulk_create(Invitation(stratum=stratum, token_hash=token_hash(code)) for code in codes)
    Stratum.objects.filter(pk=stratum.pk).update(invited=F("invited") + count)
    detail = {"channel": stratum.channel, "count": count}
    record(verb="surveys.invite_on_paper", object=held, by=by, at=at, territory=held.territory, detail=detail)
    return codes


def respond(*, code: str, given: Mapping[str, object], is_assisted: bool = False, at: datetime) -> Checked:
    """Keep one response, if nothing is wrong with it.

    :param is_assisted: somebody who did not serve the person read the questions aloud. Only with a token: whoever
        was not asked answers at a screen or by the open link.

    The token is deleted with what it brings stored, in one transaction, and neither says anything of the
    other. An answer by itself is not audited: a row that says when would say who.

    :returns: what was wrong, or what was kept.
    :raises TokenGone: used meanwhile, expired, unknown.
    """
    door = find_door(code, at=at)
    return _answer(as_assisted(door) if is_assisted else door, given, at)


def as_assisted(door: Door) -> Door:
    """The same door, answered with help.

    :raises TokenGone: it is no invitation.
    """
    if door.invitation is None:
        raise TokenGone
    return replace(door, mode=AnswerMode.ASSISTED)


def respond_at_screen(*, key: str, given: Mapping[str, object], at: datetime) -> Checked:
    """Keep one response of whoever came by: a volunteer, whom nobody had drawn.

    :raises TokenGone: no screen of a survey that takes answers.
    """
    return _answer(find_screen(key, at=at), given, at)


def find_screen(key: str, *, at: datetime) -> Door:
    """The survey that a screen of the office shows.

    :raises TokenGone: removed, unknown, or its survey takes no answers.
    """
    related = ("round__territory__region", "round__instrument", "round__cycle")
    screen = SurveyScreen.objects.filter(key_hash=key_hash(key)).select_related(*related).first()
    if screen is None or not screen.round.takes_answers(local_day(screen.round.territory, at)):
        raise TokenGone
    return Door(screen.round, AnswerMode.KIOSK)


@transaction.atomic
def keep_paper(*, invitation: Invitation, values: Checked, at: datetime) -> None:
    """Keep what two people typed of one paper.

    :raises TokenGone: its code was used meanwhile, or the survey takes no answers.
    """
    round = invitation.stratum.round
    if not round.takes_answers(local_day(round.territory, at)):
        raise TokenGone
    _keep(Door(round, AnswerMode.PAPER, invitation), values, at)


def _answer(door: Door, given: Mapping[str, object], at: datetime) -> Checked:
    checked = check(door.round.questionnaire, given)
    if checked.is_whole:
        _keep(door, checked, at)
    return checked


@transaction.atomic
def _keep(door: Door, checked: Checked, at: datetime) -> None:
    # Whoever closes the round waits for this, or this for them.
    held = Round.objects.select_for_update(of=("self",)).get(pk=door.round.pk)
    invitation = door.invitation
    if not held.is_open or (invitation and not Invitation.objects.filter(pk=invitation.pk).delete()[0]):
        raise TokenGone
    RoundResponse.objects.create(
        round=held,
        response=engine.store(survey=held.store or 0, values=checked.values, at=at),
        mode=door.mode,
        channel=invitation.stratum.channel if invitation else checked.channel or "",
        wave=invitation.wave if invitation else 1,
        is_screened_out=checked.ended,
    )
