"""Keys of applications, complaints that they send, and the texts that everybody may read."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.territories.models import Territory
from surveys import masking
from surveys.domain import complaints
from surveys.domain.checks import clean_text, local_day, lock_for_staff, require_words
from surveys.domain.complaints import Complained, Received
from surveys.enums import ComplaintChannel, ComplaintState
from surveys.errors import InvalidContent, NotPossibleNow
from surveys.models import ApiKey, Complaint, PublicText, SentByApplication

SECRET_BYTES = 32
SHOWN = 8
HIGHEST_LIMIT = 10_000
ADDRESS_LENGTH, URL_LENGTH = 300, 500


@dataclass(frozen=True)
class IssuedKey:
    """The only moment at which the secret is known."""

    key: ApiKey
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Place:
    """Where an application says that it was: an address in words, a point (WGS84), or both; and a link."""

    address: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    media_url: str = ""


@transaction.atomic
def issue_key(
    *,
    name: str,
    holder: str,
    email: str,
    territory: Territory | None = None,
    hourly_limit: int = 60,
    by: Any,
    at: datetime,
) -> IssuedKey:
    """Give an application its key.

    :param territory: a municipality where it may send; None for all of them.
    :raises InvalidContent: something is missing, or the application has a key already.
    """
    if territory is not None and not territory.has_municipality:
        raise InvalidContent(_("Choose a municipality."), "territory")
    if not 1 <= hourly_limit <= HIGHEST_LIMIT:
        raise InvalidContent(_("Write a number from 1 to 10,000."), "hourly_limit")
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidContent(_("Write an e-mail like name@example.cl."), "email") from error
    secret = secrets.token_urlsafe(SECRET_BYTES)
    key = ApiKey(
        name=clean_text(name, label=_("Application"), field="name", limit=80),
        holder=clean_text(holder, label=_("Organization"), field="holder", limit=120),
        email=email,
        territory=territory,
        hourly_limit=hourly_limit,
        beginning=secret[:SHOWN],
        secret_hash=hash_of(secret),
        created_by=by,
        created_at=at,
    )
    try:
        with transaction.atomic():
            key.save(by_verb=True, force_insert=True)
    except IntegrityError as error:
        raise InvalidContent(_("This application has a key already. Revoke it first."), "name") from error
    record(verb="surveys.issue_api_key", object=key, by=by, at=at, territory=territory)
    return IssuedKey(key, secret)


@transaction.atomic
def revoke_key(*, key: ApiKey, reason: str, by: Any, at: datetime) -> ApiKey:
    """The application sends nothing more from now on; what it sent stays."""
    key = ApiKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
    if not key.is_active:
        raise NotPossibleNow(_("This key was revoked already."))
    key.revoke_reason = clean_text(reason, label=_("Reason"), field="reason", limit=300)
    key.revoked_by, key.revoked_at = by, at
    key.save(by_verb=True, update_fields=["revoke_reason", "revoked_by", "revoked_at"])
    record(verb="surveys.revoke_api_key", object=key, by=by, at=at, territory=key.territory)
    return key


def key_with(secret: str) -> ApiKey | None:
    """The active key with that secret; None where there is none."""
    if not secret:
        return None
    return ApiKey.objects.active().select_related("territory").filter(secret_hash=hash_of(secret)).first()


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def receive_from_application(
    *,
    key: ApiKey,
    territory: Territory,
    content: Complained,
    place: Place,
    contact: str = "",
    dedupe_key: str,
    by: Any = None,
    at: datetime,
) -> Received:
    """Take in what an application sends, by the same verb as the website's form; nobody is named.

    :param dedupe_key: a second call with it returns the first complaint, without its secret.
    :raises InvalidContent: as :func:`surveys.domain.complaints.receive`, or the place is none.
    """
    if content.channel != ComplaintChannel.OPEN311:
        raise InvalidContent(_("This channel does not exist."), "channel")
    sent = _checked_place(place)
    received = complaints.receive(
        territory=territory, content=content, contact=contact, dedupe_key=dedupe_key, by=by, at=at
    )
    if received.secret:
        sent.complaint, sent.key = received.complaint, key
        sent.save(by_verb=True, force_insert=True)
        today = local_day(territory, at)
        if key.last_used_on != today:  # not audited: it changes nothing of what the key may do
            ApiKey.objects.filter(pk=key.pk).update(last_used_on=today)
    return received


@transaction.atomic
def publish_text(*, complaint: Complaint, hide: Iterable[str] = (), by: Any, at: datetime) -> PublicText:
    """Let everybody read a complaint's text, masked, after a person has read it; a later call replaces it.

    :param hide: words and phrases that the person marks, beside what is masked by itself.
    :raises NotPossibleNow: it was withdrawn by its sender, or is about somebody of the team.
    :raises WordsNotFound: words to hide that are not in the text.
    """
    held = lock_for_staff(complaint, by)
    require_publishable(held)
    masked, phrases = masking.mask(held.text), list(hide)
    require_words(masked.text, phrases, held.pk)
    hidden = masking.hide(masked.text, phrases)
    found = {kind: masked.found.get(kind, 0) + hidden.found.get(kind, 0) for kind in {*masked.found, *hidden.found}}
    text = PublicText.objects.filter(complaint=held).first() or PublicText(complaint=held)
    text.text, text.found = hidden.text, dict(sorted(found.items()))
    text.published_by, text.published_at = by, at
    text.withdrawn_by = text.withdrawn_at = None
    text.save(by_verb=True)
    record(verb="surveys.publish_complaint_text", object=text, by=by, at=at, territory=held.territory)
    return text


@transaction.atomic
def withdraw_text(*, complaint: Complaint, by: Any, at: datetime) -> PublicText:
    """Nobody reads the text any more. :raises NotPossibleNow: it is not public."""
    held = lock_for_staff(complaint, by)
    text = PublicText.objects.shown().filter(complaint=held).first()
    if text is None:
        raise NotPossibleNow(_("This text is not public."))
    text.text, text.found = "", {}
    text.withdrawn_by, text.withdrawn_at = by, at
    text.save(by_verb=True)
    record(verb="surveys.withdraw_complaint_text", object=text, by=by, at=at, territory=held.territory)
    return text


def require_publishable(complaint: Complaint) -> None:
    """:raises NotPossibleNow: its text is for nobody but the team."""
    if complaint.state == ComplaintState.WITHDRAWN:
        raise NotPossibleNow(_("Its sender took it back, so its text is not published."))
    if complaint.about_user_id or complaint.is_unsettled or complaint.alert:
        raise NotPossibleNow(_("It is about somebody of the team, or it is serious. Its text is not published."))


def _checked_place(place: Place) -> SentByApplication:
    latitude, longitude = place.latitude, place.longitude
    if (latitude is None) != (longitude is None):
        raise InvalidContent(_("A point needs its latitude and its longitude."), "lat")
    if latitude is not None and longitude is not None and not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise InvalidContent(_("This point is not on Earth."), "lat")
    return SentByApplication(
        address=clean_text(
            place.address, label=_("Address"), field="address_string", limit=ADDRESS_LENGTH, required=False
        ),
        latitude=None if latitude is None else round(latitude, 6),
        longitude=None if longitude is None else round(longitude, 6),
        media_url=clean_text(place.media_url, label=_("Link"), field="media_url", limit=URL_LENGTH, required=False),
    )
