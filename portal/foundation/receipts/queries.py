"""Which receipt belongs to what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from portal.foundation.receipts.keys import normalize_code
from portal.foundation.receipts.models import Receipt


def receipt_of(subject: models.Model) -> Receipt | None:
    return Receipt.objects.of(subject).select_related("territory").first()


def codes_of(model: type[models.Model], ids: Iterable[Any]) -> dict[str, str]:
    """Id (as text) → code as people copy it, for the rows of one page; one query."""
    found = Receipt.objects.filter(subject_type=model._meta.label_lower, subject_id__in=[str(pk) for pk in ids])
    return {receipt.subject_id: receipt.shown_code for receipt in found}


def with_code(code: str, user: Any) -> Receipt | None:
    """The receipt that somebody names at the counter, among those of the places where ``user`` works."""
    return Receipt.objects.visible_to(user).filter(code=normalize_code(code)).first()
