"""Which receipt this browser opened. One at a time, and not for long: it may be a kiosk.

The secret of a new receipt waits here, encrypted, between the answer to the form and the page that
shows it, so that a telephone which loads that page again still shows it. It goes when the person
leaves the page by one of its buttons, and after :data:`SHOWN_FOR` by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from portal.foundation.people.identifiers import decrypt, encrypt
from portal.foundation.receipts.domain import Issued
from portal.foundation.receipts.models import Receipt

IDLE = timedelta(minutes=20)
SHOWN_FOR = timedelta(minutes=10)
OPENED = "receipts.opened"
TO_SHOW = "receipts.to_show"


@dataclass(frozen=True)
class Shown:
    """What the confirmation page shows; ``words`` is empty once their time is over."""

    code: str
    words: str


def remember(request: HttpRequest, receipt: Receipt) -> None:
    """This browser may see the receipt's subject from now on; what it had opened before is closed."""
    request.session.cycle_key()
    request.session[OPENED] = {"receipt": receipt.pk, "at": timezone.now().isoformat()}


def current(request: HttpRequest) -> Receipt | None:
    """The receipt that is open, unless it lay idle too long; asking counts as use."""
    kept, now = request.session.get(OPENED), timezone.now()
    if kept is None:
        return None
    receipt = Receipt.objects.select_related("territory").filter(pk=kept["receipt"]).first()
    if receipt is None or now - datetime.fromisoformat(kept["at"]) > IDLE:
        forget(request)
        return None
    request.session[OPENED] = {**kept, "at": now.isoformat()}
    return receipt


def opened(request: HttpRequest, subject: models.Model) -> Receipt | None:
    """The receipt by which this browser may see ``subject``, or None."""
    receipt = current(request)
    wanted = (subject._meta.label_lower, str(subject.pk))
    return receipt if receipt and (receipt.subject_type, receipt.subject_id) == wanted else None


def forget(request: HttpRequest) -> None:
    """Close it: nobody who sits down here next sees anything."""
    request.session.pop(OPENED, None)
    request.session.pop(TO_SHOW, None)


def hand_over(request: HttpRequest, issued: Issued) -> None:
    """Keep the secret for the page that comes next, and open the receipt in this browser."""
    remember(request, issued.receipt)
    keep_to_print(request, issued)


def keep_to_print(request: HttpRequest, issued: Issued) -> None:
    """Keep the secret for the page that comes next, without opening the receipt: for a clerk who prints it."""
    request.session[TO_SHOW] = {
        "receipt": issued.receipt.pk,
        "words": encrypt(issued.secret),
        "at": timezone.now().isoformat(),
    }


def to_show(request: HttpRequest, receipt: Receipt) -> Shown:
    """Code and words for the confirmation page of a receipt that was just issued here."""
    kept: dict[str, Any] = request.session.get(TO_SHOW) or {}
    is_fresh = kept.get("receipt") == receipt.pk and (timezone.now() - datetime.fromisoformat(kept["at"]) <= SHOWN_FOR)
    if kept and not is_fresh:
        request.session.pop(TO_SHOW)
    return Shown(receipt.shown_code, decrypt(kept["words"]) if is_fresh else "")


def hide(request: HttpRequest) -> None:
    """The person has noted the words: they are not shown again."""
    request.session.pop(TO_SHOW, None)
