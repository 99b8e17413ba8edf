"""The keyed digests of the audit, in one place.

How it works, in prose. Each event carries a *mark*: HMAC-SHA256 under ``AUDIT_KEY`` of the event's
own values. The sealer then gives the committed events consecutive numbers, in the order in which it
finds them, and a *seal*: HMAC-SHA256 under the same key of the seal before, the number, the row's id
and the mark. Whoever changes a row without the key breaks its mark; whoever removes, adds or reorders
rows breaks the numbers or the seals. Removing the newest rows *and* setting the live head back shows
against the daily heads, which left the machine by e-mail and on a public page.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from portal.foundation.audit.models import AuditEvent

PART_LENGTH = 16


def canonical(content: Any) -> bytes:
    """JSON with sorted keys and no spaces, the same for equal content."""
    text = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def digest_of(content: Any) -> str:
    """SHA-256 (hex, 64 characters) of the canonical JSON of ``content``."""
    return hashlib.sha256(canonical(content)).hexdigest()


def parts_of(label: str, object_id: str, content: Mapping[str, Any]) -> dict[str, str]:
    """A keyed digest of each field group: a level from 0 to 3 cannot be guessed back from it."""
    return {name: _keyed([label, object_id, name, value])[:PART_LENGTH] for name, value in content.items()}


def mark_of(event: AuditEvent) -> str:
    """The key's mark on the event's own values."""
    return _keyed(
        [
            event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            event.by_user_id,
            event.verb,
            event.object_type,
            event.object_id,
            event.territory_code,
            event.purpose,
            event.digest,
            event.parts,
            event.detail,
        ]
    )


def seal_of(event: AuditEvent, *, sequence: int, previous: str) -> str:
    """The seal of ``event`` at place ``sequence`` after the event sealed ``previous``."""
    return _keyed([previous, sequence, event.pk, event.mac])


def _keyed(content: Any) -> str:
    return hmac.new(settings.AUDIT_KEY.encode(), canonical(content), hashlib.sha256).hexdigest()
