"""Limits against guessing and flooding: counters in the database, so that several hosts share them.

What is counted is kept as a keyed hash whose salt changes every day: nobody reads an address from
it, and yesterday's counters cannot be joined with today's.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest

from portal.foundation.people.models import Attempt

KEPT = timedelta(days=2)


def allow(*, action: str, address: str, limit: int, window: timedelta, at: datetime) -> bool:
    """Count one attempt; False from attempt ``limit`` + 1 on, until the window ends.

    :param action: what is tried, such as ``"plans.comment"``.
    :param address: who tries: a network address, or any other text (an account, a receipt code).
    :param window: length of the counting windows, which begin at multiples of it.

    Call it outside the transaction of what it protects: if that one is undone, the count must stay.
    """
    key, starts_at = _key(action, address, at), _window_start(at, window)
    row = Attempt.objects.filter(key=key, window_starts_at=starts_at)
    with transaction.atomic():
        if not row.update(count=F("count") + 1):
            try:
                with transaction.atomic():
                    Attempt.objects.create(key=key, window_starts_at=starts_at, count=1)
            except IntegrityError:  # another process opened the window between our two statements
                row.update(count=F("count") + 1)
        return row.get().count <= limit


def forget(*, action: str, address: str, window: timedelta, at: datetime) -> None:
    """Begin again: whoever succeeds is not held to earlier mistakes."""
    Attempt.objects.filter(key=_key(action, address, at), window_starts_at=_window_start(at, window)).delete()


def client_address(request: HttpRequest) -> str:
    """The visitor's network address.

    Behind proxies, the entry of X-Forwarded-For that the outermost trusted one wrote: counted from
    the right, since everything further left was sent by the visitor and may be invented.
    """
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    count = settings.TRUSTED_PROXY_COUNT
    if count and len(hops) >= count:
        return hops[-count]
    return request.META.get("REMOTE_ADDR", "")


def _key(action: str, address: str, at: datetime) -> str:
    day = at.astimezone(UTC).date().isoformat()
    salt = hmac.new(settings.SECRET_KEY.encode(), f"mejora.attempt:{day}".encode(), hashlib.sha256).digest()
    return hmac.new(salt, f"{action}\n{address}".encode(), hashlib.sha256).hexdigest()


def _window_start(at: datetime, window: timedelta) -> datetime:
    seconds = int(window.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, tz=UTC)
