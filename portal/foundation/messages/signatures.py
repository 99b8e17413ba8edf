"""Who reports a delivery: a keyed signature over the moment and the body.

``X-Signature: t=<seconds since 1970>,v1=<HMAC-SHA256 in hex of "<t>.<body>">``, under the password
that ``SMS_URL`` carries. A signature older than five minutes is not taken, so a report that was
overheard cannot be sent again later.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timedelta

HEADER = "X-Signature"
VALID_FOR = timedelta(minutes=5)
WRITTEN = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})", re.ASCII)


def sign(body: bytes, *, key: str, at: datetime) -> str:
    moment = str(int(at.timestamp()))
    return f"t={moment},v1={_digest(moment, body, key)}"


def is_signed(header: str, body: bytes, *, key: str, at: datetime) -> bool:
    """Was ``body`` signed with ``key``, not long before or after ``at``?"""
    found = WRITTEN.fullmatch(header)
    if not key or found is None:
        return False
    moment, digest = found.groups()
    is_fresh = abs(at.timestamp() - int(moment)) <= VALID_FOR.total_seconds()
    return hmac.compare_digest(digest, _digest(moment, body, key)) and is_fresh


def _digest(moment: str, body: bytes, key: str) -> str:
    return hmac.new(key.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
