"""A receipt over a row that any test has at hand: a service point."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from portal.foundation.receipts import domain
from portal.foundation.receipts.domain import Issued
from tests.factories.territories import ServicePointFactory

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


def issued(*, subject: Any = None, contact: str | None = None, at: datetime = NOW, by: Any = None) -> Issued:
    """A receipt just issued, with its secret."""
    subject = subject or ServicePointFactory()
    return domain.issue(subject=subject, territory=subject.territory, by=by, at=at, contact=contact)
