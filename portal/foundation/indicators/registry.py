"""Numbers that modules can measure, so that an upper module's result reaches a standard below.

A module declares its indicators in ``<module>/indicators.py`` and registers them in ``apps.ready``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Protocol

from django.utils.functional import Promise

from portal.foundation.indicators.intervals import wilson

PUBLIC = "public"
# Each case of fewer would move a percentage by more than five points: of so few the count is told, not a
# share, and where they are people's cases the public is told neither.
FEWEST_FOR_PERCENT = 20


@dataclass(frozen=True)
class Period:
    """First and last day of what was measured, both included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Source:
    """Where the cases of a measurement come from: ``key`` for whoever checks, ``name`` for everybody.

    ``is_sample`` where only a part was asked; else every case of a register was counted, and the number is
    what it is, without an interval. ``is_of_people`` where each case is somebody's.
    """

    key: str
    name: str | Promise
    is_sample: bool = False
    is_of_people: bool = True


@dataclass(frozen=True)
class Measurement:
    """One number with all that is needed to trace and judge it.

    ``value`` in the indicator's unit, None where nothing was measured or where it is suppressed;
    ``n`` cases counted over ``denominator``; ``low``/``high`` the 95 % interval of a sample.

    :raises ValueError: for an interval around what was counted whole.
    """

    territory_id: int
    value: float | None
    n: int
    denominator: int
    low: float | None
    high: float | None
    suppressed: bool
    period: Period
    taken_at: datetime
    source: Source
    query_version: str
    url: str = ""

    def __post_init__(self) -> None:
        if not self.source.is_sample and (self.low, self.high) != (None, None):
            raise ValueError(f"an interval around a full count of {self.source.key}")

    @property
    def is_few(self) -> bool:
        """Too few cases to speak of them in per cent."""
        return self.denominator < FEWEST_FOR_PERCENT


def share_of(
    territory: Any, n: int, of: int, *, period: Period, audience: str, source: Source, query_version: str
) -> Measurement:
    """``n`` of ``of`` in per cent; with an interval where the source is a sample, hidden where it has to be."""
    suppressed = hides(of, audience, source)
    bounds = wilson(n, of) if source.is_sample and not suppressed else None
    return Measurement(
        territory_id=territory.pk,
        value=100 * n / of if of and not suppressed else None,
        n=0 if suppressed else n,
        denominator=0 if suppressed else of,
        low=100 * bounds[0] if bounds else None,
        high=100 * bounds[1] if bounds else None,
        suppressed=suppressed,
        period=period,
        taken_at=datetime.combine(period.ends_on, time.min, UTC),
        source=source,
        query_version=query_version,
    )


def hides(cases: int, audience: str, source: Source) -> bool:
    """Are there cases, but too few people's to tell everybody anything of them?"""
    return source.is_of_people and audience == PUBLIC and 0 < cases < FEWEST_FOR_PERCENT


class Measure(Protocol):
    def __call__(
        self, *, territories: Sequence[Any], period: Period, audience: str, subject: Any = None
    ) -> list[Measurement]: ...


@dataclass(frozen=True)
class Indicator:
    """``direction`` is +1 where more is better, -1 where less is better.

    ``is_ratio`` where a value in per cent compares two numbers and is no share.
    ``subject_types`` are the kinds of ``subject`` that it can measure beside a whole territory, such as
    ``"benefits_core.step"``; with ``needs_subject`` it stands beside its
    standard or subject alone, and not among those of a whole territory.
    """

    key: str
    label: str | Promise
    unit: str | Promise
    direction: int
    measure: Measure
    standard_codes: tuple[str, ...] = ()
    subject_types: tuple[str, ...] = ()
    is_ratio: bool = False
    needs_subject: bool = False

    @property
    def is_share(self) -> bool:
        """Is a value the part that ``n`` is of ``denominator``, in per cent?"""
        return self.unit == "%" and not self.is_ratio


_REGISTRY: dict[str, Indicator] = {}


def register(indicator: Indicator) -> None:
    """Add an indicator; registering another one under the same key is refused."""
    if _REGISTRY.get(indicator.key, indicator) is not indicator:
        raise ValueError(f"indicator {indicator.key} is registered already")
    _REGISTRY[indicator.key] = indicator


def unregister(key: str) -> None:
    """Remove an indicator (for tests)."""
    _REGISTRY.pop(key, None)


def get(key: str) -> Indicator | None:
    return _REGISTRY.get(key)


def all_indicators() -> list[Indicator]:
    return sorted(_REGISTRY.values(), key=lambda indicator: indicator.key)


def of_territories() -> list[Indicator]:
    """Those that are told of a whole territory."""
    return [indicator for indicator in all_indicators() if not indicator.needs_subject]


def for_standard(code: str, keys: Iterable[str] = ()) -> list[Indicator]:
    """Indicators named by the standard's ``indicator_keys`` or that declare the standard's code."""
    named = set(keys)
    return [indicator for indicator in all_indicators() if indicator.key in named or code in indicator.standard_codes]


def for_subject(subject_type: str) -> list[Indicator]:
    """Indicators that can measure one object of that kind."""
    return [indicator for indicator in all_indicators() if subject_type in indicator.subject_types]


MeasureFunction = Callable[..., list[Measurement]]
