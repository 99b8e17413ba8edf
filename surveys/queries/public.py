"""What the public reads of a municipality's complaints: the same figures, with few cases hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.foundation.indicators.registry import FEWEST_FOR_PERCENT
from portal.foundation.ui.translated import localized
from surveys.enums import ComplaintChannel, ComplaintKind
from surveys.queries.figures import Figures, Share
from surveys.statistics import SMALLEST_PUBLIC_CELL, per_thousand, suppressed


@dataclass(frozen=True)
class PublicCell:
    """A count under its name; None where it is hidden because it is small."""

    name: str
    count: int | None
    per_thousand: float | None = None


@dataclass(frozen=True)
class PublicFigures:
    """``received`` is None where there were some, but fewer than can be shown."""

    received: int | None
    in_term: Share | None
    reopened: Share | None
    founded: Share | None
    median_days: int | None
    p90_days: int | None
    satisfaction_mean: float | None
    rated: int | None
    services: int
    by_kind: list[PublicCell]
    by_channel: list[PublicCell]
    by_category: list[PublicCell]
    apart: list[PublicCell]

    @property
    def is_empty(self) -> bool:
        return self.received == 0


def public_figures(found: Figures) -> PublicFigures:
    """The cells that may be shown; no share of few cases, no count of fewer than five."""
    is_few = 0 < found.received < SMALLEST_PUBLIC_CELL
    answered = sum(found.days.values())
    names = {each.code: localized(each.name) for each in found.by_category}
    return PublicFigures(
        received=None if is_few else found.received,
        in_term=_share(found.in_term),
        reopened=_share(found.reopened),
        founded=_share(found.founded),
        median_days=found.median_days if answered >= FEWEST_FOR_PERCENT else None,
        p90_days=found.p90_days if answered >= FEWEST_FOR_PERCENT else None,
        satisfaction_mean=found.satisfaction_mean if found.rated >= FEWEST_FOR_PERCENT else None,
        rated=found.rated if found.rated >= FEWEST_FOR_PERCENT else None,
        services=found.services,
        by_kind=_cells(found.by_kind, lambda key: str(ComplaintKind(key).label)),
        by_channel=_cells(found.by_channel, lambda key: str(ComplaintChannel(key).label)),
        by_category=_cells({each.code: each.count for each in found.by_category}, names.__getitem__, found.services),
        apart=_cells({key: count for key, count in found.apart.items() if count}, str),
    )


def _share(share: Share) -> Share | None:
    return None if share.is_few else share


def _cells(counts: dict[str, int], name: Any, services: int = 0) -> list[PublicCell]:
    shown = suppressed(counts)
    return [
        PublicCell(name(key), count, per_thousand(count, services) if count is not None else None)
        for key, count in shown.items()
    ]
